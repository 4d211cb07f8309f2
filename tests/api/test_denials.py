"""What an application puts before the core's routes counts on every one of them, in both lanes.

Denied is asked for with an admin's token: the core itself would answer."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.dependencies.utils import get_parameterless_sub_dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Host, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from apiwright import AppError, Backend
from apiwright.errors import Unauthorized
from apiwright.routes.declare import CoreRoute
from apiwright.routes.requests import _parts
from tests.support.api import API, BATCH, ME, NOBODY, ROLES, SESSIONS, USERS
from tests.support.core_routes import Home, core_requests, core_routes, home

DENIED = 418
Change = Callable[[Backend], None]


def deny() -> None:
    raise HTTPException(DENIED, "Denied by the application.")


async def denied(request: Request) -> Response:
    return JSONResponse({"denied": True}, DENIED)


class Denying:
    """A middleware, or an application, that refuses everything."""

    def __init__(self, app: ASGIApp | None = None) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await JSONResponse({"denied": True}, DENIED)(scope, receive, send)
        elif self.app is not None:
            await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def at_home(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def app(at_home: Home) -> Backend:
    return at_home.backend()


def statuses(app: FastAPI, home: Home, requests: list[tuple[str, str]]) -> set[int]:
    client = TestClient(app, headers=home.headers)
    return {client.request(method, path).status_code for method, path in requests}


def denies_all(app: Backend, home: Home) -> bool:
    return statuses(app, home, home.requests) == {DENIED}


def answers_all(app: Backend, home: Home) -> bool:
    reads = [request for request in home.requests if request[0] in ("GET", "HEAD")]
    return statuses(app, home, reads) == {200, 404}


def test_without_a_denial_the_core_answers(app: Backend, at_home: Home) -> None:
    assert answers_all(app, at_home)


@pytest.mark.parametrize("path", [USERS, f"{USERS}/{{id}}", f"{ROLES}/{{id}}"])
def test_what_is_denied_alone_is_no_part_of_a_batch(at_home: Home, path: str) -> None:
    def send(app: Backend) -> Any:
        client = TestClient(app, headers=at_home.headers)
        method = "PATCH" if path.endswith("{id}") else "POST"
        operation = {"method": method, "path": path.replace("{id}", NOBODY), "body": {}}
        return client.post(BATCH, json={"operations": [operation]})

    assert "operations[0].path" not in send(at_home.backend()).text
    app = at_home.backend()
    for route in core_routes(app):
        if route.path == path:
            add_dependency(route)
    assert send(app).json()["error"]["details"] == [
        {
            "field": "operations[0].path",
            "message": "Is no operation that a batch may hold.",
            "code": "unknown",
        }
    ]


# --- dependencies ---------------------------------------------------------------------------------


def test_a_dependency_of_the_application_denies(at_home: Home) -> None:
    app = at_home.backend(dependencies=[Depends(deny)])
    assert denies_all(app, at_home)


def test_a_dependency_of_an_including_router_denies(at_home: Home) -> None:
    """The core's routes once more, before their own place, in a router with a dependency."""
    app = at_home.backend()
    guarded = APIRouter(dependencies=[Depends(deny)])
    for route in core_routes(app):
        guarded.add_api_route(route.path, route.endpoint, methods=list(route.methods or ()))
    app.include_router(guarded)
    app.router.routes.insert(0, app.router.routes.pop())
    assert denies_all(app, at_home)


@pytest.mark.parametrize(
    "path", [ME] + [path for base in (USERS, SESSIONS, ROLES) for path in (base, f"{base}/{{id}}")]
)
def test_a_dependency_of_one_route_denies_there_and_nowhere_else(
    app: Backend, at_home: Home, path: str
) -> None:
    for route in core_routes(app):
        if route.path == path:
            add_dependency(route)
    for method, target in core_requests(app):
        expected = target == path.replace("{id}", NOBODY)
        found = statuses(app, at_home, [(method, target)])
        assert (found == {DENIED}) == expected, (method, target, found)


def add_dependency(route: APIRoute) -> None:
    """As APIRoute itself does with its `dependencies`."""
    route.dependencies.append(Depends(deny))
    dependant = get_parameterless_sub_dependant(depends=Depends(deny), path=route.path_format)
    route.dependant.dependencies.insert(0, dependant)


