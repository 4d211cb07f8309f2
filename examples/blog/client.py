"""A program that keeps a blog, over HTTP alone: it walks through lists, repeats what may have been
lost, and joins its changes with those of others.

python client.py http://127.0.0.1:8000 ada@example.org < draft.txt
"""

import getpass
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx

API = "/api/v1"
ATTEMPTS = 5
CHANGED_MEANWHILE = 412

Row = dict[str, Any]


class Failed(Exception):
    """The server's answer was an error."""

    def __init__(self, response: httpx.Response) -> None:
        error = response.json()["error"]
        wrong = [f"{detail['field']}: {detail['message']}" for detail in error["details"]]
        super().__init__("; ".join([error["message"], *wrong]))
        self.status = response.status_code


class Blog:
    """The articles of one server. Takes a client whose requests are signed in."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def articles(self, **filters: str) -> Iterator[Row]:
        """All of them, newest first, such as `articles(published="true")` or
        `articles(**{"createdAt[gte]": "2026-01-01T00:00:00Z"})`.

        A walk by cursors: what is written or removed meanwhile repeats or hides no other.
        """
        cursor: str | None = ""
        while cursor is not None:
            params = {"sort": "-createdAt", "limit": "100", "cursor": cursor} | filters
            page = _good(self._client.get(f"{API}/articles", params=params)).json()
            yield from page["data"]
            cursor = page["meta"]["nextCursor"]

    def write(self, title: str, body: str) -> Row:
        """A new article: exactly one, however often it has to be sent."""
        article = {"title": title, "body": body}
        response = self._send_until_answered("POST", f"{API}/articles", article)
        row: Row = response.json()["data"]
        return row

    def change(self, id: str, change: Callable[[Row], Row]) -> Row:
        """Changes an article by what `change` makes of it. When somebody else was first, it is
        asked again with theirs, so that neither change is lost."""
        path = f"{API}/articles/{id}"
        for _ in range(ATTEMPTS):
            read = _good(self._client.get(path))
            patch = change(read.json()["data"])
            conditions = {"If-Match": read.headers["ETag"]}
            written = self._client.patch(path, json=patch, headers=conditions)
            if written.status_code != CHANGED_MEANWHILE:
                row: Row = _good(written).json()["data"]
                return row
        raise RuntimeError(f"others were first {ATTEMPTS} times")

    def _send_until_answered(self, method: str, path: str, body: Row) -> httpx.Response:
        """The server runs what has one key once, and answers the same again."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._client.request(method, path, json=body, headers=key)
            except httpx.TransportError:
                if attempt == ATTEMPTS:
                    raise
                continue
            wait = response.headers.get("Retry-After")
            if wait is None or attempt == ATTEMPTS:
                return _good(response)
            time.sleep(int(wait))
        raise AssertionError("each attempt returns or raises")


def _good(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        raise Failed(response)
    return response


def sign_in(url: str, email: str, password: str) -> httpx.Client:
    """A client whose requests are signed in."""
    client = httpx.Client(base_url=url)
    body = {"email": email, "password": password}
    signed_in = _good(client.post(f"{API}/auth/login", json=body)).json()["data"]
    client.headers["Authorization"] = f"Bearer {signed_in['accessToken']}"
    return client


def main() -> None:
    """Writes what comes on standard input: a line of title, then the text."""
    url, email = sys.argv[1:]
    title, _, body = sys.stdin.read().partition("\n")
    with sign_in(url, email, getpass.getpass()) as client:
        blog = Blog(client)
        written = blog.write(title, body)
        print(f"written: {written['id']}")
        for article in blog.articles():
            print(article["createdAt"], article["title"])


if __name__ == "__main__":
    main()
