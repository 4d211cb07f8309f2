"""The façade over password hashing: what a Python program imports."""

import asyncio
import gc
import threading
from pathlib import Path
from typing import Any

import pytest

from apiwright.core.passwords import DEFAULT, Hasher, Parameters, Secret, calibrate
from apiwright.errors import InternalError, InvalidCredentials, Unavailable, ValidationFailed
from tests.bindings.world import others_run_during, run_python
from tests.support.server import wait_until

# Of that password, by Django 5.2.19: PBKDF2PasswordHasher().encode(…, iterations=1000)
DJANGO = "pbkdf2_sha256$1000$seasalt0seasalt1seasal$ZYDMBxTEpeWYOlI+ukKY2hIdU7Tp+BCQ6A4YW5/ea40="
PASSWORD = "correct horse battery staple"


def cheap(**options: Any) -> Hasher:
    return Hasher(memory_kib=8, passes=1, **options)


def test_a_hash_matches_its_password_alone():
    hasher = Hasher()
    phc = hasher.hash(PASSWORD)
    assert phc.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    hasher.verify(PASSWORD, phc)
    with pytest.raises(InvalidCredentials):
        hasher.verify("Correct horse battery staple", phc)
    assert not hasher.needs_rehash(phc)


def test_the_defaults_are_the_cores():
    assert Parameters() == DEFAULT == Hasher().parameters
    assert not Hasher().needs_rehash(Hasher.of(DEFAULT).hash("word"))


def test_parameters_are_values():
    assert Parameters(passes=3) == Parameters(passes=3) != DEFAULT
    with pytest.raises(AttributeError):
        DEFAULT.passes = 3  # type: ignore[misc]


def test_a_hasher_takes_parameters_whole():
    hasher = Hasher.of(Parameters(memory_kib=16, passes=3, tag_length=64), threads=1)
    phc = hasher.hash("word")
    assert phc.startswith("$argon2id$v=19$m=16,t=3,p=1$")
    assert len(phc.rpartition("$")[2]) == 86  # 64 bytes in base64
    assert cheap(tag_length=16).hash("word").count("$") == 5


def test_every_cost_out_of_bounds_is_named():
    with pytest.raises(ValidationFailed) as caught:
        Hasher(memory_kib=7, passes=65, tag_length=15)
    assert [detail.field for detail in caught.value.details] == [
        "memory_kib",
        "passes",
        "tag_length",
    ]


@pytest.mark.parametrize(
    "options", [{"threads": 0}, {"threads": 1025}, {"queue_limit": 0}, {"wait_limit": 0}]
)
def test_a_pool_that_could_do_nothing_is_refused_at_once(options: dict[str, Any]):
    with pytest.raises(ValueError, match=next(iter(options))):
        cheap(**options)


def test_passwords_are_awaited():
    async def main() -> None:
        hasher = cheap()
        phc = await hasher.ahash(PASSWORD)
        await hasher.averify(PASSWORD, phc)
        with pytest.raises(InvalidCredentials):
            await hasher.averify("other", phc)
        with pytest.raises(ValidationFailed):
            await hasher.ahash("")
        assert await hasher.averify_and_update(PASSWORD, phc) is None

    asyncio.run(main())


def test_nobody_is_refused_as_somebody_is():
    hasher = cheap()
    with pytest.raises(InvalidCredentials) as caught:
        hasher.verify(PASSWORD, None)
    with pytest.raises(InvalidCredentials) as awaited:
        asyncio.run(hasher.averify(PASSWORD, None))
    assert str(caught.value) == str(awaited.value)


def test_a_secret_is_used_up():
    password = Secret("word")
    phc = asyncio.run(cheap().ahash(password))
    assert not password
    cheap().verify("word", phc)


def test_a_hash_of_another_system_is_checked_and_replaced():
    hasher = cheap()
    hasher.verify(PASSWORD, DJANGO)
    assert hasher.needs_rehash(DJANGO)
    own = asyncio.run(hasher.averify_and_update(PASSWORD, DJANGO))
    assert own is not None and own.startswith("$argon2id$")
    hasher.verify(PASSWORD, own)


def test_a_batch_is_answered_in_its_order():
    hasher = cheap(threads=2, queue_limit=1)
    phc = hasher.hash(PASSWORD)
    pairs = [(PASSWORD, phc), ("other", phc), (PASSWORD, DJANGO), ("", phc)] * 5
    expected = [True, False, True, False] * 5
    assert hasher.verify_many(pairs) == expected
    assert hasher.verify_many(iter(pairs)) == expected
    assert asyncio.run(hasher.averify_many(pairs)) == expected
    assert hasher.verify_many([]) == asyncio.run(hasher.averify_many([])) == []


