"""Every naughty text through every field, parameter and id: round trip or 4xx, never 5xx."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.declared.conftest import Shop
from tests.support.api import LOGIN, PASSWORD, REGISTER, ROLES, TOKEN, USERS, Account, fresh_email
from tests.support.naughty import BROKEN_JSON, CATEGORIES, ESCAPES
from tests.support.raw import connection
from tests.support.server import Server

API = "/api/v1"
ALONE = {
    *("page", "cursor", "sort", "search", "fields", "sku", "sku[in]", "sku[gt]", "sku[like]"),
    *("categoryId", "categoryId[in]", "size", "stock[gte]", "createdAt", "createdAt[in]"),
}
"""A parameter of each kind, which is asked for by itself; the others, all at once."""
LISTS = ["products", "notes", "users", "roles", "auth/sessions"]
NOTHING = "01900000-0000-7000-8000-00000000dead"


@pytest.fixture(scope="module")
def category(api: Shop, clerk: Account) -> str:
    """The id of one that products are of."""
    answer = api.post(f"{API}/categories", json={"name": "hostile"}, auth=clerk)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


@pytest.fixture(scope="module")
def document(shop: Server) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(shop.run("openapi", "--app", "shop:app"))
    return loaded


@pytest.fixture(params=sorted(CATEGORIES))
def texts(request: pytest.FixtureRequest) -> list[str]:
    return CATEGORIES[request.param]


def bodies(category: str) -> dict[str, dict[str, Any]]:
    """By path, a body whose every member stands to be replaced."""
    return {
        f"{API}/categories": {"name": "a"},
        f"{API}/products": {
            "sku": "AA-0001", "name": "a", "categoryId": category, "size": "small", "price": "1.00",
            "cost": "1.00", "stock": 1, "weight": 1.5, "origin": {"country": "NZ", "maker": "a"},
            "attributes": {"a": 1}, "labels": ["a"], "pin": "a",
        },
        f"{API}/notes": {"text": "a", "shared": True, "secret": "a"},
        f"{API}/tickets": {"text": "a"},
        USERS: {
            "email": "a", "name": "a", "password": PASSWORD, "nickname": "a", "credit": 1,
            "status": "active", "roles": ["clerk"],
        },
        ROLES: {"name": "a", "permissions": ["a:b"]},
        REGISTER: {"email": "a", "name": "a", "password": PASSWORD, "nickname": "a"},
        LOGIN: {"email": "a@example.org", "password": PASSWORD},
    }  # fmt: skip


def shown(value: object) -> str:
    """For what a failure says."""
    return ascii(value)[:300]


def has_many_marks(text: str) -> bool:
    """More in a row than any script needs; normalising them would cost their square."""
    marks = "".join("m" if unicodedata.combining(each) else " " for each in text)
    return "m" * 31 in marks


def with_text(body: dict[str, Any], text: str) -> Iterator[dict[str, Any]]:
    """The body with the text in each text's place, inside of what holds others too, and once in the
    place of all that is no text, which is refused by each for itself."""
    others = [name for name, value in body.items() if not isinstance(value, str)]
    yield {**body, **dict.fromkeys(others, text), text: text}
    for name, value in body.items():
        if isinstance(value, str):
            yield {**body, name: text}
        elif isinstance(value, list):
            yield {**body, name: [text]}
        elif isinstance(value, dict):
            yield {**body, name: dict.fromkeys(value, text)}
            yield {**body, name: {**value, text: text}}


def test_a_text_is_read_as_it_was_stored_and_found(api: Shop, texts: list[str], ada: Account):
    for text in texts:
        made = api.post(f"{API}/notes", json={"text": text, "secret": text}, auth=ada)
        if made.status_code == 400:
            assert not text or "\0" in text or has_many_marks(text), shown(text)
            continue
        assert made.status_code == 201, shown(text)
        row = made.json()["data"]
        assert (row["text"], row["secret"]) == (unicodedata.normalize("NFC", text),) * 2
        assert api.get(made.headers["Location"], auth=ada).json()["data"] == row
        if len(text) <= 200:
            found = api.get(f"{API}/notes", params={"search": text, "limit": "100"}, auth=ada)
            assert row["id"] in [each["id"] for each in found.json()["data"]], shown(text)
        assert api.delete(made.headers["Location"], auth=ada).status_code == 204


def test_every_field_of_every_body_stores_a_text_or_refuses_it(
    api: Shop, texts: list[str], category: str, buyer: Account, admin: Account
):
    for path, body in bodies(category).items():
        who = admin if path in (USERS, ROLES) else buyer
        for text in texts:
            for given in with_text(body, text):
                if "email" in given and given["email"] == "a":
                    given["email"] = fresh_email("hostile")
                answer = api.post(path, json=given, auth=who)
                assert answer.status_code in (200, 201, 400, 401, 403, 409, 422), (
                    path,
                    shown(given),
                )
                if answer.status_code == 201 and "Location" in answer.headers:
                    api.delete(answer.headers["Location"], auth=who)


def test_every_parameter_of_every_list_takes_a_text_or_refuses_it(
    api: Shop, texts: list[str], document: dict[str, Any], admin: Account
):
    for path in LISTS:
        declared = document["paths"][f"{API}/{path}"]["get"]["parameters"]
        names = [each["name"] for each in declared if each["in"] == "query"]
        for text in (text[:1500] for text in texts):
            queries: list[dict[str, str]] = [{name: text} for name in names if name in ALONE]
            for query in [*queries, dict.fromkeys(names, text[:100]), {text: text}]:
                answer = api.get(f"{API}/{path}", params=query, auth=admin)
                assert answer.status_code in (200, 400), (path, shown(query))


def test_every_id_in_a_path_is_a_rows_or_refused(api: Shop, texts: list[str], admin: Account):
    for path in ["products", "users", "roles", "auth/sessions"]:
        for text in (text[:1000] for text in texts):
            url = f"{API}/{path}/{quote(text, safe='').replace('.', '%2E')}"
            for method in ["GET", "PATCH"]:
                if (path, text) == ("users", "me"):
                    continue
                answer = api.request(method, url, json={}, auth=admin)
                assert answer.status_code in (200, 400, 404, 405), (method, shown(url))
                assert answer.status_code != 200 or not text, (method, shown(url))


def test_a_text_is_no_token_and_no_form(api: Shop, texts: list[str]):
    for text in texts:
        form = {"grant_type": "password", "username": text, "password": text, text: text}
        assert api.post(TOKEN, data=form).status_code in (400, 401, 413), shown(text)
        header = text.encode()
        if not any(byte < 32 or byte == 127 for byte in header) and header.strip() == header != b"":
            headers: list[tuple[bytes, bytes]] = [(b"Authorization", b"Bearer " + header)]
            answer = api.get(f"{API}/notes", headers=headers)
            assert answer.status_code in (401, 431), (answer.status_code, shown(text))


@pytest.mark.parametrize("escape", ESCAPES)
def test_an_escape_in_a_url_is_a_text_or_refused(shop: Server, escape: str, admin: Account):
    targets = [f"{API}/products/{escape}"]
    for path in LISTS:
        for query in [f"search={escape}", f"{escape}=1", f"sort={escape}", f"cursor={escape}"]:
            targets.append(f"{API}/{path}?{query}")
    with connection(shop) as raw:
        for target in targets:
            head = f"GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {admin.access}\r\n"
            raw.send(f"{head}\r\n".encode())
            answer = raw.read()
            assert answer.status in ((200, 400) if "?" in target else (400, 404)), target


@pytest.mark.parametrize("value", BROKEN_JSON)
def test_what_is_no_json_is_refused_wherever_it_stands(
    api: Shop, value: bytes, category: str, admin: Account
):
    for path, body in bodies(category).items():
        for name in body:
            content = b'{"%s": %s}' % (name.encode(), value)
            answer = api.post(
                path, content=content, headers={"Content-Type": "application/json"}, auth=admin
            )
            assert answer.status_code == 400, (path, content)
            assert answer.json()["error"]["code"] == "MALFORMED_JSON", (path, content)
