"""One's own sessions: operations of the core."""

from fastapi import FastAPI

from apiwright.core.repositories import sessions_schema
from apiwright.paths import API
from apiwright.routes.declare import answer, core_route
from apiwright.routes.parameters import list_parameters

_PATH = f"{API}/auth/sessions"


def add(app: FastAPI) -> None:
    """Registers them."""
    core_route(
        app,
        "GET",
        _PATH,
        lambda parts: parts.sessions.at("list"),
        description="Where you are signed in, newest first. "
        "An access token's `sid` names its session.",
        name="listSessions",
        summary="List your sessions",
        tag="auth",
        good={200: answer("A page of sessions.", "SessionPage")},
        errors=(400,),
        parameters=list_parameters(sessions_schema()),
    )
    core_route(
        app,
        "DELETE",
        f"{_PATH}/{{id}}",
        lambda parts: parts.sessions.at("remove"),
        description="Its tokens are refused from now on.",
        name="endSession",
        summary="End one of your sessions",
        tag="auth",
        good={204: answer("Ended.")},
        errors=(400, 404, 412),
    )
