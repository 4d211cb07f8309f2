from typing import Any

import pytest

from apiwright._core.base import ManualClock
from apiwright._core.tokens import AccessTokens, RefreshTokens
from apiwright.errors import TokenExpired, Unauthorized, ValidationFailed
from tests.bindings.world import NOBODY, NOON, SECRET_KEY

SESSION = "01900000-0000-7000-8000-000000000001"


def test_a_token_says_what_was_put_in():
    tokens, clock = AccessTokens(SECRET_KEY, lifetime=60), ManualClock(NOON + 999)
    claims = tokens.verify(tokens.issue(NOBODY, SESSION, clock), clock)
    assert (claims.subject, claims.session) == (NOBODY, SESSION)
    assert (claims.issued_at, claims.expires_at) == (NOON // 1000, NOON // 1000 + 60)
    assert len(claims.id) == 36
    assert tokens.lifetime == 60


def test_a_token_expires():
    tokens, clock = AccessTokens(SECRET_KEY, lifetime=60), ManualClock(NOON)
    token = tokens.issue(NOBODY, SESSION, clock)
    clock.advance(59_999)
    tokens.verify(token, clock)
    clock.advance(1)
    with pytest.raises(TokenExpired):
        tokens.verify(token, clock)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "\0", "é", "x" * 100_000])
def test_what_is_no_token_is_unauthorized(token: str):
    with pytest.raises(Unauthorized) as caught:
        AccessTokens(SECRET_KEY).verify(token, ManualClock(NOON))
    assert caught.value.details == [] and caught.value.retry_after is None


def test_a_token_of_another_key_issuer_or_audience_is_unauthorized():
    clock = ManualClock(NOON)
    token = AccessTokens(SECRET_KEY).issue(NOBODY, SESSION, clock)
    for other in (
        AccessTokens(SECRET_KEY + "!"),
        AccessTokens(SECRET_KEY, issuer="elsewhere"),
        AccessTokens(SECRET_KEY, audience="others"),
    ):
        with pytest.raises(Unauthorized):
            other.verify(token, clock)


@pytest.mark.parametrize(
    "options", [{"issuer": ""}, {"audience": "x" * 256}, {"lifetime": 0}, {"leeway": -1}]
)
def test_bad_options_are_not_valid(options: Any):
    with pytest.raises(ValidationFailed):
        AccessTokens(SECRET_KEY, **options)


@pytest.mark.parametrize("id", [None, 7, "", "x", NOBODY + "0", NOBODY[:-1] + "\ud800", b"x"])
def test_a_token_is_issued_for_uuids_alone(id: Any):
    tokens, clock = AccessTokens(SECRET_KEY), ManualClock(NOON)
    with pytest.raises(TypeError):
        tokens.issue(id, SESSION, clock)
    with pytest.raises(TypeError):
        tokens.issue(NOBODY, id, clock)


@pytest.mark.parametrize("clock", [None, 0, object()])
def test_a_clock_is_needed(clock: Any):
    with pytest.raises(TypeError):
        AccessTokens(SECRET_KEY).issue(NOBODY, SESSION, clock)


def test_options_are_named():
    with pytest.raises(TypeError):
        AccessTokens(SECRET_KEY, "issuer")  # type: ignore[call-arg]


def test_a_refresh_key_may_be_any_text():
    assert RefreshTokens(SECRET_KEY + "\0é")
