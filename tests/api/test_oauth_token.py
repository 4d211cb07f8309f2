"""POST /auth/token, by RFC 6749: what standard OAuth clients rely on."""

from urllib.parse import urlencode

import httpx
import pytest

from tests.support.api import ME, TOKEN, Account, Api, fresh_email

pytestmark = pytest.mark.one_lane("what is asked here is written in Python")

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(api: Api, form: dict[str, str] | str | bytes, **headers: str) -> httpx.Response:
    content = urlencode(form) if isinstance(form, dict) else form
    return api.post(TOKEN, content=content, headers={**FORM, **headers})


def by_password(account: Account, **more: str) -> dict[str, str]:
    return {
        "grant_type": "password",
        "username": account.email,
        "password": account.password,
        **more,
    }


def fails(response: httpx.Response, code: str) -> bool:
    """Whether it is section 5.2's answer with this code."""
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert set(response.json()) <= {"error", "error_description"}
    assert response.json()["error"] == code, response.text
    return True


def test_the_password_grant_answers_bare_tokens(api: Api, ada: Account) -> None:
    response = ask(api, by_password(ada))
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    tokens = response.json()
    assert list(tokens) == ["access_token", "token_type", "expires_in", "refresh_token"]
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    me = api.get(ME, headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["data"]["id"] == ada.id


def test_the_refresh_grant_rotates(api: Api, ada: Account) -> None:
    response = ask(api, {"grant_type": "refresh_token", "refresh_token": ada.refresh})
    assert response.status_code == 200
    assert response.json()["refresh_token"] != ada.refresh
    assert api.refresh(response.json()["refresh_token"]).status_code == 200


def test_unknown_parameters_are_ignored(api: Api, ada: Account) -> None:
    form = by_password(ada, scope="", client_id="docs", client_secret="", resource="x")
    assert ask(api, form).status_code == 200


def test_client_authentication_by_basic_is_ignored(api: Api, ada: Account) -> None:
    """Swagger UI sends it when a client id is typed in."""
    assert ask(api, by_password(ada), Authorization="Basic ZG9jczo=").status_code == 200


def test_any_password_survives_form_encoding(api: Api) -> None:
    account = api.register(password="a+b&c=d %41 é 🐎;")
    assert ask(api, by_password(account)).status_code == 200


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded; charset=UTF-8"])
def test_a_charset_is_no_hindrance(api: Api, ada: Account, media_type: str) -> None:
    assert ask(api, by_password(ada), **{"Content-Type": media_type}).status_code == 200


def test_wrong_credentials_are_an_invalid_grant(api: Api, ada: Account) -> None:
    wrong = ask(api, by_password(ada, password="wrong password"))
    unknown = ask(api, by_password(ada, username=fresh_email()))
    assert fails(wrong, "invalid_grant")
    assert wrong.json() == unknown.json()
    assert fails(ask(api, by_password(ada, username="nonsense")), "invalid_grant")
    assert fails(ask(api, by_password(ada, password="x" * 101)), "invalid_grant")


def test_a_bad_refresh_token_is_an_invalid_grant(api: Api, ada: Account) -> None:
    for token in ("x", ada.access, ada.refresh[:-1], "é", "\x00"):
        form = {"grant_type": "refresh_token", "refresh_token": token}
        assert fails(ask(api, form), "invalid_grant")
    assert api.is_signed_in(ada)


def test_reuse_is_an_invalid_grant_and_ends_the_session(api: Api, ada: Account) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": ada.refresh}
    second = ask(api, form).json()["refresh_token"]
    assert api.refresh(second).status_code == 200
    assert fails(ask(api, form), "invalid_grant")
    assert not api.is_signed_in(ada)


def test_a_disabled_user_is_an_invalid_grant(api: Api, ada: Account, admin: Account) -> None:
    api.patch(ada.path, json={"status": "inactive"}, auth=admin)
    assert fails(ask(api, by_password(ada)), "invalid_grant")


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"grant_type=",
        b"username=a&password=b",
        b"grant_type=password",
        b"grant_type=password&username=a@example.org",
        b"grant_type=password&password=x",
        b"grant_type=password&username=&password=",
        b"grant_type=refresh_token",
        b"grant_type=refresh_token&refresh_token=",
        b"grant_type=password&grant_type=password&username=a&password=b",
        b"grant_type=password&username=a&username=b&password=c",
        b"grant_type=password&username=a&password=b&scope=x&scope=y",
        b"grant_type=password&username=%ff&password=b",
        b"grant_type=password&username=\xff&password=b",
        b"&".join(b"p%d=1" % number for number in range(1000)),
        b"grant_type=password&username=a&password=" + b"x" * 20_000,
        b'{"grant_type": "password"}',
        b"%",
    ],
)
def test_a_form_that_cannot_be_read_is_an_invalid_request(api: Api, form: bytes) -> None:
    assert fails(ask(api, form), "invalid_request")


@pytest.mark.parametrize("grant", ["authorization_code", "client_credentials", "Password", "x"])
def test_another_grant_is_unsupported(api: Api, grant: str) -> None:
    assert fails(ask(api, {"grant_type": grant}), "unsupported_grant_type")


def test_credentials_in_the_query_are_not_looked_at(api: Api, ada: Account) -> None:
    query = urlencode(by_password(ada))
    response = api.post(f"{TOKEN}?{query}", headers=FORM)
    assert fails(response, "invalid_request")


def test_an_idempotency_key_is_an_invalid_request(api: Api, ada: Account) -> None:
    assert fails(ask(api, by_password(ada), **{"Idempotency-Key": "k"}), "invalid_request")
