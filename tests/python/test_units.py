from datetime import timedelta

import pytest

from apiwright.units import (
    Quota,
    format_duration,
    format_size,
    parse_duration,
    parse_quota,
    parse_size,
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0", timedelta(0)),
        ("90", timedelta(seconds=90)),
        ("500ms", timedelta(milliseconds=500)),
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("1h", timedelta(hours=1)),
        ("7d", timedelta(days=7)),
        (" 7d ", timedelta(days=7)),
    ],
)
def test_a_duration_is_seconds_or_has_a_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "m", "-1", "1.5h", "15 m", "1w", "1e3", "٣s", "999999999999999d", "3651d", "1m\n2"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|longer"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["0s", "1ms", "1500ms", "90s", "15m", "36h", "7d"])
def test_a_duration_is_shown_as_it_is_written(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [("10485760", 10 * 2**20), ("10MiB", 10 * 2**20), ("512KiB", 2**19), ("1GiB", 2**30)],
)
def test_a_size_is_bytes_or_has_a_binary_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MiB", "10MB", "10mb", "-1", "1.5MiB", "10 MiB"])
def test_anything_else_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)


@pytest.mark.parametrize("text", ["0", "1000", "512KiB", "10MiB", "3GiB"])
def test_a_size_is_shown_as_it_is_written(text: str) -> None:
    assert format_size(parse_size(text)) == text


def test_a_rate_is_requests_in_a_window_or_off() -> None:
    assert parse_quota("100/15m") == Quota(100, timedelta(minutes=15))
    assert str(parse_quota("6000/900")) == "6000/15m"
    assert parse_quota("off") is None
    assert parse_quota("OFF") is None


@pytest.mark.parametrize(
    "text", ["", "100", "100/", "/15m", "0/15m", "-1/15m", "1/0", "1/500ms", "1/1500ms", "a/15m"]
)
def test_anything_else_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match=r"rate|duration|at least|whole seconds"):
        parse_quota(text)


# --- values ---------------------------------------------------------------------------------------
