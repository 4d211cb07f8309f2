"""The rows of another resource that refer to one: `items: Many["OrderItem"]`."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, ForwardRef, TypeVar, get_args, get_origin

from apiwright.core.validation import DeclarationError

__all__ = ["Many", "ManyRows", "many", "parts", "take_many"]

T = TypeVar("T")

_TEXT: Final = re.compile(r"(?:\w+\.)*Many\[\s*([^\[\]]+?)\s*\]")


class Many(Sequence[T]):
    """The rows of another resource whose reference names this one, which has no column for them.

        class Order(Resource):
            items: Many["OrderItem"] = many()

        class OrderItem(Resource):
            order: Ref[Order]

    Clients include them: `?include=items`. Rows that a repository gives have not loaded them, so
    to read the attribute raises AttributeError, which says how to ask for them.
    """

    if not TYPE_CHECKING:

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            raise DeclarationError(
                "Many[…] is for the fields of a Resource: only to its rows others can refer"
            )


def many(*, by: str = "") -> Any:
    """The default of a `Many[…]`, so that no constructor asks for it.

    `by` names the field that refers, where the other resource has several that could."""
    return ManyRows(by)


def parts(min_items: int = 0, max_items: int = 100, *, by: str = "") -> Any:
    """The default of a `Many[…]` whose rows are parts of this one: an order's items.

        items: Many["OrderItem"] = parts(min_items=1)

    POST takes them inside its body and stores all of it in one transaction; from then on they stay
    as they are, and go with their row. They have no routes of their own: who may see the row sees
    its parts, with `?include=items`. At most 100, which is what an answer includes."""
    bounds = (min_items, max_items)
    if (
        not all(isinstance(bound, int) for bound in bounds)
        or not 0 <= min_items <= max_items <= 100
    ):
        raise DeclarationError(
            f"parts{bounds!r}: write the fewest and the most, of at most 100, as in parts(1, 50)"
        )
    return ManyRows(by, bounds)


class ManyRows:
    """What a class says of a `Many[…]`, and what stands in its place."""

    def __init__(self, by: str = "", parts: tuple[int, int] | None = None) -> None:
        self.by: Final = by
        self.parts: Final = parts
        """How many there are, where they are parts."""
        self.of: Any = None
        """The other class, or its name."""
        self._where = ""

    def named(self, where: str, of: Any) -> "ManyRows":
        """The same under its own name."""
        made = ManyRows(self.by, self.parts)
        made.of = of
        made._where = where
        return made

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        other = getattr(self.of, "__name__", self.of)
        raise AttributeError(
            f"{self._where} is not loaded: a row has its own columns; ask a Repository[{other}] "
            "for those that refer to it"
        )


def take_many(cls: type, inherited: Mapping[str, ManyRows]) -> dict[str, ManyRows]:
    """Takes them out of what pydantic takes for fields. Raises DeclarationError."""
    found = dict(inherited)
    hints: dict[str, Any] = vars(cls).get("__annotations__", {})
    for name in list(hints):
        where = f"{cls.__name__}.{name}"
        of = _other(hints[name])
        default = vars(cls).get(name)
        if of is None:
            _refuse_wrapped(where, hints[name])
            if isinstance(default, ManyRows):
                raise DeclarationError(f'{where}: many() is for a Many[…], as in Many["Item"]')
            continue
        if default is not None and not isinstance(default, ManyRows):
            raise DeclarationError(
                f"{where}: rows that refer to it have no default but many() or parts()"
            )
        found[name] = (default or ManyRows()).named(where, of)
        setattr(cls, name, found[name])
        hints[name] = ClassVar[Any]
    return found


def _other(hint: Any) -> Any:
    """Of what a hint is Many; None where it is something else."""
    if isinstance(hint, str):
        match = _TEXT.fullmatch(hint)
        return match[1].strip("\"'") if match else None
    if get_origin(hint) is not Many:
        return None
    (of,) = get_args(hint)
    return of.__forward_arg__ if isinstance(of, ForwardRef) else of


def _refuse_wrapped(where: str, hint: Any) -> None:
    if any(_other(argument) is not None for argument in get_args(hint) if argument is not hint):
        raise DeclarationError(
            f"{where}: a Many[…] takes no marks: name the field that refers by "
            'many(by="…"), and leave `| None` away'
        )
