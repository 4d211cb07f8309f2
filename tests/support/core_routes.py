"""The routes that the core can answer itself, and an application to try them on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from apiwright import Backend
from apiwright.routes.declare import CoreRoute
from tests.support.api import LOGIN, NOBODY, PASSWORD
from tests.support.application import backend

ADMIN = "admin@example.org"


def core_routes(app: Backend) -> list[CoreRoute]:
    return [route for route in app.router.routes if isinstance(route, CoreRoute)]


def core_requests(app: Backend) -> list[tuple[str, str]]:
    """A method and a path for each, HEAD wherever GET."""
    requests = []
    for route in core_routes(app):
        for method in sorted(route.methods or ()):
            path = route.path.replace("{id}", NOBODY)
            requests += [
                (name, path) for name in (("GET", "HEAD") if method == "GET" else (method,))
            ]
    return requests


@dataclass
class Home:
    """A folder with a database in which there is one admin, signed in."""

    folder: Path
    headers: dict[str, str]
    requests: list[tuple[str, str]]

    def backend(self, **options: Any) -> Backend:
        return backend(self.folder, options=options)


def home(folder: Path) -> Home:
    app = backend(folder)
    app.runtime.put_admin(ADMIN, "Root", PASSWORD)
    answer = TestClient(app).post(LOGIN, json={"email": ADMIN, "password": PASSWORD})
    app.runtime.stop()
    headers = {"Authorization": f"Bearer {answer.json()['data']['accessToken']}"}
    return Home(folder, headers, core_requests(app))
