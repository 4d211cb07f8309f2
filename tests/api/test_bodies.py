"""Bodies as bytes: JSON that is refused, media types, sizes."""

import json
from collections.abc import Iterator

import pytest

from tests.support.api import (
    JSON_ROUTES,
    LOGIN,
    ME,
    REGISTER,
    TOKEN,
    USERS,
    Account,
    Api,
)
from tests.support.contract import refused
from tests.support.raw import exchange, head
from tests.support.server import Server, serving


@pytest.fixture(scope="module")
def small_bodies(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("small"), body_limit="1KiB") as server:
        yield server


JSON = {"Content-Type": "application/json"}
READ_AS_JSON = [*JSON_ROUTES, ("PATCH", "own")]
MALFORMED = {
    "cut": b'{"email": "a@example.org"',
    "two": b"{} {}",
    "trailing comma": b'{"email": "a@example.org",}',
    "single quotes": b"{'email': 'a@example.org'}",
    "comment": b'{} // "email"',
    "bare word": b"nonsense",
    "NaN": b'{"email": NaN}',
    "Infinity": b'{"email": -Infinity}',
    "leading zero": b'{"email": 01}',
    "hex": b'{"email": 0x10}',
    "control in text": b'{"email": "a\nb"}',
    "bad escape": b'{"email": "\\x41"}',
    "bad UTF-8": b'{"email": "\xff\xfe"}',
    "overlong UTF-8": b'{"email": "\xc0\xaf"}',
    "surrogate in UTF-8": b'{"email": "\xed\xa0\x80"}',
    "lone surrogate": b'{"email": "\\ud800"}',
    "reversed surrogates": b'{"email": "\\udc00\\ud800"}',
    "BOM": b'\xef\xbb\xbf{"email": "a@example.org"}',
    "UTF-16": '{"email": "a@example.org"}'.encode("utf-16"),
    "UTF-32": '{"email": "a@example.org"}'.encode("utf-32-le"),
    "deep arrays": b'{"email": ' + b"[" * 30_000,
    "deep objects": b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    "deeper than 32": b'{"x": ' + b"[" * 32 + b"]" * 32 + b"}",
    "form": b"email=a%40example.org&password=x",
    "NUL": b"\x00",
}


def url(path: str, account: Account) -> str:
    return account.path if path == "own" else path


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_json_answers_400_malformed(api: Api, name: str) -> None:
    response = api.post(REGISTER, content=MALFORMED[name], headers=JSON)
    assert refused(response, 400, "MALFORMED_JSON") == set()


@pytest.mark.parametrize(("method", "path"), READ_AS_JSON)
@pytest.mark.parametrize("name", ["cut", "BOM", "deep arrays"])
def test_every_route_reads_json_as_strictly(
    api: Api, admin: Account, method: str, path: str, name: str
) -> None:
    response = api.request(
        method, url(path, admin), content=MALFORMED[name], headers=JSON, auth=admin
    )
    assert refused(response, 400, "MALFORMED_JSON") == set()


@pytest.mark.parametrize("body", [b"", b" \n\t", b"[]", b'"text"', b"7", b"null", b"[{}]"])
@pytest.mark.parametrize(("method", "path"), READ_AS_JSON)
def test_json_that_is_no_object_is_refused(
    api: Api, admin: Account, method: str, path: str, body: bytes
) -> None:
    response = api.request(method, url(path, admin), content=body, headers=JSON, auth=admin)
    assert refused(response, 400, "VALIDATION_ERROR") == {("", "type")}


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": "a@example.org", "email": "b@example.org"}',
        b'{"email": "a@example.org", "\\u0065mail": "b@example.org"}',
    ],
)
def test_a_member_given_twice_is_refused(api: Api, body: bytes) -> None:
    response = api.post(LOGIN, content=body, headers=JSON)
    assert refused(response, 400, "MALFORMED_JSON") == {("email", "duplicate")}


