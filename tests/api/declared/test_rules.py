"""Rules on rows and on fields: who sees, finds, makes and changes what."""

import pytest

from tests.api.declared.conftest import Shop
from tests.support.api import NOBODY, Account
from tests.support.contract import refused

PRODUCTS = "/api/v1/products"
CATEGORIES = "/api/v1/categories"
NOTES = "/api/v1/notes"
TICKETS = "/api/v1/tickets"
PLAINS = "/api/v1/plains"


def write(api: Shop, author: Account, text: str, **more: object) -> str:
    """A new note; its path."""
    response = api.post(NOTES, json={"text": text, **more}, auth=author)
    assert response.status_code == 201, response.text
    return f"{NOTES}/{response.json()['data']['id']}"


def texts(api: Shop, reader: Account | None, **params: str) -> list[str]:
    response = api.get(NOTES, params={"sort": "createdAt", **params}, auth=reader)
    assert response.status_code == 200, response.text
    assert response.json()["meta"]["total"] == len(response.json()["data"])
    return [row["text"] for row in response.json()["data"]]


def test_a_hidden_row_is_as_one_that_is_not_there(api: Shop, ada: Account, eve: Account) -> None:
    path = write(api, ada, "mine")
    for caller in (eve, None):
        for method in ("GET", "PATCH", "PUT", "DELETE"):
            body = {"text": "x"} if method in ("PATCH", "PUT") else None
            hidden = api.request(method, path, auth=caller, json=body)
            nothing = api.request(method, f"{NOTES}/{NOBODY}", auth=caller, json=body)
            assert hidden.status_code == nothing.status_code
            assert hidden.json()["error"]["message"] == nothing.json()["error"]["message"]
            if caller is not None:
                assert hidden.status_code == 404


def test_lists_totals_and_searches_pass_through_the_rule(
    api: Shop, ada: Account, eve: Account
) -> None:
    mark = ada.id[-12:]
    write(api, ada, f"private {mark}")
    write(api, ada, f"shared {mark}", shared=True)
    assert texts(api, ada, search=mark) == [f"private {mark}", f"shared {mark}"]
    assert texts(api, eve, search=mark) == [f"shared {mark}"]
    assert texts(api, None, search=mark) == [f"shared {mark}"]
    assert texts(api, eve, ownerId=ada.id, shared="false") == []


def test_what_is_readable_but_not_ones_own_is_forbidden(
    api: Shop, ada: Account, eve: Account
) -> None:
    path = write(api, ada, "shared", shared=True)
    assert refused(api.patch(path, json={"text": "x"}, auth=eve), 403, "FORBIDDEN") == set()
    assert refused(api.delete(path, auth=eve), 403, "FORBIDDEN") == set()
    assert api.get(path, auth=ada).json()["data"]["text"] == "shared"


def test_who_is_not_signed_in_is_asked_to_where_that_could_help(api: Shop, ada: Account) -> None:
    path = write(api, ada, "shared", shared=True)
    assert api.get(path).status_code == 200
    for response in (
        api.post(NOTES, json={"text": "x"}),
        api.patch(path, json={"text": "x"}),
        api.delete(path),
        api.get(PLAINS),
        api.get(f"{PLAINS}/{NOBODY}"),
    ):
        assert refused(response, 401, "UNAUTHORIZED") == set()
        assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_bad_token_is_401_even_where_none_is_needed(api: Shop) -> None:
    response = api.get(CATEGORIES, headers={"Authorization": "Bearer nonsense"})
    assert refused(response, 401, "UNAUTHORIZED") == set()
    assert api.get(CATEGORIES).status_code == 200


def test_anybody_writes_where_the_rule_says_so(api: Shop, ada: Account, admin: Account) -> None:
    response = api.post(TICKETS, json={"text": "It is dark."})
    assert response.status_code == 201, response.text
    path = f"{TICKETS}/{response.json()['data']['id']}"
    assert refused(api.get(path), 401, "UNAUTHORIZED") == set()
    assert refused(api.get(path, auth=ada), 404, "NOT_FOUND") == set()
    assert refused(api.get(TICKETS, auth=ada), 403, "FORBIDDEN") == set()
    assert api.get(path, auth=admin).status_code == 200


def test_without_rules_only_admins_may(api: Shop, ada: Account, admin: Account) -> None:
    assert refused(api.post(PLAINS, json={"text": "x"}, auth=ada), 403, "FORBIDDEN") == set()
    assert api.post(PLAINS, json={"text": "x"}, auth=admin).status_code == 201


