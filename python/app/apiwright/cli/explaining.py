"""apiwright explain: what a rule becomes for one user, and how the database would look for it."""

from collections.abc import Iterable
from typing import Any

import typer

from apiwright.backend import Backend
from apiwright.cli.application import find_resource, load_backend
from apiwright.cli.failures import CommandFailed
from apiwright.core.access import Principal
from apiwright.resources.compile import CompiledResource
from apiwright.resources.rule_compiler import ACTIONS

_WIDTH = 11


def print_explanation(target: str | None, name: str, action: str, email: str | None) -> None:
    app = load_backend(target)
    resource = find_resource(app, name)
    if action not in ACTIONS:
        raise CommandFailed(f"there is no action {action!r}; it is one of {', '.join(ACTIONS)}")
    try:
        _print(app, resource, action, email)
    finally:
        app.runtime.stop()


def _print(app: Backend, resource: CompiledResource[Any], action: str, email: str | None) -> None:
    parts = app.runtime.parts
    principal = None if email is None else _principal(app, email)
    predicate, sql, plan = parts.resources[resource.schema.table].explain(
        parts.database.core, action, principal
    )
    asked = "nobody signed in" if principal is None else f"{email} ({_roles(principal)})"
    _line("asked by", asked)
    _line("rule", resource.stated[action])
    _line("predicate", predicate)
    _line("SQL", sql)
    for number, step in enumerate(plan):
        _line("" if number else "plan", step)


def _principal(app: Backend, email: str) -> Principal:
    found: Principal | None = app.runtime.parts.store.principal_by_email(email)
    if found is None:
        raise CommandFailed(f"there is no active user with the e-mail {email}")
    return found


def _roles(principal: Principal) -> str:
    def named(what: str, names: Iterable[str]) -> str:
        return f"{what}: {', '.join(names) or 'none'}"

    return f"{named('roles', principal.roles)}; {named('permissions', principal.permissions)}"


def _line(name: str, text: str) -> None:
    typer.echo(f"{name.ljust(_WIDTH)}{text}")
