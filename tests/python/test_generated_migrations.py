"""Migrations made from generated changes of declarations keep every row, there and back."""

import contextlib
import re
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from apiwright.core.database import Database
from apiwright.core.repositories import Repository, create_table_sql
from apiwright.core.validation import Schema
from apiwright.errors import Conflict, InternalError, Unprocessable
from apiwright.migrations import Home, MigrationSet, make
from tests.support.declarations import Change, World, schemas_of, some_change, some_world

OWN = sorted((Path(__file__).parents[2] / "migrations/sqlite").glob("*.up.sql"))

REFUSALS = [
    r"\w+\.\w+: It is new and may not be null, but rows that are there have no value for it: .*",
    r"\w+\.\w+: It is new and unique, but all rows that are there would get its one default: .*",
    r"\w+\.\w+: It may no longer be null, but rows may have no value: .*",
    r"\w+\.\w+: Not every .* fits .*: once all of them do, add --narrow .*",
    r"\w+\.\w+: Its values do not become .* from .* by themselves: .*",
    r"\w+\.\w+: Rows may have a value that is none of it any more: .*",
]

Rows = dict[str, dict[str, dict[str, Any]]]
"""By table and id."""


class Project:
    """A developer's folder: a database, migrations, and what is declared now."""

    def __init__(self, folder: Path, world: World) -> None:
        self.folder = folder
        self.home = Home("app", folder / "migrations")
        self.url = f"sqlite:///{folder}/test.db"
        self.database = Database(self.url)
        self.world: World = {}
        assert self.make(Change({}, world, {}, {}, [], [])) == []
        self.up()
        self.world = world

    @property
    def file(self) -> Path:
        return self.folder / "test.db"

    def make(self, change: Change) -> list[str]:
        """Writes the migration; the refusals when it is refused."""
        kept = self._files()
        try:
            made = make(
                self.home,
                "step",
                schemas_of(change.after),
                renames=change.renames,
                narrowed=change.narrowed,
            )
        except Unprocessable as error:
            assert self._files() == kept
            return [f"{field}: {message}" for field, message, _ in error.details]
        if made is None:
            return ["nothing to do"]
        assert make(self.home, "again", schemas_of(change.after)) is None
        return []

    def _files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.home.folder.rglob("*") if path.is_file()}

    def migrations(self) -> MigrationSet:
        return MigrationSet(self.url, self.home)

    def up(self) -> None:
        self.migrations().up(self.database.runner)  # type: ignore[arg-type]

    def down(self) -> None:
        self.migrations().down(self.database.runner)  # type: ignore[arg-type]

    def forget(self, kept: Path) -> None:
        """Takes the files of a migration back that could not be applied."""
        shutil.rmtree(self.home.folder)
        shutil.copytree(kept, self.home.folder)

    def repository(self, world: World, table: str) -> Repository[dict[str, Any]]:
        fields = world[table].fields(table)
        return Repository(self.database, Schema.of_fields(table.capitalize(), fields, table=table))

    def rows(self, world: World) -> Rows:
        return {
            table: {
                str(row["id"]): row for row in self.repository(world, table).iterate(batch=1000)
            }
            for table in world
        }

    def check_keys(self, world: World) -> None:
        """Every key is what the core makes of its text."""
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            for table, declared in world.items():
                for name, column in declared.columns.items():
                    if not column.has_key:
                        continue
                    query = f'SELECT "{name}", "{name}_key" FROM "{table}"'
                    for text, key in connection.execute(query):
                        assert key == column.key_of(text)

    def shape(self) -> list[str]:
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            check_versions(connection)
            return shape_of(connection)


def check_versions(connection: sqlite3.Connection) -> None:
    """Every table that is declared has its three triggers and its row."""
    tables = connection.execute("SELECT table_name FROM table_versions ORDER BY 1").fetchall()
    triggers = connection.execute("SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger'")
    assert Counter(triggers) == dict.fromkeys(tables, 3)


def shape_of(connection: sqlite3.Connection) -> list[str]:
    """Columns, types, nullability, defaults, indexes, references and rules, in no order of ours."""
    lines = connection.execute(
        """
        SELECT 'column', t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
          FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'
        UNION ALL SELECT 'reference', t.name, f."from", f."table", f."to", 0, 0
          FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
        UNION ALL SELECT 'index', tbl_name, sql, 0, 0, 0, 0
          FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
        """
    ).fetchall()
    shape = [" ".join(map(str, line)).replace('"', "") for line in lines]
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        shape += [f"rule {name} {rule}" for rule in rules_in(sql)]
    left_out = ("schema_migrations", "table_versions")
    return sorted(line for line in shape if not any(name in line for name in left_out))


