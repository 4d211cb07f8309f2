"""The application of these tests: every kind of field, rule and mark, with hooks and own routes."""

import asyncio
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field

from apiwright import (
    AppDatabase,
    Backend,
    Conflict,
    CurrentPrincipal,
    CurrentUser,
    Event,
    Len,
    Many,
    Money,
    Ref,
    Repository,
    Resource,
    Unprocessable,
    User,
    current_user,
    filterable,
    hooks,
    immutable,
    many,
    now,
    parts,
    read_only,
    readable,
    require,
    rules,
    searchable,
    sortable,
    sum_of,
    transitions,
    unique,
    writable,
    write_only,
)


class Member(User):
    """Users of this shop."""

    nickname: Annotated[str, Len(1, 30)] = "new"
    credit: Annotated[int, writable(rules.role("admin"))] = 0
    score: Annotated[int, read_only] = 7
    notes: Many["Note"] = many()


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Origin(BaseModel):
    country: Annotated[str, Len(2, 2)]
    maker: str | None = None


class Category(Resource):
    """What products are of. Everybody sees them."""

    name: Annotated[str, Len(1, 80), unique]
    products: Many["Product"]

    class Rules:
        read = rules.public()
        create = update = delete = rules.permission("catalogue:write")


class Product(Resource, soft_delete=True):
    """What is sold. Those in stock are for everybody."""

    sku: Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{4}$"), unique, immutable]
    name: Annotated[str, Len(1, 200), searchable, sortable]
    category: Ref[Category]
    size: Size = Size.SMALL
    price: Annotated[Money, Field(ge=Decimal("0.01")), sortable]
    cost: Annotated[
        Money | None, readable(rules.role("buyer")), writable(rules.role("buyer")), sortable
    ] = None
    stock: Annotated[int, Field(ge=0), filterable] = 0
    weight: float | None = None
    origin: Origin | None = None
    attributes: dict[str, Any] = {}
    labels: list[str] = []
    pin: Annotated[str | None, write_only] = None

    class Rules:
        read = (rules.field("stock") > 0) | rules.permission("catalogue:write")
        create = update = delete = rules.permission("catalogue:write")


class Note(Resource):
    """Everybody's own."""

    text: Annotated[str, Len(1, 1_000_000), searchable]
    owner: Ref[User] = current_user()
    written_at: datetime = now()
    shared: bool = False
    secret: Annotated[str, readable(rules.owner("owner"))] = ""

    class Rules:
        read = rules.field("shared") | rules.owner("owner")
        create = rules.authenticated()
        update = delete = rules.owner("owner")


class Entry(Resource, table="audit_entries", path="audit"):
    """Written by hooks alone."""

    text: str

    class Rules:
        read = rules.authenticated()
        create = update = delete = rules.nobody()


class Ticket(Resource):
    """Anybody may write one, and only admins read them."""

    text: Annotated[str, Len(1, 200)]

    class Rules:
        create = rules.public()


class Plain(Resource):
    """Without rules: for admins."""

    text: str


class Page(Resource, require_if_match=True, soft_delete=True):
    """Changed by who says which version, and kept when it is deleted."""

    text: str

    class Rules:
        read = rules.public()
        create = update = delete = rules.authenticated()


class Review(Resource, under="product"):
    """What is said of a product, where it stands."""

    product: Ref[Product]
    text: Annotated[str, Len(1, 200)]

    class Rules:
        read = create = rules.public()


class Status(StrEnum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


CUSTOMER = rules.owner("owner") | rules.role("admin")


class Order(Resource, under="owner"):
    """What a member buys; clerks move it on."""

    owner: Ref[User] = current_user()
    status: Annotated[
        Status,
        transitions(
            {
                Status.PENDING: {
                    Status.PROCESSING: rules.role("admin"),
                    Status.CANCELLED: rules.public(),
                },
                Status.PROCESSING: [Status.COMPLETED, Status.CANCELLED],
            }
        ),
        sortable,
    ] = Status.PENDING
    remark: str | None = None
    items: Many["OrderItem"] = parts(min_items=1)
    total: Annotated[Money, sortable, filterable] = sum_of("items", "quantity", "unit_price")
    pieces: int = sum_of("items", "quantity")

    class Rules:
        read = create = update = CUSTOMER
        delete = rules.role("admin")


class OrderItem(Resource):
    """What is in an order."""

    order: Ref[Order]
    product: Ref[Product] | None = None
    sku: Annotated[str, Len(1, 64)]
    quantity: Annotated[int, Field(ge=1)]
    unit_price: Annotated[Money, Field(ge=Decimal(0))]
    serial: Annotated[str | None, unique] = None
    margin: Annotated[str | None, readable(rules.role("buyer"))] = None


app = Backend(
    resources=[
        *(Member, Category, Product, Note, Entry, Ticket, Plain, Page),
        *(Review, Order, OrderItem),
    ],
    title="Shop",
)


@hooks.before(Category, "create", "update")
async def tidy(event: Event[Category]) -> None:
    if "name" in event.changes:
        event.changes["name"] = event.changes["name"].strip()


held: list[str] = []
released = asyncio.Event()


@hooks.before(Category, "create")
async def hold(event: Event[Category]) -> None:
    if event.changes["name"].startswith("held until released"):
        released.clear()
        held.append(event.changes["name"])
        await released.wait()


@app.get("/api/v1/held")
async def list_held() -> list[str]:
    return held


@app.post("/api/v1/released")
async def release() -> None:
    released.set()


@hooks.in_transaction(Category, "create", "update", "delete")
async def note_change(event: Event[Category]) -> None:
    row = event.after or event.before
    assert row is not None
    entries = event.request.app.runtime.repository(Entry)
    await entries.ainsert(Entry(text=f"{event.action} {row.name}"))
    if row.name == "forbidden":
        raise Unprocessable("No such category, please.", [("name", "Is forbidden.", "forbidden")])


announced: list[str] = []


@hooks.after_commit(Category, "create", "delete")
async def announce(event: Event[Category]) -> None:
    if event.after is not None and event.after.name == "broken":
        raise RuntimeError("the bell is broken")
    announced.append(event.action)


@hooks.in_transaction(Page, "restore")
async def note_restored(event: Event[Page]) -> None:
    assert event.before is not None and event.after is not None
    if event.after.text == "never again":
        raise Unprocessable("It stays where it is.")
    entries = event.request.app.runtime.repository(Entry)
    versions = f"{event.before.version} to {event.after.version}"
    await entries.ainsert(Entry(text=f"{event.action} {event.after.text} {versions}"))


@app.get("/api/v1/announced")
async def list_announced() -> list[str]:
    return announced


@app.get("/api/v1/me")
async def me(user: CurrentUser, principal: CurrentPrincipal) -> dict[str, Any]:
    assert isinstance(user, Member)
    return {
        "nickname": user.nickname,
        "roles": principal.roles,
        "permissions": sorted(principal.permissions),
    }


@app.get("/api/v1/my-notes")
async def my_notes(user: CurrentUser, notes: Repository[Note]) -> list[Note]:
    return (await notes.alist(owner=user.id)).rows


@app.post(
    "/api/v1/restock",
    dependencies=[require("catalogue:write")],
    responses={409: {"description": "Nothing to restock."}},
)
async def restock(products: Repository[Product], database: AppDatabase) -> int:
    async with database.atransaction():
        count = 0
        async for product in products.aiterate(stock=0):
            await products.aupdate(product.id, {"stock": 10})
            count += 1
        if count == 0:
            raise Conflict("Nothing to restock.")
    return count
