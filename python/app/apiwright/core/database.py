"""A database, opened at its first use, and transactions of several steps.

from apiwright.core.database import Database

with Database("sqlite:///./notes.db") as db, db.transaction():
    ...
"""

import contextlib
import os
import threading
import weakref
from contextvars import ContextVar
from types import TracebackType
from typing import Final, Self

from apiwright._core.base import Clock, SystemClock
from apiwright._core.data import Database as CoreDatabase
from apiwright._core.data import Runner
from apiwright._core.data import Transaction as CoreTransaction
from apiwright.core.bridge import call
from apiwright.database_url import without_password
from apiwright.errors import AppError

__all__ = ["Database", "Transaction"]

_STOP_GRACE: Final = 10_000  # milliseconds


class Database:
    """A SQLite file, or a database of PostgreSQL's: threads that read, and such as write (SQLite
    has one). Safe to share between threads.

    Nothing is opened and no thread starts before the first use. Each write is durable when its call
    returns (SQLite: synchronous=FULL, and writes that wait share a commit). Threads end with
    close(), at the end of a `with`, and at the interpreter's exit.

    A process forked off one that has used the database cannot use it (SQLite's locks and the
    threads stay behind): there it raises RuntimeError. Forked before the first use, each process
    has its own.
    """

    def __init__(
        self,
        url: str,
        *,
        readers: int = 2,
        wait_limit: float = 10.0,
        busy_timeout: float = 5.0,
        clock: Clock | None = None,
    ) -> None:
        """`url` is `sqlite:///relative.db`, `sqlite:////absolute.db` or
        `postgresql://user:password@host/name`.

        `readers` threads read. What has waited `wait_limit` seconds for a thread is refused
        (Unavailable), and a read that takes as long ends (Timeout). `busy_timeout`: seconds for
        another process's write lock. Raises ValidationFailed for a URL it cannot take.
        """
        self._url = url
        self._core = CoreDatabase(
            url,
            readers=readers,
            wait_limit_ms=_milliseconds(wait_limit),
            busy_timeout_ms=_milliseconds(busy_timeout),
        )
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._running: CoreDatabase | None = None
        self._refusal: str | None = None

    @classmethod
    def over(cls, core: CoreDatabase, *, url: str, clock: Clock) -> "Database":
        """The same over a core database that somebody else stops."""
        database = cls.__new__(cls)
        database._url = url
        database._core = database._running = core
        database._clock = clock
        database._lock = threading.Lock()
        database._refusal = None
        return database

    def __repr__(self) -> str:
        return f"<Database {without_password(self._url)}>"

    @property
    def core(self) -> CoreDatabase:
        """The core's own object."""
        return self._core

    @property
    def clock(self) -> Clock:
        """Where `created_at` and `updated_at` come from."""
        return self._clock

    @property
    def runner(self) -> Runner:
        """Where calls run: the transaction open here, else the database.

        Raises RuntimeError when the database is closed, or belongs to a parent process.
        """
        for transaction in _open.get():
            if transaction.database is self:
                return transaction.runner
        return self._running or self._start()

    def transaction(self, *, time_limit: float = 5.0) -> "Transaction":
        """What is called inside `with` is stored together, or not at all.

        Every other write waits meanwhile, so the whole is rolled back after `time_limit` seconds
        (Timeout). Calls see what was written before them; one that fails is undone alone. An
        exception that leaves the block rolls back. There is no nesting.

        Raises Unavailable, and RuntimeError inside another transaction of this database.
        """
        return Transaction(self, time_limit)

    def atransaction(self, *, time_limit: float = 5.0) -> "AsyncTransaction":
        """The same for `async with`. Tasks started inside join it, and must end inside."""
        return AsyncTransaction(self, time_limit)

    def close(self) -> None:
        """Finishes what waits for up to 10 s, rolls an open transaction back, ends the threads."""
        with self._lock:
            self._refusal = self._refusal or f"{self!r} is closed."
            self._running = None
        if self._core_is_ours():
            self._core.stop(_STOP_GRACE)

    async def aclose(self) -> None:
        """The same without blocking the event loop."""
        import asyncio  # who awaits has it already

        await asyncio.to_thread(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    def _start(self) -> CoreDatabase:
        with self._lock:
            if self._refusal is not None:
                raise RuntimeError(self._refusal)
            if self._running is None:
                # Also when nobody closes it: before the interpreter takes the threads' ground away.
                weakref.finalize(self, _stop, self._core, os.getpid())
                _started.add(self)
                self._running = self._core
            return self._core

    def _core_is_ours(self) -> bool:
        return self not in _inherited

    def _forked(self) -> None:
        self._lock = threading.Lock()
        if self._running is not None:
            self._running = None
            self._refusal = (
                f"{self!r} was in use when this process was forked, so its threads and locks are "
                "the parent's. Make or first use it after the fork (multiprocessing: spawn)."
            )
            _inherited.add(self)


class _Scope:
    """A transaction's place in the context, and what both forms share."""

    def __init__(self, database: Database, time_limit: float) -> None:
        if time_limit <= 0:
            raise ValueError("time_limit must be more than 0 seconds")
        self.database = database
        self._time_limit = _milliseconds(time_limit)
        self._core: CoreTransaction | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.database!r}>"

    @property
    def runner(self) -> CoreTransaction:
        """Where its steps run."""
        if self._core is None:
            raise RuntimeError("The transaction is not open.")
        return self._core

    def _opening(self) -> CoreDatabase:
        if self._core is not None:
            raise RuntimeError("A transaction is entered once: make another.")
        if any(transaction.database is self.database for transaction in _open.get()):
            raise RuntimeError(
                "A transaction of this database is open here already: what is called inside "
                "it belongs to it. Transactions are not nested."
            )
        return self.database._running or self.database._start()

    def _enter(self, core: CoreTransaction) -> None:
        self._core = core
        _open.set((*_open.get(), self))

    def _leave(self) -> CoreTransaction:
        _open.set(tuple(transaction for transaction in _open.get() if transaction is not self))
        return self.runner


class Transaction(_Scope):
    """Steps that are stored together: Database.transaction()."""

    def __enter__(self) -> Self:
        self._enter(self._opening().begin(self._time_limit))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        core = self._leave()
        if kind is None:
            core.commit()
            return
        with contextlib.suppress(AppError):  # what went wrong first is what counts
            core.rollback()


class AsyncTransaction(_Scope):
    """The same, awaited: Database.atransaction()."""

    async def __aenter__(self) -> Self:
        core: CoreTransaction = await call(self._opening().start_begin, self._time_limit)
        self._enter(core)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        core = self._leave()
        if kind is None:
            await call(core.start_commit)
            return
        with contextlib.suppress(AppError):
            await call(core.start_rollback)


_open: ContextVar[tuple[_Scope, ...]] = ContextVar("apiwright_transactions", default=())
"""The transactions open in this context, each of another database."""

_started: weakref.WeakSet[Database] = weakref.WeakSet()
_inherited: set[Database] = set()
"""A parent's: never let go of here, since they would wait for threads that this process lacks."""


def _mark_forked() -> None:
    _open.set(())
    for database in list(_started):
        database._forked()


os.register_at_fork(after_in_child=_mark_forked)


def _stop(core: CoreDatabase, pid: int) -> None:
    if os.getpid() == pid:
        core.stop(_STOP_GRACE)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
