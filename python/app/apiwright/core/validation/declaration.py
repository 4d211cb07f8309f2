"""Compiles Python classes into the core's schemas. Loaded when the first class is declared."""

import copy
import enum
import types
import typing
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Literal, TypeVar, Union
from uuid import UUID

from apiwright._core.validation import Choice, Field, Plan, Shape, Style
from apiwright._core.validation import Schema as CoreSchema
from apiwright.core.validation.annotations import Annotation, finished, name_of, take_apart
from apiwright.core.validation.members import MISSING, Member, is_declarable, members_of
from apiwright.core.validation.scalars import SCALARS, UNBOUNDED, enumeration, literal
from apiwright.core.validation.schema import Column, DeclarationError, Schema

T = TypeVar("T")


_SERVER_SET: dict[str, type] = {
    "id": UUID,
    "created_at": datetime,
    "updated_at": datetime,
    "version": int,
    "deleted_at": datetime,
}
"""What a repository keeps by itself, where it is declared."""


Made = tuple[Field, Plan, Callable[[], Any] | None]
"""A field, how its values become Python's, and what makes one that was left out."""


class Declaration:
    """The compilation of one class and of the classes inside it."""

    def __init__(self, *, table: str, camel_case: bool) -> None:
        self._table = table
        self._camel_case = camel_case
        self._open: list[type] = []

    def schema_of(self, cls: type[T], rules: list[Choice]) -> Schema[T]:
        """The schema of the outermost class. Raises DeclarationError."""
        core, shape = self._compile(cls, rules)
        return Schema(core, shape, cls, self._columns())

    def _compile(self, cls: type, rules: list[Choice]) -> tuple[CoreSchema, Shape]:
        where = getattr(cls, "__name__", repr(cls))
        if cls in self._open:
            raise DeclarationError(
                f"{where} holds itself, which a schema cannot: give the inner one an Any field"
            )
        table = "" if self._open else self._table
        self._open.append(cls)
        try:
            style, members = self._members(cls)
            if not members:
                raise DeclarationError(f"{where} has no fields")
            if table:
                _require_id(where, members)
            compiled = [self._member(where, member, bool(table)) for member in members]
            fields = [field for field, _, _ in compiled]
            if table:
                fields += self._hidden_columns()
            core = self._core_schema(where, fields, table, rules)
        except ValueError as error:
            raise DeclarationError(f"{where}: {error}") from None
        finally:
            self._open.pop()
        return core, _shape(cls, style, core, members, compiled)

    def _members(self, cls: type) -> tuple[Style, list[Member]]:
        return members_of(cls)

    def _core_schema(
        self, title: str, fields: list[Field], table: str, rules: list[Choice]
    ) -> CoreSchema:
        return CoreSchema(title, fields, table=table, choices=rules)

    def _columns(self) -> dict[str, str]:
        """The columns of fields that have other names."""
        return {}

    def _hidden_columns(self) -> list[Field]:
        """Columns of the outermost class that its instances do not have."""
        return []

    def _member(self, where: str, member: Member, is_column: bool) -> Made:
        where = f"{where}.{member.name}"
        annotation = take_apart(where, member.type)
        annotation.discriminator = annotation.discriminator or member.discriminator
        field, plan = self._value(where, member.name, annotation)
        if is_column and member.name in _SERVER_SET:
            field, factory = _set_by_server(field, member)
        else:
            if annotation.nullable:
                field = field.nullable()
            field, factory = self._with_default(where, field, member, annotation.nullable)
        field = _with_column(field, annotation.column)
        field = self._marked(where, field, annotation, is_column=is_column)
        if member.description:
            field = field.describe(member.description)
        if not self._camel_case or member.alias != member.name:
            field = field.sent_as(member.alias)
        return field, plan, factory

    def _marked(
        self,
        where: str,
        field: Field,
        annotation: Annotation,
        *,
        is_column: bool,  # noqa: ARG002 - for who knows more marks
    ) -> Field:
        """The field with what its marks say. Raises DeclarationError for one that is not known."""
        for mark in annotation.marks:
            raise DeclarationError(f"{where}: {mark!r} is for the fields of a Resource")
        return field

    def _with_default(
        self,
        where: str,  # noqa: ARG002 - for who refuses some
        field: Field,
        member: Member,
        nullable: bool,
    ) -> tuple[Field, Callable[[], Any] | None]:
        return with_default(field, member, nullable)

    def _value(self, where: str, name: str, annotation: Annotation) -> tuple[Field, Plan]:
        """The field and the plan of a type, its constraints among them."""
        make = SCALARS.get(annotation.type) if _is_hashable(annotation.type) else None
        if make is not None:
            return make(where, name, annotation)
        if _is_pydantics(annotation.type, "pydantic.networks", "EmailStr"):
            return Field.email(name), Plan()
        if _is_pydantics(annotation.type, "pydantic.types", "AwareDatetime"):
            return finished(where, Field.date_time(name), annotation, Plan())
        if annotation.type is Any or annotation.type is object:
            return finished(where, Field.json(name), annotation, Plan())
        if isinstance(annotation.type, type) and issubclass(annotation.type, enum.Enum):
            return enumeration(where, name, annotation)
        origin = typing.get_origin(annotation.type)
        if origin is Literal:
            return literal(where, name, annotation)
        if origin in (Union, types.UnionType):
            return self._union(where, name, annotation)
        container = _container_of(annotation.type, origin)
        if container is not None:
            return self._container(where, name, annotation, container)
        if is_declarable(annotation.type):
            core, shape = self._compile(annotation.type, [])
            return finished(where, Field.object(name, core), annotation, Plan(shapes=[shape]))
        raise DeclarationError(
            f"{where}: {name_of(annotation.type)} has no schema; take one of str, int, float, "
            "bool, Decimal, datetime, date, time, timedelta, UUID, IPv4Address, IPv6Address, "
            "Email, Uri, Hostname, an Enum or Literal of texts, list, set, tuple[X, ...], "
            "dict[str, X], Any, or a dataclass, TypedDict or pydantic model"
        )

    def _container(
        self, where: str, name: str, annotation: Annotation, container: type
    ) -> tuple[Field, Plan]:
        arguments = typing.get_args(annotation.type)
        if container is dict:
            key, value = arguments or (str, Any)
            keys = take_apart(where, key)
            if keys.bounds or keys.format or keys.email:
                raise DeclarationError(f"{where}: keys take no constraints; put them on the values")
            if keys.type is not str or keys.nullable:
                raise DeclarationError(f"{where}: the keys of a JSON object are str")
        else:
            value = arguments[0] if arguments else Any
            if container is tuple and (len(arguments) != 2 or arguments[1] is not Ellipsis):
                raise DeclarationError(f"{where}: write tuple[X, ...]; other tuples have no schema")
        inner = take_apart(f"{where}[]", value)
        element, plan = self._value(f"{where}[]", "item", inner)
        if inner.nullable:
            element = element.nullable()
        bounds = annotation.bounds
        least, most = bounds.pop("min_length", 0), bounds.pop("max_length", None)
        make = Field.map if container is dict else Field.array
        field = make(name, element).items(least, UNBOUNDED if most is None else most)
        if container in (set, frozenset):
            field = field.distinct()
        convert = None if container in (list, dict) else container
        return finished(where, field, annotation, Plan(convert, plan))

    def _union(self, where: str, name: str, annotation: Annotation) -> tuple[Field, Plan]:
        if not annotation.discriminator:
            raise DeclarationError(
                f"{where}: a union needs a discriminator: Annotated[A | B, "
                'Field(discriminator="kind")], where each class has `kind: Literal["…"]`'
            )
        variants: list[tuple[str, CoreSchema]] = []
        shapes = []
        for choice in typing.get_args(annotation.type):
            cls = take_apart(where, choice).type
            if not is_declarable(cls):
                raise DeclarationError(f"{where}: {name_of(cls)} is no class with fields")
            core, shape = self._compile(cls, [])
            tags = _tags_of(where, cls, annotation.discriminator)
            variants += [(tag, core) for tag in tags]
            shapes.append(shape)
        wire_name = _alias_of(typing.get_args(annotation.type)[0], annotation.discriminator)
        field = Field.tagged_union(name, wire_name, variants)
        return finished(where, field, annotation, Plan(shapes=shapes))


