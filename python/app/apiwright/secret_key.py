"""The secret that every key is derived from: given, or made once for development."""

import secrets

from apiwright import private_files
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
            private_files.create(path, secrets.token_hex(32) + "\n")
        key = private_files.read(path).strip()
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
