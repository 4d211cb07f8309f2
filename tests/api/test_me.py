"""/users/me: oneself."""

import pytest

from tests.support.api import ME, REGISTER, Account, Api, fresh_email, wait_for_next_millisecond
from tests.support.contract import refused


def test_get_answers_oneself(api: Api, ada: Account) -> None:
    response = api.get(ME, auth=ada)
    assert response.status_code == 200
    user = response.json()["data"]
    assert list(user) == [
        "id",
        "email",
        "name",
        "status",
        "roles",
        "version",
        "createdAt",
        "updatedAt",
    ]
    assert (user["id"], user["email"]) == (ada.id, ada.email)
    assert api.get(ada.path, auth=ada).json()["data"] == user


def test_fields_are_those_of_oneself_that_are_asked_for(api: Api, ada: Account) -> None:
    answer = api.get(ME, params={"fields": "name,email"}, auth=ada)
    assert list(answer.json()["data"]) == ["email", "name"]
    by_id = api.get(ada.path, params={"fields": "email,name"}, auth=ada)
    assert by_id.json() == answer.json()
    tag = {"If-None-Match": by_id.headers["etag"]}
    assert api.get(ME, params={"fields": "name,email"}, headers=tag, auth=ada).status_code == 304
    answer = api.get(ME, params={"fields": "passwordHash"}, auth=ada)
    assert refused(answer, 400, "VALIDATION_ERROR") == {("query.fields", "enum")}


def test_patch_changes_what_is_sent_and_nothing_else(api: Api, ada: Account) -> None:
    before = api.get(ME, auth=ada).json()["data"]
    wait_for_next_millisecond()
    response = api.patch(ME, json={"name": "Ada Lovelace"}, auth=ada)
    assert response.status_code == 200
    after = response.json()["data"]
    assert after["updatedAt"] > before["updatedAt"]
    assert after == {
        **before,
        "name": "Ada Lovelace",
        "version": before["version"] + 1,
        "updatedAt": after["updatedAt"],
    }
    assert api.get(ME, auth=ada).json()["data"] == after


def test_a_new_email_signs_in_and_the_old_one_is_free(api: Api, ada: Account) -> None:
    new = fresh_email("new")
    assert api.patch(ME, json={"email": new}, auth=ada).json()["data"]["email"] == new
    assert api.login(new).status_code == 200
    assert api.login(ada.email).status_code == 401
    assert api.register(ada.email).id != ada.id


def test_ones_email_in_another_case_is_no_conflict(api: Api, ada: Account) -> None:
    response = api.patch(ME, json={"email": ada.email.upper()}, auth=ada)
    assert response.json()["data"]["email"] == ada.email.upper()


def test_anothers_email_is_a_conflict(api: Api, ada: Account, grace: Account) -> None:
    for email in (grace.email, grace.email.upper()):
        response = api.patch(ME, json={"email": email}, auth=ada)
        assert refused(response, 409, "CONFLICT") == {("email", "unique")}
    assert api.get(ME, auth=ada).json()["data"]["email"] == ada.email


def test_an_empty_patch_is_allowed(api: Api, ada: Account) -> None:
    before = api.get(ME, auth=ada).json()["data"]
    after = api.patch(ME, json={}, auth=ada).json()["data"]
    assert (after["email"], after["name"]) == (before["email"], before["name"])


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"roles": ["admin"]}, {("roles", "unknown")}),
        ({"status": "inactive"}, {("status", "unknown")}),
        ({"password": "a new password"}, {("password", "unknown")}),
        ({"passwordHash": "x"}, {("passwordHash", "unknown")}),
        ({"id": "x", "version": 9}, {("id", "unknown"), ("version", "unknown")}),
        ({"createdAt": "2026-01-01T00:00:00.000Z"}, {("createdAt", "unknown")}),
        ({"deletedAt": None}, {("deletedAt", "unknown")}),
        ({"name": None, "email": None}, {("name", "required"), ("email", "required")}),
        (
            {"name": "", "email": "x", "roles": [], "extra": 1},
            {
                ("name", "min_length"),
                ("email", "format"),
                ("roles", "unknown"),
                ("extra", "unknown"),
            },
        ),
    ],
)
def test_a_bad_patch_of_oneself_answers_400_with_every_violation(
    api: Api, ada: Account, body: dict[str, object], details: set[tuple[str, str]]
) -> None:
    before = api.get(ME, auth=ada).json()["data"]
    assert refused(api.patch(ME, json=body, auth=ada), 400, "VALIDATION_ERROR") == details
    assert api.get(ME, auth=ada).json()["data"] == before


def test_also_an_admin_cannot_change_their_roles_here(api: Api, admin: Account) -> None:
    response = api.patch(ME, json={"roles": ["admin", "x"]}, auth=admin)
    assert refused(response, 400, "VALIDATION_ERROR") == {("roles", "unknown")}


def test_delete_ends_the_account_and_every_session(api: Api, ada: Account) -> None:
    other = api.signed_in(ada.email)
    assert api.delete(ME, auth=ada).status_code == 204
    for account in (ada, other):
        assert not api.is_signed_in(account)
        assert refused(api.refresh(account.refresh), 401, "UNAUTHORIZED") == set()


def test_a_deleted_accounts_email_can_register_again(
    api: Api, ada: Account, admin: Account
) -> None:
    api.delete(ME, auth=ada)
    body = {"email": ada.email.upper(), "name": "Ada II", "password": "another password"}
    response = api.post(REGISTER, json=body)
    assert response.status_code == 201
    assert response.json()["data"]["user"]["id"] != ada.id
    assert api.login(ada.email, ada.password).status_code == 401
    assert api.login(ada.email, "another password").status_code == 200
    assert api.get(ada.path, auth=admin).status_code == 404
