"""That the lanes of these tests are what they say: FastAPI's stack is entered, or it is not."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace

from apiwright import Backend
from apiwright.lanes import lanes
from tests.support.api import ME, Api
from tests.support.application import backend, settings
from tests.support.asgi import Request, ask
from tests.support.core_routes import core_requests
from tests.support.lane import fastapis_requests
from tests.support.server import Server, serving

BROKEN = """
from fastapi import FastAPI

from apiwright import Backend

async def fail(app, scope, receive, send):
    if scope["type"] == "http":
        raise RuntimeError("this is FastAPI's stack")
    await stack(app, scope, receive, send)

stack, FastAPI.__call__ = FastAPI.__call__, fail
app = Backend()
"""


@pytest.fixture(scope="module")
def broken(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in which whatever reaches FastAPI fails."""
    folder: Path = tmp_path_factory.mktemp("broken")
    (folder / "broken.py").write_text(BROKEN)
    with serving(folder, "broken:app") as server:
        yield server


def test_only_in_the_full_lane_does_a_server_ask_fastapi_for_a_core_route(
    broken: Server, lane: str
) -> None:
    with Api(broken) as api:
        assert api.get(ME).status_code == (401 if lane == "fast" else 500)
        assert api.get("/health/live").status_code == 500


def test_every_core_route_is_answered_in_the_lane_that_was_set(tmp_path: Path, lane: str) -> None:
    app = backend(tmp_path)
    client = TestClient(app)
    requests = core_requests(app)
    with fastapis_requests() as asked:
        for method, path in requests:
            assert client.request(method, path).status_code == 401
    assert asked == ([] if lane == "fast" else [path for _, path in requests])


def test_what_is_written_in_python_is_answered_by_fastapi_in_either_lane(tmp_path: Path) -> None:
    app = backend(tmp_path)
    client = TestClient(app)
    with fastapis_requests() as asked:
        for path in ("/health", "/docs", "/nope", f"{ME}/"):
            client.get(path)
    assert asked == ["/health", "/docs", "/nope", f"{ME}/"]


def test_no_route_of_ours_waits_for_a_thread_of_a_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a thread pool was asked")

    monkeypatch.setattr("anyio.to_thread.run_sync", refuse)
    app = backend(tmp_path)

    async def statuses() -> set[int]:
        found = set()
        for path, operations in app.openapi()["paths"].items():
            for method in operations:
                answer = await ask(app, Request(method.upper(), path.encode()))
                found.add(answer.status)
        return found

    assert asyncio.run(statuses()) == {200, 401, 415}


class Tracing(trace.TracerProvider):
    """Remembers the names of the spans that were begun."""

    def __init__(self) -> None:
        self.spans: list[str] = []

    def get_tracer(self, *arguments: Any, **options: Any) -> trace.Tracer:
        spans = self.spans

        class Tracer(trace.NoOpTracer):
            def start_span(self, name: str, *arguments: Any, **options: Any) -> trace.Span:
                spans.append(name)
                return super().start_span(name, *arguments, **options)

        return Tracer()


def test_fastapis_telemetry_sees_core_routes_in_either_lane(tmp_path: Path, lane: str) -> None:
    tracing = Tracing()
    app = Backend(settings(tmp_path), telemetry={"tracer_provider": tracing})
    assert TestClient(app).get(ME).status_code == 401
    assert "GET" in tracing.spans
    if lane == "fast":
        assert {entry.reason for entry in lanes(app) if entry.path == ME} == {"FastAPI's telemetry"}
