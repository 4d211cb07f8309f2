"""POST /auth/register: who may join, and what is refused."""

import unicodedata

import pytest

from tests.support.api import REGISTER, Account, Api, account_of, fresh_email
from tests.support.contract import is_uuid7, refused

pytestmark = pytest.mark.one_lane("what is asked here is written in Python")

GOOD = {"name": "Ada", "password": "correct horse battery"}
FIELD_VIOLATIONS = [
    ({"email": "nonsense"}, {("email", "format")}),
    ({"email": "a@localhost"}, {("email", "format")}),
    ({"email": '"quoted local"@example.org'}, {("email", "format")}),
    ({"email": "a@[127.0.0.1]"}, {("email", "format")}),
    ({"email": "a@127.0.0.1"}, {("email", "format")}),
    ({"email": "a" * 65 + "@example.org"}, {("email", "format")}),
    ({"email": "a@" + "b" * 250 + ".example"}, {("email", "max_length")}),
    ({"email": "a\u0000@example.org"}, {("email", "format")}),
    ({"email": " a@example.org"}, {("email", "format")}),
    ({"email": "a@example.org\n"}, {("email", "format")}),
    ({"email": "a@example.org\r\nBcc: b@example.org"}, {("email", "format")}),
    ({"email": "a@b@example.org"}, {("email", "format")}),
    ({"email": "a..b@example.org"}, {("email", "format")}),
    ({"email": ["a@example.org"]}, {("email", "type")}),
    ({"email": None}, {("email", "type")}),
    ({"name": ""}, {("name", "min_length")}),
    ({"name": "x" * 101}, {("name", "max_length")}),
    ({"name": 7}, {("name", "type")}),
    ({"password": "short12"}, {("password", "min_length")}),
    ({"password": "x" * 101}, {("password", "max_length")}),
    ({"password": "nul\u0000inside"}, {("password", "format")}),
    ({"email": "ﬁne@example.org"}, {("email", "format")}),
    ({"password": {"$ne": ""}}, {("password", "type")}),
    ({"roles": ["admin"]}, {("roles", "unknown")}),
    ({"status": "active"}, {("status", "unknown")}),
    ({"id": "x", "Email": "x"}, {("id", "unknown"), ("Email", "unknown")}),
    (
        {"email": "x", "name": "", "password": 1, "extra": None},
        {("email", "format"), ("name", "min_length"), ("password", "type"), ("extra", "unknown")},
    ),
]


def test_registration_answers_201_with_the_user_and_tokens(api: Api) -> None:
    email = fresh_email("Ada")
    response = api.post(REGISTER, json={**GOOD, "email": email})
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    data = response.json()["data"]
    assert list(data) == ["user", "accessToken", "refreshToken", "tokenType", "expiresIn"]
    assert (data["tokenType"], data["expiresIn"]) == ("Bearer", 900)
    user = data["user"]
    assert response.headers["location"] == f"/api/v1/users/{user['id']}"
    assert is_uuid7(user["id"])
    assert user["createdAt"] == user["updatedAt"]
    assert {name: user[name] for name in ("email", "name", "status", "roles", "version")} == {
        "email": email,
        "name": "Ada",
        "status": "active",
        "roles": [],
        "version": 1,
    }


def test_the_location_of_a_registration_is_the_user(api: Api) -> None:
    response = api.post(REGISTER, json={**GOOD, "email": fresh_email()})
    data = response.json()["data"]
    found = api.get(response.headers["location"], auth=account_of(data))
    assert found.json()["data"] == data["user"]


@pytest.mark.parametrize(("members", "details"), FIELD_VIOLATIONS)
def test_a_bad_registration_answers_400_with_every_violation(
    api: Api, members: dict[str, object], details: set[tuple[str, str]]
) -> None:
    body = {"email": fresh_email(), **GOOD, **members}
    assert refused(api.post(REGISTER, json=body), 400, "VALIDATION_ERROR") == details


def test_an_empty_object_lacks_every_member(api: Api) -> None:
    assert refused(api.post(REGISTER, json={}), 400, "VALIDATION_ERROR") == {
        ("email", "required"),
        ("name", "required"),
        ("password", "required"),
    }


def test_a_refusal_never_repeats_the_password(api: Api) -> None:
    response = api.post(REGISTER, json={"password": "hunter2", "name": 1, "hunter2-as-name": ""})
    assert response.status_code == 400
    assert '"hunter2"' not in response.text


@pytest.mark.parametrize("change", [str, str.upper, str.title, str.swapcase])
def test_second_registration_of_one_email_answers_409(api: Api, ada: Account, change) -> None:
    response = api.post(REGISTER, json={**GOOD, "email": change(ada.email)})
    assert refused(response, 409, "CONFLICT") == {("email", "unique")}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{}@bücher.example", "{}@xn--bcher-kva.example"),
        ("{}@xn--bcher-kva.example", "{}@BÜCHER.example"),
        ("{}@faß.example", "{}@xn--fa-hia.example"),
        ("çedille-{}@example.org", "C\u0327EDILLE-{}@example.org"),
        ("straße-{}@example.org", "STRASSE-{}@example.org"),
    ],
)
def test_one_mailbox_in_two_spellings_answers_409(api: Api, first: str, second: str) -> None:
    local = fresh_email().partition("@")[0]
    api.register(first.format(local))
    response = api.post(REGISTER, json={**GOOD, "email": second.format(local)})
    assert refused(response, 409, "CONFLICT") == {("email", "unique")}


def test_different_domains_are_different_mailboxes(api: Api) -> None:
    local = fresh_email().partition("@")[0]
    api.register(f"{local}@faß.example")
    api.register(f"{local}@fass.example")


def test_the_email_is_answered_as_it_was_sent(api: Api) -> None:
    email = fresh_email("Mixed.Case")
    assert api.register(email).email == email


def test_lengths_are_counted_in_code_points_after_nfc(api: Api) -> None:
    decomposed = unicodedata.normalize("NFD", "é" * 100)
    account = api.register(name=decomposed, password=unicodedata.normalize("NFD", "ö" * 8))
    assert account.name == "é" * 100
    assert api.login(account.email, "ö" * 8).status_code == 200


@pytest.mark.parametrize(
    "password",
    ["        ", "🐎🔋📎🐎🔋📎🐎🔋", "\u0001\u202e\ufffd\U0010ffff....", "p" * 100, '"\\\n\t {}<>'],
)
def test_any_unicode_is_a_password(api: Api, password: str) -> None:
    account = api.register(password=password)
    assert api.login(account.email, password).status_code == 200
    assert api.login(account.email, password + "!"[: 100 - len(password)]).status_code == (
        401 if len(password) < 100 else 200
    )
