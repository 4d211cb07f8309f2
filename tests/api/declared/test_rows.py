"""Rows of declared resources: what goes in comes out, and what may not go in is named."""

import itertools
from typing import Any

import pytest

from tests.api.declared.conftest import Shop
from tests.support.api import NOBODY, Account
from tests.support.contract import refused

PRODUCTS = "/api/v1/products"
CATEGORIES = "/api/v1/categories"
NOTES = "/api/v1/notes"

_numbers = itertools.count(1000)


def new_sku() -> str:
    return f"AB-{next(_numbers):04}"


@pytest.fixture(scope="session")
def category(api: Shop, clerk: Account) -> str:
    response = api.post(CATEGORIES, json={"name": "Pens"}, auth=clerk)
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["id"])


@pytest.fixture
def body(category: str) -> dict[str, Any]:
    return {"sku": new_sku(), "name": "Fountain pen", "categoryId": category, "price": "12.50"}


def make(api: Shop, clerk: Account, body: dict[str, Any]) -> dict[str, Any]:
    response = api.post(PRODUCTS, json=body, auth=clerk)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()["data"]
    return made


def test_a_row_of_every_kind_of_field_comes_back_as_it_was(
    api: Shop, clerk: Account, body: dict[str, Any]
) -> None:
    sent = body | {
        "size": "large",
        "stock": 3,
        "weight": 0.125,
        "origin": {"country": "DE", "maker": "Ada & Söhne"},
        "attributes": {"colour": "blue", "nested": {"list": [1, 2.5, None, True]}},
        "labels": ["new", "ink"],
    }
    made = make(api, clerk, sent)
    found = api.get(f"{PRODUCTS}/{made['id']}", auth=clerk).json()["data"]
    assert found == made
    assert {name: found[name] for name in sent} == sent
    assert found["version"] == 1 and found["createdAt"] == found["updatedAt"]
    assert list(found)[0] == "id" and list(found)[-3:] == ["version", "createdAt", "updatedAt"]


def test_what_is_left_out_has_its_default(api: Shop, clerk: Account, body: dict[str, Any]) -> None:
    made = make(api, clerk, body)
    assert (made["size"], made["stock"], made["weight"], made["origin"]) == ("small", 0, None, None)
    assert made["attributes"] == {} and made["labels"] == []


def test_everything_that_is_wrong_is_named_at_once(api: Shop, clerk: Account) -> None:
    response = api.post(
        PRODUCTS,
        json={
            "sku": "x",
            "name": "",
            "categoryId": "none",
            "price": "0.001",
            "size": "huge",
            "origin": {"country": "DEU", "planet": "earth"},
            "id": NOBODY,
            "rating": 5,
        },
        auth=clerk,
    )
    assert refused(response, 400, "VALIDATION_ERROR") == {
        ("sku", "pattern"),
        ("name", "min_length"),
        ("categoryId", "format"),
        ("price", "format"),
        ("size", "enum"),
        ("origin.country", "max_length"),
        ("origin.planet", "unknown"),
        ("id", "unknown"),
        ("rating", "unknown"),
    }


def test_a_reference_to_nothing_is_unprocessable(
    api: Shop, clerk: Account, body: dict[str, Any]
) -> None:
    response = api.post(PRODUCTS, json=body | {"categoryId": NOBODY}, auth=clerk)
    assert refused(response, 422, "UNPROCESSABLE") == {("categoryId", "reference")}


def test_a_taken_value_is_a_conflict_until_its_row_is_deleted(
    api: Shop, clerk: Account, body: dict[str, Any]
) -> None:
    made = make(api, clerk, body)
    response = api.post(PRODUCTS, json=body, auth=clerk)
    assert refused(response, 409, "CONFLICT") == {("sku", "unique")}
    assert api.delete(f"{PRODUCTS}/{made['id']}", auth=clerk).status_code == 204
    assert api.get(f"{PRODUCTS}/{made['id']}", auth=clerk).status_code == 404
    make(api, clerk, body)


def test_what_others_refer_to_is_not_deleted(
    api: Shop, clerk: Account, body: dict[str, Any], category: str
) -> None:
    make(api, clerk, body)
    response = api.delete(f"{CATEGORIES}/{category}", auth=clerk)
    assert refused(response, 422, "UNPROCESSABLE") == set()


