"""Schemas of the three kinds of classes, and what they make of JSON and of Python's objects."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, NotRequired, TypedDict, TypeVar
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field

from apiwright.core.validation import Schema, ValidationFailed
from tests.support.json_schema import violations

T = TypeVar("T")


class Line(BaseModel):
    model_config = ConfigDict(frozen=True)
    price: Annotated[Decimal, Field(max_digits=8, decimal_places=2)]


class Order(BaseModel):
    id: UUID
    at: datetime
    day: date
    took: timedelta
    lines: list[Line]
    note: str | None = None
    tags: set[str] = Field(default_factory=set)


ORDER = Order(
    id=UUID(int=7),
    at=datetime(2026, 1, 2, tzinfo=UTC),
    day=date(2026, 1, 2),
    took=timedelta(days=1, microseconds=5),
    lines=[Line(price=Decimal("1.50"))],
    tags={"a", "b"},
)


@dataclass(kw_only=True, frozen=True)
class Point:
    kind: ClassVar[str] = "point"
    x: int
    y: int = 0
    more: list[int] = field(default_factory=list)


class Box(BaseModel, Generic[T]):
    item: T


class Named(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    full_name: str = Field(alias="fullName")


class Options(TypedDict):
    size: int
    colour: NotRequired[str]


def test_an_instance_comes_back_equal_from_python_and_from_its_json():
    schema = Schema.of(Order)
    assert schema.validate_python(ORDER) == ORDER
    assert schema.validate_json(ORDER.model_dump_json()) == ORDER


def test_model_fields_set_are_those_sent():
    made = Schema.of(Order).validate_json(ORDER.model_dump_json(exclude={"note"}))
    assert made.model_fields_set == set(Order.model_fields) - {"note"}


def test_dataclasses_take_defaults_and_factories_and_no_class_variables():
    assert Schema.of(Point).validate_json('{"x": 1}') == Point(x=1)


def test_a_typed_dict_leaves_out_what_was_left_out():
    assert Schema.of(Options).validate_json('{"size": 1}') == {"size": 1}


def test_generics_aliases_and_camel_case():
    assert Schema.of(Box[int]).validate_json('{"item": 1}') == Box[int](item=1)
    assert Schema.of(Named).validate_json('{"fullName": "Ada"}') == Named(full_name="Ada")


@pytest.mark.parametrize("value", [float("nan"), 10**400, 2**63, True, "\ud800", None])
def test_values_that_are_no_64_bit_integer_are_violations(value: Any):
    with pytest.raises(ValidationFailed):
        Schema.of(Point).validate_python({"x": value})


def test_an_object_without_a_form_in_json_is_a_type_error():
    with pytest.raises(TypeError, match="has no form in JSON"):
        Schema.of(Point).validate_python({"x": object()})


def test_its_json_schema_describes_what_it_takes():
    document = Schema.of(Point).json_schema()
    assert violations(document, {"x": 1}, document) == []
    assert violations(document, {"y": 1}, document)
