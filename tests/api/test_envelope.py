"""What every answer has, whatever was asked: envelopes, ids, headers, methods."""

import pytest

from tests.support.api import (
    LOGIN,
    LOGOUT,
    ME,
    MY_PASSWORD,
    NOBODY,
    REGISTER,
    ROLES,
    SESSIONS,
    USERS,
    Account,
    Api,
)
from tests.support.contract import document, is_uuid7, refused

UNKNOWN_PATHS = [
    "/",
    "/api",
    "/api/v1",
    "/api/v1/",
    "/api/v2/users/me",
    "/api/v1/users/",
    "/api/v1/users/me/",
    "/api/v1/Users/me",
    "/api/v1/users/me/passwords",
    "/api/v1/nothing-here",
    "/api/v1/auth",
    "/api/v1//users",
    "/health/",
    "/favicon.ico",
    "/%00",
    "/%ff%fe",
    "/%EF%BF%BD",
    "/caf\u00e9",
    "/..%2f..%2fetc%2fpasswd",
    "/api/v1/users/%2e%2e/me/x",
]

METHODS = {
    "/health": "GET, HEAD, OPTIONS",
    "/openapi.json": "GET, HEAD, OPTIONS",
    "/docs": "GET, HEAD, OPTIONS",
    REGISTER: "OPTIONS, POST",
    LOGOUT: "OPTIONS, POST",
    SESSIONS: "GET, HEAD, OPTIONS",
    f"{SESSIONS}/{NOBODY}": "DELETE, OPTIONS",
    USERS: "GET, HEAD, OPTIONS, POST",
    ROLES: "GET, HEAD, OPTIONS, POST",
    f"{ROLES}/{NOBODY}": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
    # Also a user's path as far as routing knows: the union of both.
    ME: "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
    MY_PASSWORD: "OPTIONS, PUT",
    f"{USERS}/{NOBODY}": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
}


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_an_unknown_path_answers_404_in_the_envelope(api: Api, method: str, path: str) -> None:
    assert refused(api.request(method, path), 404, "NOT_FOUND") == set()


@pytest.mark.parametrize("path", METHODS)
def test_a_wrong_method_answers_405_and_allow_is_the_sorted_union(api: Api, path: str) -> None:
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]:
        if method in METHODS[path].split(", "):
            continue
        response = api.request(method, path)
        assert refused(response, 405, "METHOD_NOT_ALLOWED") == set()
        assert response.headers["allow"] == METHODS[path]


@pytest.mark.parametrize("path", METHODS)
def test_options_answers_204_with_the_methods(api: Api, path: str) -> None:
    response = api.options(path)
    assert response.status_code == 204
    assert response.headers["allow"] == METHODS[path]
    assert "content-length" not in response.headers


def test_put_on_oneself_is_not_a_users_id(api: Api, ada: Account) -> None:
    """PUT is only in Allow because /users/{id} matches too: `me` is no id."""
    response = api.put(ME, json={"email": "a@example.org", "name": "A"}, auth=ada)
    assert refused(response, 400, "VALIDATION_ERROR") == {("path.id", "format")}


@pytest.mark.parametrize(
    "path", ["/health", "/health/ready", "/openapi.json", "/docs", "/redoc", ME, SESSIONS, "/nope"]
)
def test_head_answers_as_get_without_a_body(api: Api, ada: Account, path: str) -> None:
    get, head = api.get(path, auth=ada), api.head(path, auth=ada)
    assert head.status_code == get.status_code
    assert head.content == b""
    changing = {"date", "x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in get.headers.items() if k not in changing
    }
    assert int(head.headers["content-length"]) == len(get.content)


def test_head_of_a_collection_one_may_not_have_is_403(api: Api, ada: Account) -> None:
    assert api.head(USERS, auth=ada).status_code == 403


def test_head_where_there_is_no_get_answers_405(api: Api) -> None:
    response = api.head(LOGIN)
    assert response.status_code == 405
    assert response.headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("sent", ["a", "trace-1.2_3", "A" * 64, NOBODY])
