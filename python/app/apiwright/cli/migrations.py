"""apiwright migrate: up, down, status."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from apiwright.cli.application import load_backend
from apiwright.settings import load_settings

if TYPE_CHECKING:
    from apiwright.runtime import Runtime


@contextlib.contextmanager
def open_runtime(target: str | None = None) -> Iterator["Runtime"]:
    from apiwright.runtime import Runtime

    runtime = load_backend(target).runtime if target else Runtime(load_settings())
    try:
        yield runtime
    finally:
        runtime.stop()


def up() -> None:
    with open_runtime() as runtime:
        applied = runtime.migrations.up(runtime.database)
    for name in applied:
        typer.echo(f"applied {name}")
    if not applied:
        typer.echo("nothing to apply")


def down(steps: int) -> None:
    with open_runtime() as runtime:
        taken_back = runtime.migrations.down(runtime.database, steps)
    for name in taken_back:
        typer.echo(f"took back {name}")
    if not taken_back:
        typer.echo("nothing to take back")


def status() -> None:
    with open_runtime() as runtime:
        entries = runtime.migrations.status(runtime.database)
    rows = [("version", "name", "applied at")]
    rows += [(f"{entry.version:04}", entry.name, _moment(entry.applied_at)) for entry in entries]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        typer.echo(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return "pending"
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
