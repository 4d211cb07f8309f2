"""The query parameters of lists, as the document shows them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from apiwright.core.repositories import list_operators
from apiwright.core.validation import BodyReader, CoreSchema, Field
from apiwright.resources.compile import CompiledResource

_LONGEST = 200  # code points of a search or a pattern, as the core has it


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    made = {"name": name, "in": "query", "schema": schema, "description": description}
    return made | {"style": "form", "explode": False} if schema["type"] == "array" else made


def list_parameters(schema: CoreSchema) -> list[dict[str, Any]]:
    """Page or cursor, limit, sort, search, the fields to show, the filters of a schema's, and where
    deleted rows are kept those."""
    return [
        *_paging(),
        *_sort(schema),
        *_filters(schema),
        *_search(schema),
        *fields_parameter(schema),
        *_deleted(schema),
    ]


def _paging() -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1}
    return [
        _parameter("page", {**number, "default": 1}, "Which page, from 1."),
        _parameter("limit", {**number, "maximum": 100, "default": 20}, "How many rows a page has."),
        _parameter(
            "cursor",
            {"type": "string"},
            "Instead of a page: empty where a walk begins, then the `nextCursor` or `prevCursor` "
            "that came last. Rows that come or go meanwhile are neither repeated nor skipped.",
        ),
    ]


def _sort(schema: CoreSchema) -> Iterable[dict[str, Any]]:
    names = [field.wire_name for field in schema.fields if field.is_sortable]
    if names:
        yield _parameter(
            "sort",
            {"type": "string", "default": "-createdAt", "examples": [f"-createdAt,{names[0]}"]},
            f"Fields by commas, a - before one turns its order round: {', '.join(names)}.",
        )


# What JSON Schema says of one value, and not of its place in a body.
_OF_A_VALUE: Final = {
    *("type", "enum", "format", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
_OPERATORS: Final = {
    "ne": "is not this, or who have none",
    "in": "is one of these, between commas",
    "gt": "comes after this",
    "gte": "is this or comes after it",
    "lt": "comes before this",
    "lte": "is this or comes before it",
    "like": "is like this, ignoring case: * stands for any run of characters",
}


def _filters(schema: CoreSchema) -> Iterable[dict[str, Any]]:
    shown = json.loads(schema.row_json_schema())["properties"]
    sent = json.loads(BodyReader(schema).json_schema())["properties"]  # 1.5 for 1.50, too
    for field in schema.fields:
        name = field.wire_name
        if field.is_filterable and name in shown:
            yield from _filters_of(field, _filter_type(sent.get(name, shown[name])))


def _filters_of(field: Field, value: dict[str, Any]) -> Iterable[dict[str, Any]]:
    name = field.wire_name
    yield _parameter(name, value, f"Only rows whose {name} is this.")
    for operator in list_operators(field):
        if operator in _OPERATORS:
            yield _parameter(
                f"{name}[{operator}]",
                _operand(operator, value),
                f"Only rows whose {name} {_OPERATORS[operator]}.",
            )


def _operand(operator: str, value: dict[str, Any]) -> dict[str, Any]:
    if operator == "like":
        return {"type": "string", "minLength": 1, "maxLength": _LONGEST}
    if operator == "in":
        return {"type": "array", "items": value, "minItems": 1, "maxItems": 100}
    return value


def _filter_type(member: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in member.items() if key in _OF_A_VALUE}
    if isinstance(kept.get("type"), list):
        kept["type"] = next(one for one in kept["type"] if one != "null")
    if "enum" in kept:
        kept["enum"] = [value for value in kept["enum"] if value is not None]
    return kept


def _search(schema: CoreSchema) -> Iterable[dict[str, Any]]:
    names = [field.wire_name for field in schema.fields if field.is_searchable]
    if names:
        yield _parameter(
            "search",
            {"type": "string", "minLength": 1, "maxLength": _LONGEST},
            f"Found inside {' or '.join(names)}, ignoring case.",
        )


def fields_parameter(schema: CoreSchema) -> list[dict[str, Any]]:
    """The members to show of a row, or of each."""
    names = list(json.loads(schema.row_json_schema())["properties"])
    items = {"type": "string", "enum": names}
    members = {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}
    return [_parameter("fields", members, "Only these members of a row, between commas.")]


def _deleted(schema: CoreSchema) -> Iterable[dict[str, Any]]:
    if any(field.name == "deleted_at" for field in schema.fields):
        yield _parameter(
            "deleted",
            {"type": "boolean", "default": False},
            "For admins, to others there is no such parameter: the deleted rows in place of the "
            "others, each with `deletedAt`, which they are filtered and sorted by, too. The last "
            "one deleted comes first.",
        )


def include_parameter(
    resource: CompiledResource[Any], resources: Sequence[CompiledResource[Any]]
) -> list[dict[str, Any]]:
    """The relations that answers can include; none where there are none."""
    names = list(_ways(resource, {other.schema.table: other for other in resources}))
    if not names:
        return []
    items = {"type": "string", "enum": names}
    schema = {"type": "array", "items": items, "minItems": 1, "maxItems": 10, "uniqueItems": True}
    description = "Rows that these lead to, between commas: as you may see them, at most 100 each."
    return [_parameter("include", schema, description)]


def _ways(
    resource: CompiledResource[Any], by_table: Mapping[str, CompiledResource[Any]]
) -> Iterable[str]:
    for relation in resource.relations:
        yield relation.name
        for inner in by_table[relation.table].relations:
            if not (relation.to_many and inner.to_many):
                yield f"{relation.name}.{inner.name}"
