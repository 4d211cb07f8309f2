"""Core routes while applications start, stop, are mounted, forked, cancelled and left alone."""

import asyncio
import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from apiwright import Backend
from tests.support.api import ME, PASSWORD, REGISTER, USERS, Account, Api, account_of, fresh_email
from tests.support.application import backend
from tests.support.asgi import Request, ask
from tests.support.core_routes import Home, home
from tests.support.databases import database_url, writes_held_up
from tests.support.raw import connection, head
from tests.support.server import Server, environment, serving

ROOT = Path(__file__).parents[2]
TOO_LATE = "This took too long. Whether it was done is not known: look before trying again."


def sign_up(app: ASGIApp, prefix: str = "") -> Account:
    body = {"email": fresh_email(), "name": "Ada", "password": PASSWORD}
    return account_of(TestClient(app).post(prefix + REGISTER, json=body).json()["data"])


def json_request(method: str, path: str, account: Account, body: bytes = b"") -> Request:
    bearer = (b"authorization", f"Bearer {account.access}".encode())
    return Request(method, path.encode(), (bearer, (b"content-type", b"application/json")), (body,))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Backend]:
    app = backend(tmp_path)
    yield app
    app.runtime.stop()


# --- lifespans and mounts -------------------------------------------------------------------------


def test_with_lifespan_core_routes_answer_until_it_ends_and_again_in_the_next(app: Backend) -> None:
    ada = sign_up(app)
    for number in range(3):
        with TestClient(app, headers=ada.headers) as client:
            assert client.patch(ME, json={"name": f"Ada {number}"}).status_code == 200
            assert client.get(ME).json()["data"]["name"] == f"Ada {number}"
        assert app.runtime.running is None


def test_without_lifespan_a_core_route_starts_the_core(tmp_path: Path) -> None:
    ada = sign_up(backend(tmp_path))
    app = backend(tmp_path)
    app.runtime.stop()
    assert TestClient(app).get(ME, headers=ada.headers).status_code == 200
    assert app.runtime.running is not None


def test_after_a_stop_the_next_request_starts_the_core_again(app: Backend) -> None:
    ada = sign_up(app)
    client = TestClient(app, headers=ada.headers)
    for _ in range(3):
        assert client.get(ME).status_code == 200
        app.runtime.stop()


def test_an_application_that_is_let_go_of_takes_its_core_with_it(tmp_path: Path) -> None:
    app = backend(tmp_path)
    assert TestClient(app).get(ME).status_code == 401
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None


def mounted_in_fastapi(app: Backend) -> ASGIApp:
    outer = FastAPI()
    outer.mount("/inner", app)
    return outer


def mounted_in_starlette(app: Backend) -> ASGIApp:
    return Starlette(routes=[Mount("/inner", app)])


def mounted_deeply(app: Backend) -> ASGIApp:
    return Starlette(routes=[Mount("/in", routes=[Mount("/ner", app)])])


@pytest.mark.parametrize("around", [mounted_in_fastapi, mounted_in_starlette, mounted_deeply])
def test_mounted_core_routes_answer_and_locations_have_the_prefix(tmp_path: Path, around) -> None:
    at_home = home(tmp_path)
    app = at_home.backend()
    prefix = "/in/ner" if around is mounted_deeply else "/inner"
    client = TestClient(around(app), headers=at_home.headers)
    made = client.post(prefix + USERS, json={"email": "new@example.org", "name": "New"})
    assert made.status_code == 201
    location = made.headers["location"]
    assert location == f"{prefix}{USERS}/{made.json()['data']['id']}"
    assert client.get(location).json() == made.json()
    assert client.get(f"{prefix}{ME}").status_code == 200
    assert client.get(ME).status_code == 404
    app.runtime.stop()


@pytest.mark.parametrize("where", ["application", "server"])
def test_behind_a_root_path_a_users_location_has_it(tmp_path: Path, where: str) -> None:
    at_home = home(tmp_path)
    app = at_home.backend()
    if where == "application":
        app.root_path = "/behind"
        client = TestClient(app, headers=at_home.headers)
    else:
        client = TestClient(app, headers=at_home.headers, root_path="/behind")
    made = client.post(USERS, json={"email": "new@example.org", "name": "New"})
    assert made.headers["location"] == f"/behind{USERS}/{made.json()['data']['id']}"
    app.runtime.stop()


