"""Compiles a resource's class: its schema, its rules, where it is. Whatever is wrong with it is one
sentence that names the class, the field and what to write instead."""

import enum
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, ForwardRef, Generic, Literal, TypeVar, get_args, get_origin

from pydantic.errors import PydanticUndefinedAnnotation

from apiwright.core.access import Rule as CoreRule
from apiwright.core.repositories import users_schema
from apiwright.core.validation import (
    Choice,
    CoreSchema,
    DeclarationError,
    Field,
    Plan,
    Schema,
    Style,
)
from apiwright.core.validation.annotations import Annotation, name_of
from apiwright.core.validation.declaration import Declaration, Made
from apiwright.core.validation.members import Member
from apiwright.resources import rules
from apiwright.resources.fields import Flag, ReadableBy, Ref, ServerSet, WritableBy
from apiwright.resources.names import kebab_case, plural, snake_case
from apiwright.resources.resource import Resource, User, is_reference

__all__ = ["CompiledResource", "compile_resources"]

T = TypeVar("T", bound=Resource)

ACTIONS: Final = ("read", "list", "create", "update", "delete")

_OF_THE_SERVER: Final = frozenset({"id", "version", "created_at", "updated_at"})
_RESERVED_TABLES: Final = frozenset({"users", "sessions", "roles", "table_versions"})
_RESERVED_PATHS: Final = frozenset({"auth", "users", "roles"})
_TABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PATH: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class CompiledResource(Generic[T]):
    """A declaration that holds: what routes, repositories and documentation are made of."""

    type: type[T]
    schema: Schema[T]
    path: str
    """The collection's, below the API's base: `/articles`."""
    rules: Mapping[str, CoreRule]
    """By action: read, list, create, update, delete."""
    readable: Mapping[str, CoreRule]
    """By column, where not every reader of a row may see it."""
    writable: Mapping[str, CoreRule]

    @property
    def name(self) -> str:
        """The class's."""
        return self.type.__name__

    @property
    def words(self) -> str:
        """The name in words: `blog post`."""
        return snake_case(self.name).replace("_", " ")

    @property
    def words_plural(self) -> str:
        """The same of several."""
        return plural(self.words)

    @property
    def plural(self) -> str:
        """The name of several: `BlogPosts`."""
        return plural(self.name)

    @property
    def description(self) -> str:
        """What the class says of itself."""
        return inspect.cleandoc(self.type.__doc__ or "") or f"{self.words_plural.capitalize()}."

    @property
    def is_user(self) -> bool:
        """True for the application's users."""
        return issubclass(self.type, User)


def compile_resources(classes: Iterable[type[Resource]]) -> list[CompiledResource[Any]]:
    """Each of them, and the users first. Raises DeclarationError."""
    declared = list(classes)
    for cls in declared:
        if not (isinstance(cls, type) and issubclass(cls, Resource)) or cls is Resource:
            raise DeclarationError(
                f"Backend(resources=[…]): {cls!r} is no class that derives from Resource"
            )
    users = [cls for cls in declared if issubclass(cls, User)]
    if len(users) > 1:
        names = " and ".join(cls.__name__ for cls in users)
        raise DeclarationError(f"{names}: an application has one class of users; give one of them")
    user = users[0] if users else User
    others = [cls for cls in declared if not issubclass(cls, User)]
    tables = _tables(others, user)
    return [_compiled(cls, tables) for cls in [user, *others]]


def _tables(others: Sequence[type[Resource]], user: type[User]) -> dict[type[Resource], str]:
    tables: dict[type[Resource], str] = {user: "users", User: "users"}
    paths: dict[str, type[Resource]] = {}
    for cls in others:
        table, path = _table_of(cls), _path_of(cls)
        for other, taken in tables.items():
            if taken == table and other is not cls:
                raise DeclarationError(
                    f"{cls.__name__}: the table {table} is that of {other.__name__}: give one of "
                    f'them another, class {cls.__name__}(Resource, table="…")'
                )
        if cls in tables or path in paths:
            other = paths.get(path, cls)
            what = "is given twice" if other is cls else f"has the path of {other.__name__}: {path}"
            raise DeclarationError(f"{cls.__name__} {what}")
        tables[cls] = table
        paths[path] = cls
    return tables


