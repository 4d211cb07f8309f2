"""Rows that come with those they lead to: `include=`."""

from typing import Any

import pytest

from tests.api.declared.conftest import Shop
from tests.api.declared.test_rows import CATEGORIES, NOTES, PRODUCTS, new_sku
from tests.support.api import Account
from tests.support.contract import refused


def made(api: Shop, path: str, body: dict[str, Any], who: Account) -> dict[str, Any]:
    response = api.post(path, json=body, auth=who)
    assert response.status_code == 201, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


def got(api: Shop, path: str, who: Account | None, **parameters: str) -> Any:
    response = api.get(path, params=parameters, auth=who)
    assert response.status_code == 200, response.text
    return response.json()["data"]


@pytest.fixture
def category(api: Shop, clerk: Account) -> str:
    """With a product in stock, and one that is not."""
    name = f"Shelf {new_sku()}"
    category = str(made(api, CATEGORIES, {"name": name}, clerk)["id"])
    for stock in (3, 0):
        body = {"sku": new_sku(), "name": "Pen", "categoryId": category, "price": "1.00"}
        made(api, PRODUCTS, body | {"stock": stock}, clerk)
    return category


def test_a_row_and_a_list_include_what_the_caller_may_see_of_others(
    api: Shop, clerk: Account, category: str
) -> None:
    path = f"{CATEGORIES}/{category}"
    assert [row["stock"] for row in got(api, path, clerk, include="products")["products"]] == [3, 0]
    (shown,) = got(api, path, None, include="products.category")["products"]
    assert shown["stock"] == 3
    assert shown["category"]["id"] == shown["categoryId"] == category
    assert "cost" not in shown
    assert "pin" not in shown
    rows = got(api, PRODUCTS, None, include="category", categoryId=category)
    assert [row["category"]["id"] for row in rows] == [category]
    assert "products" not in got(api, path, clerk)


def test_of_users_only_what_the_caller_may_see_is_included(api: Shop, ada: Account) -> None:
    eve = api.sign_up(nickname="eve")
    note = made(api, NOTES, {"text": "x", "shared": True}, ada)
    path = f"{NOTES}/{note['id']}"
    assert got(api, path, ada, include="owner")["owner"]["id"] == ada.id
    of_eve = got(api, path, eve, include="owner")
    assert of_eve["owner"] is None
    assert of_eve["ownerId"] == ada.id


def test_users_include_what_refers_to_them(api: Shop, ada: Account, admin: Account) -> None:
    note = made(api, NOTES, {"text": "x"}, ada)
    for path in ("/api/v1/users/me", ada.path):
        assert [row["id"] for row in got(api, path, ada, include="notes")["notes"]] == [note["id"]]
    assert got(api, ada.path, admin, include="notes")["notes"] == []
    assert "notes" in got(api, "/api/v1/users", admin, include="notes.owner")[0]


def test_what_cannot_be_included_is_400_and_what_can_is_named(api: Shop, category: str) -> None:
    path = f"{CATEGORIES}/{category}"
    for wrong in ("", "nothing", "products.nothing", "products.category.products"):
        response = api.get(path, params={"include": wrong})
        assert refused(response, 400, "VALIDATION_ERROR") == {("query.include", "enum")}
        assert (
            response.json()["error"]["details"][0]["message"]
            == "Can include: products, products.category."
        )


def test_the_document_names_what_can_be_included(api: Shop) -> None:
    document = api.get("/openapi.json").json()
    parameters = document["paths"]["/api/v1/categories/{id}"]["get"]["parameters"]
    (include,) = [one for one in parameters if one["name"] == "include"]
    assert include["schema"]["items"]["enum"] == ["products", "products.category"]
    members = document["components"]["schemas"]["Category"]["properties"]
    assert members["products"]["items"] == {"$ref": "#/components/schemas/Product"}
    assert "products" not in document["components"]["schemas"]["Category"]["required"]
    assert "products" not in document["components"]["schemas"]["CategoryCreate"]["properties"]
