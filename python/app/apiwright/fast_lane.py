"""Requests that the core answers whole, from the body to the two messages."""

import asyncio

from starlette.types import Message, Receive, Send

from apiwright.core.bridge import call
from apiwright.core.engine import OpenCall
from apiwright.errors import AppError, PayloadTooLarge
from apiwright.exchange import bounded, too_late
from apiwright.responses import core_error

Messages = tuple[Message, Message]


async def answer(
    opened: OpenCall, receive: Receive, send: Send, *, method: str, limit: int, seconds: float
) -> None:
    """Answers what could not be answered at once."""
    try:
        async with asyncio.timeout(seconds):
            messages = await _messages(opened, receive, limit)
    except TimeoutError:
        messages = _refusal(opened, too_late(method))
    await send(messages[0])
    await send(messages[1])


async def _messages(opened: OpenCall, receive: Receive, limit: int) -> Messages:
    """The answer. What was handed over completes."""
    body: bytes | None = b""
    if opened.takes_body:
        try:
            body = await _body(bounded(receive, limit))
        except PayloadTooLarge as error:
            return _refusal(opened, error)
    if body is None:
        return opened.abandon()
    messages: Messages = await call(opened.start, body)
    return messages


async def _body(receive: Receive) -> bytes | None:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _refusal(opened: OpenCall, error: AppError) -> Messages:
    return opened.refuse(*core_error(error))
