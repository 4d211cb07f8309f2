"""PUT /users/me/password."""

import pytest

from tests.support.api import MY_PASSWORD, Account, Api, fresh_email
from tests.support.contract import refused

NEW = "a wholly new password"


def change(api: Api, account: Account, current: object, new: object):
    body = {"currentPassword": current, "newPassword": new}
    return api.put(MY_PASSWORD, json=body, auth=account)


def test_a_change_answers_204_and_the_new_password_signs_in(api: Api, ada: Account) -> None:
    assert change(api, ada, ada.password, NEW).status_code == 204
    assert api.login(ada.email, NEW).status_code == 200
    assert refused(api.login(ada.email, ada.password), 401, "INVALID_CREDENTIALS") == set()


def test_a_change_ends_ones_other_sessions_and_keeps_this_one(api: Api, ada: Account) -> None:
    others = [api.signed_in(ada.email) for _ in range(2)]
    assert change(api, ada, ada.password, NEW).status_code == 204
    assert api.is_signed_in(ada)
    assert api.refresh(ada.refresh).status_code == 200
    for other in others:
        assert not api.is_signed_in(other)
        assert refused(api.refresh(other.refresh), 401, "UNAUTHORIZED") == set()


def test_a_wrong_current_password_answers_422_naming_it(api: Api, ada: Account) -> None:
    other = api.signed_in(ada.email)
    response = change(api, ada, "wrong password", NEW)
    assert {field for field, _ in refused(response, 422, "UNPROCESSABLE")} == {"currentPassword"}
    assert api.login(ada.email).status_code == 200
    assert api.is_signed_in(other)


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, {("currentPassword", "required"), ("newPassword", "required")}),
        (
            {"currentPassword": "", "newPassword": "short"},
            {("currentPassword", "min_length"), ("newPassword", "min_length")},
        ),
        (
            {"currentPassword": "x" * 101, "newPassword": "x" * 101},
            {("currentPassword", "max_length"), ("newPassword", "max_length")},
        ),
        (
            {"currentPassword": 1, "newPassword": None, "confirm": ""},
            {("currentPassword", "type"), ("newPassword", "type"), ("confirm", "unknown")},
        ),
        (
            {"current_password": "x", "newPassword": NEW},
            {("current_password", "unknown"), ("currentPassword", "required")},
        ),
    ],
)
def test_a_bad_change_answers_400_with_every_violation(
    api: Api, ada: Account, body: dict[str, object], details: set[tuple[str, str]]
) -> None:
    response = api.put(MY_PASSWORD, json=body, auth=ada)
    assert refused(response, 400, "VALIDATION_ERROR") == details
    assert api.login(ada.email).status_code == 200


def test_the_version_rises_with_a_change(api: Api, ada: Account) -> None:
    before = api.get(ada.path, auth=ada).json()["data"]["version"]
    change(api, ada, ada.password, NEW)
    assert api.get(ada.path, auth=ada).json()["data"]["version"] == before + 1


def test_an_admin_sets_a_first_password(api: Api, admin: Account) -> None:
    email = fresh_email()
    created = api.post("/api/v1/users", json={"email": email, "name": "New"}, auth=admin)
    path = f"/api/v1/users/{created.json()['data']['id']}"
    assert api.login(email, NEW).status_code == 401
    assert api.patch(path, json={"password": NEW}, auth=admin).status_code == 200
    assert api.login(email, NEW).status_code == 200


def test_a_password_set_by_an_admin_ends_the_users_sessions(
    api: Api, ada: Account, admin: Account
) -> None:
    assert api.patch(ada.path, json={"password": NEW}, auth=admin).status_code == 200
    assert not api.is_signed_in(ada)
    assert api.login(ada.email).status_code == 401
    assert api.login(ada.email, NEW).status_code == 200


def test_a_password_set_by_patch_is_validated_too(api: Api, ada: Account, admin: Account) -> None:
    for password, code in [("short", "min_length"), ("x" * 101, "max_length"), (None, "type")]:
        response = api.patch(ada.path, json={"password": password}, auth=admin)
        assert refused(response, 400, "VALIDATION_ERROR") == {("password", code)}
    assert api.is_signed_in(ada)
