"""One's own sessions: operations of the core."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from apiwright.routes.declare import API, answer, route
from apiwright.routes.requests import RuntimeParts, run
from apiwright.routes.users import RowId

_PATH = f"{API}/auth/sessions"


async def list_sessions(request: Request, parts: RuntimeParts) -> Response:
    """Where you are signed in, newest first. An access token's `sid` names its session."""
    return await run(parts.sessions.at("list"), request)


async def end_session(request: Request, parts: RuntimeParts, id: RowId) -> Response:
    """Its tokens are refused from now on."""
    return await run(parts.sessions.at("remove"), request, id)


def add(app: FastAPI) -> None:
    """Registers them."""
    route(
        app,
        "GET",
        _PATH,
        list_sessions,
        name="listSessions",
        summary="List your sessions",
        tag="auth",
        good={200: answer("A page of sessions.", "SessionPage")},
        errors=(400,),
        parameters=[
            {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": 100},
            },
            {
                "name": "sort",
                "in": "query",
                "schema": {"type": "string", "enum": ["createdAt", "-createdAt"]},
            },
        ],
    )
    route(
        app,
        "DELETE",
        f"{_PATH}/{{id}}",
        end_session,
        name="endSession",
        summary="End one of your sessions",
        tag="auth",
        good={204: answer("Ended.")},
        errors=(400, 404),
    )
