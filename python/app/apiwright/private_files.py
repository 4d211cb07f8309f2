"""Files that hold keys: for their owner alone, and never seen half written."""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from apiwright.settings import SettingsError


def read(path: Path) -> str:
    """The text of a private file. Raises SettingsError, OSError, UnicodeError.

    A key that others can read or plant is no secret: the very file that is read is looked at."""
    with path.open(encoding="utf-8") as file:
        facts = os.fstat(file.fileno())
        if facts.st_uid not in (os.geteuid(), 0):
            raise SettingsError(
                [f"{path} belongs to another user: delete it, and a new one is made"]
            )
        if facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(
                [f"{path} is open to other users of this machine: chmod 600 {path}"]
            )
        return file.read()


def create(path: Path, text: str) -> None:
    """Makes the file, unless another process was first.

    A link never replaces a file, and shows it only whole."""
    with _draft(path, text) as draft, contextlib.suppress(FileExistsError):
        os.link(draft, path)


def replace(path: Path, text: str) -> None:
    """Makes the file or takes its place, at once and for good."""
    with _draft(path, text) as draft:
        draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)  # the name, too, survives a power cut
    finally:
        os.close(folder)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time reads and replaces the file; the others wait."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextlib.contextmanager
def _draft(path: Path, text: str) -> Iterator[Path]:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