def test_a_well_formed_request_id_is_taken_over(api: Api, sent: str) -> None:
    for path in ("/health", "/nope", ME):
        response = api.get(path, headers={"X-Request-Id": sent})
        assert response.headers["x-request-id"] == sent


@pytest.mark.parametrize(
    "sent", ["", "a b", "A" * 65, "x\ty", "ü", '"quoted"', "a;b", "<script>", "${jndi:ldap}"]
)
def test_an_ill_formed_request_id_is_replaced(api: Api, sent: str) -> None:
    response = api.get("/nope", headers={b"X-Request-Id": sent.encode()})
    assert is_uuid7(response.headers["x-request-id"])


def test_request_ids_differ(api: Api) -> None:
    ids = {api.get("/health").headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20
    assert all(is_uuid7(one) for one in ids)


@pytest.mark.parametrize(
    "accept",
    [
        "application/problem+json",
        "application/problem+json, application/json;q=0.5",
        "text/html, application/problem+json;q=0.9",
    ],
)
def test_problem_details_are_given_to_whom_prefers_them(api: Api, accept: str) -> None:
    headers = {"Accept": accept}
    problem = api.post(REGISTER, json={"email": "x"}, headers=headers)
    assert problem.headers["content-type"] == "application/problem+json"
    envelope = api.post(REGISTER, json={"email": "x"}).json()["error"]
    body = problem.json()
    assert (body["type"], body["title"], body["status"]) == ("about:blank", "Bad Request", 400)
    assert body["detail"] == envelope["message"]
    assert (body["code"], body["details"]) == (envelope["code"], envelope["details"])


def test_problem_details_cover_paths_methods_and_sign_in(api: Api) -> None:
    headers = {"Accept": "application/problem+json"}
    for method, path, status in [("GET", "/nope", 404), ("PUT", "/health", 405), ("GET", ME, 401)]:
        problem = api.request(method, path, headers=headers)
        assert problem.json()["status"] == problem.status_code == status
        assert problem.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "image/*", "", ",,;"])
def test_everybody_else_gets_the_envelope(api: Api, accept: str) -> None:
    assert refused(api.get("/nope", headers={"Accept": accept}), 404, "NOT_FOUND") == set()


def test_errors_are_never_stored_by_caches(api: Api, ada: Account) -> None:
    for response in (api.get("/nope"), api.put("/health"), api.get(ME), api.get(USERS, auth=ada)):
        assert response.status_code >= 400
        assert response.headers["cache-control"] == "no-store"


def test_what_needs_sign_in_is_private(api: Api, ada: Account) -> None:
    for path in (ME, SESSIONS, ada.path):
        response = api.get(path, auth=ada)
        assert response.headers["cache-control"] == "private, no-cache"
        assert response.headers["vary"] == "Authorization, Cookie, X-Api-Key, Accept"


def test_the_content_security_policy_lets_an_answer_load_nothing(api: Api, ada: Account) -> None:
    for response in (api.get(ME, auth=ada), api.get("/nope"), api.get("/health")):
        policy = response.headers["content-security-policy"]
        assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_development_promises_no_https(api: Api) -> None:
    assert "strict-transport-security" not in api.get("/health").headers


def test_no_limit_headers_when_limits_are_off(api: Api, ada: Account) -> None:
    for response in (api.get("/health"), api.get(ME), api.get(ME, auth=ada)):
        assert "ratelimit" not in response.headers
        assert "ratelimit-policy" not in response.headers


def test_every_documented_route_that_needs_sign_in_says_401_without(api: Api) -> None:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            if not operation["security"]:
                continue
            url = path.replace("{id}", NOBODY)
            response = api.request(method, url, headers={"Content-Type": "application/json"})
            assert refused(response, 401, "UNAUTHORIZED") == set(), (method, path)
            assert response.headers["www-authenticate"] == 'Bearer realm="apiwright"'
