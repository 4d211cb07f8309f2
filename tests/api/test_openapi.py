"""The OpenAPI document by itself; every client of these tests checks answers against it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.api import NOBODY, Account, Api, fresh_email
from tests.support.contract import document, operation_of
from tests.support.json_schema import resolve, violations

pytestmark = pytest.mark.one_lane("the document knows no lanes")

HTTP_METHODS = {"get", "put", "post", "delete", "patch"}
SIGNED_OUT = {
    "register",
    "login",
    "token",
    "refresh",
    "jwks",
    "health",
    "healthLive",
    "healthReady",
}
ENDPOINTS = {
    "register": "POST /api/v1/auth/register",
    "login": "POST /api/v1/auth/login",
    "token": "POST /api/v1/auth/token",
    "refresh": "POST /api/v1/auth/refresh",
    "logout": "POST /api/v1/auth/logout",
    "listSessions": "GET /api/v1/auth/sessions",
    "endSession": "DELETE /api/v1/auth/sessions/{id}",
    "getMe": "GET /api/v1/users/me",
    "updateMe": "PATCH /api/v1/users/me",
    "deleteMe": "DELETE /api/v1/users/me",
    "changePassword": "PUT /api/v1/users/me/password",
    "listUsers": "GET /api/v1/users",
    "createUser": "POST /api/v1/users",
    "getUser": "GET /api/v1/users/{id}",
    "replaceUser": "PUT /api/v1/users/{id}",
    "updateUser": "PATCH /api/v1/users/{id}",
    "deleteUser": "DELETE /api/v1/users/{id}",
    "restoreUser": "POST /api/v1/users/{id}/restore",
    "listRoles": "GET /api/v1/roles",
    "createRole": "POST /api/v1/roles",
    "getRole": "GET /api/v1/roles/{id}",
    "replaceRole": "PUT /api/v1/roles/{id}",
    "updateRole": "PATCH /api/v1/roles/{id}",
    "deleteRole": "DELETE /api/v1/roles/{id}",
    "batch": "POST /api/v1/batch",
    "jwks": "GET /.well-known/jwks.json",
    "health": "GET /health",
    "healthLive": "GET /health/live",
    "healthReady": "GET /health/ready",
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            assert method in HTTP_METHODS
            yield method, path, operation


def nodes(value: Any) -> Iterator[Any]:
    yield value
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            yield from nodes(child)


def test_the_served_document_is_the_applications(api: Api) -> None:
    response = api.get("/openapi.json")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == document()


def test_it_is_openapi_3_1_with_title_and_version() -> None:
    made = document()
    assert re.fullmatch(r"3\.1\.\d+", made["openapi"])
    assert made["info"]["title"]
    assert made["info"]["version"]
    assert set(made) <= {"openapi", "info", "servers", "paths", "components", "tags", "security"}


def test_every_endpoint_is_there_under_its_name() -> None:
    found = {
        operation["operationId"]: f"{method.upper()} {path}"
        for method, path, operation in operations()
    }
    assert found == ENDPOINTS
    assert len(found) == len(list(operations()))


def test_every_operation_is_described() -> None:
    tags = {tag["name"] for tag in document()["tags"]}
    for _, _, operation in operations():
        assert re.fullmatch(r"[a-z][A-Za-z]+", operation["operationId"])
        assert operation["summary"]
        assert set(operation["tags"]) <= tags
        assert operation["responses"]
        for response in operation["responses"].values():
            assert response["description"]


def test_every_reference_leads_somewhere() -> None:
    for node in nodes(document()):
        if isinstance(node, dict) and "$ref" in node:
            assert resolve(node["$ref"], document())


def test_no_schema_is_left_over() -> None:
    used = {
        node["$ref"].rpartition("/")[2]
        for node in nodes(document())
        if isinstance(node, dict) and "$ref" in node
    }
    named = {name for kind in ("schemas", "headers") for name in document()["components"][kind]}
    assert named == used


def test_path_parameters_are_declared() -> None:
    for _, path, operation in operations():
        declared = {
            parameter["name"]: parameter
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "path"
        }
        assert set(declared) == set(re.findall(r"\{(\w+)\}", path))
        for parameter in declared.values():
            assert parameter["required"]
            assert parameter["schema"]["format"] == "uuid"


def test_only_what_is_for_anyone_goes_without_security() -> None:
    schemes = document()["components"]["securitySchemes"]
    assert {name: scheme["type"] for name, scheme in schemes.items()} == {
        "bearer": "http",
        "signIn": "oauth2",
    }
    for _, _, operation in operations():
        names = {name for requirement in operation["security"] for name in requirement}
        expected = set() if operation["operationId"] in SIGNED_OUT else set(schemes)
        assert names == expected
        assert ("401" in operation["responses"]) == (
            bool(names) or operation["operationId"] in ("login", "refresh")
        )


def test_422_is_documented_only_where_a_business_rule_is() -> None:
    found = {o["operationId"] for _, _, o in operations() if "422" in o["responses"]}
    changes = {
        f"{verb}{row}" for verb in ("delete", "replace", "update") for row in ("User", "Role")
    }
    creations = {"createUser", "createRole", "restoreUser"}  # a key of another request
    assert found == {"batch", "changePassword", "deleteMe", *changes, *creations}
    assert "HTTPValidationError" not in document()["components"]["schemas"]


def test_errors_are_documented_as_envelope_and_problem() -> None:
    for _, _, operation in operations():
        for status, response in operation["responses"].items():
            if int(status) < 400 or (operation["operationId"], status) == ("token", "400"):
                continue
            schemas = {
                media_type: content["schema"]["$ref"].rpartition("/")[2]
                for media_type, content in response["content"].items()
            }
            assert schemas == {"application/json": "Error", "application/problem+json": "Problem"}
            assert ("Retry-After" in response.get("headers", {})) == (status in ("429", "503"))


def test_every_body_is_closed_and_has_examples() -> None:
    for _, _, operation in operations():
        if "requestBody" not in operation:
            continue
        assert operation["requestBody"]["required"]
        for media_type, content in operation["requestBody"]["content"].items():
            schema = resolve(content["schema"]["$ref"], document())
            if media_type == "application/x-www-form-urlencoded":
                continue
            assert schema["additionalProperties"] is False
            for name, member in schema["properties"].items():
                for example in member.get("examples", []):
                    assert not violations(member, example, document()), name


def test_secrets_are_write_only() -> None:
    for name, schema in document()["components"]["schemas"].items():
        for member, described in schema.get("properties", {}).items():
            if "password" in member.lower() and name != "OAuthForm":
                assert described["format"] == "password"
                assert described["writeOnly"]
    assert "password" not in str(document()["components"]["schemas"]["User"]).lower()


@pytest.mark.parametrize(
    ("operation", "status", "method", "path", "body"),
    [
        ("login", 401, "POST", "/api/v1/auth/login", {"email": "a@example.org", "password": "x"}),
        ("refresh", 401, "POST", "/api/v1/auth/refresh", {"refreshToken": "x"}),
        ("refresh", 400, "POST", "/api/v1/auth/refresh", {}),
        ("createUser", 409, "POST", "/api/v1/users", {"email": "{taken}", "name": "A"}),
        ("createUser", 415, "POST", "/api/v1/users", None),
        ("getUser", 404, "GET", f"/api/v1/users/{NOBODY}", None),
        ("getUser", 400, "GET", "/api/v1/users/x", None),
        ("listUsers", 400, "GET", "/api/v1/users?page=x", None),
        ("deleteUser", 404, "DELETE", f"/api/v1/users/{NOBODY}", None),
        ("replaceUser", 404, "PUT", f"/api/v1/users/{NOBODY}", {"email": "{new}", "name": "A"}),
        ("endSession", 404, "DELETE", f"/api/v1/auth/sessions/{NOBODY}", None),
        ("endSession", 400, "DELETE", "/api/v1/auth/sessions/x", None),
        ("logout", 400, "POST", "/api/v1/auth/logout?x=1", None),
        ("getMe", 400, "GET", "/api/v1/users/me?x=1", None),
        ("updateMe", 409, "PATCH", "/api/v1/users/me", {"email": "{taken}"}),
        ("deleteMe", 400, "DELETE", "/api/v1/users/me?x=1", None),
        (
            "changePassword",
            422,
            "PUT",
            "/api/v1/users/me/password",
            {"currentPassword": "wrong", "newPassword": "long enough"},
        ),
    ],
)
def test_documented_statuses_come_about(
    api: Api,
    ada: Account,
    admin: Account,
    operation: str,
    status: int,
    method: str,
    path: str,
    body: dict[str, str] | None,
) -> None:
    """The other way round, that what comes about is documented, is checked on every answer."""
    if body is not None:
        new = {"{taken}": ada.email, "{new}": fresh_email()}
        body = {name: new.get(value, value) for name, value in body.items()}
    response = api.request(method, path, json=body, auth=admin)
    assert response.status_code == status
    described = operation_of(response.request)
    assert described is not None
    assert described["operationId"] == operation
    assert str(status) in described["responses"]
