"""The query parameters of lists, as the document shows them."""

import json
from collections.abc import Iterable
from typing import Any

from apiwright.core.validation import CoreSchema, Field

_ANYWHERE = 200  # code points of a search, as the core has it


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def list_parameters(schema: CoreSchema) -> list[dict[str, Any]]:
    """Page, limit, sort, search and the filters of a schema's fields."""
    return [*_paging(), *_sort(schema), *_filters(schema), *_search(schema)]


def _paging() -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1}
    return [
        _parameter("page", {**number, "default": 1}, "Which page, from 1."),
        _parameter("limit", {**number, "maximum": 100, "default": 20}, "How many rows a page has."),
    ]


def _sort(schema: CoreSchema) -> Iterable[dict[str, Any]]:
    names = [field.wire_name for field in schema.fields if field.is_sortable]
    if names:
        yield _parameter(
            "sort",
            {"type": "string", "default": "-createdAt", "examples": [f"-createdAt,{names[0]}"]},
            f"Fields by commas, a - before one turns its order round: {', '.join(names)}.",
        )


def _filters(schema: CoreSchema) -> Iterable[dict[str, Any]]:
    types = json.loads(schema.row_json_schema())["properties"]
    for field in schema.fields:
        if field.is_filterable and field.wire_name in types:
            yield _parameter(
                field.wire_name, _filter_type(types[field.wire_name]), _filter_text(field)
            )


def _filter_type(member: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: member[key] for key in ("type", "enum", "format") if key in member}
    if isinstance(kept.get("type"), list):
        kept["type"] = next(one for one in kept["type"] if one != "null")
    if "enum" in kept:
        kept["enum"] = [value for value in kept["enum"] if value is not None]
    return kept


def _filter_text(field: Field) -> str:
    return f"Only rows whose {field.wire_name} is this."


def _search(schema: CoreSchema) -> Iterable[dict[str, Any]]:
    names = [field.wire_name for field in schema.fields if field.is_searchable]
    if names:
        yield _parameter(
            "search",
            {"type": "string", "minLength": 1, "maxLength": _ANYWHERE},
            f"Found inside {' or '.join(names)}, ignoring case.",
        )
