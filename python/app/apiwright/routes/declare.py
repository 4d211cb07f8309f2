"""What the routes' declarations share: paths, documentation of bodies and answers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from fastapi import FastAPI
from starlette.responses import Response

API: Final = "/api/v1"

Endpoint = Callable[..., Awaitable[Response]]

_ERRORS: Final[dict[int, str]] = {
    400: "The input is not valid; the details name everything that is wrong.",
    401: "No good credentials.",
    403: "Known, but not allowed.",
    404: "Nothing is here, or nothing that you may see.",
    409: "A unique value is taken, or somebody else was first.",
    413: "The body is too large.",
    415: "The body is not of a media type that is read here.",
    422: "Well-formed, but against a rule.",
    429: "Too many requests; see Retry-After.",
    500: "Something went wrong on our side.",
    503: "Not available now; see Retry-After.",
    504: "The request took too long.",
}
_ALWAYS: Final = (429, 500, 503, 504)
SIGNED_IN: Final = [{"bearer": []}, {"password": []}]


def json_content(schema: str) -> dict[str, Any]:
    """Content of a named schema."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def form_content(schema: str) -> dict[str, Any]:
    """A form of a named schema."""
    return {
        "application/x-www-form-urlencoded": {
            "schema": {"$ref": f"#/components/schemas/{schema}"}
        }
    }


def answer(description: str, schema: str | None = None) -> dict[str, Any]:
    """A good answer, with the body's schema unless it has none."""
    return {"description": description} | ({"content": json_content(schema)} if schema else {})


def _error(status: int) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Error"}}
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    documented: dict[str, Any] = {
        "description": _ERRORS[status],
        "content": {"application/json": reference, "application/problem+json": problem},
    }
    if status in (429, 503):
        documented["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    if status == 401:
        documented["headers"] = {"WWW-Authenticate": {"$ref": "#/components/headers/Challenge"}}
    return documented


def route(
    app: FastAPI,
    method: str,
    path: str,
    endpoint: Endpoint,
    *,
    name: str,
    summary: str,
    tag: str,
    good: Mapping[int, dict[str, Any]],
    errors: tuple[int, ...] = (),
    body: dict[str, Any] | None = None,
    signed_in: bool = True,
    parameters: list[dict[str, Any]] | None = None,
) -> None:
    """Declares one route: `good` answers by status, the further error statuses it may give."""
    statuses = {*errors, *_ALWAYS, *({401} if signed_in else ())}
    extra: dict[str, Any] = {"security": SIGNED_IN if signed_in else []}
    if body is not None:
        statuses |= {400, 413, 415}
        extra["requestBody"] = {"required": True, "content": body}
    if parameters:
        extra["parameters"] = parameters
    responses: dict[int | str, dict[str, Any]] = {
        **{status: _error(status) for status in sorted(statuses)},
        **good,
    }
    app.router.add_api_route(
        path,
        endpoint,
        methods=[method],
        operation_id=name,
        summary=summary,
        description=(endpoint.__doc__ or "").strip() or None,
        tags=[tag],
        status_code=next(iter(good)),
        responses=responses,
        openapi_extra=extra,
        response_model=None,
        response_class=Response,
    )
