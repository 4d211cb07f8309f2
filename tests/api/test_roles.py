"""/roles and /roles/{id}."""

from typing import Any

import pytest

from tests.support.api import NOBODY, ROLES, Account, Api, fresh_role
from tests.support.contract import is_uuid7, refused

Role = dict[str, Any]

BAD_BODIES = [
    ({}, {("name", "required")}),
    ({"name": ""}, {("name", "min_length"), ("name", "pattern")}),
    ({"name": "Editor"}, {("name", "pattern")}),
    ({"name": "1st"}, {("name", "pattern")}),
    ({"name": "é"}, {("name", "pattern")}),
    ({"name": "x" * 51}, {("name", "max_length")}),
    ({"name": "editor", "permissions": "*"}, {("permissions", "type")}),
    ({"name": "editor", "permissions": None}, {("permissions", "type")}),
    ({"name": "editor", "permissions": ["*", "*"]}, {("permissions[1]", "duplicate")}),
    (
        {"name": "editor", "permissions": [f"p{number}" for number in range(101)]},
        {("permissions", "max_length")},
    ),
    (
        {"name": "editor", "permissions": ["articles:write", "articles:", 1]},
        {("permissions[1]", "pattern"), ("permissions[2]", "type")},
    ),
    (
        {"name": "editor", "id": NOBODY, "version": 1, "createdAt": "2026-01-01T00:00:00Z"},
        {("id", "unknown"), ("version", "unknown"), ("createdAt", "unknown")},
    ),
]
NO_GRANTS = [
    "",
    ":",
    "**",
    "*:*",
    ":*",
    "*:write",
    "articles*",
    "articles:*:hide",
    "Articles:write",
]


@pytest.fixture
def editor(api: Api, admin: Account) -> Role:
    """A fresh role."""
    return created(api, admin, permissions=["articles:write", "articles:comments:*"])


@pytest.fixture(scope="session")
def built_in(api: Api, admin: Account) -> Role:
    """The role admin."""
    found = api.get(ROLES, params={"search": "admin", "sort": "createdAt"}, auth=admin).json()
    role: Role = found["data"][0]
    assert role["name"] == "admin"
    return role


def created(api: Api, admin: Account, **body: Any) -> Role:
    response = api.post(ROLES, json={"name": fresh_role(), **body}, auth=admin)
    assert response.status_code == 201, response.text
    role: Role = response.json()["data"]
    return role


def path_of(role: Role) -> str:
    return f"{ROLES}/{role['id']}"


def test_create_answers_201_with_the_role(api: Api, admin: Account) -> None:
    body = {"name": fresh_role(), "permissions": ["articles:write", "orders:*", "*"]}
    response = api.post(ROLES, json=body, auth=admin)
    assert response.status_code == 201
    role = response.json()["data"]
    assert is_uuid7(role["id"])
    assert response.headers["location"] == path_of(role)
    assert role == {
        "id": role["id"],
        **body,
        "version": 1,
        "createdAt": role["createdAt"],
        "updatedAt": role["createdAt"],
    }
    assert api.get(path_of(role), auth=admin).json()["data"] == role


def test_a_role_grants_nothing_unless_it_says_so(api: Api, admin: Account) -> None:
    assert created(api, admin)["permissions"] == []


@pytest.mark.parametrize(("body", "details"), BAD_BODIES)
def test_a_bad_body_names_all_that_is_wrong(
    api: Api, admin: Account, editor: Role, body: Role, details: set[tuple[str, str]]
) -> None:
    assert refused(api.post(ROLES, json=body, auth=admin), 400, "VALIDATION_ERROR") == details
    response = api.put(path_of(editor), json=body, auth=admin)
    assert refused(response, 400, "VALIDATION_ERROR") == details
    assert api.get(path_of(editor), auth=admin).json()["data"] == editor


@pytest.mark.parametrize("text", NO_GRANTS)
def test_what_is_no_permission_is_named_by_its_place(
    api: Api, admin: Account, editor: Role, text: str
) -> None:
    body = {"permissions": ["articles:write", text]}
    details = refused(api.patch(path_of(editor), json=body, auth=admin), 400, "VALIDATION_ERROR")
    assert ("permissions[1]", "pattern") in details
    assert {field for field, _ in details} == {"permissions[1]"}