def _table_of(cls: type[Resource]) -> str:
    table = cls.__options__.table or plural(snake_case(cls.__name__))
    if not _TABLE.fullmatch(table):
        raise DeclarationError(
            f"{cls.__name__}: {table!r} is no table's name; take lower case, digits and _"
        )
    if table in _RESERVED_TABLES or table.startswith(("sqlite_", "schema_")):
        raise DeclarationError(
            f"{cls.__name__}: the table {table} is apiwright's own: give it another, "
            f'class {cls.__name__}(Resource, table="…")'
        )
    return table


def _path_of(cls: type[Resource]) -> str:
    path = cls.__options__.path or kebab_case(plural(snake_case(cls.__name__)))
    if not _PATH.fullmatch(path):
        raise DeclarationError(
            f"{cls.__name__}: {path!r} is no path of a collection; take one word in kebab-case, "
            'such as "blog-posts", without slashes'
        )
    if path in _RESERVED_PATHS:
        raise DeclarationError(
            f"{cls.__name__}: /{path} is apiwright's own: give it another path, "
            f'class {cls.__name__}(Resource, path="…")'
        )
    return path


def _compiled(cls: type[T], tables: Mapping[type[Resource], str]) -> CompiledResource[T]:
    _resolve(cls, tables)
    is_user = issubclass(cls, User)
    declaration = _UserDeclaration(cls, tables) if is_user else _ResourceDeclaration(cls, tables)
    schema = declaration.schema_of(cls, [])
    bound = _RuleCompiler(cls, schema.core, declaration.columns)
    return CompiledResource(
        type=cls,
        schema=schema,
        path="/users" if is_user else f"/{_path_of(cls)}",
        rules={} if is_user else bound.actions(),
        readable=bound.fields(declaration.readable, "readable"),
        writable=bound.fields(declaration.writable, "writable"),
    )


def _resolve(cls: type[Resource], tables: Mapping[type[Resource], str]) -> None:
    """Looks up what was only named when the class was made, such as Ref["Category"]."""
    if cls.__pydantic_fields_complete__:
        return
    known = {other.__name__: other for other in tables}
    try:
        cls.model_rebuild(force=True, _types_namespace={**known, **_module_names(cls)})
    except PydanticUndefinedAnnotation as error:
        raise DeclarationError(
            f"{cls.__name__}: {error.name} is not known where it is declared; import it there, or "
            "give its class to Backend(resources=[…])"
        ) from None
    cls.__pydantic_init_subclass__()


def _module_names(cls: type) -> dict[str, Any]:
    return vars(sys.modules[cls.__module__]) if cls.__module__ in sys.modules else {}


# --- fields ---------------------------------------------------------------------------------------


@dataclass
class _Columns:
    """Names of fields in Python with their columns', of one resource."""

    where: str
    names: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        if name not in self.names:
            known = ", ".join(sorted(self.names))
            raise DeclarationError(f"{self.where} has no field {name!r}; it has {known}")
        return self.names[name]


class _ResourceDeclaration(Declaration):
    """A schema whose fields say more: references, who sees them, what the server sets."""

    def __init__(self, cls: type[Resource], tables: Mapping[type[Resource], str]) -> None:
        super().__init__(table=tables[cls], camel_case=True)
        self._cls = cls
        self._tables = tables
        self.columns = _Columns(cls.__name__)
        self.readable: dict[str, rules.Rule] = {}
        self.writable: dict[str, rules.Rule] = {}

    def _members(self, cls: type) -> tuple[Style, list[Member]]:
        """In the order of answers: the id, what the class declares, what the server keeps."""
        style, members = super()._members(cls)
        if cls is not self._cls:
            return style, members
        if len(members) == len(_OF_THE_SERVER):
            raise DeclarationError(
                f"{cls.__name__} has no fields: declare one, such as `name: str`"
            )
        kept = [member for member in members if member.name in _OF_THE_SERVER]
        own = [member for member in members if member.name not in _OF_THE_SERVER]
        return style, [kept[0], *own, *kept[1:]]

    def _hidden_columns(self) -> list[Field]:
        if not self._cls.__options__.soft_delete:
            return []
        return [Field.date_time("deleted_at").nullable().internal()]

    def _member(self, where: str, member: Member, is_column: bool) -> Made:
        made = super()._member(where, member, is_column)
        if is_column:
            self.columns.names[member.name] = made[0].name
        return made

    def _value(self, where: str, name: str, annotation: Annotation) -> tuple[Field, Plan]:
        if not is_reference(annotation.type):
            return super()._value(where, name, annotation)
        referred = self._referred(where, annotation.type)
        if referred not in self._tables:
            raise DeclarationError(
                f"{where} refers to {name_of(referred)}, which the application does not have: add "
                "it to Backend(resources=[…])"
            )
        return Field.uuid(f"{name}_id").references(self._tables[referred]), Plan(Ref)

    def _referred(self, where: str, hint: Any) -> Any:
        if get_origin(hint) is not Ref:
            raise DeclarationError(f"{where}: say to what it refers, such as Ref[User]")
        (referred,) = get_args(hint)
        if isinstance(referred, ForwardRef | str):
            name = referred if isinstance(referred, str) else referred.__forward_arg__
            return next((cls for cls in self._tables if cls.__name__ == name), referred)
        return referred

    def _marked(
        self, where: str, field: Field, annotation: Annotation, *, is_column: bool
    ) -> Field:
        if not is_column:
            return super()._marked(where, field, annotation, is_column=False)
        name = where.rpartition(".")[2]
        _refuse_hidden_queries(where, annotation)
        if _is_filterable(annotation):
            field = field.filterable()
        for mark in annotation.marks:
            if isinstance(mark, ReadableBy):
                self.readable[name] = mark.rule
            elif isinstance(mark, WritableBy):
                self.writable[name] = mark.rule
            elif isinstance(mark, ServerSet):
                field = self._set_by_server(where, field, annotation, mark)
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
        return field.set_to(mark.value)

    def _names_a_user(self, where: str, hint: Any) -> bool:
        return is_reference(hint) and self._tables.get(self._referred(where, hint)) == "users"


