"""As much of JSON Schema 2020-12 as our OpenAPI document uses; an unknown keyword is an error."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_ANNOTATIONS = {
    "title",
    "description",
    "default",
    "examples",
    "readOnly",
    "writeOnly",
    "discriminator",
    "contentMediaType",
}

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def violations(schema: Any, value: Any, document: dict[str, Any], at: str = "$") -> list[str]:
    """What is wrong with `value`, as sentences; references are looked up in `document`."""
    return list(_violations(schema, value, document, at))


def _violations(schema: Any, value: Any, document: dict[str, Any], at: str) -> Iterator[str]:
    if isinstance(schema, bool):
        if not schema:
            yield f"{at}: nothing is allowed here"
        return
    for keyword, argument in schema.items():
        if keyword in _ANNOTATIONS:
            continue
        match keyword:
            case "$ref":
                yield from _violations(resolve(argument, document), value, document, at)
            case "type":
                names = [argument] if isinstance(argument, str) else argument
                if not any(_is(value, name) for name in names):
                    yield f"{at}: {value!r} is not of type {argument}"
            case "enum":
                if value not in argument:
                    yield f"{at}: {value!r} is not one of {argument}"
            case "const":
                if value != argument:
                    yield f"{at}: {value!r} is not {argument!r}"
            case "anyOf":
                if all(list(_violations(one, value, document, at)) for one in argument):
                    yield f"{at}: fits none of anyOf"
            case "allOf":
                for one in argument:
                    yield from _violations(one, value, document, at)
            case "format":
                if isinstance(value, str) and not _has_format(value, argument):
                    yield f"{at}: {value!r} is not a {argument}"
            case _:
                yield from _by_type(keyword, argument, schema, value, document, at)


def _by_type(
    keyword: str, argument: Any, schema: Any, value: Any, document: dict[str, Any], at: str
) -> Iterator[str]:
    match keyword:
        case "required":
            if isinstance(value, dict):
                yield from (f"{at}: lacks {name}" for name in argument if name not in value)
        case "properties":
            if isinstance(value, dict):
                for name in argument.keys() & value.keys():
                    yield from _violations(argument[name], value[name], document, f"{at}.{name}")
        case "additionalProperties":
            if isinstance(value, dict):
                for name in value.keys() - schema.get("properties", {}).keys():
                    yield from _violations(argument, value[name], document, f"{at}.{name}")
        case "items":
            if isinstance(value, list):
                for index, item in enumerate(value):
                    yield from _violations(argument, item, document, f"{at}[{index}]")
        case "uniqueItems":
            if argument and isinstance(value, list) and len({repr(v) for v in value}) < len(value):
                yield f"{at}: has an item twice"
        case "pattern":
            if isinstance(value, str) and not re.search(argument, value):
                yield f"{at}: {value!r} does not match {argument}"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            if isinstance(value, int | float) and not _within(keyword, argument, value):
                yield f"{at}: {value!r} is beyond {keyword} {argument}"
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            kind = str if keyword.endswith("Length") else list
            if isinstance(value, kind) and not _within(keyword[:3], argument, len(value)):
                yield f"{at}: {value!r} is beyond {keyword} {argument}"
        case _:
            raise NotImplementedError(f"{at}: keyword {keyword}")


def resolve(reference: str, document: dict[str, Any]) -> Any:
    """What a `#/…` reference names."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _within(keyword: str, bound: float, number: float) -> bool:
    if keyword.startswith("exclusive"):
        return number > bound if keyword.endswith("Minimum") else number < bound
    return number >= bound if keyword.startswith("min") else number <= bound


def _has_format(text: str, name: str) -> bool:
    match name:
        case "uuid":
            return str(uuid.UUID(text)) == text
        case "date-time":
            return text.endswith("Z") and datetime.fromisoformat(text) is not None
        case "email":
            return "@" in text
        case _:
            return True