def test_an_immutable_value_stays(api: Shop, clerk: Account, body: dict[str, Any]) -> None:
    path = f"{PRODUCTS}/{make(api, clerk, body)['id']}"
    for method in ("PUT", "PATCH"):
        same = api.request(method, path, json=body | {"name": method}, auth=clerk)
        assert same.status_code == 200, same.text
        other = api.request(method, path, json=body | {"sku": new_sku()}, auth=clerk)
        assert refused(other, 422, "UNPROCESSABLE") == {("sku", "immutable")}
    assert api.get(path, auth=clerk).json()["data"]["sku"] == body["sku"]


def test_a_patch_merges_and_a_put_replaces(api: Shop, clerk: Account, body: dict[str, Any]) -> None:
    made = make(api, clerk, body | {"stock": 4, "origin": {"country": "DE", "maker": "Ada"}})
    path = f"{PRODUCTS}/{made['id']}"
    patched = api.patch(path, json={"origin": {"maker": None}, "stock": None}, auth=clerk)
    assert patched.json()["data"]["origin"] == {"country": "DE", "maker": None}
    assert patched.json()["data"]["stock"] == 0
    assert patched.json()["data"]["version"] == 2
    put = api.put(path, json=body, auth=clerk).json()["data"]
    assert put["origin"] is None and put["createdAt"] == made["createdAt"]


def test_a_write_only_value_is_in_no_answer(
    api: Shop, clerk: Account, body: dict[str, Any]
) -> None:
    made = make(api, clerk, body | {"pin": "1234"})
    assert "pin" not in made
    assert "pin" not in api.get(f"{PRODUCTS}/{made['id']}", auth=clerk).json()["data"]
    response = api.get(PRODUCTS, params={"pin": "1234"}, auth=clerk)
    assert refused(response, 400, "VALIDATION_ERROR") == {("query.pin", "unknown")}


def test_the_server_sets_who_and_when(api: Shop, ada: Account) -> None:
    made = api.post(NOTES, json={"text": "x"}, auth=ada).json()["data"]
    assert made["ownerId"] == ada.id
    assert made["writtenAt"] == made["createdAt"]
    for member in ("ownerId", "writtenAt"):
        response = api.post(NOTES, json={"text": "x", member: made[member]}, auth=ada)
        assert refused(response, 400, "VALIDATION_ERROR") == {(member, "unknown")}


def test_lists_filter_sort_and_search(api: Shop, clerk: Account, category: str) -> None:
    other = api.post(CATEGORIES, json={"name": "Inks"}, auth=clerk).json()["data"]["id"]
    for name, price, size in (("Blue ink", "3.00", "small"), ("Red ink", "10.00", "large")):
        body = {"sku": new_sku(), "name": name, "categoryId": other, "price": price, "size": size}
        make(api, clerk, body)

    def names(**params: str) -> list[str]:
        answer = api.get(PRODUCTS, params={"categoryId": other, **params}, auth=clerk).json()
        assert answer["meta"]["total"] == len(answer["data"])
        return [row["name"] for row in answer["data"]]

    assert names(sort="price") == ["Blue ink", "Red ink"]
    assert names(sort="-price") == ["Red ink", "Blue ink"]
    assert names(size="large") == ["Red ink"]
    assert names(search="BLUE") == ["Blue ink"]
    assert names() == ["Red ink", "Blue ink"]


def test_the_document_tells_what_a_filter_takes(api: Shop, clerk: Account) -> None:
    document = api.get("/openapi.json").json()
    parameters = document["paths"][PRODUCTS]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in parameters}
    sku = document["components"]["schemas"]["Product"]["properties"]["sku"]
    assert schemas["sku"] == schemas["sku[gt]"] == schemas["sku[in]"]["items"] == sku
    assert schemas["stock[ne]"] == {"type": "integer", "format": "int64", "minimum": 0}
    for name, wrong, code in (("sku", "ab-1", "pattern"), ("stock[gt]", "-1", "min")):
        response = api.get(PRODUCTS, params={name: wrong}, auth=clerk)
        assert refused(response, 400, "VALIDATION_ERROR") == {(f"query.{name}", code)}


def test_a_long_text_is_stored_whole(api: Shop, ada: Account) -> None:
    text = "naïve " * 50_000
    made = api.post(NOTES, json={"text": text}, auth=ada).json()["data"]
    assert api.get(f"{NOTES}/{made['id']}", auth=ada).json()["data"]["text"] == text