def test_a_name_is_taken_once(api: Api, admin: Account, editor: Role) -> None:
    other = created(api, admin)
    response = api.post(ROLES, json={"name": editor["name"]}, auth=admin)
    assert refused(response, 409, "CONFLICT") == {("name", "unique")}
    response = api.patch(path_of(other), json={"name": editor["name"]}, auth=admin)
    assert refused(response, 409, "CONFLICT") == {("name", "unique")}
    response = api.post(ROLES, json={"name": "admin"}, auth=admin)
    assert refused(response, 409, "CONFLICT") == {("name", "unique")}


def test_patch_changes_what_is_sent_and_put_all(api: Api, admin: Account, editor: Role) -> None:
    patched = api.patch(path_of(editor), json={"permissions": ["orders:*"]}, auth=admin).json()
    assert patched["data"]["name"] == editor["name"]
    assert (patched["data"]["permissions"], patched["data"]["version"]) == (["orders:*"], 2)
    renamed = {"name": fresh_role()}
    replaced = api.put(path_of(editor), json=renamed, auth=admin).json()["data"]
    assert (replaced["name"], replaced["permissions"]) == (renamed["name"], [])


def test_a_removed_role_is_gone_and_its_name_free(api: Api, admin: Account, editor: Role) -> None:
    assert api.delete(path_of(editor), auth=admin).status_code == 204
    assert refused(api.get(path_of(editor), auth=admin), 404, "NOT_FOUND") == set()
    assert refused(api.delete(path_of(editor), auth=admin), 404, "NOT_FOUND") == set()
    again = created(api, admin, name=editor["name"])
    assert again["id"] != editor["id"]


def test_users_keep_the_name_of_a_role_that_goes(
    api: Api, ada: Account, admin: Account, editor: Role
) -> None:
    api.patch(ada.path, json={"roles": [editor["name"]]}, auth=admin)
    assert api.delete(path_of(editor), auth=admin).status_code == 204
    assert api.get(ada.path, auth=ada).json()["data"]["roles"] == [editor["name"]]


def test_the_list_is_searched_and_sorted_by_name(api: Api, admin: Account) -> None:
    common = fresh_role()
    for ending in ("-b", "-a", "-c"):
        created(api, admin, name=common + ending)
    response = api.get(ROLES, params={"search": common, "sort": "name", "limit": 2}, auth=admin)
    assert [role["name"] for role in response.json()["data"]] == [common + "-a", common + "-b"]
    assert response.json()["meta"] == {"page": 1, "limit": 2, "total": 3, "totalPages": 2}
    response = api.get(ROLES, params={"permissions": "*"}, auth=admin)
    assert refused(response, 400, "VALIDATION_ERROR") == {("query.permissions", "unknown")}


def test_admin_is_built_in_and_may_do_everything(built_in: Role) -> None:
    assert is_uuid7(built_in["id"])
    assert built_in["permissions"] == ["*"]


@pytest.mark.parametrize(
    "body", [{}, {"name": "admin"}, {"name": "root"}, {"permissions": []}, {"permissions": ["*"]}]
)
def test_the_built_in_role_stays_as_it_is(
    api: Api, admin: Account, built_in: Role, body: Role
) -> None:
    changes = [
        api.patch(path_of(built_in), json=body, auth=admin),
        api.put(path_of(built_in), json={"name": "admin", **body}, auth=admin),
        api.delete(path_of(built_in), auth=admin),
    ]
    for response in changes:
        assert refused(response, 422, "UNPROCESSABLE") == set()
        assert "The role admin is built in" in response.json()["error"]["message"]
    assert api.get(path_of(built_in), auth=admin).json()["data"] == built_in


def test_only_admins_ask_whatever_their_permissions(
    api: Api, ada: Account, admin: Account, editor: Role
) -> None:
    everything = created(api, admin, permissions=["*", "roles:*"])
    api.patch(ada.path, json={"roles": [everything["name"]]}, auth=admin)
    body = {"name": fresh_role()}
    for method in ("GET", "POST"):
        assert refused(api.request(method, ROLES, json=body, auth=ada), 403, "FORBIDDEN") == set()
        assert api.request(method, ROLES, json=body).status_code == 401
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        path = path_of(editor)
        assert refused(api.request(method, path, json=body, auth=ada), 404, "NOT_FOUND") == set()
        assert api.request(method, path, json=body).status_code == 401
    assert api.get(path_of(editor), auth=admin).json()["data"] == editor
