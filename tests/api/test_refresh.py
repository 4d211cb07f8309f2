"""POST /auth/refresh: rotation, the grace for lost answers, reuse."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.api import LOGOUT, ME, REFRESH, SESSIONS, Account, Api
from tests.support.contract import refused
from tests.support.jwt import claims_of
from tests.support.server import serving, wait_until

pytestmark = pytest.mark.one_lane("what is asked here is written in Python")


@pytest.fixture(scope="module")
def graceless(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server where a refresh token used twice is reuse at once."""
    folder = tmp_path_factory.mktemp("graceless")
    with serving(folder, refresh_grace=0) as server, Api(server) as api:
        yield api


def successor_of(api: Api, token: str) -> str:
    response = api.refresh(token)
    assert response.status_code == 200, response.text
    text: str = response.json()["data"]["refreshToken"]
    return text


def test_refresh_answers_200_with_new_tokens_of_the_same_session(api: Api, ada: Account) -> None:
    response = api.refresh(ada.refresh)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    data = response.json()["data"]
    assert list(data) == ["accessToken", "refreshToken", "tokenType", "expiresIn"]
    assert (data["tokenType"], data["expiresIn"]) == ("Bearer", 900)
    assert data["refreshToken"] != ada.refresh
    old, new = claims_of(ada.access), claims_of(data["accessToken"])
    assert (new["sub"], new["sid"]) == (old["sub"], old["sid"])
    assert new["jti"] != old["jti"]
    me = api.get(ME, headers={"Authorization": f"Bearer {data['accessToken']}"})
    assert me.status_code == 200


def test_a_chain_of_refreshes_goes_on(api: Api, ada: Account) -> None:
    token, seen = ada.refresh, {ada.refresh}
    for _ in range(10):
        token = successor_of(api, token)
        seen.add(token)
    assert len(seen) == 11


def test_the_same_token_again_within_the_grace_gets_the_same_successor(
    api: Api, ada: Account
) -> None:
    first = successor_of(api, ada.refresh)
    assert successor_of(api, ada.refresh) == first
    assert successor_of(api, ada.refresh) == first
    assert api.is_signed_in(ada)


def test_once_the_successor_was_used_the_old_token_is_reuse(api: Api, ada: Account) -> None:
    second = successor_of(api, ada.refresh)
    third = successor_of(api, second)
    assert refused(api.refresh(ada.refresh), 401, "TOKEN_REUSED") == set()
    assert not api.is_signed_in(ada)
    for token in (second, third):
        assert refused(api.refresh(token), 401, "UNAUTHORIZED") == set()


def test_reuse_after_the_grace_ends_the_session_at_once(graceless: Api) -> None:
    ada = graceless.register()
    response = graceless.refresh(ada.refresh)
    data = response.json()["data"]
    reused = graceless.refresh(ada.refresh)
    assert refused(reused, 401, "TOKEN_REUSED") == set()
    assert reused.headers["www-authenticate"].startswith('Bearer realm="apiwright"')
    headers = {"Authorization": f"Bearer {data['accessToken']}"}
    assert refused(graceless.get(ME, headers=headers), 401, "UNAUTHORIZED") == set()
    assert refused(graceless.refresh(data["refreshToken"]), 401, "UNAUTHORIZED") == set()
    assert not graceless.is_signed_in(ada)


def test_reuse_ends_that_session_alone(graceless: Api) -> None:
    ada = graceless.register()
    other = graceless.signed_in(ada.email)
    successor_of(graceless, ada.refresh)
    assert graceless.refresh(ada.refresh).status_code == 401
    assert graceless.is_signed_in(other)
    assert graceless.refresh(other.refresh).status_code == 200


def test_concurrent_refreshes_get_one_successor(api: Api, ada: Account) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: api.refresh(ada.refresh), range(32)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["refreshToken"] for answer in answers}) == 1


def test_a_tampered_token_is_refused_and_leaves_the_session_alive(api: Api, ada: Account) -> None:
    for at in range(0, len(ada.refresh), 5):
        changed = "A" if ada.refresh[at] != "A" else "B"
        tampered = ada.refresh[:at] + changed + ada.refresh[at + 1 :]
        assert refused(api.refresh(tampered), 401, "UNAUTHORIZED") == set()
    assert api.is_signed_in(ada)
    assert api.refresh(ada.refresh).status_code == 200


@pytest.mark.parametrize("token", ["x", "é", "A" * 112, "A" * 512, "....", "=" * 112, " ", "a b"])
def test_what_is_no_refresh_token_answers_401(api: Api, token: str) -> None:
    assert refused(api.refresh(token), 401, "UNAUTHORIZED") == set()


def test_an_access_token_is_no_refresh_token(api: Api, ada: Account) -> None:
    assert refused(api.refresh(ada.access), 401, "UNAUTHORIZED") == set()
    assert api.get(ME, headers={"Authorization": f"Bearer {ada.refresh}"}).status_code == 401


def test_the_token_of_a_session_that_ended_is_refused(api: Api, ada: Account) -> None:
    assert api.post(LOGOUT, auth=ada).status_code == 204
    assert refused(api.refresh(ada.refresh), 401, "UNAUTHORIZED") == set()


def test_a_disabled_user_cannot_refresh(api: Api, ada: Account, admin: Account) -> None:
    api.patch(ada.path, json={"status": "inactive"}, auth=admin)
    assert refused(api.refresh(ada.refresh), 401, "UNAUTHORIZED") == set()


def test_refresh_needs_no_access_token_and_minds_no_stale_one(api: Api, ada: Account) -> None:
    response = api.post(
        REFRESH,
        json={"refreshToken": ada.refresh},
        headers={"Authorization": "Bearer stale"},
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, {("refreshToken", "required")}),
        ({"refreshToken": ""}, {("refreshToken", "min_length")}),
        ({"refreshToken": "x" * 513}, {("refreshToken", "max_length")}),
        ({"refreshToken": 1}, {("refreshToken", "type")}),
        ({"refresh_token": "x"}, {("refresh_token", "unknown"), ("refreshToken", "required")}),
    ],
)
def test_a_bad_refresh_answers_400_with_every_violation(
    api: Api, body: dict[str, object], details: set[tuple[str, str]]
) -> None:
    assert refused(api.post(REFRESH, json=body), 400, "VALIDATION_ERROR") == details


def test_a_session_that_nobody_refreshes_ends(tmp_path: Path) -> None:
    with serving(tmp_path, refresh_token_ttl="1s") as server, Api(server) as api:
        ada = api.register()
        wait_until(lambda: not api.is_signed_in(ada))
        assert refused(api.refresh(ada.refresh), 401, "UNAUTHORIZED") == set()
        again = api.signed_in(ada.email)
        assert api.get(SESSIONS, auth=again).json()["meta"]["total"] == 1
