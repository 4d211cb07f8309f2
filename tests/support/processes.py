"""What /proc tells of a server's processes."""

import os
from pathlib import Path

from tests.support.server import Server

_TICKS = os.sysconf("SC_CLK_TCK")


def workers(server: Server) -> list[int]:
    """The processes that answer requests: the children of the one that was started."""
    parent = server.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    return [int(child) for child in children]


def cpu_seconds(pid: int) -> float:
    """Processor time used so far, in user and kernel mode."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def peak_memory(pid: int) -> int:
    """The most bytes that were resident at once."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")
