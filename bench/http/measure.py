"""wrk against a server, and what that cost the server."""

import contextlib
import fcntl
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.http.processes import core_seconds, cpu_seconds, pss_mib
from bench.http.rows import Work
from bench.http.servers import LOAD_CORE, SERVER_CORE, Server, Wrong
from bench.http.works import chain_words, requests

_PLAN = 2000  # requests, then again from the first
_CHAIN = 96  # refresh tokens for one run of wrk: more than connections, so that none waits
_LUA = Path(__file__).with_name("load.lua")
# Measurements on one machine take turns, those of the harness for other servers too.
_LOCK = Path(os.environ.get("PEERS_LOCK") or Path(tempfile.gettempdir()) / "bench.lock")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to look."""

    warm_up: int = 2  # seconds
    seconds: int = 5
    runs: int = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """The run with the least CPU for each request."""

    cpu_us: float
    cpu_us_runs: list[float]
    rate: float  # requests a second
    p50_ms: float
    p99_ms: float
    pss_mib: float
    others: float  # share of the server's core that others took
    writes_per_second: float = 0
    database_cpu_us: float = 0  # of a database server beside it, for each request


@dataclass(slots=True)
class _Run:
    cpu_us: float
    rate: float
    p50_ms: float
    p99_ms: float
    others: float
    writes_per_second: float


def measure(server: Server, work: Work, pace: Pace) -> Figures:
    """Raises Wrong when an answer is an error."""
    words = chain_words(server, work, _CHAIN * (pace.runs + 1)) if work.chain else []
    with _turn(), _writing(server, work.writes_per_second) as written:
        runs = [
            _run(server, work, seconds, words[number * _CHAIN : (number + 1) * _CHAIN], written)
            for number, seconds in enumerate([pace.warm_up] + [pace.seconds] * pace.runs)
        ]
    measured = runs[1:]
    best = min(measured, key=lambda run: run.cpu_us)
    return Figures(
        cpu_us=best.cpu_us,
        cpu_us_runs=[run.cpu_us for run in measured],
        rate=best.rate,
        p50_ms=best.p50_ms,
        p99_ms=best.p99_ms,
        pss_mib=pss_mib(server.pid),
        others=best.others,
        writes_per_second=best.writes_per_second,
    )


def _run(server: Server, work: Work, seconds: int, words: list[str], written: "_Counter") -> _Run:
    environment = _environment(server, work, words)
    cpu, core = cpu_seconds(server.pid), core_seconds(SERVER_CORE)
    writes, start = written.count, time.monotonic()
    load = _wrk(server.port, work.connections, seconds, environment)
    took = time.monotonic() - start
    cpu, core = cpu_seconds(server.pid) - cpu, core_seconds(SERVER_CORE) - core
    if load["refused"] or load["lost"] or not load["requests"]:
        raise Wrong(f"{work.name}: of {load['requests']} requests, {load}")
    return _Run(
        cpu_us=cpu * 1e6 / load["requests"],
        rate=load["requests"] * 1e6 / load["microseconds"],
        p50_ms=load["p50_us"] / 1000,
        p99_ms=load["p99_us"] / 1000,
        others=max(0.0, core - cpu) / took,
        writes_per_second=(written.count - writes) / took,
    )


def _environment(server: Server, work: Work, words: list[str]) -> dict[str, str]:
    plan, seeds = server.folder / "plan", server.folder / "seeds"
    plan.write_text("".join(request.line() for request in requests(server, work, _PLAN)))
    seeds.write_text("".join(f"{word}\n" for word in words))
    return {
        **os.environ,
        "LOAD_PLAN": str(plan),
        "LOAD_MODE": _mode(work),
        "LOAD_TAG": f"u{time.time_ns()}x",
        "LOAD_SEEDS": str(seeds),
        "LOAD_NEXT": work.chain_pattern,
    }


def _mode(work: Work) -> str:
    if work.chain:
        return "chain"
    return "unique" if "{unique}" in work.body else "cycle"


def _wrk(port: int, connections: int, seconds: int, environment: dict[str, str]) -> dict[str, Any]:
    command = ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    command += ["--timeout", "20s", "--latency", "-s", str(_LUA), f"http://127.0.0.1:{port}"]
    output = subprocess.run(command, env=environment, capture_output=True, text=True)
    for line in output.stdout.splitlines():
        if line.startswith("JSON "):
            found: dict[str, Any] = json.loads(line.removeprefix("JSON "))
            return found
    raise Wrong(f"wrk: {output.stdout[-300:]} {output.stderr[-300:]}")


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    with _LOCK.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# --- writes that go on meanwhile ------------------------------------------------------------------

_WRITERS = 16  # clients: a few would wait behind wrk's requests and fall back


@dataclass(slots=True)
class _Counter:
    count: int = 0
    failures: list[str] = field(default_factory=list)


@contextlib.contextmanager
def _writing(server: Server, per_second: int) -> Iterator[_Counter]:
    """Clients that refresh their sessions, so many in all in each second."""
    counter, stopping = _Counter(), threading.Event()
    if not per_second:
        yield counter
        return
    tokens = [server.login(user)["refreshToken"] for user in server.callers[:_WRITERS]]
    interval = len(tokens) / per_second
    threads = [
        threading.Thread(target=_refresh, args=(server, token, interval, counter, stopping))
        for token in tokens
    ]
    for thread in threads:
        thread.start()
    try:
        yield counter
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    if counter.failures:
        raise Wrong(f"a session was not refreshed: {counter.failures[0]}")


def _refresh(
    server: Server, token: str, interval: float, counter: _Counter, stopping: threading.Event
) -> None:
    due = time.monotonic()
    with server.client() as client:
        while not stopping.wait(max(0.0, due - time.monotonic())):
            due += interval
            body = f'{{"refreshToken":"{token}"}}'
            status, answer = client.ask("POST", "/api/v1/auth/refresh", body=body)
            if status != 200:
                counter.failures.append(f"{status} {answer}")
                return
            token = answer["data"]["refreshToken"]
            counter.count += 1
