"""Backend as the FastAPI application it is: dependencies, middleware, mounts, lifespan, loops."""

import asyncio
import subprocess
import sys
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apiwright.errors import Conflict
from apiwright.routes.requests import _parts
from tests.support.api import ME, NOBODY, REGISTER, USERS
from tests.support.application import backend
from tests.support.contract import SECURITY_HEADERS, document, refused
from tests.support.server import environment

ADA = {"email": "ada@example.org", "name": "Ada", "password": "correct horse battery"}


def deny() -> None:
    raise HTTPException(403, "Denied by the application.")


def every_core_route() -> list[tuple[str, str]]:
    return [
        (method.upper(), path.replace("{id}", NOBODY))
        for path, operations in document()["paths"].items()
        for method in operations
    ]


def denied_everywhere(client: TestClient) -> bool:
    codes = {
        (method, path): client.request(method, path).status_code
        for method, path in every_core_route()
    }
    return set(codes.values()) == {403}


def test_a_dependency_of_the_application_guards_every_core_route(tmp_path: Path) -> None:
    app = backend(tmp_path, options={"dependencies": [Depends(deny)]})
    assert denied_everywhere(TestClient(app))


def test_a_denying_override_counts_at_once_and_while_it_stands(tmp_path: Path) -> None:
    app = backend(tmp_path)
    client = TestClient(app)
    assert client.post(REGISTER, json=ADA).status_code == 201
    app.dependency_overrides[_parts] = deny
    assert client.post(REGISTER, json=ADA).status_code == 403
    app.dependency_overrides.clear()
    assert client.post(REGISTER, json=ADA).status_code == 409


def test_a_denying_middleware_guards_every_core_route(tmp_path: Path) -> None:
    app = backend(tmp_path)

    @app.middleware("http")
    async def refuse(request, call_next):
        return JSONResponse({"denied": True}, 403)

    client = TestClient(app)
    assert denied_everywhere(client)
    response = client.get("/health")
    assert SECURITY_HEADERS.items() <= dict(response.headers).items()
    assert "x-request-id" in response.headers


def test_middleware_sees_and_changes_our_answers(tmp_path: Path) -> None:
    app = backend(tmp_path)
    seen: list[tuple[str, int]] = []

    class Watching(BaseHTTPMiddleware):
        async def dispatch(self, request, call_next):
            response = await call_next(request)
            seen.append((request.url.path, response.status_code))
            response.headers["X-Own"] = "1"
            return response

    app.add_middleware(Watching)
    client = TestClient(app)
    assert client.post(REGISTER, json=ADA).headers["x-own"] == "1"
    assert client.get("/nope").headers["x-own"] == "1"
    assert refused(client.get(ME), 401, "UNAUTHORIZED") == set()
    assert seen == [(REGISTER, 201), ("/nope", 404), (ME, 401)]


def test_an_error_raised_in_middleware_gets_the_envelope(tmp_path: Path) -> None:
    app = backend(tmp_path)

    @app.middleware("http")
    async def fail(request, call_next):
        if request.url.path == "/conflict":
            raise Conflict("Taken.", [("slot", "Is taken.", "unique")])
        raise RuntimeError("secret of the middleware")

    client = TestClient(app)
    response = client.get("/health")
    assert refused(response, 500, "INTERNAL_ERROR") == set()
    assert "secret" not in response.text
    assert refused(client.get("/conflict"), 409, "CONFLICT") == {("slot", "unique")}


def test_an_exception_handler_of_ones_own_is_asked(tmp_path: Path) -> None:
    async def handle(request, error):
        return JSONResponse({"own": str(error)}, 418)

    app = backend(tmp_path, options={"exception_handlers": {KeyError: handle}})

    @app.get("/fails")
    async def fails() -> None:
        raise KeyError("x")

    assert TestClient(app).get("/fails").json() == {"own": "'x'"}


def test_a_header_of_ones_own_stands_instead_of_ours(tmp_path: Path) -> None:
    app = backend(tmp_path)

    @app.get("/page")
    async def page() -> Response:
        headers = {"Content-Security-Policy": "default-src 'self'", "Cache-Control": "max-age=60"}
        response = Response("hi", headers=headers)
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    headers = TestClient(app).get("/page").headers
    assert headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert headers.get_list("cache-control") == ["max-age=60"]
    assert len(headers.get_list("set-cookie")) == 2
    assert headers["x-content-type-options"] == "nosniff"


def test_streams_background_tasks_and_websockets_work(tmp_path: Path) -> None:
    app = backend(tmp_path)
    done = threading.Event()

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts():
            for number in range(3):
                yield f"{number}\n"
                await asyncio.sleep(0)

        return StreamingResponse(parts())

    @app.get("/background")
    async def background() -> Response:
        return Response("ok", background=BackgroundTask(done.set))

    @app.websocket("/echo")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()

    client = TestClient(app)
    assert client.get("/stream").text == "0\n1\n2\n"
    assert client.get("/background").text == "ok"
    assert done.wait(10)
    with client.websocket_connect("/echo") as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"


