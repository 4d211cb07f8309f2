"""Users that an application extends."""

from tests.api.declared.conftest import Shop
from tests.support.api import ME, PASSWORD, REGISTER, USERS, Account, fresh_email
from tests.support.contract import refused


def test_registration_takes_the_further_fields(api: Shop) -> None:
    account = api.register_with(nickname="Ada L.")
    user = api.get(ME, auth=account).json()["data"]
    assert (user["nickname"], user["credit"], user["score"]) == ("Ada L.", 0, 7)


def test_registration_names_what_is_wrong_with_them(api: Shop) -> None:
    body = {"email": fresh_email(), "name": "Ada", "password": PASSWORD}
    response = api.post(REGISTER, json=body | {"nickname": "", "score": 9, "roles": ["admin"]})
    assert refused(response, 400, "VALIDATION_ERROR") == {
        ("nickname", "min_length"),
        ("score", "unknown"),
        ("roles", "unknown"),
    }


def test_registration_does_not_set_what_only_admins_may(api: Shop) -> None:
    body = {"email": fresh_email(), "name": "Ada", "password": PASSWORD, "nickname": "a"}
    response = api.post(REGISTER, json=body | {"credit": 1000})
    assert response.status_code in (400, 403), response.text


def test_users_change_their_own_and_admins_the_rest(
    api: Shop, ada: Account, admin: Account
) -> None:
    changed = api.patch(ME, json={"nickname": "countess"}, auth=ada)
    assert changed.json()["data"]["nickname"] == "countess"
    assert refused(api.patch(ME, json={"credit": 5}, auth=ada), 400, "VALIDATION_ERROR") == {
        ("credit", "unknown")
    }
    assert refused(api.patch(ada.path, json={"credit": 5}, auth=ada), 403, "FORBIDDEN") == {
        ("credit", "forbidden")
    }
    assert api.patch(ada.path, json={"credit": 5}, auth=admin).json()["data"]["credit"] == 5


def test_an_admin_makes_and_lists_members(api: Shop, admin: Account) -> None:
    body = {"email": fresh_email(), "name": "Grace", "nickname": "amazing"}
    made = api.post(USERS, json=body, auth=admin)
    assert made.status_code == 201, made.text
    rows = api.get(USERS, params={"email": body["email"]}, auth=admin).json()["data"]
    assert [row["nickname"] for row in rows] == ["amazing"]
