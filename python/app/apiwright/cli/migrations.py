"""apiwright migrate: make, up, down, status."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from apiwright.cli.failures import CommandFailed
from apiwright.settings import load_settings

if TYPE_CHECKING:
    from apiwright.runtime import Runtime

_HEADINGS = ("scope", "version", "name", "applied at")


@contextlib.contextmanager
def open_runtime(target: str | None = None) -> Iterator["Runtime"]:
    """A core of its own; the application's, with its migrations, if one is named."""
    from apiwright.cli.application import load_backend
    from apiwright.runtime import Runtime

    runtime = load_backend(target).runtime if target else Runtime(load_settings())
    try:
        yield runtime
    finally:
        runtime.stop()


def make(name: str, target: str, renames: Sequence[str], narrowed: Sequence[str]) -> None:
    from apiwright import migrations
    from apiwright.cli.application import home_of_target, load_application

    application = load_application(target)
    home = home_of_target(target)
    if not hasattr(application, "declared_schemas"):
        raise CommandFailed(f"{target} declares nothing: it is no apiwright.Backend")
    if home is None:
        raise CommandFailed(f"{target} is in no file, so there is no place for its migrations")
    declared = migrations.declared_schemas(application)
    made = migrations.make(home, name, declared, renames=renames, narrowed=narrowed)
    if made is None:
        typer.echo("nothing to do: what is declared is what the last migration left")
        return
    for sentence in made.changes:
        typer.echo(sentence)
    for path in made.files:
        typer.echo(f"wrote {_short(path)}")


def up(target: str | None) -> None:
    from apiwright.core.migrations import bring_drafts_back

    with open_runtime(target) as runtime:
        applied = runtime.migrations.up(runtime.database)
        for name in applied:
            typer.echo(f"applied {name}")
        if not applied:
            typer.echo("nothing to apply")
        for sentence in bring_drafts_back(runtime.database):
            typer.echo(sentence)


def down(target: str | None, steps: int) -> None:
    with open_runtime(target) as runtime:
        taken_back = runtime.migrations.down(runtime.database, steps)
    for name in taken_back:
        typer.echo(f"took back {name}")
    if not taken_back:
        typer.echo("nothing to take back")


def status(target: str | None) -> None:
    with open_runtime(target) as runtime:
        entries = runtime.migrations.status(runtime.database)
    rows = [_HEADINGS]
    rows += [
        (entry.scope, f"{entry.version:04}", entry.name, _moment(entry.applied_at))
        for entry in entries
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return "pending"
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _short(path: Path) -> str:
    return min(os.path.relpath(path), str(path), key=len)
