"""Statuses, parts, sums and nested collections: what they compile to, and what cannot be meant."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import Field

from apiwright import (
    DeclarationError,
    Many,
    Money,
    Ref,
    Resource,
    User,
    current_user,
    immutable,
    many,
    parts,
    readable,
    rules,
    sum_of,
    transitions,
    writable,
    write_only,
)
from apiwright.errors import ValidationFailed
from apiwright.resources.compile import compile_resources


class State(StrEnum):
    OPEN = "open"
    PAID = "paid"


class Bill(Resource, under="owner"):
    owner: Ref[User] = current_user()
    state: Annotated[State, transitions({State.OPEN: {State.PAID: rules.role("clerk")}})] = (
        State.OPEN
    )
    lines: Many["Line"] = parts(1, 5)
    total: Money = sum_of("lines", "count", "price")


class Line(Resource):
    bill: Ref[Bill]
    count: Annotated[int, Field(ge=1)]
    price: Money
    note: str | None = None


MANY: Any = Many  # of what no type checker is to look for
REF: Any = Ref


def declare(name: str, fields: dict[str, Any], /, *bases: type, **members: Any) -> Any:
    keywords = members.pop("keywords", {})
    own = {"__module__": __name__, "__qualname__": name}
    body = {"__annotations__": fields, **own, **members}
    return type(name, bases or (Resource,), body, **keywords)


def refusal(make: Callable[[], Any]) -> str:
    with pytest.raises(DeclarationError) as caught:
        make()
    return str(caught.value)


def refused(*classes: Any) -> str:
    return refusal(lambda: compile_resources(classes))


def test_they_are_compiled() -> None:
    _, bill, line = compile_resources([Bill, Line])
    assert list(bill.steps) == [("state", "open", "paid")]
    assert bill.nested is not None
    assert (bill.nested.path, bill.nested.column) == ("/users/{id}/bills", "owner_id")
    assert line.is_part
    assert not bill.is_part
    rows = bill.schema.record({"lines": [{"count": 2, "price": Decimal("0.10")}]})
    assert rows["lines"] == [{"count": 2, "price": Decimal("0.10"), "note": None}]


def test_a_row_without_its_parts_is_no_row() -> None:
    _, bill, _ = compile_resources([Bill, Line])
    with pytest.raises(ValidationFailed) as caught:
        bill.schema.record(Bill())
    assert [field for field, _, _ in caught.value.details] == ["lines"]


class TestTransitions:
    def refused(self, kind: Any, steps: Any, default: Any = State.OPEN, *marks: Any) -> str:
        fields = {"state": Annotated[(kind, transitions(steps), *marks)]}
        return refused(declare("Ticket", fields, **({} if default is None else {"state": default})))

    def test_they_are_of_an_enum_with_a_beginning(self) -> None:
        assert self.refused(str, {"open": ["paid"]}, "open") == (
            "Ticket.state: transitions(…) is for an Enum or a Literal"
        )
        assert self.refused(State, {State.OPEN: [State.PAID]}, None) == (
            "Ticket.state: transitions(…) begin somewhere: give it the default that new rows have"
        )
        assert self.refused(State | None, {}) == (
            "Ticket.state: with transitions(…) it always has a value: take `| None` away, and give "
            "it the default that it begins with"
        )

    def test_a_value_that_the_field_cannot_have_is_named(self) -> None:
        wrong: list[Any] = [{"lost": []}, {State.OPEN: ["lost"]}]
        for steps in wrong:
            assert self.refused(State, steps) == (
                "Ticket.state: transitions name 'lost', which the field cannot be; it is one of "
                "open, paid"
            )

    def test_what_may_follow_is_a_list_or_a_dict(self) -> None:
        steps: Any = {State.OPEN: "paid"}
        assert refusal(lambda: transitions(steps)) == (
            "transitions: <State.OPEN: 'open'> may become a list of values, or a dict of values "
            "and rules; not 'paid'"
        )

    def test_whoever_changes_it_sees_it(self) -> None:
        for mark, text in (
            (immutable, "immutable"),
            (write_only, "write_only"),
            (readable(rules.role("x")), 'readable(role("x"))'),
        ):
            assert self.refused(State, {}, State.OPEN, mark) == (
                f"Ticket.state: {text} and transitions(…) do not go together: whoever changes it "
                "must see it, and it changes"
            )

    def test_a_rule_that_does_not_fit_is_named_with_its_step(self) -> None:
        steps = {State.OPEN: {State.PAID: rules.owner("nobody")}}
        assert self.refused(State, steps).startswith(
            "Ticket.state: transitions from open to paid: Ticket has no field 'nobody'"
        )

    def test_users_have_none(self) -> None:
        fields = {"level": Annotated[State, transitions({})]}
        assert refused(declare("Member", fields, User, level=State.OPEN)) == (
            "Member.level: transitions(…) is for resources of your own: who may change users is "
            "apiwright's to say"
        )


class TestParts:
    def refused(self, line: dict[str, Any], /, **members: Any) -> str:
        box = declare("Box", {"name": str, "items": MANY["Item"]}, items=parts())
        return refused(box, declare("Item", {"box": REF["Box"], **line}, **members))

    def test_their_number_is_bounded(self) -> None:
        for bounds in ((2, 1), (-1, 3), (0, 101)):
            assert refusal(lambda bounds=bounds: parts(*bounds)) == (  # type: ignore[misc]
                f"parts{bounds}: write the fewest and the most, of at most 100, as in parts(1, 50)"
            )

    def test_their_whole_says_who_sees_and_makes_them(self) -> None:
        written = type("Rules", (), {"read": rules.public(), "__qualname__": "Item.Rules"})
        assert self.refused({"n": int}, Rules=written) == (
            "Item.Rules: who may see and make a row of Box may see and make its parts: leave the "
            "class away"
        )
        assert self.refused({"n": int}, keywords={"soft_delete": True}) == (
            "Item: its rows are reached through those of Box, so of the class's keywords it takes "
            "table alone"
        )
        for hint, default in (
            (REF[User], current_user()),
            (Annotated[int, writable(rules.role("x"))], 0),
            (Annotated[State, transitions({})], State.OPEN),
        ):
            assert self.refused({"n": hint}, n=default).endswith(
                "is for Box: its parts are made with it, by who makes it, and stay as they are"
            )

    def test_a_row_is_part_of_one_and_has_none(self) -> None:
        item = declare("Item", {"box": REF["Box"], "bag": REF["Bag"]})
        boxes = [
            declare(name, {"name": str, "items": MANY["Item"]}, items=parts())
            for name in ("Box", "Bag")
        ]
        assert refused(*boxes, item) == (
            "Bag.items: rows of Item are parts of Box already, and a row is part of one"
        )
        inner = {"box": REF["Box"], "bits": MANY["Bit"]}
        assert (
            refused(
                boxes[0],
                declare("Item", inner, bits=parts()),
                declare("Bit", {"item": REF["Item"], "n": int}),
            )
            == "Item: rows that are parts of Box have none themselves"
        )

    def test_users_have_no_parts(self) -> None:
        member = declare("Member", {"hats": MANY["Hat"]}, User, hats=parts())
        assert refused(member, declare("Hat", {"owner": REF[User], "n": int})) == (
            "Hat: users are no parts, and have none: take many()"
        )


class TestSums:
    def refused(self, total: Any, sum: Any, kind: Any = None) -> str:
        fields = {"items": MANY["Item"], "total": total}
        box = declare("Box", fields, items=kind or parts(), total=sum)
        line = {"box": REF["Box"], "count": int, "weight": float, "price": Money}
        return refused(box, declare("Item", line))

    def test_they_are_of_parts(self) -> None:
        assert self.refused(int, sum_of("items", "count"), many()) == (
            "Box.total: sum_of('items', 'count') is of rows that are parts of this one, and "
            "'items' are none: declare them, as in items: Many[\"Item\"] = parts()"
        )

    def test_they_are_exact(self) -> None:
        for total, factors in ((int, "price"), (Money, "weight"), (int, "size")):
            assert self.refused(total, sum_of("items", factors)).startswith("Box")

    def test_they_name_what_they_are_of(self) -> None:
        assert refusal(lambda: sum_of("items")) == (
            "sum_of(…) takes the name of the parts and those of their fields, as in "
            'sum_of("items", "quantity", "unit_price")'
        )


class TestNested:
    def refused(self, fields: dict[str, Any], under: str) -> str:
        return refused(declare("Song", fields, keywords={"under": under}))

    def test_it_is_below_what_it_refers_to(self) -> None:
        assert self.refused({"title": str, "owner": REF[User]}, "album") == (
            "class Song(Resource, under='album'): there is no reference of this name; it has "
            "owner: declare one, such as album: Ref[User]"
        )

    def test_its_path_tells_nothing_hidden(self) -> None:
        for mark in (write_only, readable(rules.role("x"))):
            assert self.refused({"owner": Annotated[REF[User], mark]}, "owner") == (
                "class Song(Resource, under='owner'): not everybody who sees a row sees owner, "
                "which the path would tell: take the mark or the keyword away"
            )
