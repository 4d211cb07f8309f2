"""Lists of what was deleted softly: for admins."""

import itertools
from typing import Any

import pytest

from tests.api.declared.conftest import Shop
from tests.support.api import USERS, Account
from tests.support.contract import refused

PRODUCTS = "/api/v1/products"
CATEGORIES = "/api/v1/categories"

_skus = (f"DL-{number}" for number in itertools.count(1000))
_names = (f"gone {number}." for number in itertools.count())


@pytest.fixture(scope="session")
def category(api: Shop, clerk: Account) -> str:
    response = api.post(CATEGORIES, json={"name": "Of deleted products"}, auth=clerk)
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["id"])


@pytest.fixture
def name(api: Shop, clerk: Account, category: str) -> str:
    """Of three products that were deleted, and one that was not."""
    name = next(_names)
    for number in range(4):
        body = {"sku": next(_skus), "name": f"{name} {number}", "categoryId": category}
        made = api.post(PRODUCTS, json={**body, "price": "1.00", "stock": 1}, auth=clerk)
        assert made.status_code == 201, made.text
        if number < 3:
            assert api.delete(made.headers["location"], auth=clerk).status_code == 204
    return name


def deleted(api: Shop, name: str, **parameters: str) -> Any:
    query = {"deleted": "true", "search": name, **parameters}
    response = api.get(PRODUCTS, params=query, auth=api.admin)
    assert response.status_code == 200, response.text
    return response.json()


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [int(row["name"][-1]) for row in rows]


def test_admins_list_the_deleted_rows_alone_with_their_time(api: Shop, name: str) -> None:
    found = deleted(api, name, sort="name")
    assert numbers(found["data"]) == [0, 1, 2]
    assert found["meta"]["total"] == 3
    assert all(row["deletedAt"] >= row["createdAt"] for row in found["data"])
    others = api.get(PRODUCTS, params={"search": name}, auth=api.admin).json()["data"]
    assert numbers(others) == [3] and "deletedAt" not in others[0]


def test_they_leave_the_list_when_they_are_restored(api: Shop, name: str) -> None:
    first = deleted(api, name, sort="name")["data"][0]
    assert api.post(f"{PRODUCTS}/{first['id']}/restore", auth=api.admin).status_code == 200
    assert numbers(deleted(api, name, sort="name")["data"]) == [1, 2]


def test_pages_filters_fields_and_relations_are_as_of_other_rows(
    api: Shop, name: str, category: str
) -> None:
    page = deleted(api, name, sort="-name", limit="2", page="2", fields="name,deletedAt")
    assert numbers(page["data"]) == [0] and set(page["data"][0]) == {"name", "deletedAt"}
    assert page["meta"] == {"page": 2, "limit": 2, "total": 3, "totalPages": 2}
    with_category = deleted(api, name, categoryId=category, include="category")["data"]
    assert {row["category"]["id"] for row in with_category} == {category}
    newest = deleted(api, name)["data"][0]["deletedAt"]
    assert deleted(api, name, **{"deletedAt[gt]": newest})["data"] == []


def test_a_walk_is_of_deleted_rows_or_of_others(api: Shop, name: str) -> None:
    first = deleted(api, name, cursor="", limit="2", sort="name")
    cursor = first["meta"]["nextCursor"]
    rest = deleted(api, name, cursor=cursor, limit="2", sort="name")
    assert numbers(first["data"] + rest["data"]) == [0, 1, 2]
    others = {"search": name, "cursor": cursor, "limit": "2", "sort": "name"}
    answer = api.get(PRODUCTS, params=others, auth=api.admin)
    assert refused(answer, 400, "VALIDATION_ERROR") == {("query.cursor", "format")}


def test_to_others_there_is_no_such_parameter(api: Shop, clerk: Account, name: str) -> None:
    for auth in (clerk, None):
        answer = api.get(PRODUCTS, params={"deleted": "true", "search": name}, auth=auth)
        assert refused(answer, 400, "VALIDATION_ERROR") == {("query.deleted", "unknown")}
    answer = api.get(CATEGORIES, params={"deleted": "true"}, auth=api.admin)
    assert refused(answer, 400, "VALIDATION_ERROR") == {("query.deleted", "unknown")}


def test_admins_list_the_users_who_are_gone(api: Shop, ada: Account, admin: Account) -> None:
    assert api.delete(ada.path, auth=admin).status_code == 204
    found = api.get(USERS, params={"deleted": "true", "email": ada.email}, auth=admin)
    assert [row["id"] for row in found.json()["data"]] == [ada.id]
    assert "deletedAt" in found.json()["data"][0]
