import re
from urllib.parse import urljoin

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from apiwright import docs_pages
from apiwright.docs_pages import add_docs, missing_assets

PAGES = ("/docs", "/redoc", "/docs/oauth2-redirect")


def application() -> FastAPI:
    app = FastAPI(title="Shop <& more>", docs_url=None, redoc_url=None)
    add_docs(app, openapi_url="/openapi.json")
    return app


@pytest.fixture
def client() -> TestClient:
    return TestClient(application())


def directives(response: httpx.Response) -> dict[str, list[str]]:
    parts = response.headers["content-security-policy"].split("; ")
    return {name: values for name, *values in (part.split() for part in parts)}


def references(page: httpx.Response) -> list[str]:
    """What the page loads, resolved as a browser does."""
    found = re.findall(r'(?:src|href|data-openapi)="([^"]*)"', page.text)
    return [urljoin(str(page.url), reference) for reference in found]


def test_the_build_has_every_asset() -> None:
    assert missing_assets() == []


@pytest.mark.parametrize("path", PAGES)
def test_everything_a_page_loads_comes_from_this_server(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for url in references(page):
        assert url.startswith("http://testserver/")
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("path", PAGES)
def test_a_mounted_application_s_pages_load_from_under_its_prefix(path: str) -> None:
    outer = FastAPI()
    outer.mount("/shop", application())
    client = TestClient(outer)
    page = client.get(f"/shop{path}")
    assert page.status_code == 200
    for url in references(page):
        assert url.startswith("http://testserver/shop/")
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("path", PAGES)
def test_no_page_may_run_inline_scripts_or_reach_other_hosts(client: TestClient, path: str) -> None:
    page = client.get(path)
    policy = directives(page)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "http" not in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]* src=)|<style| on\w+=| style=", page.text)


def test_only_redoc_may_style_inline_and_start_a_worker(client: TestClient) -> None:
    assert directives(client.get("/docs"))["style-src"] == ["'self'"]
    assert "worker-src" not in directives(client.get("/docs"))
    assert directives(client.get("/redoc"))["style-src"] == ["'self'", "'unsafe-inline'"]
    assert directives(client.get("/redoc"))["worker-src"] == ["blob:"]


def test_the_title_is_escaped(client: TestClient) -> None:
    assert "<title>Shop &lt;&amp; more&gt;</title>" in client.get("/docs").text


def test_the_pages_are_outside_the_schema() -> None:
    assert application().openapi()["paths"] == {}


def test_authorization_is_not_kept_by_the_browser(client: TestClient) -> None:
    script = client.get("/docs/assets/swagger.js").text
    assert "persistAuthorization: false" in script
    assert "validatorUrl: null" in script


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("redoc.standalone.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
    ],
)
def test_an_asset_has_its_media_type(client: TestClient, name: str, media_type: str) -> None:
    assert client.get(f"/docs/assets/{name}").headers["content-type"] == media_type


def test_an_asset_named_with_its_content_is_kept_for_ever(client: TestClient) -> None:
    (url,) = [url for url in references(client.get("/docs")) if "swagger.js" in url]
    assert client.get(url).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/docs/assets/swagger.js").headers["cache-control"] == "no-cache"
    assert client.get("/docs/assets/swagger.js?v=0").headers["cache-control"] == "no-cache"


def test_an_asset_known_by_its_tag_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/docs/assets/page.css").headers["etag"]
    answer = client.get("/docs/assets/page.css", headers={"If-None-Match": f'"x", {tag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag


def test_head_answers_as_get_without_the_body(client: TestClient) -> None:
    for path in ("/docs", "/docs/assets/page.css"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize(
    "name",
    [
        "__init__.py",
        "swagger.html",
        "SWAGGER.JS",
        "",
        "..%2fsettings.py",
        "%2e%2e%2fsettings.py",
        "..%5csettings.py",
        "swagger.js%00",
        "a/swagger.js",
    ],
)
def test_nothing_but_the_listed_assets_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_a_build_without_assets_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(docs_pages._FILES, "absent.js", ("_assets", "text/javascript"))
    answer = client.get("/docs")
    assert answer.status_code == 503
    assert "build it again" in answer.text
    assert client.get("/docs/assets/absent.js").status_code == 404
    assert client.get("/docs/assets/page.css").status_code == 200
