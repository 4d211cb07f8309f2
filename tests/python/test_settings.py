import os
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from apiwright.cli.explanations import explain
from apiwright.secret_key import resolve_secret_key
from apiwright.settings import (
    Quota,
    Settings,
    SettingsError,
    load_settings,
    set_environment,
    unknown_variables,
    variable,
)

pytestmark = pytest.mark.usefixtures("folder")

SECRET = "correct-horse-battery-staple-0123456789"


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for field, value in values.items():
        monkeypatch.setenv(variable(field), value)
    return load_settings()


def sentences(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(monkeypatch, **values)
    return caught.value.sentences


# --- units ----------------------------------------------------------------------------------------


def test_without_any_variable_the_contract_s_defaults_hold() -> None:
    settings = load_settings()
    shown = {entry.variable.removeprefix("APIWRIGHT_"): entry.value for entry in explain(settings)}
    assert shown.pop("HASHING_THREADS") == str(len(os.sched_getaffinity(0)))
    assert shown == {
        "ENV": "development",
        "DATABASE_URL": "sqlite:///./apiwright.db",
        "DATABASE_READERS": "2",
        "DATABASE_WRITERS": "4",
        "DATABASE_DIRECT_URL": "not set",
        "DATABASE_PREPARE": "on",
        "SECRET_KEY": "not set",
        "TOKEN_KEYS": "not set",
        "HOST": "127.0.0.1",
        "PORT": "8000",
        "WORKERS": "1",
        "ACCESS_TOKEN_TTL": "15m",
        "REFRESH_TOKEN_TTL": "7d",
        "REFRESH_GRACE": "10s",
        "PASSWORD_MEMORY_KIB": "19456",
        "PASSWORD_ITERATIONS": "2",
        "HASHING_QUEUE": "128",
        "TOKEN_ISSUER": "apiwright",
        "TOKEN_AUDIENCE": "apiwright",
        "RATE_LIMIT": "100/15m",
        "RATE_LIMIT_AUTHENTICATED": "6000/15m",
        "RATE_LIMIT_LOGIN": "10/15m",
        "CORS_ORIGINS": "none",
        "BODY_LIMIT": "10MiB",
        "REQUEST_TIMEOUT": "30s",
        "FAST_LANE": "on",
        "TRUSTED_PROXIES": "none",
        "LOG_LEVEL": "info",
        "LOG_FORMAT": "console",
    }


def test_every_setting_is_explained_in_one_sentence() -> None:
    for entry in explain(load_settings()):
        assert entry.meaning[0].isalpha(), entry
        assert entry.meaning.endswith("."), entry
        assert "\n" not in entry.meaning


def test_variables_are_read_with_their_units(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch,
        access_token_ttl="1s",
        body_limit="512KiB",
        rate_limit="off",
        rate_limit_login="3/60",
        cors_origins="https://a.example, http://localhost:5173",
        trusted_proxies="10.0.0.0/8,::1",
        log_level="WARNING",
    )
    assert settings.access_token_ttl == timedelta(seconds=1)
    assert settings.body_limit == 524_288
    assert settings.rate_limit is None
    assert settings.rate_limit_login == Quota(3, timedelta(minutes=1))
    assert settings.cors_origins == ("https://a.example", "http://localhost:5173")
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")
    assert settings.log_level == "warning"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, port="", secret_key="").port == 8000


def test_the_environment_wins_over_the_env_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("APIWRIGHT_PORT=1111\nAPIWRIGHT_WORKERS=3\nOTHER=x\n")
    settings = load(monkeypatch, port="2222")
    assert (settings.port, settings.workers) == (2222, 3)


def test_a_program_may_pass_values_of_the_right_type() -> None:
    settings = Settings(port=0, rate_limit=None, request_timeout=timedelta(seconds=2))
    assert (settings.port, settings.rate_limit) == (0, None)


def test_settings_cannot_be_changed() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]


def test_production_logs_json_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, env="production", secret_key=SECRET).log_format == "json"
    assert load(monkeypatch, log_format="console").log_format == "console"


def test_hashing_threads_are_shared_out_among_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, hashing_threads="8", workers="3").hashing_threads_per_worker == 2
    assert load(monkeypatch, hashing_threads="1").hashing_threads_per_worker == 1


def test_set_environment_overrides_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APIWRIGHT_PORT", "1111")  # restored afterwards
    monkeypatch.setenv("APIWRIGHT_HOST", "::1")
    set_environment(port=2222, host=None)
    assert (load_settings().port, load_settings().host) == (2222, "::1")


