"""What wraps every request: identity, limits, body bound, deadline, headers, the log line."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.types import Message, Receive, Scope, Send

from apiwright.core.engine import Exchange, Gateway
from apiwright.errors import AppError, PayloadTooLarge, Timeout
from apiwright.failures import log_unexpected, went_wrong
from apiwright.responses import EXCHANGE, Answer, CoreResponse, error_answer

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def begin(gateway: Gateway, scope: Scope) -> Exchange:
    """Identifies and counts a request; it travels in the scope from here on."""
    client = scope.get("client")
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    exchange = gateway.begin(
        scope["method"],
        path,
        quote(scope.get("root_path", "")),
        client[0] if client else "",
        scope["headers"],
    )
    scope[EXCHANGE] = exchange
    return exchange


class Sender:
    """`send`, with what every answer carries; also knows what has been sent."""

    def __init__(self, send: Send, exchange: Exchange, *, head: bool) -> None:
        self._send = send
        self._exchange = exchange
        self._head = head
        self.status = 0
        self.size = 0
        self.on_start: Callable[[], None] = lambda: None
        self._logged = False

    @property
    def started(self) -> bool:
        """True once a status went out."""
        return self.status != 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.on_start()
            own = message.get("headers", [])
            if not isinstance(own, list):
                own = list(own)
            message = {**message, "headers": [*own, *self._exchange.common_headers(own)]}
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            body = message.get("body", b"")
            if self._head and body:
                message = {**message, "body": b""}
            else:
                self.size += len(body)
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.log()  # now, not when background tasks have ended too

    def log(self) -> None:
        """Writes the request's line, once; 499 when nothing was answered, as nginx does."""
        if not self._logged:
            self._logged = True
            self._exchange.log(self.status or 499, self.size)

    async def answer(self, answer: Answer) -> None:
        """Sends a finished answer."""
        response = CoreResponse(answer)
        await self(
            {
                "type": "http.response.start",
                "status": response.status_code,
                "headers": response.raw_headers,
            }
        )
        await self({"type": "http.response.body", "body": response.body})


def bounded(receive: Receive, limit: int) -> Receive:
    """`receive` that raises PayloadTooLarge once a body passes `limit` bytes."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise PayloadTooLarge("The body is too large.")
        return message

    return limited


async def run(
    application: Callable[[], Awaitable[None]],
    exchange: Exchange,
    sender: Sender,
    *,
    method: str,
    seconds: float,
) -> None:
    """Runs the application; answers for it when `seconds` pass before it does, or it fails."""
    try:
        async with asyncio.timeout(seconds) as deadline:
            # An application may answer after its time was up: that stands, too late to be undone.
            sender.on_start = lambda: None if deadline.expired() else deadline.reschedule(None)
            try:
                await application()
            finally:
                sender.on_start = lambda: None  # what is sent from here on is ours
    except TimeoutError as error:
        if not deadline.expired() or sender.started:
            await _fail(exchange, sender, error)
        else:
            await _refuse(exchange, sender, too_late(method))
    except AppError as error:
        if not sender.started:
            await _refuse(exchange, sender, error)
        elif sender.status != error.status:  # else it is what was just answered
            await _fail(exchange, sender, error)
    except Exception as error:
        await _fail(exchange, sender, error)


def too_late(method: str) -> Timeout:
    """What is said when a request's time is up."""
    if method in _SAFE_METHODS:
        return Timeout("This took too long.")
    return Timeout(
        "This took too long. Whether it was done is not known: look before trying again."
    )


async def _refuse(exchange: Exchange, sender: Sender, error: AppError) -> None:
    await sender.answer(error_answer(exchange, error))


async def _fail(exchange: Exchange, sender: Sender, error: Exception) -> None:
    """Starlette's error middleware raises again after it has answered: that is logged already."""
    if sender.started and sender.status == 500:
        return
    log_unexpected(exchange.request_id, error)
    if sender.started:
        raise error
    await _refuse(exchange, sender, went_wrong())
