"""The routes of a declared resource: each is one operation of the core, as for users."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from apiwright.routes.parameters import fields_parameter, list_parameters
from apiwright.runtime import Parts


def add_resource(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    """Registers the routes of a collection and its rows; reads take `include`."""
    security = {action: _security(resource, action) for action in ("list", "create")}
    place = _Place(resource.path, "", "", "", f"{resource.name}Create", security)
    _add_collection(app, resource, include, place)
    _add_row(app, resource, include)
    if resource.keeps_deleted:
        _add_restore(app, resource)


def add_nested(
    app: FastAPI,
    resource: CompiledResource[Any],
    include: Sequence[dict[str, Any]],
    parent: CompiledResource[Any],
) -> None:
    """Registers the routes of a collection below the rows of another."""
    assert resource.nested is not None
    security = {
        action: _security(resource, action) if parent.admits_anonymous("read") else SIGNED_IN
        for action in ("list", "create")
    }
    other = "User" if parent.is_user else parent.name
    of = f" of a {parent.words}"
    place = _Place(
        resource.nested.path, "nested_", f"Of{other}", of, resource.nested_body, security
    )
    _add_collection(app, resource, include, place, missing=(404,))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a collection is reached."""

    path: str
    operations: str
    """What the core's names of its operations begin with."""
    suffix: str
    """What the document's names of them end with."""
    whose: str
    """The same in words."""
    body: str
    """The schema of what makes a row."""
    security: Mapping[str, list[dict[str, list[str]]]]
    """By action."""


def _operation(resource: CompiledResource[Any], name: str) -> Callable[[Parts], Operation]:
    table = resource.schema.table
    return lambda parts: parts.resources[table].at(name)


def _security(resource: CompiledResource[Any], action: str) -> list[dict[str, list[str]]]:
    return OPTIONALLY_SIGNED_IN if resource.admits_anonymous(action) else SIGNED_IN


def _add_collection(
    app: FastAPI,
    resource: CompiledResource[Any],
    include: Sequence[dict[str, Any]],
    place: _Place,
    missing: tuple[int, ...] = (),
) -> None:
    path, name, tag = f"{API}{place.path}", resource.name, resource.path[1:]
    core_route(
        app,
        "GET",
        path,
        _operation(resource, f"{place.operations}list"),
        name=f"list{resource.plural}{place.suffix}",
        summary=f"List {resource.words_plural}{place.whose}",
        tag=tag,
        good={200: answer(f"A page of {resource.words_plural}.", f"{name}Page")},
        errors=(400, 403, *missing),
        parameters=[*list_parameters(resource.schema.core), *include],
        security=place.security["list"],
    )
    core_route(
        app,
        "POST",
        path,
        _operation(resource, f"{place.operations}create"),
        name=f"create{name}{place.suffix}",
        summary=f"Create {resource.words}{place.whose}",
        tag=tag,
        good={201: tagged_answer(f"The new {resource.words}.", f"{name}Answer", LOCATION)},
        errors=(403, 409, 422, *missing),
        parameters=IDEMPOTENCY_KEY,
        body=json_content(place.body),
        security=place.security["create"],
        hooked=Hooked(resource, "create"),
    )


def _add_row(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    path, name, tag = f"{API}{resource.path}/{{id}}", resource.name, resource.path[1:]
    text = f"The {resource.words}."
    changed = {200: tagged_answer(text, f"{name}Answer")}
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
        good=row_answers(text, name),
        parameters=[*IF_NONE_MATCH, *fields_parameter(resource.schema.core), *include],
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


def _add_restore(app: FastAPI, resource: CompiledResource[Any]) -> None:
    needed = resource.require_if_match
    core_route(
        app,
        "POST",
        f"{API}{resource.path}/{{id}}/restore",
        _operation(resource, "restore"),
        description="Undoes a deletion. What is not deleted stays as it is.",
        name=f"restore{resource.name}",
        summary=f"Restore {resource.words}",
        tag=resource.path[1:],
        good={200: tagged_answer(f"The {resource.words}.", f"{resource.name}Answer")},
        errors=(400, 403, 404, 409, 412, 422, *((428,) if needed else ())),
        parameters=[*IDEMPOTENCY_KEY, *if_match(required=needed)],
        security=_security(resource, "delete"),
        hooked=Hooked(resource, "restore"),
    )
