"""Collections as they grow, and what their guarantees cost beside what they guard.

As resources.py asks: one ASGI call each, without a server. A page and a step of a walk of ten
thousand rows and of a million; a create with an Idempotency-Key and without; a batch of a hundred
creates; insert_many of ten thousand small rows.
"""

import atexit
import itertools
import json
import logging
import tempfile
from pathlib import Path

from apiwright import Backend
from apiwright.testing import TestApi, running, temporary_settings
from bench.micro.measure import Row
from bench.micro.resources import Client, Item, Order, Person

_FEW, _MANY, _PART = 10_000, 1_000_000, 100_000
_QUERY = b"status=active&sort=-createdAt&limit=20"


def rows() -> list[Row]:
    logging.disable(logging.INFO)
    return [*_reads(_FEW), *_reads(_MANY), *_writes()]


def _served() -> tuple[TestApi, Client]:
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = tempfile.TemporaryDirectory(dir=place)
    atexit.register(folder.cleanup)
    context = running(
        Backend(temporary_settings(Path(folder.name)), resources=[Person, Order, Item])
    )
    api = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    admin = api.sign_up(roles=["admin"])
    return api, Client(api.app, admin.headers["Authorization"].removeprefix("Bearer "))


def _reads(count: int) -> list[Row]:
    api, client = _served()
    people = api.app.runtime.repository(Person)
    for begin in range(0, count, _PART):
        numbers = range(begin, min(count, begin + _PART))
        people.insert_many(
            [
                {
                    "email": f"p{n}@example.org",
                    "name": f"Person {n}",
                    "status": "inactive" if n % 5 == 0 else "active",
                }
                for n in numbers
            ]
        )
    cursor = b""
    for _ in range(count // 100):
        _ask(client, 200, "GET", query=_QUERY + b"&cursor=" + cursor)
        cursor = json.loads(client.body)["meta"]["nextCursor"].encode()

    def page() -> None:
        _ask(client, 200, "GET", query=_QUERY + b"&page=3")

    def step() -> None:
        _ask(client, 200, "GET", query=_QUERY + b"&cursor=" + cursor)

    return [
        Row("a page of 20", f"{count:,} rows", page),
        Row("a step of a walk, amid them", f"{count:,} rows", step),
    ]


def _writes() -> list[Row]:
    api, client = _served()
    keys = itertools.count()
    order = json.dumps({"note": "x"}).encode()
    operation = {"method": "POST", "path": "/api/v1/orders", "body": {"note": "x"}}
    batch = json.dumps({"operations": [operation] * 100}).encode()
    orders = api.app.runtime.repository(Order)

    def create() -> None:
        _ask(client, 201, "POST", "/api/v1/orders", order)

    def keyed() -> None:
        client.key(f"key-{next(keys)}")
        _ask(client, 201, "POST", "/api/v1/orders", order)
        client.key(None)

    def many() -> None:
        _ask(client, 200, "POST", "/api/v1/batch", batch)

    def insert_many() -> None:
        orders.insert_many([{"note": "x"}] * 10_000)

    return [
        Row("create", "plain", create),
        Row("create", "with an Idempotency-Key", keyed),
        Row("batch of 100 creates", "", many),
        Row("insert_many of 10,000", "from Python", insert_many),
    ]


def _ask(
    client: Client,
    status: int,
    method: str,
    path: str = "/api/v1/people",
    body: bytes = b"",
    query: bytes = b"",
) -> None:
    answered = client.ask(method, path, body, query)
    if answered != status:
        raise AssertionError(f"answered {answered}, not {status}")
