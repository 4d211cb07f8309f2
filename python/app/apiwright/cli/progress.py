"""How far a command is: a bar on a terminal, elsewhere a line now and then if it takes long."""

import time
from collections.abc import Callable
from typing import Final, Self, TextIO

__all__ = ["Progress"]

_WIDTH: Final = 30
_TERMINAL_PAUSE: Final = 0.1  # seconds between two pictures
_LINE_PAUSE: Final = 5.0


class Progress:
    """Shows it on a stream, which carries nothing else meanwhile."""

    def __init__(
        self,
        stream: TextIO,
        doing: str,
        total: int,
        unit: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream
        self._doing = doing
        self._total = total
        self._unit = unit
        self._is_terminal = stream.isatty()
        self._clock = clock
        self._next = clock() + (0.0 if self._is_terminal else _LINE_PAUSE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._is_terminal:
            self._stream.write("\r\x1b[K")  # the line is free for what comes of it
            self._stream.flush()

    def at(self, done: int) -> None:
        """So much is done."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + (_TERMINAL_PAUSE if self._is_terminal else _LINE_PAUSE)
        self._stream.write(self._bar(done) if self._is_terminal else self._line(done))
        self._stream.flush()

    def _bar(self, done: int) -> str:
        share = min(done / self._total, 1.0) if self._total else 1.0
        full = int(share * _WIDTH)
        return f"\r\x1b[K{self._doing} [{'#' * full}{'.' * (_WIDTH - full)}] {share:4.0%}"

    def _line(self, done: int) -> str:
        return f"{self._doing}: {done} of {self._total} {self._unit}\n"
