"""/users and /users/{id} for admins."""

import pytest

from tests.support.api import (
    ME,
    NOBODY,
    USERS,
    Account,
    Api,
    fresh_email,
    make_admin,
    wait_for_next_millisecond,
)
from tests.support.contract import is_uuid7, refused
from tests.support.server import serving

BAD_BODIES = [
    ({}, {("email", "required"), ("name", "required")}),
    ({"email": "x", "name": ""}, {("email", "format"), ("name", "min_length")}),
    (
        {"email": "a@example.org", "name": "A", "status": "gone", "password": "short"},
        {("status", "enum"), ("password", "min_length")},
    ),
    (
        {"email": "a@example.org", "name": "A", "roles": ["admin", "Admin", 1, "admin", ""]},
        {
            ("roles[1]", "pattern"),
            ("roles[2]", "type"),
            ("roles[3]", "duplicate"),
            ("roles[4]", "min_length"),
            ("roles[4]", "pattern"),
        },
    ),
    (
        {"email": 1, "name": [], "id": NOBODY, "version": 1, "passwordHash": "$argon2id$"},
        {
            ("email", "type"),
            ("name", "type"),
            ("id", "unknown"),
            ("version", "unknown"),
            ("passwordHash", "unknown"),
        },
    ),
    (
        {"email": "a@example.org", "name": "A", "roles": "admin"},
        {("roles", "type")},
    ),
    (
        {"email": "a@example.org", "name": "A", "roles": [f"r{n}" for n in range(21)]},
        {("roles", "max_length")},
    ),
]


def test_create_answers_201_with_the_user(api: Api, admin: Account) -> None:
    email = fresh_email()
    body = {
        "email": email,
        "name": "Grace",
        "password": "correct horse battery",
        "status": "inactive",
        "roles": ["editor", "admin"],
    }
    response = api.post(USERS, json=body, auth=admin)
    assert response.status_code == 201
    user = response.json()["data"]
    assert is_uuid7(user["id"])
    assert response.headers["location"] == f"{USERS}/{user['id']}"
    assert user == {
        "id": user["id"],
        "email": email,
        "name": "Grace",
        "status": "inactive",
        "roles": ["editor", "admin"],
        "version": 1,
        "createdAt": user["createdAt"],
        "updatedAt": user["createdAt"],
    }
    assert api.get(response.headers["location"], auth=admin).json()["data"] == user


def test_create_fills_in_defaults(api: Api, admin: Account) -> None:
    response = api.post(USERS, json={"email": fresh_email(), "name": "A"}, auth=admin)
    user = response.json()["data"]
    assert (user["status"], user["roles"]) == ("active", [])


@pytest.mark.parametrize(("body", "details"), BAD_BODIES)
def test_a_bad_body_answers_400_with_every_violation(
    api: Api,
    ada: Account,
    admin: Account,
    body: dict[str, object],
    details: set[tuple[str, str]],
) -> None:
    before = api.get(ada.path, auth=admin).json()
    for response in (
        api.post(USERS, json=body, auth=admin),
        api.put(ada.path, json=body, auth=admin),
    ):
        assert refused(response, 400, "VALIDATION_ERROR") == details
    patched = {field for field in details if field[1] != "required"}
    if patched:
        response = api.patch(ada.path, json=body, auth=admin)
        assert refused(response, 400, "VALIDATION_ERROR") == patched
    assert api.get(ada.path, auth=admin).json() == before


def test_a_taken_email_answers_409_on_create_put_and_patch(
    api: Api, ada: Account, grace: Account, admin: Account
) -> None:
    body = {"email": grace.email.swapcase(), "name": "X"}
    for response in (
        api.post(USERS, json=body, auth=admin),
        api.put(ada.path, json=body, auth=admin),
        api.patch(ada.path, json=body, auth=admin),
    ):
        assert refused(response, 409, "CONFLICT") == {("email", "unique")}
    assert api.get(ME, auth=ada).json()["data"]["name"] == ada.name


