"""What importing takes, in child processes."""

import statistics
import subprocess
import sys

_RUNS = 15
_MODULES = {
    "apiwright.core": "import apiwright.core",
    "apiwright.core's five modules": (
        "from apiwright.core import database, passwords, repositories, tokens, validation"
    ),
    "pydantic": "from pydantic import BaseModel",
}
_CHILD = """
import time
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if "VmHWM" in line)
before, start = peak(), time.process_time_ns()
{statement}
print(time.process_time_ns() - start, peak() - before)
"""


def table() -> None:
    for name, statement in _MODULES.items():
        runs = [_imported(statement) for _ in range(_RUNS)]
        took = statistics.median(nanoseconds for nanoseconds, _ in runs)
        memory = statistics.median(kib for _, kib in runs)
        print(f"| import, median of {_RUNS} | {name} | {took / 1e6:.1f} ms | {memory:,.0f} KiB |")


def _imported(statement: str) -> tuple[int, int]:
    code = _CHILD.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    nanoseconds, kib = done.stdout.split()
    return int(nanoseconds), int(kib)
