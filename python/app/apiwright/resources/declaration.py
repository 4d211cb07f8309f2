"""The schema of a resource's class: references, what the server sets, who sees what."""

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, ForwardRef, Literal, get_args, get_origin

from apiwright.core.repositories import users_schema
from apiwright.core.validation import (
    Choice,
    Column,
    CoreSchema,
    DeclarationError,
    Field,
    Plan,
    Schema,
    Style,
)
from apiwright.core.validation.annotations import Annotation, name_of, take_apart
from apiwright.core.validation.declaration import Declaration, Made
from apiwright.core.validation.members import MISSING, Member
from apiwright.resources import rules
from apiwright.resources.class_body import KEPT
from apiwright.resources.defaults import with_constant_default
from apiwright.resources.fields import (
    Flag,
    ReadableBy,
    Ref,
    ServerSet,
    SumOf,
    Transitions,
    WritableBy,
    immutable,
    write_only,
)
from apiwright.resources.resource import Resource, User, is_reference

__all__ = ["Columns", "DeclaredParts", "ResourceDeclaration", "UserDeclaration"]

_OF_LISTS: Final = frozenset({"page", "limit", "cursor", "sort", "search", "fields", "include"})
"""Parameters that every list has."""


@dataclass
class Columns:
    """Names of fields in Python with their columns', of one resource."""

    where: str
    names: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        if name not in self.names:
            known = ", ".join(sorted(self.names))
            raise DeclarationError(f"{self.where} has no field {name!r}; it has {known}")
        return self.names[name]


@dataclass(frozen=True, slots=True)
class DeclaredParts:
    """The rows that a new row of another class brings with it."""

    core: CoreSchema
    column: Callable[[str], str]
    """Of a field by its name in Python."""
    reference: str
    """Their column that names the row they are parts of."""
    bounds: tuple[int, int]

    def field(self, name: str) -> Field:
        """The member of the body that brings them."""
        least, most = self.bounds
        made = Field.parts(name, self.core, self.reference).items(least, most)
        return made if least else made.default_json("[]")


