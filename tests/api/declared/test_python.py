"""Python beside the core: hooks, dependencies, repositories, in an application that is served."""

from tests.api.declared.conftest import Shop
from tests.support.api import Account
from tests.support.contract import refused
from tests.support.server import Server, wait_until

CATEGORIES = "/api/v1/categories"
AUDIT = "/api/v1/audit"
NOTES = "/api/v1/notes"
PRODUCTS = "/api/v1/products"


def entries(api: Shop, reader: Account) -> list[str]:
    rows = api.get(AUDIT, params={"limit": "100"}, auth=reader).json()["data"]
    return [row["text"] for row in rows]


def test_a_hook_before_changes_what_is_stored(api: Shop, clerk: Account) -> None:
    made = api.post(CATEGORIES, json={"name": "  Spaces  "}, auth=clerk)
    assert made.json()["data"]["name"] == "Spaces"


def test_what_a_hook_makes_of_a_body_is_checked(api: Shop, clerk: Account) -> None:
    response = api.post(CATEGORIES, json={"name": "   "}, auth=clerk)
    assert refused(response, 400, "VALIDATION_ERROR") == {("name", "min_length")}


def test_a_hook_in_the_transaction_writes_beside_the_row(api: Shop, clerk: Account) -> None:
    made = api.post(CATEGORIES, json={"name": "Beside"}, auth=clerk).json()["data"]
    path = f"{CATEGORIES}/{made['id']}"
    assert api.patch(path, json={"name": "Beside it"}, auth=clerk).status_code == 200
    assert api.delete(path, auth=clerk).status_code == 204
    assert entries(api, clerk)[:3] == ["delete Beside it", "update Beside it", "create Beside"]


def test_what_a_hook_refuses_leaves_nothing_behind(api: Shop, clerk: Account) -> None:
    before = entries(api, clerk)
    response = api.post(CATEGORIES, json={"name": "forbidden"}, auth=clerk)
    assert refused(response, 422, "UNPROCESSABLE") == {("name", "forbidden")}
    assert entries(api, clerk) == before
    assert api.get(CATEGORIES, params={"name": "forbidden"}).json()["meta"]["total"] == 0


def test_no_hook_runs_for_who_may_not(api: Shop, ada: Account, clerk: Account) -> None:
    before = entries(api, clerk)
    assert refused(api.post(CATEGORIES, json={"name": "x"}, auth=ada), 403, "FORBIDDEN") == set()
    assert refused(api.post(CATEGORIES, json={"name": "x"}), 401, "UNAUTHORIZED") == set()
    assert refused(api.post(CATEGORIES, json={"nam": "x"}, auth=clerk), 400, "VALIDATION_ERROR")
    assert entries(api, clerk) == before


def test_a_hook_after_the_commit_runs_and_may_fail(api: Shop, shop: Server, clerk: Account) -> None:
    count = len(api.get("/api/v1/announced").json())
    response = api.post(CATEGORIES, json={"name": "broken"}, auth=clerk)
    assert response.status_code == 201, response.text
    wait_until(lambda: "the bell is broken" in shop.log)
    assert api.post(CATEGORIES, json={"name": "whole"}, auth=clerk).status_code == 201
    wait_until(lambda: len(api.get("/api/v1/announced").json()) == count + 1)


def test_hooks_move_their_own_routes_alone(shop: Server) -> None:
    lines = shop.run("routes", "--app", "shop:app").splitlines()
    lanes = {tuple(line.split()[:2]): line for line in lines if "/api/v1/" in line}
    if not any("FAST_LANE" in line for line in lines):
        assert "a hook: " in lanes[("POST", "/api/v1/categories")]
        assert "fast" in lanes[("GET", "/api/v1/categories")]
        assert "fast" in lanes[("POST", "/api/v1/products")]


def test_routes_know_who_asks(api: Shop, clerk: Account) -> None:
    answer = api.get("/api/v1/me", auth=clerk).json()
    assert answer == {"nickname": "ada", "roles": ["clerk"], "permissions": ["catalogue:*"]}
    assert refused(api.get("/api/v1/me"), 401, "UNAUTHORIZED") == set()


def test_routes_answer_with_rows(api: Shop, ada: Account, eve: Account) -> None:
    api.post(NOTES, json={"text": "mine"}, auth=ada)
    rows = api.get("/api/v1/my-notes", auth=ada).json()
    assert [(row["text"], row["ownerId"]) for row in rows] == [("mine", ada.id)]
    assert api.get("/api/v1/my-notes", auth=eve).json() == []


def test_a_route_may_need_a_permission(api: Shop, ada: Account) -> None:
    assert refused(api.post("/api/v1/restock"), 401, "UNAUTHORIZED") == set()
    assert refused(api.post("/api/v1/restock", auth=ada), 403, "FORBIDDEN") == set()


def test_a_routes_transaction_is_stored_whole(api: Shop, clerk: Account) -> None:
    category = api.post(CATEGORIES, json={"name": "Sold out"}, auth=clerk).json()["data"]["id"]
    for number in (1, 2):
        body = {"sku": f"SO-{number:04}", "name": "x", "categoryId": category, "price": "1.00"}
        assert api.post(PRODUCTS, json=body, auth=clerk).status_code == 201
    assert api.post("/api/v1/restock", auth=clerk).json() >= 2
    assert refused(api.post("/api/v1/restock", auth=clerk), 409, "CONFLICT") == set()
    rows = api.get(PRODUCTS, params={"categoryId": category}).json()["data"]
    assert [row["stock"] for row in rows] == [10, 10]
