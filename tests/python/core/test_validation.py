import pytest

from apiwright.core.validation import BodyReader, CoreSchema, Field, check
from apiwright.errors import ValidationFailed

READER = BodyReader(CoreSchema("T", [Field.string("name").length(1, 5), Field.integer("age")]))


def test_values_of_a_program_are_checked_as_a_body_is():
    assert check(READER, name="Ada", age=36).to_dict() == {"name": "Ada", "age": 36}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, {("name", "required"), ("age", "required")}),
        ({"name": "", "age": "x"}, {("name", "min_length"), ("age", "type")}),
        ({"name": "Ada", "age": 1, "more": 1}, {("more", "unknown")}),
    ],
)
def test_every_violation_is_told(members, expected):
    with pytest.raises(ValidationFailed) as caught:
        check(READER, **members)
    assert {(detail.field, detail.code) for detail in caught.value.details} == expected


@pytest.mark.parametrize("name", ["\ud800", "\udc80x"])
def test_lone_surrogates_are_refused_and_not_shown(name):
    with pytest.raises(Exception, match=".") as caught:
        check(READER, name=name, age=1)
    assert getattr(caught.value, "status", None) == 400
    assert name not in str(caught.value)
