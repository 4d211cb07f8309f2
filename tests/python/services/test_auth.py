import asyncio

import pytest

from apiwright.core.accounts import Refreshal
from apiwright.errors import InvalidCredentials, RateLimited, TokenReused, Unauthorized
from apiwright.services.auth import SignIn, Tokens
from tests.python.services.conftest import Bench
from tests.python.services.fakes import ORIGIN, FakeCaller, claims


def login(bench: Bench, email: str, word: str) -> SignIn:
    return asyncio.run(bench.auth.login(email, bench.hashing.secret(word), bench.caller))


def test_the_right_password_lets_in(bench: Bench):
    assert login(bench, "ada@example.org", "right") == SignIn(
        {"id": "ada"}, Tokens("access:ada:session-1", "refresh-1", 900)
    )
    assert bench.notes == [
        ("count", "ada@example.org"),
        ("credentials_of", "ada@example.org"),
        ("verify", "right", "phc:right"),
        ("sign_in", "ada", "phc:right", None, ORIGIN),
        ("issue", "ada", "session-1"),
    ]


def test_a_dearer_hash_is_stored_on_the_way_in(bench: Bench):
    bench.hashing.rehashed = "phc:dearer"
    login(bench, "ada@example.org", "right")
    assert ("sign_in", "ada", "phc:right", "phc:dearer", ORIGIN) in bench.notes


def test_a_wrong_password_is_refused(bench: Bench):
    with pytest.raises(InvalidCredentials):
        login(bench, "ada@example.org", "wrong")
    assert bench.steps == ["count", "credentials_of", "verify"]


@pytest.mark.parametrize("email", ["nobody@example.org", "gone@example.org", "made@example.org"])
@pytest.mark.parametrize("word", ["right", "wrong"])
def test_whoever_cannot_sign_in_costs_a_hash_too(bench: Bench, email: str, word: str):
    with pytest.raises(InvalidCredentials) as caught:
        login(bench, email, word)
    assert bench.steps == ["count", "credentials_of", "verify"]
    assert bench.notes[-1] == ("verify", word, None)
    with pytest.raises(InvalidCredentials) as usual:
        login(bench, "ada@example.org", "wrong")
    assert str(caught.value) == str(usual.value) and caught.value.details == []


def test_an_attempt_is_counted_before_anything_is_looked_up_or_hashed(bench: Bench):
    bench.caller = FakeCaller(bench.notes, attempts=0)
    with pytest.raises(RateLimited):
        login(bench, "ada@example.org", "right")
    assert bench.steps == ["count"]


@pytest.mark.parametrize("email", ["ADA@Example.org", "ada@EXAMPLE.org"])
def test_spellings_of_one_address_are_counted_together(bench: Bench, email: str):
    with pytest.raises(InvalidCredentials):
        login(bench, email, "right")
    assert bench.notes[0] == ("count", "ada@example.org")


@pytest.mark.parametrize("email", ["", "no address", "a\0@example.org", "x" * 10_000])
def test_all_that_is_no_address_shares_one_count_and_is_not_looked_up(bench: Bench, email: str):
    with pytest.raises(InvalidCredentials):
        login(bench, email, "right")
    assert bench.notes == [("count", ""), ("verify", "right", None)]


def test_a_refresh_gives_both_tokens(bench: Bench):
    bench.store.refreshal = Refreshal("ada", "session-1", "refresh-2", reused=False)
    tokens = asyncio.run(bench.auth.refresh("refresh-1"))
    assert tokens == Tokens("access:ada:session-1", "refresh-2", 900)


def test_a_reused_token_is_told_so_and_gives_nothing(bench: Bench):
    bench.store.refreshal = Refreshal("ada", "session-1", None, reused=True)
    with pytest.raises(TokenReused):
        asyncio.run(bench.auth.refresh("refresh-1"))
    assert bench.steps == ["refresh"]


def test_a_refused_token_is_unauthorized(bench: Bench):
    bench.store.refreshal = Refreshal("ada", "session-1", None, reused=False)
    with pytest.raises(Unauthorized):
        asyncio.run(bench.auth.refresh("refresh-1"))
    assert bench.steps == ["refresh"]


@pytest.mark.parametrize("everywhere", [True, False])
def test_signing_out_is_one_step(bench: Bench, everywhere: bool):
    asyncio.run(bench.auth.logout(claims(), everywhere=everywhere))
    assert bench.notes == [("sign_out", "session-1", everywhere)]
