"""Rows of a schema in a table: found, listed and changed, waiting or awaited.

from dataclasses import dataclass
from uuid import UUID

from apiwright.core.database import Database
from apiwright.core.repositories import Repository
from apiwright.core.validation import Schema

@dataclass
class Note:
    title: str
    id: UUID | None = None

notes = Repository(Database("sqlite:///./notes.db"), Schema.of(Note, table="notes"))
notes.create_table()
note = notes.insert(Note("Call Ada"))
"""

import contextlib
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from apiwright._core.base import generate_uuid
from apiwright._core.repositories import Repository as CoreRepository
from apiwright._core.repositories import (
    create_table_sql,
    list_operators,
    roles_schema,
    sessions_schema,
    users_schema,
)
from apiwright._core.validation import Record
from apiwright.core.bridge import call
from apiwright.core.database import Database
from apiwright.core.validation.schema import Schema
from apiwright.errors import InternalError, NotFound, Unavailable, ValidationFailed

__all__ = [
    "Page",
    "Repository",
    "create_table_sql",
    "list_operators",
    "new_id",
    "roles_schema",
    "sessions_schema",
    "users_schema",
]

T = TypeVar("T")

Ids = list[str]  # Repository.list is a method
Records = list[Record]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list: `rows`, and how many there are in all (`total`)."""

    rows: list[T]
    total: int
    page: int
    limit: int

    @property
    def total_pages(self) -> int:
        """How many pages of this limit there are."""
        return -(-self.total // self.limit)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Repository(Generic[T]):
    """Rows of one schema. Safe to share between threads; each call is a transaction of its own, or
    joins the one open here (Database.transaction()).

    The schema has `id` (uuid); `created_at`, `updated_at`, `version` (from 1) and `deleted_at`
    (rows are then deleted softly) are kept up to date where it has them. Values are checked by the
    rules that hold for JSON. Each method has an awaitable twin with the prefix `a`.

    All raise Unavailable when the database is too busy or has no such table, Timeout past a limit.
    """

    MAX_BATCH = CoreRepository.MAX_BATCH
    """Rows in one insert_many()."""

    def __init__(self, database: Database, schema: Schema[T]) -> None:
        """Opens nothing. Raises ValueError for a schema without a table or an id."""
        if not schema.table:
            raise ValueError(f'{schema!r} names no table: give it one, table="…"')
        self._database = database
        self._schema = schema
        self._make: Callable[[Record], T] = schema.shape.make
        self._core = CoreRepository(schema.core)
        self._find = self._core.find

    def __repr__(self) -> str:
        return f"<Repository {self._schema.core.title} in {self._database!r}>"

    def create_table(self) -> None:
        """Makes the table with its constraints and indexes, unless it is there.

        Raises Unprocessable naming the fields that an existing table has no column for.
        """
        self._core.create_table(self._database.runner)

    async def acreate_table(self) -> None:
        """create_table(), awaited."""
        await call(self._core.start_create_table, self._database.runner)

    def find(self, id: "str | UUID") -> T | None:
        """The row, or None."""
        with _table_needed():
            record = self._find(self._database.runner, _id(id))
        return None if record is None else self._make(record)

    async def afind(self, id: "str | UUID") -> T | None:
        """find(), awaited."""
        with _table_needed():
            record = await call(self._core.start_find, self._database.runner, _id(id))
        return None if record is None else self._make(record)

    def get(self, id: "str | UUID") -> T:
        """The row. Raises NotFound."""
        row = self.find(id)
        if row is None:
            raise self._nothing()
        return row

    async def aget(self, id: "str | UUID") -> T:
        """get(), awaited."""
        row = await self.afind(id)
        if row is None:
            raise self._nothing()
        return row

    def find_by(self, **value: Any) -> T | None:
        """The row with this value of one unique field (`find_by(email="…")`), or None.

        Text is compared as the constraint does, ignoring case. Raises ValidationFailed, ValueError.
        """
        field, values = self._one(value)
        with _table_needed():
            record = self._core.find_by(self._database.runner, field, values)
        return None if record is None else self._make(record)

    async def afind_by(self, **value: Any) -> T | None:
        """find_by(), awaited."""
        field, values = self._one(value)
        with _table_needed():
            record = await call(self._core.start_find_by, self._database.runner, field, values)
        return None if record is None else self._make(record)

    def list(
        self, *, page: int = 1, limit: int = 20, sort: str = "", search: str = "", **filters: Any
    ) -> Page[T]:
        """A page (from 1) of at most `limit` (1 to 1000) rows, and the total.

        `sort="-created_at,title"`: a - turns an order round; without it the newest come first.
        `search` is found inside searchable fields, ignoring case. `filters`: fields that equal a
        value; None for rows without one. Raises ValidationFailed naming each that is wrong.
        """
        with _table_needed():
            records, total = self._core.list(
                self._database.runner, page, limit, self._sort(sort), search, self._values(filters)
            )
        return Page([self._make(record) for record in records], total, page, limit)

    async def alist(
        self, *, page: int = 1, limit: int = 20, sort: str = "", search: str = "", **filters: Any
    ) -> Page[T]:
        """list(), awaited."""
        values = self._values(filters)
        runner = self._database.runner
        with _table_needed():
            records, total = await call(
                self._core.start_list, runner, page, limit, self._sort(sort), search, values
            )
        return Page([self._make(record) for record in records], total, page, limit)

    def count(self, *, search: str = "", **filters: Any) -> int:
        """How many rows list() would have in all. Raises ValidationFailed."""
        with _table_needed():
            return self._core.count(self._database.runner, search, self._values(filters))

    async def acount(self, *, search: str = "", **filters: Any) -> int:
        """count(), awaited."""
        values = self._values(filters)
        with _table_needed():
            found: int = await call(self._core.start_count, self._database.runner, search, values)
        return found

    def iterate(self, *, batch: int = 1000, search: str = "", **filters: Any) -> Iterator[T]:
        """Every row in the order of the ids, `batch` of them read at a time.

        Each batch is a snapshot of its own. Raises ValidationFailed.
        """
        values = self._values(filters)
        last: str | None = None
        while True:
            with _table_needed():
                records = self._core.list_after(
                    self._database.runner, last, _batch(batch), search, values
                )
            yield from map(self._make, records)
            if len(records) < batch:
                return
            last = str(records[-1]["id"])

    async def aiterate(
        self, *, batch: int = 1000, search: str = "", **filters: Any
    ) -> AsyncIterator[T]:
        """iterate() for `async for`."""
        values = self._values(filters)
        last: str | None = None
        while True:
            runner = self._database.runner
            with _table_needed():
                records = await call(
                    self._core.start_list_after, runner, last, _batch(batch), search, values
                )
            for record in records:
                yield self._make(record)
            if len(records) < batch:
                return
            last = str(records[-1]["id"])

    def insert(self, row: Any) -> T:
        """Stores a row under a new id (UUIDv7); as stored.

        Raises ValidationFailed, Conflict naming a taken value, Unprocessable naming a reference to
        nothing.
        """
        record = self._schema.record(row)
        with _table_needed():
            return self._make(
                self._core.insert(self._database.runner, self._database.clock, record)
            )

    async def ainsert(self, row: Any) -> T:
        """insert(), awaited."""
        record = self._schema.record(row)
        with _table_needed():
            stored = await call(
                self._core.start_insert, self._database.runner, self._database.clock, record
            )
        return self._make(stored)

    def insert_many(self, rows: Iterable[Any]) -> Ids:
        """Stores all of them or none, at most MAX_BATCH; their ids.

        Errors name a field as `[7].title`. Raises as insert(), and ValueError for too many.
        """
        records = self._records(rows)
        with _table_needed():
            return self._core.insert_many(self._database.runner, self._database.clock, records)

    async def ainsert_many(self, rows: Iterable[Any]) -> Ids:
        """insert_many(), awaited. Checking is done at once."""
        records = self._records(rows)
        with _table_needed():
            ids: Ids = await call(
                self._core.start_insert_many, self._database.runner, self._database.clock, records
            )
        return ids

    def update(
        self, id: "str | UUID", changes: Mapping[str, Any], *, version: int | None = None
    ) -> T:
        """Lays `changes` over the row; as stored. Nothing different: nothing written.

        Each field named gets a whole new value, a dict in the place of a nested object too: unlike
        a PATCH (RFC 7396) nothing inside is merged with what was there, so that a field holds what
        it was given. None empties a field that may be null or left out, and sets the default of
        one that has it.

        Raises NotFound, PreconditionFailed when its version is not `version`, and as insert().
        """
        record = self._schema.changes(changes)
        with _table_needed():
            stored = self._core.update(
                self._database.runner, self._database.clock, _id(id), record, version
            )
        if stored is None:
            raise self._nothing()
        return self._make(stored)

    async def aupdate(
        self, id: "str | UUID", changes: Mapping[str, Any], *, version: int | None = None
    ) -> T:
        """update(), awaited."""
        record = self._schema.changes(changes)
        runner, clock = self._database.runner, self._database.clock
        with _table_needed():
            stored = await call(self._core.start_update, runner, clock, _id(id), record, version)
        if stored is None:
            raise self._nothing()
        return self._make(stored)

    def delete(self, id: "str | UUID", *, version: int | None = None) -> None:
        """Deletes the row, softly where the schema has `deleted_at`.

        Raises NotFound, PreconditionFailed, Unprocessable when other rows refer to it.
        """
        with _table_needed():
            removed = self._core.remove(
                self._database.runner, self._database.clock, _id(id), version
            )
        if not removed:
            raise self._nothing()

    async def adelete(self, id: "str | UUID", *, version: int | None = None) -> None:
        """delete(), awaited."""
        runner, clock = self._database.runner, self._database.clock
        with _table_needed():
            removed = await call(self._core.start_remove, runner, clock, _id(id), version)
        if not removed:
            raise self._nothing()

    def restore(self, id: "str | UUID", *, version: int | None = None) -> T:
        """Undoes a soft deletion; the row as stored. One that is not deleted stays as it is.

        Raises NotFound, PreconditionFailed when its version is not `version`, Conflict naming a
        value that was taken meanwhile, ValueError for a schema without `deleted_at`.
        """
        with _table_needed():
            stored = self._core.restore(
                self._database.runner, self._database.clock, _id(id), version
            )
        if stored is None:
            raise self._nothing()
        return self._make(stored)

    async def arestore(self, id: "str | UUID", *, version: int | None = None) -> T:
        """restore(), awaited."""
        runner, clock = self._database.runner, self._database.clock
        with _table_needed():
            stored = await call(self._core.start_restore, runner, clock, _id(id), version)
        if stored is None:
            raise self._nothing()
        return self._make(stored)

    def _values(self, values: dict[str, Any]) -> dict[str, Any]:
        column = self._schema.column
        return _plain_values({column(name): value for name, value in values.items()})

    def _one(self, value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if len(value) != 1:
            raise ValueError("find_by() takes one field")
        values = self._values(value)
        return next(iter(values)), values

    def _sort(self, sort: str) -> str:
        column = self._schema.column
        return re.sub(r"\w+", lambda name: column(name[0]), sort)

    def _records(self, rows: Iterable[Any]) -> Records:
        records = []
        for position, row in enumerate(rows):
            try:
                records.append(self._schema.record(row))
            except ValidationFailed as error:
                raise ValidationFailed(
                    error.message,
                    [
                        (f"[{position}].{field}" if field else f"[{position}]", message, code)
                        for field, message, code in error.details
                    ],
                ) from None
        return records

    def _nothing(self) -> NotFound:
        return NotFound(f"There is no {self._schema.core.title} with this id.")


class _TableNeeded(contextlib.AbstractContextManager[None]):
    """Says what to do about a missing table: a notebook's first mistake."""

    _SIGN = "SQLite: no such table: "

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, InternalError) and error.cause.startswith(self._SIGN):
            table = error.cause.removeprefix(self._SIGN).removeprefix("main.")
            raise Unavailable(
                f"There is no table `{table}`: call create_table() or run the migrations.",
                cause=error.cause,
            ) from None


_TABLE_NEEDED = _TableNeeded()


def _table_needed() -> _TableNeeded:
    return _TABLE_NEEDED


def new_id() -> UUID:
    """An id as rows get it (UUIDv7, RFC 9562): later ones sort after earlier ones."""
    return UUID(generate_uuid())


def plain(value: object) -> Any:
    """A value as JSON holds it. Raises TypeError for one that has no such form."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} has no form in JSON")


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    simple = (str, int, type(None), float)
    return {
        name: value if isinstance(value, simple) and not isinstance(value, Enum) else plain(value)
        for name, value in values.items()
    }


def _id(id: "str | UUID") -> str:
    return id if isinstance(id, str) else str(id)


def _batch(batch: int) -> int:
    if batch < 1:
        raise ValueError("batch must be at least 1")
    return batch
