"""Whether this process lives, and whether it can work."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apiwright.errors import AppError, Unavailable
from apiwright.routes.declare import answer, route
from apiwright.routes.requests import RuntimeParts

_NOT_KEPT = {"Cache-Control": "no-store"}


async def live() -> Response:
    """The process answers. Nothing else is looked at."""
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


async def ready(request: Request, parts: RuntimeParts) -> Response:
    """The database answers and every migration is applied."""
    try:
        pending = await request.app.runtime.migrations.count_pending(parts.database.core)
    except AppError as error:
        raise Unavailable("The database does not answer.", retry_after=1) from error
    if pending:
        raise Unavailable("The database lacks migrations.", retry_after=5)
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


def add(app: FastAPI) -> None:
    """Registers them."""
    for path, endpoint, name, summary, good in (
        ("/health", live, "health", "Is the process up?", "It is."),
        ("/health/live", live, "healthLive", "Is the process up?", "It is."),
        ("/health/ready", ready, "healthReady", "Can it work?", "It can."),
    ):
        route(
            app,
            "GET",
            path,
            endpoint,
            name=name,
            summary=summary,
            tag="health",
            good={200: answer(good, "Health")},
            signed_in=False,
            limited=False,
        )
