import os
import stat
import threading
from pathlib import Path

import pytest

from apiwright.transfer.files import opened, replaced


def test_a_file_takes_anothers_place_whole_and_is_its_owners_alone(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("old")
    path.chmod(0o644)
    with replaced(str(path)) as output:
        output.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_what_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), replaced(str(path)) as output:
        output.write(b"new")
        raise RuntimeError
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_what_a_link_names_is_replaced_and_the_link_stays(tmp_path: Path):
    (tmp_path / "rows.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("rows.csv")
    with replaced(str(tmp_path / "link.csv")) as output:
        output.write(b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "rows.csv").read_text() == "new"


def test_a_pipe_is_written_and_not_replaced(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with replaced(str(pipe)) as output:
        output.write(b"rows")
    reader.join()
    assert read == [b"rows"] and stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_pipe_can_be_read_twice(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"rows"))
    writer.start()
    with opened(str(pipe)) as file:
        assert file.read() == b"rows"
        file.seek(0)
        assert file.read() == b"rows"
    writer.join()