def rules_in(sql: str) -> Iterator[str]:
    """Every named CHECK, from its name to its closing parenthesis."""
    for match in re.finditer(r'CONSTRAINT "?(\w+)"? CHECK \(', sql):
        depth, end = 1, match.end()
        quoted = False
        while depth:
            quoted ^= sql[end] == "'"
            depth += 0 if quoted else {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        yield f"{match[1]} {sql[match.end() : end]}".replace('"', "")


def fresh_shape(world: World) -> list[str]:
    """The shape when the tables are made at once."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for path in OWN:
            connection.executescript(path.read_text("utf-8"))
        for schema in schemas_of(world):
            if schema.table == "users":
                connection.execute("DROP TABLE users")
            connection.executescript(create_table_sql(schema))
        return shape_of(connection)


def add_rows(data: st.DataObject, project: Project) -> None:
    """A few rows in every table, as the declarations want them."""
    ids: dict[str, list[str]] = {table: list(rows) for table, rows in _ids(project).items()}
    for table, declared in project.world.items():
        for number in range(data.draw(st.integers(0, 3))):
            row: dict[str, Any] = {}
            if table == "users":
                row = {"email": f"u{len(ids[table])}x{number}@example.org", "name": "U"}
            for name, column in declared.columns.items():
                if column.references:
                    choices = [None, *ids.get(column.references, [])]
                    row[name] = data.draw(st.sampled_from(choices))
                elif column.nullable and data.draw(st.booleans()):
                    row[name] = None
                else:
                    row[name] = data.draw(column.some_value())
            if any(row[n] is None and not c.nullable for n, c in declared.columns.items()):
                continue
            with contextlib.suppress(Conflict):
                stored = project.repository(project.world, table).insert(row)
                ids[table].append(str(stored["id"]))


def _ids(project: Project) -> Rows:
    return project.rows(project.world)


def expected(change: Change, before: Rows) -> Rows:
    """What the rows hold after the change."""
    rows: Rows = {table: {} for table in change.after}
    for table, declared in change.after.items():
        old_table = change.tables.get(table)
        if old_table not in before:
            continue
        for id_, row in before[old_table].items():
            rows[table][id_] = {name: _value(change, table, name, row) for name in declared.columns}
    return rows


def _value(change: Change, table: str, name: str, row: dict[str, Any]) -> Any:
    old = change.columns.get((table, name))
    column = change.after[table].columns[name]
    if old is None:
        return column.default
    value = row[old]
    return column.default if value is None and not column.nullable else value


def assert_holds(found: Rows, wanted: Rows) -> None:
    for table, rows in wanted.items():
        for id_, row in rows.items():
            assert {name: found[table][id_][name] for name in row} == row


def declared_values(rows: Rows, world: World) -> Rows:
    return {
        table: {id_: {name: row[name] for name in world[table].columns} for id_, row in of.items()}
        for table, of in rows.items()
        if table in world
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_rows_are_kept_there_and_back_and_tables_are_as_if_made_at_once(
    data: st.DataObject,
) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = Project(Path(place), data.draw(some_world()))
        try:
            for _ in range(data.draw(st.integers(1, 4))):
                add_rows(data, project)
                take_a_step(data, project)
        finally:
            project.database.close()


def take_a_step(data: st.DataObject, project: Project) -> None:
    change = data.draw(some_change(project.world))
    kept = project.folder / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(project.home.folder, kept)
    refusals = project.make(change)
    if refusals:
        event("refused" if refusals != ["nothing to do"] else "nothing to do")
        known = [*REFUSALS, "nothing to do"]
        assert all(any(re.fullmatch(k, r) for k in known) for r in refusals), refusals
        return
    before = declared_values(project.rows(change.before), change.before)
    shape = project.shape()
    assert shape == fresh_shape(change.before)
    try:
        project.up()
    except (Unprocessable, InternalError) as error:
        event("rows do not fit")
        assert "cannot be run" in error.message
        assert project.shape() == shape  # nothing of it is there
        assert declared_values(project.rows(change.before), change.before) == before
        project.forget(kept)
        return
    event("applied")
    assert project.shape() == fresh_shape(change.after)
    project.check_keys(change.after)
    after = project.rows(change.after)
    wanted = expected(change, before)
    assert_holds(after, wanted)
    assert {table: set(rows) for table, rows in after.items()} == {
        table: set(rows) for table, rows in wanted.items()
    } or "users" in change.after
    project.down()
    back = change.world_after_the_way_back()
    project.check_keys(back)
    assert project.shape() == fresh_shape(back)
    assert_holds(
        project.rows(back),
        {
            old: {
                id_: {name: row[name] for name in kept_names(change, table)}
                for id_, row in before[old].items()
            }
            for table, old in change.tables.items()
            if table in change.after and old in before
        },
    )
    project.up()
    assert project.shape() == fresh_shape(change.after)
    assert_holds(project.rows(change.after), wanted)
    project.world = change.after


def kept_names(change: Change, table: str) -> list[str]:
    """The columns of a table that stay, as they were called, but for nulls that got a value."""
    return [
        old
        for (at, name), old in change.columns.items()
        if at == table and not _is_tightened(change, table, name, old)
    ]


def _is_tightened(change: Change, table: str, name: str, old: str) -> bool:
    before = change.before[change.tables[table]].columns[old]
    return before.nullable and not change.after[table].columns[name].nullable
