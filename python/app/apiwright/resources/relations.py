"""What rows lead to: by their own references to one, by references to them to many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apiwright.core.validation import CoreSchema, DeclarationError, to_wire_name
from apiwright.core.validation.annotations import name_of
from apiwright.resources.many import ManyRows
from apiwright.resources.resource import Resource

__all__ = ["DeclaredRelation", "other_of", "relations_of", "to_many"]


@dataclass(frozen=True, slots=True)
class DeclaredRelation:
    """A member that answers have where it was asked for: `?include=author`."""

    name: str
    """On the wire."""
    field: str
    """The reference's column: of the class itself, or to many of the other."""
    to_many: bool
    table: str
    """The other's."""


def relations_of(
    cls: type[Resource],
    cores: Mapping[str, CoreSchema],
    references: Mapping[str, Mapping[str, str]],
    tables: Mapping[type[Resource], str],
) -> Sequence[DeclaredRelation]:
    """Those of one class; `references` has, by table, to which ones its fields refer.

    Raises DeclarationError."""
    table = tables[cls]
    to_one = [
        DeclaredRelation(to_wire_name(name), f"{name}_id", False, other)
        for name, other in references[table].items()
    ]
    many = [to_many(cls, name, rows, references, tables) for name, rows in cls.__many__.items()]
    relations = [*to_one, *many]
    _require_names(cls, cores[table], relations)
    return relations


def to_many(
    cls: type[Resource],
    name: str,
    rows: ManyRows,
    references: Mapping[str, Mapping[str, str]],
    tables: Mapping[type[Resource], str],
) -> DeclaredRelation:
    """One of those to many. Raises DeclarationError."""
    where = f"{cls.__name__}.{name}"
    other = other_of(where, rows, tables)
    table = tables[other]
    back = [field for field, referred in references[table].items() if referred == tables[cls]]
    if rows.by and rows.by not in back:
        raise DeclarationError(
            f"{where}: {other.__name__} has no field {rows.by!r} that refers to {cls.__name__}; "
            f"{_known(back)}"
        )
    if not back:
        raise DeclarationError(
            f"{where}: no field of {other.__name__} refers to {cls.__name__}: give it one, such as "
            f"`{cls.__name__.lower()}: Ref[{cls.__name__}]`"
        )
    if len(back) > 1 and not rows.by:
        raise DeclarationError(
            f"{where}: {other.__name__} refers to {cls.__name__} by {' and '.join(back)}: say "
            f'which, as in Many["{other.__name__}"] = many(by="{back[0]}")'
        )
    return DeclaredRelation(to_wire_name(name), f"{rows.by or back[0]}_id", True, table)


def _known(back: Sequence[str]) -> str:
    return f"it has {', '.join(back)}" if back else "nor any other"


def other_of(where: str, rows: ManyRows, tables: Mapping[type[Resource], str]) -> type[Resource]:
    """The class of those that refer. Raises DeclarationError."""
    for cls in tables:
        if rows.of in (cls, cls.__name__):
            return cls
    if isinstance(rows.of, str) or (isinstance(rows.of, type) and issubclass(rows.of, Resource)):
        raise DeclarationError(
            f"{where} has many of {name_of(rows.of)}, which the application does not have: add it "
            "to Backend(resources=[…])"
        )
    raise DeclarationError(
        f"{where} has many of {name_of(rows.of)}, which is no Resource: only rows of one can refer"
    )


def _require_names(
    cls: type[Resource], core: CoreSchema, relations: Sequence[DeclaredRelation]
) -> None:
    parts = {to_wire_name(name) for name, rows in cls.__many__.items() if rows.parts is not None}
    taken = {field.wire_name for field in core.fields} - parts
    for relation in relations:
        members = [relation.name, *([f"{relation.name}More"] if relation.to_many else [])]
        for member in members:
            if member in taken:
                raise DeclarationError(
                    f"{cls.__name__}: {member} is what an answer calls the rows included by "
                    f"{relation.name}, so no field can have that name in JSON: take another"
                )
            taken.add(member)
