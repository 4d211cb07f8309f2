"""apiwright: a backend that you import. Declare in Python, and a C++ core does the work."""

TYPE_CHECKING = False  # what type checkers take for true; typing's own costs an import
if TYPE_CHECKING:
    from typing import Any

    from apiwright.backend import Backend
    from apiwright.core.validation import DeclarationError
    from apiwright.dependencies import (
        AppDatabase,
        CurrentPrincipal,
        CurrentUser,
        Repository,
        repository_of,
        require,
    )
    from apiwright.errors import (
        AppError,
        Conflict,
        Forbidden,
        NotFound,
        Unauthorized,
        Unprocessable,
    )
    from apiwright.resources import hooks, rules
    from apiwright.resources.fields import (
        Len,
        Money,
        Ref,
        current_user,
        filterable,
        immutable,
        indexed,
        now,
        read_only,
        readable,
        searchable,
        sortable,
        sum_of,
        transitions,
        unique,
        writable,
        write_only,
    )
    from apiwright.resources.hooks import Event
    from apiwright.resources.many import Many, many, parts
    from apiwright.resources.resource import Resource, User
    from apiwright.settings import Settings

    __version__: str

__all__ = [
    "AppDatabase",
    "AppError",
    "Backend",
    "Conflict",
    "CurrentPrincipal",
    "CurrentUser",
    "DeclarationError",
    "Event",
    "Forbidden",
    "Len",
    "Many",
    "Money",
    "NotFound",
    "Ref",
    "Repository",
    "Resource",
    "Settings",
    "Unauthorized",
    "Unprocessable",
    "User",
    "__version__",
    "current_user",
    "filterable",
    "hooks",
    "immutable",
    "indexed",
    "many",
    "now",
    "parts",
    "read_only",
    "readable",
    "repository_of",
    "require",
    "rules",
    "searchable",
    "sortable",
    "sum_of",
    "transitions",
    "unique",
    "writable",
    "write_only",
]

_MODULES = {"hooks": "apiwright.resources.hooks", "rules": "apiwright.resources.rules"}
_HOMES = {
    "Backend": "apiwright.backend",
    "DeclarationError": "apiwright.core.validation",
    "Event": "apiwright.resources.hooks",
    "Many": "apiwright.resources.many",
    "many": "apiwright.resources.many",
    "parts": "apiwright.resources.many",
    "Resource": "apiwright.resources.resource",
    "Settings": "apiwright.settings",
    "User": "apiwright.resources.resource",
    **dict.fromkeys(
        ("AppError", "Conflict", "Forbidden", "NotFound", "Unauthorized", "Unprocessable"),
        "apiwright.errors",
    ),
    **dict.fromkeys(
        (
            *("AppDatabase", "CurrentPrincipal", "CurrentUser", "Repository", "repository_of"),
            "require",
        ),
        "apiwright.dependencies",
    ),
    **dict.fromkeys(
        (
            *("Len", "Money", "Ref", "current_user", "filterable", "immutable", "indexed", "now"),
            *("read_only", "readable", "searchable", "sortable", "sum_of", "transitions"),
            *("unique", "writable"),
            "write_only",
        ),
        "apiwright.resources.fields",
    ),
}


def __getattr__(name: str) -> "Any":
    # Loaded when first named: the core alone, or the command line, need not import FastAPI.
    if name == "__version__":
        from importlib.metadata import version

        return version("apiwright")
    import importlib

    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
