"""Compiles Python classes into the core's schemas. Loaded when the first class is declared."""

import copy
import dataclasses
import enum
import math
import types
import typing
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Literal, NoReturn, TypeVar, Union, cast
from uuid import UUID

from apiwright._core.validation import Choice, Field, Format, Plan, Shape, Style, parse_duration
from apiwright._core.validation import Schema as CoreSchema
from apiwright.core.validation.schema import Column, DeclarationError, EmailAddress, Schema

T = TypeVar("T")

_MISSING: Any = object()
_INT64 = (-(2**63), 2**63 - 1)
_UNBOUNDED = 2**64 - 1

_SERVER_SET: dict[str, type] = {
    "id": UUID,
    "created_at": datetime,
    "updated_at": datetime,
    "version": int,
    "deleted_at": datetime,
}
"""What a repository keeps by itself, where it is declared."""


@dataclasses.dataclass(frozen=True)
class Member:
    """One field of a class, as far as its kind of class tells."""

    name: str
    alias: str
    type: Any
    default: Any = _MISSING
    factory: Callable[[], Any] | None = None
    may_be_left_out: bool = False
    description: str = ""
    discriminator: str = ""


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


class Declaration:
    """The compilation of one class and of the classes inside it."""

    def __init__(self, *, table: str, camel_case: bool) -> None:
        self._table = table
        self._camel_case = camel_case
        self._open: list[type] = []

    def schema_of(self, cls: type[T], rules: list[Choice]) -> Schema[T]:
        """The schema of the outermost class. Raises DeclarationError."""
        core, shape = self._compile(cls, rules)
        return Schema(core, shape, cls)

    def _compile(self, cls: type, rules: list[Choice]) -> tuple[CoreSchema, Shape]:
        where = getattr(cls, "__name__", repr(cls))
        if cls in self._open:
            raise DeclarationError(
                f"{where} holds itself, which a schema cannot: give the inner one an Any field"
            )
        table = "" if self._open else self._table
        self._open.append(cls)
        try:
            style, members = _members_of(cls)
            if not members:
                raise DeclarationError(f"{where} has no fields")
            if table:
                _require_id(where, members)
            compiled = [self._member(where, member, bool(table)) for member in members]
            core = CoreSchema(
                where, [field for field, _, _ in compiled], table=table, choices=rules
            )
        except ValueError as error:
            raise DeclarationError(f"{where}: {error}") from None
        finally:
            self._open.pop()
        shape = Shape(
            core,
            names=[member.name for member in members],
            plans=[plan for _, plan, _ in compiled],
            factories=[factory for _, _, factory in compiled],
            style=style,
            type=cls,
        )
        return core, shape

    def _member(
        self, where: str, member: Member, is_column: bool
    ) -> tuple[Field, Plan, Callable[[], Any] | None]:
        where = f"{where}.{member.name}"
        annotation = _take_apart(where, member.type)
        annotation.discriminator = annotation.discriminator or member.discriminator
        field, plan = self._value(where, member.name, annotation)
        if is_column and member.name in _SERVER_SET:
            field, factory = _set_by_server(field, member)
        else:
            if annotation.nullable:
                field = field.nullable()
            field, factory = _with_default(field, member, annotation.nullable)
        field = _with_column(field, annotation.column)
        if member.description:
            field = field.describe(member.description)
        if not self._camel_case or member.alias != member.name:
            field = field.sent_as(member.alias)
        return field, plan, factory

    def _value(self, where: str, name: str, annotation: Annotation) -> tuple[Field, Plan]:
        """The field and the plan of a type, its constraints among them."""
        make = _SCALARS.get(annotation.type) if _is_hashable(annotation.type) else None
        if make is not None:
            return make(where, name, annotation)
        if _is_pydantics(annotation.type, "pydantic.networks", "EmailStr"):
            return Field.email(name), Plan()
        if _is_pydantics(annotation.type, "pydantic.types", "AwareDatetime"):
            return _finished(where, Field.date_time(name), annotation, Plan())
        if annotation.type is Any or annotation.type is object:
            return _finished(where, Field.json(name), annotation, Plan())
        if isinstance(annotation.type, type) and issubclass(annotation.type, enum.Enum):
            return _enumeration(where, name, annotation)
        origin = typing.get_origin(annotation.type)
        if origin is Literal:
            return _literal(where, name, annotation)
        if origin in (Union, types.UnionType):
            return self._union(where, name, annotation)
        container = _container_of(annotation.type, origin)
        if container is not None:
            return self._container(where, name, annotation, container)
        if _is_declarable(annotation.type):
            core, shape = self._compile(annotation.type, [])
            return _finished(where, Field.object(name, core), annotation, Plan(shapes=[shape]))
        raise DeclarationError(
            f"{where}: {_name_of(annotation.type)} has no schema; take one of str, int, float, "
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
            keys = _take_apart(where, key)
            if keys.bounds or keys.format or keys.email:
                raise DeclarationError(f"{where}: keys take no constraints; put them on the values")
            if keys.type is not str or keys.nullable:
                raise DeclarationError(f"{where}: the keys of a JSON object are str")
        else:
            value = arguments[0] if arguments else Any
            if container is tuple and (len(arguments) != 2 or arguments[1] is not Ellipsis):
                raise DeclarationError(f"{where}: write tuple[X, ...]; other tuples have no schema")
        inner = _take_apart(f"{where}[]", value)
        element, plan = self._value(f"{where}[]", "item", inner)
        if inner.nullable:
            element = element.nullable()
        bounds = annotation.bounds
        least, most = bounds.pop("min_length", 0), bounds.pop("max_length", None)
        make = Field.map if container is dict else Field.array
        field = make(name, element).items(least, _UNBOUNDED if most is None else most)
        if container in (set, frozenset):
            field = field.distinct()
        convert = None if container in (list, dict) else container
        return _finished(where, field, annotation, Plan(convert, plan))

    def _union(self, where: str, name: str, annotation: Annotation) -> tuple[Field, Plan]:
        if not annotation.discriminator:
            raise DeclarationError(
                f"{where}: a union needs a discriminator: Annotated[A | B, "
                'Field(discriminator="kind")], where each class has `kind: Literal["…"]`'
            )
        variants: list[tuple[str, CoreSchema]] = []
        shapes = []
        for choice in typing.get_args(annotation.type):
            cls = _take_apart(where, choice).type
            if not _is_declarable(cls):
                raise DeclarationError(f"{where}: {_name_of(cls)} is no class with fields")
            core, shape = self._compile(cls, [])
            tags = _tags_of(where, cls, annotation.discriminator)
            variants += [(tag, core) for tag in tags]
            shapes.append(shape)
        wire_name = _alias_of(typing.get_args(annotation.type)[0], annotation.discriminator)
        field = Field.tagged_union(name, wire_name, variants)
        return _finished(where, field, annotation, Plan(shapes=shapes))


# --- classes --------------------------------------------------------------------------------------


def _is_pydantic(cls: Any) -> bool:
    return (
        isinstance(cls, type)
        and hasattr(cls, "__pydantic_decorators__")
        and hasattr(cls, "model_fields")
    )


def _is_typed_dict(cls: Any) -> bool:
    """Also one of typing_extensions, which typing does not know."""
    return isinstance(cls, type) and issubclass(cls, dict) and hasattr(cls, "__optional_keys__")


def _is_declarable(cls: Any) -> bool:
    return isinstance(cls, type) and (
        _is_typed_dict(cls) or dataclasses.is_dataclass(cls) or _is_pydantic(cls)
    )


def _members_of(cls: type) -> tuple[Style, list[Member]]:
    if _is_typed_dict(cls):
        return Style.DICT, _typed_dict_members(cls)
    if _is_pydantic(cls):
        return Style.PYDANTIC, _pydantic_members(cls)
    if dataclasses.is_dataclass(cls):
        return Style.CALL, _dataclass_members(cls)
    raise DeclarationError(
        f"{_name_of(cls)} is no dataclass, TypedDict or pydantic model: those have schemas"
    )


def _hints_of(cls: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise DeclarationError(
            f"{cls.__name__}: {error}; types must be importable where the class is declared"
        ) from None


def _typed_dict_members(cls: Any) -> list[Member]:
    return [
        Member(name, name, hint, may_be_left_out=name in cls.__optional_keys__)
        for name, hint in _hints_of(cls).items()
    ]


def _dataclass_members(cls: Any) -> list[Member]:
    _refuse_validators(cls)
    hints = _hints_of(cls)
    members = []
    for field in dataclasses.fields(cls):
        if not field.init:
            raise DeclarationError(
                f"{cls.__name__}.{field.name}: a field with init=False is not for JSON; "
                "make it a property"
            )
        default = _MISSING if field.default is dataclasses.MISSING else field.default
        made = field.default_factory
        factory = None if made is dataclasses.MISSING else made
        members.append(Member(field.name, field.name, hints[field.name], default, factory))
    return members


def _pydantic_members(cls: Any) -> list[Member]:
    _refuse_validators(cls)
    _refuse_settings(cls)
    members = []
    for name, info in cls.model_fields.items():
        where = f"{cls.__name__}.{name}"
        alias = info.validation_alias or info.alias or name
        if info.default_factory and info.default_factory_takes_validated_data:
            raise DeclarationError(f"{where}: a default_factory takes no arguments here")
        if not isinstance(alias, str):
            raise DeclarationError(f"{where}: an alias is one text; AliasPath has no schema")
        discriminator = info.discriminator
        if discriminator is not None and not isinstance(discriminator, str):
            raise DeclarationError(f"{where}: a discriminator is a field's name, no callable")
        annotation = info.annotation
        for metadata in info.metadata:
            annotation = Annotated[annotation, metadata]
        required = info.is_required()
        members.append(
            Member(
                name,
                alias,
                annotation,
                _MISSING if required or info.default_factory else info.default,
                info.default_factory,
                description=info.description or "",
                discriminator=discriminator or "",
            )
        )
    return members


def _refuse_validators(cls: Any) -> None:
    """What pydantic would run in Python is not run by the core: never skipped in silence."""
    decorators = getattr(cls, "__pydantic_decorators__", None)
    kinds = ("validators", "field_validators", "root_validators", "model_validators")
    for kind in kinds:
        for name in getattr(decorators, kind, {}):
            raise DeclarationError(
                f"{cls.__name__}.{name}: validators in Python are not run by the core; "
                "express it as a constraint, or validate with pydantic"
            )


def _refuse_settings(cls: Any) -> None:
    """What would change how pydantic reads, and not how the core does."""
    if cls.__private_attributes__:
        raise DeclarationError(f"{cls.__name__}: private attributes have no place in a schema")
    for setting in ("str_strip_whitespace", "str_to_lower", "str_to_upper", "str_min_length"):
        if cls.model_config.get(setting):
            raise DeclarationError(f"{cls.__name__}: the core has no {setting}; leave it out")
    if cls.model_config.get("str_max_length") is not None:
        raise DeclarationError(f"{cls.__name__}: put max_length on the fields, no str_max_length")
    if cls.model_config.get("extra") == "allow":
        raise DeclarationError(
            f'{cls.__name__}: extra="allow" has no schema; unknown members are refused'
        )
    if cls.__pydantic_post_init__:
        raise DeclarationError(f"{cls.__name__}: model_post_init is not run by the core")
    if getattr(cls, "__pydantic_root_model__", False):
        raise DeclarationError(f"{cls.__name__}: a RootModel has no members")


def _require_id(where: str, members: list[Member]) -> None:
    for member in members:
        kept = _SERVER_SET.get(member.name)
        if kept is not None and _take_apart(where, member.type).type is not kept:
            raise DeclarationError(
                f"{where}.{member.name}: the repository keeps it, as {kept.__name__}"
            )
    if all(member.name != "id" for member in members):
        raise DeclarationError(
            f"{where}: rows need `id: UUID | None = None`, which the repository sets"
        )


# --- annotations ----------------------------------------------------------------------------------


def _take_apart(where: str, hint: Any) -> Annotation:
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
        annotation.column = item
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


def _finished(where: str, field: Field, annotation: Annotation, plan: Plan) -> tuple[Field, Plan]:
    """Refuses what no one has used up: a constraint is never dropped in silence."""
    if annotation.bounds:
        unused = ", ".join(sorted(annotation.bounds))
        raise DeclarationError(f"{where}: {_name_of(annotation.type)} takes no {unused}")
    return field, plan


# --- scalars --------------------------------------------------------------------------------------

Made = tuple[Field, Plan]


def _text(where: str, name: str, annotation: Annotation) -> Made:
    bounds = annotation.bounds
    if annotation.email:
        return _finished(where, Field.email(name), annotation, Plan())
    field = Field.string(name)
    if "min_length" in bounds or "max_length" in bounds:
        field = field.length(bounds.pop("min_length", 0), bounds.pop("max_length", _UNBOUNDED))
    if "pattern" in bounds:
        field = field.pattern(_whole(bounds.pop("pattern")))
    if annotation.format is not None:
        field = field.format(annotation.format)
    return _finished(where, field, annotation, Plan())


def _whole(pattern: Any) -> str:
    """pydantic searches, the core matches the whole text: what may stand around is written out."""
    text = str(getattr(pattern, "pattern", pattern))
    return f"(?s:.*)(?:{text})(?s:.*)"


def _whole_number(where: str, name: str, annotation: Annotation) -> Made:
    bounds = annotation.bounds
    least = max([_INT64[0], *_lower(bounds, 1)])
    most = min([_INT64[1], *_upper(bounds, 1)])
    if not (float(least).is_integer() and float(most).is_integer()):
        raise DeclarationError(f"{where}: the bounds of an int are whole numbers")
    return _finished(where, Field.integer(name).range(int(least), int(most)), annotation, Plan())


def _lower(bounds: dict[str, Any], step: Any) -> list[Any]:
    """The least values that `ge` and `gt` allow, of numbers `step` apart."""
    return [*_pop(bounds, "ge"), *(bound + step for bound in _pop(bounds, "gt"))]


def _upper(bounds: dict[str, Any], step: Any) -> list[Any]:
    return [*_pop(bounds, "le"), *(bound - step for bound in _pop(bounds, "lt"))]


def _pop(bounds: dict[str, Any], name: str) -> list[Any]:
    return [bounds.pop(name)] if name in bounds else []


def _real(where: str, name: str, annotation: Annotation) -> Made:
    bounds = annotation.bounds
    above, at_least = bounds.pop("gt", -math.inf), bounds.pop("ge", -math.inf)
    below, at_most = bounds.pop("lt", math.inf), bounds.pop("le", math.inf)
    if any(math.isnan(bound) for bound in (above, at_least, below, at_most)):
        raise DeclarationError(f"{where}: a bound is a number, not NaN")
    field = Field.number(name).number_range(
        float(max(above, at_least)),
        float(min(below, at_most)),
        min_excluded=above >= at_least and above != -math.inf,
        max_excluded=below <= at_most and below != math.inf,
    )
    return _finished(where, field, annotation, Plan())


def _decimal(where: str, name: str, annotation: Annotation) -> Made:
    bounds = annotation.bounds
    precision, scale = bounds.pop("max_digits", None), bounds.pop("decimal_places", None)
    if precision is None or scale is None:
        raise DeclarationError(
            f"{where}: a Decimal needs max_digits (at most 18) and decimal_places: "
            "Annotated[Decimal, Field(max_digits=10, decimal_places=2)]"
        )
    step = Decimal(1).scaleb(-scale)
    least = [_decimal_of(bound) for bound in _lower(bounds, step)]
    most = [_decimal_of(bound) for bound in _upper(bounds, step)]
    field = Field.decimal(name, precision, scale)
    if least or most:
        field = field.decimal_range(
            f"{max(least):f}" if least else None, f"{min(most):f}" if most else None
        )
    return _finished(where, field, annotation, Plan())


def _decimal_of(bound: Any) -> Decimal:
    return bound if isinstance(bound, Decimal) else Decimal(str(bound))


def _duration(text: str) -> timedelta:
    microseconds = parse_duration(text)
    assert microseconds is not None, "the core has checked it"
    return timedelta(microseconds=microseconds)


def _of(make: Callable[[str], Field], convert: Callable[[Any], Any] | None = None) -> Any:
    return lambda where, name, annotation: _finished(where, make(name), annotation, Plan(convert))


def _form(form: Format, convert: Callable[[Any], Any]) -> Any:
    return _of(lambda name: Field.string(name).format(form), convert)


_SCALARS: dict[Any, Callable[[str, str, Annotation], Made]] = {
    str: _text,
    int: _whole_number,
    float: _real,
    Decimal: _decimal,
    bool: _of(Field.boolean),
    datetime: _of(Field.date_time),
    UUID: _of(Field.uuid, UUID),
    date: _form(Format.DATE, date.fromisoformat),
    time: _form(Format.TIME, time.fromisoformat),
    timedelta: _form(Format.DURATION, _duration),
    IPv4Address: _form(Format.IPV4, IPv4Address),
    IPv6Address: _form(Format.IPV6, IPv6Address),
}


def _enumeration(where: str, name: str, annotation: Annotation) -> Made:
    cls = cast(type[enum.Enum], annotation.type)
    values = [member.value for member in cls]
    if not values or not all(isinstance(value, str) for value in values):
        raise DeclarationError(f"{where}: {cls.__name__} has values that are no str")
    return _finished(where, Field.enumeration(name, values), annotation, Plan(cls))


def _literal(where: str, name: str, annotation: Annotation) -> Made:
    values = list(typing.get_args(annotation.type))
    if None in values:
        values.remove(None)
        annotation.nullable = True
    if not values or not all(isinstance(value, str) for value in values):
        raise DeclarationError(f"{where}: a Literal is of str, not {values!r}")
    return _finished(where, Field.enumeration(name, values), annotation, Plan())


def _tags_of(where: str, cls: Any, discriminator: str) -> list[str]:
    for member in _members_of(cls)[1]:
        if member.name == discriminator:
            values = typing.get_args(_take_apart(where, member.type).type)
            if values and all(isinstance(value, str) for value in values):
                return list(values)
    raise DeclarationError(f'{where}: {cls.__name__} needs `{discriminator}: Literal["…"]`')


def _alias_of(cls: Any, discriminator: str) -> str:
    members = {member.name: member.alias for member in _members_of(cls)[1]}
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


def _name_of(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)


# --- defaults -------------------------------------------------------------------------------------


def _with_default(
    field: Field, member: Member, nullable: bool
) -> tuple[Field, Callable[[], Any] | None]:
    if member.factory is not None:
        return field.optional(), member.factory
    if member.default is _MISSING:
        if member.may_be_left_out:
            return field.optional(), None
        return (field.required() if nullable else field), None
    default = member.default
    plain = _plain(default)
    if plain is _MISSING or (plain is None and not nullable):
        return field.optional(), lambda: copy.deepcopy(default)  # no two instances share it
    return field.default_value(plain), None


def _plain(default: Any) -> Any:
    """A default as it would stand in JSON; _MISSING for what holds others."""
    if isinstance(default, enum.Enum):
        default = default.value
    if default is None or isinstance(default, bool | int | float | str):
        return default
    if isinstance(default, Decimal | UUID | IPv4Address | IPv6Address):
        return str(default)
    if isinstance(default, datetime | date | time):
        return default.isoformat()
    return _MISSING


def _set_by_server(field: Field, member: Member) -> tuple[Field, Callable[[], Any] | None]:
    """A field that the repository fills in; until then an instance has its default, if any."""
    if member.name == "deleted_at":
        field = field.nullable().internal()
    default = member.default
    factory = member.factory if default is _MISSING else lambda: default
    return field.read_only().optional(), factory


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
