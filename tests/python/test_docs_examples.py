"""Every Python example of the documentation runs as it stands, each section by itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.markdown import python_sections

DOCS = Path(__file__).parents[2] / "docs"
SECTIONS = [
    pytest.param("\n\n".join(blocks), id=f"{page.stem}: {title}")
    for page in sorted(DOCS.glob("*.md"))
    for title, blocks in python_sections(page.read_text("utf-8")).items()
]


def test_there_are_examples():
    assert len(SECTIONS) >= 4


@pytest.mark.parametrize("script", SECTIONS)
def test_the_examples_of_a_section_run(script, tmp_path):
    (tmp_path / "typed.py").write_text(script, "utf-8")
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "typed.py"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
