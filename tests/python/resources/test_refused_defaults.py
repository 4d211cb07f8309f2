"""A default is a constant that its field takes; whatever else stands there is refused."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import pytest

from apiwright import DeclarationError, Money, Ref, Resource, User, immutable, now, unique
from apiwright.core.validation import BodyReader, Mode
from apiwright.resources.compile import compile_resources


class Size(StrEnum):
    SMALL = "small"


def declared(hint: Any, default: Any) -> Any:
    cls = type(
        "Door",
        (Resource,),
        {"__annotations__": {"field": hint}, "field": default, "__module__": __name__},
    )
    return compile_resources([cls])[1]


@pytest.mark.parametrize(
    ("hint", "default", "sentence"),
    [
        (int, "many", "the default 'many' does not fit: Must be a whole number."),
        (int, 2**70, f"the default {2**70} does not fit: expected an int of 64 bits"),
        (Size, "large", "the default 'large' does not fit: Must be one of: small."),
        (list[str], [1], "the default [1] does not fit: [0] Must be a string."),
        (str, unique, "a mark is no default: it stands beside the type, as in "),
        (str, immutable, "a mark is no default: it stands beside the type, as in "),
        (datetime, now, "the default is a function: call it, as in now()"),
        (str, print, "<built-in function print> is no constant that JSON has"),
        (dict[str, Any], {"a": print}, "the default {'a': <built-in function print>} does not fit"),
    ],
)
def test_a_default_of_another_kind_is_refused(hint: Any, default: Any, sentence: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declared(hint, default)
    assert str(caught.value).startswith(f"Door.field: {sentence}")


@pytest.mark.parametrize(
    "hint", [int, str, Size, Money, list[str], Ref[User], Annotated[str, unique]]
)
def test_none_is_a_default_only_where_the_type_allows_it(hint: Any) -> None:
    with pytest.raises(DeclarationError) as caught:
        declared(hint, None)
    assert str(caught.value) == (
        "Door.field: the default is None, which its type does not allow: add `| None` to the type, "
        "or give it another default"
    )
    declared(hint | None, None)


def test_a_duration_is_filled_in() -> None:
    door = declared(timedelta, timedelta(hours=1))
    assert BodyReader(door.schema.core, Mode.CREATE).read(b"{}")["field"] == "PT1H"
