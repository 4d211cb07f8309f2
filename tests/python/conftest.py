import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgresql import Postgresql, running_postgresql


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith("APIWRIGHT_"):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture(scope="module")
def server() -> Iterator[Postgresql]:
    """A PostgreSQL server; its database is as the test before left it."""
    with running_postgresql() as running:
        yield running
