"""The `apiwright` command in a folder of its own, and servers that it starts."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

DEADLINE = 30.0  # seconds: far more than anything here takes


class Cli:
    """The command, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("APIWRIGHT_")}
        self.environment = {
            **inherited,
            "APIWRIGHT_PASSWORD_MEMORY_KIB": "8",
            "APIWRIGHT_PASSWORD_ITERATIONS": "1",
            "APIWRIGHT_HASHING_THREADS": "2",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "apiwright", *arguments]

    def settings(self, **values: str) -> None:
        self.environment |= {f"APIWRIGHT_{name.upper()}": value for name, value in values.items()}

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

    def ok(self, *arguments: str, stdin: str = "") -> str:
        """What it prints, having succeeded."""
        result = self.run(*arguments, stdin=stdin)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def refused(self, *arguments: str, stdin: str = "") -> str:
        """The sentences of a failure, without the program's name."""
        result = self.run(*arguments, stdin=stdin)
        assert result.returncode == 1, result.stderr
        assert "Traceback" not in result.stderr
        lines = result.stderr.splitlines()
        assert all(line.startswith("apiwright: ") for line in lines), result.stderr
        return "\n".join(line.removeprefix("apiwright: ") for line in lines)


class Server(NamedTuple):
    process: subprocess.Popen[str]
    url: str
    start: list[str]
    """What it printed until it said where it is."""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(DEADLINE)


@contextlib.contextmanager
def started(cli: Cli, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        cli.command("serve", "--port", "0", *arguments),
        cwd=cli.folder,
        env=cli.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    watchdog = threading.Timer(DEADLINE, os.killpg, (process.pid, signal.SIGKILL))
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextlib.contextmanager
def serving(cli: Cli, *arguments: str) -> Iterator[Server]:
    with started(cli, *arguments) as process:
        yield read_start(process)


def read_start(process: subprocess.Popen[str]) -> Server:
    lines: list[str] = []
    url = ""
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if found := re.search(r"http://[^/\s\"]+", line):
            url = found[0]
        if url and ("Ctrl-C" in line or "serving at" in line):
            return Server(process, url, lines)
    pytest.fail("it ended before it served:\n" + "".join(lines))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)
