"""Compiles a resource's class: its schema, its rules, where it is. Whatever is wrong with it is one
sentence that names the class, the field and what to write instead."""

import inspect
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeVar

from pydantic.errors import PydanticUndefinedAnnotation

from apiwright.core.access import Rule as CoreRule
from apiwright.core.validation import CoreSchema, DeclarationError, Field, Schema
from apiwright.resources.composition import wholes_of
from apiwright.resources.declaration import DeclaredParts, ResourceDeclaration, UserDeclaration
from apiwright.resources.names import (
    OWN_COMPONENTS,
    components,
    kebab_case,
    plural,
    snake_case,
)
from apiwright.resources.relations import DeclaredRelation, other_of, relations_of, to_many
from apiwright.resources.resource import Resource, User
from apiwright.resources.rule_compiler import RuleCompiler

__all__ = ["CompiledResource", "compile_resources"]

T = TypeVar("T", bound=Resource)

_RESERVED_TABLES: Final = frozenset(
    {"users", "sessions", "roles", "table_versions", "idempotency_keys"}
)
_RESERVED_PATHS: Final = frozenset({"auth", "users", "roles", "batch"})
_TABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PATH: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Nested:
    """Where a collection is reached below the rows of another."""

    table: str
    """The other's."""
    path: str
    """Below the API's base: `/users/{id}/orders`."""
    column: str
    """The reference that names the row in the path."""


@dataclass(frozen=True, slots=True)
class CompiledResource(Generic[T]):
    """A declaration that holds: what routes, repositories and documentation are made of."""

    type: type[T]
    schema: Schema[T]
    path: str
    """The collection's, below the API's base: `/articles`."""
    rules: Mapping[str, CoreRule]
    """By action: read, list, create, update, delete."""
    stated: Mapping[str, str]
    """The same in the declaration's words."""
    readable: Mapping[str, CoreRule]
    """By column, where not every reader of a row may see it."""
    writable: Mapping[str, CoreRule]
    steps: Mapping[tuple[str, str, str], CoreRule]
    """By column, value and the value that it becomes, where not every writer may make it so."""
    require_if_match: bool
    """Changing or removing a row takes the ETag of its version."""
    references: Mapping[str, str] = field(default_factory=dict)
    """The tables that fields refer to."""
    relations: Sequence[DeclaredRelation] = ()
    """What answers can include."""
    is_part: bool = False
    """Its rows are parts of another's, and reached through them alone."""
    nested: Nested | None = None
    further: Sequence[Field] = ()
    """Of users: the fields that signing up and users themselves may set."""

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
    def keeps_deleted(self) -> bool:
        """True where deleted rows are kept, unseen, and can be restored."""
        return self.is_user or self.type.__options__.soft_delete

    @property
    def nested_body(self) -> str:
        """The schema of what makes a row where the path says to which other it refers."""
        column = None if self.nested is None else self.nested.column
        is_sent = any(f.name == column and not f.is_read_only for f in self.schema.core.fields)
        return f"{self.name}Create" + ("Nested" if is_sent else "")

    def admits_anonymous(self, action: str) -> bool:
        """True when somebody who is not signed in may do it to some row."""
        return not self.is_user and self.rules[action].admits_anonymous(self.schema.core)

    @property
    def is_user(self) -> bool:
        """True for the application's users."""
        return issubclass(self.type, User)


def compile_resources(classes: Iterable[type[Resource]]) -> list[CompiledResource[Any]]:
    """Each of them, and the users first. Raises DeclarationError."""
    if isinstance(classes, type):
        raise DeclarationError(
            f"Backend(resources=…) takes a list of classes: resources=[{classes.__name__}]"
        )
    declared = list(classes)
    for cls in declared:
        if not (isinstance(cls, type) and issubclass(cls, Resource)) or cls is Resource:
            raise DeclarationError(
                f"Backend(resources=[…]): {_shown(cls)} is no class that derives from Resource"
            )
    users = [cls for cls in declared if issubclass(cls, User)]
    if len(users) > 1:
        names = " and ".join(cls.__name__ for cls in users)
        raise DeclarationError(f"{names}: an application has one class of users; give one of them")
    user = users[0] if users else User
    others = [cls for cls in declared if not issubclass(cls, User)]
    _require_names(others)
    tables = _tables(others, user)
    return _related(_each([user, *others], tables), tables)


def _each(
    classes: Sequence[type[Resource]], tables: Mapping[type[Resource], str]
) -> list[CompiledResource[Any]]:
    """Each compiled, parts before what is made of them."""
    wholes = wholes_of(classes, tables)
    done: dict[type[Resource], CompiledResource[Any]] = {}
    for cls in sorted(classes, key=lambda cls: cls not in wholes):
        done[cls] = _compiled(cls, tables, _parts(cls, done, tables), cls in wholes)
    return [done[cls] for cls in classes]


