"""Orders are placed whole, moved on step by step, and seen by those whom they concern."""

from typing import Any

import pytest

from apiwright.testing import Caller, TestApi

CART = [
    {"sku": "pen", "quantity": 3, "unitPrice": "0.10"},
    {"sku": "desk", "quantity": 1, "unitPrice": "199.99"},
]


def place(customer: Caller, path: str = "/orders") -> dict[str, Any]:
    response = customer.post(path, json={"items": CART})
    assert response.status_code == 201, response.text
    order: dict[str, Any] = response.json()["data"]
    return order


def move(who: Caller, order: dict[str, Any], status: str) -> tuple[int, str]:
    """The answer's status, and how far the order is; or what was wrong with which field."""
    response = who.patch(f"/orders/{order['id']}", json={"status": status})
    body = response.json()
    if response.is_success:
        return response.status_code, body["data"]["status"]
    (detail,) = body["error"]["details"] or [{"field": "", "code": ""}]
    return response.status_code, f"{detail['field']} {detail['code']}"


def test_an_order_is_placed_whole_and_its_total_is_exact(customer: Caller) -> None:
    order = place(customer)
    assert (order["status"], order["total"]) == ("PENDING", "200.29")
    assert order["ownerId"] == customer.id
    assert [{key: item[key] for key in CART[0]} for item in order["items"]] == CART
    shown = customer.get(f"/orders/{order['id']}", params={"include": "items"}).json()["data"]
    assert shown == order


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([], "items"),
        ([{"sku": "pen", "quantity": 0, "unitPrice": "1.00"}], "items[0].quantity"),
        ([CART[0], {"sku": "", "quantity": 1, "unitPrice": "1.00"}], "items[1].sku"),
        ([{"sku": "pen", "quantity": 1, "unitPrice": "0.001"}], "items[0].unitPrice"),
        ([{"sku": "moon", "quantity": 2, "unitPrice": "9999999999.99"}], "total"),
    ],
)
def test_what_is_wrong_with_an_item_is_told_where_it_stands(
    customer: Caller, items: list[dict[str, Any]], field: str
) -> None:
    response = customer.post("/orders", json={"items": items})
    assert response.status_code == 400
    assert [detail["field"] for detail in response.json()["error"]["details"]] == [field]
    assert customer.get("/orders").json()["meta"]["total"] == 0


def test_orders_are_their_owners_and_the_admins(
    api: TestApi, customer: Caller, stranger: Caller, admin: Caller
) -> None:
    order = place(customer)
    path = f"/orders/{order['id']}"
    assert admin.get(path).status_code == customer.get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    assert api.get(path).status_code == 401
    assert stranger.get("/orders").json()["data"] == []
    assert [row["id"] for row in admin.get("/orders").json()["data"]] == [order["id"]]


def test_they_stand_below_their_owner_too(
    customer: Caller, stranger: Caller, admin: Caller
) -> None:
    path = f"/users/{customer.id}/orders"
    placed = [place(customer, path), place(admin, path)]
    assert {order["ownerId"] for order in placed} == {customer.id}
    place(stranger)
    for reader in (customer, admin):
        listed = reader.get(path, params={"sort": "createdAt"}).json()
        assert [row["id"] for row in listed["data"]] == [order["id"] for order in placed]
        assert listed["meta"]["total"] == 2
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, json={"items": CART}).status_code == 404


def test_admins_move_orders_on_and_owners_cancel_what_waits(
    customer: Caller, stranger: Caller, admin: Caller
) -> None:
    order = place(customer)
    assert move(customer, order, "PROCESSING") == (403, "status forbidden")
    assert move(admin, order, "COMPLETED") == (422, "status transition")
    assert move(admin, order, "PROCESSING") == (200, "PROCESSING")
    assert move(customer, order, "CANCELLED") == (403, "status forbidden")
    assert move(admin, order, "COMPLETED") == (200, "COMPLETED")
    assert move(admin, order, "CANCELLED") == (422, "status transition")
    waiting = place(customer)
    assert move(stranger, waiting, "CANCELLED") == (404, " ")
    assert move(customer, waiting, "CANCELLED") == (200, "CANCELLED")


def test_nothing_but_the_status_changes(customer: Caller, admin: Caller) -> None:
    path = f"/orders/{place(customer)['id']}"
    changes: list[dict[str, object]] = [{"items": []}, {"total": "0.00"}, {"ownerId": admin.id}]
    for change in changes:
        assert admin.patch(path, json=change).status_code == 400
    assert customer.delete(path).status_code == 403
    assert admin.delete(path).status_code == 204


def test_a_new_order_begins_at_the_beginning(customer: Caller) -> None:
    response = customer.post("/orders", json={"items": CART, "status": "COMPLETED"})
    assert response.status_code == 422
    assert response.json()["error"]["details"][0]["code"] == "transition"