class ResourceDeclaration(Declaration):
    """A schema whose fields say more: references, who sees them, what the server sets."""

    def __init__(
        self,
        cls: type[Resource],
        tables: Mapping[type[Resource], str],
        parts: Mapping[str, DeclaredParts] = MappingProxyType({}),
    ) -> None:
        super().__init__(table=tables[cls], camel_case=True)
        self._cls = cls
        self._tables = tables
        self._parts = parts
        self.columns = Columns(cls.__name__)
        self.creators: list[str] = []
        """Fields that name who creates a row, and may not be null."""
        self.references: dict[str, str] = {}
        """The tables that fields refer to; the column of `author` is `author_id`."""
        self.readable: dict[str, rules.Rule] = {}
        self.writable: dict[str, rules.Rule] = {}
        self.steps: dict[tuple[str, str, str], rules.Rule] = {}
        """Who may take a field from one value to another, where not everybody may."""

    def is_hidden(self, name: str) -> bool:
        """True for a field that is in no answer."""
        marks = take_apart(name, self._cls.model_fields[name].annotation).marks
        return write_only in [*marks, *self._cls.model_fields[name].metadata]

    def _members(self, cls: type) -> tuple[Style, list[Member]]:
        """In the order of answers: the id, what the class declares, what the server keeps."""
        _refuse_python(cls)
        style, members = super()._members(cls)
        if cls is not self._cls:
            return style, members
        if len(members) == len(KEPT):
            raise DeclarationError(
                f"{cls.__name__} has no fields: declare one, such as `name: str`"
            )
        kept = [member for member in members if member.name in KEPT]
        own = [member for member in members if member.name not in KEPT]
        return style, [kept[0], *own, *kept[1:]]

    def _columns(self) -> dict[str, str]:
        return self.columns.names

    def _hidden_columns(self) -> list[Field]:
        columns = [parts.field(name) for name, parts in self._parts.items()]
        if self._cls.__options__.soft_delete:
            columns.append(Field.date_time("deleted_at").nullable().internal())
        return columns

    def _member(self, where: str, member: Member, is_column: bool) -> Made:
        made = super()._member(where, member, is_column)
        if is_column:
            self.columns.names[member.name] = made[0].name
        return made

    def _value(self, where: str, name: str, annotation: Annotation) -> tuple[Field, Plan]:
        if not is_reference(annotation.type):
            self._refuse_resource(where, annotation.type)
            return super()._value(where, name, annotation)
        if len(self._open) > 1 or get_origin(annotation.type) not in (Ref, None):
            raise DeclarationError(
                f"{where}: a reference is a field of a Resource, with a column of its own; for "
                "several of them, declare a Resource whose rows are the pairs"
            )
        referred = self._referred(where, annotation.type)
        if not isinstance(referred, str | ForwardRef) and not _is_resource(referred):
            raise DeclarationError(
                f"{where} refers to {name_of(referred)}, which is no Resource: only rows of one "
                "can be referred to"
            )
        if referred not in self._tables:
            raise DeclarationError(
                f"{where} refers to {name_of(referred)}, which the application does not have: add "
                "it to Backend(resources=[…])"
            )
        self.references[name] = self._tables[referred]
        return Field.uuid(f"{name}_id").references(self._tables[referred]), Plan(Ref)

    def _refuse_resource(self, where: str, hint: Any) -> None:
        if _is_resource(hint):
            raise DeclarationError(
                f"{where}: {hint.__name__} has a table of its own: refer to a row of it, as in "
                f"Ref[{hint.__name__}]"
            )

    def _referred(self, where: str, hint: Any) -> Any:
        if get_origin(hint) is not Ref:
            raise DeclarationError(f"{where}: say to what it refers, such as Ref[User]")
        (referred,) = get_args(hint)
        if isinstance(referred, ForwardRef | str):
            name = referred if isinstance(referred, str) else referred.__forward_arg__
            return next((cls for cls in self._tables if cls.__name__ == name), referred)
        return referred

    def _with_default(
        self, where: str, field: Field, member: Member, nullable: bool
    ) -> tuple[Field, Any]:
        """The core fills defaults in: they are constants, also those that hold others."""
        if any(
            isinstance(mark, ServerSet | SumOf) for mark in take_apart(where, member.type).marks
        ):
            return field, None
        if member.default is MISSING and member.factory is None:
            _require_beginning(where, member)
            return super()._with_default(where, field, member, nullable)
        return with_constant_default(where, field, member, nullable), None

    def _is_of_lists(self, name: str) -> bool:
        """True for a parameter that this resource's list has for something else."""
        keeps_deleted = issubclass(self._cls, User) or self._cls.__options__.soft_delete
        return name in _OF_LISTS or (name == "deleted" and keeps_deleted)

    def _marked(
        self, where: str, field: Field, annotation: Annotation, *, is_column: bool
    ) -> Field:
        if not is_column:
            if any(getattr(annotation.column, mark) for mark in Column.__slots__):
                raise DeclarationError(
                    f"{where}: unique, searchable, filterable and sortable are for the fields of a "
                    "Resource, which have columns"
                )
            return super()._marked(where, field, annotation, is_column=False)
        name = where.rpartition(".")[2]
        _refuse_hidden_queries(where, annotation)
        if _is_filterable(annotation):
            field = field.filterable()
        if field.is_filterable and self._is_of_lists(name):
            raise DeclarationError(
                f"{where}: ?{name}= is a parameter of every list, so it cannot ask for this field: "
                "take another name"
            )
        for mark in annotation.marks:
            if isinstance(mark, ReadableBy):
                self.readable[name] = mark.rule
            elif isinstance(mark, WritableBy):
                self.writable[name] = mark.rule
            elif isinstance(mark, ServerSet):
                field = self._set_by_server(where, field, annotation, mark)
            elif isinstance(mark, SumOf):
                field = self._with_sum(where, field, mark)
            elif isinstance(mark, Transitions):
                field = self._with_transitions(where, field, annotation, mark)
            elif isinstance(mark, Flag):
                field = _FLAGS[mark.name](field)
            else:
                return super()._marked(where, field, annotation, is_column=True)
        return field

    def _set_by_server(
        self, where: str, field: Field, annotation: Annotation, mark: ServerSet
    ) -> Field:
        if mark.value == "now" and annotation.type is not datetime:
            raise DeclarationError(f"{where}: now() is for a datetime")
        if mark.value == "current_user" and not self._names_a_user(where, annotation.type):
            raise DeclarationError(f"{where}: current_user() is for a Ref[User]")
        if mark.value == "current_user" and not annotation.nullable:
            self.creators.append(where)
        return field.set_to(mark.value)

    def _with_sum(self, where: str, field: Field, mark: SumOf) -> Field:
        parts = self._parts.get(mark.parts)
        if parts is None:
            raise DeclarationError(
                f"{where}: {mark!r} is of rows that are parts of this one, and {mark.parts!r} are "
                f'none: declare them, as in {mark.parts}: Many["Item"] = parts()'
            )
        try:
            return field.sum_of(mark.parts, [parts.column(name) for name in mark.factors])
        except (DeclarationError, ValueError) as error:
            raise DeclarationError(f"{where}: {error}") from None

    def _with_transitions(
        self, where: str, field: Field, annotation: Annotation, mark: Transitions
    ) -> Field:
        _refuse_stateless(where, annotation, mark)
        name = where.rpartition(".")[2]
        steps: dict[str, list[str]] = {}
        for start, ends in mark.steps.items():
            known = steps.setdefault(_state(where, annotation.type, start), [])
            for end, rule in ends.items():
                known.append(_state(where, annotation.type, end))
                if rule is not None:
                    self.steps[name, _plain(start), _plain(end)] = rule
        try:
            return field.transitions(steps)
        except ValueError as error:
            raise DeclarationError(f"{where}: {error}") from None

    def _names_a_user(self, where: str, hint: Any) -> bool:
        return is_reference(hint) and self._tables.get(self._referred(where, hint)) == "users"


