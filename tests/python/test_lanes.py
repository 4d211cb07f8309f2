"""Which lane each route has, and the reason that is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Host, Mount, Route

from apiwright import AppError, Backend
from apiwright.errors import Conflict
from apiwright.lanes import lanes
from apiwright.routes.requests import _parts
from tests.support.api import BATCH, ME, ROLES, SESSIONS, USERS
from tests.support.application import settings
from tests.support.core_routes import core_routes

ROW = f"{USERS}/{{id}}"


class Watching:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, *arguments: Any) -> None:
        await self.app(*arguments)


async def own(request: Request) -> Response:
    return Response()


own_application: Any = own


async def handle(request: Request, error: Exception) -> Response:
    return Response()


def guard() -> None:
    pass


@pytest.fixture
def app(tmp_path: Path) -> Backend:
    return Backend(settings(tmp_path))


def reasons(app: Backend) -> set[str | None]:
    """Those of every core route."""
    paths = {route.path for route in core_routes(app)}
    return {lane.reason for lane in lanes(app) if lane.path in paths}


def test_every_core_route_is_fast_and_every_other_is_written_in_python(app: Backend) -> None:
    fast = {(lane.methods, lane.path) for lane in lanes(app) if lane.name == "fast"}
    expected = {(tuple(route.methods or ()), route.path) for route in core_routes(app)}
    assert fast == expected
    rows = {f"{base}/{{id}}" for base in (USERS, SESSIONS, ROLES)}
    of_users = {*rows, f"{USERS}/{{id}}/restore"}
    assert {path for _, path in fast} == {ME, USERS, SESSIONS, ROLES, BATCH, *of_users}
    others = [lane for lane in lanes(app) if lane.name == "full"]
    assert {lane.reason for lane in others} == {"written in Python"}
    assert "/health" in {lane.path for lane in others}


def test_looking_starts_nothing(app: Backend) -> None:
    lanes(app)
    assert app.runtime.running is None
    assert app.middleware_stack is None


def test_routes_are_listed_as_they_are_asked(app: Backend) -> None:
    paths = [lane.path for lane in lanes(app)]
    assert paths.index(ME) < paths.index(ROW)


# --- why all of them are in the full lane ---------------------------------------------------------


def add_middleware(app: Backend) -> None:
    app.add_middleware(Watching)


def override(app: Backend) -> None:
    app.dependency_overrides[_parts] = guard


def limit_bodies(app: Backend) -> None:
    app.max_body_size = 100


def build_itself(app: Backend) -> None:
    build = app.build_middleware_stack
    setattr(app, "build_middleware_stack", lambda: Watching(build()))  # noqa: B010


def wrap_stack(app: Backend) -> None:
    app.middleware_stack = Watching(app.build_middleware_stack())


def replace_router(app: Backend) -> None:
    class Own(APIRouter):
        pass

    router = Own()
    router.routes = app.router.routes
    app.router = router


def wrap_router(app: Backend) -> None:
    app.router.middleware_stack = Watching(app.router)  # type: ignore[assignment]


def handle_all(app: Backend) -> None:
    app.exception_handler(AppError)(handle)


def handle_one(app: Backend) -> None:
    app.exception_handler(Conflict)(handle)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (add_middleware, "middleware: Watching"),
        (override, "a dependency override: _parts"),
        (limit_bodies, "max_body_size limits bodies in Python"),
        (build_itself, "the application builds its middleware itself"),
        (wrap_stack, "the application builds its middleware itself"),
        (replace_router, "the application has a router of its own"),
        (wrap_router, "the application has a router of its own"),
        (handle_all, "an exception handler of the application: AppError"),
        (handle_one, "an exception handler of the application: Conflict"),
    ],
)
def test_what_counts_everywhere_is_named(
    app: Backend, change: Callable[[Backend], None], reason: str
) -> None:
    change(app)
    assert reasons(app) == {reason}


def test_the_setting_is_named(tmp_path: Path) -> None:
    assert reasons(Backend(settings(tmp_path, fast_lane="off"))) == {"APIWRIGHT_FAST_LANE is off"}


def test_a_dependency_of_the_application_is_named(tmp_path: Path) -> None:
    app = Backend(settings(tmp_path), dependencies=[Depends(guard)])
    assert reasons(app) == {"a dependency: guard"}


def test_an_own_build_of_the_stack_is_named(tmp_path: Path) -> None:
    class Own(Backend):
        def build_middleware_stack(self) -> Any:
            return Watching(super().build_middleware_stack())

    assert reasons(Own(settings(tmp_path))) == {"the application builds its middleware itself"}


# --- why some of them are -------------------------------------------------------------------------


def slow(app: Backend) -> dict[tuple[str, str], str | None]:
    """The reasons of core routes in the full lane."""
    return {
        (method, lane.path): lane.reason
        for lane in lanes(app)
        for method in lane.methods
        if lane.reason not in (None, "written in Python")
    }


@pytest.mark.parametrize(
    ("route", "what"),
    [
        (Route(USERS, own), f"Route {USERS}"),
        (APIRoute(USERS, own), f"APIRoute {USERS}"),
        (Route("/api/{version}/users", own), "Route /api/{version}/users"),
        (Route("/{path:path}", own, methods=["GET"]), "Route /{path:path}"),
        (Mount("/api/v1", own_application), "Mount /api/v1"),
        (Mount("", own_application), "Mount"),
        (Host("example.org", own_application), "Host"),
    ],
)
def test_an_earlier_route_is_named(app: Backend, route: Any, what: str) -> None:
    app.router.routes.insert(0, route)
    reason = lanes(app)[[lane.path for lane in lanes(app)].index(USERS, 1)].reason
    assert reason == f"an earlier route may match: {what}"


def test_an_earlier_included_router_is_named(app: Backend) -> None:
    app.include_router(APIRouter())
    app.router.routes.insert(0, app.router.routes.pop())
    assert reasons(app) == {"an earlier route may match: IncludedRouter"}


def test_an_earlier_route_counts_for_its_methods_and_paths_alone(app: Backend) -> None:
    app.router.routes.insert(0, Route("/api/v1/users/me", own, methods=["PATCH"]))
    earlier = f"an earlier route may match: Route {ME}"
    assert slow(app) == {("PATCH", ME): earlier, ("PATCH", ROW): earlier}


def test_a_changed_route_is_named_and_those_that_stand_in_for_it(app: Backend) -> None:
    """Without its own fast route, GET /users/me would be taken for GET /users/{id}."""
    me = next(route for route in core_routes(app) if route.path == ME and route.methods == {"GET"})
    me.app = own  # type: ignore[assignment]
    assert slow(app) == {
        ("GET", ME): "the route was changed after it was declared",
        ("GET", ROW): f"an earlier route may match: CoreRoute {ME}",
    }


def test_a_dependency_of_one_route_is_named(app: Backend) -> None:
    route = next(route for route in core_routes(app) if route.path == SESSIONS)
    route.dependencies.append(Depends(guard))
    assert slow(app) == {("GET", SESSIONS): "a dependency: guard"}


# --- what is harmless -----------------------------------------------------------------------------


def add_routes_after(app: Backend) -> None:
    app.add_api_route("/own", own)
    app.add_api_route(USERS, own, methods=["GET", "POST"])
    app.mount("/api", FastAPI())
    router = APIRouter()
    router.add_api_route("/{rest:path}", own)
    app.include_router(router)


def handle_own_exceptions(app: Backend) -> None:
    for error in (KeyError, ValueError, Exception):
        app.exception_handler(error)(handle)


def add_mounts_elsewhere(app: Backend) -> None:
    for path in ("/static", "/api/v2", "/api/v1/auth/tokens", "/api/v1/user"):
        app.router.routes.insert(0, Mount(path, own_application))


def add_routes_elsewhere(app: Backend) -> None:
    for path in ("/{page}", "/api/v1/users/{id}/orders", "/api/v1/users.json", "/API/v1/users"):
        app.router.routes.insert(0, Route(path, own))


def add_other_methods(app: Backend) -> None:
    app.router.routes.insert(0, Route(USERS, own, methods=["PUT", "DELETE"]))


def add_websocket(app: Backend) -> None:
    @app.websocket(ME)
    async def talk(socket: WebSocket) -> None:
        await socket.accept()

    app.router.routes.insert(0, app.router.routes.pop())


@pytest.mark.parametrize(
    "change",
    [
        add_routes_after,
        handle_own_exceptions,
        add_mounts_elsewhere,
        add_routes_elsewhere,
        add_other_methods,
        add_websocket,
    ],
)
def test_what_cannot_matter_leaves_core_routes_fast(
    app: Backend, change: Callable[[Backend], None]
) -> None:
    change(app)
    assert slow(app) == {}
