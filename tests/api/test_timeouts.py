"""Requests that take too long, and clients that go away."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.api import LOGIN, REGISTER, Api, fresh_email
from tests.support.contract import refused
from tests.support.raw import connection, head
from tests.support.server import Server, serving, wait_until

APPLICATION = """
import asyncio

from fastapi.responses import StreamingResponse

from apiwright import Backend

app = Backend()

@app.api_route("/never", methods=["GET", "POST", "DELETE"])
async def never():
    await asyncio.Event().wait()

@app.get("/stream")
async def stream():
    async def parts():
        for number in range(4):
            yield f"{number}\\n"
            await asyncio.sleep(0.5)
    return StreamingResponse(parts())

@app.get("/own-timeout")
async def own_timeout():
    raise TimeoutError("a client of ours at 10.0.0.7 gave up")
"""


@pytest.fixture(scope="module")
def impatient(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that gives each request one second."""
    folder: Path = tmp_path_factory.mktemp("impatient")
    (folder / "slow.py").write_text(APPLICATION)
    with serving(folder, "slow:app", request_timeout="1s") as server:
        yield server


@pytest.mark.one_lane("what is asked here is written in Python")
def test_a_read_over_the_time_answers_504(impatient: Server) -> None:
    with Api(impatient) as api:
        for method in ("GET", "HEAD"):
            begun = time.monotonic()
            response = api.request(method, "/never")
            assert response.status_code == 504
            assert 0.9 < time.monotonic() - begun < 10
        response = api.get("/never")
        assert refused(response, 504, "TIMEOUT") == set()
        assert "not known" not in response.json()["error"]["message"]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_write_over_the_time_says_that_its_outcome_is_unknown(
    impatient: Server, method: str
) -> None:
    with Api(impatient) as api:
        response = api.request(method, "/never")
        assert refused(response, 504, "TIMEOUT") == set()
        assert "not known" in response.json()["error"]["message"]


@pytest.mark.one_lane("what is asked here is written in Python")
def test_an_answer_that_began_in_time_is_not_cut(impatient: Server) -> None:
    with Api(impatient) as api:
        assert api.get("/stream").text == "0\n1\n2\n3\n"


@pytest.mark.one_lane("what is asked here is written in Python")
def test_a_timeout_inside_the_application_is_a_fault_not_a_504(impatient: Server) -> None:
    with Api(impatient) as api:
        assert refused(api.get("/own-timeout"), 500, "INTERNAL_ERROR") == set()


def test_a_body_that_does_not_arrive_is_given_up(impatient: Server) -> None:
    with connection(impatient) as slow:
        slow.send(head("POST", REGISTER, content_type="application/json", content_length="100"))
        slow.send(b'{"email":')
        assert slow.read().status == 504
    with Api(impatient) as api:
        api.register()


@pytest.mark.one_lane("what is asked here is written in Python")
def test_a_registration_over_the_time_completes_all_the_same(tmp_path: Path) -> None:
    """What the answer calls unknown is not undone."""
    settings = {"password_memory_kib": 262144, "password_iterations": 12, "request_timeout": "1s"}
    email = fresh_email()
    body = {"email": email, "name": "Ada", "password": "correct horse battery"}
    with serving(tmp_path, **settings) as server, Api(server) as api:
        response = api.post(REGISTER, json=body)
        assert refused(response, 504, "TIMEOUT") == set()
        assert "not known" in response.json()["error"]["message"]
        server.ask_to_stop()
        assert server.wait() == 0
    with serving(tmp_path) as server, Api(server) as api:
        assert api.login(email).status_code in (200, 401)
        assert api.get("/health/ready").status_code == 200


def test_clients_that_go_away_leave_the_server_healthy(server: Server, api: Api) -> None:
    body = b'{"email": "a@example.org", "password": "wrong password"}'
    whole = head("POST", LOGIN, content_type="application/json", content_length=str(len(body)))
    for sent in (b"", b"G", b"GET /hea", whole[:-2], whole, whole + body[:9], whole + body):
        for _ in range(10):
            with connection(server) as gone:
                gone.send(sent)
    assert api.get("/health/ready").status_code == 200
    api.register()


@pytest.mark.one_lane("what is asked here is written in Python")
def test_registrations_whose_clients_went_away_are_whole_or_not_at_all(
    server: Server, api: Api
) -> None:
    emails = [fresh_email() for _ in range(20)]
    for email in emails:
        body = f'{{"email": "{email}", "name": "A", "password": "correct horse battery"}}'
        request = head(
            "POST", REGISTER, content_type="application/json", content_length=str(len(body))
        )
        with connection(server) as gone:
            gone.send(request + body.encode())
    for email in emails:
        again = {"email": email, "name": "A", "password": "correct horse battery"}
        assert api.post(REGISTER, json=again).status_code in (201, 409)
        assert api.login(email).status_code == 200


def test_one_connection_serves_many_requests(server: Server) -> None:
    with connection(server) as kept:
        for number in range(100):
            kept.send(head("GET", "/health", x_request_id=f"kept-{number}"))
            answer = kept.read()
            assert (answer.status, answer.headers["x-request-id"]) == (200, f"kept-{number}")


def test_errors_keep_the_connection_usable(server: Server) -> None:
    with connection(server) as kept:
        for request, status in [
            (head("GET", "/nope"), 404),
            (head("POST", "/health", content_length="3") + b"abc", 405),
            (head("POST", LOGIN, content_type="text/plain", content_length="3") + b"abc", 415),
            (head("POST", "/nope", content_length="3") + b"abc", 404),
            (head("GET", "/health"), 200),
        ]:
            kept.send(request)
            assert kept.read().status == status


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    paths = ["/health", "/nope", "/health/ready", "/api/v1/users/me"]
    with connection(server) as kept:
        kept.send(b"".join(head("GET", path) for path in paths))
        assert [kept.read().status for _ in paths] == [200, 404, 200, 401]


def test_connection_close_is_honoured(server: Server) -> None:
    with connection(server) as last:
        last.send(head("GET", "/health", connection="close"))
        assert last.read().status == 200
        assert last.socket.recv(1) == b""


def test_half_a_request_does_not_hold_up_others(server: Server, api: Api) -> None:
    with connection(server) as slow:
        slow.send(b"POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\n")
        wait_until(lambda: api.get("/health").status_code == 200)
        api.register()
