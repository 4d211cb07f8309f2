"""What a declaration says of its fields: marks for Annotated, references, values the server sets.

title: Annotated[str, Len(1, 200), searchable]
slug: Annotated[str, unique, immutable]
author: Ref[User] = current_user()
"""

from decimal import Decimal
from typing import Annotated, Any, Final, Generic, Literal, TypeVar
from uuid import UUID

from annotated_types import Len
from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import core_schema

from apiwright.core.validation import Column, Mark
from apiwright.resources.rules import Rule

__all__ = [
    "Flag",
    "Len",
    "Money",
    "ReadableBy",
    "Ref",
    "ServerSet",
    "WritableBy",
    "current_user",
    "filterable",
    "immutable",
    "indexed",
    "now",
    "read_only",
    "readable",
    "searchable",
    "sortable",
    "unique",
    "writable",
    "write_only",
]

T = TypeVar("T")

unique: Final = Column(unique=True, filterable=True, sortable=True)
"""No two rows share a value; text is compared ignoring case. Lists may filter and sort by it."""

searchable: Final = Column(searchable=True)
"""Text that `search=` looks into, ignoring case."""

filterable: Final = Column(filterable=True)
"""Lists may ask for one value of it; it has an index."""

sortable: Final = Column(sortable=True)
"""Lists may be sorted by it; it has an index."""


class Flag(Mark):
    """One of `read_only`, `write_only`, `immutable`, `indexed`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


read_only: Final = Flag("read_only")
"""Set by the application's own code; a client that sends it is refused."""

write_only: Final = Flag("write_only")
"""Stored, and in no answer."""

immutable: Final = Flag("immutable")
"""Chosen when a row is made, and not changed after."""

indexed: Final = Flag("indexed")
"""Has an index, for queries of the application's own; clients may not ask for it."""


class ReadableBy(Mark):
    """Who sees a field: readable(rule)."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __repr__(self) -> str:
        return f"readable({self.rule!r})"


class WritableBy(Mark):
    """Who may set a field: writable(rule)."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __repr__(self) -> str:
        return f"writable({self.rule!r})"


def readable(rule: Rule) -> ReadableBy:
    """The field is in answers only where `rule` holds for the caller and the row.

    Who may not always see it can neither filter, sort nor search by it."""
    return ReadableBy(rule)


def writable(rule: Rule) -> WritableBy:
    """Only who `rule` allows may choose the field; others get 403 naming it."""
    return WritableBy(rule)


class ServerSet(Mark):
    """A value that the server sets when a row is made: `current_user` or `now`."""

    __slots__ = ("value",)

    def __init__(self, value: Literal["current_user", "now"]) -> None:
        self.value: Final = value

    def __repr__(self) -> str:
        return f"{self.value}()"


def current_user() -> Any:
    """The field's value is the id of whoever creates the row; no client can choose it."""
    return _set_by_server("current_user")


def now() -> Any:
    """The field's value is the time at which the row was created; no client can choose it."""
    return _set_by_server("now")


def _set_by_server(value: Literal["current_user", "now"]) -> Any:
    info: Any = Field(default=None)
    info.metadata.append(ServerSet(value))
    return info


class Ref(UUID, Generic[T]):
    """The id of a row of another resource: `author: Ref[User]`.

    It is a UUID, equal to any with the same value. Its column is `author_id`, and in JSON it is
    `authorId`. The database keeps it from naming a row that is not there.
    """

    __slots__ = ()

    def __init__(self, value: "str | UUID") -> None:
        super().__init__(str(value))

    def __setattr__(self, name: str, value: object) -> None:  # type: ignore[override]
        if name != "__orig_class__":  # typing's note of Ref[X](…): a UUID takes no attributes
            super().__setattr__(name, value)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(Ref, core_schema.uuid_schema())


Money = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
"""An exact amount with two places, up to 9,999,999,999.99; a string in JSON."""
