"""What everything else stands on: clocks and secrets."""

from typing import Final, Never

ERROR_CODES: Final[tuple[tuple[str, int], ...]]
"""Each error code with its HTTP status."""

class _Class(type):
    """What every class of the core is made by; no name at runtime."""

class Clock(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    def now(self) -> int: ...

class SystemClock(Clock):
    def __init__(self) -> None: ...

class ManualClock(Clock):
    def __init__(self, start: int) -> None:
        """`start` in milliseconds since 1970, UTC."""

    def advance(self, milliseconds: int) -> None: ...

def generate_uuid() -> str: ...

class Secret(metaclass=_Class):
    def __init__(self, text: str) -> None: ...
    def __bool__(self) -> bool: ...
