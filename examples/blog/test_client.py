"""The client does what it says, though answers are lost and others write at the same time."""

import httpx
import pytest
from client import Blog, Failed, Row
from starlette.testclient import TestClient

from apiwright.testing import Caller, TestApi


@pytest.fixture
def blog(api: TestApi, author: Caller) -> Blog:
    return Blog(TestClient(api.app, headers=author.headers))


class Losing(httpx.BaseTransport):
    """A connection that breaks twice before the answer to a POST arrives."""

    def __init__(self, server: httpx.Client) -> None:
        self._server = server
        self.lost = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._server.send(request)
        if request.method == "POST" and self.lost < 2:
            self.lost += 1
            raise httpx.ReadError("the connection is gone")
        return response


def test_a_walk_comes_by_every_article(blog: Blog) -> None:
    for number in range(7):
        blog.write(f"Article {number}", "…")
    titles = [article["title"] for article in blog.articles(limit="3")]
    assert titles == [f"Article {number}" for number in reversed(range(7))]


def test_a_walk_takes_filters(blog: Blog) -> None:
    first = blog.write("First", "…")
    blog.write("Second", "…")
    blog.change(first["id"], lambda _: {"published": True})
    assert [article["title"] for article in blog.articles(published="true")] == ["First"]
    since = {"createdAt[gt]": first["createdAt"]}
    assert "First" not in [article["title"] for article in blog.articles(**since)]


def test_an_article_whose_answer_was_lost_is_written_once(api: TestApi, author: Caller) -> None:
    connection = Losing(TestClient(api.app))
    client = httpx.Client(
        transport=connection, base_url="http://testserver", headers=author.headers
    )
    blog = Blog(client)
    written = blog.write("Only once", "…")
    assert connection.lost == 2
    assert [article["id"] for article in blog.articles()] == [written["id"]]


def test_a_change_is_joined_with_that_of_another(blog: Blog, author: Caller) -> None:
    article = blog.write("Notes", "one")
    seen: list[str] = []

    def append(row: Row) -> Row:
        if not seen:  # somebody else is first
            author.patch(f"/articles/{row['id']}", json={"body": row["body"] + ", two"})
        seen.append(row["body"])
        return {"body": row["body"] + ", three"}

    assert blog.change(article["id"], append)["body"] == "one, two, three"
    assert seen == ["one", "one, two"]


def test_an_error_says_what_is_wrong(blog: Blog) -> None:
    with pytest.raises(Failed, match="title: ") as failed:
        blog.write("", "…")
    assert failed.value.status == 400
