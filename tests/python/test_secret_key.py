import multiprocessing
import stat
from pathlib import Path

import pytest

from apiwright.secret_key import resolve_secret_key
from apiwright.settings import Settings, SettingsError

SECRET = "correct-horse-battery-staple-0123456789"

pytestmark = pytest.mark.usefixtures("folder")


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
