"""Users: every route is one operation of the core."""

from collections.abc import Callable

from fastapi import FastAPI

from apiwright.core.engine import Operation
from apiwright.routes.declare import (
    API,
    answer,
    core_route,
    json_content,
    list_parameters,
    patch_content,
    query_parameter,
)
from apiwright.runtime import Parts


def _operation(name: str) -> Callable[[Parts], Operation]:
    return lambda parts: parts.users.at(name)


_LIST_PARAMETERS = [
    *list_parameters("email, name, status, createdAt, updatedAt", "name or e-mail"),
    query_parameter(
        "status", {"type": "string", "enum": ["active", "inactive"]}, "Only users of this status."
    ),
    query_parameter(
        "email", {"type": "string"}, "Only the user with this e-mail, in whatever case."
    ),
]


def add(app: FastAPI) -> None:
    """Registers them; /users/me comes before /users/{id}."""
    _add_me(app)
    _add_collection(app)
    _add_rows(app)


def _add_me(app: FastAPI) -> None:
    path = f"{API}/users/me"
    user = {200: answer("You, as you are now.", "UserAnswer")}
    core_route(
        app,
        "GET",
        path,
        _operation("get_me"),
        name="getMe",
        summary="Yourself",
        tag="users",
        good=user,
        errors=(400,),
    )
    core_route(
        app,
        "PATCH",
        path,
        _operation("update_me"),
        description="A merge patch (RFC 7396) of e-mail and name.",
        name="updateMe",
        summary="Change yourself",
        tag="users",
        good=user,
        errors=(409,),
        body=patch_content("MePatch"),
    )
    core_route(
        app,
        "DELETE",
        path,
        _operation("remove_me"),
        description="Your account goes and every session ends.",
        name="deleteMe",
        summary="Leave",
        tag="users",
        good={204: answer("Gone.")},
        errors=(400, 422),
    )


def _add_collection(app: FastAPI) -> None:
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
        parameters=_LIST_PARAMETERS,
    )
    core_route(
        app,
        "POST",
        path,
        _operation("create"),
        description="For admins. Without a password the user cannot sign in yet.",
        name="createUser",
        summary="Create a user",
        tag="users",
        good={
            201: {
                **answer("The new user.", "UserAnswer"),
                "headers": {"Location": {"$ref": "#/components/headers/Location"}},
            }
        },
        errors=(403, 409),
        body=json_content("UserCreate"),
    )


def _add_rows(app: FastAPI) -> None:
    path = f"{API}/users/{{id}}"
    user = {200: answer("The user.", "UserAnswer")}
    core_route(
        app,
        "GET",
        path,
        _operation("get"),
        description="For admins, and for the user.",
        name="getUser",
        summary="Get a user",
        tag="users",
        good=user,
        errors=(400, 404),
    )
    core_route(
        app,
        "PUT",
        path,
        _operation("replace"),
        description="For admins. What is left out goes back to its default.",
        name="replaceUser",
        summary="Replace a user",
        tag="users",
        good=user,
        errors=(403, 404, 409, 422),
        body=json_content("UserReplace"),
    )
    core_route(
        app,
        "PATCH",
        path,
        _operation("update"),
        description=(
            "A merge patch (RFC 7396). Users may change their own e-mail and name, admins all. "
            "A new password ends the user's sessions."
        ),
        name="updateUser",
        summary="Change a user",
        tag="users",
        good=user,
        errors=(403, 404, 409, 422),
        body=patch_content("UserPatch"),
    )
    core_route(
        app,
        "DELETE",
        path,
        _operation("remove"),
        description="For admins. The e-mail is free again, and every session ends.",
        name="deleteUser",
        summary="Delete a user",
        tag="users",
        good={204: answer("Gone.")},
        errors=(400, 403, 404, 422),
    )
