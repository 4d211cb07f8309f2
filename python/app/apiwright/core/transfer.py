"""Rows in bulk: those of a table as JSON lines, and such lines stored again."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

from apiwright._core.repositories import ExportedRows, OnConflict
from apiwright._core.repositories import Repository as CoreRepository
from apiwright._core.validation import BodyReader, Record
from apiwright.core.database import Database
from apiwright.core.validation.schema import Schema

__all__ = ["Export", "Import", "Imported", "Record"]

_BATCH: Final = 1000  # rows read at a time
_ON_CONFLICT: Final = {"fail": OnConflict.FAIL, "skip": OnConflict.SKIP}


class Imported(NamedTuple):
    """What became of rows."""

    stored: int
    present: int
    """Their ids were there, and nothing was written."""


class Export:
    """All rows of a table, as answers show them to whom every field is readable, of one moment.

    Rows that are softly deleted, and what no answer shows, are not among them."""

    def __init__(self, database: Database, schema: Schema[Any]) -> None:
        """Opens nothing."""
        self._database = database
        self._rows = CoreRepository(schema.core)
        self.json_schema: dict[str, Any] = json.loads(schema.core.row_json_schema())
        """JSON Schema of each row."""

    def begin(self) -> tuple[int, Iterator[bytes]]:
        """How many rows there are now, and all of them as JSON lines, some at a time.

        The moment lasts as long as the iterator. Raises Unavailable."""
        rows = ExportedRows(self._rows, self._database.core)
        return rows.total, iter(lambda: rows.next(_BATCH), b"")


class Import:
    """Stores rows that were exported, or written by hand in that form.

    What they bring of `id`, times and `version` is kept. No rule and no hook is asked."""

    def __init__(
        self,
        database: Database,
        schema: Schema[Any],
        *,
        on_conflict: Literal["fail", "skip"] = "fail",
    ) -> None:
        """`on_conflict`: of an id that is there with other values, or was deleted."""
        self._database = database
        self._rows = CoreRepository(schema.core)
        self._reader = BodyReader.importing(schema.core)
        self._on_conflict = _ON_CONFLICT[on_conflict]
        self.json_schema: dict[str, Any] = json.loads(self._reader.json_schema())
        """JSON Schema of each row."""

    def read(self, line: bytes) -> Record:
        """A row's checked values. Raises MalformedJson, ValidationFailed."""
        return self._reader.read(line)

    def store(self, records: Sequence[Record], ids: Sequence[str | None]) -> Imported:
        """Stores all of them or none, in one transaction; `ids` are for those that bring none.

        A row that is there, equal in what was given, is left alone. Raises Conflict, whose details
        name every row that the table refuses (`[7].email`), and Unavailable."""
        stored, present = self._rows.import_many(
            self._database.runner, self._database.clock, records, ids, self._on_conflict
        )
        return Imported(stored, present)
