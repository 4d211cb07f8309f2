"""apiwright's own migrations and an application's, and how the next one is written."""

import errno
import importlib.resources
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from apiwright.core.migrations import (
    CoreSchema,
    Database,
    MigrationDraft,
    Migrations,
    MigrationStatus,
    draft_migration,
    set_drafts_aside,
)
from apiwright.errors import AppError, Unprocessable

__all__ = [
    "Home",
    "MigrationSet",
    "MigrationsError",
    "declared_schemas",
    "draft",
    "home_of",
    "make",
]

DIALECTS = ("sqlite", "postgresql")
OWN_SCOPE = "apiwright"
_NAME = re.compile(r"[a-z0-9_]{1,60}")
_FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.(?:up|down)\.sql")


class MigrationsError(Exception):
    """Why no migration can be written: sentences for the developer."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Home:
    """Where an application's migrations live: the folder beside its module."""

    scope: str
    """The module's name, under which the database remembers what was applied."""
    folder: Path

    @property
    def tables(self) -> Path:
        """The tables as the last migration that was made leaves them, as JSON."""
        return self.folder / "schema.json"

    def read_tables(self) -> str:
        """Its text; empty when nothing was made yet. Raises MigrationsError."""
        try:
            return self.tables.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeError) as error:
            raise MigrationsError(f"{self.tables} cannot be read: {error}") from None

    def migrations(self, dialect: str) -> Migrations | None:
        """Those of one database; none when there is no folder of them."""
        folder = self.folder / dialect
        return Migrations(self.scope, folder) if folder.is_dir() else None


def home_of(module_name: str) -> Home | None:
    """The home of the application in this imported module; none for a module without a file."""
    file = getattr(sys.modules.get(module_name), "__file__", None)
    if file is None or module_name == OWN_SCOPE:
        return None
    return Home(module_name, Path(file).resolve().parent / "migrations")


def declared_schemas(application: object) -> list[CoreSchema]:
    """What an application declares; nothing where it is none of ours."""
    return list(getattr(application, "declared_schemas", ()))


class MigrationSet:
    """apiwright's own migrations, which are packaged with it, and an application's after them."""

    def __init__(self, database_url: str, home: Home | None = None) -> None:
        """Raises ValidationFailed naming the files that are wrong."""
        dialect = urlsplit(database_url).scheme
        own = importlib.resources.files("apiwright") / "_migrations" / dialect
        self._own = Migrations(OWN_SCOPE, Path(str(own)))
        self._application = home.migrations(dialect) if home else None

    @property
    def _all(self) -> list[Migrations]:
        return [self._own] if self._application is None else [self._own, self._application]

    def status(self, database: Database) -> list[MigrationStatus]:
        """Every migration, in the order in which they are applied."""
        return [entry for part in self._all for entry in part.status(database)]

    def up(self, database: Database) -> list[str]:
        """Applies what is pending; the names, an application's with its scope.

        Drafts of the same are set aside: bring them back when the tables are complete."""
        applied = self._own.up(database)
        if self._application is not None and self._application.pending(database):
            set_drafts_aside(database)
            applied += _with_scope(self._application, self._application.up(database))
        return applied

    def down(self, database: Database, steps: int = 1) -> list[str]:
        """Takes back the last ones, an application's first; the names."""
        taken_back: list[str] = []
        if self._application is not None:
            taken_back = _with_scope(self._application, self._application.down(database, steps))
        return taken_back + self._own.down(database, steps - len(taken_back))

    def pending(self, database: Database) -> int:
        """How many are not applied."""
        return sum(part.pending(database) for part in self._all)

    async def count_pending(self, database: Database) -> int:
        """The same, awaited."""
        return sum([await part.count_pending(database) for part in self._all])


def _with_scope(part: Migrations, names: Iterable[str]) -> list[str]:
    return [f"{name} ({part.scope})" for name in names]


# --- making the next one --------------------------------------------------------------------------


def draft(
    home: Home,
    declared: Sequence[CoreSchema],
    renames: Sequence[str] = (),
    narrowed: Sequence[str] = (),
) -> MigrationDraft | None:
    """The step from the last migration to what is declared; None: nothing differs.

    Raises MigrationsError, Unprocessable."""
    tables = home.read_tables()
    try:
        return draft_migration(tables, declared, renames=list(renames), narrowed=list(narrowed))
    except Unprocessable:
        raise
    except AppError as error:
        details = [f"{field}: {message}" for field, message, _ in error.details]
        raise MigrationsError(
            *(f"{home.tables}: {sentence}" for sentence in details or [error.message])
        ) from None


@dataclass(frozen=True, slots=True)
class Made:
    """A migration that was written."""

    changes: list[str]
    files: list[Path]


def make(
    home: Home,
    name: str,
    declared: Sequence[CoreSchema],
    *,
    renames: Sequence[str] = (),
    narrowed: Sequence[str] = (),
) -> Made | None:
    """Writes the next migration for both databases, all of its files or none; None: nothing to do.

    Raises MigrationsError, Unprocessable, ValidationFailed."""
    if not _NAME.fullmatch(name):
        raise MigrationsError(
            f"{name!r} is no name for a migration: take up to 60 of a-z, 0-9 and _, "
            "such as add_notes"
        )
    version = _next_version(home)
    drafted = draft(home, declared, renames, narrowed)
    if drafted is None:
        return None
    stem = f"{version:04}_{name}"
    files: dict[Path, str] = {}
    for dialect, script in (("sqlite", drafted.sqlite), ("postgresql", drafted.postgresql)):
        for half, sql in (("up", script.up), ("down", script.down)):
            head = f"-- {stem}, {half}: made by apiwright migrate make.\n"
            files[home.folder / dialect / f"{stem}.{half}.sql"] = head + sql
    files[home.tables] = drafted.tables_json
    _write_together(files, replaced=home.tables)
    return Made(drafted.changes, list(files))


def _next_version(home: Home) -> int:
    """One more than the last, which both databases must have in common."""
    last = {}
    for dialect in DIALECTS:
        part = home.migrations(dialect)  # names the files that are wrong
        last[dialect] = 0 if part is None else _last_version(home.folder / dialect)
    if len(set(last.values())) > 1:
        behind, ahead = sorted(DIALECTS, key=lambda dialect: last[dialect])
        raise MigrationsError(
            f"{home.folder / ahead} has {last[ahead]} migrations and {home.folder / behind} "
            f"{last[behind]}: write those that are missing, so that both are numbered alike"
        )
    if last["sqlite"] >= 9999:
        raise MigrationsError("there are 9999 migrations, and no number is left")
    return last["sqlite"] + 1


def _last_version(folder: Path) -> int:
    matches = (_FILE.fullmatch(path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in matches if match), default=0)


def _write_together(files: dict[Path, str], *, replaced: Path) -> None:
    """Writes all of them or none; `replaced` alone may be there already. Raises MigrationsError."""
    written: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            written[path] = _write_beside(path, text)
        for path, beside in written.items():
            if path != replaced:
                _place(beside, path)
                placed.append(path)
        written[replaced].replace(replaced)
    except OSError as error:
        for path in placed:
            path.unlink(missing_ok=True)
        place = error.filename2 or error.filename or replaced
        raise MigrationsError(f"{place} cannot be written: {error.strerror}") from None
    finally:
        for beside in written.values():
            beside.unlink(missing_ok=True)


def _write_beside(path: Path, text: str) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _place(beside: Path, path: Path) -> None:
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    beside.rename(path)
