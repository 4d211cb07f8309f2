"""How the core's threads answer an event loop: one completion queue per loop, futures by number."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from weakref import WeakKeyDictionary

from apiwright._core.tasks import CompletionQueue

if TYPE_CHECKING:
    import asyncio

# Who awaits has imported asyncio; who never does need not wait for it.

P = ParamSpec("P")

Start = Callable[Concatenate[CompletionQueue, int, P], None]


class Bridge:
    """The loop's side of finished core work. Belongs to one running loop and goes away with it."""

    # Nothing here refers to the loop: it would keep itself alive through the table of bridges.
    def __init__(self, loop: "asyncio.AbstractEventLoop") -> None:
        self._queue = CompletionQueue()
        self._futures: dict[int, asyncio.Future[Any]] = {}
        self._last_ticket = 0
        loop.add_reader(self._queue.fileno(), self._drain)

    def start(self, start: Start[P], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[Any]":
        """Calls a `start_…` of the core; its result, or what it raised, arrives in the future.

        Cancelling the future only drops the result: work that has been handed over completes.
        """
        import asyncio

        self._last_ticket = ticket = self._last_ticket + 1
        future = asyncio.get_running_loop().create_future()
        self._futures[ticket] = future
        try:
            start(self._queue, ticket, *args, **kwargs)
        except BaseException:
            del self._futures[ticket]
            raise
        return future

    def _drain(self) -> None:
        for ticket, result, error in self._queue.drain():
            future = self._futures.pop(ticket, None)
            if future is None or future.done():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)


_bridges: "WeakKeyDictionary[asyncio.AbstractEventLoop, Bridge]" = WeakKeyDictionary()
"""One for each loop that has called the core; a bridge and its descriptor go with their loop."""


async def call(start: Start[P], *args: P.args, **kwargs: P.kwargs) -> Any:
    """Awaits work of the core on the running loop. Raises what the work raised (an AppError)."""
    import asyncio

    loop = asyncio.get_running_loop()
    bridge = _bridges.get(loop)
    if bridge is None:
        _forget_closed_loops()
        bridge = _bridges[loop] = Bridge(loop)
    return await bridge.start(start, *args, **kwargs)


def _forget_closed_loops() -> None:
    """A future that waits refers to its loop: one closed with work in flight stays until here."""
    for reference in _bridges.keyrefs():
        loop = reference()
        if loop is not None and loop.is_closed():
            _bridges.pop(loop, None)
