"""What an application's own tests need: settings for a folder, the application running, its users.

    @pytest.fixture
    def api(tmp_path):
        with running(make_app(temporary_settings(tmp_path))) as api:
            yield api

    def test_a_draft_is_its_authors(api):
        ada, eve = api.sign_up(), api.sign_up()
        draft = ada.post("/articles", json={"title": "Notes"}).json()["data"]
        assert eve.get(f"/articles/{draft['id']}").status_code == 404

Nothing is replaced: requests go through the application as a server would send them, to a database
file of the test's own. Needs httpx.
"""

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient
from httpx import Response

from apiwright.backend import Backend
from apiwright.core.migrations import add_declared
from apiwright.core.tokens import ManualClock
from apiwright.paths import API
from apiwright.resources.resource import User
from apiwright.settings import Settings

__all__ = ["Caller", "Clock", "TestApi", "running", "temporary_settings"]

PASSWORD: Final = "correct horse battery staple"
"""Of every user that sign_up() makes."""

_START: Final = 1_767_225_600_000  # 2026-01-01 in milliseconds since 1970


def temporary_settings(folder: Path, **changes: Any) -> Settings:
    """Settings for a test: a database in `folder`, the cheapest hashes, no limits on requests."""
    values: dict[str, Any] = {
        "env": "development",
        "database_url": f"sqlite:///{folder / 'test.db'}",
        "secret_key": "a key that only tests have: " + "0" * 32,
        "password_memory_kib": 8,
        "password_iterations": 1,
        "rate_limit": "off",
        "rate_limit_authenticated": "off",
        "rate_limit_login": "off",
        "log_level": "warning",
    }
    return Settings(_env_file=None, **(values | changes))


class Clock:
    """The application's time, which moves only when a test says so. It begins at 2026-01-01."""

    def __init__(self) -> None:
        self.core = ManualClock(_START)

    def advance(self, duration: timedelta) -> None:
        """Moves it on."""
        self.core.advance(duration // timedelta(milliseconds=1))


class Caller:
    """Requests of one user, or of nobody; paths are below /api/v1."""

    def __init__(self, client: TestClient, user: dict[str, Any] | None, token: str | None) -> None:
        self._client = client
        self.user = user or {}
        """As registration answered; empty for nobody."""
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    @property
    def id(self) -> str:
        """The user's."""
        return str(self.user["id"])

    def get(self, path: str, **options: Any) -> Response:
        """GET; `options` as httpx has them, such as `params`."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Response:
        """POST, with `json={…}`."""
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Response:
        """PUT."""
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Response:
        """PATCH."""
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Response:
        """DELETE."""
        return self.request("DELETE", path, **options)

    def request(self, method: str, path: str, **options: Any) -> Response:
        """Any request of this caller."""
        headers = {**self.headers, **options.pop("headers", {})}
        url = f"{API}{path}"
        response: Response = self._client.request(method, url, headers=headers, **options)
        return response


class TestApi(Caller):
    """A running application. Its own requests are those of nobody."""

    __test__ = False  # no test class, whatever its name says to pytest

    def __init__(self, app: Backend, client: TestClient, clock: Clock | None) -> None:
        super().__init__(client, None, None)
        self.app = app
        self.client = client
        self._clock = clock
        self._numbers = itertools.count(1)

    @property
    def clock(self) -> Clock:
        """The clock given to running(). Raises RuntimeError when there was none."""
        if self._clock is None:
            raise RuntimeError("running(app, clock=Clock()) gives the application a clock to move")
        return self._clock

    def sign_up(self, *, roles: Iterable[str] = (), **fields: Any) -> Caller:
        """A new user, signed in; `fields` of registration stand instead of the usual ones."""
        number = next(self._numbers)
        body = {"email": f"user{number}@example.org", "name": f"User {number}"}
        response = self.post("/auth/register", json={**body, "password": PASSWORD, **fields})
        assert response.status_code == 201, response.text
        answer = response.json()["data"]
        given = list(roles)
        if given:
            self.app.runtime.repository(User).update(answer["user"]["id"], {"roles": given})
        return Caller(self.client, answer["user"], answer["accessToken"])


@contextlib.contextmanager
def running(app: Backend, *, clock: Clock | None = None) -> Iterator[TestApi]:
    """The application with its tables made, until the block ends."""
    if clock is not None:
        app.runtime.clock = clock.core
    app.runtime.migrations.up(app.runtime.database)
    add_declared(app.runtime.database, app.declared_schemas, "")
    with TestClient(app) as client:
        yield TestApi(app, client, clock)
