import copy
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from apiwright._core import base
from apiwright._core.base import Clock, ManualClock, Secret, SystemClock
from apiwright._core.passwords import Hasher
from apiwright._core.tokens import AccessTokens, RefreshTokens

NOT_TEXT: list[Any] = [None, 7, b"hidden word", ["hidden word"], "hidden word \ud800", object()]


def test_a_manual_clock_moves_only_when_told_to():
    clock = ManualClock(1_000)
    assert clock.now() == clock.now() == 1_000
    clock.advance(milliseconds=250)
    assert clock.now() == 1_250


def test_the_system_clock_never_stands_before_this_code_was_written():
    assert SystemClock().now() > 1_767_225_600_000


def test_both_are_clocks():
    assert isinstance(SystemClock(), Clock)
    assert isinstance(ManualClock(0), Clock)


@pytest.mark.parametrize("start", [None, "1", 1.5, 2**63, -(2**63) - 1, 10**400, object()])
def test_a_clock_starts_at_a_number_of_64_bits(start: Any):
    with pytest.raises(TypeError):
        ManualClock(start)


def test_error_codes_are_names_with_statuses():
    assert all(code.isupper() and 400 <= status <= 504 for code, status in base.ERROR_CODES)


def test_a_secret_is_never_printed():
    secret = Secret("hidden word")
    for text in (repr(secret), str(secret), f"{secret}", "%s %r" % (secret, secret)):  # noqa: UP031
        assert "hidden" not in text
    assert "hidden" not in repr([secret])
    assert not hasattr(secret, "__dict__")


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_neither_pickled_nor_copied(copied: Callable[[object], object]):
    with pytest.raises(TypeError) as caught:
        copied(Secret("hidden word"))
    assert "hidden" not in str(caught.value)


def test_a_secret_is_true_when_there_is_something_in_it():
    assert Secret("x")
    assert Secret("\0")
    assert not Secret("")


@pytest.mark.parametrize("value", NOT_TEXT)
def test_what_is_no_text_makes_no_secret_and_is_not_shown(value: Any):
    with pytest.raises(TypeError) as caught:
        Secret(value)
    assert "hidden" not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize("value", NOT_TEXT)
@pytest.mark.parametrize(
    "call",
    [
        Hasher().hash,
        lambda value: Hasher().verify(value, "phc"),
        lambda value: Hasher().verify("hidden word", value),
        AccessTokens,
        RefreshTokens,
        lambda value: AccessTokens("k" * 32).verify(value, SystemClock()),
    ],
)
def test_no_type_error_shows_a_password_a_key_or_a_token(call: Callable[[Any], Any], value: Any):
    with pytest.raises(TypeError) as caught:
        call(value)
    assert "hidden" not in str(caught.value)


def test_a_subclass_must_call_the_constructor():
    class Careless(ManualClock):
        def __init__(self) -> None:
            pass

    with pytest.raises(TypeError, match="__init__"):
        Careless()
