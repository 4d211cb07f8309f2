"""Settings from the environment (prefix APIWRIGHT_) and .env: nothing else reads them."""

import contextlib
import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from apiwright.units import (
    Quota,
    check_quota,
    format_duration,
    parse_duration,
    parse_quota,
    parse_size,
)

__all__ = ["Quota", "Settings", "SettingsError", "load_settings"]

PREFIX = "APIWRIGHT_"
ENV_FILE = Path(".env")
KEY_FILE_NAME = ".apiwright.key"
MINIMUM_KEY_BYTES = 32  # RFC 7518 section 3.2: as long as HS256's hash

KEY_ADVICE = "at least 32 bytes, for example from: openssl rand -base64 48"


class SettingsError(Exception):
    """What is wrong with the settings: sentences that name the variable and show no secret."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


T = TypeVar("T")


def _reads(parse: Callable[[str], T]) -> BeforeValidator:
    """Text is parsed; a value that a program passes stays as it is."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


Duration = Annotated[timedelta, _reads(parse_duration)]
Rate = Annotated[Quota | None, _reads(parse_quota)]
Size = Annotated[int, _reads(parse_size)]
Names = Annotated[tuple[str, ...], _reads(_split_list)]

_ZERO = timedelta(0)
_SECOND = timedelta(seconds=1)


class _PlainDotEnv(DotEnvSettingsSource):
    """.env without interpolation."""

    def _read_env_file(self, file_path: Path) -> Mapping[str, str | None]:
        values = dotenv_values(file_path, encoding="utf-8", interpolate=False)
        return {name.lower(): value for name, value in values.items() if value}


def _available_cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _default_readers(validated: dict[str, Any]) -> int:
    # What waits for a server leaves the processor to others.
    return 2 if validated.get("database_url", "").startswith("sqlite") else 4


def _default_log_format(validated: dict[str, Any]) -> Literal["json", "console"]:
    return "json" if validated.get("env") == "production" else "console"