_FLAGS: Final[dict[str, Callable[[Field], Field]]] = {
    "read_only": lambda field: field.read_only(),
    "write_only": lambda field: field.write_only(),
    "immutable": lambda field: field.immutable(),
    "indexed": lambda field: field.indexed(),
}


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


class _UserDeclaration(_ResourceDeclaration):
    """The users' schema is the core's, with the fields that the application adds."""

    def _core_schema(
        self,
        title: str,  # noqa: ARG002 - its title, table and choices are the core's
        fields: list[Field],
        table: str,  # noqa: ARG002
        rules: list[Choice],  # noqa: ARG002
    ) -> CoreSchema:
        own = {self.columns.names[name] for name in User.model_fields}
        return users_schema([field for field in fields if field.name not in own])

    def schema_of(self, cls: Any, rules: list[Choice]) -> Schema[Any]:
        if "Rules" in vars(cls):
            raise DeclarationError(
                f"{cls.__name__}.Rules: who may see and change users is apiwright's to say; mark "
                "the fields of your own with readable(…) and writable(…)"
            )
        return super().schema_of(cls, rules)


# --- rules ----------------------------------------------------------------------------------------


class _RuleCompiler:
    """From the rules of one class to the core's, checked against its schema."""

    def __init__(self, cls: type[Resource], core: CoreSchema, columns: "_Columns") -> None:
        self._cls = cls
        self._core = core
        self._columns = columns

    def actions(self) -> Mapping[str, CoreRule]:
        """Every action's rule; what is not said is for admins."""
        declared = getattr(self._cls, "Rules", None)
        stated = {} if declared is None else _stated(self._cls, declared)
        admins = rules.role("admin")
        stated.setdefault("list", stated.get("read", admins))
        compiled = {
            action: self._compiled(
                f"{self._cls.__name__}.Rules.{action}", stated.get(action, admins)
            )
            for action in ACTIONS
        }
        return MappingProxyType(compiled)

    def fields(self, stated: Mapping[str, rules.Rule], mark: str) -> Mapping[str, CoreRule]:
        """The rules of single fields, by column."""
        compiled = {
            self._columns(name): self._compiled(f"{self._cls.__name__}.{name}: {mark}", rule)
            for name, rule in stated.items()
        }
        return MappingProxyType(compiled)

    def _compiled(self, where: str, rule: rules.Rule) -> CoreRule:
        if not isinstance(rule, rules.Rule):
            raise DeclarationError(f"{where} is {rule!r}, no rule: make one with apiwright.rules")
        try:
            compiled = rule.core(self._columns)
            compiled.check(self._core)
        except (DeclarationError, ValueError) as error:
            raise DeclarationError(f"{where}: {error}") from None
        return compiled


def _stated(cls: type[Resource], declared: Any) -> dict[str, rules.Rule]:
    stated = {name: getattr(declared, name) for name in dir(declared) if not name.startswith("_")}
    for name in stated:
        if name not in ACTIONS:
            raise DeclarationError(
                f"{cls.__name__}.Rules.{name}: there is no such action; rules are for "
                f"{', '.join(ACTIONS)}"
            )
    return stated
