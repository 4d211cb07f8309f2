"""Where the core and pydantic's strict mode agree, and where they differ by design."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from apiwright.core.validation import MalformedJson, Schema, ValidationFailed

DOCS = Path(__file__).parents[3] / "docs" / "validation.md"
REFUSED = object()

# Name in docs/validation.md, type, a value as JSON, whether the core takes it.
DIFFERENCES: list[tuple[str, Any, str, bool]] = [
    ("length after NFC", Annotated[str, Field(max_length=1)], r'"e\u0301"', True),
    ("no NUL", str, r'"\u0000"', False),
    ("whole number with a point", int, "1.0", True),
    ("64-bit integers", int, "9223372036854775808", False),
    ("no NaN or Infinity", float, "NaN", False),
    ("no overflow to infinity", float, "1e400", False),
    ("offset needed", datetime, '"2026-01-02T03:04:05"', False),
    ("leap second", datetime, '"2026-01-02T23:59:60Z"', True),
    ("seconds needed", time, '"03:04"', False),
    ("no years or months", timedelta, '"P1M"', False),
    ("no negative duration", timedelta, '"-P1D"', False),
    ("one form of UUID", UUID, '"01900000000070008000000000000000"', False),
    (
        "plain decimals",
        Annotated[Decimal, Field(max_digits=4, decimal_places=2)],
        '"1e1"',
        False,
    ),
    ("sets without duplicates", set[int], "[1, 1]", False),
    ("members once", dict[str, int], '{"a": 1, "a": 2}', False),
    ("ASCII classes", Annotated[str, Field(pattern=r"^\d$")], '"\u0663"', False),
]

ALIKE: list[tuple[Any, list[str]]] = [
    (int, ["1", "true", '"1"', "1.5", "null"]),
    (float, ["1", "0.5", "true", '"1"']),
    (bool, ["true", "1", '"true"']),
    (str, ['"a"', r'"\ud800"', "1", "null"]),
    (list[int | None], ["[1, null]", "null"]),
    (Annotated[int, Field(gt=5)], ["5", "6"]),
    (Annotated[int, Field(gt=3)] | None, ["null", "3", "4"]),
    (Annotated[str, Field(pattern="b+")], ['"abc"', '"ac"']),
    (Annotated[str, Field(pattern="^a|b$")], ['"ax"', '"xb"', '"xax"']),
    (Annotated[str, Field(pattern="^b+$")], ['"bb"', r'"bb\n"', r'"bb\ncc"']),
]


def model_of(type_: Any) -> type[BaseModel]:
    return create_model("M", __config__=ConfigDict(extra="forbid"), x=(type_, ...))


def core(model: type[BaseModel], body: str) -> Any:
    try:
        return Schema.of(model).validate_json(body)
    except (MalformedJson, ValidationFailed):
        return REFUSED


def pydantic(model: type[BaseModel], body: str) -> Any:
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError:
        return REFUSED


@pytest.mark.parametrize(("type_", "values"), ALIKE, ids=lambda value: str(value)[:40])
def test_what_both_define_is_judged_alike(type_: Any, values: list[str]):
    model = model_of(type_)
    for body in [*(f'{{"x": {value}}}' for value in values), "{}", '{"x": 1, "y": 1}', "[]"]:
        assert core(model, body) == pydantic(model, body), body


@pytest.mark.parametrize(("name", "type_", "value", "taken"), DIFFERENCES)
def test_each_difference_is_so_and_is_documented(name: str, type_: Any, value: str, taken: bool):
    body = f'{{"x": {value}}}'
    model = model_of(type_)
    assert (core(model, body) is not REFUSED) is taken
    assert core(model, body) != pydantic(model, body)
    assert f"| {name} |" in DOCS.read_text()


def test_a_mutable_default_is_not_shared():
    class Basket(BaseModel):
        items: list[int] = [1]

    schema = Schema.of(Basket)
    schema.validate_json("{}").items.append(2)
    assert schema.validate_json("{}") == Basket()
