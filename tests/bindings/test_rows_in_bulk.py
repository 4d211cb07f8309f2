import json
from pathlib import Path

import pytest

from apiwright._core.base import SystemClock
from apiwright._core.data import Database
from apiwright._core.repositories import ExportedRows, OnConflict, Repository
from apiwright._core.validation import BodyReader, Field, Schema
from apiwright.errors import Conflict, InternalError

PETS = Schema(
    "Pet",
    [
        Field.uuid("id").read_only(),
        Field.string("name").unique(),
        Field.string("secret").nullable().write_only(),
        Field.integer("version").read_only(),
    ],
    table="pets",
)
ID = "01a00000-0000-7000-8000-000000000001"
CLOCK = SystemClock()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/pets.db")


@pytest.fixture
def rows(database: Database) -> Repository:
    rows = Repository(PETS)
    rows.create_table(database)
    return rows


def test_imported_rows_are_exported_as_they_came(database: Database, rows: Repository):
    reader = BodyReader.importing(PETS)
    records = [reader.read(b'{"name": "a", "version": 3}'), reader.read(b'{"name": "b"}')]
    given = (database, CLOCK, records, [ID, None], OnConflict.FAIL)
    assert rows.import_many(*given) == (2, 0)
    exported = ExportedRows(rows, database)
    assert exported.total == 2
    assert json.loads(exported.next(1)) == {"id": ID, "name": "a", "version": 3}
    assert json.loads(exported.next(1))["name"] == "b"
    assert exported.next(1) == b""


def test_a_row_that_is_there_is_refused_or_skipped(database: Database, rows: Repository):
    records = [BodyReader.importing(PETS).read(b'{"name": "a"}')]
    rows.import_many(database, CLOCK, records, [ID], OnConflict.FAIL)
    assert rows.import_many(database, CLOCK, records, [ID], OnConflict.FAIL) == (0, 1)
    other = [BodyReader.importing(PETS).read(f'{{"id": "{ID}", "name": "b"}}'.encode())]
    with pytest.raises(Conflict) as refused:
        rows.import_many(database, CLOCK, other, [None], OnConflict.FAIL)
    assert refused.value.details[0][::2] == ("[0].id", "conflict")
    assert rows.import_many(database, CLOCK, other, [None], OnConflict.SKIP) == (0, 1)


def test_one_id_is_needed_for_each_row(database: Database, rows: Repository):
    with pytest.raises(ValueError, match="one id, or none, for each row"):
        rows.import_many(database, CLOCK, [], [ID], OnConflict.FAIL)


def test_a_table_that_is_not_there_is_no_export(database: Database):
    with pytest.raises(InternalError):
        ExportedRows(Repository(PETS), database)
