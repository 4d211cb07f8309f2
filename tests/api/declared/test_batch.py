"""Several changes as one."""

import itertools
from typing import Any

import pytest

from tests.api.declared.conftest import Shop
from tests.support.api import BATCH, USERS, Account
from tests.support.contract import refused

NOTES = "/api/v1/notes"
CATEGORIES = "/api/v1/categories"

_texts = (f"batched {number}" for number in itertools.count())


def write(text: str) -> dict[str, Any]:
    return {"method": "POST", "path": NOTES, "body": {"text": text, "shared": True}}


def send(api: Shop, account: Account, *operations: dict[str, Any]) -> Any:
    return api.post(BATCH, json={"operations": list(operations)}, auth=account)


def written(api: Shop, account: Account, text: str) -> int:
    """How many notes hold this text."""
    response = api.get(NOTES, params={"search": text}, auth=account)
    assert response.status_code == 200, response.text
    return int(response.json()["meta"]["total"])


def test_all_are_done_and_answered_in_their_order(api: Shop, ada: Account) -> None:
    one, two = next(_texts), next(_texts)
    response = send(api, ada, write(one), write(two))
    assert response.status_code == 200, response.text
    items = response.json()["data"]
    assert [item["status"] for item in items] == [201, 201]
    assert [item["body"]["data"]["text"] for item in items] == [one, two]
    for item in items:
        found = api.get(item["headers"]["location"], auth=ada)
        assert found.json()["data"] == item["body"]["data"]
    first, second = (item["body"]["data"]["id"] for item in items)
    response = send(
        api,
        ada,
        {"method": "PATCH", "path": f"{NOTES}/{first}", "body": {"text": next(_texts)}},
        {"method": "DELETE", "path": f"{NOTES}/{second}"},
    )
    assert [item["status"] for item in response.json()["data"]] == [200, 204]
    assert written(api, ada, one) == written(api, ada, two) == 0


def test_none_is_done_when_one_cannot_be(api: Shop, ada: Account, eve: Account) -> None:
    one = next(_texts)
    note = send(api, eve, write(next(_texts))).json()["data"][0]["body"]["data"]["id"]
    change = {"method": "PATCH", "path": f"{NOTES}/{note}", "body": {"text": "mine now"}}
    assert refused(send(api, ada, write(one), change), 403, "FORBIDDEN") == {
        ("operations[1]", "forbidden")
    }
    assert written(api, ada, one) == 0


def test_every_fault_of_each_is_named(api: Shop, ada: Account) -> None:
    response = send(
        api,
        ada,
        write(""),
        {"method": "PATCH", "path": f"{NOTES}/1", "body": {"no": 1}},
        {"method": "POST", "path": "/api/v1/nothing", "body": {}},
        {"method": "POST", "path": BATCH, "body": {}},
    )
    assert refused(response, 400, "VALIDATION_ERROR") == {
        ("operations[0].body.text", "min_length"),
        ("operations[1].path", "format"),
        ("operations[1].body.no", "unknown"),
        ("operations[2].path", "unknown"),
        ("operations[3].path", "unknown"),
    }


def test_nobody_does_in_a_batch_what_they_may_not_do_alone(
    api: Shop, ada: Account, eve: Account
) -> None:
    product = {"method": "POST", "path": "/api/v1/products", "body": {"sku": "AB-0001"}}
    assert send(api, eve, product).status_code == 403
    refused(api.post(BATCH, json={"operations": [write(next(_texts))]}), 401, "UNAUTHORIZED")
    theirs = {"method": "PATCH", "path": f"{USERS}/{ada.id}", "body": {"name": "Mallory"}}
    assert refused(send(api, eve, theirs), 404, "NOT_FOUND") == {("operations[0]", "not_found")}


def test_what_runs_a_hook_is_no_part_of_a_batch(api: Shop, clerk: Account) -> None:
    response = send(
        api, clerk, {"method": "POST", "path": CATEGORIES, "body": {"name": next(_texts)}}
    )
    assert refused(response, 400, "VALIDATION_ERROR") == {("operations[0].path", "unknown")}


@pytest.mark.parametrize(
    "operation",
    [
        {"method": "POST", "path": "/api/v1/auth/logout"},
        {"method": "POST", "path": "/api/v1/auth/login", "body": {}},
        {"method": "PUT", "path": "/api/v1/users/me/password", "body": {}},
        {"method": "POST", "path": NOTES + "/", "body": {"text": "x"}},
        {"method": "POST", "path": NOTES + "?x=1", "body": {"text": "x"}},
        {"method": "POST", "path": "api/v1/notes", "body": {"text": "x"}},
    ],
)
def test_a_batch_holds_changes_of_rows_alone(
    api: Shop, ada: Account, operation: dict[str, Any]
) -> None:
    response = send(api, ada, operation)
    assert refused(response, 400, "VALIDATION_ERROR") == {("operations[0].path", "unknown")}
