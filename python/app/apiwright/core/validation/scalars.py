"""The field and the plan of each type that holds one value."""

import enum
import math
import typing
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Any, cast
from uuid import UUID

from apiwright._core.validation import Field, Format, Plan, parse_duration
from apiwright.core.validation.annotations import Annotation, finished
from apiwright.core.validation.schema import DeclarationError

_INT64 = (-(2**63), 2**63 - 1)
UNBOUNDED = 2**64 - 1
"""No limit, for a length or a count."""

Made = tuple[Field, Plan]


def _text(where: str, name: str, annotation: Annotation) -> Made:
    bounds = annotation.bounds
    if annotation.email:
        return finished(where, Field.email(name), annotation, Plan())
    field = Field.string(name)
    if "min_length" in bounds or "max_length" in bounds:
        field = field.length(bounds.pop("min_length", 0), bounds.pop("max_length", UNBOUNDED))
    if "pattern" in bounds:
        field = field.pattern(_whole(bounds.pop("pattern")))
    if annotation.format is not None:
        field = field.format(annotation.format)
    return finished(where, field, annotation, Plan())


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
    return finished(where, Field.integer(name).range(int(least), int(most)), annotation, Plan())


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
    return finished(where, field, annotation, Plan())


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
    return finished(where, field, annotation, Plan())


def _decimal_of(bound: Any) -> Decimal:
    return bound if isinstance(bound, Decimal) else Decimal(str(bound))


def _duration(text: str) -> timedelta:
    microseconds = parse_duration(text)
    assert microseconds is not None, "the core has checked it"
    return timedelta(microseconds=microseconds)


def _of(make: Callable[[str], Field], convert: Callable[[Any], Any] | None = None) -> Any:
    return lambda where, name, annotation: finished(where, make(name), annotation, Plan(convert))


def _form(form: Format, convert: Callable[[Any], Any]) -> Any:
    return _of(lambda name: Field.string(name).format(form), convert)


SCALARS: dict[Any, Callable[[str, str, Annotation], Made]] = {
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


def enumeration(where: str, name: str, annotation: Annotation) -> Made:
    cls = cast(type[enum.Enum], annotation.type)
    values = [member.value for member in cls]
    if not values or not all(isinstance(value, str) for value in values):
        raise DeclarationError(f"{where}: {cls.__name__} has values that are no str")
    return finished(where, Field.enumeration(name, values), annotation, Plan(cls))


def literal(where: str, name: str, annotation: Annotation) -> Made:
    values = list(typing.get_args(annotation.type))
    if None in values:
        values.remove(None)
        annotation.nullable = True
    if not values or not all(isinstance(value, str) for value in values):
        raise DeclarationError(f"{where}: a Literal is of str, not {values!r}")
    return finished(where, Field.enumeration(name, values), annotation, Plan())
