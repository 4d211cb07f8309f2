"""A declared resource beside users, which the core brings: the same fields, the same requests.

Each request is one ASGI call of the application, without a server: authenticated, in the fast lane.
People is `users` declared anew. Bodies of several sizes show how creating grows with them, and
importing a hundred resources of twenty fields what a big application's start takes.
"""

import asyncio
import atexit
import itertools
import json
import logging
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Annotated, Any, Literal

from apiwright import (
    Backend,
    Len,
    Many,
    Money,
    Ref,
    Resource,
    User,
    filterable,
    many,
    rules,
    searchable,
    sortable,
    unique,
)
from apiwright.core.validation import Email
from apiwright.testing import TestApi, running, temporary_settings
from bench.micro.measure import Row

_ROWS = 10_000
_SIZES = (1024, 4096, 16 * 1024, 64 * 1024)
_RESOURCES, _FIELDS = 100, 20


class Person(Resource, table="people", path="people", soft_delete=True):
    email: Annotated[Email, unique, searchable, filterable, sortable]
    name: Annotated[str, Len(1, 100), searchable, sortable]
    status: Annotated[Literal["active", "inactive"], filterable, sortable] = "active"
    roles: list[str] = []

    class Rules:
        read = create = update = delete = rules.role("admin")


class Text(Resource):
    text: Annotated[str, Len(1, 200_000)]

    class Rules:
        read = create = update = delete = rules.authenticated()


class Order(Resource):
    note: Annotated[str, Len(1, 100)]
    items: Many["Item"] = many()

    class Rules:
        read = create = update = delete = rules.authenticated()


class Item(Resource):
    order: Ref[Order]
    sku: Annotated[str, Len(1, 64)]
    quantity: int
    unit_price: Money

    class Rules:
        read = create = update = delete = rules.authenticated()


class Client:
    """ASGI calls of one application, on a loop of its own."""

    def __init__(self, app: Backend, token: str) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self.body = b""
        self._headers = [
            (b"host", b"bench"),
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", b"application/json"),
        ]

    def key(self, key: str | None) -> None:
        """The Idempotency-Key of what is asked from now on."""
        self._headers = [header for header in self._headers if header[0] != b"idempotency-key"]
        if key is not None:
            self._headers.append((b"idempotency-key", key.encode()))

    def ask(self, method: str, path: str, body: bytes = b"", query: bytes = b"") -> Any:
        """The answer's status."""
        return self._loop.run_until_complete(self._ask(method, path, body, query))

    async def _ask(self, method: str, path: str, body: bytes, query: bytes) -> int:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query,
            "headers": self._headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        status = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            self.body = message.get("body", b"")

        await self._app(scope, receive, send)
        return status


def rows() -> list[Row]:
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    folder = tempfile.TemporaryDirectory(dir=place)
    atexit.register(folder.cleanup)
    logging.disable(logging.INFO)
    app = Backend(temporary_settings(Path(folder.name)), resources=[Person, Text, Order, Item])
    context = running(app)
    api = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    admin = api.sign_up(roles=["admin"])
    client = Client(app, admin.headers["Authorization"].removeprefix("Bearer "))
    ids = _seed(api)
    return [*_compared(client, ids), *_including(api, client), *_sizes(client)]


def _seed(api: TestApi) -> dict[str, list[str]]:
    people = [{"email": f"p{n}@example.org", "name": f"Person {n}"} for n in range(_ROWS)]
    repository = api.app.runtime.repository
    return {
        "users": repository(User).insert_many(people),
        "people": repository(Person).insert_many(people),
    }


def _compared(client: Client, ids: dict[str, list[str]]) -> list[Row]:
    found = []
    for table, name in (("users", "users"), ("people", "declared")):
        asker = _Asker(client, f"/api/v1/{table}", ids[table])
        found += [
            Row("get", name, asker.row),
            Row("list", name, asker.page),
            Row("list, a step of a walk", name, asker.step),
            Row("create", name, asker.create),
            Row("batch of 100 creates", name, asker.batch),
        ]
    return sorted(found, key=lambda row: row.work)


