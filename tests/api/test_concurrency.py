"""Many requests at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from tests.support.api import LOGIN, ME, REFRESH, REGISTER, Api, fresh_email, make_admin
from tests.support.jwt import claims_of
from tests.support.processes import peak_memory, workers
from tests.support.server import DEADLINE, Server, serving

PASSWORD = "correct horse battery"


@pytest.fixture(params=[1, 2], ids=["one worker", "two workers"], scope="module")
def crowded(lane: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    with serving(tmp_path_factory.mktemp("crowded"), workers=request.param) as server:
        yield server


def at_once(
    server: Server, ask: Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]], times: int
) -> list[httpx.Response]:
    """The answers to `times` requests under way together, each on a connection of its own."""

    async def ask_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with httpx.AsyncClient(
            base_url=server.url, limits=limits, timeout=2 * DEADLINE, trust_env=False
        ) as client:
            return await asyncio.gather(*(ask(client, number) for number in range(times)))

    return asyncio.run(ask_all())


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


@pytest.mark.one_lane("what is asked here is written in Python")
def test_64_registrations_of_one_email_make_one_account(crowded: Server) -> None:
    email = fresh_email()

    def register(client: httpx.AsyncClient, number: int) -> Awaitable[httpx.Response]:
        spelling = email.upper() if number % 2 else email
        body = {"email": spelling, "name": f"N{number}", "password": PASSWORD}
        return client.post(REGISTER, json=body)

    answers = at_once(crowded, register, 64)
    assert statuses(answers) == {201: 1, 409: 63}
    for answer in answers:
        if answer.status_code == 409:
            assert [d["field"] for d in answer.json()["error"]["details"]] == ["email"]
    winner = next(answer for answer in answers if answer.status_code == 201)
    with Api(crowded) as api:
        assert api.signed_in(email).id == winner.json()["data"]["user"]["id"]


@pytest.mark.one_lane("what is asked here is written in Python")
def test_concurrent_refreshes_get_one_successor(crowded: Server) -> None:
    with Api(crowded) as api:
        ada = api.register()

    def refresh(client: httpx.AsyncClient, _: int) -> Awaitable[httpx.Response]:
        return client.post(REFRESH, json={"refreshToken": ada.refresh})

    answers = at_once(crowded, refresh, 24)
    assert statuses(answers) == {200: 24}
    data = [answer.json()["data"] for answer in answers]
    assert len({one["refreshToken"] for one in data}) == 1
    assert {claims_of(one["accessToken"])["sid"] for one in data} == {claims_of(ada.access)["sid"]}


def test_concurrent_patches_lose_no_version(crowded: Server) -> None:
    with Api(crowded) as api:
        ada = api.register()

    def rename(client: httpx.AsyncClient, number: int) -> Awaitable[httpx.Response]:
        return client.patch(ME, json={"name": f"Ada {number}"}, headers=ada.headers)

    answers = at_once(crowded, rename, 32)
    assert statuses(answers) == {200: 32}
    versions = sorted(answer.json()["data"]["version"] for answer in answers)
    assert versions == list(range(2, 34))


def test_of_all_admins_who_leave_at_once_one_stays(crowded: Server) -> None:
    with Api(crowded) as api:
        admins = [make_admin(crowded, api) for _ in range(6)]

    def leave(client: httpx.AsyncClient, number: int) -> Awaitable[httpx.Response]:
        headers = {"Authorization": f"Bearer {admins[number].access}"}
        return client.patch(admins[number].path, json={"roles": []}, headers=headers)

    # Others of the module are admins too, but for those made here.
    with Api(crowded) as api:
        [keeper, *_] = admins
        found = api.get("/api/v1/users?limit=100", auth=keeper).json()["data"]
        mine = {admin.id for admin in admins}
        assert {user["id"] for user in found if "admin" in user["roles"]} == mine
    assert statuses(at_once(crowded, leave, 6)) == {200: 5, 422: 1}


def test_an_ended_session_is_over_in_every_process(crowded: Server) -> None:
    with Api(crowded) as api:
        ada = api.register()
        assert api.post("/api/v1/auth/logout", auth=ada).status_code == 204

    def look(client: httpx.AsyncClient, _: int) -> Awaitable[httpx.Response]:
        return client.get(ME, headers=ada.headers)

    assert statuses(at_once(crowded, look, 24)) == {401: 24}


@pytest.mark.one_lane("what is asked here is written in Python")
def test_200_logins_at_full_cost_are_answered_or_told_to_come_back(tmp_path: Path) -> None:
    settings = {"password_memory_kib": 19456, "password_iterations": 2, "hashing_threads": 2}
    with serving(tmp_path, **settings) as server, Api(server) as api:
        ada = api.register()

        def login_or_look(client: httpx.AsyncClient, number: int) -> Awaitable[httpx.Response]:
            if number % 10 == 9:
                return client.get("/health")
            return client.post(LOGIN, json={"email": ada.email, "password": ada.password})

        answers = at_once(server, login_or_look, 220)
        logins = [answer for answer in answers if answer.request.method == "POST"]
        found = statuses(logins)
        assert set(found) <= {200, 503}
        assert found[200] >= 128
        for answer in logins:
            if answer.status_code == 503:
                assert answer.json()["error"]["code"] == "UNAVAILABLE"
                assert int(answer.headers["retry-after"]) > 0
        looks = [answer for answer in answers if answer.request.method == "GET"]
        assert statuses(looks) == {200: 22}
        (worker,) = workers(server)
        assert peak_memory(worker) <= (2 * 19 + 150) * 1024**2
        assert api.login(ada.email).status_code == 200


@pytest.mark.one_lane("what is asked here is written in Python")
def test_past_the_queue_a_hash_answers_503_and_when_to_come_back(tmp_path: Path) -> None:
    settings = {
        "password_memory_kib": 262144,
        "password_iterations": 3,
        "hashing_threads": 1,
        "hashing_queue": 1,
    }
    with serving(tmp_path, **settings) as server, Api(server) as api:

        def register(client: httpx.AsyncClient, _: int) -> Awaitable[httpx.Response]:
            body = {"email": fresh_email(), "name": "A", "password": PASSWORD}
            return client.post(REGISTER, json=body)

        answers = at_once(server, register, 12)
        found = statuses(answers)
        assert set(found) == {201, 503}
        assert all(
            int(answer.headers["retry-after"]) > 0
            for answer in answers
            if answer.status_code == 503
        )
        assert api.get("/health/ready").status_code == 200
