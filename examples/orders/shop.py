"""Orders: placed by customers, moved on by admins, their items and totals stored in one go."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from apiwright import (
    Backend,
    Len,
    Many,
    Money,
    Ref,
    Resource,
    Settings,
    User,
    current_user,
    parts,
    rules,
    sortable,
    sum_of,
    transitions,
)


class Status(StrEnum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


CUSTOMER = rules.owner("owner")
ADMIN = rules.role("admin")


class Order(Resource, under="owner"):
    """What a customer buys: at /orders, and at /users/{id}/orders."""

    owner: Ref[User] = current_user()
    status: Annotated[
        Status,
        transitions(
            {
                Status.PENDING: {Status.PROCESSING: ADMIN, Status.CANCELLED: CUSTOMER | ADMIN},
                Status.PROCESSING: {Status.COMPLETED: ADMIN, Status.CANCELLED: ADMIN},
            }
        ),
    ] = Status.PENDING
    items: Many["OrderItem"] = parts(min_items=1)
    total: Annotated[Money, sortable] = sum_of("items", "quantity", "unit_price")

    class Rules:
        read = create = update = CUSTOMER | ADMIN


class OrderItem(Resource):
    order: Ref[Order]
    sku: Annotated[str, Len(1, 64)]
    quantity: Annotated[int, Field(ge=1)]
    unit_price: Annotated[Money, Field(ge=Decimal(0))]


def make_app(settings: Settings | None = None) -> Backend:
    return Backend(settings, resources=[Order, OrderItem])


app = make_app()