def _shape(
    cls: type, style: Style, core: CoreSchema, members: list[Member], compiled: list[Made]
) -> Shape:
    made = {
        field.name: (member.name, plan, factory)
        for member, (field, plan, factory) in zip(members, compiled, strict=True)
    }
    aligned = [made.get(field.name, (field.name, None, None)) for field in core.fields]
    return Shape(
        core,
        names=[name for name, _, _ in aligned],
        plans=[plan for _, plan, _ in aligned],
        factories=[factory for _, _, factory in aligned],
        style=style,
        type=cls,
    )


def _require_id(where: str, members: list[Member]) -> None:
    for member in members:
        kept = _SERVER_SET.get(member.name)
        if kept is not None and take_apart(where, member.type).type is not kept:
            raise DeclarationError(
                f"{where}.{member.name}: the repository keeps it, as {kept.__name__}"
            )
    if all(member.name != "id" for member in members):
        raise DeclarationError(
            f"{where}: rows need `id: UUID | None = None`, which the repository sets"
        )


def _tags_of(where: str, cls: Any, discriminator: str) -> list[str]:
    for member in members_of(cls)[1]:
        if member.name == discriminator:
            values = typing.get_args(take_apart(where, member.type).type)
            if values and all(isinstance(value, str) for value in values):
                return list(values)
    raise DeclarationError(f'{where}: {cls.__name__} needs `{discriminator}: Literal["…"]`')


