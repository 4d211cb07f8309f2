"""Rows of a file checked, all of them, and then stored, some at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from apiwright.core.transfer import Import, Imported, Record
from apiwright.errors import AppError, Conflict, MalformedJson, ValidationFailed
from apiwright.transfer.lines import Line
from apiwright.transfer.row_ids import RowIds

__all__ = ["Checked", "Fault", "FaultyRows", "check", "store"]

MAX_FAULTS: Final = 100
"""Lines that are named; the others are counted."""

_BATCH_ROWS: Final = 5000  # the writer's for some 0.05 s
_BATCH_BYTES: Final = 4 * 1024 * 1024


class Fault(NamedTuple):
    """What is the matter with one field of one line."""

    line: int
    field: str
    """Empty for the line as a whole."""
    message: str
    code: str

    def __str__(self) -> str:
        place = f"line {self.line}: {self.field}" if self.field else f"line {self.line}"
        return f"{place}: {self.message} ({self.code})"


class FaultyRows(Exception):
    """The database refuses rows; those of earlier batches are in."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class Checked:
    """What a walk through a file's rows told."""

    rows: int = 0
    without_id: int = 0
    wrong: int = 0
    """Rows with a fault."""
    faults: list[Fault] = field(default_factory=list)
    """Those of the first rows that have any."""

    def note(self, faults: list[Fault]) -> None:
        """One row's."""
        self.wrong += 1
        if self.wrong <= MAX_FAULTS:
            self.faults += faults


Moved = Callable[[int], None]
"""Is told how far it is, in bytes or in rows."""


def check(rows: Iterable[Line], target: Import, moved: Moved) -> Checked:
    """Reads every row and stores none; `moved` is told the bytes read."""
    checked, position = Checked(), 0
    for line in rows:
        position += line.size
        checked.rows += 1
        try:
            if "id" not in _read(target, line):
                checked.without_id += 1
        except AppError as error:
            checked.note(_faults(line, error))
        moved(position)
    return checked


def store(rows: Iterable[Line], target: Import, ids: RowIds, moved: Moved) -> Imported:
    """Stores them in batches, each for good; `moved` is told the rows stored or found.

    Raises FaultyRows, Unavailable."""
    total = Imported(0, 0)
    for lines in _batches(rows):
        done = _store_batch(lines, target, ids)
        total = Imported(total.stored + done.stored, total.present + done.present)
        moved(total.stored + total.present)
    return total


def _store_batch(lines: list[Line], target: Import, ids: RowIds) -> Imported:
    records = [_checked_record(target, line) for line in lines]
    lacking = (
        None if "id" in record else ids.of_line(line.number)
        for record, line in zip(records, lines, strict=True)
    )
    try:
        return target.store(records, list(lacking))
    except Conflict as error:
        raise FaultyRows([_stored_fault(lines, *detail) for detail in error.details]) from None


def _checked_record(target: Import, line: Line) -> Record:
    """It was checked before, but a file may be written to meanwhile."""
    try:
        return _read(target, line)
    except AppError as error:
        raise FaultyRows(_faults(line, error)) from None


def _batches(rows: Iterable[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    size = 0
    for line in rows:
        batch.append(line)
        size += line.size
        if len(batch) == _BATCH_ROWS or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read(target: Import, line: Line) -> Record:
    if line.fault:
        raise ValidationFailed("The line is not valid.", details=[("", line.fault, "format")])
    return target.read(line.body)


def _faults(line: Line, error: AppError) -> list[Fault]:
    if isinstance(error, MalformedJson) and not error.details:
        return [Fault(line.number, "", error.message, "json")]
    return [Fault(line.number, *detail) for detail in error.details]


def _stored_fault(lines: list[Line], path: str, message: str, code: str) -> Fault:
    """Of `[7].email` in a batch."""
    place, _, name = path.partition(".")
    return Fault(lines[int(place.strip("[]"))].number, name, message, code)
