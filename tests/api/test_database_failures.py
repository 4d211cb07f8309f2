"""A PostgreSQL server that goes away and comes back under requests."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.support.api import LOGIN, ME, PASSWORD, REGISTER, Account, Api, fresh_email
from tests.support.postgresql import Postgresql, SqlFailed, running_postgresql
from tests.support.server import Server, serving, wait_until

pytestmark = pytest.mark.one_database("its server is PostgreSQL's, which is stopped")

TIMEOUT = 5.0  # seconds, of requests
CLIENTS = 4  # that read, and as many that write


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Postgresql]:
    with running_postgresql() as running:
        yield running


@pytest.fixture
def served(postgresql: Postgresql, tmp_path: Path) -> Iterator[Server]:
    postgresql.clear()
    settings = {"database_url": postgresql.url, "request_timeout": f"{TIMEOUT:.0f}s"}
    with serving(tmp_path, **settings) as server:
        yield server


@dataclass
class Seen:
    """What clients were answered."""

    statuses: Counter[tuple[int, bool]] = field(default_factory=Counter)
    """With whether they may come back later."""
    stored: list[str] = field(default_factory=list)
    """E-mail addresses whose registration was acknowledged."""
    slowest: float = 0.0
    last: float = 0.0
    """When something was answered well."""

    def add(self, response: httpx.Response, email: str = "") -> None:
        self.statuses[response.status_code, "retry-after" in response.headers] += 1
        self.slowest = max(self.slowest, response.elapsed.total_seconds())
        if response.is_success:
            self.last = time.monotonic()
            if email:
                self.stored.append(email)


class Clients:
    """Some that read and some that write, one request after the other, until the `with` ends."""

    def __init__(self, server: Server, account: Account) -> None:
        self.seen = Seen()
        self._server, self._account = server, account
        self._ending = threading.Event()
        self._pool = ThreadPoolExecutor(2 * CLIENTS)

    def __enter__(self) -> "Clients":
        asks = [self._read, self._write] * CLIENTS
        self._running: list[Future[None]] = [self._pool.submit(self._run, ask) for ask in asks]
        self.wait_for_success()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for each in self._running:
            each.result()
        self._pool.shutdown()

    def wait_for_success(self) -> float:
        """How long that takes from now, in seconds."""
        start = time.monotonic()
        wait_until(lambda: self.seen.last > start)
        return self.seen.last - start

    def wait_for_refusal(self) -> None:
        before = self._refused()
        wait_until(lambda: self._refused() > before)

    def _refused(self) -> int:
        return sum(n for (status, _), n in self.seen.statuses.copy().items() if status == 503)

    def _run(self, ask: Callable[[httpx.Client], None]) -> None:
        with httpx.Client(base_url=self._server.url, trust_env=False, timeout=20) as client:
            while not self._ending.is_set():
                ask(client)

    def _read(self, client: httpx.Client) -> None:
        authorization = {"Authorization": f"Bearer {self._account.access}"}
        self.seen.add(client.get(ME, headers=authorization))

    def _write(self, client: httpx.Client) -> None:
        email = fresh_email()
        body = {"email": email, "name": "Ada", "password": PASSWORD}
        self.seen.add(client.post(REGISTER, json=body), email)


def stop_and_start(mode: str) -> Callable[[Postgresql, Clients], None]:
    def run(database: Postgresql, clients: Clients) -> None:
        database.stop(mode)
        clients.wait_for_refusal()
        database.start()

    return run


def end_sessions(database: Postgresql, clients: Clients) -> None:
    for _ in range(5):
        database.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'apiwright'"
        )
        clients.wait_for_success()


def kill_a_session(database: Postgresql, clients: Clients) -> None:
    """After which the server ends all of them, and recovers."""
    pids = database.rows("SELECT pid FROM pg_stat_activity WHERE application_name = 'apiwright'")
    os.kill(int(pids[0]), signal.SIGKILL)
    clients.wait_for_refusal()
    wait_until(lambda: answers(database))


def answers(database: Postgresql) -> bool:
    try:
        return database.rows("SELECT 1") == ["1"]
    except SqlFailed:
        return False


@pytest.mark.parametrize(
    "fail",
    [stop_and_start("fast"), stop_and_start("immediate"), end_sessions, kill_a_session],
    ids=["stopped", "crashed", "sessions-ended", "session-killed"],
)
def test_while_the_server_is_away_requests_are_told_to_come_back_and_nothing_is_lost(
    postgresql: Postgresql, served: Server, fail: Callable[[Postgresql, Clients], None]
) -> None:
    with Api(served) as api:
        account = api.register()
        with Clients(served, account) as clients:
            fail(postgresql, clients)
            assert clients.wait_for_success() < 1.0
        seen = clients.seen
        # Of a commit whose answer was lost nobody says that it may be repeated.
        assert set(seen.statuses) <= {(200, False), (201, False), (503, True), (503, False)}
        assert seen.statuses[503, True] >= seen.statuses[503, False]
        assert seen.slowest < TIMEOUT + 1
        for email in seen.stored:
            signed_in = api.post(LOGIN, json={"email": email, "password": PASSWORD})
            assert signed_in.status_code == 200, email
