"""apiwright: a backend that you import. Declare in Python, and a C++ core does the work."""

TYPE_CHECKING = False  # what type checkers take for true; typing's own costs an import
if TYPE_CHECKING:
    from typing import Any

    from apiwright.backend import Backend
    from apiwright.errors import AppError
    from apiwright.settings import Settings

    __version__: str

__all__ = ["AppError", "Backend", "Settings", "__version__"]

_HOMES = {
    "AppError": "apiwright.errors",
    "Backend": "apiwright.backend",
    "Settings": "apiwright.settings",
}


def __getattr__(name: str) -> "Any":
    # Loaded when first named: the core alone, or the command line, need not import FastAPI.
    if name == "__version__":
        from importlib.metadata import version

        return version("apiwright")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
