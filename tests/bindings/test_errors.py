"""Each failure of the core is the contract's exception, thrown at once or delivered."""

import sqlite3
from pathlib import Path

import pytest

from apiwright import errors
from apiwright._core.base import ERROR_CODES, Secret
from apiwright._core.data import Database, Migrations
from apiwright._core.repositories import Origin, SignedIn
from apiwright._core.tasks import CompletionQueue
from apiwright._core.validation import BodyReader, Field, Schema
from tests.bindings.world import (
    MIGRATIONS,
    NOON,
    World,
    cheap_hasher,
    new_user,
    pool_of,
    result_of,
)


@pytest.mark.parametrize(("code", "status"), ERROR_CODES)
def test_every_code_has_its_exception_with_all_it_carries(code: str, status: int):
    error = errors.from_core(code, "words", [("a[0].b", "text", "min")], 7, "behind it")
    assert type(error) is errors.BY_CODE[code]
    assert (error.code, error.status, str(error)) == (code, status, "words")
    assert error.details == [errors.Detail("a[0].b", "text", "min")]
    assert (error.retry_after, error.cause) == (7, "behind it")


def test_an_error_thrown_at_once_carries_every_detail():
    reader = BodyReader(Schema("T", [Field.email("email"), Field.integer("count").range(0, 9)]))
    with pytest.raises(errors.ValidationFailed) as caught:
        reader.read(b'{"email": "x", "count": 10, "more": 1}')
    found = [(detail.field, detail.code) for detail in caught.value.details]
    assert found == [("email", "format"), ("count", "max"), ("more", "unknown")]
    assert all(isinstance(detail, errors.Detail) for detail in caught.value.details)
    assert all(detail.message.endswith(".") for detail in caught.value.details)
    assert caught.value.retry_after is None and caught.value.cause == ""


def test_an_error_thrown_at_once_says_when_to_come_back():
    pool = pool_of(cheap_hasher())
    pool.stop()
    with pytest.raises(errors.Unavailable) as caught:
        pool.start_hash(CompletionQueue(), 1, Secret("word"))
    assert isinstance(caught.value.retry_after, int) and caught.value.retry_after >= 1


def test_a_delivered_error_carries_every_detail(world: World, ada: SignedIn):
    with pytest.raises(errors.Conflict) as caught:
        result_of(
            world.accounts.start_sign_up,
            world.database,
            world.clock,
            new_user("ADA@example.org"),
            Origin("", ""),
        )
    assert [(detail.field, detail.code) for detail in caught.value.details] == [("email", "unique")]


def test_a_delivered_error_says_when_to_come_back(world: World):
    queue = CompletionQueue()
    pool = pool_of(cheap_hasher())
    pool.start_hash(queue, 1, Secret("word"))
    pool.stop()
    [(_, _, error)] = queue.drain()
    assert error is None or (isinstance(error, errors.Unavailable) and error.retry_after)


def test_what_lies_behind_a_failure_is_for_the_log_alone(tmp_path: Path):
    path = tmp_path / "damaged.db"
    path.write_bytes(b"this is no database at all, " * 100)
    with pytest.raises(errors.AppError) as caught:
        Migrations("apiwright", MIGRATIONS).pending(Database(f"sqlite:///{path}"))
    assert caught.value.status >= 500
    assert caught.value.cause
    assert caught.value.cause not in str(caught.value)
    assert "damaged.db" not in str(caught.value) and "SQL" not in str(caught.value)


def test_a_failed_read_is_delivered_with_its_cause(world: World):
    with sqlite3.connect(world.path) as connection:
        connection.execute("ALTER TABLE users RENAME TO elsewhere")
    connection.close()
    with pytest.raises(errors.AppError) as caught:
        result_of(world.users.start_credentials, world.database, "ada@example.org")
    assert caught.value.status >= 500
    assert "users" in caught.value.cause
    assert "users" not in str(caught.value)


def test_misuse_of_the_core_is_a_value_error():
    with pytest.raises(ValueError, match="pattern"):
        Field.integer("count").pattern("[0-9]+")
    with pytest.raises(ValueError, match="title"):
        Schema("", [])


def test_the_exceptions_are_made_anew_for_each_failure():
    pool = pool_of(cheap_hasher())
    pool.stop()
    seen = []
    for _ in range(2):
        with pytest.raises(errors.Unavailable) as caught:
            pool.start_hash(CompletionQueue(), NOON, Secret("word"))
        seen.append(caught.value)
    assert seen[0] is not seen[1]
