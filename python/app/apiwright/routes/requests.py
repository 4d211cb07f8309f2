"""How a route reads its request, and reaches what answers it."""

from typing import Annotated, Any, cast

from fastapi import Depends
from starlette.requests import Request

from apiwright.core.bridge import call
from apiwright.core.engine import Exchange, Operation, parse_flag, refuse_parameters
from apiwright.core.validation import BodyReader, Record
from apiwright.responses import Answer, CoreResponse, exchange_of
from apiwright.runtime import Parts


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.runtime.parts
    return parts


RuntimeParts = Annotated[Parts, Depends(_parts)]
"""The running core, as a dependency."""

CurrentExchange = Annotated[Exchange, Depends(exchange_of)]
"""The request's own Exchange, as a dependency."""


async def read_json(request: Request, reader: BodyReader) -> Record:
    """A JSON body, checked. Raises MalformedJson, ValidationFailed, UnsupportedMediaType."""
    exchange = exchange_of(request)
    exchange.refuse_idempotency_key()
    refuse_query(request)
    exchange.require_media_type("application/json")
    return reader.read(await request.body())


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
    answer: Answer = await call(
        operation.start,
        exchange_of(request),
        request.scope["query_string"],
        await request.body(),
        row_id,
    )
    return CoreResponse(answer)


def data(content: Any) -> dict[str, Any]:
    """The contract's envelope."""
    return {"data": content}
