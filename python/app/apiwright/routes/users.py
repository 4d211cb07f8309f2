"""Users: every route is one operation of the core."""

from typing import Annotated, Any

from fastapi import FastAPI, Path
from starlette.requests import Request
from starlette.responses import Response

from apiwright.routes.declare import API, Endpoint, answer, json_content, route
from apiwright.routes.requests import RuntimeParts, run

RowId = Annotated[str, Path(json_schema_extra={"format": "uuid"})]
"""An id in a path. The core checks it, so that its error stands beside all others."""


def _on_collection(name: str, doc: str) -> Endpoint:
    async def endpoint(request: Request, parts: RuntimeParts) -> Response:
        return await run(parts.users.at(name), request)

    endpoint.__doc__ = doc
    return endpoint


def _on_row(name: str, doc: str) -> Endpoint:
    async def endpoint(request: Request, parts: RuntimeParts, id: RowId) -> Response:
        return await run(parts.users.at(name), request, id)

    endpoint.__doc__ = doc
    return endpoint


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
    route(
        app,
        "GET",
        path,
        _on_collection("get_me", ""),
        name="getMe",
        summary="Yourself",
        tag="users",
        good=user,
        errors=(400,),
    )
    route(
        app,
        "PATCH",
        path,
        _on_collection("update_me", "A merge patch (RFC 7396) of e-mail and name."),
        name="updateMe",
        summary="Change yourself",
        tag="users",
        good=user,
        errors=(409,),
        body=_patch_content("MePatch"),
    )
    route(
        app,
        "DELETE",
        path,
        _on_collection("remove_me", "Your account goes and every session ends."),
        name="deleteMe",
        summary="Leave",
        tag="users",
        good={204: answer("Gone.")},
        errors=(400, 422),
    )


def _add_collection(app: FastAPI) -> None:
    path = f"{API}/users"
    route(
        app,
        "GET",
        path,
        _on_collection("list", "For admins."),
        name="listUsers",
        summary="List users",
        tag="users",
        good={200: answer("A page of users.", "UserPage")},
        errors=(400, 403),
        parameters=_LIST_PARAMETERS,
    )
    route(
        app,
        "POST",
        path,
        _on_collection("create", "For admins. Without a password the user cannot sign in yet."),
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
    route(
        app,
        "GET",
        path,
        _on_row("get", "For admins, and for the user."),
        name="getUser",
        summary="Get a user",
        tag="users",
        good=user,
        errors=(400, 404),
    )
    route(
        app,
        "PUT",
        path,
        _on_row("replace", "For admins. What is left out goes back to its default."),
        name="replaceUser",
        summary="Replace a user",
        tag="users",
        good=user,
        errors=(403, 404, 409, 422),
        body=json_content("UserReplace"),
    )
    route(
        app,
        "PATCH",
        path,
        _on_row(
            "update",
            "A merge patch (RFC 7396). Users may change their own e-mail and name, admins all. "
            "A new password ends the user's sessions.",
        ),
        name="updateUser",
        summary="Change a user",
        tag="users",
        good=user,
        errors=(403, 404, 409, 422),
        body=_patch_content("UserPatch"),
    )
    route(
        app,
        "DELETE",
        path,
        _on_row("remove", "For admins. The e-mail is free again, and every session ends."),
        name="deleteUser",
        summary="Delete a user",
        tag="users",
        good={204: answer("Gone.")},
        errors=(400, 403, 404, 422),
    )
