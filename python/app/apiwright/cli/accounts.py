"""apiwright users."""

import sys

import typer

from apiwright.cli.failures import CommandFailed
from apiwright.cli.migrations import open_runtime
from apiwright.errors import InternalError


def create_admin(
    target: str | None, email: str, name: str, fields: list[str], *, from_stdin: bool
) -> None:
    further = dict(_pair(field) for field in fields)
    with open_runtime(target) as runtime:
        if runtime.migrations.pending(runtime.database):
            raise CommandFailed("the database is not up to date; run: apiwright migrate up")
        password = _read_password() if from_stdin else _ask_password()
        try:
            user = runtime.put_admin(email, name, password, further)
        except InternalError as error:
            if "users." in error.cause:  # a column that only the application knows is not filled
                raise CommandFailed(
                    f"users have more fields in this database ({error.cause}): name the "
                    "application, --app module:name, and give them as --field NAME=VALUE"
                ) from None
            raise
    typer.echo(f"{user['email']} is an admin")


def _pair(field: str) -> tuple[str, str]:
    name, sign, value = field.partition("=")
    if not sign:
        raise CommandFailed(f"--field {field}: write NAME=VALUE")
    return name, value


def _read_password() -> str:
    """The first line of standard input, without its end."""
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CommandFailed("the password on standard input is not UTF-8") from None
    if not password:
        raise CommandFailed("there is no password on standard input")
    return password


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise CommandFailed("nobody to ask for a password here; use --password-stdin")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
