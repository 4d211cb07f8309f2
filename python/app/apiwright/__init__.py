"""apiwright: a backend that you import. Declare in Python, and a C++ core does the work."""

from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

__version__ = _version("apiwright")

if TYPE_CHECKING:
    from apiwright.backend import Backend
    from apiwright.errors import AppError
    from apiwright.settings import Settings

__all__ = ["AppError", "Backend", "Settings", "__version__"]

_HOMES = {
    "AppError": "apiwright.errors",
    "Backend": "apiwright.backend",
    "Settings": "apiwright.settings",
}


def __getattr__(name: str) -> Any:
    # Loaded when first named: the core alone, or the command line, need not import FastAPI.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
