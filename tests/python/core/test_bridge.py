"""Awaiting the core: results, exceptions, cancelling, several loops, loops that end."""

import asyncio
import gc
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvloop

from apiwright._core.base import Secret
from apiwright._core.passwords import HashingPool
from apiwright._core.tasks import CompletionQueue
from apiwright.core import bridge
from apiwright.core.bridge import call
from apiwright.errors import InvalidCredentials, Unavailable
from tests.bindings.world import cheap_hasher, pool_of, slow_hasher
from tests.support.server import wait_until

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """`asyncio.run` on either loop that servers use."""
    factory = asyncio.new_event_loop if request.param == "asyncio" else uvloop.new_event_loop

    def run(main: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(main)

    return run


@pytest.fixture
def pool() -> HashingPool:
    return pool_of(cheap_hasher(), threads=2, queue_limit=1000)


def test_a_result_is_awaited(run: Run, pool: HashingPool):
    async def main() -> None:
        phc = await call(pool.start_hash, Secret("word"))
        assert await call(pool.start_verify, Secret("word"), phc) is None

    run(main())


def test_an_exception_is_raised_where_it_is_awaited(run: Run, pool: HashingPool):
    async def main() -> None:
        with pytest.raises(InvalidCredentials):
            await call(pool.start_verify, Secret("word"), None)

    run(main())


def test_many_results_reach_their_own_futures(run: Run, pool: HashingPool):
    async def one(number: int) -> None:
        phc = await call(pool.start_hash, Secret(f"{number}"))
        cheap_hasher().verify(f"{number}", phc)

    async def main() -> None:
        await asyncio.gather(*map(one, range(300)))

    run(main())


def test_all_that_finished_meanwhile_comes_in_one_drain(run: Run, pool: HashingPool):
    async def main() -> None:
        futures = [asyncio.ensure_future(call(pool.start_hash, Secret("x"))) for _ in range(50)]
        await asyncio.sleep(0)  # each of them is handed over
        while pool.waiting():  # the loop stands still; the pool does not
            os.sched_yield()
        pool.stop()
        before = len(bridge._bridges[asyncio.get_running_loop()]._futures)
        assert before == 50
        assert len(await asyncio.gather(*futures)) == 50

    run(main())


def test_a_full_queue_is_unavailable_at_once_and_leaves_nothing_behind(run: Run):
    async def main() -> None:
        pool = pool_of(slow_hasher(), queue_limit=1)
        accepted: list[asyncio.Future[str]] = []
        await call(pool.start_hash, Secret("first"))
        mine = bridge._bridges[asyncio.get_running_loop()]
        with pytest.raises(Unavailable) as caught:
            while len(accepted) < 1000:
                accepted.append(mine.start(pool.start_hash, Secret("word")))
        assert caught.value.retry_after
        assert len(mine._futures) == len(accepted)  # none of them has been drained yet
        await asyncio.gather(*accepted)
        assert not mine._futures

    run(main())


def test_a_type_error_is_raised_at_once_and_leaves_nothing_behind(run: Run, pool: HashingPool):
    async def main() -> None:
        with pytest.raises(TypeError):
            await call(pool.start_hash, "word")  # type: ignore[arg-type]
        assert not bridge._bridges[asyncio.get_running_loop()]._futures

    run(main())


def test_a_cancelled_call_drops_the_result_alone(run: Run):
    async def main() -> None:
        pool = pool_of(slow_hasher())
        cancelled = asyncio.ensure_future(call(pool.start_hash, Secret("one")))
        failing = asyncio.ensure_future(call(pool.start_verify, Secret("two"), None))
        kept = asyncio.ensure_future(call(pool.start_hash, Secret("three")))
        await asyncio.sleep(0)
        cancelled.cancel()
        failing.cancel()
        cheap_hasher().verify("three", await kept)
        assert cancelled.cancelled() and failing.cancelled()
        assert not bridge._bridges[asyncio.get_running_loop()]._futures

    run(main())


def test_a_timeout_is_a_timeout(run: Run):
    async def main() -> None:
        pool = pool_of(slow_hasher())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await call(pool.start_hash, Secret("word"))

    run(main())


def test_a_loop_may_end_with_work_under_way(run: Run):
    pool = pool_of(slow_hasher(), queue_limit=100)

    async def main() -> None:
        for _ in range(10):
            asyncio.ensure_future(call(pool.start_hash, Secret("word")))
        await asyncio.sleep(0)

    run(main())  # cancels what waits, closes the loop
    pool.stop()  # the results go to a loop that is gone


def test_a_loop_closed_under_a_call_that_waits_is_let_go(run: Run, pool: HashingPool):
    slow = pool_of(slow_hasher())
    loop = asyncio.new_event_loop()
    waiting: list[asyncio.Future[Any]] = []

    async def begin() -> None:
        await call(slow.start_hash, Secret("first"))
        started = bridge._bridges[loop].start(slow.start_hash, Secret("second"))
        waiting.append(started)

    loop.run_until_complete(begin())
    loop.close()
    slow.stop()
    assert not waiting.pop().done()
    run(call(pool.start_hash, Secret("word")))
    assert loop not in bridge._bridges


def test_one_loop_after_another(run: Run, pool: HashingPool):
    for _ in range(5):
        assert run(call(pool.start_hash, Secret("word")))


def test_several_loops_at_once(run: Run, pool: HashingPool):
    failures: list[BaseException] = []
    together = threading.Barrier(4)

    async def main(name: str) -> None:
        for turn in range(20):
            phc = await call(pool.start_hash, Secret(f"{name}{turn}"))
            cheap_hasher().verify(f"{name}{turn}", phc)

    def work(name: str) -> None:
        try:
            together.wait()
            run(main(name))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_loops_leave_no_descriptor_and_no_bridge(run: Run, pool: HashingPool):
    def used() -> int:
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    run(call(pool.start_hash, Secret("word")))
    before = used()
    for _ in range(5):
        run(call(pool.start_hash, Secret("word")))
    wait_until(lambda: used() == before)  # a thread may be about to let go of the last one
    assert not [loop for loop in bridge._bridges if loop.is_closed()]


def test_the_loop_goes_on_while_the_core_works(run: Run):
    async def main() -> int:
        pool, laps = pool_of(slow_hasher()), 0
        hashing = asyncio.ensure_future(call(pool.start_hash, Secret("word")))
        while not hashing.done():
            laps += 1
            await asyncio.sleep(0)
        return laps

    assert run(main()) > 2


def test_outside_a_loop_there_is_nothing_to_await(pool: HashingPool):
    waiting = call(pool.start_hash, Secret("word"))
    with pytest.raises(RuntimeError, match="no running event loop"):
        waiting.send(None)


def test_a_stranger_on_the_queue_is_left_alone(run: Run, pool: HashingPool):
    """A ticket that nobody waits for is dropped."""

    async def main() -> None:
        await call(pool.start_hash, Secret("word"))
        queue: CompletionQueue = bridge._bridges[asyncio.get_running_loop()]._queue
        pool.start_hash(queue, 10**9, Secret("word"))
        await call(pool.start_hash, Secret("word"))

    run(main())
