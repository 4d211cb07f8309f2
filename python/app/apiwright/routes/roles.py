"""Roles: every route is one operation of the core."""

from collections.abc import Callable

from fastapi import FastAPI

from apiwright.core.engine import Operation
from apiwright.core.repositories import roles_schema
from apiwright.paths import API
from apiwright.routes.declare import (
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    LOCATION,
    answer,
    core_route,
    if_match,
    json_content,
    patch_content,
    row_answers,
    tagged_answer,
)
from apiwright.routes.parameters import fields_parameter, list_parameters
from apiwright.runtime import Parts

_PATH = f"{API}/roles"
_BUILT_IN = "The built-in role admin stays as it is."


def _operation(name: str) -> Callable[[Parts], Operation]:
    return lambda parts: parts.roles.at(name)


def add(app: FastAPI) -> None:
    """Registers them."""
    _add_collection(app)
    _add_rows(app)


def _add_collection(app: FastAPI) -> None:
    core_route(
        app,
        "GET",
        _PATH,
        _operation("list"),
        description="For admins.",
        name="listRoles",
        summary="List roles",
        tag="roles",
        good={200: answer("A page of roles.", "RolePage")},
        errors=(400, 403),
        parameters=list_parameters(roles_schema()),
    )
    core_route(
        app,
        "POST",
        _PATH,
        _operation("create"),
        description="For admins. Users have a role by its name among theirs.",
        name="createRole",
        summary="Create a role",
        tag="roles",
        good={201: tagged_answer("The new role.", "RoleAnswer", LOCATION)},
        errors=(403, 409, 422),
        parameters=IDEMPOTENCY_KEY,
        body=json_content("RoleCreate"),
    )


def _add_rows(app: FastAPI) -> None:
    path = f"{_PATH}/{{id}}"
    changed = {200: tagged_answer("The role.", "RoleAnswer")}
    core_route(
        app,
        "GET",
        path,
        _operation("get"),
        description="For admins.",
        name="getRole",
        summary="Get a role",
        tag="roles",
        good=row_answers("The role.", "Role"),
        parameters=[*IF_NONE_MATCH, *fields_parameter(roles_schema())],
        errors=(400, 404),
    )
    core_route(
        app,
        "PUT",
        path,
        _operation("replace"),
        description=f"For admins. What is left out goes back to its default. {_BUILT_IN}",
        name="replaceRole",
        summary="Replace a role",
        tag="roles",
        good=changed,
        errors=(404, 409, 412, 422),
        parameters=if_match(),
        body=json_content("RoleReplace"),
    )
    core_route(
        app,
        "PATCH",
        path,
        _operation("update"),
        description=(
            "For admins. A merge patch (RFC 7396); what the role grants holds from its users' next "
            f"request on. {_BUILT_IN}"
        ),
        name="updateRole",
        summary="Change a role",
        tag="roles",
        good=changed,
        errors=(404, 409, 412, 422),
        parameters=if_match(),
        body=patch_content("RolePatch"),
    )
    core_route(
        app,
        "DELETE",
        path,
        _operation("remove"),
        description=f"For admins. Its name then grants nothing to those who have it. {_BUILT_IN}",
        name="deleteRole",
        summary="Delete a role",
        tag="roles",
        good={204: answer("Gone.")},
        errors=(400, 404, 412, 422),
        parameters=if_match(),
    )
