"""Orders: rows made with their parts, statuses that go their way, collections below others."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.declared.conftest import Shop
from tests.api.declared.test_relations import got, made
from tests.api.declared.test_rows import CATEGORIES, PRODUCTS, new_sku
from tests.support.api import Account
from tests.support.contract import refused

ORDERS = "/api/v1/orders"
PEN = {"sku": "pen", "quantity": 3, "unitPrice": "0.10"}
DESK = {"sku": "desk", "quantity": 1, "unitPrice": "199.99"}


def below(owner: Account) -> str:
    return f"/api/v1/users/{owner.id}/orders"


def placed(api: Shop, who: Account, path: str = ORDERS, **members: Any) -> dict[str, Any]:
    return made(api, path, {"items": [PEN, DESK], **members}, who)


def shown(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: item[key] for key in PEN} for item in items]


def stock(api: Shop, clerk: Account, amount: int) -> str:
    """A product of which there is so much."""
    category = made(api, CATEGORIES, {"name": f"Shelf {new_sku()}"}, clerk)["id"]
    body = {"sku": new_sku(), "name": "Pen", "categoryId": category, "price": "1.00"}
    return str(made(api, PRODUCTS, body | {"stock": amount}, clerk)["id"])


class TestParts:
    def test_a_row_is_made_with_its_parts_and_exact_sums_of_them(
        self, api: Shop, ada: Account
    ) -> None:
        order = placed(api, ada)
        assert (order["total"], order["pieces"], order["status"]) == ("200.29", 4, "PENDING")
        assert shown(order["items"]) == [PEN, DESK]
        assert {item["orderId"] for item in order["items"]} == {order["id"]}
        assert got(api, f"{ORDERS}/{order['id']}", ada, include="items") == order
        assert "items" not in got(api, f"{ORDERS}/{order['id']}", ada)

    def test_sums_are_exact_up_to_the_last_place_and_bounded_there(
        self, api: Shop, ada: Account
    ) -> None:
        most = {"sku": "x", "quantity": 1, "unitPrice": "9999999999.98"}
        cent = {"sku": "y", "quantity": 1, "unitPrice": "0.01"}
        order = made(api, ORDERS, {"items": [most, cent]}, ada)
        assert order["total"] == "9999999999.99"
        for items in (
            [most, cent, cent],
            [{**most, "quantity": 2**62}, {**most, "quantity": 2**62}],
            [{**cent, "quantity": 2**63 - 1}] * 2,
        ):
            response = api.post(ORDERS, json={"items": items}, auth=ada)
            assert ("total", "max") in {
                (detail["field"], detail["code"]) for detail in response.json()["error"]["details"]
            }
            assert response.status_code == 400

    @pytest.mark.parametrize(
        ("items", "field", "code"),
        [
            (None, "items", "type"),
            ([], "items", "min_length"),
            ([PEN] * 101, "items", "max_length"),
            ([PEN, "pen"], "items[1]", "type"),
            ([PEN, {**PEN, "quantity": 0}], "items[1].quantity", "min"),
            ([{**PEN, "unitPrice": "0.001"}], "items[0].unitPrice", "format"),
            ([{**PEN, "orderId": "019b76da-a800-7000-8000-000000000001"}], "items[0].orderId", ""),
            ([{**PEN, "version": 2}], "items[0].version", "unknown"),
        ],
    )
    def test_what_is_wrong_with_a_part_is_told_where_it_stands(
        self, api: Shop, ada: Account, items: Any, field: str, code: str
    ) -> None:
        response = api.post(ORDERS, json={"items": items}, auth=ada)
        assert response.status_code == 400
        (detail,) = response.json()["error"]["details"]
        assert detail["field"] == field
        assert code in detail["code"]

    def test_of_a_part_that_the_table_refuses_nothing_is_stored(
        self, api: Shop, ada: Account
    ) -> None:
        serial = new_sku()
        placed(api, ada, items=[{**PEN, "serial": serial}])
        taken = api.post(ORDERS, json={"items": [PEN, {**PEN, "serial": serial}]}, auth=ada)
        assert refused(taken, 409, "CONFLICT") == {("items[1].serial", "unique")}
        nothing = "019b76da-a800-7000-8000-000000000001"
        lost = api.post(ORDERS, json={"items": [{**PEN, "productId": nothing}]}, auth=ada)
        assert refused(lost, 422, "UNPROCESSABLE") == {("items[0].productId", "reference")}
        assert api.get(ORDERS, auth=ada).json()["meta"]["total"] == 1

    def test_parts_are_in_no_change(self, api: Shop, ada: Account) -> None:
        path = f"{ORDERS}/{placed(api, ada)['id']}"
        for change in (api.put, api.patch):
            response = change(path, json={"items": [PEN]}, auth=ada)
            assert refused(response, 400, "VALIDATION_ERROR") == {("items", "unknown")}
        for member in ("total", "pieces"):
            response = api.patch(path, json={member: 0}, auth=ada)
            assert refused(response, 400, "VALIDATION_ERROR") == {(member, "unknown")}
        assert api.put(path, json={}, auth=ada).json()["data"]["total"] == "200.29"

    def test_they_go_with_their_row(self, api: Shop, ada: Account, admin: Account) -> None:
        serial = new_sku()
        order = placed(api, ada, items=[{**PEN, "serial": serial}])
        assert api.delete(f"{ORDERS}/{order['id']}", auth=admin).status_code == 204
        placed(api, ada, items=[{**PEN, "serial": serial}])

    def test_they_have_no_routes_of_their_own(self, api: Shop, ada: Account) -> None:
        item = placed(api, ada)["items"][0]
        for path in ("/api/v1/order-items", f"/api/v1/order-items/{item['id']}"):
            refused(api.get(path, auth=ada), 404, "NOT_FOUND")
        assert "/api/v1/order-items" not in api.get("/openapi.json").json()["paths"]

    def test_a_member_that_not_everybody_reads_is_not_shown_to_who_sends_it(
        self, api: Shop, ada: Account
    ) -> None:
        order = placed(api, ada, items=[{**PEN, "margin": "high"}])
        assert "margin" not in order["items"][0]
        (item,) = got(api, f"{ORDERS}/{order['id']}", ada, include="items")["items"]
        assert "margin" not in item

    def test_a_batch_makes_them_too(self, api: Shop, ada: Account) -> None:
        operation = {"method": "POST", "path": below(ada), "body": {"items": [PEN]}}
        response = api.post("/api/v1/batch", json={"operations": [operation] * 2}, auth=ada)
        assert response.status_code == 200, response.text
        assert [part["body"]["data"]["total"] for part in response.json()["data"]] == ["0.30"] * 2


class TestNestedCollections:
    def test_a_row_made_below_another_refers_to_it(
        self, api: Shop, ada: Account, admin: Account
    ) -> None:
        orders = [placed(api, who, below(ada)) for who in (ada, admin)]
        assert {order["ownerId"] for order in orders} == {ada.id}
        for reader in (ada, admin):
            assert got(api, below(ada), reader, sort="createdAt") == [
                {name: value for name, value in order.items() if name != "items"}
                for order in orders
            ]

    def test_what_one_may_not_see_has_nothing_below_it(
        self, api: Shop, ada: Account, eve: Account
    ) -> None:
        placed(api, ada)
        refused(api.get(below(ada), auth=eve), 404, "NOT_FOUND")
        refused(api.post(below(ada), json={"items": [PEN]}, auth=eve), 404, "NOT_FOUND")
        refused(api.get(below(ada)), 401, "UNAUTHORIZED")
        malformed = api.get("/api/v1/users/nobody/orders", auth=eve)
        assert refused(malformed, 400, "VALIDATION_ERROR") == {("path.id", "format")}

    def test_the_path_says_what_a_body_else_would(
        self, api: Shop, ada: Account, clerk: Account
    ) -> None:
        product, hidden = stock(api, clerk, 1), stock(api, clerk, 0)
        path = f"{PRODUCTS}/{product}/reviews"
        review = api.post(path, json={"text": "Writes well."})
        assert review.status_code == 201
        assert review.json()["data"]["productId"] == product
        assert review.headers["location"] == f"/api/v1/reviews/{review.json()['data']['id']}"
        assert got(api, path, None) == [review.json()["data"]]
        forged = api.post(path, json={"text": "x", "productId": hidden}, auth=ada)
        assert refused(forged, 400, "VALIDATION_ERROR") == {("productId", "unknown")}
        unseen = api.post(f"{PRODUCTS}/{hidden}/reviews", json={"text": "x"}, auth=ada)
        refused(unseen, 404, "NOT_FOUND")
        assert api.get(f"{PRODUCTS}/{hidden}/reviews", auth=clerk).json()["data"] == []

    def test_they_are_lists_as_others_are(self, api: Shop, ada: Account) -> None:
        prices = ["3.00", "1.00", "2.00"]
        for price in prices:
            placed(api, ada, items=[{**PEN, "quantity": 1, "unitPrice": price}])
        walked: list[str] = []
        cursor = ""
        while cursor is not None:
            query = {"cursor": cursor, "limit": "2", "sort": "-total"}
            response = api.get(below(ada), params=query, auth=ada)
            assert response.status_code == 200, response.text
            walked += [row["total"] for row in response.json()["data"]]
            cursor = response.json()["meta"]["nextCursor"]
            if cursor:
                assert f"<{below(ada)}?" in response.headers["link"]
        assert walked == sorted(prices, reverse=True)
        page = api.get(below(ada), params={"total[gt]": "1.00", "fields": "total"}, auth=ada)
        assert page.json()["meta"]["total"] == 2
        (included,) = got(api, below(ada), ada, include="items", limit="1")
        assert len(included["items"]) == 1

    def test_a_cursor_of_another_row_is_refused(
        self, api: Shop, ada: Account, eve: Account, admin: Account
    ) -> None:
        for _ in range(2):
            placed(api, ada)
        walk = api.get(below(ada), params={"cursor": "", "limit": "1"}, auth=admin)
        cursor = walk.json()["meta"]["nextCursor"]
        for path in (below(eve), ORDERS):
            response = api.get(path, params={"cursor": cursor, "limit": "1"}, auth=admin)
            assert refused(response, 400, "VALIDATION_ERROR") == {("query.cursor", "format")}

    def test_a_key_is_good_for_one_path(self, api: Shop, ada: Account, admin: Account) -> None:
        headers = {"Idempotency-Key": new_sku()}
        body = {"items": [PEN]}
        first = api.post(below(ada), json=body, headers=headers, auth=admin)
        again = api.post(below(ada), json=body, headers=headers, auth=admin)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json() == first.json()
        other = api.post(ORDERS, json=body, headers=headers, auth=admin).json()["data"]
        assert other["ownerId"] == admin.id
        assert other["id"] != first.json()["data"]["id"]


class TestTransitions:
    def move(self, api: Shop, order: dict[str, Any], status: str, who: Account) -> Any:
        return api.patch(f"{ORDERS}/{order['id']}", json={"status": status}, auth=who)

    def test_a_status_goes_only_where_it_may(self, api: Shop, ada: Account, admin: Account) -> None:
        order = placed(api, ada)
        unlisted = self.move(api, order, "COMPLETED", admin)
        assert refused(unlisted, 422, "UNPROCESSABLE") == {("status", "transition")}
        assert unlisted.json()["error"]["details"][0]["message"] == (
            "Is PENDING, which can only become PROCESSING or CANCELLED."
        )
        for status in ("PENDING", "PROCESSING", "COMPLETED"):
            assert self.move(api, order, status, admin).json()["data"]["status"] == status
        ended = self.move(api, order, "CANCELLED", admin)
        assert ended.json()["error"]["details"][0]["message"] == "Is COMPLETED, which stays so."

    def test_a_step_is_for_whom_its_rule_allows(
        self, api: Shop, ada: Account, admin: Account
    ) -> None:
        order = placed(api, ada)
        forbidden = self.move(api, order, "PROCESSING", ada)
        assert refused(forbidden, 403, "FORBIDDEN") == {("status", "forbidden")}
        assert self.move(api, order, "PROCESSING", admin).status_code == 200
        assert self.move(api, order, "CANCELLED", ada).json()["data"]["status"] == "CANCELLED"

    def test_a_new_row_begins_where_the_field_does(self, api: Shop, admin: Account) -> None:
        body = {"items": [PEN], "status": "PROCESSING"}
        assert refused(api.post(ORDERS, json=body, auth=admin), 422, "UNPROCESSABLE") == {
            ("status", "transition")
        }
        assert placed(api, admin, status="PENDING")["status"] == "PENDING"

    def test_a_put_that_leaves_it_out_keeps_it(
        self, api: Shop, ada: Account, admin: Account
    ) -> None:
        order = placed(api, ada, remark="Ring twice.")
        self.move(api, order, "PROCESSING", admin)
        replaced = api.put(f"{ORDERS}/{order['id']}", json={}, auth=ada).json()["data"]
        assert (replaced["status"], replaced["remark"]) == ("PROCESSING", None)
        back = api.put(f"{ORDERS}/{order['id']}", json={"status": "PENDING"}, auth=ada)
        assert refused(back, 422, "UNPROCESSABLE") == {("status", "transition")}

    def test_of_many_who_change_it_at_once_one_wins(
        self, api: Shop, ada: Account, admin: Account
    ) -> None:
        order = placed(api, ada)
        statuses = ["PROCESSING", "CANCELLED"] * 8
        barrier = threading.Barrier(len(statuses))

        def step(status: str) -> tuple[str, int]:
            barrier.wait()
            return status, self.move(api, order, status, admin).status_code

        with ThreadPoolExecutor(len(statuses)) as pool:
            answers = list(pool.map(step, statuses))
        row = got(api, f"{ORDERS}/{order['id']}", admin)
        assert {code for status, code in answers if status == "CANCELLED"} <= {200, 409, 422}
        assert row["status"] == "CANCELLED"
        began = any(answer == ("PROCESSING", 200) for answer in answers)
        assert row["version"] == (3 if began else 2)
        assert row["updatedAt"] >= order["updatedAt"]


def test_a_race_to_different_ends_has_one_winner(api: Shop, ada: Account, admin: Account) -> None:
    order = placed(api, ada)
    path = f"{ORDERS}/{order['id']}"
    assert api.patch(path, json={"status": "PROCESSING"}, auth=admin).status_code == 200
    barrier = threading.Barrier(16)

    def end(status: str) -> tuple[str, int]:
        barrier.wait()
        return status, api.patch(path, json={"status": status}, auth=admin).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(end, ["COMPLETED", "CANCELLED"] * 8))
    won = {status for status, code in answers if code == 200}
    assert len(won) == 1
    assert {code for status, code in answers if status not in won} <= {409, 422}
    row = got(api, path, admin)
    assert (row["status"], row["version"]) == (won.pop(), 3)
