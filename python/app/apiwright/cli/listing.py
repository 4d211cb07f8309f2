"""apiwright routes: which lane answers each route, and why not the fast one."""

import typer

from apiwright import Backend
from apiwright.cli.application import load_application
from apiwright.cli.failures import CommandFailed
from apiwright.lanes import lanes

_HEADINGS = ("METHOD", "PATH", "LANE", "WHY")


def print_routes(target: str | None) -> None:
    """A line for each route, in the order in which they are asked."""
    application = load_application(target)
    if not isinstance(application, Backend):
        raise CommandFailed(f"{target} is not an apiwright.Backend")
    rows = [
        (",".join(lane.methods) or "any", lane.path, lane.name, lane.reason or "")
        for lane in lanes(application)
    ]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    for row in (_HEADINGS, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())
