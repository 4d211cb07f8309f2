"""The kind of database that whatever a test serves is given; each folder has one of its own."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgresql import Postgresql, running_postgresql

DATABASES = ("sqlite", "postgresql")

_kinds = ["sqlite"]  # the last one counts
_running = contextlib.ExitStack()  # of the server, from its first use to the end of the tests
_servers: list[Postgresql] = []


@contextmanager
def database_for_all(kind: str) -> Iterator[None]:
    """Databases asked for meanwhile are of this kind."""
    _kinds.append(kind)
    try:
        yield
    finally:
        _kinds.pop()


def database_url(folder: Path, name: str) -> str:
    """The same database whenever it is asked for by the same names; empty at first."""
    if _kinds[-1] == "sqlite":
        return f"sqlite:///{folder}/{name}.db"
    return _server().database(_name_of(folder, name)).url


def run_sql(folder: Path, name: str, script: str) -> None:
    """Changes what is in such a database, from outside of what is served."""
    if _kinds[-1] == "postgresql":
        _server().database(_name_of(folder, name)).run(script)
        return
    with contextlib.closing(sqlite3.connect(folder / f"{name}.db", timeout=30)) as database:
        database.executescript(script)


def sql_rows(folder: Path, name: str, query: str) -> list[str]:
    """The rows of a query with one column."""
    if _kinds[-1] == "postgresql":
        return _server().database(_name_of(folder, name)).rows(query)
    with contextlib.closing(sqlite3.connect(folder / f"{name}.db", timeout=30)) as database:
        return [str(row[0]) for row in database.execute(query)]


@contextmanager
def writes_held_up(folder: Path, name: str) -> Iterator[None]:
    """A write of a user is under way for as long as one likes."""
    if _kinds[-1] == "postgresql":
        with _server().database(_name_of(folder, name)).locked("users"):
            yield
        return
    path = folder / f"{name}.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def stop_server() -> None:
    """Ends the server that holds those of PostgreSQL, if any was asked for."""
    _servers.clear()
    _running.close()


def _server() -> Postgresql:
    if not _servers:
        _servers.append(_running.enter_context(running_postgresql()))
    return _servers[0]


def _name_of(folder: Path, name: str) -> str:
    return "t" + hashlib.sha256(f"{folder}/{name}".encode()).hexdigest()[:20]