def _parts(
    cls: type[Resource],
    done: Mapping[type[Resource], CompiledResource[Any]],
    tables: Mapping[type[Resource], str],
) -> dict[str, DeclaredParts]:
    references = {resource.schema.table: resource.references for resource in done.values()}
    parts = {}
    for name, rows in cls.__many__.items():
        if rows.parts is not None:
            relation = to_many(cls, name, rows, references, tables)
            part = done[other_of(f"{cls.__name__}.{name}", rows, tables)]
            core, column = part.schema.core, part.schema.column
            parts[name] = DeclaredParts(core, column, relation.field, rows.parts)
    return parts


def _related(
    compiled: Sequence[CompiledResource[Any]], tables: Mapping[type[Resource], str]
) -> list[CompiledResource[Any]]:
    cores = {resource.schema.table: resource.schema.core for resource in compiled}
    references = {resource.schema.table: resource.references for resource in compiled}
    return [
        replace(resource, relations=relations_of(resource.type, cores, references, tables))
        for resource in compiled
    ]


def _require_names(others: Sequence[type[Resource]]) -> None:
    """Names that the OpenAPI document can take, for each class its own."""
    taken = dict.fromkeys(OWN_COMPONENTS, "apiwright")
    for cls in dict.fromkeys(others):
        name = cls.__name__
        if name == "User":
            raise DeclarationError(
                "User: users are apiwright's own: give them more fields by deriving, as in class "
                "Member(User), or take another name for the class"
            )
        if not name.isascii():
            raise DeclarationError(
                f"{name}: clients and the OpenAPI document need a class's name in ASCII; say what "
                "people call it in its docstring"
            )
        for component in components(name):
            if component in taken:
                raise DeclarationError(
                    f"{name}: {component} is a schema of {taken[component]} in the OpenAPI "
                    "document: take another name for the class"
                )
            taken[component] = name


def _shown(value: Any) -> str:
    return f"a row of {type(value).__name__}" if isinstance(value, Resource) else repr(value)


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
            f"{cls.__name__}: {table!r} is no table's name, which has up to 63 of a-z, 0-9 and _: "
            f'give it one, class {cls.__name__}(Resource, table="…")'
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


def _compiled(
    cls: type[T],
    tables: Mapping[type[Resource], str],
    parts: Mapping[str, DeclaredParts],
    is_part: bool,
) -> CompiledResource[T]:
    _resolve(cls, tables)
    is_user = issubclass(cls, User)
    make = UserDeclaration if is_user else ResourceDeclaration
    declaration = make(cls, tables, parts)
    schema = declaration.schema_of(cls, [])
    bound = RuleCompiler(cls, schema.core, declaration.columns, is_part)
    actions = {} if is_user else bound.actions()
    if declaration.creators and not is_user:
        _require_creator(declaration.creators[0], actions["create"], schema.core)
    return CompiledResource(
        type=cls,
        schema=schema,
        path="/users" if is_user else f"/{_path_of(cls)}",
        rules=actions,
        stated={} if is_user else {name: repr(rule) for name, rule in bound.stated().items()},
        readable=bound.fields(declaration.readable, "readable"),
        writable=bound.fields(declaration.writable, "writable"),
        steps=bound.steps(declaration.steps),
        require_if_match=cls.__options__.require_if_match,
        references=declaration.references,
        is_part=is_part,
        nested=_nested(cls, declaration, tables),
        further=declaration.own if isinstance(declaration, UserDeclaration) else (),
    )


def _nested(
    cls: type[Resource], declaration: ResourceDeclaration, tables: Mapping[type[Resource], str]
) -> Nested | None:
    """Where a collection is below another. Raises DeclarationError."""
    under = cls.__options__.under
    if not under:
        return None
    where = f"class {cls.__name__}(Resource, under={under!r})"
    if under not in declaration.references:
        known = ", ".join(declaration.references) or "none"
        raise DeclarationError(
            f"{where}: there is no reference of this name; it has {known}: declare one, such as "
            f"{under}: Ref[User]"
        )
    if under in declaration.readable or declaration.is_hidden(under):
        raise DeclarationError(
            f"{where}: not everybody who sees a row sees {under}, which the path would tell: take "
            "the mark or the keyword away"
        )
    table = declaration.references[under]
    parent = next(other for other in tables if tables[other] == table)
    path, own = "users" if table == "users" else _path_of(parent), _path_of(cls)
    if own == "restore":
        raise DeclarationError(
            f"{where}: /restore below a row undoes its deletion: give it another path, "
            f'class {cls.__name__}(Resource, path="…")'
        )
    return Nested(table, f"/{path}/{{id}}/{own}", declaration.columns(under))


def _require_creator(where: str, create: CoreRule, core: CoreSchema) -> None:
    if create.admits_anonymous(core):
        raise DeclarationError(
            f"{where} is who creates a row, but Rules.create lets anybody do it: make it "
            "`Ref[User] | None`, or let only who is signed in create"
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