_WALK = b"status=active&sort=-createdAt&limit=20&cursor="
_LIST = b"status=active&sort=-createdAt&page=3&limit=20"


class _Asker:
    """Requests of one collection."""

    def __init__(self, client: Client, path: str, ids: list[str]) -> None:
        self._client = client
        self._path = path
        self._ids = itertools.cycle(ids)
        self._numbers = itertools.count()
        self._cursor = b""
        for _ in range(3):
            _is(client.ask("GET", path, query=_WALK + self._cursor), 200)
            self._cursor = json.loads(client.body)["meta"]["nextCursor"].encode()

    def row(self) -> None:
        _is(self._client.ask("GET", f"{self._path}/{next(self._ids)}"), 200)

    def page(self) -> None:
        _is(self._client.ask("GET", self._path, query=_LIST), 200)

    def step(self) -> None:
        _is(self._client.ask("GET", self._path, query=_WALK + self._cursor), 200)

    def create(self) -> None:
        _is(self._client.ask("POST", self._path, json.dumps(self._new()).encode()), 201)

    def batch(self) -> None:
        operations = [
            {"method": "POST", "path": self._path, "body": self._new()} for _ in range(100)
        ]
        body = json.dumps({"operations": operations}).encode()
        _is(self._client.ask("POST", "/api/v1/batch", body), 200)

    def _new(self) -> dict[str, str]:
        return {"email": f"new{next(self._numbers)}@example.org", "name": "New", "status": "active"}


def _is(status: Any, wanted: int) -> None:
    if status != wanted:
        raise AssertionError(f"answered {status}, not {wanted}")


def _including(api: TestApi, client: Client) -> list[Row]:
    """Orders of five items each."""
    repository = api.app.runtime.repository
    orders = repository(Order).insert_many([{"note": f"Order {n}"} for n in range(_ROWS // 5)])
    item = {"quantity": 2, "unit_price": "12.50"}
    repository(Item).insert_many(
        [{"order": order, "sku": f"AB-{n}"} | item for order in orders for n in range(5)]
    )

    def plain() -> None:
        _is(client.ask("GET", "/api/v1/orders", query=b"limit=20"), 200)

    def including() -> None:
        _is(client.ask("GET", "/api/v1/orders", query=b"limit=20&include=items"), 200)

    return [
        Row("list of 20 orders", "declared", plain),
        Row("the same, including 5 items each", "declared", including),
    ]


def _sizes(client: Client) -> list[Row]:
    return [_sized(client, size) for size in _SIZES]


def _sized(client: Client, size: int) -> Row:
    body = json.dumps({"text": "x" * (size - 12)}).encode()

    def create() -> None:
        _is(client.ask("POST", "/api/v1/texts", body), 201)

    return Row(f"create, a body of {size // 1024} KiB", "declared", create)


_BIG = textwrap.dedent(
    f"""
    import time
    from apiwright import Backend, Resource, Settings
    start = time.process_time()
    classes = [
        type(f"Thing{{n}}", (Resource,), {{
            "__module__": __name__,
            "__annotations__": {{f"field_{{m}}": str if m % 2 else int for m in range({_FIELDS})}},
        }})
        for n in range({_RESOURCES})
    ]
    app = Backend(Settings(_env_file=None, env="development"), resources=classes)
    print(time.process_time() - start)
    """
)


def start_seconds() -> float:
    """CPU of declaring and compiling an application of a hundred resources of twenty fields."""
    done = subprocess.run(
        [sys.executable, "-c", _BIG], check=True, capture_output=True, text=True, timeout=120
    )
    return float(done.stdout)


def table() -> None:
    """The start, on a line of its own."""
    took = min(start_seconds() for _ in range(3))
    work = f"start, {_RESOURCES} resources of {_FIELDS} fields, best of 3"
    print(f"| {work} | declared | {took * 1e3:,.0f} ms | |")
