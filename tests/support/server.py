"""A real server process in a folder of its own, on a free port."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.support.databases import database_url
from tests.support.lane import lane_settings

DEADLINE = 30.0  # seconds: far more than anything here takes
SECRET_KEY = "tests only: 0123456789abcdef0123456789abcdef"

_CHEAP = {
    "log_format": "json",
    "password_memory_kib": "8",
    "password_iterations": "1",
    "hashing_threads": "2",
    "rate_limit": "off",
    "rate_limit_authenticated": "off",
    "rate_limit_login": "off",
    "secret_key": SECRET_KEY,
}


def wait_until(condition: Callable[[], Any], seconds: float = DEADLINE) -> Any:
    """What `condition` returns once that is true; fails when it does not come about in time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)
    return found


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """This process's, with cheap settings, a database in `folder`, and `settings` over them."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("APIWRIGHT_")}
    url = database_url(folder, "api")
    values = {**_CHEAP, **lane_settings(), "database_url": url, **settings}
    return inherited | {f"APIWRIGHT_{name.upper()}": str(value) for name, value in values.items()}


class Server:
    """A running `apiwright serve`; what it writes is in `log`."""

    def __init__(self, folder: Path, *arguments: str, **settings: object) -> None:
        self.folder = folder
        self.environment = environment(folder, **settings)
        self._log_file = folder / "server.log"
        self._log_start = self._log_file.stat().st_size if self._log_file.exists() else 0
        with self._log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "apiwright", "serve", "--port", "0", *arguments],
                cwd=folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.url = wait_until(self._find_url)
        except BaseException:
            self.kill()
            raise

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def log(self) -> str:
        """Everything this process and its workers have written so far."""
        with self._log_file.open("rb") as file:
            file.seek(self._log_start)
            return file.read().decode()

    def lines(self) -> list[dict[str, Any]]:
        """The same as JSON: each whole line must be an object."""
        return [json.loads(line) for line in self.log.splitlines(keepends=True) if line[-1] == "\n"]

    def wait_for_request(self, request_id: str) -> dict[str, Any]:
        """The log line of a request; it is written just after its answer."""

        def find() -> dict[str, Any] | None:
            return next((line for line in self.lines() if _is_request(line, request_id)), None)

        found: dict[str, Any] = wait_until(find)
        return found

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Another command on the same database; what it prints."""
        return subprocess.run(
            [sys.executable, "-m", "apiwright", *arguments],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
            timeout=DEADLINE,
        ).stdout

    def ask_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """The exit status."""
        return self.process.wait(DEADLINE)

    def kill(self) -> None:
        """Ends every process of the server at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _find_url(self) -> str | None:
        if found := re.search(r'serving at (http://[^"\s]+)', self.log):
            return found[1]
        assert self.process.poll() is None, f"it ended before it served:\n{self.log}"
        return None


def _is_request(line: dict[str, Any], request_id: str) -> bool:
    return (line["logger"], line.get("requestId")) == ("apiwright.request", request_id)


@contextlib.contextmanager
def serving(folder: Path, *arguments: str, **settings: object) -> Iterator[Server]:
    """A server that is gone afterwards. A folder may be served again: its data is still there."""
    server = Server(folder, *arguments, **settings)
    try:
        yield server
    finally:
        server.kill()