def test_a_servers_database_has_no_file_and_its_key_is_kept_in_this_folder(folder: Path) -> None:
    for url in ("postgresql://me@host/db", "postgres://me@host/db"):
        settings = Settings(database_url=url)
        assert settings.database_url == "postgresql://me@host/db"
        assert settings.sqlite_path is None
        assert settings.database_readers == 4
        assert settings.secret_key_file.parent == folder


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@host/db",
        "postgresql://me:hunter2/@host/db",
        "postgresql://me:a@hunter2@host/db",
        "postgresql://host/db?password=hunter2&sslmode=require",
    ],
)
def test_a_databases_password_is_shown_nowhere(folder: Path, url: str) -> None:  # noqa: ARG001
    settings = Settings(database_url=url, database_direct_url=url)
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in repr(list(explain(settings)))


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///./a%20b.db", "a b.db"),
        ("sqlite:///x/y.db", "x/y.db"),
        ("sqlite:////z.db", "/z.db"),
    ],
)
def test_the_database_file_is_where_the_url_says(folder: Path, url: str, path: str) -> None:
    assert Settings(database_url=url).sqlite_path == folder / path


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("port", "x", "APIWRIGHT_PORT must be a whole number"),
        ("port", "65536", "APIWRIGHT_PORT must be at most 65535"),
        ("workers", "0", "APIWRIGHT_WORKERS must be at least 1"),
        ("env", "prod", "APIWRIGHT_ENV must be 'development' or 'production'"),
        (
            "rate_limit",
            "100",
            "APIWRIGHT_RATE_LIMIT: '100' is not a rate such as 100/15m (requests/window), or off",
        ),
        ("request_timeout", "0", "APIWRIGHT_REQUEST_TIMEOUT must be more than 0 seconds"),
        ("access_token_ttl", "500ms", "APIWRIGHT_ACCESS_TOKEN_TTL must be at least 1 second"),
        (
            "cors_origins",
            "https://a.example/",
            "APIWRIGHT_CORS_ORIGINS: 'https://a.example/' is not an origin "
            "such as https://app.example.org",
        ),
        (
            "trusted_proxies",
            "10.0.0.0/255.0.0.0",
            "APIWRIGHT_TRUSTED_PROXIES: '10.0.0.0/255.0.0.0' is not an address or range "
            "such as 10.0.0.0/8",
        ),
        ("password_iterations", "65", "APIWRIGHT_PASSWORD_ITERATIONS must be at most 64"),
        ("access_token_ttl", "367d", "APIWRIGHT_ACCESS_TOKEN_TTL must be at most 366 days"),
        (
            "token_issuer",
            "x" * 256,
            "APIWRIGHT_TOKEN_ISSUER must be at most 255 characters",
        ),
        (
            "trusted_proxies",
            "10.0.0.1/8",
            "APIWRIGHT_TRUSTED_PROXIES: '10.0.0.1/8' is not an address or range such as 10.0.0.0/8",
        ),
        (
            "secret_key",
            "hunter2",
            "APIWRIGHT_SECRET_KEY is too short: at least 32 bytes, "
            "for example from: openssl rand -base64 48",
        ),
        (
            "env",
            "production",
            "APIWRIGHT_SECRET_KEY is required with APIWRIGHT_ENV=production: at least 32 bytes, "
            "for example from: openssl rand -base64 48",
        ),
        (
            "database_direct_url",
            "postgresql://me:hunter2@host/db",
            "APIWRIGHT_DATABASE_DIRECT_URL is for PostgreSQL, "
            "which APIWRIGHT_DATABASE_URL does not name",
        ),
        (
            "database_url",
            "mysql://me:hunter2@host/db",
            "APIWRIGHT_DATABASE_URL must be sqlite:///relative/path.db, "
            "sqlite:////absolute/path.db or postgresql://user:password@host/name",
        ),
    ],
)
def test_an_error_is_one_sentence_naming_the_variable(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str, sentence: str
) -> None:
    assert sentences(monkeypatch, **{field: value}) == [sentence]


@pytest.mark.parametrize(
    "origin",
    ["a.example", "https://", "ftp://a.example", "https://u@a.example", "https://a:b", "null"],
)
def test_only_origins_are_taken_for_cors(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    assert len(sentences(monkeypatch, cors_origins=origin)) == 1


def test_every_error_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sentences(monkeypatch, port="x", body_limit="10MB", env="production")
    assert [sentence.split()[0].rstrip(":") for sentence in found] == [
        "APIWRIGHT_SECRET_KEY",
        "APIWRIGHT_PORT",
        "APIWRIGHT_BODY_LIMIT",
    ]


def test_no_error_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sentences(
        monkeypatch, secret_key="hunter2", database_url="mysql://me:hunter2@host/db", port="x"
    )
    assert "hunter2" not in " ".join(found)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert "hunter2" not in str(caught.value)


def test_a_secret_key_is_not_shown_by_settings_or_explanations() -> None:
    settings = Settings(secret_key=SECRET)
    assert SECRET not in repr(settings)
    assert SECRET not in repr(list(explain(settings)))


def test_an_unreadable_env_file_is_an_error(folder: Path) -> None:
    (folder / ".env").write_bytes(b"APIWRIGHT_HOST=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env must be a UTF-8 file"):
        load_settings()


def test_unknown_variables_are_named_with_a_guess() -> None:
    environ = {
        "APIWRIGHT_RATELIMIT": "off",
        "APIWRIGHT_PORT": "1",
        "APIWRIGHT_XYZZY": "1",
        "P": "2",
    }
    assert unknown_variables(environ) == [
        "APIWRIGHT_RATELIMIT is not a setting: did you mean APIWRIGHT_RATE_LIMIT?",
        "APIWRIGHT_XYZZY is not a setting",
    ]


def test_unknown_variables_are_looked_for_in_the_env_file_too(folder: Path) -> None:
    (folder / ".env").write_text("APIWRIGHT_WORKER=3\n")
    assert unknown_variables() == [
        "APIWRIGHT_WORKER is not a setting: did you mean APIWRIGHT_WORKERS?"
    ]


# --- the secret key -------------------------------------------------------------------------------


def test_the_env_file_is_read_as_it_stands(folder: Path) -> None:
    secret = "a-${HOME}-b-$HOME-${MISSING}-" + "0" * 32
    (folder / ".env").write_text(f"APIWRIGHT_SECRET_KEY={secret}\n")
    assert resolve_secret_key(Settings()) == secret
