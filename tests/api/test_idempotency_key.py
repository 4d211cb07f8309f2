"""Idempotency-Key: a creation that is sent again is done once, and answered as then."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from tests.support.api import ROLES, USERS, Account, Api, fresh_email, fresh_role, make_admin
from tests.support.contract import refused
from tests.support.server import Server, serving

KEPT = ("content-type", "etag", "location")


def role() -> dict[str, Any]:
    return {"name": fresh_role(), "permissions": []}


def same(first: httpx.Response, again: httpx.Response) -> bool:
    """Whether the second answer is the first one, given again."""
    headers = [first.headers[name] == again.headers[name] for name in KEPT]
    marked = (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"])
    return (
        (again.status_code, again.content) == (first.status_code, first.content)
        and all(headers)
        and marked == (None, "true")
    )


def test_the_same_request_again_has_the_same_answer(api: Api, admin: Account) -> None:
    body, key = role(), {"Idempotency-Key": fresh_role()}
    first = api.post(ROLES, json=body, headers=key, auth=admin)
    assert first.status_code == 201, first.text
    quoted = {"Idempotency-Key": f'"{key["Idempotency-Key"]}"'}
    for headers in (key, quoted):
        assert same(first, api.post(ROLES, json=body, headers=headers, auth=admin))
    found = api.get(ROLES, params={"search": body["name"]}, auth=admin).json()
    assert found["meta"]["total"] == 1


def test_another_body_under_one_key_is_422(api: Api, admin: Account) -> None:
    key = {"Idempotency-Key": fresh_role()}
    assert api.post(ROLES, json=role(), headers=key, auth=admin).status_code == 201
    answer = api.post(ROLES, json=role(), headers=key, auth=admin)
    assert refused(answer, 422, "UNPROCESSABLE") == {("header.Idempotency-Key", "duplicate")}


def test_what_failed_may_be_sent_again_under_its_key(api: Api, admin: Account) -> None:
    key = {"Idempotency-Key": fresh_role()}
    body = {"email": admin.email, "name": "Ada"}
    assert refused(api.post(USERS, json=body, headers=key, auth=admin), 409, "CONFLICT")
    body["email"] = fresh_email()
    assert api.post(USERS, json=body, headers=key, auth=admin).status_code == 201


def test_a_key_of_one_user_is_nothing_to_another(
    api: Api, server: Server, admin: Account, ada: Account
) -> None:
    body, key = role(), {"Idempotency-Key": fresh_role()}
    assert api.post(ROLES, json=body, headers=key, auth=admin).status_code == 201
    assert refused(api.post(ROLES, json=body, headers=key, auth=ada), 403, "FORBIDDEN") == set()
    assert refused(api.post(ROLES, json=body, headers=key), 401, "UNAUTHORIZED") == set()
    answer = api.post(ROLES, json=body, headers=key, auth=make_admin(server, api))
    assert refused(answer, 409, "CONFLICT") == {("name", "unique")}


def test_an_ended_session_is_401_and_lost_roles_403_whatever_was_answered(
    api: Api, server: Server, admin: Account
) -> None:
    other = make_admin(server, api)
    body, key = role(), {"Idempotency-Key": fresh_role()}
    assert api.post(ROLES, json=body, headers=key, auth=other).status_code == 201
    roles = {"roles": ["admin", "editor"]}
    assert api.patch(other.path, json=roles, auth=admin).status_code == 200
    assert refused(api.post(ROLES, json=body, headers=key, auth=other), 403, "FORBIDDEN") == set()
    assert api.patch(other.path, json={"status": "inactive"}, auth=admin).status_code == 200
    answer = api.post(ROLES, json=body, headers=key, auth=other)
    assert refused(answer, 401, "UNAUTHORIZED") == set()


def at_once(count: int, send: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """What that many answer that are sent at the same moment."""
    ready = threading.Barrier(count)

    def one(number: int) -> httpx.Response:
        ready.wait()
        return send(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_64_at_once_through_two_workers_are_done_once_and_survive_kill_9(tmp_path: Path) -> None:
    body, key = role(), {"Idempotency-Key": "64 at once"}
    with serving(tmp_path, workers=2) as server, Api(server) as api, ExitStack() as open_clients:
        admin = make_admin(server, api)
        clients = [
            open_clients.enter_context(httpx.Client(base_url=server.url, trust_env=False))
            for _ in range(64)
        ]

        def send(number: int) -> httpx.Response:
            headers = admin.headers | key
            return clients[number].post(ROLES, json=body, headers=headers, timeout=30)

        answers = at_once(64, send)
        server.kill()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    marks = [answer.headers.get("idempotency-replayed") for answer in answers]
    assert marks.count(None) == 1
    with serving(tmp_path) as server, Api(server) as api:
        again = api.post(ROLES, json=body, headers=key, auth=admin)
        assert again.content == answers[0].content
        total = api.get(ROLES, params={"search": body["name"]}, auth=admin).json()["meta"]["total"]
        assert total == 1