def test_nobody_passes_a_rule_by(api: Shop, ada: Account, admin: Account) -> None:
    path = write(api, ada, "mine")
    assert refused(api.get(path, auth=admin), 404, "NOT_FOUND") == set()


def test_a_change_may_not_take_a_row_out_of_ones_reach(api: Shop, clerk: Account) -> None:
    """The rule is asked on the row as it becomes, too."""
    made = api.post(CATEGORIES, json={"name": f"Reach {clerk.id}"}, auth=clerk).json()["data"]
    assert (
        api.patch(f"{CATEGORIES}/{made['id']}", json={"name": f"Out {clerk.id}"}, auth=clerk)
        .json()["data"]["name"]
        .startswith("Out")
    )


def test_permissions_come_and_go_with_the_next_request(api: Shop, admin: Account) -> None:
    name = f"r{admin.id[-6:]}"
    role = {"name": name, "permissions": ["catalogue:read"]}
    made = api.post("/api/v1/roles", json=role, auth=admin).json()["data"]
    account = api.sign_up(name)
    body = {"name": f"By {account.id}"}
    assert refused(api.post(CATEGORIES, json=body, auth=account), 403, "FORBIDDEN") == set()
    path = f"/api/v1/roles/{made['id']}"
    api.patch(path, json={"permissions": ["catalogue:write"]}, auth=admin)
    assert api.post(CATEGORIES, json=body, auth=account).status_code == 201
    api.delete(path, auth=admin)
    assert refused(api.post(CATEGORIES, json=body, auth=account), 403, "FORBIDDEN") == set()


# --- fields ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def product(api: Shop, buyer: Account) -> str:
    """One in stock, whose cost a buyer knows; its path."""
    category = api.post(CATEGORIES, json={"name": "Guarded"}, auth=buyer).json()["data"]["id"]
    body = {
        "sku": "ZZ-0001",
        "name": "Guarded",
        "categoryId": category,
        "price": "9.00",
        "cost": "4.00",
        "stock": 1,
    }
    response = api.post(PRODUCTS, json=body, auth=buyer)
    assert response.status_code == 201, response.text
    return f"{PRODUCTS}/{response.json()['data']['id']}"


def test_a_guarded_field_is_left_out_for_others(
    api: Shop, product: str, buyer: Account, clerk: Account
) -> None:
    assert api.get(product, auth=buyer).json()["data"]["cost"] == "4.00"
    for caller in (clerk, None):
        assert "cost" not in api.get(product, auth=caller).json()["data"]
        rows = api.get(PRODUCTS, params={"search": "guarded"}, auth=caller).json()["data"]
        assert rows and all("cost" not in row for row in rows)


def test_a_guarded_field_can_be_sorted_by_no_one_else(
    api: Shop, product: str, buyer: Account, clerk: Account
) -> None:
    assert api.get(PRODUCTS, params={"sort": "cost"}, auth=buyer).status_code == 200
    for caller in (clerk, None):
        response = api.get(PRODUCTS, params={"sort": "cost"}, auth=caller)
        assert refused(response, 400, "VALIDATION_ERROR") == {("query.sort", "enum")}


def test_a_guarded_field_is_set_by_no_one_else(
    api: Shop, product: str, buyer: Account, clerk: Account
) -> None:
    response = api.patch(product, json={"cost": "1.00"}, auth=clerk)
    assert refused(response, 403, "FORBIDDEN") == {("cost", "forbidden")}
    assert api.patch(product, json={"cost": "5.00"}, auth=buyer).status_code == 200
    assert api.patch(product, json={"cost": "4.00"}, auth=buyer).status_code == 200


def test_a_field_may_be_for_the_rows_owner(api: Shop, ada: Account, eve: Account) -> None:
    path = write(api, ada, "shared", shared=True, secret="the key is under the mat")
    assert api.get(path, auth=ada).json()["data"]["secret"] == "the key is under the mat"
    assert "secret" not in api.get(path, auth=eve).json()["data"]
    mine = write(api, eve, "also shared", shared=True, secret="mine")
    rows = api.get(NOTES, params={"shared": "true"}, auth=eve).json()["data"]
    seen = {row["id"]: row.get("secret") for row in rows}
    assert seen[mine.rpartition("/")[2]] == "mine"
    assert seen[path.rpartition("/")[2]] is None
