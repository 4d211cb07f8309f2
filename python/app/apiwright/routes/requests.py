"""How a route reads its request, and reaches what answers it."""

from typing import Annotated, Any, Final, cast

from fastapi import Depends
from starlette.requests import Request

from apiwright.core.bridge import call
from apiwright.core.engine import Operation, parse_flag, refuse_parameters
from apiwright.core.validation import BodyReader, Record
from apiwright.errors import Detail, PayloadTooLarge, ValidationFailed
from apiwright.responses import Answer, CoreResponse, exchange_of
from apiwright.runtime import Parts


# Asynchronous, or FastAPI would ask a thread.
async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.runtime.parts
    return parts


RuntimeParts = Annotated[Parts, Depends(_parts)]
"""The running core, as a dependency: what overrides it stands before each of our routes."""


SIGN_IN_LIMIT: Final = 64 * 1024
"""Bytes of a body that anybody may send: what holds no more than a few short texts."""


async def read_json(request: Request, reader: BodyReader) -> Record:
    """A JSON body, checked with all else that may be wrong with the request.

    Raises MalformedJson, ValidationFailed, UnsupportedMediaType, PayloadTooLarge.
    """
    exchange = exchange_of(request)
    exchange.require_media_type("application/json")
    body = await read_body(request)
    details: list[Detail] = []
    for check in (exchange.refuse_idempotency_key, lambda: refuse_query(request)):
        try:
            check()
        except ValidationFailed as error:
            details += error.details
    try:
        record = reader.read(body)
    except ValidationFailed as error:
        raise ValidationFailed(error.message, [*details, *error.details]) from None
    if details:
        raise ValidationFailed("The input is not valid.", details)
    return record


async def read_body(request: Request) -> bytes:
    """The whole body, held only while it is small. Raises PayloadTooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > SIGN_IN_LIMIT:
            raise PayloadTooLarge("The body is too large.")
    return bytes(body)


def refuse_query(request: Request) -> None:
    """Raises ValidationFailed when the URL has any query parameter."""
    refuse_parameters(cast(bytes, request.scope["query_string"]))


def read_flag(request: Request, name: str) -> bool:
    """The one query parameter that may be there, `true` or `false`. Raises ValidationFailed."""
    return parse_flag(cast(bytes, request.scope["query_string"]), name)


def text(record: Record, name: str) -> str:
    """A checked text of a body."""
    return cast(str, record[name])


async def run(operation: Operation, request: Request, row_id: str | None = None) -> CoreResponse:
    """Has the core answer: the whole of the request is in the operation."""
    exchange = exchange_of(request)
    operation.identify(exchange)  # before a body is held in memory for somebody unknown
    query = request.scope["query_string"]
    answer: Answer | None = operation.answer_now(exchange, query, row_id)
    if answer is None:
        body = b"" if request.method in _WITHOUT_BODY else await request.body()
        answer = cast(Answer, await call(operation.start, exchange, query, body, row_id))
    return CoreResponse(answer)


_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "DELETE"})


def data(content: Any) -> dict[str, Any]:
    """The contract's envelope."""
    return {"data": content}
