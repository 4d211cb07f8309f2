"""The core's parts wired together by hand, and how a test waits for what they deliver."""

import select
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apiwright._core.base import Clock, ManualClock
from apiwright._core.data import Database, Migrations
from apiwright._core.engine import (
    Cursors,
    Exchange,
    Gateway,
    RoleOperations,
    Services,
    SessionOperations,
    UserOperations,
)
from apiwright._core.passwords import Hasher, HashingPool
from apiwright._core.repositories import (
    Accounts,
    IdempotencyKeys,
    NewUser,
    Origin,
    Sessions,
    SignedIn,
    Users,
    users_schema,
)
from apiwright._core.tasks import CompletionQueue
from apiwright._core.tokens import AccessTokens, RefreshTokens

ROOT = Path(__file__).parents[2]
MIGRATIONS = str(ROOT / "migrations/sqlite")
SECRET_KEY = "a key of the tests, long enough for any"
NOON = 1_800_000_000_000  # milliseconds since 1970
NOBODY = "01900000-0000-7000-8000-000000000000"
DEADLINE = 60  # seconds; only a test that fails waits that long

Delivered = tuple[int, Any, BaseException | None]


def cheap_hasher() -> Hasher:
    return Hasher(memory_kib=8, passes=1)


def slow_hasher() -> Hasher:
    """Tens of milliseconds for each hash, in little memory."""
    return Hasher(memory_kib=8192, passes=8)


def pool_of(hasher: Hasher, *, threads: int = 1, queue_limit: int = 8) -> HashingPool:
    return HashingPool(hasher, threads=threads, queue_limit=queue_limit, wait_limit_ms=60_000)


def delivered(queue: CompletionQueue, count: int = 1) -> list[Delivered]:
    """The next `count` deliveries, oldest first."""
    poll = select.poll()
    poll.register(queue.fileno(), select.POLLIN)
    end = time.monotonic() + DEADLINE
    found: list[Delivered] = []
    while len(found) < count:
        assert poll.poll(max(0, end - time.monotonic()) * 1000), "nothing was delivered in time"
        found += queue.drain()
    assert len(found) == count
    return found


def result_of(start: Callable[..., None], *args: Any) -> Any:
    """Calls a `start_…` and waits for its result; raises what it delivers instead."""
    queue = CompletionQueue()
    start(queue, 1, *args)
    [(ticket, result, error)] = delivered(queue)
    assert ticket == 1
    if error is not None:
        raise error
    return result


def new_user(email: str = "ada@example.org", name: str = "Ada") -> NewUser:
    return NewUser(email=email, name=name, password_hash=cheap_hasher().hash("correct horse"))


def services_of(
    clock: Clock, database: Database, hashing: HashingPool, sessions: Sessions
) -> Services:
    cursors, idempotency_keys = Cursors(SECRET_KEY), IdempotencyKeys(SECRET_KEY)
    return Services(clock, database, hashing, sessions, cursors, idempotency_keys)


@dataclass
class World:
    """Everything over one database file, migrated."""

    path: Path
    database: Database = field(init=False)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON))
    hashing: HashingPool = field(default_factory=lambda: pool_of(cheap_hasher()))
    tokens: AccessTokens = field(default_factory=lambda: AccessTokens(SECRET_KEY))
    users: Users = field(default_factory=lambda: Users(users_schema()))

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.path}")
        Migrations("apiwright", MIGRATIONS).up(self.database)
        self.sessions = Sessions(RefreshTokens(SECRET_KEY), lifetime_ms=60_000, grace_ms=1_000)
        self.accounts = Accounts(self.users, self.sessions)
        services = self.services()
        self.user_operations = UserOperations(services, self.users, self.accounts)
        self.session_operations = SessionOperations(services)
        self.role_operations = RoleOperations(services)
        self.gateway = gateway(self.tokens, self.clock)

    def services(self) -> Services:
        return services_of(self.clock, self.database, self.hashing, self.sessions)

    def sign_up(self, email: str = "ada@example.org") -> SignedIn:
        origin = Origin("tests", "127.0.0.1")
        signed_in: SignedIn = result_of(
            self.accounts.start_sign_up, self.database, self.clock, new_user(email), origin
        )
        return signed_in

    def exchange(self, signed_in: SignedIn | None = None, method: str = "GET") -> Exchange:
        """A request, by that user when there is one."""
        headers = [(b"content-type", b"application/json")]
        if signed_in is not None:
            token = self.tokens.issue(signed_in.user, signed_in.session, self.clock)
            headers.append((b"authorization", b"Bearer " + token.encode()))
        return self.gateway.begin(method, b"/", "", "127.0.0.1", headers)

    def stop(self) -> None:
        self.hashing.stop()
        self.database.stop(10_000)


def gateway(tokens: AccessTokens, clock: ManualClock, **options: Any) -> Gateway:
    given: dict[str, Any] = {
        "anonymous": None,
        "authenticated": None,
        "login": None,
        "body_limit": 1024,
        "cors_origins": [],
        "trusted_proxies": [],
        "strict_transport": False,
        "log_json": True,
        "log_requests": False,
        **options,
    }
    return Gateway(tokens, clock, **given)


def others_run_during(work: Callable[[], object], attempts: int = 10) -> bool:
    """True when this thread ran Python code in the middle of `work` on another thread.

    One good attempt is enough: where the interpreter is kept locked, none can be."""
    return any(_others_run_during(work) for _ in range(attempts))


def _others_run_during(work: Callable[[], object]) -> bool:
    begun, ended = threading.Event(), threading.Event()
    span: list[float] = []

    def timed() -> None:
        begun.set()
        span.append(time.perf_counter())
        try:
            work()
        finally:
            span.append(time.perf_counter())
            ended.set()

    thread = threading.Thread(target=timed)
    thread.start()
    begun.wait(DEADLINE)
    laps: list[float] = []
    while not ended.is_set():
        laps.append(time.perf_counter())
    thread.join()
    start, end = span
    quarter = (end - start) / 4
    return any(start + quarter < lap < end - quarter for lap in laps)


def run_python(script: str, *args: object) -> "subprocess.CompletedProcess[str]":
    """Runs a script in a fresh interpreter; a crash, a hang or a warning fails the test."""
    command = [sys.executable, "-W", "error", "-X", "faulthandler", "-c", textwrap.dedent(script)]
    finished = subprocess.run(
        [*command, *map(str, args)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished
