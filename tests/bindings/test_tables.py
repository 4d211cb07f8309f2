from pathlib import Path

import pytest

from apiwright._core.data import Database, Migrations
from apiwright._core.repositories import (
    Dialect,
    MigrationDraft,
    add_declared,
    bring_drafts_back,
    check_tables,
    create_table_sql,
    draft_migration,
    require_sound,
    set_drafts_aside,
)
from apiwright._core.validation import Field, Schema
from apiwright.errors import MalformedJson, Unprocessable, ValidationFailed
from tests.bindings.world import MIGRATIONS


def notes(*fields: Field) -> Schema:
    return Schema("Note", [Field.uuid("id").read_only(), *fields], table="notes")


def drafted(tables: str, *declared: Schema) -> MigrationDraft:
    made = draft_migration(tables, declared, renames=[], narrowed=[])
    assert made is not None
    return made


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path}/test.db")
    Migrations("apiwright", MIGRATIONS).up(made)
    return made


def test_a_draft_has_both_ways_for_both_databases_and_the_tables_after_it():
    draft = drafted("", notes(Field.string("text")))
    assert draft.changes == ["notes is new."]
    assert 'CREATE TABLE "notes"' in draft.sqlite.up
    assert 'DROP TABLE "notes"' in draft.sqlite.down
    assert '"id" uuid NOT NULL' in draft.postgresql.up
    assert 'DROP TABLE "notes"' in draft.postgresql.down
    declared = [notes(Field.string("text"))]
    assert draft_migration(draft.tables_json, declared, renames=[], narrowed=[]) is None


def test_hints_are_heeded():
    tables = drafted("", notes(Field.string("text").nullable())).tables_json
    declared = [notes(Field.string("body"))]
    with pytest.raises(Unprocessable):
        draft_migration(tables, declared, renames=[], narrowed=[])
    made = draft_migration(tables, declared, renames=["notes.text:body"], narrowed=["notes.body"])
    assert made is not None
    assert made.changes == [
        "notes.text is renamed to body.",
        "notes.body may no longer be null.",
    ]


def test_tables_that_are_none_are_refused():
    with pytest.raises(MalformedJson):
        draft_migration("{", [], renames=[], narrowed=[])
    with pytest.raises(ValidationFailed) as refused:
        draft_migration('{"format": 1}', [], renames=[], narrowed=[])
    assert refused.value.details == [("", "Lacks `tables`.", "format")]


def test_declarations_that_make_no_sense_are_refused_by_name():
    with pytest.raises(Unprocessable) as refused:
        require_sound([notes(Field.uuid("owner_id").references("owners"))])
    assert refused.value.details == [
        ("Note.owner_id", "It refers to the table owners, which nobody declares.", "migration")
    ]


def test_what_a_database_lacks_is_found_and_added(database: Database):
    declared = [notes(Field.string("text"))]
    assert check_tables(database, declared, "") == [("Note", "The table notes is missing.", True)]
    assert add_declared(database, declared, "") == ["notes is new."]
    assert check_tables(database, declared, "") == []
    set_drafts_aside(database)
    assert len(check_tables(database, declared, "")) == 1
    assert add_declared(database, declared, "") == ["notes is new."]
    assert bring_drafts_back(database) == []


def test_a_table_is_written_for_either_database():
    schema = notes(Field.boolean("open"))
    assert '"open" INTEGER' in create_table_sql(schema)
    assert '"open" boolean' in create_table_sql(schema, Dialect.POSTGRESQL)
    assert '"open" boolean' in create_table_sql(schema, dialect=Dialect.POSTGRESQL)