def test_an_override_denies_while_it_stands(app: Backend, at_home: Home) -> None:
    app.dependency_overrides[_parts] = deny  # before the first request
    assert denies_all(app, at_home)
    app.dependency_overrides.clear()
    assert answers_all(app, at_home)
    app.dependency_overrides[_parts] = deny  # and after it
    assert denies_all(app, at_home)
    app.dependency_overrides = {}
    assert answers_all(app, at_home)
    app.dependency_overrides = {_parts: deny}
    assert denies_all(app, at_home)


# --- middleware -----------------------------------------------------------------------------------


def add_denying(app: Backend) -> None:
    app.add_middleware(Denying)


def add_function(app: Backend) -> None:
    @app.middleware("http")
    async def refuse(request, call_next):
        return await denied(request)


def build_by_instance(app: Backend) -> None:
    """As OpenTelemetry's instrumentation does."""
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: Denying(build())  # type: ignore[method-assign]


def wrap_stack(app: Backend) -> None:
    app.middleware_stack = Denying(app.build_middleware_stack())


def wrap_router(app: Backend) -> None:
    app.router.middleware_stack = Denying(app.router.middleware_stack)


@pytest.mark.parametrize(
    "change", [add_denying, add_function, build_by_instance, wrap_stack, wrap_router]
)
def test_a_middleware_denies(app: Backend, at_home: Home, change: Change) -> None:
    change(app)
    assert denies_all(app, at_home)


def test_a_middleware_of_the_constructor_denies(at_home: Home) -> None:
    assert denies_all(at_home.backend(middleware=[Middleware(Denying)]), at_home)


def test_an_application_that_builds_its_stack_itself_denies(at_home: Home) -> None:
    class Own(Backend):
        def build_middleware_stack(self) -> ASGIApp:
            return Denying(super().build_middleware_stack())

    app = Own(at_home.backend().settings)
    assert denies_all(app, at_home)


def test_a_stack_that_is_wrapped_while_serving_denies_from_then_on(
    app: Backend, at_home: Home
) -> None:
    assert answers_all(app, at_home)
    wrap_stack(app)
    assert denies_all(app, at_home)


# --- exception handlers ---------------------------------------------------------------------------


@pytest.mark.parametrize("handled", [AppError, Unauthorized])
def test_a_handler_of_an_error_of_ours_is_asked(at_home: Home, handled: type[AppError]) -> None:
    async def handle(request: Request, error: Exception) -> Response:
        return await denied(request)

    in_constructor = at_home.backend(exception_handlers={handled: handle})
    by_decorator = at_home.backend()
    by_decorator.exception_handler(handled)(handle)
    for app in (in_constructor, by_decorator):
        client = TestClient(app)  # nobody is signed in: that is our error
        found = {client.request(method, path).status_code for method, path in core_requests(app)}
        assert found == {DENIED}


# --- other routes ---------------------------------------------------------------------------------


def insert_routes(app: Backend) -> None:
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    for path in {route.path for route in core_routes(app)}:
        app.router.routes.insert(0, Route(path, denied, methods=methods))


def insert_api_routes(app: Backend) -> None:
    for route in core_routes(app):
        app.add_api_route(route.path, denied, methods=list(route.methods or ()))
        app.router.routes.insert(0, app.router.routes.pop())


def insert_catch_all(app: Backend) -> None:
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    app.router.routes.insert(0, Route("/{rest:path}", denied, methods=methods))


def insert_templates(app: Backend) -> None:
    """Matching paths that are written quite differently."""
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    for path in (
        "/api/v{version:int}/users",
        "/api/v1/users/{id:uuid}",
        "/api/v1/users/{id:uuid}/{rest}",
        "/api/v1/role{plural}",
        "/api/v1/role{plural}/{id:uuid}",
        "/api/v1/{what}/me",
        "/api/{version}/auth/{rest:path}",
        "/api/v1/bat{rest}",
    ):
        app.router.routes.insert(0, Route(path, denied, methods=methods))


def insert_mount(app: Backend) -> None:
    app.router.routes.insert(0, Mount(API, Denying()))


def insert_mount_of_everything(app: Backend) -> None:
    app.router.routes.insert(0, Mount("", Denying()))


def insert_mount_of_routes(app: Backend) -> None:
    app.router.routes.insert(0, Mount("/api", routes=[Mount("/v1", Denying())]))


