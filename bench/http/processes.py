"""What /proc tells of a server: processor time and memory of its processes."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """From the state on: the name before it may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """The process and everything it has started, parents first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int(_stat(int(entry.name))[1])
            except OSError:  # it has just ended
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the family, with children that have ended and been waited for."""
    ticks = 0
    for member in family(pid):
        try:
            ticks += sum(int(field) for field in _stat(member)[11:15])
        except OSError:
            continue
    return ticks / _TICKS


def pss_mib(pid: int) -> float:
    """Memory of the family; what processes share is shared out among them."""
    kib = 0
    for member in family(pid):
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue
        kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kib / 1024


def core_seconds(core: int) -> float:
    """How long a core has worked since boot, for whomever."""
    for line in Path("/proc/stat").read_text("ascii").splitlines():
        name, *ticks = line.split()
        if name == f"cpu{core}":
            user, nice, system, _, _, irq, softirq = (int(tick) for tick in ticks[:7])
            return (user + nice + system + irq + softirq) / _TICKS
    raise ValueError(f"this machine has no core {core}")
