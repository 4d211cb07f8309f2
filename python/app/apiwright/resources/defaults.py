"""Defaults of a resource's fields: constants, which the core fills in without Python."""

from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json

from apiwright.core.validation import Column, DeclarationError, Field, Mark
from apiwright.core.validation.annotations import take_apart
from apiwright.core.validation.declaration import with_default
from apiwright.core.validation.members import Member
from apiwright.errors import ValidationFailed
from apiwright.resources.fields import current_user, now

__all__ = ["with_constant_default"]

_EMPTY: Final[dict[Any, Any]] = {list: [], tuple: [], set: [], frozenset: [], dict: {}}
_IN_JSON: Final = (list, dict, set, frozenset, tuple, BaseModel, timedelta)


def with_constant_default(where: str, field: Field, member: Member, nullable: bool) -> Field:
    """The field with the default of its member. Raises DeclarationError for one that cannot be."""
    default: Any = _default_of(where, member)
    if default is None and not nullable:
        _refuse_none(where, member)
    try:
        if isinstance(default, _IN_JSON):
            return field.default_json(to_json(default, by_alias=True).decode())
        made, factory = with_default(field, member, nullable)
    except ValidationFailed as error:
        path, message, _ = error.details[0]
        what = f"{path} {message}".strip()
        raise DeclarationError(f"{where}: the default {default!r} does not fit: {what}") from None
    except (TypeError, PydanticSerializationError) as error:
        raise DeclarationError(f"{where}: the default {default!r} does not fit: {error}") from None
    if factory is not None and default is not None:
        raise DeclarationError(f"{where}: {_no_constant(default)}")
    return made


def _default_of(where: str, member: Member) -> Any:
    if member.factory is None:
        return member.default
    if member.factory in _EMPTY:
        return _EMPTY[member.factory]
    raise DeclarationError(
        f"{where}: a default_factory runs Python for each row, which the core does not; "
        "give a constant default, or set the value in a hook: @hooks.before(…)"
    )


def _refuse_none(where: str, member: Member) -> None:
    kind = take_apart(where, member.type).type
    if kind is not Any and kind is not object:
        raise DeclarationError(
            f"{where}: the default is None, which its type does not allow: add `| None` to the "
            "type, or give it another default"
        )


def _no_constant(default: Any) -> str:
    if isinstance(default, Column | Mark):
        return "a mark is no default: it stands beside the type, as in Annotated[str, unique]"
    if default in (now, current_user):
        return f"the default is a function: call it, as in {default.__name__}()"
    return f"{default!r} is no constant that JSON has, so it cannot be a default"