def test_websockets_and_streams_stand_beside_core_routes(app: Backend) -> None:
    @app.websocket(ME)
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            for number in range(3):
                yield f"{number}\n"

        return StreamingResponse(parts())

    ada = sign_up(app)
    with TestClient(app, headers=ada.headers) as client:
        for _ in range(2):
            assert client.get(ME).status_code == 200
            with client.websocket_connect(ME) as socket:
                socket.send_text("hello")
                assert socket.receive_text() == "hello"
            assert client.get("/stream").text == "0\n1\n2\n"


# --- loops and threads ----------------------------------------------------------------------------


async def rename_and_look(app: Backend, account: Account, times: int) -> set[int]:
    """Several writes and reads under way together; their statuses."""
    asked = []
    for number in range(times):
        body = f'{{"name": "Ada {number}"}}'.encode()
        asked.append(ask(app, json_request("PATCH", ME, account, body)))
        asked.append(ask(app, json_request("GET", ME, account)))
    return {answer.status for answer in await asyncio.gather(*asked)}


def test_loops_one_after_another_ask_core_routes(app: Backend) -> None:
    ada = sign_up(app)
    for _ in range(5):
        assert asyncio.run(rename_and_look(app, ada, 4)) == {200}


def test_loops_in_several_threads_ask_core_routes_at_once(app: Backend) -> None:
    accounts = [sign_up(app) for _ in range(6)]
    found: list[set[int]] = []
    start = threading.Barrier(len(accounts))

    def run(account: Account) -> None:
        start.wait()
        found.append(asyncio.run(rename_and_look(app, account, 10)))

    threads = [threading.Thread(target=run, args=[account]) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{200}] * len(accounts)


# --- requests that end early ----------------------------------------------------------------------


def test_a_write_whose_request_is_cancelled_completes_and_nothing_is_left(
    tmp_path: Path, app: Backend
) -> None:
    ada = sign_up(app)

    async def cancel_one() -> weakref.ref[asyncio.Task]:
        with writes_held_up(tmp_path, "app"):
            body = b'{"name": "Renamed"}'
            taken = asyncio.Event()
            request = json_request("PATCH", ME, ada, body)
            task = asyncio.create_task(ask(app, request, taken=taken))
            await taken.wait()
            await asyncio.sleep(0)  # with its body there, a request hands its work over
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return weakref.ref(task)

    async def name() -> str:
        answer = await ask(app, json_request("GET", ME, ada))
        return "Renamed" if b"Renamed" in answer.body else "Ada"

    async def run() -> None:
        task = await cancel_one()
        async with asyncio.timeout(30):
            while await name() != "Renamed":
                await asyncio.sleep(0.01)
            while task() is not None:
                gc.collect()
                await asyncio.sleep(0.01)

    asyncio.run(run())


@pytest.mark.parametrize(("method", "path"), [("PATCH", ME), ("POST", USERS)])
def test_a_client_that_leaves_within_its_body_is_logged_499_and_nothing_is_written(
    method: str, path: str, logged: Server
) -> None:
    with Api(logged) as api:
        ada = api.register()
        request_id = f"left-{method}"
        with connection(logged) as leaving:
            sent = head(
                method,
                path,
                x_request_id=request_id,
                content_type="application/json",
                content_length="100",
                authorization=f"Bearer {ada.access}",
            )
            leaving.send(sent + b'{"name": "Renamed"}')
        line = logged.wait_for_request(request_id)
        assert (line["status"], line["bytes"], line["user"]) == (499, 0, ada.id)
        assert api.get(ME, auth=ada).json()["data"]["name"] == "Ada"