def test_escapes_and_white_space_are_read(api: Api, ada: Account) -> None:
    email = "".join(f"\\u{ord(character):04x}" for character in ada.email)
    body = f'\r\n\t {{ "email" : "{email}" , "password" : {json.dumps(ada.password)} }} \n'
    assert api.post(LOGIN, content=body.encode(), headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/vnd.api+json",
        "application/json, text/plain",
        "json",
    ],
)
@pytest.mark.parametrize(("method", "path"), READ_AS_JSON)
def test_another_media_type_answers_415(
    api: Api, admin: Account, method: str, path: str, media_type: str | None
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    response = api.request(method, url(path, admin), content=b"{}", headers=headers, auth=admin)
    assert refused(response, 415, "UNSUPPORTED_MEDIA_TYPE") == set()


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json ;",
    ],
)
def test_json_by_any_spelling_of_its_name_is_read(api: Api, media_type: str) -> None:
    response = api.post(LOGIN, content=b"{}", headers={"Content-Type": media_type})
    assert refused(response, 400, "VALIDATION_ERROR") == {
        ("email", "required"),
        ("password", "required"),
    }


def test_only_patch_reads_merge_patches(api: Api, admin: Account) -> None:
    headers = {"Content-Type": "application/merge-patch+json"}
    for path in (ME, admin.path):
        assert api.patch(path, content=b"{}", headers=headers, auth=admin).status_code == 200
    for method, path in [("POST", REGISTER), ("POST", USERS), ("PUT", admin.path)]:
        response = api.request(method, path, content=b"{}", headers=headers, auth=admin)
        assert response.status_code == 415


def test_the_token_endpoint_reads_forms_only(api: Api) -> None:
    response = api.post(TOKEN, json={"grant_type": "password"})
    assert refused(response, 415, "UNSUPPORTED_MEDIA_TYPE") == set()


def test_an_announced_body_over_the_limit_answers_413_unread(server: Server, ada: Account) -> None:
    length = str(10 * 1024 * 1024 + 1)
    for method, path in [("POST", REGISTER), ("PATCH", ME), ("POST", TOKEN), ("GET", "/nope")]:
        for announced in (length, "9" * 18):
            answer = exchange(
                server,
                head(method, path, content_length=announced, content_type="application/json"),
            )
            assert (answer.status, answer.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


def body_of(size: int) -> bytes:
    body = b'{"email":"' + b"x" * (size - 12) + b'"}'
    assert len(body) == size
    return body


def test_a_body_at_the_limit_is_read(api: Api, admin: Account) -> None:
    headers = {**JSON, **admin.headers}
    response = api.patch(ME, content=body_of(10 * 1024 * 1024), headers=headers)
    assert refused(response, 400, "VALIDATION_ERROR") == {("email", "max_length")}


def test_a_route_for_anybody_reads_no_more_than_64_kib(api: Api) -> None:
    response = api.post(LOGIN, content=body_of(64 * 1024), headers=JSON)
    assert refused(response, 400, "VALIDATION_ERROR") == {
        ("email", "max_length"),
        ("password", "required"),
    }
    response = api.post(LOGIN, content=body_of(64 * 1024 + 1), headers=JSON)
    assert refused(response, 413, "PAYLOAD_TOO_LARGE") == set()


def test_a_large_body_of_somebody_unknown_is_not_read(api: Api) -> None:
    response = api.patch(ME, content=body_of(1024 * 1024), headers=JSON)
    assert refused(response, 401, "UNAUTHORIZED") == set()


@pytest.mark.parametrize(("method", "path"), [*READ_AS_JSON, ("POST", TOKEN)])
def test_a_streamed_body_over_the_limit_answers_413(
    small_bodies: Server, method: str, path: str
) -> None:
    def chunks():
        for _ in range(40):
            yield b" " * 100

    media_type = "application/x-www-form-urlencoded" if path == TOKEN else "application/json"
    with Api(small_bodies) as api:
        ada = api.register()
        response = api.request(
            method,
            url(path, ada),
            content=chunks(),
            headers={"Content-Type": media_type},
            auth=ada,
        )
        assert refused(response, 413, "PAYLOAD_TOO_LARGE") == set()


def test_a_body_nobody_asked_for_is_ignored(api: Api, ada: Account) -> None:
    for content in (b"{}", b"nonsense", b"x" * 100_000):
        assert api.request("GET", ME, content=content, auth=ada).status_code == 200
    assert api.request("DELETE", ME, content=b"nonsense", auth=ada).status_code == 204
