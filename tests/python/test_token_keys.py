import json
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from apiwright.settings import Settings, SettingsError
from apiwright.token_keys import ACTIVATION_SECONDS, rotate

SECRET = "correct-horse-battery-staple-0123456789"
NOW = 1_800_000_000
LIFETIME = 900


def settings(folder: Path, **values: Any) -> Settings:
    return Settings(
        secret_key=SECRET,
        token_keys=folder / "keys.json",
        access_token_ttl=timedelta(seconds=LIFETIME),
        **values,
    )


def keys_in(folder: Path) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = json.loads((folder / "keys.json").read_text("utf-8"))["keys"]
    return keys


def test_the_first_rotation_retires_the_derived_key(folder: Path) -> None:
    done = rotate(settings(folder), "EdDSA", NOW)
    new, derived = keys_in(folder)
    start = NOW + ACTIVATION_SECONDS
    assert (new["kty"], new["kid"], new["active_from"]) == ("OKP", done.active, start)
    assert (derived["kty"], derived["retired_at"], "kid" in derived) == ("oct", start, False)
    assert done.retired == {"": start + LIFETIME}
    assert stat.S_IMODE((folder / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["keys.json"]


def test_a_retired_key_is_dropped_when_its_tokens_have_expired(folder: Path) -> None:
    first = rotate(settings(folder), "EdDSA", NOW)
    over = NOW + ACTIVATION_SECONDS + LIFETIME
    second = rotate(settings(folder), "HS256", over - 1)
    assert set(second.retired) == {first.active, ""}
    third = rotate(settings(folder), "EdDSA", over)
    assert third.dropped == [""]
    assert [key["kid"] for key in keys_in(folder)] == [third.active, second.active, first.active]


def test_rotations_at_once_lose_no_key(folder: Path) -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(rotate(settings(folder), "EdDSA", NOW).active))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {key.get("kid") for key in keys_in(folder)} == {*made, None}


def test_more_than_16_keys_are_refused_and_the_file_stays(folder: Path) -> None:
    for _ in range(15):
        rotate(settings(folder), "EdDSA", NOW)
    before = (folder / "keys.json").read_text("utf-8")
    with pytest.raises(SettingsError, match="at most 16"):
        rotate(settings(folder), "EdDSA", NOW)
    assert (folder / "keys.json").read_text("utf-8") == before
    assert [path.name for path in folder.iterdir()] == ["keys.json"]


def test_without_the_setting_one_sentence_says_what_to_set() -> None:
    with pytest.raises(SettingsError) as caught:
        rotate(Settings(secret_key=SECRET), "EdDSA", NOW)
    assert caught.value.sentences == [
        "APIWRIGHT_TOKEN_KEYS is not set: set it to the file that shall hold the keys"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not well-formed|too early"),
        ('{"keys":[]}', "keys: Must not be empty"),
        ('{"keys":[{"kty":"RSA"}]}', r"keys\[0\].kty: Must be OKP or oct"),
    ],
)
def test_a_file_that_is_no_key_set_is_one_sentence(folder: Path, text: str, said: str) -> None:
    path = folder / "keys.json"
    path.touch(0o600)
    path.write_text(text)
    with pytest.raises(SettingsError, match=said):
        rotate(settings(folder), "EdDSA", NOW)
    assert path.read_text() == text


def test_a_file_that_others_can_read_is_refused(folder: Path) -> None:
    rotate(settings(folder), "EdDSA", NOW)
    (folder / "keys.json").chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        rotate(settings(folder), "EdDSA", NOW)


def test_a_folder_that_is_not_there_is_one_sentence(folder: Path) -> None:
    with pytest.raises(SettingsError, match="No such file or directory"):
        rotate(settings(folder / "missing"), "EdDSA", NOW)
