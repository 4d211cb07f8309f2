"""What the routes' declarations share: paths, documentation of bodies and answers."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from apiwright.core.engine import Operation
from apiwright.errors import BY_CODE, Detail, ValidationFailed
from apiwright.routes.hooked import Hooked, run_hooked
from apiwright.routes.requests import RuntimeParts, run
from apiwright.runtime import Parts

Endpoint = Callable[..., Awaitable[Response]]

RowId = Annotated[str, Path(json_schema_extra={"format": "uuid"})]
"""An id in a path. The core checks it, so that its error stands beside all others."""


class CoreRoute(APIRoute):
    """A route whose endpoint is one operation of the core, which the fast lane can answer too."""

    operation: Callable[[Parts], Operation]
    hooked: Hooked | None
    declared: tuple[ASGIApp, Endpoint, list[Dependant]]

    def declare(self, operation: Callable[[Parts], Operation], hooked: Hooked | None) -> None:
        """Keeps how the route was made: what is added to it later must be seen."""
        self.operation = operation
        self.hooked = hooked
        self.declared = (self.app, self.endpoint, list(self.dependant.dependencies))

    @property
    def as_declared(self) -> bool:
        """True while nothing was put into or around the endpoint."""
        now = (self.app, self.endpoint, list(self.dependant.dependencies))
        return now == self.declared and not self.dependencies


_ERRORS: Final[dict[int, str]] = {
    400: "The input is not valid; the details name everything that is wrong.",
    401: "No good credentials.",
    403: "Known, but not allowed.",
    404: "Nothing is here, or nothing that you may see.",
    409: "A unique value is taken, or somebody else was first.",
    412: "If-Match or If-None-Match does not hold: the row has changed since.",
    413: "The body is too large.",
    415: "The body is not of a media type that is read here.",
    422: "Well-formed, but against a rule.",
    428: "Say which version this changes: send its ETag as If-Match.",
    429: "Too many requests; see Retry-After.",
    500: "Something went wrong on our side.",
    503: "Not available now; see Retry-After.",
    504: "The request took too long.",
}
_DETAILS: Final[dict[int, list[Detail]]] = {
    400: [Detail("email", "Must be an e-mail address.", "format")],
    409: [Detail("email", "Is taken already.", "unique")],
}
_PHRASES: Final = {413: "Content Too Large", 422: "Unprocessable Content"}  # RFC 9110's words
_ALWAYS: Final = (429, 500, 503, 504)
SIGNED_IN: Final[list[dict[str, list[str]]]] = [{"bearer": []}, {"signIn": []}]
OPTIONALLY_SIGNED_IN: Final[list[dict[str, list[str]]]] = [*SIGNED_IN, {}]


def json_content(schema: str) -> dict[str, Any]:
    """Content of a named schema."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def patch_content(schema: str) -> dict[str, Any]:
    """Content of a merge patch."""
    content = json_content(schema)
    return {**content, "application/merge-patch+json": content["application/json"]}