def test_a_batch_names_the_hash_that_cannot_be_read():
    hasher = cheap()
    pairs = [(PASSWORD, DJANGO), (PASSWORD, "damaged")]
    with pytest.raises(InternalError) as caught:
        hasher.verify_many(pairs)
    assert [detail.field for detail in caught.value.details] == ["claims[1].phc"]
    with pytest.raises(InternalError):
        asyncio.run(hasher.averify_many(pairs))


@pytest.mark.parametrize("pair", [("hidden",), ("hidden", None), "hidden", ("hidden", b"x"), None])
def test_what_is_no_pair_is_a_type_error_that_shows_nothing(pair: Any):
    with pytest.raises(TypeError) as caught:
        cheap().verify_many([pair])
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("password", [None, b"hidden", 1, "\ud800"])
def test_a_password_is_text(password: Any):
    with pytest.raises(TypeError):
        cheap().hash(password)
    with pytest.raises(TypeError):
        asyncio.run(cheap().ahash(password))


def test_threads_and_loops_share_a_hasher():
    hasher, failures = cheap(threads=2), list[BaseException]()

    def work(number: int) -> None:
        try:
            phc = asyncio.run(hasher.ahash(f"{number}"))
            assert hasher.verify_many([(f"{number}", phc), ("x", phc)]) == [True, False]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_others_run_during_a_batch():
    hasher = Hasher(memory_kib=8192, passes=16, threads=1)
    phc = hasher.hash("word")
    assert others_run_during(lambda: hasher.verify_many([("word", phc)]))


def test_a_full_queue_is_unavailable_and_says_when_to_come_back():
    async def main() -> list[str | BaseException]:
        hasher = Hasher(memory_kib=8192, passes=8, threads=1, queue_limit=1)
        return await asyncio.gather(
            *(hasher.ahash("word") for _ in range(20)), return_exceptions=True
        )

    refused = [answer for answer in asyncio.run(main()) if not isinstance(answer, str)]
    assert refused
    assert all(isinstance(error, Unavailable) and error.retry_after for error in refused)


@pytest.mark.parametrize("used", [True, False])
def test_a_closed_hasher_awaits_nothing_but_still_hashes(used: bool):
    hasher = cheap()
    if used:
        assert hasher.verify_many([("word", DJANGO)]) == [False]
    hasher.close()
    hasher.close()
    with pytest.raises(Unavailable):
        asyncio.run(hasher.ahash("word"))
    hasher.verify("word", hasher.hash("word"))


def test_a_hasher_that_goes_away_ends_its_threads():
    def hashing_threads() -> int:
        return len(threads_of_this_process("hashing"))

    gc.collect()
    before = hashing_threads()
    hasher = cheap(threads=3)
    hasher.verify_many([("word", DJANGO)])
    wait_until(lambda: hashing_threads() == before + 3)  # each names itself when it starts
    del hasher
    gc.collect()
    wait_until(lambda: hashing_threads() == before)


def threads_of_this_process(name: str) -> list[str]:
    names = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    return [found for found in names if found == name]


def test_a_child_process_has_threads_of_its_own():
    run_python(
        """
        import os, sys
        from apiwright.core.passwords import Hasher

        hasher = Hasher(memory_kib=8, passes=1, threads=2)
        phc = hasher.hash("word")
        assert hasher.verify_many([("word", phc)]) == [True]
        child = os.fork()
        if child == 0:
            assert hasher.verify_many([("word", phc), ("x", phc)]) == [True, False]
            sys.exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert hasher.verify_many([("word", phc)]) == [True]
        """
    )


def test_a_program_ends_while_hashes_wait():
    run_python(
        """
        import asyncio
        from apiwright.core.passwords import Hasher

        hasher = Hasher(threads=1)

        async def main():
            asyncio.ensure_future(hasher.averify_many([("word", hasher.hash("word"))] * 1000))
            await asyncio.sleep(0)

        asyncio.run(main())
        """
    )


def test_importing_it_imports_no_web_framework():
    run_python(
        """
        import sys
        import apiwright.core.passwords
        assert not {"fastapi", "starlette", "pydantic"} & set(sys.modules)
        """
    )


def test_calibrated_parameters_hash():
    found = calibrate(20, memory_kib=1024)
    assert found.memory_kib <= 1024 and 1 <= found.passes <= 64
    assert not Hasher.of(found).needs_rehash(Hasher.of(found).hash("word"))


@pytest.mark.parametrize(
    ("target", "memory", "field"), [(0, 8, "target"), (5001, 8, "target"), (10, 7, "memory_kib")]
)
def test_what_cannot_be_calibrated_to_is_named(target: int, memory: int, field: str):
    with pytest.raises(ValidationFailed) as caught:
        calibrate(target, memory_kib=memory)
    assert [detail.field for detail in caught.value.details] == [field]
