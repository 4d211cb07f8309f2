"""The secret that every key is derived from: given, or made once for development."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from apiwright.settings import KEY_ADVICE, MINIMUM_KEY_BYTES, Settings, SettingsError, variable


def resolve_secret_key(settings: Settings) -> str:
    """SECRET_KEY, or in development one made once and kept beside the database.

    Processes that start together agree on one. Raises SettingsError."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.secret_key_file
    if not path.parent.is_dir():
        raise SettingsError([f"{variable('database_url')}: there is no folder {path.parent}"])
    try:
        if not path.exists():
            _create(path)
        key = _read(path)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError(
            [
                f"{path} cannot be made or read ({reason}): "
                f"set {variable('secret_key')}, {KEY_ADVICE}"
            ]
        ) from None
    if len(key) < MINIMUM_KEY_BYTES:
        raise SettingsError([f"{path} holds no key: delete it, and a new one is made"])
    return key


def _read(path: Path) -> str:
    """A key that others can read or plant is no secret: the very file that is read is looked at."""
    with path.open(encoding="ascii") as file:
        facts = os.fstat(file.fileno())
        if facts.st_uid not in (os.geteuid(), 0):
            raise SettingsError(
                [f"{path} belongs to another user: delete it, and a new one is made"]
            )
        if facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(
                [f"{path} is open to other users of this machine: chmod 600 {path}"]
            )
        return file.read().strip()


def _create(path: Path) -> None:
    """Makes the key file, unless another process was first.

    A link never replaces a file, and shows it only whole."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
