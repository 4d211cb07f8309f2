import select
from typing import Any

import pytest

from apiwright._core.base import Secret
from apiwright._core.tasks import CompletionQueue
from apiwright.errors import InvalidCredentials
from tests.bindings.world import cheap_hasher, delivered, pool_of


def is_readable(queue: CompletionQueue) -> bool:
    return bool(select.select([queue.fileno()], [], [], 0)[0])


def test_a_new_queue_is_quiet_and_empty():
    queue = CompletionQueue()
    assert not is_readable(queue)
    assert queue.drain() == []


def test_the_descriptor_is_readable_until_all_is_drained():
    queue, pool = CompletionQueue(), pool_of(cheap_hasher())
    pool.start_hash(queue, 1, Secret("one"))
    pool.stop()
    assert is_readable(queue)
    assert len(queue.drain()) == 1
    assert not is_readable(queue)
    assert queue.drain() == []


def test_one_drain_gives_all_that_is_finished_in_order_with_its_tickets():
    queue, pool = CompletionQueue(), pool_of(cheap_hasher(), queue_limit=100)
    tickets = [2**64 - 1, 0, *range(50)]
    for ticket in tickets:
        pool.start_hash(queue, ticket, Secret("word"))
    finished = delivered(queue, len(tickets))
    assert [ticket for ticket, _, _ in finished] == tickets
    assert all(phc.startswith("$argon2id$") and error is None for _, phc, error in finished)


def test_results_and_exceptions_come_side_by_side():
    queue, pool = CompletionQueue(), pool_of(cheap_hasher())
    pool.start_hash(queue, 1, Secret("word"))
    pool.start_verify(queue, 2, Secret("word"), None)
    (_, phc, nothing), (_, none, error) = delivered(queue, 2)
    assert isinstance(phc, str) and nothing is None
    assert none is None and isinstance(error, InvalidCredentials)


def test_each_queue_gets_its_own_results():
    queues, pool = [CompletionQueue() for _ in range(4)], pool_of(cheap_hasher())
    for ticket, queue in enumerate(queues):
        pool.start_hash(queue, ticket, Secret("word"))
    assert [delivered(queue)[0][0] for queue in queues] == [0, 1, 2, 3]


def test_a_closed_queue_drops_what_waits_and_what_comes():
    queue, pool = CompletionQueue(), pool_of(cheap_hasher())
    pool.start_hash(queue, 1, Secret("word"))
    pool.stop()
    queue.close()
    assert queue.drain() == []
    queue.close()

    other = pool_of(cheap_hasher())
    other.start_hash(queue, 2, Secret("word"))
    other.stop()
    assert queue.drain() == []
    assert not is_readable(queue)


@pytest.mark.parametrize("queue", [None, 0, object(), "queue"])
def test_only_a_queue_is_delivered_to(queue: Any):
    with pytest.raises(TypeError):
        pool_of(cheap_hasher()).start_hash(queue, 1, Secret("word"))


@pytest.mark.parametrize("ticket", [None, -1, 2**64, 1.5, "1", 10**400])
def test_a_ticket_is_a_number_of_64_bits_without_sign(ticket: Any):
    with pytest.raises(TypeError):
        pool_of(cheap_hasher()).start_hash(CompletionQueue(), ticket, Secret("word"))
