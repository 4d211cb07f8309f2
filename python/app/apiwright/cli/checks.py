"""apiwright doctor: explains every setting, then checks what serving needs."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer

from apiwright.cli.explanations import explain
from apiwright.cli.failures import sentences_of
from apiwright.docs_pages import missing_assets
from apiwright.settings import (
    ENV_FILE,
    Settings,
    SettingsError,
    load_settings,
    unknown_variables,
    variable,
)
from apiwright.units import format_size

_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_MARKS = {"good": "✓", "note": "!", "bad": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `note` is worth knowing, only `bad` is wrong."""

    verdict: Literal["good", "note", "bad"]
    text: str


def report() -> bool:
    """Prints it all; whether nothing is wrong."""
    settings, findings = _load()
    _print_settings(settings)
    if settings is not None:
        for check in CHECKS:
            findings += _run(check, settings)
    for finding in findings:
        typer.echo(f"{_MARKS[finding.verdict]} {finding.text}")
    return all(finding.verdict != "bad" for finding in findings)


def _load() -> tuple[Settings | None, list[Finding]]:
    notes = [Finding("note", sentence) for sentence in unknown_variables()]
    try:
        return load_settings(), [Finding("good", "settings are valid"), *notes]
    except SettingsError as error:
        return None, [*(Finding("bad", sentence) for sentence in error.sentences), *notes]


def _print_settings(settings: Settings | None) -> None:
    for entry in explain(settings):
        default = "" if entry.value == entry.default else f"  (default {entry.default})"
        typer.echo(f"{entry.variable} = {entry.value}{default}\n    {entry.meaning}")
    typer.echo()


Check = Callable[[Settings], Iterator[Finding]]


def _run(check: Check, settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except Exception as error:
        sentences = sentences_of(error)
        if not sentences:
            raise
        return [Finding("bad", sentence) for sentence in sentences]


def _secret_key(settings: Settings) -> Iterator[Finding]:
    path = settings.secret_key_file
    if settings.secret_key is not None:
        yield Finding("good", "the secret key is set")
    elif not path.parent.is_dir():
        return  # the database's check says it
    elif path.exists():
        yield Finding("good", f"the secret key is in {path} (development)")
    else:
        yield Finding("good", f"the secret key will be made in {path} (development)")


def _token_keys(settings: Settings) -> Iterator[Finding]:
    path = settings.token_keys
    if path is None:
        return
    if path.exists():
        from apiwright.token_keys import check_file

        check_file(path.absolute())
        yield Finding("good", "the token keys can be used")
    else:
        yield Finding(
            "note", f"there are no token keys yet at {path}; apiwright keys rotate makes them"
        )


def _files(settings: Settings) -> Iterator[Finding]:
    """Secrets and data are for their owner alone."""
    private = [settings.secret_key_file]
    if settings.sqlite_path is not None:
        private.append(settings.sqlite_path)
    if settings.token_keys is not None:
        private.append(settings.token_keys.absolute())
    if ENV_FILE.is_file() and "SECRET_KEY" in ENV_FILE.read_text("utf-8", "replace"):
        private.append(ENV_FILE)
    present = [path for path in private if path.exists()]
    exposed = [path for path in present if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    for path in exposed:
        yield Finding("bad", f"{path} is open to other users of this machine: chmod 600 {path}")
    if present and not exposed:
        yield Finding("good", "files that hold data or keys are private")


def _missing(path: Path, settings: Settings) -> Finding:
    if not path.parent.is_dir():
        return Finding("bad", f"{variable('database_url')}: there is no folder {path.parent}")
    if settings.env == "development":
        return Finding("note", f"there is no database yet at {path}; apiwright serve makes it")
    return Finding("bad", f"there is no database yet at {path}; run: apiwright migrate up")


def _database(settings: Settings) -> Iterator[Finding]:
    path = settings.sqlite_path
    if path is not None and not path.exists():
        yield _missing(path, settings)
        return
    from apiwright.runtime import Runtime

    runtime = Runtime(settings)
    try:
        pending = runtime.migrations.pending(runtime.database)
    finally:
        runtime.stop()
    yield Finding("good", "the database can be reached")
    if not pending:
        yield Finding("good", "the database is up to date")
    elif settings.env == "development":
        yield Finding("note", f"migrations pending: {pending}; apiwright serve applies them")
    else:
        yield Finding("bad", f"migrations pending: {pending}; run: apiwright migrate up")


def _hashing_memory(settings: Settings) -> Iterator[Finding]:
    each_worker = settings.hashing_threads_per_worker * settings.workers
    needed = each_worker * settings.password_memory_kib * 1024
    available = _available_memory()
    text = f"hashing passwords takes up to {format_size(needed)}"
    if available is None:
        yield Finding("note", f"{text}; how much memory there is cannot be told here")
    elif needed > available:
        yield Finding(
            "bad",
            f"{text}, but {available // 1024**2}MiB are free: lower {variable('hashing_threads')}",
        )
    else:
        yield Finding("good", f"{text}, and {available // 1024**2}MiB are free")


def _available_memory() -> int | None:
    """Bytes: what the machine has free, or the container's limit if that is less."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(
            int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")
        )
    except (OSError, StopIteration):
        return None
    try:
        return min(free, int(_CGROUP_LIMIT.read_text("ascii")))
    except (OSError, ValueError):
        return free


def _documentation(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001 - as every check
    if missing := missing_assets():
        yield Finding("bad", f"/docs and /redoc lack {', '.join(missing)}: build apiwright again")
    else:
        yield Finding("good", "the documentation pages are complete")


CHECKS: tuple[Check, ...] = (
    _secret_key,
    _token_keys,
    _files,
    _database,
    _hashing_memory,
    _documentation,
)
