"""apiwright's own migrations for PostgreSQL, run by a real server: they make what SQLite's make."""

import re
import sqlite3
from pathlib import Path

from apiwright._core.repositories import Dialect
from apiwright.core.repositories import create_table_sql, roles_schema, users_schema
from tests.support.postgresql import Postgresql

_FOLDER = Path(__file__).parents[2] / "migrations"
_OF_SQLITE_ALONE = "table_versions"


def stems(dialect: str, half: str) -> list[str]:
    return sorted(
        path.name.removesuffix(f".{half}.sql") for path in (_FOLDER / dialect).glob(f"*.{half}.sql")
    )


def scripts(dialect: str, half: str) -> list[str]:
    return [(_FOLDER / dialect / f"{stem}.{half}.sql").read_text() for stem in stems(dialect, half)]


def migrate(server: Postgresql) -> None:
    """From nothing to the newest."""
    server.clear()
    for script in scripts("postgresql", "up"):
        server.run(script)


def index_in_words(definition: str) -> str:
    """`users UNIQUE (email_key) deleted_at IS NULL`, of what either database calls the index."""
    found = re.fullmatch(
        r"CREATE (UNIQUE )?INDEX (\w+) ON (?:\w+\.)?(\w+) (?:USING btree )?\((.*?)\)"
        r"(?: WHERE \(?(.*?)\)?)?",
        definition,
    )
    assert found, definition
    unique, name, table, columns, rows = (part or "" for part in found.groups())
    return f"{name}: {table} {unique}({columns}) {rows}"


def sqlite_columns(connection: sqlite3.Connection) -> set[str]:
    return {
        f"{table}.{column} {'NOT NULL' if required else ''}"
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if table != _OF_SQLITE_ALONE
        for _, column, _, required, _, _ in connection.execute(f"PRAGMA table_info({table})")
    }


def test_a_change_has_one_number_and_both_halves_in_both_databases() -> None:
    assert stems("postgresql", "up") == stems("sqlite", "up")
    assert stems("postgresql", "down") == stems("postgresql", "up")


def test_they_make_the_columns_and_indexes_that_those_of_sqlite_make(server: Postgresql) -> None:
    migrate(server)
    with sqlite3.connect(":memory:") as connection:
        for script in scripts("sqlite", "up"):
            connection.executescript(script)
        indexes = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        )
        assert set(
            server.rows(
                "SELECT table_name || '.' || column_name || ' ' ||"
                " CASE is_nullable WHEN 'NO' THEN 'NOT NULL' ELSE '' END"
                " FROM information_schema.columns WHERE table_schema = 'public'"
            )
        ) == sqlite_columns(connection)
        assert {
            index_in_words(line)
            for line in server.rows(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
                " AND indexname NOT LIKE '%_primary_key'"
            )
        } == {index_in_words(sql) for (sql,) in indexes}
    connection.close()


def test_they_make_what_a_declaration_of_users_and_roles_does(server: Postgresql) -> None:
    migrate(server)
    server.run("DROP TABLE sessions, idempotency_keys")
    made = server.shape()
    server.clear()
    for schema in (users_schema(), roles_schema()):
        server.run(create_table_sql(schema, Dialect.POSTGRESQL))
    assert made == server.shape()


def test_text_is_ordered_by_its_bytes(server: Postgresql) -> None:
    migrate(server)
    assert not server.rows(
        "SELECT table_name || '.' || column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'text'"
        " AND collation_name IS DISTINCT FROM 'C'"
    )


def test_taken_back_they_leave_nothing(server: Postgresql) -> None:
    migrate(server)
    for script in reversed(scripts("postgresql", "down")):
        server.run(script)
    assert not server.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    )
