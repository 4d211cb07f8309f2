"""What a path takes: Allow, HEAD and OPTIONS for every route, stock FastAPI's included."""

from collections.abc import Iterable

from fastapi.routing import iter_route_contexts
from starlette._utils import get_route_path
from starlette.routing import BaseRoute
from starlette.types import Scope


def methods_of(routes: Iterable[BaseRoute], scope: Scope) -> set[str]:
    """The methods of every route that matches this request's path; empty for an unknown path.

    Mounted applications answer for themselves and are not among them.
    """
    path = get_route_path(scope)
    methods: set[str] = set()
    for context in iter_route_contexts(list(routes)):
        pattern = getattr(context, "path_regex", None)
        if context.methods and pattern is not None and pattern.match(path):
            methods |= context.methods
    return methods


def allowed(methods: set[str]) -> set[str]:
    """The same with what every path takes besides: HEAD wherever GET, OPTIONS always."""
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


def allow_header(methods: set[str]) -> bytes:
    """Allow's value (RFC 9110 section 10.2.1), sorted."""
    return ", ".join(sorted(allowed(methods))).encode()
