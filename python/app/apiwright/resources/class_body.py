"""What the body of a resource's class may not hold, told before pydantic reads it."""

from typing import Final

from pydantic import BaseModel

from apiwright.core.validation import DeclarationError

__all__ = ["KEPT", "refuse_body"]

KEPT: Final = frozenset({"id", "version", "created_at", "updated_at"})
"""What every resource has, and the server sets."""

_SOFT_DELETE: Final = frozenset({"soft_delete", "deleted_at"})


def refuse_body(cls: type) -> None:
    """Raises DeclarationError for a name that means something else than it seems to."""
    for name in vars(cls).get("__annotations__", {}):
        where = f"{cls.__name__}.{name}"
        if name in KEPT:
            raise DeclarationError(
                f"{where}: every resource has it, set by the server: leave it out, or take another "
                "name"
            )
        if name in _SOFT_DELETE:
            raise DeclarationError(
                f"{where}: deleted rows are kept by a keyword of the class: "
                f"class {cls.__name__}(Resource, soft_delete=True)"
            )
        if name.startswith("model_") and hasattr(BaseModel, name):
            raise DeclarationError(f"{where}: pydantic has this name for itself: take another")
    for name, value in vars(cls).items():
        if isinstance(value, type) and name != "Rules" and name.lower() in ("rule", "rules"):
            raise DeclarationError(f"{cls.__name__}.{name}: the rules stand in `class Rules`")
