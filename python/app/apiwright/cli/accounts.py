"""apiwright users."""

import sys

import typer

from apiwright.cli.failures import CommandFailed
from apiwright.cli.migrations import open_runtime


def create_admin(email: str, name: str, *, from_stdin: bool) -> None:
    with open_runtime() as runtime:
        if runtime.migrations.pending(runtime.database):
            raise CommandFailed("the database is not up to date; run: apiwright migrate up")
        password = _read_password() if from_stdin else _ask_password()
        user = runtime.put_admin(email, name, password)
    typer.echo(f"{user['email']} is an admin")


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
