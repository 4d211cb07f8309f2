"""Every way a request can fail, answered with the contract's envelope."""

import http
import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from apiwright.errors import (
    AppError,
    Conflict,
    Detail,
    Forbidden,
    InternalError,
    MalformedJson,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    PreconditionRequired,
    RateLimited,
    Timeout,
    Unauthorized,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
    ValidationFailed,
)
from apiwright.responses import (
    EXCHANGE,
    CoreResponse,
    error_answer,
    error_response,
    exchange_of,
    merged,
)
from apiwright.routing import allow_header, methods_of

logger = logging.getLogger("apiwright")

_BY_STATUS: dict[int, tuple[type[AppError], str]] = {
    400: (ValidationFailed, "The input is not valid."),
    401: (Unauthorized, "Sign in first: send an access token as Bearer."),
    403: (Forbidden, "You may not do this."),
    404: (NotFound, "There is nothing here."),
    405: (MethodNotAllowed, "This path does not take this method."),
    409: (Conflict, "It is taken, or was changed meanwhile."),
    412: (PreconditionFailed, "It was changed meanwhile."),
    413: (PayloadTooLarge, "The body is too large."),
    415: (UnsupportedMediaType, "The body's media type is not read here."),
    422: (Unprocessable, "This cannot be done."),
    428: (PreconditionRequired, "Say with If-Match which version this is about."),
    429: (RateLimited, "Too many requests. Come back later."),
    500: (InternalError, "Something went wrong on our side."),
    503: (Unavailable, "Not available now. Come back later."),
    504: (Timeout, "This took too long."),
}

_STANDARD = frozenset(http.HTTPStatus)

# Pydantic's error types → the contract's codes and our own words for them.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("missing", "required", "Is required."),
    ("extra_forbidden", "unknown", "Is not known here."),
    ("string_too_short", "min_length", "Is too short."),
    ("too_short", "min_length", "Has too few items."),
    ("string_too_long", "max_length", "Is too long."),
    ("too_long", "max_length", "Has too many items."),
    ("greater_than", "min", "Is too small."),
    ("less_than", "max", "Is too large."),
    ("string_pattern_mismatch", "pattern", "Does not have the form that is asked for."),
    ("literal_error", "enum", "Is not one of the values allowed."),
    ("enum", "enum", "Is not one of the values allowed."),
    ("value_error", "format", "Does not have the form that is asked for."),
    ("uuid_parsing", "format", "Must be a UUID."),
    ("datetime", "format", "Must be a date and time."),
    ("date", "format", "Must be a date."),
)


async def app_error(request: Request, error: Exception) -> Response:
    """What the application or the core refused."""
    assert isinstance(error, AppError)
    if EXCHANGE not in request.scope:  # a WebSocket: refused with a bare status
        return PlainTextResponse(error.message, error.status)
    return error_response(exchange_of(request), error)


async def http_exception(request: Request, error: Exception) -> Response:
    """Starlette's and FastAPI's own refusals, and those that an application raises."""
    assert isinstance(error, HTTPException)
    if EXCHANGE not in request.scope:
        return await http_exception_handler(request, error)
    if isinstance(error.__cause__, AppError):  # such as a body over the limit, met while parsing
        return error_response(exchange_of(request), error.__cause__)
    if isinstance(error.__cause__, UnicodeError | RecursionError):  # FastAPI's reading of a body
        return error_response(exchange_of(request), MalformedJson("The body is not JSON."))
    if error.status_code < 400:  # raised to answer at once, such as with a redirect: no error
        return Response(status_code=error.status_code, headers=error.headers)
    headers = _header_list(error.headers)
    if error.status_code == 405:
        methods = methods_of(request.app.router.routes, request.scope)
        headers = [(b"allow", allow_header(methods))]
    known = _BY_STATUS.get(error.status_code)
    if known is None:
        return await _bare(request, error, headers)
    kind, message = known
    stock = error.detail in ("", _phrase(error.status_code)) or not isinstance(error.detail, str)
    return error_response(exchange_of(request), kind(message if stock else error.detail), headers)


async def invalid_request(request: Request, error: Exception) -> Response:
    """FastAPI's validation of an application's own routes, in the contract's terms."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return error_response(exchange_of(request), MalformedJson("The body is not JSON."))
    details = [_detail(item) for item in found]
    return error_response(
        exchange_of(request), ValidationFailed("The input is not valid.", details)
    )


async def disconnected(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """The client left before its body was there: nobody to answer, and no fault of ours."""
    return Response(status_code=499)  # as nginx logs it


async def unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours or the application's: logged whole, answered with nothing of it."""
    if isinstance(error, AppError):  # raised by middleware, where nobody else catches it
        return await app_error(request, error)
    log_unexpected(exchange_of(request).request_id, error)
    return error_response(exchange_of(request), went_wrong())


def log_unexpected(request_id: str, error: BaseException) -> None:
    """The traceback, for the operator."""
    logger.error("request failed", exc_info=error, extra={"request_id": request_id})


def went_wrong() -> InternalError:
    """What clients are told of a fault."""
    return InternalError("Something went wrong on our side.")


def _phrase(status: int) -> str:
    return http.HTTPStatus(status).phrase if status in _STANDARD else "Error"


def _header_list(headers: Mapping[str, str] | None) -> list[tuple[bytes, bytes]]:
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in (headers or {}).items()
    ]


async def _bare(
    request: Request, error: HTTPException, headers: list[tuple[bytes, bytes]]
) -> Response:
    """A status the contract has no code for keeps its status, with the nearest code's envelope."""
    kind = InternalError if error.status_code >= 500 else ValidationFailed
    text = error.detail if isinstance(error.detail, str) else "The request was refused."
    _, own, body = error_answer(exchange_of(request), kind(text))
    content = json.loads(body)
    if "status" in content:  # problem details name it too
        content |= {"status": error.status_code, "title": _phrase(error.status_code)}
    return CoreResponse((error.status_code, merged(own, headers), json.dumps(content).encode()))


def _detail(item: Mapping[str, Any]) -> Detail:
    code, message = _meaning(item["type"])
    return Detail(_field(item["loc"]), message, code)


def _meaning(kind: str) -> tuple[str, str]:
    for prefix, code, message in _RULES:
        if kind.startswith(prefix):
            return code, message
    return "type", "Is not of the type that is asked for."


def _field(location: Iterable[str | int]) -> str:
    """`("body", "items", 2, "sku")` → `items[2].sku`; other places keep their name in front."""
    place, *rest = location
    text = "" if place == "body" else str(place)
    for part in rest:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text