def test_get_answers_any_user(api: Api, ada: Account, admin: Account) -> None:
    response = api.get(ada.path, auth=admin)
    assert response.status_code == 200
    assert response.json()["data"] == api.get(ME, auth=ada).json()["data"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_nobodys_id_answers_404(api: Api, admin: Account, method: str) -> None:
    body = None if method in ("GET", "DELETE") else {"email": fresh_email(), "name": "A"}
    response = api.request(method, f"{USERS}/{NOBODY}", json=body, auth=admin)
    assert refused(response, 404, "NOT_FOUND") == set()


def test_put_replaces_and_what_is_left_out_is_its_default(
    api: Api, ada: Account, admin: Account
) -> None:
    api.patch(ada.path, json={"roles": ["editor"]}, auth=admin)
    before = api.get(ada.path, auth=admin).json()["data"]
    wait_for_next_millisecond()
    body = {"email": fresh_email(), "name": "Replaced"}
    response = api.put(ada.path, json=body, auth=admin)
    assert response.status_code == 200
    after = response.json()["data"]
    assert after == {
        **before,
        **body,
        "roles": [],
        "status": "active",
        "version": before["version"] + 1,
        "updatedAt": after["updatedAt"],
    }
    assert after["updatedAt"] > before["updatedAt"]


def test_put_without_a_password_keeps_it(api: Api, ada: Account, admin: Account) -> None:
    api.put(ada.path, json={"email": ada.email, "name": "A"}, auth=admin)
    assert api.login(ada.email).status_code == 200


def test_patch_changes_what_is_sent_and_nothing_else(
    api: Api, ada: Account, admin: Account
) -> None:
    before = api.get(ada.path, auth=admin).json()["data"]
    for change in ({"roles": ["b", "a"]}, {"name": "Countess"}, {"status": "inactive"}):
        after = api.patch(ada.path, json=change, auth=admin).json()["data"]
        assert after == {
            **before,
            **change,
            "version": before["version"] + 1,
            "updatedAt": after["updatedAt"],
        }
        before = after


@pytest.mark.parametrize(
    ("field", "code"), [("email", "required"), ("name", "required"), ("password", "type")]
)
def test_patch_with_null_cannot_remove_what_must_be(
    api: Api, ada: Account, admin: Account, field: str, code: str
) -> None:
    response = api.patch(ada.path, json={field: None}, auth=admin)
    assert refused(response, 400, "VALIDATION_ERROR") == {(field, code)}
    assert api.login(ada.email).status_code == 200


def test_patch_with_null_puts_a_default_back(api: Api, ada: Account, admin: Account) -> None:
    """RFC 7396: null removes the member, and without it there is its default."""
    api.patch(ada.path, json={"roles": ["editor"], "status": "inactive"}, auth=admin)
    response = api.patch(ada.path, json={"roles": None, "status": None}, auth=admin)
    user = response.json()["data"]
    assert (response.status_code, user["roles"], user["status"]) == (200, [], "active")


def test_delete_answers_204_and_then_404(api: Api, ada: Account, admin: Account) -> None:
    response = api.delete(ada.path, auth=admin)
    assert response.status_code == 204
    assert not api.is_signed_in(ada)
    for again in (
        api.delete(ada.path, auth=admin),
        api.get(ada.path, auth=admin),
        api.patch(ada.path, json={"name": "x"}, auth=admin),
        api.put(ada.path, json={"email": ada.email, "name": "x"}, auth=admin),
    ):
        assert refused(again, 404, "NOT_FOUND") == set()


def test_a_deleted_users_email_is_free_again(api: Api, ada: Account, admin: Account) -> None:
    api.delete(ada.path, auth=admin)
    response = api.post(USERS, json={"email": ada.email, "name": "Again"}, auth=admin)
    assert response.status_code == 201


def test_a_restored_user_signs_in_anew(api: Api, ada: Account, admin: Account) -> None:
    api.delete(ada.path, auth=admin)
    answer = api.post(f"{ada.path}/restore", auth=admin)
    assert answer.status_code == 200, answer.text
    assert answer.json() == api.get(ada.path, auth=admin).json()
    assert not api.is_signed_in(ada)
    assert api.login(ada.email).status_code == 200


def test_only_admins_restore_users(api: Api, ada: Account, admin: Account) -> None:
    gone = api.register()
    api.delete(gone.path, auth=admin)
    assert refused(api.post(f"{gone.path}/restore", auth=ada), 404, "NOT_FOUND") == set()
    assert refused(api.post(f"{ada.path}/restore", auth=ada), 403, "FORBIDDEN") == set()
    assert refused(api.post(f"{gone.path}/restore"), 401, "UNAUTHORIZED") == set()


def test_who_has_a_deleted_users_email_keeps_it(api: Api, ada: Account, admin: Account) -> None:
    api.delete(ada.path, auth=admin)
    assert api.post(USERS, json={"email": ada.email, "name": "A"}, auth=admin).status_code == 201
    answer = api.post(f"{ada.path}/restore", auth=admin)
    assert refused(answer, 409, "CONFLICT") == {("email", "unique")}


def test_a_disabled_users_tokens_are_refused_at_once(
    api: Api, ada: Account, admin: Account
) -> None:
    api.patch(ada.path, json={"status": "inactive"}, auth=admin)
    assert refused(api.get(ME, auth=ada), 401, "UNAUTHORIZED") == set()
    api.patch(ada.path, json={"status": "active"}, auth=admin)
    assert not api.is_signed_in(ada)


def test_a_changed_role_counts_from_the_next_request(
    api: Api, ada: Account, admin: Account
) -> None:
    assert api.get(USERS, auth=ada).status_code == 403
    api.patch(ada.path, json={"roles": ["admin"]}, auth=admin)
    assert api.get(USERS, auth=ada).status_code == 200
    api.patch(ada.path, json={"roles": ["editor"]}, auth=admin)
    assert api.get(USERS, auth=ada).status_code == 403


def test_the_last_active_admin_can_neither_leave_nor_be_demoted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("last")) as server, Api(server) as api:
        first = make_admin(server, api)
        second = api.register()

        def attempts():
            yield api.delete(ME, auth=first)
            yield api.delete(first.path, auth=first)
            yield api.patch(first.path, json={"roles": []}, auth=first)
            yield api.patch(first.path, json={"status": "inactive"}, auth=first)
            yield api.put(first.path, json={"email": first.email, "name": "x"}, auth=first)

        for response in attempts():
            assert response.status_code == 422
            assert response.json()["error"]["code"] == "UNPROCESSABLE"
        # An admin who is not active is no other admin.
        body = {"roles": ["admin"], "status": "inactive"}
        assert api.patch(second.path, json=body, auth=first).status_code == 200
        assert {response.status_code for response in attempts()} == {422}
        assert api.patch(second.path, json={"status": "active"}, auth=first).status_code == 200
        assert api.delete(ME, auth=first).status_code == 204
        second = api.signed_in(second.email)
        assert api.get(USERS, auth=second).json()["meta"]["total"] == 1
        assert api.delete(ME, auth=second).status_code == 422
