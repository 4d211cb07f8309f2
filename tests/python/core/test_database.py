"""Databases and transactions as an application or a notebook uses them: real files throughout."""

import asyncio
import contextvars
import functools
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from apiwright.core.database import Database
from apiwright.core.repositories import Repository
from apiwright.core.validation import CoreSchema as Schema
from apiwright.core.validation import Field
from apiwright.errors import Conflict, Timeout, Unavailable, ValidationFailed

NOTES = Schema(
    "Note",
    [Field.uuid("id").read_only(), Field.string("title").length(1, 200).unique()],
    table="notes",
)


def awaited(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that runs in an event loop of its own."""

    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{folder}/notes.db") as made:
        yield made


@pytest.fixture
def notes(database: Database) -> Repository[dict[str, Any]]:
    made: Repository[dict[str, Any]] = Repository(database, NOTES)
    made.create_table()
    return made


def titles(notes: Repository[dict[str, Any]]) -> list[str]:
    return [row["title"] for row in notes.iterate()]


def run_python(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A script in a fresh interpreter, with NOTES, over the folder's database."""
    head = """
        import asyncio, os, sys
        from apiwright.core.database import Database
        from apiwright.core.repositories import Repository
        from apiwright.core.validation import CoreSchema as Schema, Field
        NOTES = Schema("Note", [Field.uuid("id").read_only(),
                                Field.string("title").length(1, 200).unique()], table="notes")
        db = Database("sqlite:///./notes.db")
        notes = Repository(db, NOTES)
    """
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(head) + textwrap.dedent(script)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_nothing_is_opened_before_the_first_use(folder):
    database = Database("sqlite:///./notes.db")
    assert repr(database) == "<Database sqlite:///./notes.db>"
    assert list(folder.iterdir()) == []
    database.close()


def test_an_unusable_url_is_refused_at_once(folder):
    for url in ("mysql://x", "sqlite:///:memory:", "sqlite:///no/such/folder/x.db"):
        with pytest.raises(ValidationFailed):
            Database(url)


def test_a_transaction_stores_all_of_it_at_its_end(database, notes):
    with database.transaction():
        notes.insert({"title": "a"})
        notes.insert({"title": "b"})
        assert notes.count() == 2
        counted: list[int] = []
        thread = threading.Thread(target=lambda: counted.append(notes.count()))
        thread.start()
        thread.join()
        assert counted == [0]
    assert titles(notes) == ["a", "b"]


def test_an_exception_rolls_back_and_passes_on(database, notes):
    with pytest.raises(KeyError), database.transaction():
        notes.insert({"title": "a"})
        raise KeyError
    assert titles(notes) == []


def test_a_call_that_fails_inside_is_undone_alone(database, notes):
    with database.transaction():
        notes.insert({"title": "a"})
        with pytest.raises(Conflict):
            notes.insert_many([{"title": "b"}, {"title": "A"}])
        notes.insert({"title": "c"})
    assert titles(notes) == ["a", "c"]


def test_the_time_limit_rolls_back_and_frees_the_writer(database, notes):
    with pytest.raises(Timeout), database.transaction(time_limit=0.05):
        notes.insert({"title": "a"})
        others = threading.Thread(target=notes.insert, args=({"title": "b"},))
        others.start()
        others.join()  # it waits for the writer, so until the limit has passed
        notes.insert({"title": "c"})
    assert titles(notes) == ["b"]


def test_transactions_are_not_nested(database, notes):
    with (
        database.transaction(),
        pytest.raises(RuntimeError, match="not nested"),
        database.transaction(),
    ):
        pass
    transaction = database.transaction()
    with transaction:
        notes.insert({"title": "a"})
    with pytest.raises(RuntimeError, match="entered once"), transaction:
        pass
    assert titles(notes) == ["a"]


def test_two_databases_have_each_their_own_transaction(database, notes, folder):
    with Database(f"sqlite:///{folder}/other.db") as other:
        others: Repository[dict[str, Any]] = Repository(other, NOTES)
        others.create_table()
        with database.transaction(), pytest.raises(KeyError), other.transaction():
            notes.insert({"title": "a"})
            others.insert({"title": "b"})
            raise KeyError
        assert (titles(notes), titles(others)) == (["a"], [])


@awaited
async def test_an_awaited_transaction_is_one_too(database, notes):
    async with database.atransaction():
        await notes.ainsert({"title": "a"})
        assert await notes.acount() == 1
        outside = asyncio.create_task(asyncio.to_thread(lambda: None))
        await outside
    with pytest.raises(KeyError):
        async with database.atransaction():
            await notes.ainsert({"title": "b"})
            raise KeyError
    assert titles(notes) == ["a"]


@awaited
async def test_concurrent_tasks_take_turns(database, notes):
    async def add(title: str) -> None:
        async with database.atransaction():
            assert await notes.acount() == await notes.acount()
            await notes.ainsert({"title": title})

    await asyncio.gather(*(add(str(number)) for number in range(20)))
    assert await notes.acount() == 20


@awaited
async def test_cancelling_inside_a_transaction_rolls_it_back(database, notes):
    inside = asyncio.Event()

    async def work() -> None:
        async with database.atransaction(time_limit=60):
            await notes.ainsert({"title": "a"})
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await notes.ainsert({"title": "b"})
    assert titles(notes) == ["b"]


@awaited
async def test_cancelling_while_waiting_for_the_writer_leaves_it_free(database, notes):
    async with database.atransaction(time_limit=60):
        waiting = asyncio.create_task(_enter(database), context=_empty_context())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await notes.ainsert({"title": "a"})
    assert titles(notes) == ["a"]


async def _enter(database: Database) -> None:
    async with database.atransaction(time_limit=60):
        raise AssertionError("it was cancelled before")


def _empty_context() -> Any:
    return contextvars.Context()


def test_closing_inside_a_transaction_rolls_it_back(folder):
    database = Database(f"sqlite:///{folder}/notes.db")
    notes: Repository[dict[str, Any]] = Repository(database, NOTES)
    notes.create_table()
    with pytest.raises(Unavailable), database.transaction(time_limit=60):
        notes.insert({"title": "a"})
        database.close()
    with pytest.raises(RuntimeError, match="is closed"):
        notes.count()
    database.close()
    with Database(f"sqlite:///{folder}/notes.db") as again:
        assert Repository(again, NOTES).count() == 0


@awaited
async def test_closing_with_work_in_flight_answers_all_of_it(folder):
    database = Database(f"sqlite:///{folder}/notes.db")
    notes: Repository[dict[str, Any]] = Repository(database, NOTES)
    await notes.acreate_table()
    tasks = [asyncio.create_task(notes.ainsert({"title": str(n)})) for n in range(50)]
    await asyncio.sleep(0)
    await database.aclose()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    stored = [result for result in results if isinstance(result, dict)]
    assert all(isinstance(result, dict | Unavailable) for result in results)
    with Database(f"sqlite:///{folder}/notes.db") as again:
        assert Repository(again, NOTES).count() == len(stored)


def test_of_two_processes_and_two_threads_one_gets_a_unique_value(database, notes, folder):
    script = """
        from apiwright.errors import Conflict
        won = 0
        for number in range(100):
            try:
                notes.insert({"title": str(number)})
                won += 1
            except Conflict as conflict:
                assert conflict.details[0].field == "title"
        print(won)
    """
    won = [0, 0, 0]

    def in_thread(place: int) -> None:
        for number in range(100):
            try:
                notes.insert({"title": str(number)})
                won[place] += 1
            except Conflict:
                pass

    def in_process() -> None:
        won[2] = int(run_python(script, folder).stdout)

    threads = [threading.Thread(target=in_thread, args=(place,)) for place in range(2)]
    threads.append(threading.Thread(target=in_process))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(won), notes.count()) == (100, 100)


