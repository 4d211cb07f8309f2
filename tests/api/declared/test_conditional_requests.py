"""Tags of rows that not everybody sees whole, and rows whose version must be named."""

from typing import Any

from tests.api.declared.conftest import Shop
from tests.support.api import Account
from tests.support.contract import refused

CATEGORIES = "/api/v1/categories"
PAGES = "/api/v1/pages"
PRODUCTS = "/api/v1/products"


def product(api: Shop, buyer: Account, sku: str, cost: str | None = "4.00") -> str:
    category = api.post(CATEGORIES, json={"name": sku}, auth=buyer).json()["data"]["id"]
    body: dict[str, Any] = {"sku": sku, "name": "Lamp", "categoryId": category, "stock": 3}
    prices = {"price": "9.00"} | ({"cost": cost} if cost else {})
    made = api.post(PRODUCTS, json=body | prices, auth=buyer)
    assert made.status_code == 201, made.text
    return str(made.headers["location"])


def test_who_sees_other_fields_has_another_tag(
    api: Shop, ada: Account, clerk: Account, buyer: Account
) -> None:
    row = product(api, buyer, "TG-0001")
    tags = {who.id: api.get(row, auth=who).headers["etag"] for who in (ada, clerk, buyer)}
    assert tags[ada.id] == tags[clerk.id] == api.get(row).headers["etag"]
    assert tags[ada.id] != tags[buyer.id]
    answer = api.get(row, headers={"If-None-Match": tags[ada.id]}, auth=buyer)
    assert "cost" in answer.json()["data"], "never the other's 304"


def test_a_change_names_the_version_and_not_what_was_seen(
    api: Shop, clerk: Account, buyer: Account
) -> None:
    row = product(api, buyer, "TG-0002")
    seen = {"If-Match": api.get(row, auth=clerk).headers["etag"]}
    assert api.patch(row, json={"stock": 4}, headers=seen, auth=buyer).status_code == 200
    answer = api.patch(row, json={"stock": 5}, headers=seen, auth=buyer)
    assert refused(answer, 412, "PRECONDITION_FAILED") == set()


def test_a_part_of_a_row_is_304_while_the_client_has_that_very_part(
    api: Shop, clerk: Account
) -> None:
    row = product(api, clerk, "TG-0011", cost=None)
    part = {"fields": "name,stock"}
    answer = api.get(row, params=part, auth=clerk)
    assert answer.json()["data"] == {"name": "Lamp", "stock": 3}
    tag = {"If-None-Match": answer.headers["etag"]}
    assert api.get(row, params={"fields": "stock,name"}, headers=tag, auth=clerk).status_code == 304
    assert api.get(row, headers=tag, auth=clerk).status_code == 200
    included = api.get(row, params={**part, "include": "category"}, headers=tag, auth=clerk)
    assert list(included.json()["data"]) == ["name", "stock", "category"]
    seen = {"If-Match": answer.headers["etag"]}
    assert api.patch(row, json={"stock": 4}, headers=seen, auth=clerk).status_code == 200
    assert api.get(row, params=part, headers=tag, auth=clerk).json()["data"]["stock"] == 4


def test_fields_that_nobody_shows_the_caller_are_no_choice(
    api: Shop, clerk: Account, buyer: Account
) -> None:
    row = product(api, buyer, "TG-0012")
    for name in ("cost", "pin", "deletedAt", "none"):
        answer = api.get(row, params={"fields": name}, auth=clerk)
        assert refused(answer, 400, "VALIDATION_ERROR") == {("query.fields", "enum")}
    answer = api.get(row, params={"fields": "cost"}, auth=buyer)
    assert answer.json()["data"] == {"cost": "4.00"}


def test_readable_but_not_writable_is_403_before_any_precondition(
    api: Shop, ada: Account, buyer: Account
) -> None:
    row = product(api, buyer, "TG-0003")
    for tag in ("*", '"1"', '"9"'):
        answer = api.patch(row, json={"stock": 4}, headers={"If-Match": tag}, auth=ada)
        assert refused(answer, 403, "FORBIDDEN") == set()


def test_where_it_is_required_a_change_names_its_version(api: Shop, ada: Account) -> None:
    made = api.post(PAGES, json={"text": "One"}, auth=ada)
    row = made.headers["location"]
    for answer in (
        api.patch(row, json={"text": "Two"}, auth=ada),
        api.put(row, json={"text": "Two"}, auth=ada),
        api.delete(row, auth=ada),
    ):
        assert refused(answer, 428, "PRECONDITION_REQUIRED") == set()
    assert refused(api.patch(row, json={"text": "Two"}), 401, "UNAUTHORIZED") == set()
    seen = {"If-Match": made.headers["etag"]}
    assert api.patch(row, json={"text": "Two"}, headers=seen, auth=ada).status_code == 200
    assert refused(api.delete(row, headers=seen, auth=ada), 412, "PRECONDITION_FAILED") == set()
    assert api.delete(row, headers={"If-Match": "*"}, auth=ada).status_code == 204


def test_hooks_do_not_come_between_a_precondition_and_its_answer(api: Shop, clerk: Account) -> None:
    made = api.post(CATEGORIES, json={"name": "Tagged"}, auth=clerk)
    row = made.headers["location"]
    stale = api.patch(row, json={"name": "x"}, headers={"If-Match": '"9"'}, auth=clerk)
    assert refused(stale, 412, "PRECONDITION_FAILED") == set()
    seen = {"If-Match": made.headers["etag"]}
    assert api.delete(row, headers=seen, auth=clerk).status_code == 204
