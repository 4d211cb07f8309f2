"""The blog behaves by its rules, for an author, an editor and a stranger."""

from typing import Any

import pytest

from apiwright.testing import Caller, TestApi


@pytest.fixture
def editor(api: TestApi) -> Caller:
    return api.sign_up(name="Edith", roles=["editor"])


@pytest.fixture
def stranger(api: TestApi) -> Caller:
    return api.sign_up(name="Sam")


def write(author: Caller, title: str, *, published: bool = False) -> dict[str, Any]:
    body = {"title": title, "body": "…", "published": published}
    response = author.post("/articles", json=body)
    assert response.status_code == 201, response.text
    article: dict[str, Any] = response.json()["data"]
    return article


def titles(reader: Caller, **params: str) -> list[str]:
    response = reader.get("/articles", params=params)
    assert response.status_code == 200, response.text
    assert response.json()["meta"]["total"] == len(response.json()["data"])
    return [article["title"] for article in response.json()["data"]]


def test_the_server_sets_the_author(author: Caller, stranger: Caller) -> None:
    article = write(author, "Notes")
    assert article["authorId"] == author.id
    forged = stranger.post("/articles", json={"title": "x", "body": "y", "authorId": author.id})
    assert forged.status_code == 400
    assert forged.json()["error"]["details"][0]["field"] == "authorId"


def test_a_draft_is_for_its_author_and_editors(
    api: TestApi, author: Caller, editor: Caller, stranger: Caller
) -> None:
    path = f"/articles/{write(author, 'Notes')['id']}"
    assert author.get(path).status_code == 200
    assert editor.get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    assert api.get(path).status_code == 404


def test_everybody_reads_what_is_published(api: TestApi, author: Caller, stranger: Caller) -> None:
    path = f"/articles/{write(author, 'Notes', published=True)['id']}"
    assert stranger.get(path).status_code == 200
    assert api.get(path).json()["data"]["title"] == "Notes"


def test_lists_show_what_their_reader_may_see(
    api: TestApi, author: Caller, editor: Caller, stranger: Caller
) -> None:
    write(author, "Draft")
    write(author, "Published", published=True)
    assert titles(author) == ["Published", "Draft"]
    assert titles(editor) == ["Published", "Draft"]
    assert titles(stranger) == ["Published"]
    assert titles(api) == ["Published"]
    assert titles(stranger, search="draft") == []
    assert titles(author, search="draft") == ["Draft"]


def test_only_who_may_changes_and_deletes(
    api: TestApi, author: Caller, editor: Caller, stranger: Caller
) -> None:
    path = f"/articles/{write(author, 'Notes', published=True)['id']}"
    assert api.patch(path, json={"title": "Mine"}).status_code == 401
    assert stranger.patch(path, json={"title": "Mine"}).status_code == 403
    assert stranger.delete(path).status_code == 403
    assert editor.patch(path, json={"title": "Edited"}).json()["data"]["title"] == "Edited"
    assert author.delete(path).status_code == 204
    assert author.get(path).status_code == 404


def test_nobody_writes_without_signing_in(api: TestApi) -> None:
    response = api.post("/articles", json={"title": "x", "body": "y"})
    assert response.status_code == 401
