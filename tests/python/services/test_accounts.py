import asyncio

import pytest

from apiwright.core.validation import check
from apiwright.errors import Conflict, RateLimited, Unauthorized, Unprocessable
from apiwright.schemas.bodies import REGISTRATION
from tests.python.services.conftest import Bench
from tests.python.services.fakes import ORIGIN, FakeCaller, claims


def register(bench: Bench, email: str):
    password = bench.hashing.secret("right")
    body = check(REGISTRATION, email=email, name="grace", password="correct horse")
    return asyncio.run(bench.accounts.register(body, password, bench.caller))


def change(bench: Bench, current: str, new: str = "new", subject: str = "ada") -> None:
    secrets = bench.hashing.secret(current), bench.hashing.secret(new)
    asyncio.run(bench.accounts.change_password(claims(subject), *secrets, bench.caller))


def test_registering_hashes_stores_and_lets_in(bench: Bench):
    signed_in = register(bench, "grace@example.org")
    assert signed_in.user == {"id": "grace"}
    assert signed_in.tokens.access_token == "access:grace:session-1"
    assert bench.notes == [
        ("hash", "right"),
        ("sign_up", "grace@example.org", "grace", "phc:right", ORIGIN),
        ("issue", "grace", "session-1"),
    ]


def test_a_taken_address_is_a_conflict_and_lets_nobody_in(bench: Bench):
    with pytest.raises(Conflict) as caught:
        register(bench, "ada@example.org")
    assert [detail.field for detail in caught.value.details] == ["email"]
    assert bench.steps == ["hash", "sign_up"]


def test_a_password_changes_after_the_current_one_was_right(bench: Bench):
    change(bench, "right")
    assert bench.notes == [
        ("own_credentials", "ada"),
        ("count", "ada"),
        ("verify", "right", "phc:right"),
        ("hash", "new"),
        ("change_password", "session-1", "phc:right", "phc:new"),
    ]


def test_a_wrong_current_password_is_unprocessable_and_named(bench: Bench):
    with pytest.raises(Unprocessable) as caught:
        change(bench, "wrong")
    assert [detail.field for detail in caught.value.details] == ["currentPassword"]
    assert bench.steps == ["own_credentials", "count", "verify"]


def test_a_user_without_a_password_gets_the_same_at_the_same_cost(bench: Bench):
    with pytest.raises(Unprocessable) as caught:
        change(bench, "anything", subject="made")
    assert [detail.field for detail in caught.value.details] == ["currentPassword"]
    assert bench.notes[-1] == ("verify", "anything", None)


def test_attempts_are_counted_before_they_are_hashed(bench: Bench):
    bench.caller = FakeCaller(bench.notes, attempts=0)
    with pytest.raises(RateLimited):
        change(bench, "right")
    assert bench.steps == ["own_credentials", "count"]


def test_a_session_that_has_ended_counts_and_hashes_nothing(bench: Bench):
    bench.store.ended = True
    with pytest.raises(Unauthorized):
        change(bench, "right")
    assert bench.steps == ["own_credentials"]
