"""Files that rows come from and go to."""

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

__all__ = ["STANDARD", "opened", "replaced"]

STANDARD: Final = "-"
"""Standard input, or output."""

_PIECE: Final = 1024 * 1024


@contextlib.contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """A file that can be read twice: what can't be, such as a pipe, is first copied.

    Raises OSError."""
    with contextlib.ExitStack() as stack:
        file: BinaryIO = sys.stdin.buffer if name == STANDARD else stack.enter_context(_read(name))
        if not file.seekable():
            copy = stack.enter_context(tempfile.TemporaryFile())
            while piece := file.read(_PIECE):
                copy.write(piece)
            file = cast(BinaryIO, copy)
        file.seek(0)
        yield file


def _read(name: str) -> BinaryIO:
    return open(name, "rb")  # noqa: SIM115 - the caller's stack closes it


@contextlib.contextmanager
def replaced(name: str) -> Iterator[IO[bytes]]:
    """What is written takes a file's place when the block ends well, for its owner's eyes alone.

    What is no file, such as a device, is written as it comes. Raises OSError."""
    path = Path(os.path.realpath(name))
    if name == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
    else:
        with _draft(path) as draft:
            yield draft


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[IO[bytes]]:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
