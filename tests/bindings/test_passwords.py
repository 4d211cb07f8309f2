import threading
from typing import Any

import pytest

from apiwright._core.base import Secret
from apiwright._core.passwords import Hasher, HashingPool, calibrate
from apiwright._core.tasks import CompletionQueue
from apiwright.errors import InternalError, InvalidCredentials, Unavailable, ValidationFailed
from tests.bindings.world import (
    cheap_hasher,
    delivered,
    others_run_during,
    pool_of,
    result_of,
    slow_hasher,
)

# From the reference implementation's own tests (github.com/P-H-C/phc-winner-argon2, src/test.c):
# t=2, m=64 MiB, p=1, "password", salt "somesalt".
PUBLISHED = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"


def test_a_hash_matches_its_password_alone():
    hasher = cheap_hasher()
    phc = hasher.hash("pässword\0 with a NUL")
    hasher.verify("pässword\0 with a NUL", phc)
    for other in ("pässword", "pässword\0 with a nul", ""):
        with pytest.raises(InvalidCredentials):
            hasher.verify(other, phc)


def test_a_published_hash_matches():
    cheap_hasher().verify("password", PUBLISHED)
    with pytest.raises(InvalidCredentials):
        cheap_hasher().verify("Password", PUBLISHED)


def test_a_hash_of_lower_cost_needs_another():
    phc = cheap_hasher().hash("word")
    assert not cheap_hasher().needs_rehash(phc)
    assert Hasher(memory_kib=16, passes=1).needs_rehash(phc)


@pytest.mark.parametrize(
    "cost", [{"memory_kib": 7}, {"memory_kib": 2**20 + 1}, {"passes": 0}, {"passes": 65}]
)
def test_a_cost_out_of_bounds_is_not_valid(cost: Any):
    with pytest.raises(ValidationFailed):
        Hasher(**cost)


@pytest.mark.parametrize("cost", [None, "8", 1.5, -1, 2**32, 10**400])
def test_a_cost_is_a_number_of_32_bits(cost: Any):
    with pytest.raises(TypeError):
        Hasher(memory_kib=cost)


def test_the_cost_is_named():
    with pytest.raises(TypeError):
        Hasher(8, 1)  # type: ignore[call-arg]


def test_an_over_long_password_is_not_valid_and_not_shown():
    with pytest.raises(ValidationFailed) as caught:
        cheap_hasher().hash("hidden " * 200)
    assert [(detail.field, detail.code) for detail in caught.value.details] == [
        ("password", "max_length")
    ]
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("phc", ["", "x", "$argon2id$", "$argon2id$v=19$m=99999999,t=2,p=1$YQ$YQ"])
def test_a_damaged_hash_is_our_fault(phc: str):
    with pytest.raises(InternalError):
        cheap_hasher().verify("word", phc)


def test_others_run_while_a_password_is_hashed_or_verified():
    hasher = Hasher(memory_kib=8192, passes=16)
    phc = hasher.hash("word")
    assert others_run_during(lambda: hasher.hash("word"))
    assert others_run_during(lambda: hasher.verify("word", phc))


def test_others_run_while_a_pool_is_stopped():
    def stop_busy() -> None:
        pool = pool_of(Hasher(memory_kib=8192, passes=16))
        pool.start_hash(CompletionQueue(), 1, Secret("word"))
        pool.stop()

    assert others_run_during(stop_busy)


def test_others_run_while_a_pool_goes_away():
    def drop_busy() -> None:
        pool = pool_of(Hasher(memory_kib=8192, passes=16))
        pool.start_hash(CompletionQueue(), 1, Secret("word"))

    assert others_run_during(drop_busy)


def test_a_pool_hashes_and_verifies():
    pool = pool_of(cheap_hasher())
    phc = result_of(pool.start_hash, Secret("word"))
    assert result_of(pool.start_verify, Secret("word"), phc) is None
    with pytest.raises(InvalidCredentials):
        result_of(pool.start_verify, Secret("other"), phc)
    with pytest.raises(InvalidCredentials):
        result_of(pool.start_verify, Secret("word"), None)


def test_a_pool_gives_a_dearer_hash_to_store():
    old = cheap_hasher().hash("word")
    pool = pool_of(Hasher(memory_kib=16, passes=1))
    new = result_of(pool.start_verify, Secret("word"), old)
    assert "m=16," in new
    assert result_of(pool.start_verify, Secret("word"), new) is None


def test_a_password_is_used_up():
    password = Secret("word")
    result_of(pool_of(cheap_hasher()).start_hash, password)
    assert not password


def test_a_pool_delivers_what_the_hasher_threw():
    with pytest.raises(ValidationFailed) as caught:
        result_of(pool_of(cheap_hasher()).start_hash, Secret("hidden " * 200))
    assert "hidden" not in str(caught.value)
    with pytest.raises(InternalError):
        result_of(pool_of(cheap_hasher()).start_verify, Secret("word"), "damaged")