def insert_host(app: Backend) -> None:
    app.router.routes.insert(0, Host("testserver", Denying()))


def insert_included(app: Backend) -> None:
    router = APIRouter()
    insert = [(route.path, list(route.methods or ())) for route in core_routes(app)]
    for path, methods in insert:
        router.add_api_route(path, denied, methods=methods)
    app.include_router(router)
    app.router.routes.insert(0, app.router.routes.pop())


def replace_routes(app: Backend) -> None:
    for index, route in enumerate(app.router.routes):
        if isinstance(route, CoreRoute):
            methods = list(route.methods or ())
            app.router.routes[index] = APIRoute(route.path, denied, methods=methods)


def replace_list(app: Backend) -> None:
    app.router.routes = [Mount("", Denying()), *app.router.routes]


ROUTES: list[Change] = [
    insert_routes,
    insert_api_routes,
    insert_catch_all,
    insert_templates,
    insert_mount,
    insert_mount_of_everything,
    insert_mount_of_routes,
    insert_host,
    insert_included,
    replace_routes,
    replace_list,
]


@pytest.mark.parametrize("change", ROUTES)
def test_an_earlier_route_denies(app: Backend, at_home: Home, change: Change) -> None:
    change(app)
    assert denies_all(app, at_home)


@pytest.mark.parametrize("change", ROUTES)
def test_an_earlier_route_that_comes_while_serving_denies_from_then_on(
    app: Backend, at_home: Home, change: Change
) -> None:
    assert answers_all(app, at_home)
    change(app)
    assert denies_all(app, at_home)


def test_an_earlier_route_that_is_taken_away_again_denies_no_more(
    app: Backend, at_home: Home
) -> None:
    insert_catch_all(app)
    assert denies_all(app, at_home)
    del app.router.routes[0]
    assert answers_all(app, at_home)


def test_a_route_added_to_an_earlier_included_router_denies_from_then_on(
    app: Backend, at_home: Home
) -> None:
    router = APIRouter()
    app.include_router(router)
    app.router.routes.insert(0, app.router.routes.pop())
    assert answers_all(app, at_home)
    for path, method in [(route.path, route.methods) for route in core_routes(app)]:
        router.add_api_route(path, denied, methods=list(method or ()))
    assert denies_all(app, at_home)


def test_a_router_of_ones_own_denies(app: Backend, at_home: Home) -> None:
    app.router = Router([Mount("", Denying())])  # type: ignore[assignment]
    assert denies_all(app, at_home)


@pytest.mark.parametrize("while_serving", [False, True])
def test_routes_that_were_removed_are_404(app: Backend, at_home: Home, while_serving: bool) -> None:
    requests = core_requests(app)
    if while_serving:
        assert answers_all(app, at_home)
    for route in core_routes(app):
        app.router.routes.remove(route)
    assert statuses(app, at_home, requests) == {404}


@pytest.mark.parametrize("while_serving", [False, True])
def test_a_method_that_was_removed_is_405(app: Backend, at_home: Home, while_serving: bool) -> None:
    if while_serving:
        assert answers_all(app, at_home)
    for route in core_routes(app):
        if route.methods == {"GET"} and route.path in (ME, USERS):
            app.router.routes.remove(route)
    for path in (USERS, f"{USERS}/{NOBODY}"):
        for method in ("GET", "HEAD"):
            expected = 405 if path == USERS else 404
            assert statuses(app, at_home, [(method, path)]) == {expected}


# --- an application that is part of another -------------------------------------------------------


def test_an_application_around_it_denies(at_home: Home) -> None:
    app = at_home.backend()
    outer = FastAPI(middleware=[Middleware(Denying)])
    outer.mount("/inner", app)
    requests = [(method, f"/inner{path}") for method, path in core_requests(app)]
    assert statuses(outer, at_home, requests) == {DENIED}


def test_a_handler_of_http_exceptions_has_nothing_to_do_with_core_routes(at_home: Home) -> None:
    async def handle(request: Request, error: Any) -> Response:
        return await denied(request)

    app = at_home.backend(exception_handlers={StarletteHTTPException: handle, 401: handle})
    client = TestClient(app)
    found = {client.request(method, path).status_code for method, path in core_requests(app)}
    assert found == {401}
    assert client.get("/nope").status_code == DENIED
