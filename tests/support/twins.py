"""Two applications over equal databases, one for each lane: whatever is asked, they agree."""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from apiwright import Backend
from tests.support.api import (
    LOGIN,
    LOGOUT,
    ME,
    PASSWORD,
    REGISTER,
    ROLES,
    USERS,
    Account,
    account_of,
    wait_for_next_millisecond,
)
from tests.support.application import backend, settings
from tests.support.asgi import Answer, Request, ask
from tests.support.lane import fastapis_requests

SETTINGS = {"body_limit": "64KiB", "cors_origins": "https://app.example.org"}
ROOT = "root@example.org"

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_HASH = re.compile(r"\$argon2id\$[^\s'\"]+")
_TABLES = ("users", "sessions", "roles")
Row = tuple[Any, ...]


@dataclass
class People:
    """Those in both databases at first."""

    editor: str  # the id of a role
    admin: Account
    ada: Account
    grace: Account  # inactive
    gone: Account  # deleted
    signed_out: Account


class Twin:
    """One of the two, and its database."""

    def __init__(self, template: Path, folder: Path, **values: Any) -> None:
        self.template = template
        self.path = folder / "app.db"
        folder.mkdir()
        with closing(sqlite3.connect(template)) as source, closing(self.connect()) as target:
            source.backup(target)
        self.app = Backend(settings(folder, **SETTINGS, **values))

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path)

    def restore(self) -> None:
        """As it was at first."""
        with closing(self.connect()) as database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("ATTACH ? AS template", [str(self.template)])
            with database:
                for table in reversed(_TABLES):
                    database.execute(f"DELETE FROM {table}")
                for table in _TABLES:
                    database.execute(f"INSERT INTO {table} SELECT * FROM template.{table}")

    def rows(self) -> list[list[Row]]:
        """Everything in it."""
        with closing(self.connect()) as database:
            return [
                database.execute(f"SELECT * FROM {table} ORDER BY created_at, id").fetchall()
                for table in _TABLES
            ]


class Twins:
    """The fast lane's and the full lane's."""

    def __init__(self, folder: Path) -> None:
        template = folder / "template"
        template.mkdir()
        self.people = populate(template)
        self.fast = Twin(template / "app.db", folder / "fast")
        self.full = Twin(template / "app.db", folder / "full", fast_lane="off")
        self.seen: Counter[tuple[str, int]] = Counter()
        self._runner = asyncio.Runner()
        self._known = str(self.fast.rows())
        self._times = {value for rows in self.fast.rows() for value in integers(rows)}
        wait_for_next_millisecond()

    def close(self) -> None:
        for twin in (self.fast, self.full):
            twin.app.runtime.stop()
        self._runner.close()

    def agree(self, requests: list[Request]) -> None:
        """Fails unless both give the same answers, and are left with the same data."""
        wrote = False
        for request in requests:
            with fastapis_requests() as asked:
                fast = self._runner.run(ask(self.fast.app, request))
            full = self._runner.run(ask(self.full.app, request))
            _expect_equal(self._shown(fast), self._shown(full), request)
            self.seen["full" if asked else "fast", fast.status] += 1
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                wrote = True
                wait_for_next_millisecond()  # else rows made together stand in any order
        if wrote:
            fast_rows, full_rows = self.fast.rows(), self.full.rows()
            _expect_equal(self._shown_rows(fast_rows), self._shown_rows(full_rows), requests)
            if str(fast_rows) != self._known:
                self.fast.restore()
                self.full.restore()

    def named(self, text: str) -> str:
        """The same with names in place of new ids, times and hashes."""
        return _Names(self._known, self._times).named(text)

    def _shown(self, answer: Answer) -> tuple[int, list[tuple[str, str]], str]:
        """What must be equal: new ids, times and hashes have numbers or names instead."""
        new = _Names(self._known, self._times)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers
        ]
        shown = [(name, new.named(value)) for name, value in headers]
        return answer.status, shown, new.named(answer.body.decode())

    def _shown_rows(self, tables: list[list[Row]]) -> list[list[Row]]:
        new = _Names(self._known, self._times)
        return [
            [tuple(self._shown_value(new, value) for value in row) for row in rows]
            for rows in tables
        ]

    def _shown_value(self, new: "_Names", value: Any) -> Any:
        if isinstance(value, int):
            return value if value in self._times or value < 1_000_000_000_000 else "<time>"
        return new.named(value) if isinstance(value, str) else value


def integers(rows: list[Row]) -> Iterator[int]:
    return (value for row in rows for value in row if isinstance(value, int))


def _expect_equal(fast: object, full: object, asked: object) -> None:
    assert fast == full, f"\nfast: {fast}\nfull: {full}\nasked: {asked}"


class _Names:
    """Puts names in place of what was made anew and differs between the two."""

    def __init__(self, known: str, times: set[int]) -> None:
        self._known = known
        self._times = times
        self._ids: dict[str, str] = {}

    def named(self, text: str) -> str:
        text = _UUID.sub(lambda found: self._id(found[0]), text)
        text = _TIME.sub(lambda found: self._time(found[0]), text)
        return _HASH.sub("<hash>", text)

    def _id(self, text: str) -> str:
        return text if text in self._known else self._ids.setdefault(text, f"<id {len(self._ids)}>")

    def _time(self, text: str) -> str:
        moment = datetime.fromisoformat(text) - datetime.fromtimestamp(0, UTC)
        return text if moment // timedelta(milliseconds=1) in self._times else "<time>"


def populate(folder: Path) -> People:
    """Makes those people in a database in `folder`."""
    app = backend(folder)
    app.runtime.put_admin(ROOT, "Root", PASSWORD)
    client = TestClient(app)

    def register(name: str) -> Account:
        body = {"email": f"{name}@example.org", "name": name.title(), "password": PASSWORD}
        return account_of(client.post(REGISTER, json=body).json()["data"])

    signed_in = client.post(LOGIN, json={"email": ROOT, "password": PASSWORD})
    admin = account_of(signed_in.json()["data"])
    editor = client.post(
        ROLES, json={"name": "editor", "permissions": ["articles:*"]}, headers=admin.headers
    )
    people = People(
        editor.json()["data"]["id"],
        admin,
        *(register(name) for name in ("ada", "grace", "gone", "out")),
    )
    disabled = client.patch(
        f"{USERS}/{people.grace.id}", json={"status": "inactive"}, headers=people.admin.headers
    )
    left = client.delete(ME, headers=people.gone.headers)
    ended = client.post(LOGOUT, headers=people.signed_out.headers)
    assert (disabled.status_code, left.status_code, ended.status_code) == (200, 204, 204)
    app.runtime.stop()
    return people
