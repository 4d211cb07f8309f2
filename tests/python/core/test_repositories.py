"""The generic repository from Python: rows as dicts, over real files."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from apiwright._core.base import ManualClock
from apiwright.core.database import Database
from apiwright.core.repositories import Repository, create_table_sql
from apiwright.core.validation import Field, Schema
from apiwright.errors import (
    Conflict,
    NotFound,
    PreconditionFailed,
    Unavailable,
    Unprocessable,
    ValidationFailed,
)

NOBODY = "01900000-0000-7000-8000-000000000000"
NOON = 1_800_000_000_000

OWNERS = Schema.of_fields(
    "Owner", [Field.uuid("id").read_only(), Field.string("name")], table="owners"
)
PETS = Schema.of_fields(
    "Pet",
    [
        Field.uuid("id").read_only(),
        Field.string("name").length(1, 20).unique().searchable(),
        Field.enumeration("kind", ["cat", "dog"]).default_value("dog").filterable(),
        Field.decimal("price", 10, 2).nullable(),
        Field.integer("order").default_value(0).sortable(),
        Field.uuid("owner_id").nullable().references("owners"),
        Field.integer("version").read_only(),
        Field.date_time("created_at").read_only().sortable(),
        Field.date_time("updated_at").read_only(),
        Field.date_time("deleted_at").nullable().internal(),
    ],
    table="pets",
)

Pets = Repository[dict[str, Any]]


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{folder}/pets.db", clock=ManualClock(NOON)) as made:
        yield made


@pytest.fixture
def owners(database: Database) -> Pets:
    made: Pets = Repository(database, OWNERS)
    made.create_table()
    return made


@pytest.fixture
def pets(database: Database, owners: Pets) -> Pets:
    made: Pets = Repository(database, PETS)
    made.create_table()
    return made


def fields(error: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(detail.field, detail.code) for detail in error.value.details]


def test_a_stored_row_is_found_as_it_was_returned(pets):
    stored = pets.insert({"name": "Rex", "price": Decimal("12.50")})
    assert stored["price"] == Decimal("12.50")
    assert stored["kind"] == "dog"
    assert stored["version"] == 1
    assert stored["created_at"] == datetime.fromtimestamp(NOON / 1000, UTC)
    assert pets.get(stored["id"]) == stored
    assert pets.get(UUID(stored["id"])) == stored
    assert pets.find_by(name="REX") == stored


def test_nothing_is_none_or_not_found(pets):
    assert pets.find(NOBODY) is None
    assert pets.find_by(name="Rex") is None
    with pytest.raises(NotFound):
        pets.get(NOBODY)
    with pytest.raises(NotFound):
        pets.update(NOBODY, {"name": "Max"})
    with pytest.raises(NotFound):
        pets.delete(NOBODY)


def test_a_row_that_is_wrong_names_every_field(pets):
    with pytest.raises(ValidationFailed) as error:
        pets.insert({"name": "", "kind": "cow", "wings": 2})
    assert sorted(fields(error)) == [("kind", "enum"), ("name", "min_length"), ("wings", "unknown")]


def test_a_taken_value_is_a_conflict_that_names_it(pets):
    pets.insert({"name": "Rex"})
    with pytest.raises(Conflict) as error:
        pets.insert({"name": "REX"})
    assert fields(error) == [("name", "unique")]


def test_a_reference_to_nothing_is_named(pets, owners):
    with pytest.raises(Unprocessable) as error:
        pets.insert({"name": "Rex", "owner_id": NOBODY})
    assert fields(error) == [("ownerId", "reference")]
    owner = owners.insert({"name": "Ada"})
    pets.insert({"name": "Rex", "owner_id": UUID(owner["id"])})
    with pytest.raises(Unprocessable):
        owners.delete(owner["id"])


def test_changes_count_versions_and_refuse_one_gone_by(pets):
    first = pets.insert({"name": "Rex"})
    second = pets.update(first["id"], {"name": "Max"}, version=1)
    assert (second["name"], second["version"]) == ("Max", 2)
    with pytest.raises(PreconditionFailed):
        pets.update(first["id"], {"name": "Moritz"}, version=1)
    with pytest.raises(PreconditionFailed):
        pets.delete(first["id"], version=1)
    with pytest.raises(ValidationFailed) as error:
        pets.update(first["id"], {"version": 9})
    assert fields(error) == [("version", "unknown")]


def test_a_restored_row_is_there_in_a_new_version(pets):
    rex = pets.insert({"name": "Rex"})
    pets.delete(rex["id"])
    restored = pets.restore(rex["id"], version=1)
    assert restored == rex | {"version": 2} == pets.get(rex["id"])
    assert pets.restore(rex["id"]) == restored
    assert asyncio.run(pets.arestore(rex["id"])) == restored


def test_a_row_is_not_restored_over_another_or_out_of_nothing(pets, owners):
    rex = pets.insert({"name": "Rex"})
    pets.delete(rex["id"])
    with pytest.raises(PreconditionFailed):
        pets.restore(rex["id"], version=2)
    pets.insert({"name": "REX"})
    with pytest.raises(Conflict) as caught:
        pets.restore(rex["id"])
    assert fields(caught) == [("name", "unique")]
    with pytest.raises(NotFound):
        pets.restore(NOBODY)
    with pytest.raises(ValueError, match="deleted softly"):
        owners.restore(NOBODY)


def test_a_deleted_row_is_gone_and_its_value_is_free(pets):
    pets.delete(pets.insert({"name": "Rex"})["id"])
    assert (pets.count(), pets.find_by(name="Rex")) == (0, None)
    pets.insert({"name": "Rex"})


def test_many_rows_are_stored_together_or_not_at_all(pets):
    ids = pets.insert_many({"name": f"Pet {number}"} for number in range(10))
    assert [row["id"] for row in pets.iterate(batch=3)] == ids
    with pytest.raises(Conflict) as conflict:
        pets.insert_many([{"name": "new"}, {"name": "pet 3"}])
    assert fields(conflict) == [("[1].name", "unique")]
    with pytest.raises(ValidationFailed) as invalid:
        pets.insert_many([{"name": "new"}, {"name": ""}])
    assert fields(invalid) == [("[1].name", "min_length")]
    assert (pets.count(), pets.insert_many([])) == (10, [])


def test_a_page_is_ordered_filtered_and_counted(pets):
    pets.insert_many({"name": f"Pet {n}", "order": n % 3, "kind": "cat"} for n in range(7))
    pets.insert({"name": "Rex", "price": "3.00"})
    page = pets.list(limit=3, page=2, sort="-order,name", kind="cat")
    assert [row["name"] for row in page] == ["Pet 4", "Pet 0", "Pet 3"]
    assert (len(page), page.total, page.page, page.total_pages) == (3, 7, 2, 3)
    assert [row["name"] for row in pets.list(search="rEx")] == ["Rex"]
    assert pets.count(price=None) == 7
    assert pets.count(price=Decimal("3.00")) == 1
    assert pets.count(created_at=datetime.fromtimestamp(NOON / 1000, UTC)) == 8


def test_a_list_that_is_asked_wrongly_says_everything(pets):
    with pytest.raises(ValidationFailed) as error:
        pets.list(page=0, limit=1001, sort="nothing", kind="cow", no=1)
    assert fields(error) == [
        ("page", "min"),
        ("limit", "max"),
        ("sort", "enum"),
        ("kind", "enum"),
        ("no", "unknown"),
    ]
    with pytest.raises(ValueError, match="unique"):
        pets.find_by(order=1)
    with pytest.raises(ValueError, match="batch"):
        next(pets.iterate(batch=0))


def test_a_missing_table_says_what_to_do(database):
    pets: Pets = Repository(database, PETS)
    for call in (pets.list, pets.count, lambda: pets.insert({"name": "Rex"})):
        with pytest.raises(Unavailable, match=r"no table `pets`: call create_table\(\)"):
            call()


def test_an_existing_table_without_a_declared_column_is_refused(database, owners):
    wider = Schema.of_fields("Owner", [*OWNERS.core.fields, Field.boolean("rich")], table="owners")
    with pytest.raises(Unprocessable) as error:
        Repository(database, wider).create_table()
    assert fields(error) == [("rich", "required")]


def test_a_schema_that_is_no_table_is_refused(database):
    with pytest.raises(ValueError, match="names no table"):
        Repository(database, Schema.of_fields("Body", [Field.string("name")]))
    with pytest.raises(ValueError, match="id"):
        Repository(database, Schema.of_fields("Body", [Field.string("name")], table="bodies"))


def test_its_representation_tells_which_rows_and_where(database, pets):
    assert repr(pets) == f"<Repository Pet in {database!r}>"
    assert create_table_sql(PETS.core).startswith('CREATE TABLE IF NOT EXISTS "pets"')


def test_every_call_can_be_awaited(database):
    async def use() -> None:
        pets: Pets = Repository(database, PETS)
        await Repository(database, OWNERS).acreate_table()
        await pets.acreate_table()
        rex = await pets.ainsert({"name": "Rex"})
        await pets.ainsert_many([{"name": "Max"}, {"name": "Moritz"}])
        assert await pets.aget(rex["id"]) == await pets.afind_by(name="rex") == rex
        assert (await pets.alist(sort="name")).rows[0]["name"] == "Max"
        assert await pets.acount(search="m") == 2
        assert [row["name"] async for row in pets.aiterate(batch=1)] == ["Rex", "Max", "Moritz"]
        assert (await pets.aupdate(rex["id"], {"order": 1}, version=1))["version"] == 2
        await pets.adelete(rex["id"], version=2)
        assert await pets.afind(rex["id"]) is None
        for absent in (
            pets.aget(NOBODY),
            pets.aupdate(NOBODY, {"order": 1}),
            pets.adelete(NOBODY),
        ):
            with pytest.raises(NotFound):
                await absent

    asyncio.run(use())
