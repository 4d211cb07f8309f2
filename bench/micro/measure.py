"""CPU time of a call, and memory of a process of its own."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

RUNS, SECONDS = 7, 0.2

Call = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One call to measure; `memory_calls`: how many are kept in a child process, 0 for none."""

    work: str
    library: str
    call: Call
    memory_calls: int = 0


def nanoseconds(call: Call) -> float:
    """This process's CPU for one call, all threads: best of RUNS runs of about SECONDS."""
    number = _calls_in(call, SECONDS)
    return min(_run(call, number) for _ in range(RUNS)) / number


def _calls_in(call: Call, seconds: float) -> int:
    number = 1
    while (took := _run(call, number)) < seconds * 1e8:
        number *= 2
    return max(1, int(number * seconds * 1e9 / took))


def _run(call: Call, number: int) -> int:
    repeat = range(number)
    start = time.process_time_ns()
    for _ in repeat:
        call()
    return time.process_time_ns() - start


def peak_kib() -> int:
    """The most memory that this process has had."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def growth_kib(call: Call, number: int) -> int:
    """How far `number` calls push the peak of this process, their results kept."""
    call()
    Path("/proc/self/clear_refs").write_text(
        "5", encoding="ascii"
    )  # proc(5): the peak from here on
    before = peak_kib()
    kept = [call() for _ in range(number)]
    grown = peak_kib() - before
    assert len(kept) == number
    return grown


def memory_kib(group: str, position: int) -> int:
    """growth_kib() of a row in a process of its own."""
    arguments = ["-m", "bench.micro", "--memory", group, str(position)]
    done = subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, timeout=120
    )
    return int(done.stdout)


def table(group: str, rows: Iterable[Row]) -> None:
    for position, row in enumerate(rows):
        took = nanoseconds(row.call)
        time_text = f"{took / 1e3:,.0f} µs" if took > 1e5 else f"{took / 1e3:,.2f} µs"
        memory = ""
        if row.memory_calls:
            memory = f"{memory_kib(group, position):,} KiB of {row.memory_calls:,}"
        print(f"| {row.work} | {row.library} | {time_text} | {memory} |", flush=True)
