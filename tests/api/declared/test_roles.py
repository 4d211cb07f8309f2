"""What roles grant, where rules of an application ask for it; in both lanes."""

from collections.abc import Callable

import pytest

from tests.api.declared.conftest import Shop
from tests.support.api import ROLES, Account, fresh_role

CATEGORIES = "/api/v1/categories"
PRODUCTS = "/api/v1/products"

Change = Callable[..., None]


@pytest.fixture(scope="session")
def hidden(api: Shop, clerk: Account) -> str:
    """The path of a product that is sold out: only who may write the catalogue sees it."""
    category = api.post(CATEGORIES, json={"name": "Hidden"}, auth=clerk).json()["data"]["id"]
    body = {"sku": "HI-0001", "name": "Hidden", "categoryId": category, "price": "1.00"}
    response = api.post(PRODUCTS, json=body, auth=clerk)
    assert response.status_code == 201, response.text
    return f"{PRODUCTS}/{response.json()['data']['id']}"


@pytest.fixture
def name() -> str:
    return fresh_role()


@pytest.fixture
def role(api: Shop, name: str) -> str:
    """The path of a role that grants nothing yet."""
    made = api.post(ROLES, json={"name": name}, auth=api.admin).json()["data"]
    return f"{ROLES}/{made['id']}"


@pytest.fixture
def change(api: Shop, role: str) -> Change:
    def change(**values: object) -> None:
        assert api.patch(role, json=values, auth=api.admin).status_code == 200

    return change


def sees(api: Shop, account: Account, path: str) -> bool:
    """By reading it, by its place in the list and by changing it."""
    found = api.get(path, auth=account).status_code
    listed = api.get(PRODUCTS, params={"search": "Hidden"}, auth=account).json()["meta"]["total"]
    changed = api.patch(path, json={"weight": 1.5}, auth=account).status_code
    assert (found, listed, changed) in {(200, 1, 200), (404, 0, 404)}
    return found == 200


@pytest.mark.parametrize(
    ("permission", "granted"),
    [
        ("catalogue:write", True),
        ("catalogue:*", True),
        ("*", True),
        ("catalogue:read", False),
        ("catalogue:write:*", False),
        ("catalogue", False),
        ("catalogues:*", False),
    ],
)
def test_a_permission_counts_by_its_name_or_a_wildcard(
    api: Shop, name: str, change: Change, hidden: str, permission: str, granted: bool
) -> None:
    account = api.sign_up(name)
    assert not sees(api, account, hidden)
    change(permissions=["other:thing", permission])
    assert sees(api, account, hidden) == granted
    change(permissions=["other:thing"])
    assert not sees(api, account, hidden)


def test_a_renamed_role_grants_to_those_who_have_the_new_name(
    api: Shop, name: str, change: Change, hidden: str
) -> None:
    change(permissions=["catalogue:*"])
    renamed = fresh_role()
    old, new = api.sign_up(name), api.sign_up(renamed)
    assert (sees(api, old, hidden), sees(api, new, hidden)) == (True, False)
    change(name=renamed)
    assert (sees(api, old, hidden), sees(api, new, hidden)) == (False, True)


def test_a_removed_role_grants_nothing_until_one_of_its_name_comes_back(
    api: Shop, name: str, role: str, change: Change, hidden: str
) -> None:
    change(permissions=["*"])
    account = api.sign_up(name)
    assert sees(api, account, hidden)
    assert api.delete(role, auth=api.admin).status_code == 204
    assert not sees(api, account, hidden)
    again = {"name": name, "permissions": ["catalogue:write"]}
    assert api.post(ROLES, json=again, auth=api.admin).status_code == 201
    assert sees(api, account, hidden)


def test_a_user_gains_and_loses_what_a_role_grants_with_the_role(
    api: Shop, name: str, change: Change, hidden: str, ada: Account
) -> None:
    change(permissions=["catalogue:write"])
    assert not sees(api, ada, hidden)
    for roles in ([name], [], ["other", name], ["other"]):
        assert api.patch(ada.path, json={"roles": roles}, auth=api.admin).status_code == 200
        assert sees(api, ada, hidden) == (name in roles)


def test_admins_have_every_permission(api: Shop, hidden: str) -> None:
    assert sees(api, api.admin, hidden)
