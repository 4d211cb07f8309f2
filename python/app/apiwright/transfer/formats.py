"""The forms that rows have in files."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any, BinaryIO, Final, NamedTuple

from apiwright.transfer.csv import CsvReader, CsvWriter, columns_of
from apiwright.transfer.lines import Line, rows_of

__all__ = ["FORMATS", "Format", "Written", "format_named", "format_of_file"]


class Written(NamedTuple):
    """How rows are written."""

    header: bytes
    rows: Callable[[bytes], bytes]
    """Of JSON lines."""


class Format(NamedTuple):
    """One form."""

    name: str
    suffixes: frozenset[str]
    read: Callable[[BinaryIO, Mapping[str, Any]], Iterable[Line]]
    """The rows of a file, by the JSON Schema of each; its beginning is read at once. Raises
    HeaderFault."""
    written: Callable[[Mapping[str, Any]], Written]


def _written_csv(schema: Mapping[str, Any]) -> Written:
    writer = CsvWriter(columns_of(schema))
    return Written(writer.header(), writer.rows)


FORMATS: Final = (
    Format(
        name="ndjson",
        suffixes=frozenset({".ndjson", ".jsonl"}),
        read=lambda file, _: rows_of(file),
        written=lambda _: Written(b"", bytes),
    ),
    Format(
        name="csv",
        suffixes=frozenset({".csv"}),
        read=lambda file, schema: CsvReader(file, columns_of(schema)),
        written=_written_csv,
    ),
)


def format_named(name: str) -> Format | None:
    """By its name."""
    return next((each for each in FORMATS if each.name == name), None)


def format_of_file(name: str) -> Format | None:
    """By the suffix of a file's name."""
    suffix = PurePath(name).suffix.lower()
    return next((each for each in FORMATS if suffix in each.suffixes), None)