_FLAGS: Final[dict[str, Callable[[Field], Field]]] = {
    "read_only": lambda field: field.read_only(),
    "write_only": lambda field: field.write_only(),
    "immutable": lambda field: field.immutable(),
    "indexed": lambda field: field.indexed(),
}


def _require_beginning(where: str, member: Member) -> None:
    for mark in take_apart(where, member.type).marks:
        if isinstance(mark, Transitions):
            raise DeclarationError(
                f"{where}: {mark!r} begin somewhere: give it the default that new rows have"
            )


def _plain(state: object) -> str:
    return str(state.value if isinstance(state, enum.Enum) else state)


def _states(hint: Any) -> list[str]:
    """The values that a field of this type may have, where they are a few named ones."""
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return [str(member.value) for member in hint]
    return [value for value in get_args(hint) if value] if get_origin(hint) is Literal else []


def _state(where: str, hint: Any, state: object) -> str:
    states = _states(hint)
    if _plain(state) not in states:
        raise DeclarationError(
            f"{where}: transitions name {state!r}, which the field cannot be; it is one of "
            f"{', '.join(states)}"
        )
    return _plain(state)


def _refuse_stateless(where: str, annotation: Annotation, mark: Transitions) -> None:
    """Whoever changes a status must know where it is, and where it began."""
    if not _states(annotation.type):
        raise DeclarationError(f"{where}: {mark!r} is for an Enum or a Literal")
    if annotation.nullable:
        raise DeclarationError(
            f"{where}: with {mark!r} it always has a value: take `| None` away, and give it the "
            "default that it begins with"
        )
    others = [
        m for m in annotation.marks if isinstance(m, ReadableBy) or m in (immutable, write_only)
    ]
    if others:
        raise DeclarationError(
            f"{where}: {others[0]!r} and {mark!r} do not go together: whoever changes it must see "
            "it, and it changes"
        )


