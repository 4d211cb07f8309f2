"""Limits, and their headers by draft-ietf-httpapi-ratelimit-headers-11."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.support.api import LOGIN, ME, MY_PASSWORD, Account, Api, fresh_email
from tests.support.contract import refused
from tests.support.server import Server, serving, wait_until

pytestmark = pytest.mark.one_database("requests are counted in the process")

OPTIONS_OF_OTHERS = {
    "Origin": "https://app.example.org",
    "Access-Control-Request-Method": "GET",
}


@contextmanager
def limited(factory: pytest.TempPathFactory, **settings: object) -> Iterator[Api]:
    with serving(factory.mktemp("limits"), **settings) as server, Api(server) as api:
        yield api


@pytest.fixture(scope="module")
def behind_proxy(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that believes 127.0.0.1 and 10.0.0.0/8 about who asks."""
    folder = tmp_path_factory.mktemp("proxy")
    settings = {"rate_limit": "2/15m", "trusted_proxies": "127.0.0.1,10.0.0.0/8"}
    with serving(folder, **settings) as server:
        yield server


def state(response: httpx.Response, name: str = "burst") -> tuple[int, int]:
    """What is left of a policy, and the seconds until it is whole again."""
    found = re.search(rf'"{name}";r=(\d+);t=(\d+)', response.headers["ratelimit"])
    assert found is not None, response.headers["ratelimit"]
    return int(found[1]), int(found[2])


def test_an_anonymous_address_is_limited(tmp_path_factory: pytest.TempPathFactory) -> None:
    with limited(tmp_path_factory, rate_limit="5/15m") as api:
        for left in (4, 3, 2, 1, 0):
            response = api.get("/nope")
            assert response.status_code == 404
            assert response.headers["ratelimit-policy"] == '"burst";q=5;w=900'
            remaining, reset = state(response)
            assert remaining == left
            assert 0 < reset <= 900
        for path in ("/nope", ME, "/docs", "/openapi.json"):
            response = api.get(path)
            assert refused(response, 429, "RATE_LIMITED") == set()
            assert 0 < int(response.headers["retry-after"]) <= 180
            assert state(response)[0] == 0
            assert response.headers["ratelimit-policy"] == '"burst";q=5;w=900'


def test_probes_and_preflights_are_not_counted(tmp_path_factory: pytest.TempPathFactory) -> None:
    with limited(tmp_path_factory, rate_limit="1/15m") as api:
        for path in ("/health", "/health/live", "/health/ready") * 3:
            response = api.get(path)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers
            assert api.options(path, headers=OPTIONS_OF_OTHERS).status_code == 204
        assert api.get("/nope").status_code == 404
        assert api.get("/nope").status_code == 429
        assert api.get("/health/ready").status_code == 200


