"""Schemas of Python classes: what a body must look like, and what a row holds."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Generic, TypeVar

from apiwright._core.validation import (
    Choice,
    Field,
    Format,
    Mode,
    Plan,
    Record,
    Shape,
    Style,
    Validator,
)
from apiwright._core.validation import Schema as CoreSchema

T = TypeVar("T")


class DeclarationError(TypeError):
    """A class, or a field of it, that no schema can be made of: what, where, and how to mend it."""


class Mark:
    """What a declaration says of a field beyond its schema, for whoever compiles more of it.

    Schema.of refuses those that it does not know.
    """

    __slots__ = ()


class Column:
    """What the repository offers on a field; goes into Annotated beside the constraints.

    `unique`: no two rows share a value, text compared without case. `searchable`: `search` looks
    into it. `filterable`, `sortable`: lists may ask for it, and it has an index. `references`: the
    table whose row this id names. Several of them add up.
    """

    __slots__ = ("filterable", "references", "searchable", "sortable", "unique")

    def __init__(
        self,
        *,
        unique: bool = False,
        searchable: bool = False,
        filterable: bool = False,
        sortable: bool = False,
        references: str = "",
    ) -> None:
        self.unique = unique
        self.searchable = searchable
        self.filterable = filterable
        self.sortable = sortable
        self.references = references

    def __or__(self, other: "Column") -> "Column":
        return Column(
            unique=self.unique or other.unique,
            searchable=self.searchable or other.searchable,
            filterable=self.filterable or other.filterable,
            sortable=self.sortable or other.sortable,
            references=self.references or other.references,
        )


class EmailAddress:
    """Marks a str as an e-mail address."""


Email = Annotated[str, EmailAddress()]
"""An address by RFC 5321 and 6531, at most 255 characters."""

Uri = Annotated[str, Format.URI]
"""A URI by RFC 3986, with its scheme."""

Hostname = Annotated[str, Format.HOSTNAME]
"""A host name by RFC 1123."""


def exactly_one(*fields: str) -> Choice:
    """One of these is given, and no more than one; null counts as not given."""
    return Choice(fields, required=True, exclusive=True)


def at_least_one(*fields: str) -> Choice:
    """One of these is given, or several."""
    return Choice(fields, required=True, exclusive=False)


def at_most_one(*fields: str) -> Choice:
    """None of these is given, or one."""
    return Choice(fields, required=False, exclusive=True)


class Schema(Generic[T]):
    """A compiled declaration, and what it makes of JSON: instances of a class, or dicts.

    Immutable and thread-safe. Make one for each class and keep it: compiling takes about a
    millisecond, validating a small body about one microsecond.
    """

    def __init__(
        self,
        core: CoreSchema,
        shape: Shape,
        type_: type[T],
        columns: Mapping[str, str] | None = None,
    ) -> None:
        """Use `Schema.of` or `Schema.of_fields`."""
        self._columns = columns or {}
        self.core = core
        self.shape = shape
        self.type = type_
        self._validator = Validator(shape)
        self._trusting = Validator(shape, trusting=True)
        self._changing = Validator(shape, mode=Mode.CHANGES)

    @staticmethod
    def of(
        cls: type[T],
        *,
        table: str = "",
        camel_case: bool = False,
        rules: Iterable[Choice] = (),
    ) -> "Schema[T]":
        """The schema of a dataclass, a TypedDict or a pydantic model.

        `table` names the SQL table of a repository's rows (snake_case). Members are named in JSON
        as in Python, or by their alias; in camelCase when `camel_case`. Raises DeclarationError.
        """
        from apiwright.core.validation.declaration import Declaration

        return Declaration(table=table, camel_case=camel_case).schema_of(cls, list(rules))

    @staticmethod
    def of_fields(
        title: str, fields: Iterable[Field], *, table: str = "", rules: Iterable[Choice] = ()
    ) -> "Schema[dict[str, Any]]":
        """A schema of scalar and list fields without a class: dicts. Raises DeclarationError."""
        declared = list(fields)
        try:
            core = CoreSchema(title, declared, table=table, choices=list(rules))
        except ValueError as error:
            raise DeclarationError(str(error)) from None
        shape = Shape(
            core,
            names=[field.name for field in declared],
            plans=[Plan(element=Plan()) for _ in declared],
            factories=[None for _ in declared],
            style=Style.DICT,
            type=dict,
        )
        return Schema(core, shape, dict)

    def validate_json(self, body: bytes | bytearray | memoryview | str) -> T:
        """An instance (or dict) of a JSON document, checked; all that is wrong is told at once.

        Raises MalformedJson (no JSON, or past the bounds: 10 MiB, 32 levels, 100,000 values) and
        ValidationFailed, whose `details` name each field by its path in the document.
        """
        if type(body) is not bytes:
            body = body.encode() if isinstance(body, str) else bytes(body)
        checked: T = self._validator.validate_json(body)
        return checked

    def validate_python(self, value: object) -> T:
        """The same checks for a dict or an instance. Raises ValidationFailed, TypeError."""
        checked: T = self._validator.validate_python(value)
        return checked

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of what `validate_json` accepts."""
        document: dict[str, Any] = json.loads(self._validator.json_schema())
        return document

    def record(self, value: object) -> Record:
        """The checked values of a dict or an instance, what the server sets among them.

        Raises ValidationFailed, TypeError."""
        return self._trusting.record(value)

    def changes(self, value: object) -> Record:
        """The checked values of some of a row's fields, what the server sets not among them.

        Each is whole: what is inside is required as in a new row, and is not merged with the old.

        Raises ValidationFailed, TypeError."""
        return self._changing.record(value)

    def column(self, name: str) -> str:
        """The column of a field, which may have another name (`author_id` of `author`)."""
        return self._columns.get(name, name)

    def make(self, record: Record) -> T:
        """The instance (or dict) of checked values."""
        made: T = self.shape.make(record)
        return made

    @property
    def table(self) -> str:
        """The SQL table; empty for a schema that is only a body."""
        return self.core.table

    def __repr__(self) -> str:
        kept = f", table={self.table!r}" if self.table else ""
        return f"<Schema of {self.core.title}{kept}: {len(self.core.fields)} fields>"
