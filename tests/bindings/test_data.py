import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apiwright._core.data import Database, Migrations
from apiwright._core.tasks import CompletionQueue
from apiwright.errors import Unavailable, ValidationFailed
from tests.bindings.world import DEADLINE, MIGRATIONS, World, new_user, result_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.db"


@pytest.fixture
def database(path: Path) -> Database:
    return Database(f"sqlite:///{path}")


@pytest.fixture
def migrations() -> Migrations:
    return Migrations("apiwright", MIGRATIONS)


def test_making_a_database_opens_nothing_and_starts_no_thread(path: Path):
    before = (os.listdir("/proc/self/task"), os.listdir("/proc/self/fd"))
    database = Database(f"sqlite:///{path}")
    database.stop(0)
    assert not path.exists()
    assert (os.listdir("/proc/self/task"), os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    "url", ["", "x", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:////no/folder/x.db"]
)
def test_another_url_is_not_valid_and_names_the_setting(url: str):
    with pytest.raises(ValidationFailed) as caught:
        Database(url)
    assert [detail.field for detail in caught.value.details] == ["DATABASE_URL"]


def test_a_nul_in_the_url_is_not_valid(path: Path):
    with pytest.raises(ValidationFailed):
        Database(f"sqlite:///{path}\0.db")
    assert not path.exists()


@pytest.mark.parametrize("url", [None, 7, object(), "sqlite:///\ud800", ["x"]])
def test_a_url_is_text(url: Any):
    with pytest.raises(TypeError):
        Database(url)


@pytest.mark.parametrize("count", [None, -1, 2**64, 1.5, "2", 10**400])
def test_counts_are_natural_numbers(count: Any, path: Path):
    with pytest.raises(TypeError):
        Database(f"sqlite:///{path}", readers=count)


def test_migrations_go_up_and_down(database: Database, migrations: Migrations):
    names = [f"{number:04}_{name}" for number, name, _ in migrations.status(database)]
    assert names and migrations.pending(database) == len(names)
    assert all(applied is None for _, _, applied in migrations.status(database))

    assert migrations.up(database) == names
    assert migrations.up(database) == [] and migrations.pending(database) == 0
    for version, (number, _, applied) in enumerate(migrations.status(database), 1):
        assert number == version
        assert isinstance(applied, datetime) and applied.utcoffset() == timedelta(0)

    assert migrations.down(database) == names[-1:]
    assert migrations.down(database, steps=99) == names[-2::-1]
    assert migrations.pending(database) == len(names)


def test_pending_migrations_are_delivered(database: Database, migrations: Migrations):
    count = len(migrations.status(database))
    assert result_of(migrations.start_pending, database) == count
    migrations.up(database)
    assert result_of(migrations.start_pending, database) == 0
    database.stop(10_000)


def test_a_folder_without_migrations_is_not_valid(tmp_path: Path):
    with pytest.raises(ValidationFailed):
        Migrations("apiwright", str(tmp_path / "nowhere"))


@pytest.mark.parametrize("value", [None, 7, "\ud800", object()])
def test_scope_and_folder_are_text(value: Any):
    with pytest.raises(TypeError):
        Migrations(value, MIGRATIONS)
    with pytest.raises(TypeError):
        Migrations("apiwright", value)


@pytest.mark.parametrize("value", [None, "sqlite:///x.db", object()])
def test_migrations_need_a_database(value: Any, migrations: Migrations):
    for call in (migrations.up, migrations.down, migrations.status, migrations.pending):
        with pytest.raises(TypeError):
            call(value)
    with pytest.raises(TypeError):
        migrations.start_pending(CompletionQueue(), 1, value)


def test_a_stopped_database_is_unavailable(world: World):
    world.sign_up()
    world.database.stop(10_000)
    world.database.stop(10_000)
    for start in (
        lambda: result_of(world.users.start_credentials, world.database, "ada@example.org"),
        lambda: world.sign_up("grace@example.org"),
        lambda: world.accounts.put_admin(world.database, world.clock, new_user()),
    ):
        with pytest.raises(Unavailable):
            start()


def test_a_full_queue_is_unavailable_at_once(world: World):
    database = Database(f"sqlite:///{world.path}", readers=1, queue_limit=1)
    locked = sqlite3.connect(world.path, isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")  # writers wait for it
    queue, accepted = CompletionQueue(), 0
    with pytest.raises(Unavailable) as caught:
        while accepted < 10_000:
            world.accounts.start_sign_out(
                queue, accepted, database, world.clock, claims_of(world), False
            )
            accepted += 1
    assert caught.value.retry_after
    assert accepted < 10_000
    locked.execute("ROLLBACK")
    locked.close()
    database.stop(10_000)
    assert len(queue.drain()) == accepted


def claims_of(world: World) -> Any:
    session = "01900000-0000-7000-8000-000000000001"
    return world.tokens.verify(world.tokens.issue(session, session, world.clock), world.clock)


@pytest.mark.parametrize("waits", ["put_admin", "up"])
def test_others_run_while_a_call_waits_for_the_databases_lock(world: World, waits: str):
    steps = Migrations("apiwright", MIGRATIONS)
    steps.down(world.database, steps=2 if waits == "up" else 0)
    calls: dict[str, Callable[[], object]] = {
        "put_admin": lambda: world.accounts.put_admin(world.database, world.clock, new_user()),
        "up": lambda: steps.up(world.database),
    }
    locked = sqlite3.connect(world.path, isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    begun, outcome = threading.Event(), []

    def work() -> None:
        begun.set()
        try:
            outcome.append(calls[waits]())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(DEADLINE)
    locked.execute("ROLLBACK")  # were the interpreter locked, this would come after its time-out
    locked.close()
    thread.join()
    assert not isinstance(outcome[0], BaseException)