@pytest.fixture(scope="module")
def logged(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that gives each request two seconds, and logs it."""
    folder = tmp_path_factory.mktemp("logged")
    with serving(folder, log_level="info", request_timeout="2s") as server:
        yield server


@pytest.mark.parametrize(("method", "path"), [("PATCH", ME), ("POST", USERS)])
def test_a_body_that_does_not_arrive_in_time_answers_504_in_the_same_words(
    method: str, path: str, logged: Server
) -> None:
    with Api(logged) as api:
        ada = api.register()
    with connection(logged) as slow:
        bearer = f"Bearer {ada.access}"
        slow.send(head(method, path, x_request_id="slow", content_length="9", authorization=bearer))
        slow.send(b"{")
        answer = slow.read()
    assert answer.status == 504
    assert answer.json()["error"] == {
        "code": "TIMEOUT",
        "message": TOO_LATE,
        "details": [],
        "requestId": "slow",
    }


# --- processes ------------------------------------------------------------------------------------

IN_FLIGHT = """
import asyncio, os, sys, threading, time

from apiwright import Backend
from tests.support.asgi import Request, ask

HEADERS = (
    (b"authorization", sys.argv[1].encode()),
    (b"content-type", b"application/json"),
)

def requests(number):
    for index in range(6):
        body = b'{"email": "u%d-%d@example.org", "name": "U", "password": "correct horse"}'
        yield Request("POST", b"/api/v1/users", HEADERS, (body % (number, index),))  # hashes
        yield Request("PATCH", b"/api/v1/users/me", HEADERS, (b'{"name": "Root %d"}' % index,))
        yield Request("GET", b"/api/v1/users?limit=100", HEADERS)
        yield Request("GET", b"/api/v1/users/me", HEADERS)
        body = b'{"email": "x", "password": "correct horse"}'
        yield Request("POST", b"/api/v1/auth/login", HEADERS, (body,))

def begin(app, number):
    return [asyncio.create_task(ask(app, request)) for request in requests(number)]

async def turns(number):
    for _ in range(number):
        await asyncio.sleep(0)
"""

FIFTY_TIMES = (
    IN_FLIGHT
    + """
async def once(app, number):
    tasks = begin(app, number)
    await turns(number % 7)
    for task in tasks[:: number % 3 + 1]:
        task.cancel()
    await turns(number % 5)
    if number % 2:
        await asyncio.gather(*tasks, return_exceptions=True)
        answers = [task.result() for task in tasks if not task.cancelled()]
        assert {answer.status for answer in answers} <= {200, 201, 400, 409, 503}, answers

app = Backend()
for number in range(50):
    if number % 5 == 0:
        app = Backend()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(once(app, number))
    if number % 4 < 2:
        app.runtime.stop()
        loop.close()
    else:  # closed with work under way
        loop.close()
        app.runtime.stop()
print("fifty times")
"""
)

EXITS = {
    "from within the loop": """
async def run(app):
    begin(app, 0)
    await turns(3)
    print("leaving", flush=True)
    sys.exit(0)

asyncio.run(run(Backend()))
""",
    "with a loop in a daemon thread": """
begun = threading.Event()

async def run(app):
    begin(app, 0)
    await turns(3)
    begun.set()
    await asyncio.Event().wait()

threading.Thread(target=lambda: asyncio.run(run(Backend())), daemon=True).start()
begun.wait()
print("leaving", flush=True)
""",
    "with a loop that was only let go": """
loop = asyncio.new_event_loop()
app = Backend()

async def run():
    begin(app, 0)
    await turns(3)

loop.run_until_complete(run())
print("leaving", flush=True)
""",
}

FORKING = (
    IN_FLIGHT
    + """
app = Backend()
loop = asyncio.new_event_loop()

async def run():
    tasks = begin(app, 0)
    await turns(3)
    return tasks

tasks = loop.run_until_complete(run())
child = os.fork()
if child == 0:
    try:
        asyncio.run(ask(app, Request("GET", b"/api/v1/users/me", HEADERS)))
    except RuntimeError as error:
        print(error, flush=True)
    sys.exit(7)  # an orderly end, whatever the parent has under way
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
answers = loop.run_until_complete(asyncio.gather(*tasks))
assert {answer.status for answer in answers} <= {200, 201, 400, 409}, answers
print("the parent goes on")
"""
)


def run(program: str, at_home: Home, **settings: object) -> subprocess.CompletedProcess[str]:
    url = database_url(at_home.folder, "app")
    return subprocess.run(
        [sys.executable, "-c", program, at_home.headers["Authorization"]],
        cwd=ROOT,
        env=environment(at_home.folder, database_url=url, log_level="error", **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_fifty_starts_and_stops_with_work_under_way_end_well(tmp_path: Path) -> None:
    done = run(FIFTY_TIMES, home(tmp_path))
    assert (done.returncode, done.stdout) == (0, "fifty times\n"), done.stderr


@pytest.mark.parametrize("program", EXITS.values(), ids=EXITS)
def test_an_exit_without_a_stop_and_with_work_under_way_ends_well(
    tmp_path: Path, program: str
) -> None:
    dear = {"password_memory_kib": 65536, "password_iterations": 3}
    done = run(IN_FLIGHT + program, home(tmp_path), **dear)
    assert (done.returncode, done.stdout) == (0, "leaving\n"), done.stderr


def test_a_fork_with_work_under_way_is_told_clearly_and_both_end_well(tmp_path: Path) -> None:
    done = run(FORKING, home(tmp_path))
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert first.startswith("This process was forked after apiwright's core had started")
    assert last == "the parent goes on"
