"""Users: every route is one operation of the core."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from apiwright.core.engine import Operation
from apiwright.routes.declare import API, answer, core_route, json_content
from apiwright.runtime import Parts


def _operation(name: str) -> Callable[[Parts], Operation]:
    return lambda parts: parts.users.at(name)


def _patch_content(schema: str) -> dict[str, Any]:
    content = json_content(schema)
    return {**content, "application/merge-patch+json": content["application/json"]}


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


_SORTS = "email, name, status, createdAt, updatedAt"
_LIST_PARAMETERS = [
    _parameter("page", {"type": "integer", "minimum": 1, "default": 1}, "Which page, from 1."),
    _parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        "How many rows a page has.",
    ),
    _parameter(
        "sort",
        {"type": "string", "default": "-createdAt", "examples": ["-createdAt,name"]},
        f"Fields by commas, a - before one turns its order round: {_SORTS}.",
    ),
    _parameter(
        "status", {"type": "string", "enum": ["active", "inactive"]}, "Only users of this status."
    ),
    _parameter("email", {"type": "string"}, "Only the user with this e-mail, in whatever case."),
    _parameter(
        "search",
        {"type": "string", "minLength": 1, "maxLength": 200},
        "Found inside name or e-mail, ignoring case.",
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
        body=_patch_content("MePatch"),
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
        body=_patch_content("UserPatch"),
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
