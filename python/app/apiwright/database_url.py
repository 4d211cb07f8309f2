"""Where a database is, as one text."""

import re

__all__ = ["without_password"]


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    shown = re.sub(r"//.*@", "//…@", url, flags=re.DOTALL)
    return re.sub(r"(password=)[^&]*", r"\1…", shown)
