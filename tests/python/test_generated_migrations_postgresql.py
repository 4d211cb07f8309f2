"""The same for PostgreSQL, whose migrations a real server runs; the core cannot open one yet."""

import json
import shutil
import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from apiwright._core.repositories import Dialect
from apiwright.core.repositories import create_table_sql, users_schema
from apiwright.core.validation import casefold, email_key
from apiwright.errors import Unprocessable
from apiwright.migrations import Home, make
from tests.support.declarations import (
    Change,
    Column,
    Declared,
    World,
    schemas_of,
    some_change,
    some_world,
)
from tests.support.postgresql import Postgresql, SqlFailed

Rows = dict[str, dict[str, dict[str, Any]]]
"""By table and id."""


def begin_anew(server: Postgresql) -> None:
    """An empty database but for apiwright's users, of which there is one."""
    server.clear()
    script = create_table_sql(users_schema(), Dialect.POSTGRESQL)
    script += (
        "INSERT INTO users (id, email, email_key, name, name_key, created_at, updated_at)"
        f" VALUES ('{uuid4()}', 'a@b.example', 'a@b.example', 'A', 'a', now(), now());"
    )
    server.run(script)


def fresh_shape(server: Postgresql, world: World) -> list[str]:
    """The shape when the tables are made at once."""
    schemas = schemas_of(world)
    if "users" not in world:
        schemas.append(users_schema())
    lines = "".join(create_table_sql(s, Dialect.POSTGRESQL) for s in schemas).splitlines()
    references = [line for line in lines if line.startswith("ALTER TABLE")]
    tables = [line for line in lines if line not in references]
    server.run(
        "DROP SCHEMA IF EXISTS fresh CASCADE; CREATE SCHEMA fresh; SET search_path TO fresh;\n"
        + "\n".join([*tables, *references])
    )
    return server.shape("fresh")


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list):
        value = json.dumps(value)
    return "'" + str(value).replace("'", "''") + "'"


