"""POST /auth/login, and what it does not tell."""

import time

import pytest

from tests.support.api import LOGIN, ME, Account, Api, fresh_email
from tests.support.contract import refused
from tests.support.server import serving

pytestmark = pytest.mark.one_lane("what is asked here is written in Python")


def test_login_answers_200_with_the_user_and_tokens(api: Api, ada: Account) -> None:
    response = api.login(ada.email)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    data = response.json()["data"]
    assert list(data) == ["user", "accessToken", "refreshToken", "tokenType", "expiresIn"]
    assert data["user"] == api.get(ME, auth=ada).json()["data"]
    assert (data["tokenType"], data["expiresIn"]) == ("Bearer", 900)


def test_each_login_is_a_session_of_its_own(api: Api, ada: Account) -> None:
    second = api.signed_in(ada.email)
    assert second.access != ada.access
    assert second.refresh != ada.refresh
    assert api.is_signed_in(ada)
    assert api.is_signed_in(second)


def test_login_ignores_the_case_of_the_email(api: Api, ada: Account) -> None:
    assert api.login(ada.email.upper()).json()["data"]["user"]["email"] == ada.email


def test_login_does_not_ignore_the_case_of_the_password(api: Api, ada: Account) -> None:
    assert refused(api.login(ada.email, ada.password.upper()), 401, "INVALID_CREDENTIALS") == set()


def test_unknown_email_and_wrong_password_answer_the_same(api: Api, ada: Account) -> None:
    answers = [api.login(ada.email, "wrong password"), api.login(fresh_email(), ada.password)]
    for answer in answers:
        assert refused(answer, 401, "INVALID_CREDENTIALS") == set()
        assert answer.headers["www-authenticate"] == 'Bearer realm="apiwright"'
    bodies = [answer.json()["error"] for answer in answers]
    for body in bodies:
        del body["requestId"]
    assert bodies[0] == bodies[1]
    differing = ("date", "x-request-id")
    first, second = (
        {k: v for k, v in answer.headers.items() if k not in differing} for answer in answers
    )
    assert first == second


def test_a_user_without_a_password_cannot_sign_in(api: Api, admin: Account) -> None:
    email = fresh_email()
    body = {"email": email, "name": "No Password"}
    assert api.post("/api/v1/users", json=body, auth=admin).status_code == 201
    assert refused(api.login(email, "any password"), 401, "INVALID_CREDENTIALS") == set()


def test_a_disabled_user_cannot_sign_in(api: Api, ada: Account, admin: Account) -> None:
    api.patch(ada.path, json={"status": "inactive"}, auth=admin)
    assert refused(api.login(ada.email), 401, "INVALID_CREDENTIALS") == set()
    api.patch(ada.path, json={"status": "active"}, auth=admin)
    assert api.login(ada.email).status_code == 200


def test_a_deleted_user_cannot_sign_in(api: Api, ada: Account) -> None:
    assert api.delete(ME, auth=ada).status_code == 204
    assert refused(api.login(ada.email), 401, "INVALID_CREDENTIALS") == set()


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, {("email", "required"), ("password", "required")}),
        ({"email": "x", "password": ""}, {("email", "format"), ("password", "min_length")}),
        (
            {"email": 1, "password": None, "remember": True},
            {("email", "type"), ("password", "type"), ("remember", "unknown")},
        ),
        (
            {"email": "a@example.org", "password": "x" * 101},
            {("password", "max_length")},
        ),
        ({"email": ["a@example.org"], "password": [""]}, {("email", "type"), ("password", "type")}),
    ],
)
def test_a_bad_login_answers_400_with_every_violation(
    api: Api, body: dict[str, object], details: set[tuple[str, str]]
) -> None:
    assert refused(api.post(LOGIN, json=body), 400, "VALIDATION_ERROR") == details


def test_a_password_shorter_than_todays_rule_is_only_wrong(api: Api, ada: Account) -> None:
    assert refused(api.login(ada.email, "x"), 401, "INVALID_CREDENTIALS") == set()


def test_no_timing_tells_whether_an_account_exists(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Each of the three refusals costs a hash: 64 MiB twice over takes far over 3 ms."""
    folder = tmp_path_factory.mktemp("dear")
    with (
        serving(folder, password_memory_kib=65536, password_iterations=2) as server,
        Api(server) as api,
    ):
        known = api.register().email
        gone = api.register()
        api.delete(ME, auth=gone)
        for email in (known, gone.email, fresh_email()):
            begun = time.perf_counter()
            assert api.login(email, "wrong password").status_code == 401
            assert time.perf_counter() - begun > 0.015