def test_a_signed_in_user_has_a_limit_of_their_own(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with limited(tmp_path_factory, rate_limit="3/15m", rate_limit_authenticated="4/15m") as api:
        ada, grace = api.register(), api.register()
        assert api.get("/nope").status_code == 404
        assert api.get("/nope").status_code == 429
        for left in (3, 2, 1, 0):
            response = api.get(ME, auth=ada)
            assert response.status_code == 200
            assert response.headers["ratelimit-policy"] == '"burst";q=4;w=900'
            assert state(response)[0] == left
        assert refused(api.get(ME, auth=ada), 429, "RATE_LIMITED") == set()
        assert api.get(ME, auth=grace).status_code == 200


def test_a_bad_token_is_anonymous(tmp_path_factory: pytest.TempPathFactory) -> None:
    with limited(tmp_path_factory, rate_limit="2/15m") as api:
        headers = {"Authorization": "Bearer made-up"}
        codes = [api.get(ME, headers=headers).status_code for _ in range(3)]
        assert codes == [401, 401, 429]


def test_a_limit_refills(tmp_path_factory: pytest.TempPathFactory) -> None:
    with limited(tmp_path_factory, rate_limit="2/2s") as api:
        wait_until(lambda: api.get("/nope").status_code == 429)
        wait_until(lambda: api.get("/nope").status_code == 404)


@pytest.mark.one_lane("what is asked here is written in Python")
def test_sign_in_is_limited_by_address_and_email_together(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with limited(tmp_path_factory, rate_limit_login="3/15m") as api:
        ada, grace = api.register(), api.register()
        for left in (2, 1, 0):
            response = api.login(ada.email, "wrong password")
            assert response.status_code == 401
            assert response.headers["ratelimit-policy"] == '"login";q=3;w=900'
            assert state(response, "login")[0] == left
        for email in (ada.email, ada.email.upper()):
            response = api.login(email)
            assert refused(response, 429, "RATE_LIMITED") == set()
            assert 0 < int(response.headers["retry-after"]) <= 300
            assert state(response, "login")[0] == 0
        assert api.login(grace.email).status_code == 200
        assert api.get(ME, auth=ada).status_code == 200
        form = {"grant_type": "password", "username": ada.email, "password": ada.password}
        response = api.post("/api/v1/auth/token", data=form)
        assert refused(response, 429, "RATE_LIMITED") == set()


@pytest.mark.one_lane("what is asked here is written in Python")
def test_accounts_that_do_not_exist_are_limited_alike(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with limited(tmp_path_factory, rate_limit_login="2/15m") as api:
        email = fresh_email()
        assert [api.login(email).status_code for _ in range(3)] == [401, 401, 429]


@pytest.mark.one_lane("what is asked here is written in Python")
def test_spellings_of_one_mailbox_share_a_limit(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with limited(tmp_path_factory, rate_limit_login="3/15m") as api:
        spellings = ["a@bücher.example", "A@BÜCHER.example", "a@xn--bcher-kva.example"]
        assert [api.login(email).status_code for email in spellings] == [401] * 3
        assert api.login("a@Bücher.example").status_code == 429


@pytest.mark.one_lane("what is asked here is written in Python")
def test_guessing_the_current_password_is_limited(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with limited(tmp_path_factory, rate_limit_login="2/15m") as api:
        ada = api.register()
        body = {"currentPassword": "a guess", "newPassword": "long enough"}
        codes = [api.put(MY_PASSWORD, json=body, auth=ada).status_code for _ in range(3)]
        assert codes == [422, 422, 429]


def test_both_limits_stand_in_the_headers(tmp_path_factory: pytest.TempPathFactory) -> None:
    with limited(tmp_path_factory, rate_limit="9/1m", rate_limit_login="3/2m") as api:
        response = api.login(fresh_email())
        policies = response.headers["ratelimit-policy"]
        assert policies == '"burst";q=9;w=60, "login";q=3;w=120'
        assert state(response)[0] == 8
        assert state(response, "login")[0] == 2


def test_the_default_limits_are_the_contracts(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = dict.fromkeys(("rate_limit", "rate_limit_authenticated", "rate_limit_login"), "")
    with limited(tmp_path_factory, **settings) as api:
        ada: Account = api.register()
        anonymous = api.post(LOGIN, json={"email": ada.email, "password": ada.password})
        assert anonymous.headers["ratelimit-policy"] == '"burst";q=100;w=900, "login";q=10;w=900'
        assert api.get(ME, auth=ada).headers["ratelimit-policy"] == '"burst";q=6000;w=900'


def ask_from(server: Server, forwarded_for: str | None) -> int:
    headers = {} if forwarded_for is None else {"X-Forwarded-For": forwarded_for}
    with Api(server) as api:
        return api.get("/nope", headers=headers).status_code


def test_behind_a_trusted_proxy_each_client_has_a_limit(behind_proxy: Server) -> None:
    for client in ("203.0.113.1", "203.0.113.2"):
        assert [ask_from(behind_proxy, client) for _ in range(3)] == [404, 404, 429]


def test_the_rightmost_untrusted_address_counts(behind_proxy: Server) -> None:
    """What a client puts in front of the proxies' own entries is not believed."""
    codes = [
        ask_from(behind_proxy, f"198.51.100.{number}, 203.0.113.9, 10.1.2.3") for number in range(3)
    ]
    assert codes == [404, 404, 429]


def test_addresses_of_one_ipv6_household_share_a_limit(behind_proxy: Server) -> None:
    codes = [ask_from(behind_proxy, f"2001:db8:1:2::{number}") for number in range(3)]
    assert codes == [404, 404, 429]
    assert ask_from(behind_proxy, "2001:db8:1:3::1") == 404


def test_without_trust_the_header_is_not_believed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("untrusted"), rate_limit="2/15m") as server:
        codes = [ask_from(server, f"203.0.113.{number}") for number in range(3)]
    assert codes == [404, 404, 429]
