"""Requests with one Idempotency-Key go one after the other, where Python runs between their steps.

Elsewhere the transaction alone decides: of two that are one request the second finds the first's
answer. With hooks before it, both would have run them by then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakKeyDictionary, WeakValueDictionary

from starlette.requests import Request

from apiwright.core.accounts import AccessClaims
from apiwright.errors import Conflict

_PATIENCE: Final = 2.0  # seconds
_Turn = tuple[str, str, str]

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[_Turn, asyncio.Lock]] = (
    WeakKeyDictionary()
)


@asynccontextmanager
async def turn_of(request: Request, claims: AccessClaims | None) -> AsyncIterator[None]:
    """This request's turn; at once without a key. Raises Conflict when the one before it takes
    longer than clients should wait."""
    lock = _lock_of(request, claims)
    if lock is None:
        yield
        return
    try:
        async with asyncio.timeout(_PATIENCE):
            await lock.acquire()
    except TimeoutError:
        raise Conflict("This very request is still being answered.", retry_after=1) from None
    try:
        yield
    finally:
        lock.release()


def _lock_of(request: Request, claims: AccessClaims | None) -> asyncio.Lock | None:
    """The one of whoever sends this key to this path; the core says whether it is a key."""
    key = request.headers.get("idempotency-key")
    if key is None or claims is None:
        return None
    locks = _turns.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    turn = (claims.subject, request.url.path, key)
    lock = locks.get(turn)
    if lock is None:
        lock = locks[turn] = asyncio.Lock()
    return lock