def test_a_process_killed_in_a_transaction_leaves_all_that_was_answered_and_no_half(notes, folder):
    finished = run_python(
        """
        with db.transaction():
            notes.insert({"title": "answered"})
        with db.transaction():
            notes.insert({"title": "half"})
            os.kill(os.getpid(), 9)
        """,
        folder,
    )
    assert finished.returncode == -signal.SIGKILL
    assert titles(notes) == ["answered"]
    notes.insert({"title": "half"})


def test_a_script_that_closes_nothing_ends_cleanly(folder):
    finished = run_python(
        """
        notes.create_table()
        notes.insert({"title": "a"})
        transaction = db.transaction(time_limit=60)
        transaction.__enter__()
        """,
        folder,
    )
    assert (finished.returncode, finished.stderr) == (0, "")


def test_a_fork_of_a_database_in_use_is_refused_and_one_before_is_not(folder):
    finished = run_python(
        """
        fresh = Database("sqlite:///./fresh.db")
        notes.create_table()
        child = os.fork()
        if child == 0:
            try:
                notes.count()
            except RuntimeError as refused:
                print(refused)
            Repository(fresh, NOTES).create_table()
            print(Repository(fresh, NOTES).count(), flush=True)
            sys.exit(0)
        assert os.waitpid(child, 0)[1] == 0
        print(notes.count())
        """,
        folder,
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "was in use when this process was forked" in finished.stdout
    assert finished.stdout.splitlines()[1:] == ["0", "0"]


def test_it_works_beside_a_running_loop_as_in_a_notebook(database, notes):
    async def cell() -> None:
        with database.transaction():
            notes.insert({"title": "a"})
        await notes.ainsert({"title": "b"})

    asyncio.run(cell())
    assert titles(notes) == ["a", "b"]
