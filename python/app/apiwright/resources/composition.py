"""Which classes' rows are parts of another's: an order's items."""

from collections.abc import Iterable, Mapping

from apiwright.core.validation import DeclarationError
from apiwright.core.validation.annotations import take_apart
from apiwright.resources.fields import ServerSet, Transitions, WritableBy
from apiwright.resources.relations import other_of
from apiwright.resources.resource import Options, Resource, User

__all__ = ["wholes_of"]


def wholes_of(
    classes: Iterable[type[Resource]], tables: Mapping[type[Resource], str]
) -> dict[type[Resource], type[Resource]]:
    """By class of parts, that whose rows they are parts of. Raises DeclarationError."""
    wholes: dict[type[Resource], type[Resource]] = {}
    for cls in classes:
        for name, rows in cls.__many__.items():
            if rows.parts is not None:
                where = f"{cls.__name__}.{name}"
                part = other_of(where, rows, tables)
                if part in wholes:
                    raise DeclarationError(
                        f"{where}: rows of {part.__name__} are parts of {wholes[part].__name__} "
                        "already, and a row is part of one"
                    )
                wholes[part] = cls
    for part, whole in wholes.items():
        _require_part(part, whole)
    return wholes


def _require_part(part: type[Resource], whole: type[Resource]) -> None:
    """What a part says of itself that its whole decides."""
    name = part.__name__
    if issubclass(whole, User) or issubclass(part, User):
        raise DeclarationError(f"{name}: users are no parts, and have none: take many()")
    if any(rows.parts is not None for rows in part.__many__.values()):
        raise DeclarationError(
            f"{name}: rows that are parts of {whole.__name__} have none themselves"
        )
    if "Rules" in vars(part):
        raise DeclarationError(
            f"{name}.Rules: who may see and make a row of {whole.__name__} may see and make its "
            "parts: leave the class away"
        )
    if part.__options__ != Options(table=part.__options__.table):
        raise DeclarationError(
            f"{name}: its rows are reached through those of {whole.__name__}, so of the class's "
            "keywords it takes table alone"
        )
    for field, info in part.model_fields.items():
        for mark in [*take_apart(f"{name}.{field}", info.annotation).marks, *info.metadata]:
            is_who = isinstance(mark, ServerSet) and mark.value == "current_user"
            if is_who or isinstance(mark, Transitions | WritableBy):
                raise DeclarationError(
                    f"{name}.{field}: {mark!r} is for {whole.__name__}: its parts are made with "
                    "it, by who makes it, and stay as they are"
                )
