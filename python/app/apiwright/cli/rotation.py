"""apiwright keys rotate."""

import time
from datetime import UTC, datetime

import typer

from apiwright.core.tokens import Algorithm
from apiwright.settings import load_settings
from apiwright.token_keys import rotate as rotate_keys


def rotate(algorithm: Algorithm) -> None:
    done = rotate_keys(load_settings(), algorithm, int(time.time()))
    typer.echo(f"{done.active} signs from {_moment(done.active_from)}")
    for kid, until in done.retired.items():
        typer.echo(f"{_name(kid)} verifies until {_moment(until)}")
    for kid in done.dropped:
        typer.echo(f"{_name(kid)} is dropped")


def _name(kid: str) -> str:
    return kid or "the key derived from the secret key"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