def form_content(schema: str) -> dict[str, Any]:
    """A form of a named schema."""
    return {
        "application/x-www-form-urlencoded": {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    }


def answer(description: str, schema: str | None = None) -> dict[str, Any]:
    """A good answer, with the body's schema unless it has none."""
    return {"description": description} | ({"content": json_content(schema)} if schema else {})


LOCATION: Final = {"Location": {"$ref": "#/components/headers/Location"}}
ETAG: Final = {"ETag": {"$ref": "#/components/headers/ETag"}}


def tagged_answer(
    description: str, schema: str, headers: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A good answer with one row, whose ETag names its version; further headers beside it."""
    return {**answer(description, schema), "headers": {**ETAG, **(headers or {})}}


def row_answers(description: str, name: str) -> dict[int, dict[str, Any]]:
    """What asking for one row answers: the row, with `fields` a part of it, or that the client has
    it as it is."""
    rows = [{"$ref": f"#/components/schemas/{name}{part}"} for part in ("", "Listed")]
    data = {"type": "object", "required": ["data"], "properties": {"data": {"anyOf": rows}}}
    found = {"description": description, "content": {"application/json": {"schema": data}}}
    not_modified = {**answer("As If-None-Match has it."), "headers": ETAG}
    return {200: {**found, "headers": ETAG}, 304: not_modified}


def _tags_parameter(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "schema": {"type": "string", "examples": ['"3-Zm9vYmFy"']},
        "description": description,
    }


IF_NONE_MATCH: Final = [
    _tags_parameter("If-None-Match", "ETags of what the client has, or *: then 304 instead of it.")
]


IDEMPOTENCY_KEY: Final = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": (
            "Whoever is signed in may send the same request again, for a day: it is done once and "
            "answered as then, with `Idempotency-Replayed: true`. The same key with another body "
            "is 422."
        ),
    }
]


def if_match(*, required: bool = False) -> list[dict[str, Any]]:
    """The header parameter of what changes a row."""
    text = "The ETag of the version that this is to change, or several, or *: 412 if it is none."
    return [_tags_parameter("If-Match", text, required=required)]


def _example(status: int) -> dict[str, Any]:
    """What an error of this status looks like, with the contract's first code for it."""
    code = next(code for code, error in BY_CODE.items() if error.status == status)
    if status == 400:
        code = ValidationFailed.code
    details = _DETAILS.get(status, [])
    return {
        "code": code,
        "message": _ERRORS[status],
        "details": [dict(zip(Detail._fields, detail, strict=True)) for detail in details],
        "requestId": "01a1f94c-fa5b-74a5-a82d-681f545883ca",
    }


def error_answer(status: int) -> dict[str, Any]:
    """How an error of this status is documented."""
    example = _example(status)
    envelope = {
        "schema": {"$ref": "#/components/schemas/Error"},
        "example": {"error": example},
    }
    about = {
        "type": "about:blank",
        "title": _PHRASES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": example["message"],
    }
    problem = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "example": about | {name: example[name] for name in ("code", "details", "requestId")},
    }
    documented: dict[str, Any] = {
        "description": _ERRORS[status],
        "content": {"application/json": envelope, "application/problem+json": problem},
    }
    if status in (429, 503):
        documented["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    if status == 401:
        documented["headers"] = {"WWW-Authenticate": {"$ref": "#/components/headers/Challenge"}}
    return documented


def core_route(
    app: FastAPI,
    method: str,
    path: str,
    operation: Callable[[Parts], Operation],
    *,
    description: str = "",
    hooked: Hooked | None = None,
    **declaration: Any,
) -> None:
    """Declares a route that is one operation of the core; the rest is as for `route`."""

    async def respond(request: Request, parts: Parts, row_id: str | None) -> Response:
        if hooked is not None and hooked.hooks.first is not None:
            return await run_hooked(operation(parts), hooked, parts, request, row_id)
        return await run(operation(parts), request, row_id)

    async def on_collection(request: Request, parts: RuntimeParts) -> Response:
        return await respond(request, parts, None)

    async def on_row(request: Request, parts: RuntimeParts, id: RowId) -> Response:
        return await respond(request, parts, id)

    endpoint = on_row if "{id}" in path else on_collection
    endpoint.__doc__ = description
    route(app, method, path, endpoint, route_class=CoreRoute, **declaration)
    made = app.router.routes[-1]
    assert isinstance(made, CoreRoute)
    made.declare(operation, hooked)


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
    security: list[dict[str, list[str]]] | None = None,
    limited: bool = True,
    parameters: list[dict[str, Any]] | None = None,
    route_class: type[APIRoute] = APIRoute,
) -> None:
    """Declares one route: `good` answers by status, the further error statuses it may give."""
    statuses = {*errors, *_ALWAYS, *({401} if signed_in else ())} - (set() if limited else {429})
    extra: dict[str, Any] = {"security": security or (SIGNED_IN if signed_in else [])}
    if body is not None:
        statuses |= {400, 413, 415}
        extra["requestBody"] = {"required": True, "content": body}
    if parameters:
        extra["parameters"] = parameters
    responses: dict[int | str, dict[str, Any]] = {
        status: error_answer(status) for status in sorted(statuses)
    }
    responses.update(good.items())
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
        route_class_override=route_class,
    )
