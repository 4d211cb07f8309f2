"""Relations to many: what a row is without them, and declarations that cannot be meant."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ValidationError

from apiwright import DeclarationError, Many, Ref, Resource, User, many
from apiwright.resources.compile import compile_resources


class Basket(Resource):
    name: str
    lines: Many["Line"] = many()


class Line(Resource):
    basket: Ref[Basket]
    owner: Ref[User]


MANY: Any = Many  # of what no type checker is to look for
REF: Any = Ref


def refusal(make: Callable[[], Any]) -> str:
    with pytest.raises(DeclarationError) as caught:
        make()
    return str(caught.value)


def declare(name: str, fields: dict[str, Any], **values: Any) -> Any:
    body = {"__annotations__": fields, "__module__": __name__, **values}
    return type(name, (Resource,), body)


def refused(*classes: Any) -> str:
    return refusal(lambda: compile_resources(classes))


def test_what_rows_lead_to_is_compiled_with_its_reference() -> None:
    user, basket, line = compile_resources([Basket, Line])
    shown = [(one.name, one.field, one.to_many, one.table) for one in basket.relations]
    assert shown == [("lines", "basket_id", True, "lines")]
    assert [one.name for one in line.relations] == ["basket", "owner"]
    assert list(user.relations) == []


def test_it_is_no_field_of_rows_and_says_so_when_it_is_read() -> None:
    basket = Basket(name="x")
    assert "lines" not in basket.model_dump()
    assert not hasattr(basket, "lines")
    with pytest.raises(AttributeError, match=r"Basket\.lines is not loaded.*Repository\[Line\]"):
        _ = basket.lines
    with pytest.raises(ValidationError):
        Basket(name="x", lines=[])


def test_annotations_as_text_are_understood() -> None:
    cls = declare("Text", {"name": "str", "lines": 'Many["Line"]'})
    assert cls.__many__["lines"].of == "Line"


def test_another_class_that_does_not_refer_is_named_with_the_remedy() -> None:
    other = declare("Other", {"lines": MANY["Line"], "name": str})
    assert refused(other, Basket, Line) == (
        "Other.lines: no field of Line refers to Other: give it one, such as `other: Ref[Other]`"
    )


def test_of_several_references_one_must_be_named() -> None:
    chat = declare("Chat", {"name": str, "posts": MANY["Post"]})
    post = declare("Post", {"chat": REF[chat], "reply": REF[chat]})
    assert refused(chat, post) == (
        "Chat.posts: Post refers to Chat by chat and reply: say which, as in "
        'Many["Post"] = many(by="chat")'
    )
    named = declare("Chat", {"name": str, "posts": MANY["Post"]}, posts=many(by="reply"))
    post = declare("Post", {"chat": REF[named], "reply": REF[named]})
    assert compile_resources([named, post])[1].relations[0].field == "reply_id"
    wrong = declare("Chat", {"name": str, "posts": MANY["Post"]}, posts=many(by="to"))
    post = declare("Post", {"chat": REF[wrong]})
    assert refused(wrong, post) == (
        "Chat.posts: Post has no field 'to' that refers to Chat; it has chat"
    )


def test_what_is_no_resource_of_the_application_is_named() -> None:
    many_of = declare("Holder", {"name": str, "lines": MANY["Absent"]})
    assert refused(many_of) == (
        "Holder.lines has many of Absent, which the application does not have: add it to "
        "Backend(resources=[…])"
    )
    assert refused(declare("Holder", {"name": str, "lines": MANY[int]})) == (
        "Holder.lines has many of int, which is no Resource: only rows of one can refer"
    )


def test_a_name_in_answers_belongs_to_one_member() -> None:
    owner = declare("Chest", {"lines_more": bool, "lines": MANY["Thing"]})
    thing = declare("Thing", {"chest": REF[owner]})
    assert refused(owner, thing) == (
        "Chest: linesMore is what an answer calls the rows included by lines, so no field can have "
        "that name in JSON: take another"
    )


def test_other_defaults_and_other_places_are_refused() -> None:
    assert refusal(lambda: declare("Chest", {"lines": MANY["Line"]}, lines=[])) == (
        "Chest.lines: rows that refer to it have no default but many() or parts()"
    )
    assert refusal(lambda: declare("Chest", {"lines": list[int]}, lines=many())) == (
        'Chest.lines: many() is for a Many[…], as in Many["Item"]'
    )
    assert refusal(lambda: declare("Chest", {"lines": Annotated[MANY["Line"], 1]})) == (
        "Chest.lines: a Many[…] takes no marks: name the field that refers by "
        'many(by="…"), and leave `| None` away'
    )
    body = {"__annotations__": {"lines": MANY["Line"]}, "__module__": __name__}
    assert refusal(lambda: type("Inner", (BaseModel,), body)).startswith("Many[…] is for")
