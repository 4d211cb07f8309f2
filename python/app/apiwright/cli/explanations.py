"""Settings in words, for `apiwright doctor`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from apiwright.database_url import without_password
from apiwright.settings import Settings, variable
from apiwright.units import format_duration, format_size


@dataclass(frozen=True, slots=True)
class Explanation:
    """One setting in words; a secret's value is only `set` or `not set`."""

    variable: str
    value: str
    default: str
    meaning: str


def explain(settings: Settings | None) -> Iterator[Explanation]:
    """Every setting; without `settings` (something is wrong with them), no values."""
    known = {} if settings is None else {"env": settings.env}  # some defaults follow from it
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data=known)
        yield Explanation(
            variable=variable(name),
            value="?" if settings is None else _shown(name, getattr(settings, name)),
            default=_shown(name, default),
            meaning=field.description or "",
        )


def _shown(name: str, value: object) -> str:
    if name == "secret_key":
        return "not set" if value is None else "set"
    if name == "token_keys":
        return "not set" if value is None else str(value)
    if name == "body_limit" and isinstance(value, int):
        return format_size(value)
    if name == "database_direct_url" and value is None:
        return "not set"
    if name in ("database_url", "database_direct_url") and isinstance(value, str):
        return without_password(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, tuple):
        return ",".join(value) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return "off" if value is None else str(value)
