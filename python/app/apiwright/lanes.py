"""Which routes the core answers itself, and why it leaves the others to FastAPI.

The lanes never differ in an answer: a route is fast only while nothing written in Python applies
to it. What FastAPI freezes with its first request (middleware, exception handlers) is judged then;
routes, hooks and dependency overrides may change at any time, and are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRouter, iter_route_contexts
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from apiwright.core.engine import Batch, FastLane, Operation
from apiwright.errors import AppError
from apiwright.failures import app_error
from apiwright.paths import BATCH
from apiwright.resources.hooks import registry
from apiwright.routes.declare import CoreRoute
from apiwright.runtime import Parts

if TYPE_CHECKING:
    from apiwright.backend import Backend


@dataclass(frozen=True, slots=True)
class Lane:
    """How one route is answered: `reason` says why not in the fast lane."""

    methods: tuple[str, ...]
    path: str
    reason: str | None

    @property
    def name(self) -> str:
        """`fast` or `full`."""
        return "fast" if self.reason is None else "full"


@dataclass(frozen=True, slots=True)
class CompiledLanes:
    """The core's router for one application as it is now."""

    core: FastLane
    parts: Parts
    middleware_stack: ASGIApp | None
    hooks_version: int


def compile_lanes(app: "Backend") -> CompiledLanes:
    """Puts every route that needs no Python into the core's router."""
    if app.middleware_stack is None:  # as the first request does
        app.middleware_stack = app.build_middleware_stack()
    hooks_version = registry.version
    parts = app.runtime.parts
    routes = app.router.routes
    core = FastLane(parts.gateway, routes)
    others = [route for route in routes if not _is_answered_by_core(route)]
    for route, reason in _judged(app, _reason_for_all(app)):
        if isinstance(route, CoreRoute) and reason is None:
            operation = route.operation(parts)
            methods = route.methods or set()
            if "GET" in methods and not _that_may_match(others, route.path, {"HEAD"}):
                methods = methods | {"HEAD"}
            for method in methods:
                core.add(method, route.path, operation)
    return CompiledLanes(core, parts, app.middleware_stack, hooks_version)


_CHANGES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def batch_of(app: FastAPI, parts: Parts) -> Batch:
    """What a batch may hold: the changes that no Python stands before, as it is now."""
    held: list[tuple[str, str, Operation]] = []
    for route, reason in _judged(app, None):
        if isinstance(route, CoreRoute) and reason is None and route.path != BATCH:
            for method in (route.methods or set()) & _CHANGES:
                held.append((method, route.path, route.operation(parts)))
    return Batch(parts.services, tuple(held))


def lanes(app: "Backend") -> list[Lane]:
    """Every HTTP route in the order in which they are asked."""
    found = []
    for route, reason in _judged(app, _reason_for_all(app)):
        for context in iter_route_contexts([route]):
            if not isinstance(context.original_route, WebSocketRoute):
                path = getattr(context, "path", None) or getattr(route, "path", None) or "(any)"
                methods = tuple(sorted(getattr(context, "methods", None) or ()))
                found.append(Lane(methods, path, reason))
    return found


def _judged(app: FastAPI, for_all: str | None) -> Iterator[tuple[BaseRoute, str | None]]:
    """Each route, and why it is not the core's alone: what holds for all of them, or its own."""
    earlier: list[BaseRoute] = []
    for route in app.router.routes:
        if isinstance(route, CoreRoute):
            yield route, for_all or _reason_for(route, earlier)
        else:
            yield route, "written in Python"
        if not _is_answered_by_core(route):
            earlier.append(route)


def _is_answered_by_core(route: BaseRoute) -> bool:
    return isinstance(route, CoreRoute) and route.as_declared and _hook(route) is None


def _hook(route: CoreRoute) -> Any:
    return None if route.hooked is None else route.hooked.hooks.first


def _reason_for_all(app: "Backend") -> str | None:
    if not app.settings.fast_lane:
        return "APIWRIGHT_FAST_LANE is off"
    if app.user_middleware:
        return f"middleware: {_name(app.user_middleware[0].cls)}"
    if app.dependency_overrides:
        return f"a dependency override: {_name(next(iter(app.dependency_overrides)))}"
    if app._native_telemetry.enabled():
        return "FastAPI's telemetry"
    if app.max_body_size is not None:
        return "max_body_size limits bodies in Python"
    if _layers(app, app.middleware_stack or app.build_middleware_stack()) != _layers(
        app, FastAPI.build_middleware_stack(app)
    ):
        return "the application builds its middleware itself"
    if type(app.router) is not APIRouter or app.router.middleware_stack != app.router.app:
        return "the application has a router of its own"
    for handled, handler in app.exception_handlers.items():
        if isinstance(handled, type) and issubclass(handled, AppError) and handler != app_error:
            return f"an exception handler of the application: {_name(handled)}"
    return None


def _layers(app: "Backend", layer: Any) -> list[type]:
    """What a request passes before it reaches the router."""
    layers = []
    while layer is not None and layer is not app.router:
        layers.append(type(layer))
        layer = getattr(layer, "app", None)
    return layers


def _reason_for(route: CoreRoute, earlier: Iterable[BaseRoute]) -> str | None:
    if route.dependencies:
        return f"a dependency: {_name(route.dependencies[0].dependency)}"
    if not route.as_declared:
        return "the route was changed after it was declared"
    hook = _hook(route)
    if hook is not None:
        return f"a hook: {_name(hook)}"
    others = _that_may_match(earlier, route.path, route.methods or set())
    return f"an earlier route may match: {_description(others[0])}" if others else None


def _that_may_match(routes: Iterable[BaseRoute], path: str, methods: set[str]) -> list[BaseRoute]:
    return [
        route
        for route in routes
        if not isinstance(route, WebSocketRoute) and _may_match(route, path, methods)
    ]


def _may_match(route: BaseRoute, path: str, methods: set[str]) -> bool:
    if isinstance(route, Mount):
        return _overlap(f"{route.path}/{{rest:path}}", path)
    if isinstance(route, Route):
        return _overlap(route.path, path) and bool(not route.methods or route.methods & methods)
    return True  # such as an included router, whose routes may still change


_ONE_SEGMENT = re.compile(r"\{\w+(:(str|int|float|uuid))?\}")


def _overlap(other: str, path: str) -> bool:
    """True when some path may match both templates."""
    theirs, ours = other.split("/"), path.split("/")
    for one, two in zip(theirs, ours, strict=False):
        if "{" in _ONE_SEGMENT.sub("", one):  # a convertor that may take several segments
            return True
        if one != two and "{" not in one and "{" not in two:
            return False
    return len(theirs) == len(ours)


def _description(route: BaseRoute) -> str:
    path = getattr(route, "path", None)
    return type(route).__name__.lstrip("_") + (f" {path}" if path else "")


def _name(thing: Any) -> str:
    return getattr(thing, "__qualname__", None) or type(thing).__name__
