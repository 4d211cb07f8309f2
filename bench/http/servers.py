"""A server of rows.toml, running on a core of its own."""

import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.http import seed
from bench.http.client import Client
from bench.http.processes import family
from bench.http.rows import Row

SERVER_CORE, LOAD_CORE = 0, 1
_START_SECONDS = 30
_STOP_SECONDS = 45  # longer than apiwright waits for what is in flight


class Wrong(Exception):
    """A server that does not do what it is measured for."""


class Server:
    """Started, and answering; gone when the `with` ends."""

    def __init__(self, row: Row, folder: Path, environment: Mapping[str, str]) -> None:
        self.row = row
        self.folder = folder / "load" / row.name
        self.port = _free_port()
        self._environment = {**os.environ, **environment}
        self._data = folder / "data"

    def start(self, users: int) -> Self:
        """Raises Wrong when it does not come to answer."""
        self.users = list(seed.users(users))
        self.callers = [user for user in self.users if user.admin]
        self.folder.mkdir(parents=True, exist_ok=True)
        database = self.folder / "bench.db"
        if self.row.has_database:
            seed.copy(seed.seed(self._data, users, self._environment), database)
        words = {"port": str(self.port), "db": str(database)}
        env = {name: value.format(**words) for name, value in self.row.env.items()}
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["taskset", "-c", str(SERVER_CORE), *shlex.split(self.row.start.format(**words))],
                cwd=self.folder,
                env=self._environment | env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait()
            callers = self.callers if self.row.has_users else []
            self.tokens = [self.login(user)["accessToken"] for user in callers]
        except BaseException:
            self.stop()
            raise
        return self

    @property
    def pid(self) -> int:
        return self._process.pid

    def client(self) -> Client:
        return Client(self.port)

    def login(self, user: seed.User) -> dict[str, Any]:
        """The `data` of the answer. Raises Wrong."""
        with self.client() as client:
            body = f'{{"email":"{user.email}","password":"{seed.PASSWORD}"}}'
            status, answer = client.ask("POST", "/api/v1/auth/login", body=body)
        if status != 200:
            raise Wrong(f"login: {status} {answer}")
        data: dict[str, Any] = answer["data"]
        return data

    def stop(self) -> None:
        """Asks it to stop, and ends what of it does not."""
        members = family(self.pid)
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for member in members:
                os.kill(member, signal.SIGKILL)
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                with self.client() as client:
                    if client.ask("GET", "/health")[0] == 200:
                        return
            except OSError:
                time.sleep(0.05)
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "server.log").read_text("utf-8", "replace")
                raise Wrong(f"{self.row.name} does not answer: {log[-600:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