def add_rows(data: st.DataObject, server: Postgresql, world: World) -> None:
    ids = {table: list(rows) for table, rows in rows_of(server, world).items()}
    ids.setdefault("users", server.rows("SELECT id FROM users"))
    for table, declared in world.items():
        for _ in range(data.draw(st.integers(0, 2)) if table != "users" else 0):
            row: dict[str, Any] = {"id": str(uuid4())}
            for name, column in declared.columns.items():
                row[name] = data.draw(some_value(column, ids))
                if column.has_key:
                    row[f"{name}_key"] = column.key_of(row[name])
            if any(row[name] is None and not c.nullable for name, c in declared.columns.items()):
                continue
            columns = ", ".join(f'"{name}"' for name in row)
            values = ", ".join(map(literal, row.values()))
            server.run(f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING;")
            ids[table] = server.rows(f"SELECT id FROM {table}")


def some_value(column: Column, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    if column.references:
        return st.sampled_from([None, *ids.get(column.references, [])])
    return st.none() | column.some_value() if column.nullable else column.some_value()


def rows_of(server: Postgresql, world: World) -> Rows:
    """What the declared columns hold; each key is what it should be."""
    rows: Rows = {}
    for table, declared in world.items():
        rows[table] = {}
        for line in server.rows(f'SELECT row_to_json(t) FROM "{table}" AS t'):
            row = json.loads(line, parse_float=Decimal)
            rows[table][row["id"]] = {name: row[name] for name in declared.columns}
            for name, column in declared.columns.items():
                if column.has_key:
                    assert row[f"{name}_key"] == column.key_of(row[name])
    return rows


def comparable(column: Column, value: Any) -> Any:
    """A value of ours, or one as JSON has it, as both can be compared."""
    if value is None:
        return None
    if column.kind == "timestamp":
        return datetime.fromisoformat(str(value))
    if column.kind in ("number", "decimal"):
        return Decimal(repr(value) if isinstance(value, float) else value)
    return value


def assert_kept(change: Change, before: Rows, after: Rows) -> None:
    for table, old_table in change.tables.items():
        if table not in change.after or old_table not in before:
            continue
        columns = change.after[table].columns
        assert set(after[table]) == set(before[old_table])
        for id_, row in before[old_table].items():
            for name, column in columns.items():
                old = change.columns.get((table, name))
                value = column.default if old is None else row[old]
                if value is None and not column.nullable:
                    value = column.default
                found = after[table][id_][name]
                assert comparable(column, found) == comparable(column, value), (table, name)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(data=st.data())
def test_rows_are_kept_there_and_back_and_tables_are_as_if_made_at_once(
    server: Postgresql, data: st.DataObject
) -> None:
    begin_anew(server)
    with tempfile.TemporaryDirectory() as place:
        home = Home("app", Path(place) / "migrations")
        world = data.draw(some_world())
        make(home, "step", schemas_of(world))
        server.run(script(home, "up"))
        for _ in range(data.draw(st.integers(1, 3))):
            add_rows(data, server, world)
            world = take_a_step(data, server, home, world)


def script(home: Home, half: str) -> str:
    """The last migration's."""
    return sorted((home.folder / "postgresql").glob(f"*.{half}.sql"))[-1].read_text("utf-8")


def take_a_step(data: st.DataObject, server: Postgresql, home: Home, world: World) -> World:
    change = data.draw(some_change(world))
    kept = home.folder.with_name("kept")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(home.folder, kept)
    try:
        schemas = schemas_of(change.after)
        if not make(home, "step", schemas, renames=change.renames, narrowed=change.narrowed):
            return world
    except Unprocessable:
        return world
    before = rows_of(server, world)
    shape = server.shape()
    assert shape == fresh_shape(server, world)
    try:
        server.run(script(home, "up"))
    except SqlFailed:
        event("rows do not fit")
        assert server.shape() == shape
        assert rows_of(server, world) == before
        shutil.rmtree(home.folder)
        shutil.copytree(kept, home.folder)
        return world
    event("applied")
    assert server.shape() == fresh_shape(server, change.after)
    assert_kept(change, before, rows_of(server, change.after))
    back = change.world_after_the_way_back()
    server.run(script(home, "down"))
    assert server.shape() == fresh_shape(server, back)
    server.run(script(home, "up"))
    assert server.shape() == fresh_shape(server, change.after)
    assert_kept(change, before, rows_of(server, change.after))
    return change.after


def one(column: Column) -> World:
    return {"ants": Declared({"a": column})}


def test_texts_beyond_ascii_get_their_keys_from_the_core_before(
    server: Postgresql, tmp_path: Path
) -> None:
    begin_anew(server)
    home = Home("app", tmp_path)
    make(home, "ants", schemas_of(one(Column("text"))))
    server.run(script(home, "up"))
    server.run(f"INSERT INTO ants (id, a) VALUES ('{uuid4()}', 'Plain'), ('{uuid4()}', 'Straße');")
    make(home, "key", schemas_of(one(Column("text", unique=True))))
    with pytest.raises(SqlFailed) as refused:
        server.run(script(home, "up"))
    assert (
        "ants.a holds texts whose keys PostgreSQL cannot make: add the column a_key (text), "
        "fill it for them with apiwright.core.validation.casefold, and try again"
        in str(refused.value)
    )
    assert server.rows("SELECT a FROM ants ORDER BY a") == ["Plain", "Straße"]
    server.run(
        "ALTER TABLE ants ADD COLUMN a_key text;"
        f"UPDATE ants SET a_key = {literal(casefold('Straße'))} WHERE a = 'Straße';"
    )
    server.run(script(home, "up"))
    assert server.rows("SELECT a_key FROM ants ORDER BY a") == ["plain", "strasse"]
    assert server.shape() == fresh_shape(server, one(Column("text", unique=True)))


def test_domains_beyond_ascii_get_other_keys_from_the_core(
    server: Postgresql, tmp_path: Path
) -> None:
    begin_anew(server)
    home = Home("app", tmp_path)
    make(home, "ants", schemas_of(one(Column("text", unique=True))))
    server.run(script(home, "up"))
    address = "Ada@bücher.example"
    server.run(
        f"INSERT INTO ants VALUES ('{uuid4()}', '{address}', '{casefold(address)}'),"
        f" ('{uuid4()}', 'B@example.org', 'b@example.org'), ('{uuid4()}', 'None', 'none');"
    )
    make(home, "email", schemas_of(one(Column("email", unique=True))))
    with pytest.raises(SqlFailed, match=r"ants\.a holds texts whose keys .*: fill a_key for them"):
        server.run(script(home, "up"))
    server.run(f"UPDATE ants SET a_key = '{email_key(address)}' WHERE a = '{address}';")
    with pytest.raises(SqlFailed, match=r"ants\.a holds texts whose keys"):
        server.run(script(home, "up"))
    server.run("UPDATE ants SET a_key = '' WHERE a = 'None';")
    server.run(script(home, "up"))
    with pytest.raises(SqlFailed, match="fill a_key for them with .*casefold, and"):
        server.run(script(home, "down"))


def test_numbers_that_do_not_fit_are_refused_by_name(server: Postgresql, tmp_path: Path) -> None:
    begin_anew(server)
    home = Home("app", tmp_path)
    make(home, "ants", schemas_of(one(Column("integer"))))
    server.run(script(home, "up"))
    server.run(f"INSERT INTO ants VALUES ('{uuid4()}', 9007199254740993);")
    make(home, "number", schemas_of(one(Column("number"))))
    with pytest.raises(SqlFailed, match=r"ants\.a holds values that do not fit number"):
        server.run(script(home, "up"))


def test_every_type_of_column_has_postgresqls_own(server: Postgresql) -> None:
    begin_anew(server)
    types = {
        line.split(" ", 1)[0].removeprefix("users."): line.split(" ", 1)[1]
        for line in server.shape()
        if line.startswith("users.")
    }
    assert types["id"] == "uuid true "
    assert types["roles"] == "json true '[]'::json"
    assert types["created_at"] == "timestamp with time zone true "
    assert types["version"] == "bigint true 1"
