"""The routes of a declared resource: each is one operation of the core, as for users."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI

from apiwright.core.engine import Operation
from apiwright.paths import API
from apiwright.resources.compile import CompiledResource
from apiwright.routes.declare import (
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    LOCATION,
    OPTIONALLY_SIGNED_IN,
    SIGNED_IN,
    answer,
    core_route,
    if_match,
    json_content,
    patch_content,
    row_answers,
    tagged_answer,
)
from apiwright.routes.hooked import Hooked
from apiwright.routes.parameters import list_parameters
from apiwright.runtime import Parts


def add_resource(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    """Registers the six routes of a collection and its rows; reads take `include`."""
    _add_collection(app, resource, include)
    _add_row(app, resource, include)


def _operation(resource: CompiledResource[Any], name: str) -> Callable[[Parts], Operation]:
    table = resource.schema.table
    return lambda parts: parts.resources[table].at(name)


def _security(resource: CompiledResource[Any], action: str) -> list[dict[str, list[str]]]:
    may_be_anonymous = resource.rules[action].admits_anonymous(resource.schema.core)
    return OPTIONALLY_SIGNED_IN if may_be_anonymous else SIGNED_IN


def _add_collection(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    path, name, tag = f"{API}{resource.path}", resource.name, resource.path[1:]
    core_route(
        app,
        "GET",
        path,
        _operation(resource, "list"),
        name=f"list{resource.plural}",
        summary=f"List {resource.words_plural}",
        tag=tag,
        good={200: answer(f"A page of {resource.words_plural}.", f"{name}Page")},
        errors=(400, 403),
        parameters=[*list_parameters(resource.schema.core), *include],
        security=_security(resource, "list"),
    )
    core_route(
        app,
        "POST",
        path,
        _operation(resource, "create"),
        name=f"create{name}",
        summary=f"Create {resource.words}",
        tag=tag,
        good={201: tagged_answer(f"The new {resource.words}.", f"{name}Answer", LOCATION)},
        errors=(403, 409, 422),
        parameters=IDEMPOTENCY_KEY,
        body=json_content(f"{name}Create"),
        security=_security(resource, "create"),
        hooked=Hooked(resource, "create"),
    )


def _add_row(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    path, name, tag = f"{API}{resource.path}/{{id}}", resource.name, resource.path[1:]
    row = row_answers(f"The {resource.words}.", f"{name}Answer")
    changed = {200: row[200]}
    needed = resource.require_if_match
    conditional = (412, 428) if needed else (412,)
    core_route(
        app,
        "GET",
        path,
        _operation(resource, "get"),
        name=f"get{name}",
        summary=f"Get {resource.words}",
        tag=tag,
        good=row,
        parameters=[*IF_NONE_MATCH, *include],
        errors=(400, 404),
        security=_security(resource, "read"),
    )
    core_route(
        app,
        "PUT",
        path,
        _operation(resource, "replace"),
        description="What is left out goes back to its default.",
        name=f"replace{name}",
        summary=f"Replace {resource.words}",
        tag=tag,
        good=changed,
        errors=(403, 404, 409, 422, *conditional),
        parameters=if_match(required=needed),
        body=json_content(f"{name}Replace"),
        security=_security(resource, "update"),
        hooked=Hooked(resource, "update"),
    )
    core_route(
        app,
        "PATCH",
        path,
        _operation(resource, "update"),
        description="A merge patch (RFC 7396).",
        name=f"update{name}",
        summary=f"Change {resource.words}",
        tag=tag,
        good=changed,
        errors=(403, 404, 409, 422, *conditional),
        parameters=if_match(required=needed),
        body=patch_content(f"{name}Patch"),
        security=_security(resource, "update"),
        hooked=Hooked(resource, "update"),
    )
    core_route(
        app,
        "DELETE",
        path,
        _operation(resource, "remove"),
        name=f"delete{name}",
        summary=f"Delete {resource.words}",
        tag=tag,
        good={204: answer("Gone.")},
        errors=(400, 403, 404, 422, *conditional),
        parameters=if_match(required=needed),
        security=_security(resource, "delete"),
        hooked=Hooked(resource, "delete"),
    )