def _refuse_taken(cls: type[User]) -> None:
    """What users have already."""
    for name in vars(cls).get("__annotations__", {}):
        if name in User.model_fields or name == "password":
            raise DeclarationError(
                f"{cls.__name__}.{name}: users have it already: leave it out, or take another name"
            )
    if cls.__options__ != User.__options__:
        raise DeclarationError(
            f"{cls.__name__}: table, path, soft_delete, require_if_match and under of users "
            "are apiwright's: take the keyword away"
        )


def _is_resource(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Resource)


def _refuse_python(cls: Any) -> None:
    """What pydantic would run in Python for an answer, which the core writes without it."""
    decorators = getattr(cls, "__pydantic_decorators__", None)
    for kind in ("computed_fields", "field_serializers", "model_serializers"):
        for name in getattr(decorators, kind, {}):
            raise DeclarationError(
                f"{cls.__name__}.{name}: the core writes answers without Python, so this would be "
                "skipped: leave it out, or answer it in a route of your own"
            )


def _is_filterable(annotation: Annotation) -> bool:
    """Without being asked: what lists are usually cut down by, and has few values or an index."""
    hint = annotation.type
    if any(isinstance(mark, Flag) and mark.name == "write_only" for mark in annotation.marks):
        return False
    is_enum = isinstance(hint, type) and issubclass(hint, enum.Enum)
    return hint is bool or is_enum or get_origin(hint) is Literal or is_reference(hint)


def _refuse_hidden_queries(where: str, annotation: Annotation) -> None:
    hidden = any(isinstance(mark, Flag) and mark.name == "write_only" for mark in annotation.marks)
    column = annotation.column
    if hidden and (column.searchable or column.filterable or column.sortable):
        raise DeclarationError(
            f"{where} is write_only, so no list may search, filter or sort by it: its answers "
            "would tell what it holds; take one of the two away"
        )


class UserDeclaration(ResourceDeclaration):
    """The users' schema is the core's, with the fields that the application adds."""

    own: Sequence[Field] = ()
    """Those that users may set."""

    def _core_schema(
        self,
        title: str,  # noqa: ARG002 - its title, table and choices are the core's
        fields: list[Field],
        table: str,  # noqa: ARG002
        rules: list[Choice],  # noqa: ARG002
    ) -> CoreSchema:
        common = {self.columns.names[name] for name in User.model_fields}
        more = [field for field in fields if field.name not in common]
        guarded = {self.columns(name) for name in self.writable}
        self.own = [field for field in more if field.name not in guarded]
        return users_schema(more)

    def _marked(
        self, where: str, field: Field, annotation: Annotation, *, is_column: bool
    ) -> Field:
        for mark in annotation.marks:
            if isinstance(mark, Transitions):
                raise DeclarationError(
                    f"{where}: {mark!r} is for resources of your own: who may change users is "
                    "apiwright's to say"
                )
        return super()._marked(where, field, annotation, is_column=is_column)

    def _with_default(
        self, where: str, field: Field, member: Member, nullable: bool
    ) -> tuple[Field, Any]:
        has_value = nullable or member.default is not MISSING or member.factory is not None
        if member.name not in User.model_fields and not has_value:
            raise DeclarationError(
                f"{where}: users who are there already would have no value for it, nor the first "
                "admin: give it a default, or let it be None"
            )
        return super()._with_default(where, field, member, nullable)

    def schema_of(self, cls: Any, rules: list[Choice]) -> Schema[Any]:
        if cls is not User:
            _refuse_taken(cls)
        if "Rules" in vars(cls):
            raise DeclarationError(
                f"{cls.__name__}.Rules: who may see and change users is apiwright's to say; mark "
                "the fields of your own with readable(…) and writable(…)"
            )
        return super().schema_of(cls, rules)
