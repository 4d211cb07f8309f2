"""What holds for every answer; each client of these tests checks it on whatever it receives."""

import functools
import json
import re
import unicodedata
from typing import Any

import httpx

from apiwright import Backend
from apiwright.errors import BY_CODE
from tests.support.json_schema import resolve, violations

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# What would tell of files, databases, libraries or code behind an answer.
_INTERNALS = re.compile(
    r"traceback|sqlite|select .* from|insert into|\.py\b|\.cpp\b|/usr/|/home/|/root/|/tmp/"
    r"|nlohmann|poco|sodium|pydantic|starlette|fastapi|std::|0x[0-9a-f]{6}",
    re.IGNORECASE,
)


def check(response: httpx.Response) -> None:
    """Fails unless an answer of apiwright's own application keeps the contract."""
    check_against(ours(), response)


def check_against(described: "Described", response: httpx.Response) -> None:
    """Fails unless the answer keeps the contract and is as described."""
    response.read()
    _check_headers(response)
    if response.request.method == "HEAD" or response.status_code in (204, 304):
        assert response.content == b""
    elif response.status_code >= 400 and not _is_oauth_error(response):
        _check_error(response)
    described.check(response)


def _check_headers(response: httpx.Response) -> None:
    headers = response.headers
    assert re.fullmatch(r"[\w.-]{1,64}", headers["x-request-id"])
    assert "cache-control" in headers
    assert "content-security-policy" in headers
    for name, value in SECURITY_HEADERS.items():
        assert headers.get_list(name) == [value], name
    for name in ("content-length", "content-type", "x-request-id", "cache-control", "location"):
        assert len(headers.get_list(name)) <= 1, f"{name} twice"


def _check_error(response: httpx.Response) -> None:
    problem = response.headers["content-type"] == "application/problem+json"
    assert problem or response.headers["content-type"] == "application/json"
    body = response.json()
    if problem:
        members = ["type", "title", "status", "detail", "code", "details", "requestId"]
        error, status = body, body["status"]
        assert status == response.status_code
    else:
        members = ["code", "message", "details", "requestId"]
        assert list(body) == ["error"]
        error = body["error"]
    assert list(error) == members
    assert error["code"] in BY_CODE
    assert error["requestId"] == response.headers["x-request-id"]
    for detail in error["details"]:
        assert list(detail) == ["field", "message", "code"]
        assert re.match(r"[A-Z].*\.$", detail["message"]), "a sentence"
    assert not _INTERNALS.search(response.text), response.text


def _is_oauth_error(response: httpx.Response) -> bool:
    return response.url.path == "/api/v1/auth/token" and response.status_code == 400


def refused(response: httpx.Response, status: int, code: str) -> set[tuple[str, str]]:
    """The details' fields and codes of an error with this status and code."""
    assert (response.status_code, response.json()["error"]["code"]) == (status, code), response.text
    details = response.json()["error"]["details"]
    found = {(detail["field"], detail["code"]) for detail in details}
    assert len(found) == len(details), f"one violation twice: {details}"
    return found


def is_uuid7(text: str) -> bool:
    return re.fullmatch(_UUID, text) is not None


# --- against the OpenAPI document -----------------------------------------------------------------


Document = dict[str, Any]


class Described:
    """What an application's OpenAPI document says of its answers."""

    def __init__(self, document: Document) -> None:
        self.document = document
        # Every path as a pattern, fixed ones first.
        paths = sorted(document["paths"], key=lambda path: path.count("{"))
        self._templates = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]

    def operation_of(self, request: httpx.Request) -> dict[str, Any] | None:
        """The documented operation that a request asked for."""
        method = "get" if request.method == "HEAD" else request.method.lower()
        for pattern, path in self._templates:
            if pattern.fullmatch(request.url.path):
                operation: dict[str, Any] | None = self.document["paths"][path].get(method)
                return operation
        return None

    def check(self, response: httpx.Response) -> None:
        """Fails unless the answer is one that the document has."""
        operation = self.operation_of(response.request)
        if operation is None or "_" in operation["operationId"]:  # no route of ours
            return
        described = operation["responses"].get(str(response.status_code))
        if described is None:
            # A body that nobody asked for may be over the limit on any path.
            assert response.status_code == 413, (
                f"{operation['operationId']} answered {response.status_code}, not documented"
            )
            return
        for header in described.get("headers", {}):
            assert header.lower() in response.headers
        if response.request.method != "HEAD":
            self._check_body(response, described)
        if response.status_code < 300:
            self._check_request(response.request, operation)

    def _check_body(self, response: httpx.Response, described: dict[str, Any]) -> None:
        if "content" not in described:
            assert response.content == b""
            return
        schema = described["content"][response.headers["content-type"]]["schema"]
        found = violations(schema, response.json(), self.document)
        assert not found, found
        if response.status_code < 300:
            self._check_exact(schema, response.json())

    def _check_exact(self, schema: dict[str, Any], value: Any) -> None:
        """Nothing in a good answer but what the document names, in its order."""
        if "$ref" in schema:
            schema = resolve(schema["$ref"], self.document)
        for choice in schema.get("anyOf", ()):
            if not violations(choice, value, self.document):
                self._check_exact(choice, value)
                return
        if isinstance(value, dict) and "properties" in schema:
            named = [name for name in schema["properties"] if name in value]
            assert list(value) == named, value
            assert set(schema.get("required", [])) <= set(value), value
            for name, member in value.items():
                self._check_exact(schema["properties"][name], member)
        elif isinstance(value, list):
            for item in value:
                self._check_exact(schema["items"], item)

    def _check_request(self, request: httpx.Request, operation: dict[str, Any]) -> None:
        """What was accepted must be what the document allows."""
        content = operation.get("requestBody", {}).get("content", {})
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type.endswith("json"):
            body = json.loads(unicodedata.normalize("NFC", request.read().decode()))
            found = violations(content[media_type]["schema"], body, self.document)
            assert not found, found


@functools.cache
def ours() -> Described:
    """apiwright's own application."""
    return Described(Backend().openapi())


def document() -> Document:
    """Its document."""
    return ours().document


def operation_of(request: httpx.Request) -> dict[str, Any] | None:
    """Its operation that a request asked for."""
    return ours().operation_of(request)
