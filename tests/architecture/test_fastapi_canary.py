"""What of FastAPI and Starlette we lean on beyond their documented interfaces.

An upgrade that breaks one of these names the place to look at again."""

import fastapi
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette._utils import get_route_path

RECHECK = (
    "FastAPI was upgraded: read again routing.py (route contexts, get_route_path), Backend.openapi "
    "(_get_routes_version, _openapi_routes_version), failures.py (handlers, what a failed body "
    "raises), openapi.py (the default 422), routes/declare.py (add_api_route on app.router) and "
    "lanes.py (_native_telemetry, what the middleware stack is made of); "
    "then move the pin in pyproject.toml and this test"
)


def test_fastapi_is_the_version_that_was_read():
    assert fastapi.__version__.startswith("0.165."), RECHECK


def test_route_contexts_show_the_routes_of_included_routers():
    inner = fastapi.APIRouter()

    @inner.get("/items/{id}")
    async def get(id: str) -> str:
        return id

    app = FastAPI()
    app.include_router(inner, prefix="/shop")
    found = {
        context.path: context.methods
        for context in iter_route_contexts(app.router.routes)
        if context.path_regex.match("/shop/items/1")
    }
    assert found == {"/shop/items/{id}": {"GET"}}, RECHECK


def test_the_routes_version_moves_when_a_route_is_added():
    app = FastAPI()
    before = app.router._get_routes_version()
    app.get("/")(lambda: "")
    assert app.router._get_routes_version() != before, RECHECK
    assert hasattr(app, "_openapi_routes_version"), RECHECK


def test_the_route_path_is_what_follows_the_root_path():
    assert get_route_path({"path": "/shop/items", "root_path": "/shop"}) == "/items", RECHECK
