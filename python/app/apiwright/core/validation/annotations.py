"""Types as they are annotated: taken apart into a type, its constraints and marks."""

import dataclasses
import types
import typing
from typing import Annotated, Any, NoReturn, Union

from apiwright._core.validation import Field, Format, Plan
from apiwright.core.validation.schema import Column, DeclarationError, EmailAddress, Mark


@dataclasses.dataclass
class Annotation:
    """A type taken apart: what it is without Annotated and None, and its constraints."""

    type: Any
    nullable: bool
    bounds: dict[str, Any]
    format: Format | None = None
    email: bool = False
    column: Column = dataclasses.field(default_factory=Column)
    discriminator: str = ""
    marks: list[Mark] = dataclasses.field(default_factory=list)


def take_apart(where: str, hint: Any) -> Annotation:
    annotation = Annotation(hint, nullable=False, bounds={})
    metadata: list[Any] = []
    while True:
        origin = typing.get_origin(annotation.type)
        if origin is Annotated:
            annotation.type, *inner = typing.get_args(annotation.type)
            metadata = [*inner, *metadata]
        elif origin in (typing.Required, typing.NotRequired):
            (annotation.type,) = typing.get_args(annotation.type)
        elif origin in (Union, types.UnionType) and type(None) in typing.get_args(annotation.type):
            others = tuple(x for x in typing.get_args(annotation.type) if x is not type(None))
            annotation.nullable = True
            annotation.type = others[0] if len(others) == 1 else Union[others]  # noqa: UP007
        elif isinstance(annotation.type, typing.TypeVar):
            raise DeclarationError(f"{where}: a generic class needs its arguments")
        else:
            break
    for item in metadata:
        _read_metadata(where, item, annotation)
    return annotation


def _read_metadata(where: str, item: Any, annotation: Annotation) -> None:
    """annotated-types and pydantic's metadata, by what they carry: neither need be installed."""
    if isinstance(item, Format):
        annotation.format = item
    elif isinstance(item, EmailAddress):
        annotation.email = True
    elif isinstance(item, Column):
        annotation.column |= item
    elif isinstance(item, Mark):
        annotation.marks.append(item)
    elif isinstance(item, str):
        pass  # a comment, as Annotated may hold
    elif type(item).__name__ == "FieldInfo":
        annotation.discriminator = item.discriminator or annotation.discriminator
        for inner in item.metadata:
            _read_metadata(where, inner, annotation)
    elif isinstance(getattr(item, "__dict__", None), dict) or dataclasses.is_dataclass(item):
        _read_bounds(where, item, annotation)
    else:
        _refuse_metadata(where, item)


_BOUNDS = {"gt", "ge", "lt", "le", "min_length", "max_length", "pattern"}
_BOUNDS |= {"max_digits", "decimal_places"}
_HARMLESS = {"strict", "examples", "title", "description", "deprecated"}


def _read_bounds(where: str, item: Any, annotation: Annotation) -> None:
    if dataclasses.is_dataclass(item):
        values = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    else:
        values = dict(vars(item))
    given = {name: value for name, value in values.items() if value is not None}
    if not values or not set(given) <= _BOUNDS | _HARMLESS:
        _refuse_metadata(where, item)
    for name in sorted(_BOUNDS & set(given)):
        if annotation.bounds.setdefault(name, given[name]) != given[name]:
            raise DeclarationError(f"{where}: {name} is given twice; keep the stricter one")


def _refuse_metadata(where: str, item: Any) -> NoReturn:
    raise DeclarationError(
        f"{where}: {item!r} is no constraint that the core knows; it knows gt, ge, lt, le, "
        "min_length, max_length, pattern, max_digits, decimal_places and this module's own"
    )


def finished(where: str, field: Field, annotation: Annotation, plan: Plan) -> tuple[Field, Plan]:
    """Refuses what no one has used up: a constraint is never dropped in silence."""
    if annotation.bounds:
        unused = ", ".join(sorted(annotation.bounds))
        raise DeclarationError(f"{where}: {name_of(annotation.type)} takes no {unused}")
    return field, plan


def name_of(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)
