"""Who may do what to which user."""

import pytest

from tests.support.api import ME, USERS, Account, Api, fresh_email
from tests.support.contract import refused


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_collection_is_for_admins(api: Api, ada: Account, method: str) -> None:
    response = api.request(method, USERS, json={"email": fresh_email(), "name": "A"}, auth=ada)
    assert refused(response, 403, "FORBIDDEN") == set()


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_anothers_user_answers_404(api: Api, ada: Account, grace: Account, method: str) -> None:
    body = None if method in ("GET", "DELETE") else {"email": grace.email, "name": "Taken over"}
    response = api.request(method, grace.path, json=body, auth=ada)
    assert refused(response, 404, "NOT_FOUND") == set()
    assert api.get(ME, auth=grace).json()["data"]["name"] == grace.name


def test_a_stranger_cannot_tell_a_user_from_nobody(api: Api, ada: Account, grace: Account) -> None:
    def answer(path: str) -> dict[str, object]:
        error: dict[str, object] = api.get(path, auth=ada).json()["error"]
        return {name: value for name, value in error.items() if name != "requestId"}

    assert answer(grace.path) == answer(f"{USERS}/{grace.id[:-12]}000000000000")


def test_anothers_guarded_fields_are_404_not_403(api: Api, ada: Account, grace: Account) -> None:
    response = api.patch(grace.path, json={"roles": ["admin"], "password": "12345678"}, auth=ada)
    assert refused(response, 404, "NOT_FOUND") == set()
    assert api.login(grace.email).status_code == 200


def test_one_may_get_and_patch_oneself_by_id(api: Api, ada: Account) -> None:
    assert api.get(ada.path, auth=ada).status_code == 200
    response = api.patch(ada.path, json={"name": "Countess", "email": fresh_email()}, auth=ada)
    assert (response.status_code, response.json()["data"]["name"]) == (200, "Countess")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"roles": ["admin"]}, {"roles"}),
        ({"status": "active"}, {"status"}),
        ({"password": "a new password"}, {"password"}),
        ({"roles": [], "status": "inactive", "name": "x"}, {"roles", "status"}),
    ],
)
def test_guarded_fields_of_oneself_answer_403_naming_them(
    api: Api, ada: Account, body: dict[str, object], fields: set[str]
) -> None:
    before = api.get(ME, auth=ada).json()
    response = api.patch(ada.path, json=body, auth=ada)
    assert {field for field, _ in refused(response, 403, "FORBIDDEN")} == fields
    assert api.get(ME, auth=ada).json() == before
    assert api.login(ada.email).status_code == 200


def test_one_may_neither_replace_nor_delete_oneself_by_id(api: Api, ada: Account) -> None:
    body = {"email": ada.email, "name": "Countess"}
    assert refused(api.put(ada.path, json=body, auth=ada), 403, "FORBIDDEN") == set()
    assert refused(api.delete(ada.path, auth=ada), 403, "FORBIDDEN") == set()
    assert api.get(ME, auth=ada).json()["data"]["name"] == ada.name


def test_another_role_opens_nothing(api: Api, ada: Account, grace: Account, admin: Account) -> None:
    api.patch(ada.path, json={"roles": ["editor", "administrator", "admin2"]}, auth=admin)
    assert api.get(USERS, auth=ada).status_code == 403
    assert api.get(grace.path, auth=ada).status_code == 404


def test_no_member_by_another_name_grants_anything(api: Api, ada: Account) -> None:
    for body in (
        {"Roles": ["admin"]},
        {"role": "admin"},
        {"__proto__": {"roles": ["admin"]}},
        {"roles[]": "admin"},
        {"data": {"roles": ["admin"]}},
    ):
        assert api.patch(ada.path, json=body, auth=ada).status_code == 400
    assert api.get(ME, auth=ada).json()["data"]["roles"] == []