def test_mounted_under_a_prefix_it_works_and_location_has_the_prefix(tmp_path: Path) -> None:
    outer = FastAPI()
    outer.mount("/backend", backend(tmp_path))
    client = TestClient(outer)
    response = client.post(f"/backend{REGISTER}", json=ADA)
    assert response.status_code == 201
    data = response.json()["data"]
    assert response.headers["location"] == f"/backend{USERS}/{data['user']['id']}"
    bearer = {"Authorization": f"Bearer {data['accessToken']}"}
    assert client.get(response.headers["location"], headers=bearer).json()["data"] == data["user"]
    assert refused(client.get("/backend/nope"), 404, "NOT_FOUND") == set()
    wrong = client.put("/backend/health")
    assert refused(wrong, 405, "METHOD_NOT_ALLOWED") == set()
    assert wrong.headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.head("/backend/health").status_code == 200
    docs = client.get("/backend/docs")
    assert docs.status_code == 200
    assert "/backend/openapi.json" in docs.text or 'openapi.json"' in docs.text
    assert client.get("/backend/openapi.json").json()["openapi"].startswith("3.1")


def test_behind_a_proxy_that_strips_a_prefix_location_has_it(tmp_path: Path) -> None:
    client = TestClient(backend(tmp_path), root_path="/behind")
    response = client.post(REGISTER, json=ADA)
    user = response.json()["data"]["user"]["id"]
    assert response.headers["location"] == f"/behind{USERS}/{user}"


def test_an_application_mounted_in_it_answers_for_itself(tmp_path: Path) -> None:
    inner = FastAPI()

    @inner.get("/hi")
    async def hi() -> str:
        return "hi"

    app = backend(tmp_path)
    app.mount("/inner", inner)
    client = TestClient(app)
    assert client.get("/inner/hi").json() == "hi"
    assert client.get("/inner/nope").status_code == 404
    assert client.post("/inner/hi").status_code == 405
    assert "x-request-id" in client.get("/inner/hi").headers


def test_lifespan_is_run_around_ours(tmp_path: Path) -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app):
        events.append("begin")
        yield {"answer": 42}
        events.append("end")

    app = backend(tmp_path, options={"lifespan": lifespan})

    @app.get("/state")
    async def state(request: Request) -> int:
        answer: int = request.state.answer
        return answer

    with TestClient(app) as client:
        assert client.get("/state").json() == 42
        assert client.post(REGISTER, json=ADA).status_code == 201
        assert events == ["begin"]
    assert events == ["begin", "end"]
    with TestClient(app) as client:
        assert client.post(REGISTER, json=ADA).status_code == 409


def test_without_lifespan_the_first_request_starts_the_core(tmp_path: Path) -> None:
    client = TestClient(backend(tmp_path))
    assert client.post(REGISTER, json=ADA).status_code == 201
    assert client.post(REGISTER, json=ADA).status_code == 409


def test_several_event_loops_use_one_application(tmp_path: Path) -> None:
    app = backend(tmp_path)

    async def register(number: int) -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            body = {**ADA, "email": f"u{number}@example.org"}
            answers = await asyncio.gather(*(client.post(REGISTER, json=body) for _ in range(4)))
            return sorted(answer.status_code for answer in answers)[0]

    assert [asyncio.run(register(number)) for number in range(5)] == [201] * 5
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda number=number: found.append(asyncio.run(register(number))))
        for number in range(5, 11)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [201] * 6


FORKING = """
import os, sys
from fastapi.testclient import TestClient
from apiwright import Backend

app = Backend()
app.runtime.migrations.up(app.runtime.database)
assert TestClient(app).get("/health/ready").status_code == 200
sys.stdout.flush()
child = os.fork()
if child == 0:
    try:
        app.runtime.database
    except RuntimeError as error:
        print(error, flush=True)
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert TestClient(app).get("/health/ready").status_code == 200
print("the parent goes on")
"""


def test_a_fork_after_the_start_is_told_clearly(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKING],
        cwd=tmp_path,
        env=environment(tmp_path, log_level="error"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert first.startswith("This process was forked after apiwright's core had started")
    assert last == "the parent goes on"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("origin", ["https://app.example.org", "https://other.example"])
def test_only_named_origins_may_read_answers(tmp_path: Path, origin: str) -> None:
    client = TestClient(backend(tmp_path, cors_origins="https://app.example.org"))
    good = origin == "https://app.example.org"
    response = client.get("/health", headers={"Origin": origin})
    assert response.headers.get("access-control-allow-origin") == (origin if good else None)
    assert "Origin" in response.headers.get_list("vary")
    preflight = client.options(
        ME, headers={"Origin": origin, "Access-Control-Request-Method": "PATCH"}
    )
    assert preflight.status_code == 204
    assert ("access-control-allow-methods" in preflight.headers) == good
