import multiprocessing
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from apiwright.secret_key import resolve_secret_key
from apiwright.settings import (
    Quota,
    Settings,
    SettingsError,
    explain,
    load_settings,
    set_environment,
    unknown_variables,
    variable,
)
from apiwright.units import (
    format_duration,
    format_size,
    parse_duration,
    parse_quota,
    parse_size,
)

SECRET = "correct-horse-battery-staple-0123456789"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith("APIWRIGHT_"):
            monkeypatch.delenv(name)
    return tmp_path


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for field, value in values.items():
        monkeypatch.setenv(variable(field), value)
    return load_settings()


def sentences(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(monkeypatch, **values)
    return caught.value.sentences


# --- units ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0", timedelta(0)),
        ("90", timedelta(seconds=90)),
        ("500ms", timedelta(milliseconds=500)),
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("1h", timedelta(hours=1)),
        ("7d", timedelta(days=7)),
        (" 7d ", timedelta(days=7)),
    ],
)
def test_a_duration_is_seconds_or_has_a_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "m", "-1", "1.5h", "15 m", "1w", "1e3", "٣s", "999999999999999d", "3651d", "1m\n2"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|longer"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["0s", "1ms", "1500ms", "90s", "15m", "36h", "7d"])
def test_a_duration_is_shown_as_it_is_written(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [("10485760", 10 * 2**20), ("10MiB", 10 * 2**20), ("512KiB", 2**19), ("1GiB", 2**30)],
)
def test_a_size_is_bytes_or_has_a_binary_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MiB", "10MB", "10mb", "-1", "1.5MiB", "10 MiB"])
def test_anything_else_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)


@pytest.mark.parametrize("text", ["0", "1000", "512KiB", "10MiB", "3GiB"])
def test_a_size_is_shown_as_it_is_written(text: str) -> None:
    assert format_size(parse_size(text)) == text


def test_a_rate_is_requests_in_a_window_or_off() -> None:
    assert parse_quota("100/15m") == Quota(100, timedelta(minutes=15))
    assert str(parse_quota("6000/900")) == "6000/15m"
    assert parse_quota("off") is None
    assert parse_quota("OFF") is None


@pytest.mark.parametrize(
    "text", ["", "100", "100/", "/15m", "0/15m", "-1/15m", "1/0", "1/500ms", "1/1500ms", "a/15m"]
)
def test_anything_else_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match=r"rate|duration|at least|whole seconds"):
        parse_quota(text)


# --- values ---------------------------------------------------------------------------------------


def test_without_any_variable_the_contract_s_defaults_hold() -> None:
    settings = load_settings()
    shown = {entry.variable.removeprefix("APIWRIGHT_"): entry.value for entry in explain(settings)}
    assert shown.pop("HASHING_THREADS") == str(len(os.sched_getaffinity(0)))
    assert shown == {
        "ENV": "development",
        "DATABASE_URL": "sqlite:///./apiwright.db",
        "SECRET_KEY": "not set",
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
            "database_url",
            "postgresql://me:hunter2@host/db",
            "APIWRIGHT_DATABASE_URL must be sqlite:///relative/path.db "
            "or sqlite:////absolute/path.db",
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


def resolve_in_child(url: str, start: object, found: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    found.put(resolve_secret_key(Settings(database_url=url)))  # type: ignore[attr-defined]


def test_a_key_that_is_set_is_used_and_nothing_is_written(folder: Path) -> None:
    assert resolve_secret_key(Settings(secret_key=SECRET)) == SECRET
    assert list(folder.iterdir()) == []


def test_development_makes_a_private_key_once_beside_the_database(folder: Path) -> None:
    (folder / "data").mkdir()
    settings = Settings(database_url="sqlite:///data/a.db")
    key = resolve_secret_key(settings)
    file = folder / "data" / ".apiwright.key"
    assert len(bytes.fromhex(key)) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert resolve_secret_key(settings) == key
    assert [path.name for path in (folder / "data").iterdir()] == [".apiwright.key"]


def test_processes_that_start_together_agree_on_one_key(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, found = context.Event(), context.Queue()
    url = f"sqlite:///{folder}/a.db"
    children = [
        context.Process(target=resolve_in_child, args=(url, start, found)) for _ in range(6)
    ]
    for child in children:
        child.start()
    start.set()
    keys = {found.get(timeout=60) for _ in children}
    for child in children:
        child.join()
    assert len(keys) == 1
    assert [path.name for path in folder.iterdir()] == [".apiwright.key"]


def key_file(folder: Path, text: str, mode: int) -> Path:
    path = folder / ".apiwright.key"
    path.touch()
    path.chmod(mode)
    path.write_text(text)
    return path


def test_a_key_file_without_a_key_is_refused(folder: Path) -> None:
    key_file(folder, "short\n", 0o600)
    with pytest.raises(SettingsError, match="holds no key"):
        resolve_secret_key(Settings())


def test_a_folder_that_cannot_hold_the_key_is_one_sentence(folder: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        resolve_secret_key(Settings(database_url="sqlite:///missing/a.db"))
    assert caught.value.sentences == [
        f"APIWRIGHT_DATABASE_URL: there is no folder {folder}/missing"
    ]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_file_that_others_can_reach_is_refused(folder: Path, mode: int) -> None:
    path = key_file(folder, "0" * 64, mode)
    with pytest.raises(SettingsError, match=f"{path} is open to other users .* chmod 600"):
        resolve_secret_key(Settings())


def test_the_env_file_is_read_as_it_stands(folder: Path) -> None:
    secret = "a-${HOME}-b-$HOME-${MISSING}-" + "0" * 32
    (folder / ".env").write_text(f"APIWRIGHT_SECRET_KEY={secret}\n")
    assert resolve_secret_key(Settings()) == secret
