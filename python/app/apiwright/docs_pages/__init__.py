"""/docs (Swagger UI) and /redoc, served from this installation alone: they work without internet.

The pages name everything by relative URLs, so they work under any prefix (root_path, mounts)."""

import functools
import hashlib
import html
import importlib.resources
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from string import Template
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

__all__ = ["add_docs", "missing_assets"]

_PAGES: Final = "docs_pages"
_FETCHED: Final = "_assets"  # put there by the build (cmake/DocsAssets.cmake)

_SCRIPT: Final = "text/javascript; charset=utf-8"
_STYLE: Final = "text/css; charset=utf-8"
_FILES: Final[dict[str, tuple[str, str]]] = {
    "swagger-ui-bundle.js": (_FETCHED, _SCRIPT),
    "swagger-ui.css": (_FETCHED, _STYLE),
    "oauth2-redirect.js": (_FETCHED, _SCRIPT),
    "redoc.standalone.js": (_FETCHED, _SCRIPT),
    "favicon-32x32.png": (_FETCHED, "image/png"),
    "swagger.js": (_PAGES, _SCRIPT),
    "redoc.js": (_PAGES, _SCRIPT),
    "page.css": (_PAGES, _STYLE),
}
"""Every asset by its exact name: its folder in the package and its media type."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# ReDoc adds style elements to the page, and searches in a worker that it makes from a blob.
_REDOC_POLICY: Final = (
    _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; worker-src blob:"
)
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served; `tag` is made from its content."""

    body: bytes
    media_type: str
    tag: str


def _file(folder: str, name: str) -> Traversable:
    return importlib.resources.files("apiwright") / folder / name


@functools.cache
def _asset(name: str) -> Asset:
    folder, media_type = _FILES[name]
    body = _file(folder, name).read_bytes()
    return Asset(body, media_type, hashlib.blake2b(body, digest_size=12).hexdigest())


def missing_assets() -> list[str]:
    """What a broken build left out."""
    return [name for name, (folder, _) in _FILES.items() if not _file(folder, name).is_file()]


def add_docs(app: FastAPI, *, openapi_url: str) -> None:
    """Registers /docs, /docs/oauth2-redirect, /redoc and /docs/assets/{name}, outside the schema.

    `openapi_url` is the document's path in this application."""
    facts = {"title": html.escape(app.title), "openapi": html.escape(openapi_url.lstrip("/"))}

    async def docs(_: Request) -> Response:
        return _page("swagger.html", facts)

    async def redirect(_: Request) -> Response:
        return _page("redirect.html", facts)

    async def redoc(_: Request) -> Response:
        return _page("redoc.html", facts, _REDOC_POLICY)

    for path, endpoint in (
        ("/docs", docs),
        ("/docs/oauth2-redirect", redirect),
        ("/redoc", redoc),
        ("/docs/assets/{name}", _serve_asset),
    ):
        app.router.add_route(path, endpoint, methods=["GET"], include_in_schema=False)


def _page(template: str, facts: dict[str, str], policy: str = _POLICY) -> Response:
    if missing_assets():
        return PlainTextResponse(
            "The documentation pages are not part of this build of apiwright: build it again.\n",
            503,
            {"Cache-Control": "no-store"},
        )
    return HTMLResponse(
        Template(_text(template)).substitute(facts, **_asset_urls()),
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"},
    )


@functools.cache
def _text(template: str) -> str:
    return _file(_PAGES, template).read_text("utf-8")


@functools.cache
def _asset_urls() -> dict[str, str]:
    """The pages' placeholders: `swagger_js` is `swagger.js?v=` and its content's tag."""
    return {
        name.replace("-", "_").replace(".", "_"): f"{name}?v={_asset(name).tag}" for name in _FILES
    }


async def _serve_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FILES or name in missing_assets():
        raise HTTPException(404)
    asset = _asset(name)
    tag = f'"{asset.tag}"'
    named_by_content = request.query_params.get("v") == asset.tag
    headers = {"ETag": tag, "Cache-Control": _FOREVER if named_by_content else "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(asset.body, headers=headers, media_type=asset.media_type)
