"""One table, from Python: a Repository beside the standard library's sqlite3.

Both with journal_mode=WAL, synchronous=FULL, foreign_keys=ON and a cache of 16 MB, in /dev/shm
where there is one, so that no disk is measured. sqlite3 keeps its prepared statements by itself.
The Repository writes on a thread of its own, whose CPU is counted.
"""

import atexit
import itertools
import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

from apiwright.core.database import Database
from apiwright.core.repositories import Repository
from apiwright.core.validation import Column, Schema
from bench.micro.measure import Row

_ROWS, _BATCH, _PAGE = 10_000, 10_000, 20
_COLUMNS = "id, title, amount, created_at"
_INSERT = "INSERT INTO notes (id, title, amount, created_at) VALUES (?, ?, ?, ?)"
_LIST = f"SELECT {_COLUMNS} FROM notes ORDER BY created_at DESC, id DESC LIMIT 20"


@dataclass
class Note:
    title: str
    amount: int
    id: UUID | None = None
    created_at: Annotated[datetime | None, Column(sortable=True)] = None


def rows() -> list[Row]:
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = tempfile.TemporaryDirectory(dir=place)
    atexit.register(folder.cleanup)
    database = Database(f"sqlite:///{folder.name}/notes.db")
    notes = Repository(database, Schema.of(Note, table="notes"))
    notes.create_table()
    ids = notes.insert_many([{"title": f"Note {n}", "amount": n} for n in range(_ROWS)])
    connection = _connection(f"{folder.name}/notes.db", f"{folder.name}/theirs.db")
    return [*_ours(notes, ids), *_theirs(connection)]


def _connection(ours: str, theirs: str) -> sqlite3.Connection:
    """A copy of the same table and its rows."""
    with sqlite3.connect(ours) as source, sqlite3.connect(theirs) as copy:
        source.backup(copy)
    connection = sqlite3.connect(theirs, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-16000;"
    )
    return connection


def _ours(notes: Repository[Note], ids: list[str]) -> list[Row]:
    some = itertools.cycle(ids)
    batch = [{"title": f"Note {n}", "amount": n} for n in range(_BATCH)]
    name = "Repository"
    return [
        Row("get by id", name, lambda: notes.get(next(some))),
        Row(f"list of {_PAGE} and the total", name, lambda: notes.list()),
        Row("insert", name, lambda: notes.insert({"title": "Note", "amount": 1})),
        Row("insert_many of 10,000", name, lambda: notes.insert_many(batch)),
    ]


def _theirs(connection: sqlite3.Connection) -> list[Row]:
    cursor = connection.cursor()
    name = "sqlite3, tuples"
    ids = [row[0] for row in cursor.execute("SELECT id FROM notes").fetchall()]
    created = cursor.execute("SELECT created_at FROM notes").fetchone()[0]
    some = itertools.cycle(ids)
    get = f"SELECT {_COLUMNS} FROM notes WHERE id = ?"

    def found() -> object:
        return cursor.execute(get, (next(some),)).fetchone()

    # Ids in order, as ours: random ones would touch more of the tree.
    fresh = (str(UUID(int=number)) for number in itertools.count(UUID(max(ids)).int + 1))

    def page_and_total() -> object:
        page = cursor.execute(_LIST).fetchall()
        return page, cursor.execute("SELECT count(*) FROM notes").fetchone()

    def insert_many() -> None:
        cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(_INSERT, ((next(fresh), "Note", n, created) for n in range(_BATCH)))
        cursor.execute("COMMIT")

    return [
        Row("get by id", name, found),
        Row(f"list of {_PAGE} and the total", name, page_and_total),
        Row("insert", name, lambda: cursor.execute(_INSERT, (next(fresh), "Note", 1, created))),
        Row("insert_many of 10,000", name, insert_many),
    ]
