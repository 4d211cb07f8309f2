"""Ids of rows that bring none: the same each time a file's import is begun again."""

import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import Self
from uuid import UUID

from apiwright import private_files

__all__ = ["RowIds"]


class RowIds:
    """UUIDv7 by the number of a row's line: as if made when the import first began, in the file's
    order. What makes them is kept in a file until the import is complete."""

    def __init__(self, started: int, key: bytes, path: Path | None = None) -> None:
        """`started`: milliseconds since 1970."""
        self._started = started
        self._key = key
        self._path = path

    @classmethod
    def new(cls) -> Self:
        """Others each time."""
        return cls(time.time_ns() // 1_000_000, secrets.token_bytes(32))

    @classmethod
    def kept(cls, path: Path) -> Self:
        """Those of the file, which is made when it is not there.

        Raises OSError, SettingsError, ValueError."""
        made = cls.new()
        private_files.create(path, json.dumps({"started": made._started, "key": made._key.hex()}))
        held = json.loads(private_files.read(path))
        return cls(int(held["started"]), bytes.fromhex(held["key"]), path)

    def of_line(self, number: int) -> str:
        """The id of the row that begins there."""
        random = hashlib.blake2b(number.to_bytes(8), key=self._key, digest_size=8).digest()
        counter = number & 0xFFFFFFFF  # RFC 9562, 6.2, method 1: in the highest of the random bits
        bits = self._started << 80 | 0x7 << 76 | (counter >> 20) << 64 | 0b10 << 62
        bits |= (counter & 0xFFFFF) << 42 | int.from_bytes(random) >> 22
        return str(UUID(int=bits))

    def forget(self) -> None:
        """The import is complete."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
