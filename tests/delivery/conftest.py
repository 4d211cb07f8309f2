"""One wheel for all tests here, made as `./dev wheel` makes it, and one root that has it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.delivery.clean_root import CleanRoot

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Made:
    """What `./dev wheel` leaves."""

    sdist: Path
    wheel: Path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run([ROOT / "dev", "wheel", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Made(sdist, wheel)


@pytest.fixture(scope="session")
def root(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CleanRoot]:
    """With the wheel and the Python packages that it asks for, in the versions we develop with."""
    root = CleanRoot(tmp_path_factory.mktemp("root"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--only-binary=:all:", "--constraint", str(ROOT / "requirements/dev.txt")]
    subprocess.run([*pip, *options, "--target", str(root.site), str(made.wheel)], check=True)
    yield root
    shutil.rmtree(root.folder)  # some 200 MB, which pytest would keep
