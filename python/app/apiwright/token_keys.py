"""The keys of access tokens in a file, and their rotation.

The file is a private JWK set. Its first key that is active signs and the others verify
(tokens/key_file.hpp); `active_from` and `retired_at` are seconds since 1970."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apiwright import private_files
from apiwright.core.tokens import Algorithm, SigningKey, check_key_set, derived_jwk
from apiwright.errors import AppError
from apiwright.secret_key import resolve_secret_key
from apiwright.settings import Settings, SettingsError, variable

ACTIVATION_SECONDS = 3
"""From a rotation until the new key signs. Processes look at the file once a second, and the moment
is cut to whole seconds: each knows the key before any signs with it."""

Jwk = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did, by the keys' names; a key derived from the secret key has none."""

    active: str
    active_from: int
    retired: dict[str, int]
    """Until when each verifies, in seconds since 1970."""
    dropped: list[str]


def rotate(settings: Settings, algorithm: Algorithm, now: int) -> Rotation:
    """Puts a new key first. Raises SettingsError in one sentence.

    The one that signed until now verifies for as long as its tokens live, and then is dropped by
    the next rotation; in a new file it is the key derived from the secret key."""
    path = _path(settings)
    lifetime = int(settings.access_token_ttl.total_seconds())
    try:
        with private_files.alone(path):
            before = _read(path, settings)
            kept, dropped = _retire(before, now, lifetime)
            new = SigningKey.generate(algorithm).to_jwk()
            new["active_from"] = now + ACTIVATION_SECONDS
            text = json.dumps({"keys": [new, *kept]}, indent=2) + "\n"
            _check(path, text)
            private_files.replace(path, text)
    except (OSError, UnicodeError) as error:
        raise SettingsError([f"{path} cannot be read or written ({_reason(error)})"]) from None
    until = {_name(key): key["retired_at"] + lifetime for key in kept if "retired_at" in key}
    return Rotation(new["kid"], new["active_from"], until, [_name(key) for key in dropped])


def check_file(path: Path) -> None:
    """Raises SettingsError unless serving could use the file."""
    try:
        _check(path, private_files.read(path))
    except (OSError, UnicodeError) as error:
        raise SettingsError([f"{path} cannot be read ({_reason(error)})"]) from None


def _path(settings: Settings) -> Path:
    if settings.token_keys is None:
        name = variable("token_keys")
        raise SettingsError([f"{name} is not set: set it to the file that shall hold the keys"])
    return settings.token_keys.absolute()


def _read(path: Path, settings: Settings) -> list[Jwk]:
    if not path.exists():
        return [derived_jwk(resolve_secret_key(settings))]
    text = private_files.read(path)
    _check(path, text)
    keys: list[Jwk] = json.loads(text)["keys"]
    return keys


def _check(path: Path, text: str) -> None:
    try:
        check_key_set(text)
    except AppError as error:
        details = [f"{field}: {message}" for field, message, _ in error.details]
        raise SettingsError([f"{path}: {(details or [error.message])[0]}"]) from None


def _retire(keys: list[Jwk], now: int, lifetime: int) -> tuple[list[Jwk], list[Jwk]]:
    """Those to keep and those to drop."""
    first = {"retired_at": now + ACTIVATION_SECONDS} | keys[0]
    kept: list[Jwk] = [first]
    dropped: list[Jwk] = []
    for key in keys[1:]:
        over = key.get("retired_at", now) + lifetime <= now
        (dropped if over else kept).append(key)
    return kept, dropped


def _name(key: Jwk) -> str:
    name: str = key.get("kid", "")
    return name


def _reason(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else None
    return reason or "it is not text"
