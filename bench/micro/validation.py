"""From a body's bytes to checked objects: equal constraints for each library."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, EmailStr, Field, TypeAdapter
from typing_extensions import TypedDict  # typing's own is none for pydantic before Python 3.12

from apiwright.core.validation import Email, Schema
from bench.micro.measure import Row

_KEPT = 10_000
_PATTERN = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"

Title = Annotated[str, Field(min_length=1, max_length=100)]
City = Annotated[str, Field(min_length=1, max_length=60)]
Code = Annotated[str, Field(min_length=2, max_length=12)]
Amount = Annotated[int, Field(ge=0, le=1000)]
Price = Annotated[Decimal, Field(max_digits=10, decimal_places=2)]


class SmallModel(BaseModel):
    title: Title
    city: City
    code: Code
    amount: Amount
    active: bool


@dataclass
class SmallClass:
    title: Title
    city: City
    code: Code
    amount: Amount
    active: bool


class SmallDict(TypedDict):
    title: Title
    city: City
    code: Code
    amount: Amount
    active: bool


class SmallStruct(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    city: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    code: Annotated[str, msgspec.Meta(min_length=2, max_length=12)]
    amount: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    active: bool


class UserOurs(BaseModel):
    email: Email
    name: Title
    status: Literal["active", "inactive"] = "active"


class UserByPattern(UserOurs):
    email: str = Field(max_length=255, pattern=_PATTERN)


class UserByEmailStr(UserOurs):
    email: EmailStr


class UserStruct(msgspec.Struct):
    email: Annotated[str, msgspec.Meta(max_length=255, pattern=_PATTERN)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    status: Literal["active", "inactive"] = "active"


class ItemModel(BaseModel):
    sku: Code
    amount: Amount
    price: Price


class OrderModel(BaseModel):
    customer: Title
    items: list[ItemModel] = Field(min_length=1, max_length=100)


@dataclass
class ItemClass:
    sku: Code
    amount: Amount
    price: Price


@dataclass
class OrderClass:
    customer: Title
    items: Annotated[list[ItemClass], Field(min_length=1, max_length=100)]


class ItemDict(TypedDict):
    sku: Code
    amount: Amount
    price: Price


class OrderDict(TypedDict):
    customer: Title
    items: Annotated[list[ItemDict], Field(min_length=1, max_length=100)]


class ItemStruct(msgspec.Struct):
    sku: Annotated[str, msgspec.Meta(min_length=2, max_length=12)]
    amount: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    price: Decimal  # msgspec has no constraints for a Decimal


class OrderStruct(msgspec.Struct):
    customer: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    items: Annotated[list[ItemStruct], msgspec.Meta(min_length=1, max_length=100)]


_SMALL = {"title": "Notes", "city": "Utrecht", "code": "NL-3511", "amount": 7, "active": True}
_USER = {"email": "user1234@example.com", "name": "User Number 1234", "status": "active"}
_ITEMS = [{"sku": f"SKU-{n}", "amount": n, "price": f"{n}.95"} for n in range(20)]
_ORDER = {"customer": "Ada Lovelace", "items": _ITEMS}


def rows() -> list[Row]:
    return [
        *_compared("small body", _SMALL, SmallModel, SmallClass, SmallDict, SmallStruct),
        *_users(),
        *_compared("order of 20", _ORDER, OrderModel, OrderClass, OrderDict, OrderStruct, 500),
    ]


def _bytes(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _row(work: str, library: str, read: Any, body: bytes, kept: int = _KEPT) -> Row:
    return Row(work, library, lambda: read(body), kept)


def _compared(
    work: str, document: Any, model: Any, cls: Any, typed: Any, struct: Any, kept: int = _KEPT
) -> list[Row]:
    body = _bytes(document)
    readers = {
        "Schema.of, the pydantic model": Schema.of(model).validate_json,
        "Schema.of, a dataclass": Schema.of(cls).validate_json,
        "Schema.of, a dict": Schema.of(typed).validate_json,
        "pydantic, model": model.model_validate_json,
        "pydantic, dataclass": TypeAdapter(cls).validate_json,
        "pydantic, dict": TypeAdapter(typed).validate_json,
        "msgspec, Struct": msgspec.json.Decoder(struct).decode,
    }
    return [_row(work, library, read, body, kept) for library, read in readers.items()]


def _users() -> list[Row]:
    body, work = _bytes(_USER), "user's body"
    readers = {
        "Schema.of, the pydantic model, real e-mail syntax": Schema.of(UserOurs).validate_json,
        "pydantic, e-mail by pattern": UserByPattern.model_validate_json,
        "pydantic, EmailStr": UserByEmailStr.model_validate_json,
        "msgspec, Struct, e-mail by pattern": msgspec.json.Decoder(UserStruct).decode,
    }
    return [_row(work, library, read, body) for library, read in readers.items()]
