"""Durations, sizes and rates as people write them in settings."""

import re
from dataclasses import dataclass
from datetime import timedelta

_DURATION_UNITS = {
    "ms": timedelta(milliseconds=1),
    "": timedelta(seconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_SIZE_UNITS = {"": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
_LONGEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in so much time; the window is whole seconds."""

    requests: int
    window: timedelta

    def __str__(self) -> str:
        return f"{self.requests}/{format_duration(self.window)}"


def parse_duration(text: str) -> timedelta:
    """`90` (seconds), `500ms`, `30s`, `15m`, `1h` or `7d`. Raises ValueError."""
    match = re.fullmatch(r"([0-9]{1,15})(ms|s|m|h|d|)", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a duration such as 90 (seconds), 500ms, 15m, 1h or 7d")
    try:
        duration = int(match[1]) * _DURATION_UNITS[match[2]]
    except OverflowError:
        duration = timedelta.max
    if duration > _LONGEST:
        raise ValueError(f"{text!r} is longer than {_LONGEST.days}d")
    return duration


def format_duration(duration: timedelta) -> str:
    """The shortest text that `parse_duration` reads back."""
    for unit in ("d", "h", "m", "s"):
        if duration and not duration % _DURATION_UNITS[unit]:
            return f"{duration // _DURATION_UNITS[unit]}{unit}"
    return f"{duration // _DURATION_UNITS['ms']}ms" if duration else "0s"


def parse_size(text: str) -> int:
    """Bytes from `10485760`, `512KiB`, `10MiB` or `1GiB`. Raises ValueError."""
    match = re.fullmatch(r"([0-9]{1,15})(KiB|MiB|GiB|)", text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a size such as 10485760 (bytes), 512KiB or 10MiB")
    return int(match[1]) * _SIZE_UNITS[match[2]]


def format_size(size: int) -> str:
    """The shortest text that `parse_size` reads back."""
    for unit in ("GiB", "MiB", "KiB"):
        if size and size % _SIZE_UNITS[unit] == 0:
            return f"{size // _SIZE_UNITS[unit]}{unit}"
    return str(size)


def parse_quota(text: str) -> Quota | None:
    """`100/15m` (requests/window) or `off`. Raises ValueError."""
    if text.strip().lower() == "off":
        return None
    count, slash, window = text.strip().partition("/")
    if not slash or not re.fullmatch(r"[0-9]{1,9}", count):
        raise ValueError(f"{text!r} is not a rate such as 100/15m (requests/window), or off")
    return check_quota(Quota(int(count), parse_duration(window)))


def check_quota(quota: Quota) -> Quota:
    """The quota. Raises ValueError when it allows nothing, or in fractions of a second."""
    if quota.requests < 1:
        raise ValueError("the number of requests must be at least 1; off switches the limit off")
    if quota.window < timedelta(seconds=1) or quota.window % timedelta(seconds=1):
        raise ValueError("the window must be whole seconds, at least 1s")
    return quota
