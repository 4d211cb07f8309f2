"""Rows that hold objects, unions, maps and lists of them, as instances of their classes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from apiwright.core.database import Database
from apiwright.core.repositories import Repository
from apiwright.core.validation import Schema, exactly_one
from apiwright.errors import ValidationFailed


@dataclass
class Cat:
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog", "hound"]
    name: str
    owner: "Owner | None" = None


class Owner(BaseModel):
    name: str


Dog.model_rebuild()
Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


@dataclass
class Address:
    street: str
    zip: str | None = None
    floor: int | None = None


@dataclass
class Place:
    address: Address | None = None
    pet: Pet | None = None
    pets: list[Pet] = field(default_factory=list)
    by_name: dict[str, Pet] = field(default_factory=dict)
    stock: dict[str, float] = field(default_factory=dict)
    extra: Any = None
    email: str | None = None
    phone: str | None = None
    version: int = 0
    id: UUID | None = None


PLACES = Schema.of(Place, table="places", rules=[exactly_one("email", "phone")])


@pytest.fixture
def places(folder: Path) -> Iterator[Repository[Place]]:
    with Database(f"sqlite:///{folder}/places.db") as database:
        rows = Repository(database, PLACES)
        rows.create_table()
        yield rows


def a_place(**values: Any) -> Place:
    return Place(**{"email": "ada@example.org", **values})


def test_a_row_comes_back_as_what_it_was(places: Repository[Place]) -> None:
    pets = [Cat("cat", 9), Dog(kind="hound", name="Rex", owner=Owner(name="Ada")), Cat("cat", 1)]
    stored = places.insert(
        a_place(
            address=Address("High Street", floor=2),
            pet=Dog(kind="dog", name="Max"),
            pets=pets,
            by_name={"a": pets[1], "b": pets[0]},
            stock={"x": 0.1, "y": 2.0},
            extra={"a": [1, None, {"b": 1.5}]},
        )
    )
    assert stored.id is not None
    found = places.get(stored.id)
    assert found == stored
    assert found.pet == Dog(kind="dog", name="Max")
    assert found.pets == pets
    assert isinstance(found.by_name["a"], Dog)
    assert isinstance(found.by_name["b"], Cat)
    assert isinstance(found.address, Address)
    assert found.stock == {"x": 0.1, "y": 2.0}
    assert found.extra == {"a": [1, None, {"b": 1.5}]}


def test_a_change_is_whole_and_merges_with_nothing(places: Repository[Place]) -> None:
    row = places.insert(
        a_place(address=Address("High Street", "1", 2), stock={"x": 1.0}, extra={"a": 1})
    )
    assert row.id is not None
    after = places.update(
        row.id, {"address": {"street": "New"}, "stock": {"y": 2.0}, "extra": {"b": 2}}
    )
    assert after.address == Address("New")
    assert after.stock == {"y": 2.0}
    assert after.extra == {"b": 2}
    assert places.update(row.id, {"address": Address("Other")}).address == Address("Other")
    with pytest.raises(ValidationFailed) as caught:
        places.update(row.id, {"address": {"zip": "1234"}})
    assert [(d.field, d.code) for d in caught.value.details] == [("address.street", "required")]


def test_the_same_objects_again_are_no_change(places: Repository[Place]) -> None:
    row = places.insert(a_place(address=Address("High Street"), pet=Cat("cat", 9)))
    assert row.id is not None
    again = {"address": Address("High Street"), "pet": {"kind": "cat", "lives": 9}}
    assert places.update(row.id, again).version == 1


def test_none_empties_what_may_be_empty(places: Repository[Place]) -> None:
    row = places.insert(a_place(address=Address("A"), pets=[Cat("cat", 9)], stock={"x": 1.0}))
    assert row.id is not None
    after = places.update(row.id, {"address": None, "pets": None, "stock": None})
    assert (after.address, after.pets, after.stock) == (None, [], {})
    assert places.get(row.id) == after


def test_rules_hold_for_the_row_that_a_change_leads_to(places: Repository[Place]) -> None:
    row = places.insert(a_place())
    assert row.id is not None
    with pytest.raises(ValidationFailed) as caught:
        places.update(row.id, {"phone": "1"})
    assert [(d.field, d.code) for d in caught.value.details] == [("phone", "exclusive")]
    assert places.update(row.id, {"phone": "1", "email": None}).phone == "1"


def test_what_no_client_could_send_at_once_is_read_again(places: Repository[Place]) -> None:
    row = places.insert(a_place(pets=[Cat("cat", 9)] * 60_000))
    assert row.id is not None
    assert len(places.get(row.id).pets) == 60_000
