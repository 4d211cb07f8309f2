"""What a declaration says of its fields: marks for Annotated, references, values the server sets.

title: Annotated[str, Len(1, 200), searchable]
slug: Annotated[str, unique, immutable]
author: Ref[User] = current_user()
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Generic, Literal, TypeVar
from uuid import UUID

from annotated_types import Len
from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import core_schema

from apiwright.core.validation import Column, DeclarationError, Mark
from apiwright.resources.rules import Rule

__all__ = [
    "Flag",
    "Len",
    "Money",
    "ReadableBy",
    "Ref",
    "ServerSet",
    "SumOf",
    "Transitions",
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
    "sum_of",
    "transitions",
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


class Transitions(Mark):
    """The steps of a status: transitions({…})."""

    __slots__ = ("steps",)

    def __init__(self, steps: Mapping[Any, Mapping[Any, Rule | None]]) -> None:
        self.steps: Final = steps

    def __repr__(self) -> str:
        return "transitions(…)"


def transitions(steps: Mapping[Any, Iterable[Any] | Mapping[Any, Rule]]) -> Transitions:
    """What each value of an enum may become, and who may make it so.

        status: Annotated[
            Status,
            transitions({
                Status.DRAFT: [Status.SENT],
                Status.SENT: {Status.PAID: rules.role("clerk"), Status.VOID: rules.owner("author")},
            }),
        ] = Status.DRAFT

    A new row begins with the default. A step that is not listed is 422 for everybody; one with a
    rule is 403 for whom it does not allow, asked of the row as it was."""
    return Transitions({value: _successors(value, to) for value, to in steps.items()})


def _successors(value: object, to: Iterable[Any] | Mapping[Any, Rule]) -> dict[Any, Rule | None]:
    if isinstance(to, str) or not isinstance(to, Iterable):
        raise DeclarationError(
            f"transitions: {value!r} may become a list of values, or a dict of values and rules; "
            f"not {to!r}"
        )
    return dict(to) if isinstance(to, Mapping) else dict.fromkeys(to)


class SumOf(Mark):
    """A value that is computed of a new row's parts: sum_of("items", "quantity", "price")."""

    __slots__ = ("factors", "parts")

    def __init__(self, parts: str, factors: tuple[str, ...]) -> None:
        self.parts: Final = parts
        self.factors: Final = factors

    def __repr__(self) -> str:
        return f"sum_of({', '.join(map(repr, (self.parts, *self.factors)))})"


def sum_of(parts: str, *factors: str) -> Any:
    """The field is the sum, over the row's own `parts`, of these fields' product, exactly.

    total: Money = sum_of("items", "quantity", "unit_price")

    The server sets it when the row is made; no client can send it."""
    if not factors or not all(isinstance(name, str) for name in (parts, *factors)):
        raise DeclarationError(
            "sum_of(…) takes the name of the parts and those of their fields, as in "
            'sum_of("items", "quantity", "unit_price")'
        )
    return _set_by_server(SumOf(parts, factors))


class ServerSet(Mark):
    """A value that the server sets when a row is made: `current_user` or `now`."""

    __slots__ = ("value",)

    def __init__(self, value: Literal["current_user", "now"]) -> None:
        self.value: Final = value

    def __repr__(self) -> str:
        return f"{self.value}()"


def current_user() -> Any:
    """The field's value is the id of whoever creates the row; no client can choose it."""
    return _set_by_server(ServerSet("current_user"))


def now() -> Any:
    """The field's value is the time at which the row was created; no client can choose it."""
    return _set_by_server(ServerSet("now"))


def _set_by_server(mark: ServerSet | SumOf) -> Any:
    info: Any = Field(default=None)
    info.metadata.append(mark)
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