def _alias_of(cls: Any, discriminator: str) -> str:
    members = {member.name: member.alias for member in members_of(cls)[1]}
    return members[discriminator]


_CONTAINERS: dict[Any, type] = {
    list: list,
    Sequence: list,
    MutableSequence: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    dict: dict,
    Mapping: dict,
    MutableMapping: dict,
}


def _container_of(hint: Any, origin: Any) -> type | None:
    found = origin if origin is not None else hint
    return _CONTAINERS.get(found) if _is_hashable(found) else None


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _is_pydantics(hint: Any, module: str, name: str) -> bool:
    return getattr(hint, "__module__", "") == module and getattr(hint, "__name__", "") == name


# --- defaults -------------------------------------------------------------------------------------


def with_default(
    field: Field, member: Member, nullable: bool
) -> tuple[Field, Callable[[], Any] | None]:
    if member.factory is not None:
        return field.optional(), member.factory
    if member.default is MISSING:
        if member.may_be_left_out:
            return field.optional(), None
        return (field.required() if nullable else field), None
    default = member.default
    plain = _plain(default)
    if plain is MISSING or (plain is None and not nullable):
        return field.optional(), lambda: copy.deepcopy(default)  # no two instances share it
    return field.default_value(plain), None


def _plain(default: Any) -> Any:
    """A default as it would stand in JSON; MISSING for what holds others."""
    if isinstance(default, enum.Enum):
        default = default.value
    if default is None or isinstance(default, bool | int | float | str):
        return default
    if isinstance(default, Decimal | UUID | IPv4Address | IPv6Address):
        return str(default)
    if isinstance(default, datetime | date | time):
        return default.isoformat()
    return MISSING


def _set_by_server(field: Field, member: Member) -> tuple[Field, Callable[[], Any] | None]:
    """A field that the repository fills in; until then an instance has its default, if any."""
    if member.name == "deleted_at":
        field = field.nullable().internal()
    default = member.default
    factory = member.factory if default is MISSING else lambda: default
    return field.read_only(), factory


def _with_column(field: Field, column: Column) -> Field:
    if column.unique:
        field = field.unique()
    if column.searchable:
        field = field.searchable()
    if column.filterable:
        field = field.filterable()
    if column.sortable:
        field = field.sortable()
    return field.references(column.references) if column.references else field
