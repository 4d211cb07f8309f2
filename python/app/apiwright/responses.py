"""The core's answers and errors as Starlette responses."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apiwright.core.engine import Exchange
from apiwright.errors import AppError, Detail

EXCHANGE = "apiwright.exchange"
"""Where a request's Exchange is in its scope."""

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body, as the core gives them."""


def exchange_of(request: Request) -> Exchange:
    """The request's way through the core, begun by Backend."""
    exchange: Exchange = request.scope[EXCHANGE]
    return exchange


class CoreResponse(Response):
    """A finished answer, sent as it is."""

    def __init__(self, answer: Answer) -> None:
        self.status_code, headers, self.body = answer
        self.background = None
        self.raw_headers = headers
        if self.status_code not in (204, 304):
            length = str(len(self.body)).encode()
            self.raw_headers.append((b"content-length", length))


def error_answer(exchange: Exchange, error: AppError) -> Answer:
    """The contract's envelope, or problem details when the client prefers those."""
    return exchange.error_response(*core_error(error))


def core_error(error: AppError) -> tuple[str, str, list[Detail], int | None, str]:
    """An error as the core takes it: code, message, details, retry_after, cause."""
    return error.code, error.message, list(error.details), error.retry_after, error.cause


def error_response(
    exchange: Exchange, error: AppError, headers: Sequence[tuple[bytes, bytes]] = ()
) -> CoreResponse:
    """The same as a response; `headers` stand instead of ours of the same names."""
    status, own, body = error_answer(exchange, error)
    return CoreResponse((status, merged(own, headers), body))


def merged(
    ours: Sequence[tuple[bytes, bytes]], theirs: Sequence[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """Both, but of ours only those whose names are not among theirs."""
    names = {name for name, _ in theirs}
    return [*(header for header in ours if header[0] not in names), *theirs]


class SecretResponse(JSONResponse):
    """JSON with tokens in it: nothing on the way may keep it (RFC 6749 section 5.1)."""

    def __init__(self, content: object, status_code: int = 200) -> None:
        super().__init__(content, status_code, {"Cache-Control": "no-store"})
