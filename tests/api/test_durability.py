"""What was answered as done stays done: kill -9, SIGTERM, restarts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.api import ME, REGISTER, Api, fresh_email
from tests.support.processes import cpu_seconds, workers
from tests.support.server import Server, serving, wait_until

pytestmark = pytest.mark.one_lane("what is asked here is written in Python")

PASSWORD = "correct horse battery"
# A hash that takes a good part of a second.
DEAR = {"password_memory_kib": 262144, "password_iterations": 2, "hashing_threads": 1}


def test_kill_9_under_registrations_loses_none_that_was_answered_201(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for _ in range(3):
        with serving(tmp_path) as server:
            register_until_killed(server, acknowledged, 60)
    with serving(tmp_path) as server, Api(server) as api:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda email: api.login(email).status_code, acknowledged))
        assert len(acknowledged) >= 180
        assert set(found) == {200}
        assert api.get("/health/ready").status_code == 200


def register_until_killed(server: Server, acknowledged: list[str], least: int) -> None:
    """Registers from several clients, and kills the server when `least` were answered."""
    enough = threading.Event()
    before = len(acknowledged)

    def register() -> None:
        with httpx.Client(base_url=server.url, trust_env=False) as client:
            while True:
                email = fresh_email()
                body = {"email": email, "name": "Ada", "password": PASSWORD}
                try:
                    response = client.post(REGISTER, json=body)
                except httpx.TransportError:
                    return
                assert response.status_code == 201
                acknowledged.append(email)
                if len(acknowledged) - before >= least:
                    enough.set()

    with ThreadPoolExecutor(8) as pool:
        clients = [pool.submit(register) for _ in range(8)]
        arrived = enough.wait(60)
        server.kill()
    assert arrived
    for client in clients:
        client.result()


def test_sigterm_finishes_what_is_in_flight(tmp_path: Path) -> None:
    email = fresh_email()
    body = {"email": email, "name": "Ada", "password": PASSWORD}
    with serving(tmp_path, **DEAR) as server, Api(server) as api:
        assert api.get("/health/ready").status_code == 200
        (worker,) = workers(server)
        idle = cpu_seconds(worker)
        with ThreadPoolExecutor(1) as pool:
            registration = pool.submit(httpx.post, server.url + REGISTER, json=body, timeout=60)
            wait_until(lambda: cpu_seconds(worker) > idle + 0.05)
            assert not registration.done()
            server.ask_to_stop()
            assert registration.result().status_code == 201
        assert server.wait() == 0
    token = registration.result().json()["data"]["accessToken"]
    with serving(tmp_path) as server, Api(server) as api:
        assert api.get(ME, headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert api.login(email).status_code == 200


def test_at_sigterm_what_waits_is_done_or_refused_and_never_lost(tmp_path: Path) -> None:
    emails = [fresh_email() for _ in range(4)]

    def register(email: str) -> httpx.Response:
        body = {"email": email, "name": "Ada", "password": PASSWORD}
        return httpx.post(server.url + REGISTER, json=body, timeout=60)

    with serving(tmp_path, **DEAR) as server, Api(server) as api:
        assert api.get("/health/ready").status_code == 200
        (worker,) = workers(server)
        idle = cpu_seconds(worker)
        with ThreadPoolExecutor(4) as pool:
            registrations = [pool.submit(register, email) for email in emails]
            wait_until(lambda: cpu_seconds(worker) > idle + 0.1)
            server.ask_to_stop()
            answers = [registration.result() for registration in registrations]
        assert server.wait() == 0
    assert {answer.status_code for answer in answers} <= {201, 503}
    assert 201 in {answer.status_code for answer in answers}
    with serving(tmp_path) as server, Api(server) as api:
        for email, answer in zip(emails, answers, strict=True):
            known = api.login(email).status_code == 200
            assert known == (answer.status_code == 201)
            assert answer.status_code == 201 or int(answer.headers["retry-after"]) > 0


def test_restart_keeps_users_and_sessions(tmp_path: Path) -> None:
    with serving(tmp_path) as server, Api(server) as api:
        ada = api.register()
        user = api.get(ME, auth=ada).json()
        server.ask_to_stop()
        assert server.wait() == 0
    with serving(tmp_path) as server, Api(server) as api:
        assert api.get(ME, auth=ada).json() == user
        assert api.refresh(ada.refresh).status_code == 200