def test_a_full_pool_is_unavailable_at_once_and_says_when_to_come_back():
    queue, pool = CompletionQueue(), pool_of(slow_hasher(), queue_limit=2)
    accepted = 0
    with pytest.raises(Unavailable) as caught:
        while accepted < 1000:
            pool.start_hash(queue, accepted, Secret("word"))
            accepted += 1
    assert caught.value.retry_after is not None and caught.value.retry_after >= 1
    assert accepted >= 3
    assert all(error is None for _, _, error in delivered(queue, accepted))
    pool.start_hash(queue, 0, Secret("word"))  # there is room again


def test_waiting_counts_what_has_no_thread_yet():
    queue, pool = CompletionQueue(), pool_of(slow_hasher(), queue_limit=8)
    assert pool.waiting() == 0
    for ticket in range(5):
        pool.start_hash(queue, ticket, Secret("word"))
    assert 0 <= pool.waiting() <= 5
    delivered(queue, 5)
    assert pool.waiting() == 0


def test_a_stopped_pool_refuses_what_waits_and_what_comes():
    queue, pool = CompletionQueue(), pool_of(slow_hasher())
    for ticket in range(6):
        pool.start_hash(queue, ticket, Secret("word"))
    pool.stop()
    pool.stop()
    outcomes = [error for _, _, error in delivered(queue, 6)]
    assert any(isinstance(error, Unavailable) for error in outcomes)
    assert all(error is None or isinstance(error, Unavailable) for error in outcomes)
    with pytest.raises(Unavailable):
        pool.start_hash(queue, 9, Secret("word"))
    with pytest.raises(Unavailable):
        pool.start_verify(queue, 9, Secret("word"), None)
    assert pool.waiting() == 0


def test_many_threads_share_a_pool():
    pool, hasher = pool_of(cheap_hasher(), threads=2, queue_limit=1000), cheap_hasher()
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(20):
                word = f"{number} {turn}"
                hasher.verify(word, result_of(pool.start_hash, Secret(word)))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("password", [None, "word", b"word", 1])
def test_a_pool_takes_secrets_alone(password: Any):
    pool = pool_of(cheap_hasher())
    with pytest.raises(TypeError):
        pool.start_hash(CompletionQueue(), 1, password)
    with pytest.raises(TypeError):
        pool.start_verify(CompletionQueue(), 1, password, None)


@pytest.mark.parametrize("hasher", [None, "hasher", object()])
def test_a_pool_needs_a_hasher(hasher: Any):
    with pytest.raises(TypeError):
        HashingPool(hasher, threads=1, queue_limit=1, wait_limit_ms=1)


@pytest.mark.parametrize("method", ["start_hash", "start_verify"])
def test_a_password_given_as_plain_text_is_refused_and_not_shown(method: str):
    start: Any = getattr(pool_of(cheap_hasher()), method)
    more = [None] if method == "start_verify" else []
    with pytest.raises(TypeError) as caught:
        start(CompletionQueue(), 1, "hidden word", *more)
    assert "hidden" not in str(caught.value)


# Django 5.2.19, passlib 1.7.4 and bcrypt 4.0.1, of "correct horse battery staple".
IMPORTED = [
    "bcrypt$$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG",
    "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$h8GCYhBqatMGV8VIjRD4nhRxM87r3yu",
    "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$mp90zEQd5XGhjEv4WArVH4Z0XRSzkGWtJK2S/AXJlRU",
    "pbkdf2_sha256$1000$seasalt0seasalt1seasal$ZYDMBxTEpeWYOlI+ukKY2hIdU7Tp+BCQ6A4YW5/ea40=",
]


@pytest.mark.parametrize("phc", IMPORTED)
def test_a_hash_of_another_system_is_checked_and_replaced(phc: str):
    cheap_hasher().verify("correct horse battery staple", phc)
    with pytest.raises(InvalidCredentials):
        cheap_hasher().verify("incorrect horse", phc)
    assert cheap_hasher().needs_rehash(phc)
    own = result_of(
        pool_of(cheap_hasher()).start_verify, Secret("correct horse battery staple"), phc
    )
    assert own.startswith("$argon2id$")


def test_nobody_is_always_refused():
    with pytest.raises(InvalidCredentials):
        cheap_hasher().verify_nobody("word")


def test_a_pool_verifies_many_in_their_order():
    pool = pool_of(cheap_hasher(), threads=2, queue_limit=1)
    pairs = [("correct horse battery staple", phc) for phc in IMPORTED] + [("x", IMPORTED[0])]
    assert result_of(pool.start_verify_many, pairs) == [True] * 4 + [False]
    assert pool.verify_many(pairs) == [True] * 4 + [False]


@pytest.mark.parametrize("pairs", [None, "hidden", ("hidden", "x"), [("hidden",)], [("hidden", 1)]])
def test_what_are_no_pairs_is_a_type_error_that_shows_nothing(pairs: Any):
    pool = pool_of(cheap_hasher())
    for call in (lambda: pool.verify_many(pairs), lambda: start_many(pool, pairs)):
        with pytest.raises(TypeError) as caught:
            call()
        assert "hidden" not in str(caught.value)


def start_many(pool: HashingPool, pairs: Any) -> None:
    pool.start_verify_many(CompletionQueue(), 1, pairs)


def test_calibrating_gives_memory_and_passes():
    memory_kib, passes = calibrate(target_ms=5, memory_kib=64)
    assert 8 <= memory_kib <= 64 and 1 <= passes <= 64
