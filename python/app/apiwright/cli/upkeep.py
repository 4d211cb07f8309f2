"""The database that serving needs: migrated, and with the tables that are declared."""

import logging
from collections.abc import Sequence

from apiwright.cli.failures import CommandFailed, sentences_of
from apiwright.core.migrations import (
    CoreSchema,
    add_declared,
    bring_drafts_back,
    findings_of,
    require_sound,
)
from apiwright.errors import Unprocessable
from apiwright.migrations import declared_schemas, draft
from apiwright.runtime import Runtime

logger = logging.getLogger("apiwright")


def bring_up_to_date(runtime: Runtime, application: object, target: str | None) -> None:
    """In development: applies what is pending, then adds what is declared and can be added.

    Raises CommandFailed naming everything else that is declared otherwise, Unprocessable for what
    cannot be declared."""
    declared = declared_schemas(application)
    require_sound(declared)
    for name in runtime.migrations.up(runtime.database):
        logger.info("applied migration %s", name)
    try:
        for sentence in add_declared(runtime.database, declared, _last_tables(runtime)):
            logger.info("development: %s", sentence)
    except Unprocessable as error:
        raise CommandFailed(*sentences_of(error), _remedy(runtime, declared, target)) from None
    for sentence in bring_drafts_back(runtime.database):
        logger.info("development: %s", sentence)


def require_up_to_date(runtime: Runtime, application: object, target: str | None) -> None:
    """In production: changes nothing.

    Raises CommandFailed naming what is to be done first, Unprocessable for what cannot be declared.
    """
    declared = declared_schemas(application)
    require_sound(declared)
    if pending := runtime.migrations.pending(runtime.database):
        count = "1 migration" if pending == 1 else f"{pending} migrations"
        raise CommandFailed(f"the database lacks {count}; run: {_command('migrate up', target)}")
    findings = findings_of(runtime.database, declared, _last_tables(runtime))
    if findings:
        sentences = (f"{finding.what}: {finding.sentence}" for finding in findings)
        raise CommandFailed(*sentences, _remedy(runtime, declared, target))


def _last_tables(runtime: Runtime) -> str:
    return "" if runtime.home is None else runtime.home.read_tables()


def _remedy(runtime: Runtime, declared: Sequence[CoreSchema], target: str | None) -> str:
    if _is_made(runtime, declared):
        return (
            "the migrations say the same as the application, and all of them were applied: "
            "something else has changed the database, so change it back"
        )
    return (
        "the database is not as the application declares it; run: "
        f"{_command('migrate make NAME', target)}"
    )


def _is_made(runtime: Runtime, declared: Sequence[CoreSchema]) -> bool:
    """Whether the last migration leaves what is declared."""
    try:
        return runtime.home is not None and draft(runtime.home, declared) is None
    except Unprocessable:
        return False


def _command(words: str, target: str | None) -> str:
    return f"apiwright {words}" + (f" --app {target}" if target else "")
