"""Migrations of a database, and the tables that declared schemas need."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from apiwright._core.data import Database
from apiwright._core.data import Migrations as CoreMigrations
from apiwright._core.repositories import (
    MigrationDraft,
    MigrationScript,
    add_declared,
    bring_drafts_back,
    check_tables,
    draft_migration,
    require_sound,
    set_drafts_aside,
)
from apiwright._core.validation import Schema as CoreSchema
from apiwright.core.bridge import call

__all__ = [
    "CoreSchema",
    "Database",
    "Finding",
    "MigrationDraft",
    "MigrationScript",
    "MigrationStatus",
    "Migrations",
    "add_declared",
    "bring_drafts_back",
    "draft_migration",
    "findings_of",
    "require_sound",
    "set_drafts_aside",
]


class MigrationStatus(NamedTuple):
    """One migration of a scope and when it was applied, if it was."""

    scope: str
    version: int
    name: str
    applied_at: datetime | None


class Finding(NamedTuple):
    """Something that is declared and not so in the database."""

    what: str
    """`Article.slug`, or the class alone."""
    sentence: str
    can_be_added: bool


class Migrations:
    """The files of one folder, applied under the name of their scope."""

    def __init__(self, scope: str, folder: Path) -> None:
        """Raises ValidationFailed naming the files that are wrong."""
        self.scope = scope
        self._core = CoreMigrations(scope, str(folder))

    def status(self, database: Database) -> list[MigrationStatus]:
        """Every migration, oldest first. Raises Unprocessable when an applied one was edited."""
        return [MigrationStatus(self.scope, *row) for row in self._core.status(database)]

    def up(self, database: Database) -> list[str]:
        """Applies what is pending; the names."""
        return self._core.up(database)

    def down(self, database: Database, steps: int = 1) -> list[str]:
        """Takes back the last ones; the names."""
        return self._core.down(database, steps)

    def pending(self, database: Database) -> int:
        """How many are not applied."""
        return self._core.pending(database)

    async def count_pending(self, database: Database) -> int:
        """The same, awaited."""
        pending: int = await call(self._core.start_pending, database)
        return pending


def findings_of(
    database: Database, declared: Sequence[CoreSchema], tables_json: str = ""
) -> list[Finding]:
    """What the database lacks of the declared tables, and what of its own stands in their way.

    `tables_json` is what the last drafted migration left. Raises Unprocessable, Unavailable."""
    return [Finding(*row) for row in check_tables(database, declared, tables_json)]