class Settings(BaseSettings):
    """Every setting, checked and immutable; `apiwright doctor` shows the descriptions."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        enable_decoding=False,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by our own
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """.env is read as it stands: `${…}` in a secret is not replaced by anything."""
        plain = _PlainDotEnv(settings_cls)
        return init_settings, env_settings, plain, file_secret_settings

    env: Literal["development", "production"] = Field(
        "development",
        description="development makes what is missing (key, tables); production refuses instead.",
    )
    database_url: str = Field(
        "sqlite:///./apiwright.db",
        repr=False,  # it may have a password
        description="The database: sqlite:///relative/path.db, sqlite:////absolute/path.db or "
        "postgresql://user:password@host/name.",
    )
    database_readers: int = Field(
        default_factory=_default_readers,
        ge=1,
        le=1000,
        description="Connections of each worker that read at once: 2, or 4 with PostgreSQL.",
    )
    database_writers: int = Field(
        4, ge=1, le=1000, description="Connections of each worker that write at once; SQLite has 1."
    )
    database_direct_url: str | None = Field(
        None,
        repr=False,  # it may have a password
        description="The same database for migrations, past a pooler such as PgBouncer.",
    )
    database_prepare: bool = Field(
        True,
        description="Whether PostgreSQL keeps statements prepared; off behind PgBouncer in "
        "transaction mode.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="The secret, at least 32 bytes, that every key is derived from; "
        "development keeps one of its own in .apiwright.key beside the database.",
    )
    token_keys: Path | None = Field(
        None,
        description="The file of access tokens' keys, which apiwright keys rotate makes and "
        "changes; without it their key is derived from the secret key.",
    )
    host: str = Field("127.0.0.1", description="The address to listen on; 0.0.0.0 means every one.")
    port: int = Field(8000, ge=0, le=65535, description="The TCP port; 0 means any free one.")
    workers: int = Field(1, ge=1, le=256, description="Number of processes that serve.")
    access_token_ttl: Duration = Field(
        timedelta(minutes=15),
        ge=_SECOND,
        le=timedelta(days=366),
        description="How long an access token is good.",
    )
    refresh_token_ttl: Duration = Field(
        timedelta(days=7), ge=_SECOND, description="How long a session lives without a refresh."
    )
    refresh_grace: Duration = Field(
        timedelta(seconds=10),
        ge=_ZERO,
        description="How long a refresh token just used gets the same successor again, "
        "for a client that lost the answer.",
    )
    password_memory_kib: int = Field(
        19456, ge=8, le=1_048_576, description="Argon2id's memory for each hash, in KiB."
    )
    password_iterations: int = Field(
        2, ge=1, le=64, description="Argon2id's number of passes over that memory."
    )
    hashing_threads: int = Field(
        default_factory=_available_cpus,
        ge=1,
        le=1024,
        description="Passwords hashed at once on this machine, shared out among the workers.",
    )
    hashing_queue: int = Field(
        128,
        ge=1,
        le=1_000_000,
        description="Hashes that may wait in a worker before it answers 503.",
    )
    token_issuer: str = Field(
        "apiwright",
        min_length=1,
        max_length=255,
        description="The iss of access tokens; others are refused.",
    )
    token_audience: str = Field(
        "apiwright",
        min_length=1,
        max_length=255,
        description="The aud of access tokens; others are refused.",
    )
    rate_limit: Rate = Field(
        Quota(100, timedelta(minutes=15)),
        description="Requests/window for each address that is not signed in, or off.",
    )
    rate_limit_authenticated: Rate = Field(
        Quota(6000, timedelta(minutes=15)),
        description="Requests/window for each signed-in user, or off.",
    )
    rate_limit_login: Rate = Field(
        Quota(10, timedelta(minutes=15)),
        description="Sign-in attempts/window for each address and e-mail together, or off.",
    )
    cors_origins: Names = Field(
        (),
        description="Origins that browsers may call from, with commas: https://app.example.org, "
        "or * for every one; none by default.",
    )
    body_limit: Size = Field(
        10 * 1024**2,
        ge=1,
        le=1024**3,
        description="The largest request body, in bytes or as 10MiB.",
    )
    request_timeout: Duration = Field(
        timedelta(seconds=30),
        gt=_ZERO,
        description="How long a request may take before it is answered 504.",
    )
    fast_lane: bool = Field(
        True,
        description="Whether the core answers its routes itself where no Python is needed; "
        "off sends every request through FastAPI.",
    )
    trusted_proxies: Names = Field(
        (),
        description="Addresses or ranges, with commas, of the proxies whose X-Forwarded-For "
        "is believed; none by default.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe messages to log: debug, info, warning or error."
    )
    log_format: Literal["json", "console"] = Field(
        default_factory=_default_log_format,
        description="console (for people; in development) or json (for programs; in production).",
    )

    @property
    def hashing_threads_per_worker(self) -> int:
        return max(1, self.hashing_threads // self.workers)

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, absolute; none when a server has the database."""
        path = self.database_url.removeprefix("sqlite:///")
        return None if path == self.database_url else Path(unquote(path)).absolute()

    @property
    def secret_key_file(self) -> Path:
        """Where development keeps the key it made: beside the database file, or in this folder."""
        path = self.sqlite_path
        return (Path.cwd() if path is None else path.parent) / KEY_FILE_NAME

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, url: str) -> str:
        server = re.fullmatch(r"postgres(?:ql)?://(.+)", url, re.DOTALL)
        if server is not None:
            return f"postgresql://{server[1]}"
        path = url.removeprefix("sqlite:///")
        if not url.startswith("sqlite:///") or path in ("", ":memory:"):
            raise ValueError(
                "must be sqlite:///relative/path.db, sqlite:////absolute/path.db "
                "or postgresql://user:password@host/name"
            )
        return url

    @field_validator("database_direct_url")
    @classmethod
    def _check_direct_url(cls, url: str | None, info: ValidationInfo) -> str | None:
        of_server = (url or "").startswith(("postgresql://", "postgres://"))
        if url is not None and not of_server:
            raise ValueError("must be postgresql://user:password@host/name")
        if url is not None and info.data.get("database_url", "").startswith("sqlite"):
            raise ValueError(f"is for PostgreSQL, which {variable('database_url')} does not name")
        return url

    @field_validator("secret_key")
    @classmethod
    def _check_secret_key(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if key is None and info.data.get("env") == "production":
            raise ValueError(f"is required with {variable('env')}=production: {KEY_ADVICE}")
        if key is not None and len(key.get_secret_value().encode()) < MINIMUM_KEY_BYTES:
            raise ValueError(f"is too short: {KEY_ADVICE}")
        return key

    @field_validator("rate_limit", "rate_limit_authenticated", "rate_limit_login")
    @classmethod
    def _check_quota(cls, quota: Quota | None) -> Quota | None:
        return None if quota is None else check_quota(quota)

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if origin != "*" and not _is_origin(origin):
                raise ValueError(f"{origin!r} is not an origin such as https://app.example.org")
        return origins

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            try:
                ipaddress.ip_network(network)
                if "%" in network or ("/" in network and not network.partition("/")[2].isdigit()):
                    raise ValueError("a zone, or a netmask instead of a prefix length")
            except ValueError:
                raise ValueError(
                    f"{network!r} is not an address or range such as 10.0.0.0/8"
                ) from None
        return networks


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and text == f"{parts.scheme}://{parts.netloc}"
            and "@" not in parts.netloc
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False


# --- loading --------------------------------------------------------------------------------------


def variable(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError with a sentence for everything wrong."""
    try:
        return Settings()
    except ValidationError as error:
        # Such a default was not made because another setting is wrong, which is reported itself.
        wrong = [item for item in error.errors() if item["type"] != "default_factory_not_called"]
        raise SettingsError([_sentence(item) for item in wrong]) from None
    except (OSError, UnicodeError):
        raise SettingsError([".env must be a UTF-8 file that can be read"]) from None


_MESSAGES: dict[str, str] = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}",
    "literal_error": "must be {expected}",
    "string_too_short": "must not be empty",
    "string_too_long": "must be at most {max_length} characters",
}


def _sentence(error: Any) -> str:
    context = {
        name: format_duration(value) if isinstance(value, timedelta) else value
        for name, value in error.get("ctx", {}).items()
    }
    if error["type"] == "value_error":
        message = str(context["error"])
    elif template := _MESSAGES.get(error["type"]):
        message = template.format_map(context)
    else:
        message = error["msg"]
    name = variable(str(error["loc"][0]))
    return f"{name}{' ' if message.startswith(('must', 'is ')) else ': '}{message}"


def _given(environ: Mapping[str, str] | None) -> Mapping[str, str | None]:
    if environ is not None:
        return environ
    with contextlib.suppress(OSError, UnicodeError):
        return {**dotenv_values(ENV_FILE, encoding="utf-8", interpolate=False), **os.environ}
    return os.environ


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each APIWRIGHT_ variable that is no setting: which one was meant?

    Looks in `environ`, or else in the environment and .env."""
    known = [field.upper() for field in Settings.model_fields]
    unknown = sorted(
        name
        for name in _given(environ)
        if name.upper().startswith(PREFIX) and name.upper().removeprefix(PREFIX) not in known
    )
    return [_unknown_sentence(name, known) for name in unknown]


def _unknown_sentence(name: str, known: list[str]) -> str:
    similar = difflib.get_close_matches(name.upper().removeprefix(PREFIX), known, n=1, cutoff=0.7)
    hint = f": did you mean {PREFIX}{similar[0]}?" if similar else ""
    return f"{name} is not a setting{hint}"


def set_environment(**values: object) -> None:
    """Overrides settings, by field name, in this process and those it starts; None keeps."""
    for field, value in values.items():
        if value is not None:
            os.environ[variable(field)] = str(value)


_SERVED = "_APIWRIGHT_SERVED"  # no setting: how one command tells the processes that it starts


def pass_to_workers(target: str | None) -> None:
    """Tells the processes that this one starts which application they serve."""
    os.environ[_SERVED] = target or ""


def served_application() -> str | None:
    """What pass_to_workers was told in the process that started this one."""
    return os.environ.get(_SERVED) or None
