"""Who may do what: rules of a resource, as the class `Rules` inside it states them.

    class Rules:
        read = rules.field("published") | rules.owner("author") | rules.role("editor")
        create = rules.authenticated()
        update = delete = rules.owner("author") | rules.role("editor")

Rules combine with `|`, `&` and `~`. A comparison with a field that is null is neither true nor
false, and only what is true allows (SQL's and Kleene's logic).
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from apiwright.core.access import Rule as CoreRule
from apiwright.core.repositories import plain
from apiwright.core.validation import DeclarationError

__all__ = [
    "FieldRule",
    "Rule",
    "authenticated",
    "field",
    "nobody",
    "owner",
    "permission",
    "public",
    "role",
]

_ROLE: Final = re.compile(r"[a-z][a-z0-9_-]*")
_LONGEST_ROLE: Final = 50

Columns: TypeAlias = Callable[[str], str]
"""From a field's name in Python to its column's. Raises DeclarationError for one that is not."""


class Rule:
    """Who may do something to which rows. Immutable."""

    __slots__ = ("_compile", "_sign", "_text")

    def __init__(self, text: str, compile: Callable[[Columns], CoreRule], sign: str = "") -> None:
        self._text = text
        self._compile = compile
        self._sign = sign  # of a combination

    def __or__(self, other: "Rule") -> "Rule":
        return _combined("|", CoreRule.any_of, self, other)

    def __and__(self, other: "Rule") -> "Rule":
        return _combined("&", CoreRule.all_of, self, other)

    def __ror__(self, other: object) -> "Rule":
        return _combined("|", CoreRule.any_of, other, self)

    def __rand__(self, other: object) -> "Rule":
        return _combined("&", CoreRule.all_of, other, self)

    def __invert__(self) -> "Rule":
        return Rule(f"~({self!r})", lambda columns: CoreRule.negate(self.core(columns)))

    def __bool__(self) -> bool:
        raise DeclarationError(
            f"{self!r} is a rule, neither true nor false yet: combine rules with |, & and ~ "
            "instead of or, and, not"
        )

    def __repr__(self) -> str:
        return self._text

    def core(self, columns: Columns) -> CoreRule:
        """The core's rule, with the columns' names."""
        return self._compile(columns)


def no_rule(value: object) -> str:
    """What to say of something that stands where a rule should."""
    if callable(value) and getattr(value, "__module__", "") == __name__:
        name = getattr(value, "__name__", "")
        return f"{name} is a function, no rule: call it, as in rules.{name}(…)"
    return f"{value!r} is no rule: make one with apiwright.rules"


def _combined(sign: str, combine: Callable[[list[CoreRule]], CoreRule], *rules: Any) -> Rule:
    for rule in rules:
        if not isinstance(rule, Rule):
            hint = ""
            if isinstance(rule, str | int | float):
                hint = f"; comparisons stand in parentheses: (rules.field(…) > …) {sign} …"
            raise DeclarationError(no_rule(rule) + hint)
    parts = (repr(rule) if rule._sign in ("", sign) else f"({rule!r})" for rule in rules)
    return Rule(
        f" {sign} ".join(parts),
        lambda columns: combine([rule.core(columns) for rule in rules]),
        sign,
    )


class FieldRule(Rule):
    """A field of the row: by itself it holds where a bool field is true; compared, it is a rule.

    rules.field("status") == "draft"; <, <=, >, >= and != alike, is_in(...), is_null().
    """

    __slots__ = ("_field",)

    def __init__(self, field: str) -> None:
        super().__init__(
            f'field("{field}")', lambda columns: CoreRule.compare(columns(field), "==", True)
        )
        self._field = field

    def __eq__(self, value: object) -> Rule:  # type: ignore[override]
        return self._compared("==", value)

    def __ne__(self, value: object) -> Rule:  # type: ignore[override]
        return self._compared("!=", value)

    def __lt__(self, value: object) -> Rule:
        return self._compared("<", value)

    def __le__(self, value: object) -> Rule:
        return self._compared("<=", value)

    def __gt__(self, value: object) -> Rule:
        return self._compared(">", value)

    def __ge__(self, value: object) -> Rule:
        return self._compared(">=", value)

    __hash__ = Rule.__hash__

    def is_in(self, values: Iterable[object]) -> Rule:
        """The field has one of these values."""
        if isinstance(values, str):
            raise DeclarationError(
                f"{self!r}.is_in({values!r}) would be about single letters: give a list, "
                f"is_in([{values!r}])"
            )
        plain_values = [_plain(self._field, value) for value in values]
        return Rule(
            f'field("{self._field}").is_in({plain_values!r})',
            lambda columns: CoreRule.is_in(columns(self._field), plain_values),
        )

    def is_null(self) -> Rule:
        """The field has no value."""
        return Rule(
            f'field("{self._field}").is_null()',
            lambda columns: CoreRule.is_null(columns(self._field)),
        )

    def _compared(self, sign: str, value: object) -> Rule:
        if isinstance(value, Rule):
            raise DeclarationError(f"{self!r} {sign} {value!r}: a field is compared with a value")
        if value is None:
            raise DeclarationError(
                f"{self!r} {sign} None is never true: write {self!r}.is_null(), or ~ of it"
            )
        plain_value = _plain(self._field, value)
        return Rule(
            f"{self!r} {sign} {value!r}",
            lambda columns: CoreRule.compare(columns(self._field), sign, plain_value),
            sign,
        )


def _plain(field: str, value: object) -> Any:
    if isinstance(value, str | int | float) and type(value) in (str, int, float, bool):
        return value
    try:
        return plain(value)
    except TypeError:
        raise DeclarationError(
            f'field("{field}") cannot be compared with {value!r}: take a str, int, float, bool, '
            "Decimal, datetime, UUID or an Enum's member"
        ) from None


def _name(function: str, name: object) -> str:
    if not isinstance(name, str):
        raise DeclarationError(
            f'{function}({name!r}): it takes one name, as in {function}("name"); several rules are '
            "combined with |"
        )
    return name


def public() -> Rule:
    """Anybody, signed in or not."""
    return Rule("public()", lambda _: CoreRule.everyone())


def nobody() -> Rule:
    """No client; the application's own code still may."""
    return Rule("nobody()", lambda _: CoreRule.nobody())


def authenticated() -> Rule:
    """Whoever is signed in."""
    return Rule("authenticated()", lambda _: CoreRule.authenticated())


def role(name: str) -> Rule:
    """Users with this role."""
    if not _ROLE.fullmatch(_name("role", name)) or len(name) > _LONGEST_ROLE:
        raise DeclarationError(
            f"role({name!r}) can be nobody's: roles have lower-case names of a-z, 0-9, _ and -, of "
            f"at most {_LONGEST_ROLE} characters"
        )
    return Rule(f'role("{name}")', lambda _: CoreRule.role(name))


def permission(name: str) -> Rule:
    """Users whose roles grant this permission, such as `articles:write`."""
    _name("permission", name)
    return Rule(f'permission("{name}")', lambda _: CoreRule.permission(name))


def owner(field: str) -> Rule:
    """The user whom the row's `field` (a Ref of users) names."""
    _name("owner", field)
    return Rule(f'owner("{field}")', lambda columns: CoreRule.owner(columns(field)))


def field(name: str) -> FieldRule:
    """A field of the row, to be compared; by itself: the bool field is true."""
    return FieldRule(_name("field", name))
