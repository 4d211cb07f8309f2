"""Lines of a file, each with its number, and no longer than a row may be."""

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

__all__ = ["MAX_LINE", "Line", "rows_of", "text_lines"]

MAX_LINE: Final = 10 * 1024 * 1024
"""Bytes of one row, as of a body."""

_BOM: Final = b"\xef\xbb\xbf"
_PIECE: Final = 64 * 1024


class Line(NamedTuple):
    """A row in a file, or what is the matter with it."""

    number: int
    """Of its first line, from 1."""
    body: bytes
    """The row as JSON."""
    size: int
    """Bytes in the file."""
    fault: str = ""
    """Why it could not be read at all; then there is no body."""


def text_lines(file: BinaryIO) -> Iterator[Line]:
    """Every line with its end, a byte order mark in front of the first left away."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            yield Line(number, b"", len(line) + _skip_rest(file, line), "Is longer than 10 MiB.")
        else:
            body = line.removeprefix(_BOM) if number == 1 else line
            yield Line(number, body, len(line))


def rows_of(file: BinaryIO) -> Iterator[Line]:
    """The rows of an NDJSON file; empty lines are passed over."""
    for line in text_lines(file):
        if line.fault or line.body.strip():
            yield line


def _skip_rest(file: BinaryIO, line: bytes) -> int:
    """Reads on to the end of a line that is too long; how many bytes that was."""
    skipped = 0
    while line and not line.endswith(b"\n"):
        line = file.readline(_PIECE)
        skipped += len(line)
    return skipped
