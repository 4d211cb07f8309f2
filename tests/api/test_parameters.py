"""What comes beside the body: query parameters, path ids, Idempotency-Key."""

import pytest

from tests.support.api import (
    LOGIN,
    LOGOUT,
    ME,
    MY_PASSWORD,
    NOBODY,
    REFRESH,
    REGISTER,
    SESSIONS,
    TOKEN,
    USERS,
    Account,
    Api,
)
from tests.support.contract import refused

TAKE_NO_QUERY = [
    ("POST", REGISTER),
    ("POST", LOGIN),
    ("POST", REFRESH),
    ("POST", TOKEN),
    ("POST", LOGOUT),
    ("PUT", MY_PASSWORD),
    ("GET", ME),
    ("PATCH", ME),
    ("DELETE", ME),
    ("POST", USERS),
    ("GET", f"{USERS}/{NOBODY}"),
    ("PUT", f"{USERS}/{NOBODY}"),
    ("PATCH", f"{USERS}/{NOBODY}"),
    ("DELETE", f"{USERS}/{NOBODY}"),
    ("DELETE", f"{SESSIONS}/{NOBODY}"),
]
WRITES = [
    (method, path)
    for method, path in [*TAKE_NO_QUERY, ("POST", LOGOUT)]
    if method in ("POST", "PUT", "PATCH")
]
REPEATABLE = [("POST", USERS)]
BAD_LISTS = [
    ("page=0", {("query.page", "min")}),
    ("page=-1", {("query.page", "min")}),
    ("page=1.0", {("query.page", "type")}),
    ("page=x", {("query.page", "type")}),
    ("page=", {("query.page", "type")}),
    ("page=%2B1", {("query.page", "type")}),
    ("page=99999999999999999999", {("query.page", "max")}),
    ("limit=0", {("query.limit", "min")}),
    ("limit=101", {("query.limit", "max")}),
    ("sort=password", {("query.sort", "enum")}),
    ("sort=", {("query.sort", "enum")}),
    ("sort=name,", {("query.sort", "enum")}),
    ("sort=--name", {("query.sort", "enum")}),
    ("sort=created_at", {("query.sort", "enum")}),
    ("sort=name,-name", {("query.sort", "duplicate")}),
    ("sort=name;DROP TABLE users", {("query.sort", "enum")}),
    ("status=gone", {("query.status", "enum")}),
    ("search=", {("query.search", "min_length")}),
    ("search=" + "x" * 201, {("query.search", "max_length")}),
    ("email=nonsense", {("query.email", "format")}),
    ("cursor=nonsense", {("query.cursor", "format")}),
    ("cursor=&page=1", {("query.page", "exclusive")}),
    ("fields=passwordHash", {("query.fields", "enum")}),
    ("status[gt]=active", {("query.status[gt]", "unknown")}),
    ("status[in]=active,gone", {("query.status[in]", "enum")}),
    ("createdAt[gte]=yesterday", {("query.createdAt[gte]", "format")}),
    ("passwordHash=x", {("query.passwordHash", "unknown")}),
    ("password=x", {("query.password", "unknown")}),
    ("deletedAt=x", {("query.deletedAt", "unknown")}),
    ("page=1&page=1", {("query.page", "duplicate")}),
    ("page=1&pa%67e=2", {("query.page", "duplicate")}),
    ("search=%", {("query.search", "format")}),
    ("search=%4", {("query.search", "format")}),
    ("search=%zz", {("query.search", "format")}),
    ("search=%ff", {("query.search", "format")}),
    ("search=%ed%a0%80", {("query.search", "format")}),
    ("%ff=1", {("query", "format")}),
    (
        "page=0&limit=x&sort=x&status=x&nonsense=1",
        {
            ("query.page", "min"),
            ("query.limit", "type"),
            ("query.sort", "enum"),
            ("query.status", "enum"),
            ("query.nonsense", "unknown"),
        },
    ),
]


@pytest.mark.parametrize(("query", "details"), BAD_LISTS)
def test_a_bad_list_parameter_answers_400_naming_it(
    api: Api, admin: Account, query: str, details: set[tuple[str, str]]
) -> None:
    assert refused(api.get(f"{USERS}?{query}", auth=admin), 400, "VALIDATION_ERROR") == details


def test_too_many_parameters_are_refused(api: Api, admin: Account) -> None:
    query = "&".join(f"p{number}=1" for number in range(2000))
    response = api.get(f"{USERS}?{query}", auth=admin)
    assert response.status_code == 400
    assert ("query", "max_length") in {
        (detail["field"], detail["code"]) for detail in response.json()["error"]["details"]
    }


