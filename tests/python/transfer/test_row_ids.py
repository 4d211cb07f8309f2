import stat
from pathlib import Path
from uuid import UUID

import pytest

from apiwright.settings import SettingsError
from apiwright.transfer.row_ids import RowIds


def test_ids_are_of_version_7_each_another_and_in_the_order_of_the_lines():
    ids = RowIds(1_767_225_600_000, b"k" * 32)
    made = [ids.of_line(number) for number in [1, 2, 3, 1000, 2**20 - 1, 2**20, 2**32 - 1]]
    assert made == sorted(made) and len(set(made)) == len(made)
    for text in made:
        assert UUID(text).version == 7 and UUID(text).variant == "specified in RFC 4122"
        assert UUID(text).int >> 80 == 1_767_225_600_000


def test_a_file_keeps_them_until_the_import_is_complete(tmp_path: Path):
    path = tmp_path / "rows.csv.importing"
    ids = RowIds.kept(path)
    assert RowIds.kept(path).of_line(7) == ids.of_line(7)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ids.forget()
    assert not path.exists()
    assert RowIds.kept(path).of_line(7) != ids.of_line(7)


def test_each_import_without_a_file_makes_others():
    ids = RowIds.new()
    assert ids.of_line(1) != RowIds.new().of_line(1)
    ids.forget()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"started": "x", "key": ""}', '{"started": 1}'])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "rows.importing"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises((ValueError, KeyError, TypeError)):
        RowIds.kept(path)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path):
    path = tmp_path / "rows.importing"
    path.write_text("{}")
    path.chmod(0o644)
    with pytest.raises(SettingsError):
        RowIds.kept(path)
