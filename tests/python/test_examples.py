"""Each example's own tests pass, as its readers would run them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted({path.parent for path in Path(__file__).parents[2].glob("examples/*/test_*.py")})


def test_there_are_examples() -> None:
    assert [folder.name for folder in EXAMPLES] == ["blog", "orders", "service_layer"]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_examples_tests_pass(folder: Path) -> None:
    options = ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "."], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