def test_empty_parts_of_a_query_are_nothing(api: Api, admin: Account) -> None:
    response = api.get(f"{USERS}?&&page=1&", auth=admin)
    assert (response.status_code, response.json()["meta"]["page"]) == (200, 1)


@pytest.mark.parametrize(("method", "path"), TAKE_NO_QUERY)
def test_an_unknown_query_parameter_answers_400(
    api: Api, admin: Account, method: str, path: str
) -> None:
    media_type = "application/x-www-form-urlencoded" if path == TOKEN else "application/json"
    response = api.request(
        method, f"{path}?verbose=1", headers={"Content-Type": media_type}, auth=admin
    )
    if path == TOKEN:  # RFC 6749 section 3.2: unrecognised parameters are ignored
        assert response.json() == {"error": "invalid_request"}
        return
    assert ("query.verbose", "unknown") in refused(response, 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("query", ["all=yes", "all=", "all", "all=TRUE", "all=1"])
def test_logout_all_is_true_or_false(api: Api, ada: Account, query: str) -> None:
    response = api.post(f"{LOGOUT}?{query}", auth=ada)
    assert refused(response, 400, "VALIDATION_ERROR") == {("query.all", "type")}
    assert api.is_signed_in(ada)


@pytest.mark.parametrize("query", ["all=true&all=false", "all=true&x=1", "x=1"])
def test_logout_with_other_parameters_ends_nothing(api: Api, ada: Account, query: str) -> None:
    assert api.post(f"{LOGOUT}?{query}", auth=ada).status_code == 400
    assert api.is_signed_in(ada)


@pytest.mark.parametrize(
    "bad",
    [
        "1",
        "x" * 5000,
        "{id}",
        NOBODY[:-1],
        NOBODY + "0",
        NOBODY.replace("-", ""),
        f"%7B{NOBODY}%7D",
        f"{NOBODY}%00",
        f"{NOBODY}%0a",
        "%ff",
        "%",
        "%zz",
        "..%2f..",
        "' OR 1=1--",
        "ｏ" + NOBODY[1:],
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_an_id_that_is_no_uuid_answers_400(api: Api, admin: Account, method: str, bad: str) -> None:
    content = None if method in ("GET", "DELETE") else {"email": "a@example.org", "name": "A"}
    response = api.request(method, f"{USERS}/{bad}", json=content, auth=admin)
    if "%2f" in bad:  # the path is routed decoded: no such route
        assert refused(response, 404, "NOT_FOUND") == set()
        return
    assert refused(response, 400, "VALIDATION_ERROR") == {("path.id", "format")}


def test_a_sessions_id_that_is_no_uuid_answers_400(api: Api, ada: Account) -> None:
    response = api.delete(f"{SESSIONS}/x", auth=ada)
    assert refused(response, 400, "VALIDATION_ERROR") == {("path.id", "format")}


def test_a_uuid_in_capitals_is_the_same_id(api: Api, ada: Account) -> None:
    response = api.get(f"{USERS}/{ada.id.upper()}", auth=ada)
    assert response.json()["data"]["id"] == ada.id


@pytest.mark.parametrize(("method", "path"), [write for write in WRITES if write not in REPEATABLE])
def test_an_idempotency_key_of_what_is_not_kept_answers_400(
    api: Api, admin: Account, method: str, path: str
) -> None:
    media_type = "application/x-www-form-urlencoded" if path == TOKEN else "application/json"
    headers = {"Idempotency-Key": "k1", "Content-Type": media_type}
    response = api.request(method, path, content=b"{}", headers=headers, auth=admin)
    if path == TOKEN:
        assert response.json()["error"] == "invalid_request"
        return
    assert ("header.Idempotency-Key", "unknown") in refused(response, 400, "VALIDATION_ERROR")


def test_strangers_learn_nothing_of_a_requests_faults(api: Api, ada: Account) -> None:
    """Who may not ask at all is told that, whatever else is wrong."""
    for response, status in [
        (api.get(f"{USERS}?page=x", auth=ada), 403),
        (api.post(USERS, json={"nonsense": 1}, auth=ada), 403),
        (api.get(f"{USERS}/x"), 401),
        (api.patch(ME, json={"nonsense": 1}), 401),
    ]:
        assert response.status_code == status
        assert response.json()["error"]["details"] == []
