"""The Python that a Markdown document shows."""

import re

_SECTION = re.compile(r"^## (.+)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# (\w+\.py)\n")


def python_sections(document: str) -> dict[str, list[str]]:
    """The ```python blocks of each `##` section that has some, in order."""
    sections = {title: _BLOCK.findall(text) for title, text in _SECTION.findall(document)}
    return {title: blocks for title, blocks in sections.items() if blocks}


def file_name(block: str) -> str | None:
    """`shop.py` of a block that begins with `# shop.py`: a file to save, not lines to type."""
    found = _FILE.match(block)
    return found and found[1]
