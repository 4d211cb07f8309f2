"""Figures as Markdown."""

import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.http.measure import Figures, Pace
from bench.http.rows import ROOT, SHARED, Work

Results = dict[str, dict[str, Figures]]  # by row, then by work

_FLOOR, _PEER = "floor-asgi", "fastify-sqlite"
_DISTURBED = 0.05  # of the server's core, taken by others: such a figure is marked


def report(results: Results, works: Iterable[Work], pace: Pace) -> str:
    """Everything, the headline first."""
    own = [work for work in works if work.name not in SHARED]
    parts = [
        _heading(pace),
        _matrix("CPU, µs for each request (of the runs: least–most)", results, _cpu),
        _matrix("Requests a second", results, lambda figures: f"{figures.rate:,.0f}"),
        _matrix(
            "Latency under that load, ms: median / 99th percentile",
            results,
            lambda figures: f"{figures.p50_ms:.2f} / {figures.p99_ms:.2f}",
        ),
        _matrix("Memory after it, MiB (PSS)", results, lambda figures: f"{figures.pss_mib:.0f}"),
        _ratios(results),
        _own_works(results, own),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


# --- tables ---------------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _matrix(title: str, results: Results, cell: Callable[[Figures], str]) -> str:
    works = [name for name in SHARED if any(name in found for found in results.values())]
    rows = [
        [row, *(cell(found[name]) if name in found else "" for name in works)]
        for row, found in results.items()
        if any(name in found for name in works)
    ]
    return f"### {title}\n\n{_table(['server', *works], rows)}" if rows else ""


def _cpu(figures: Figures) -> str:
    text = f"**{_short(figures.cpu_us)}**"
    if figures.database_cpu_us:
        text += f" + {_short(figures.database_cpu_us)}"
    if len(figures.cpu_us_runs) > 1:
        text += f" ({_short(min(figures.cpu_us_runs))}–{_short(max(figures.cpu_us_runs))})"
    return text + ("*" if figures.others > _DISTURBED else "")


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


def _ratios(results: Results) -> str:
    """Ours over the floor's hello, and over the best of the others in the same work."""
    floor = results.get(_FLOOR, {}).get("hello")
    peer = results.get(_PEER, {})
    rows = []
    for row in (name for name in results if name.startswith("ours")):
        for work in (name for name in SHARED if name in results[row]):
            cpu_us = results[row][work].cpu_us
            rows.append(
                [
                    f"{row}, {work}",
                    _short(cpu_us),
                    f"{cpu_us / floor.cpu_us:.2f}" if floor else "",
                    f"{cpu_us / peer[work].cpu_us:.2f}" if work in peer else "",
                ]
            )
    head = ["", "CPU µs", "÷ raw ASGI's hello (granian)", f"÷ {_PEER}, same work"]
    return f"### Ratios\n\n{_table(head, rows)}" if rows else ""


def _own_works(results: Results, works: Iterable[Work]) -> str:
    rows = []
    for work in works:
        for row in (name for name in results if work.name in results[name]):
            figures, base = results[row][work.name], results[row].get(work.like)
            rows.append(
                [
                    f"{row}, {_words(work, figures)}",
                    _cpu(figures),
                    _short(base.cpu_us) if base else "",
                    f"{figures.rate:,.0f}",
                    f"{base.rate:,.0f}" if base else "",
                    f"{figures.p50_ms:.2f} / {figures.p99_ms:.2f}",
                    f"{figures.pss_mib:.0f}",
                ]
            )
    head = ["", "CPU µs", "plain: µs", "a second", "plain: a second", "ms: median / 99 %", "MiB"]
    return f"### Ours, under more\n\n{_table(head, rows)}" if rows else ""


def _words(work: Work, figures: Figures) -> str:
    if work.writes_per_second:
        return f"{work.like} with {figures.writes_per_second:.0f} writes a second"
    if work.name.startswith("create"):
        return f"{work.like}, connections: {work.connections}"
    return f"{work.like} of {work.users:,} users"


# --- where and when -------------------------------------------------------------------------------


def _heading(pace: Pace) -> str:
    machine = f"{os.cpu_count()} × {_processor()}, Linux {platform.release()}"
    software = f"Python {platform.python_version()}, granian {version('granian')}"
    software += f", FastAPI {version('fastapi')}; a sync of its disk {_sync_ms():.2f} ms"
    how = f"{pace.runs} × {pace.seconds} s after {pace.warm_up} s"
    if pace.runs == 1:
        how += ": a look, not a measurement"
    marks = f"* others took more than {_DISTURBED:.0%} of the server's core: measure again."
    when = time.strftime("%Y-%m-%d %H:%M")
    return f"## {when}, commit {_commit()}\n\n{machine}; {software}. {how}.\n\\{marks}"


def _sync_ms(tries: int = 51) -> float:
    """What creating waits for: fdatasync of 4 KiB more, in the median."""
    took = []
    with tempfile.TemporaryFile(dir=ROOT / "build") as file:
        for _ in range(tries):
            os.write(file.fileno(), bytes(4096))
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - start)
    return statistics.median(took) * 1000


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()


def _commit() -> str:
    def git(*arguments: str) -> str:
        output = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
        return output.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + (" and changes" if git("status", "-s") else "")
