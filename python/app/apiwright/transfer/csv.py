"""Rows as CSV (RFC 4180): names on the wire in the first line, text as it is, the rest as JSON.

An empty cell is null where the field may be null, and a field left out elsewhere; `""` is the empty
text. Python's csv module tells the two apart from 3.13 on, hence a reader of our own.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

from apiwright.transfer.lines import MAX_LINE, Line, text_lines

__all__ = ["Column", "CsvReader", "CsvWriter", "HeaderFault", "columns_of"]

_CELL: Final = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|\Z)')
_QUOTED: Final = re.compile(r'[",\r\n]|^\Z|^\s|\s\Z')
_text: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Cell = str | None
"""None where nothing stands between two commas."""


class HeaderFault(ValueError):
    """What is the matter with a file's first line, in a sentence."""


class Column(NamedTuple):
    """A field, as a cell holds it."""

    name: str
    is_text: bool
    """Else its cells are JSON."""
    is_free: bool
    """Text that may be anything, the empty one among it."""
    is_boolean: bool
    is_nullable: bool


def columns_of(schema: Mapping[str, Any]) -> dict[str, Column]:
    """The columns of a row's JSON Schema, by name in its order."""
    return {name: _column(name, field) for name, field in schema["properties"].items()}


def _column(name: str, field: Mapping[str, Any]) -> Column:
    given = field.get("type", [])
    types = [given] if isinstance(given, str) else given
    is_text = "string" in types
    return Column(
        name,
        is_text=is_text,
        is_free=is_text and not ({"format", "enum", "const"} & field.keys()),
        is_boolean="boolean" in types,
        is_nullable="null" in types,
    )


class CsvWriter:
    """Makes CSV of JSON lines."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = list(columns.values())

    def header(self) -> bytes:
        """The first line."""
        return _record(column.name for column in self._columns)

    def rows(self, lines: bytes) -> bytes:
        """A line of cells for each of JSON."""
        return b"".join(
            _record(_cell(column, row[column.name]) for column in self._columns)
            for row in map(json.loads, lines.splitlines())
        )


def _cell(column: Column, value: Any) -> Cell:
    if value is None:
        return None if column.is_nullable else "null"
    return value if column.is_text else _text(value)


def _record(cells: Iterator[Cell]) -> bytes:
    return (",".join("" if cell is None else _quoted(cell) for cell in cells) + "\r\n").encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


class CsvReader:
    """Makes JSON of the records of a CSV file. One walk through it."""

    def __init__(self, file: BinaryIO, columns: Mapping[str, Column]) -> None:
        """Reads the first line. Raises HeaderFault."""
        self._records = _records(file)
        names = self._header()
        unknown = [name for name in names if name not in columns]
        if unknown:
            known = ", ".join(columns)
            raise HeaderFault(f"there is no field {unknown[0]!r}; the fields are {known}")
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise HeaderFault(f"{twice!r} stands in it twice")
        self._members = [_member_maker(columns[name]) for name in names]

    def __iter__(self) -> Iterator[Line]:
        """Each row; empty lines are passed over."""
        for line, record in self._records:
            if record:
                yield self._row(line, record)
            elif line.fault:
                yield line

    def _header(self) -> list[str]:
        line, record = next(self._records, (Line(1, b"", 0), ""))
        cells = _cells(record)
        if line.fault or cells is None or not any(cells):
            raise HeaderFault("it must be the names of fields, with commas between them")
        return [cell or "" for cell in cells]

    def _row(self, line: Line, record: str) -> Line:
        cells = _cells(record)
        if cells is None:
            return line._replace(fault="Has a quotation mark where none may be.")
        if len(cells) != len(self._members):
            expected = f"{len(self._members)} as the first line has"
            return line._replace(fault=f"Has {len(cells)} cells, and not {expected}.")
        members = (make(cell) for make, cell in zip(self._members, cells, strict=True))
        return line._replace(body=f"{{{','.join(filter(None, members))}}}".encode())


def _records(file: BinaryIO) -> Iterator[tuple[Line, str]]:
    """Each record's place and its text without the line's end, which may stand inside of quotes."""
    lines = text_lines(file)
    for first in lines:
        pieces, size, quotes = [first.body], first.size, first.body.count(b'"')
        fault = first.fault
        while quotes % 2 and not fault and (more := next(lines, None)) is not None:
            pieces.append(more.body)
            size += more.size
            quotes += more.body.count(b'"')
            fault = more.fault or ("Is longer than 10 MiB." if size > MAX_LINE else "")
        line = Line(first.number, b"", size, fault)
        yield _decoded(line, b"".join(pieces))


def _decoded(line: Line, record: bytes) -> tuple[Line, str]:
    if line.fault:
        return line, ""
    try:
        return line, record.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        return line._replace(fault="Is not UTF-8."), ""


def _cells(record: str) -> list[Cell] | None:
    """None when the record is no CSV."""
    if '"' not in record:
        return [cell or None for cell in record.split(",")]
    cells: list[Cell] = []
    at = 0
    while found := _CELL.match(record, at):
        quoted, bare, end = found.groups()
        cells.append((bare or None) if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if not end:
            return cells
    return None


def _member_maker(column: Column) -> Callable[[Cell], str]:
    """What makes the JSON member of a cell; empty for a field left out."""
    key = f"{_text(column.name)}:"
    empty = f"{key}null" if column.is_nullable else ""

    def of_text(cell: Cell) -> str:
        if cell is None or (cell == "" and not column.is_free):
            return empty
        return key + _text(cell)

    def of_json(cell: Cell) -> str:
        if not cell:
            return empty
        return key + _as_json(cell.lower() if column.is_boolean else cell)

    return of_text if column.is_text else of_json


def _as_json(cell: str) -> str:
    """The cell where it is one value of JSON; else as text, which the field then refuses."""
    try:
        json.loads(cell, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return _text(cell)
    return cell


def _refuse(constant: str) -> None:
    raise ValueError(constant)
