"""apiwright openapi."""

import json
from pathlib import Path

import typer

from apiwright.cli.application import load_application
from apiwright.cli.failures import CommandFailed


def write_openapi(target: str | None, output: str | None) -> None:
    """Writes the document to a file, or to standard output."""
    application = load_application(target)
    if not hasattr(application, "openapi"):
        raise CommandFailed(f"{target} is not a FastAPI application")
    text = json.dumps(application.openapi(), indent=2, ensure_ascii=False)
    if output is None:
        typer.echo(text)
        return
    try:
        Path(output).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandFailed(f"{output} cannot be written: {error.strerror}") from None
