"""A soft deletion undone."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.declared.conftest import Shop
from tests.api.declared.test_python import entries
from tests.support.api import BATCH, NOBODY, Account
from tests.support.contract import refused

PRODUCTS = "/api/v1/products"
CATEGORIES = "/api/v1/categories"
PAGES = "/api/v1/pages"

_skus = (f"RS-{number}" for number in itertools.count(1000))


@pytest.fixture(scope="session")
def category(api: Shop, clerk: Account) -> str:
    response = api.post(CATEGORIES, json={"name": "Restored"}, auth=clerk)
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["id"])


@pytest.fixture
def made(api: Shop, clerk: Account, category: str) -> dict[str, Any]:
    """A product in stock, which everybody sees."""
    body = {"sku": next(_skus), "name": "Pen", "categoryId": category, "price": "1.00", "stock": 1}
    response = api.post(PRODUCTS, json=body, auth=clerk)
    assert response.status_code == 201, response.text
    row: dict[str, Any] = response.json()["data"]
    return row


@pytest.fixture
def row(made: dict[str, Any]) -> str:
    return f"{PRODUCTS}/{made['id']}"


@pytest.fixture
def deleted(api: Shop, clerk: Account, row: str) -> str:
    assert api.delete(row, auth=clerk).status_code == 204
    return row


def test_a_restored_row_is_there_as_it_was_in_a_new_version(
    api: Shop, clerk: Account, made: dict[str, Any], deleted: str
) -> None:
    answer = api.post(f"{deleted}/restore", auth=clerk)
    assert answer.status_code == 200, answer.text
    restored = answer.json()["data"]
    assert restored == made | {"version": 2, "updatedAt": restored["updatedAt"]}
    found = api.get(deleted, auth=clerk)
    assert found.json() == answer.json()
    assert found.headers["etag"] == answer.headers["etag"]


def test_what_is_not_deleted_stays_as_it_is(
    api: Shop, clerk: Account, made: dict[str, Any], row: str
) -> None:
    answer = api.post(f"{row}/restore", auth=clerk)
    assert (answer.status_code, answer.json()["data"]) == (200, made)


def test_of_many_at_once_one_changes_the_row(api: Shop, clerk: Account, deleted: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: api.post(f"{deleted}/restore", auth=clerk), range(16)))
    assert {(each.status_code, each.json()["data"]["version"]) for each in answers} == {(200, 2)}


def test_to_others_a_deleted_row_is_not_there(api: Shop, ada: Account, deleted: str) -> None:
    nothing = f"{PRODUCTS}/{NOBODY}"
    for row in (deleted, nothing):
        assert refused(api.post(f"{row}/restore", auth=ada), 404, "NOT_FOUND") == set()
        assert refused(api.post(f"{row}/restore"), 401, "UNAUTHORIZED") == set()


def test_what_others_may_not_delete_they_may_not_restore(api: Shop, ada: Account, row: str) -> None:
    assert refused(api.post(f"{row}/restore", auth=ada), 403, "FORBIDDEN") == set()


def test_a_value_that_was_taken_meanwhile_is_named(
    api: Shop, clerk: Account, category: str, made: dict[str, Any], deleted: str
) -> None:
    body = {"sku": made["sku"], "name": "Other", "categoryId": category, "price": "1.00"}
    assert api.post(PRODUCTS, json=body, auth=clerk).status_code == 201
    answer = api.post(f"{deleted}/restore", auth=clerk)
    assert refused(answer, 409, "CONFLICT") == {("sku", "unique")}


def test_what_a_deleted_row_refers_to_stays(api: Shop, clerk: Account) -> None:
    made = api.post(CATEGORIES, json={"name": "Referred to"}, auth=clerk)
    body = {"sku": next(_skus), "name": "Pen", "categoryId": made.json()["data"]["id"]}
    product = api.post(PRODUCTS, json=body | {"price": "1.00"}, auth=clerk).headers["location"]
    assert api.delete(product, auth=clerk).status_code == 204
    answer = api.delete(made.headers["location"], auth=clerk)
    assert refused(answer, 422, "UNPROCESSABLE") == set()
    assert api.post(f"{product}/restore", auth=clerk).status_code == 200


def test_a_body_and_parameters_are_refused(api: Shop, clerk: Account, deleted: str) -> None:
    answer = api.post(f"{deleted}/restore", params={"x": "1"}, json={}, auth=clerk)
    assert refused(answer, 400, "VALIDATION_ERROR") == {("query.x", "unknown"), ("", "unknown")}


def test_an_idempotency_key_is_of_one_row(api: Shop, clerk: Account, deleted: str) -> None:
    key = {"Idempotency-Key": deleted}
    first = api.post(f"{deleted}/restore", headers=key, auth=clerk)
    again = api.post(f"{deleted}/restore", headers=key, auth=clerk)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()


def test_a_batch_restores(api: Shop, clerk: Account, deleted: str) -> None:
    operations = [{"method": "POST", "path": f"{deleted}/restore"}]
    answer = api.post(BATCH, json={"operations": operations}, auth=clerk)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"][0]["body"] == api.get(deleted, auth=clerk).json()


def test_what_is_deleted_for_good_has_no_such_path(api: Shop, clerk: Account) -> None:
    answer = api.post(f"{CATEGORIES}/{NOBODY}/restore", auth=clerk)
    assert refused(answer, 404, "NOT_FOUND") == set()


def test_where_changes_name_their_version_it_does_and_its_hooks_run(
    api: Shop, ada: Account
) -> None:
    page = api.post(PAGES, json={"text": "Once"}, auth=ada)
    row, version = page.headers["location"], {"If-Match": page.headers["etag"]}
    assert api.delete(row, headers=version, auth=ada).status_code == 204
    answer = api.post(f"{row}/restore", auth=ada)
    assert refused(answer, 428, "PRECONDITION_REQUIRED") == set()
    answer = api.post(f"{row}/restore", headers={"If-Match": '"7"'}, auth=ada)
    assert refused(answer, 412, "PRECONDITION_FAILED") == set()
    answer = api.post(f"{row}/restore", headers=version, auth=ada)
    assert answer.status_code == 200, answer.text
    assert entries(api, ada)[0] == "restore Once 1 to 2"


def test_what_a_hook_refuses_stays_deleted(api: Shop, ada: Account) -> None:
    page = api.post(PAGES, json={"text": "never again"}, auth=ada)
    row, version = page.headers["location"], {"If-Match": page.headers["etag"]}
    assert api.delete(row, headers=version, auth=ada).status_code == 204
    answer = api.post(f"{row}/restore", headers=version, auth=ada)
    assert refused(answer, 422, "UNPROCESSABLE") == set()
    assert refused(api.get(row), 404, "NOT_FOUND") == set()
