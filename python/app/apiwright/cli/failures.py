"""How commands fail: in sentences, without tracebacks."""

import typer


class CommandFailed(Exception):
    """A command could not do its work; sentences for whoever typed it."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


def sentences_of(error: Exception) -> list[str]:
    """What to say of an error that was foreseen; nothing for a fault of ours."""
    from apiwright.settings import SettingsError

    if isinstance(error, SettingsError):
        return error.sentences
    if isinstance(error, CommandFailed):
        return error.sentences
    from apiwright.core.validation import DeclarationError

    if isinstance(error, DeclarationError):
        return [str(error)]
    from apiwright.errors import AppError
    from apiwright.migrations import MigrationsError

    if isinstance(error, MigrationsError):
        return list(error.sentences)
    if not isinstance(error, AppError):
        return []
    cause = f" ({error.cause})" if error.cause else ""
    details = [f"{field}: {message}" for field, message, _ in error.details]
    return details or [f"{error.message}{cause}"]


def print_failure(sentences: list[str]) -> None:
    for sentence in sentences:
        typer.echo(f"apiwright: {sentence}", err=True)
