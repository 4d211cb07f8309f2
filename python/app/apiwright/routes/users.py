"""Users: every route is one operation of the core."""

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


def _operation(name: str) -> Callable[[Parts], Operation]:
    return lambda parts: parts.users.at(name)


def add(app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]) -> None:
    """Registers them; /users/me comes before /users/{id}."""
    _add_me(app, resource, include)
    _add_collection(app, resource, include)
    _add_rows(app, resource, include)


def _add_me(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    path = f"{API}/users/me"
    changed = {200: tagged_answer("You, as you are now.", "UserAnswer")}
    core_route(
        app,
        "GET",
        path,
        _operation("get_me"),
        name="getMe",
        summary="Yourself",
        tag="users",
        good=row_answers("You, as you are now.", "User"),
        parameters=[*IF_NONE_MATCH, *fields_parameter(resource.schema.core), *include],
        errors=(400,),
    )
    core_route(
        app,
        "PATCH",
        path,
        _operation("update_me"),
        hooked=Hooked(resource, "update"),
        description="A merge patch (RFC 7396) of e-mail and name.",
        name="updateMe",
        summary="Change yourself",
        tag="users",
        good=changed,
        errors=(409, 412),
        parameters=if_match(),
        body=patch_content("MePatch"),
    )
    core_route(
        app,
        "DELETE",
        path,
        _operation("remove_me"),
        hooked=Hooked(resource, "delete"),
        description="Your account goes and every session ends.",
        name="deleteMe",
        summary="Leave",
        tag="users",
        good={204: answer("Gone.")},
        errors=(400, 412, 422),
        parameters=if_match(),
    )


def _add_collection(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    path = f"{API}/users"
    core_route(
        app,
        "GET",
        path,
        _operation("list"),
        description="For admins.",
        name="listUsers",
        summary="List users",
        tag="users",
        good={200: answer("A page of users.", "UserPage")},
        errors=(400, 403),
        parameters=[*list_parameters(resource.schema.core), *include],
    )
    core_route(
        app,
        "POST",
        path,
        _operation("create"),
        hooked=Hooked(resource, "create"),
        description="For admins. Without a password the user cannot sign in yet.",
        name="createUser",
        summary="Create a user",
        tag="users",
        good={201: tagged_answer("The new user.", "UserAnswer", LOCATION)},
        errors=(403, 409, 422),
        parameters=IDEMPOTENCY_KEY,
        body=json_content("UserCreate"),
    )


def _add_rows(
    app: FastAPI, resource: CompiledResource[Any], include: Sequence[dict[str, Any]]
) -> None:
    path = f"{API}/users/{{id}}"
    changed = {200: tagged_answer("The user.", "UserAnswer")}
    core_route(
        app,
        "GET",
        path,
        _operation("get"),
        description="For admins, and for the user.",
        name="getUser",
        summary="Get a user",
        tag="users",
        good=row_answers("The user.", "User"),
        parameters=[*IF_NONE_MATCH, *fields_parameter(resource.schema.core), *include],
        errors=(400, 404),
    )
    core_route(
        app,
        "PUT",
        path,
        _operation("replace"),
        hooked=Hooked(resource, "update"),
        description="For admins. What is left out goes back to its default.",
        name="replaceUser",
        summary="Replace a user",
        tag="users",
        good=changed,
        errors=(403, 404, 409, 412, 422),
        parameters=if_match(),
        body=json_content("UserReplace"),
    )
    core_route(
        app,
        "PATCH",
        path,
        _operation("update"),
        hooked=Hooked(resource, "update"),
        description=(
            "A merge patch (RFC 7396). Users may change their own e-mail and name, admins all. "
            "A new password ends the user's sessions."
        ),
        name="updateUser",
        summary="Change a user",
        tag="users",
        good=changed,
        errors=(403, 404, 409, 412, 422),
        parameters=if_match(),
        body=patch_content("UserPatch"),
    )
    core_route(
        app,
        "DELETE",
        path,
        _operation("remove"),
        hooked=Hooked(resource, "delete"),
        description="For admins. The e-mail is free again, and every session ends.",
        name="deleteUser",
        summary="Delete a user",
        tag="users",
        good={204: answer("Gone.")},
        errors=(400, 403, 404, 412, 422),
        parameters=if_match(),
    )
    core_route(
        app,
        "POST",
        f"{path}/restore",
        _operation("restore"),
        hooked=Hooked(resource, "restore"),
        description=(
            "For admins. Undoes a deletion; the user's sessions stay ended. Who is not deleted "
            "stays as they are."
        ),
        name="restoreUser",
        summary="Restore a user",
        tag="users",
        good=changed,
        errors=(400, 403, 404, 409, 412, 422),
        parameters=[*IDEMPOTENCY_KEY, *if_match()],
    )
