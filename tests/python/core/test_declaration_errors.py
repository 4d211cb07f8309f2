"""A class that no schema can be made of is refused with what, where and how to mend it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Gt, MinLen, MultipleOf
from pydantic import BaseModel, ConfigDict, Field, create_model

from apiwright.core.validation import DeclarationError, Schema


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (bytes, "M.x: bytes has no schema; take one of str"),
        (int | str, "M.x: a union needs a discriminator"),
        (tuple[int, str], "M.x: write tuple[X, ...]; other tuples have no schema"),
        (dict[int, int], "M.x: the keys of a JSON object are str"),
        (dict[Annotated[str, MinLen(2)], int], "M.x: keys take no constraints"),
        (Literal[1], "M.x: a Literal is of str, not [1]"),
        (Annotated[int, MultipleOf(2)], "M.x: MultipleOf(multiple_of=2) is no constraint"),
        (Annotated[int, Gt(10), Gt(5)], "M.x: gt is given twice; keep the stricter one"),
        (Annotated[bool, Gt(1)], "M.x: bool takes no gt"),
        (Annotated[str, Field(min_length=3, max_length=2)], "length() makes no sense"),
    ],
    ids=str,
)
def test_a_field_without_a_schema_is_named(type_: Any, text: str):
    with pytest.raises(DeclarationError) as caught:
        Schema.of(create_model("M", x=(type_, ...)))
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (ConfigDict(extra="allow"), 'extra="allow"'),
        (ConfigDict(str_strip_whitespace=True), "str_strip_whitespace"),
        (ConfigDict(str_max_length=3), "str_max_length"),
    ],
)
def test_settings_that_the_core_would_not_obey_are_refused(config: ConfigDict, text: str):
    with pytest.raises(DeclarationError) as caught:
        Schema.of(create_model("M", __config__=config, x=(str, ...)))
    assert text in str(caught.value)


def test_a_class_without_fields_and_no_class_are_refused():
    @dataclass
    class Empty:
        pass

    with pytest.raises(DeclarationError, match="Empty has no fields"):
        Schema.of(Empty)
    with pytest.raises(DeclarationError, match="int is no dataclass"):
        Schema.of(int)


def test_rows_need_an_id():
    class Note(BaseModel):
        title: str

    with pytest.raises(DeclarationError, match="rows need `id: UUID | None = None`"):
        Schema.of(Note, table="notes")
