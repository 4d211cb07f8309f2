"""Idempotency-Key where hooks run, and where anybody may create."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx

from tests.api.declared.conftest import Shop
from tests.api.declared.test_python import entries
from tests.support.api import Account, fresh_role
from tests.support.contract import refused
from tests.support.server import wait_until

CATEGORIES = "/api/v1/categories"
TICKETS = "/api/v1/tickets"


def announced(api: Shop) -> int:
    return len(api.get("/api/v1/announced").json())


def test_an_answer_given_again_runs_no_hook_again(api: Shop, clerk: Account) -> None:
    name, key, before = fresh_role(), {"Idempotency-Key": fresh_role()}, announced(api)
    body = {"name": f"  {name} "}
    first = api.post(CATEGORIES, json=body, headers=key, auth=clerk)
    assert first.json()["data"]["name"] == name
    again = api.post(CATEGORIES, json=body, headers=key, auth=clerk)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert entries(api, clerk).count(f"create {name}") == 1
    wait_until(lambda: announced(api) == before + 1)
    other = api.post(CATEGORIES, json={"name": name}, headers=key, auth=clerk)
    assert refused(other, 422, "UNPROCESSABLE") == {("header.Idempotency-Key", "duplicate")}


def test_what_a_hook_refuses_keeps_no_key(api: Shop, clerk: Account) -> None:
    key = {"Idempotency-Key": fresh_role()}
    refusal = api.post(CATEGORIES, json={"name": "forbidden"}, headers=key, auth=clerk)
    assert refused(refusal, 422, "UNPROCESSABLE") == {("name", "forbidden")}
    made = api.post(CATEGORIES, json={"name": fresh_role()}, headers=key, auth=clerk)
    assert made.status_code == 201, made.text


def test_sent_often_at_once_its_hooks_run_once(api: Shop, clerk: Account) -> None:
    name, key = fresh_role(), {"Idempotency-Key": fresh_role()}

    def send(_: int) -> tuple[int, bytes]:
        answer = api.post(CATEGORIES, json={"name": name}, headers=key, auth=clerk)
        return answer.status_code, answer.content if answer.status_code == 201 else b""

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(send, range(16)))
    assert len(answers - {(409, b"")}) == 1
    assert entries(api, clerk).count(f"create {name}") == 1


def test_while_its_hooks_take_long_a_request_sent_again_answers_409(
    api: Shop, clerk: Account
) -> None:
    name, key = f"held until released {fresh_role()}", {"Idempotency-Key": fresh_role()}

    def send() -> httpx.Response:
        return api.post(CATEGORIES, json={"name": name}, headers=key, auth=clerk)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send)
        wait_until(lambda: name in api.get("/api/v1/held").json())
        refusal = send()
        assert refused(refusal, 409, "CONFLICT") == set()
        assert refusal.headers["retry-after"] == "1"
        assert refusal.elapsed >= timedelta(seconds=2)
        assert not first.done()
        api.post("/api/v1/released")
        made = first.result()
    assert made.status_code == 201, made.text
    again = send()
    assert (again.status_code, again.content) == (201, made.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert entries(api, clerk).count(f"create {name}") == 1


def test_of_strangers_no_key_is_taken(api: Shop, ada: Account) -> None:
    key = {"Idempotency-Key": "k"}
    answer = api.post(TICKETS, json={"text": "x"}, headers=key)
    assert refused(answer, 400, "VALIDATION_ERROR") == {("header.Idempotency-Key", "unknown")}
    assert api.post(TICKETS, json={"text": "x"}, headers=key, auth=ada).status_code == 201
