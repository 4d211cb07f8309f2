"""Walking through a list with cursors."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from tests.support.api import USERS, Account, Api, make_admin
from tests.support.contract import refused
from tests.support.server import serving

COUNT = 23  # and the admin


class Crowd(NamedTuple):
    api: Api
    admin: Account

    def get(self, **parameters: str) -> httpx.Response:
        response = self.api.get(USERS, params=parameters, auth=self.admin)
        assert response.status_code == 200, response.text
        return response

    def walk(self, **parameters: str) -> list[list[str]]:
        """The names of each step, from the beginning to the end."""
        steps, cursor = [], ""
        while cursor is not None:
            body = self.get(cursor=cursor, **parameters).json()
            steps.append([row["name"] for row in body["data"]])
            cursor = body["meta"]["nextCursor"]
        return steps

    def add(self, name: str, status: str = "active") -> str:
        body = {"email": f"{name}@example.org", "name": name, "status": status}
        made = self.api.post(USERS, json=body, auth=self.admin)
        assert made.status_code == 201, made.text
        return str(made.json()["data"]["id"])


@pytest.fixture(scope="module")
def crowd(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    with serving(tmp_path_factory.mktemp("cursors")) as server, Api(server) as api:
        crowd = Crowd(api, make_admin(server, api))
        for number in range(COUNT):
            crowd.add(f"user{number:02}", "inactive" if number % 3 == 0 else "active")
        yield crowd


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"sort": "name"},
        {"sort": "-status,name"},
        {"sort": "status,-name"},
        {"sort": "-createdAt", "status": "active"},
        {"sort": "name", "search": "user1"},
    ],
)
def test_a_walk_is_the_list(crowd: Crowd, parameters: dict[str, str]) -> None:
    steps = crowd.walk(limit="5", **parameters)
    assert all(len(step) == 5 for step in steps[:-1]) and 1 <= len(steps[-1]) <= 5
    listed = crowd.get(limit="100", **parameters).json()["data"]
    assert [name for step in steps for name in step] == [row["name"] for row in listed]


def test_each_answer_leads_on_and_back(crowd: Crowd) -> None:
    first = crowd.get(cursor="", limit="10", sort="name").json()
    assert first["meta"] == {
        "limit": 10,
        "nextCursor": first["meta"]["nextCursor"],
        "prevCursor": None,
    }
    second = crowd.get(cursor=first["meta"]["nextCursor"], limit="10", sort="name").json()
    third = crowd.get(cursor=second["meta"]["nextCursor"], limit="10", sort="name").json()
    assert third["meta"]["nextCursor"] is None
    back = crowd.get(cursor=third["meta"]["prevCursor"], limit="10", sort="name").json()
    assert back["data"] == second["data"]
    again = crowd.get(cursor=back["meta"]["prevCursor"], limit="10", sort="name").json()
    assert again["data"] == first["data"]
    assert again["meta"]["prevCursor"] is None


def test_the_link_header_leads_where_the_cursors_do(crowd: Crowd) -> None:
    first = crowd.get(cursor="", limit="10", search="user", sort="-name")
    link = re.fullmatch(r'<([^<>"]+)>; rel="next"', first.headers["link"])
    assert link
    second = crowd.api.get(link[1], auth=crowd.admin)
    expected = crowd.get(
        cursor=first.json()["meta"]["nextCursor"], limit="10", search="user", sort="-name"
    )
    assert second.json() == expected.json()
    assert re.fullmatch(r'<([^<>"]+)>; rel="next", <([^<>"]+)>; rel="prev"', second.headers["link"])
    assert "link" not in crowd.get(limit="10").headers
    assert "link" not in crowd.get(cursor="", limit="100").headers


def test_rows_that_come_and_go_are_neither_repeated_nor_skipped(crowd: Crowd) -> None:
    early, late = crowd.add("m-early"), crowd.add("m-late")
    seen: list[str] = []
    cursor: Any = ""
    while cursor is not None:
        body = crowd.get(cursor=cursor, limit="4", sort="name").json()
        seen += [row["name"] for row in body["data"]]
        cursor = body["meta"]["nextCursor"]
        if "m-early" in seen and early:
            for gone in (early, late):
                assert crowd.api.delete(f"{USERS}/{gone}", auth=crowd.admin).status_code == 204
            early = ""
            made = [crowd.add("a-before-it"), crowd.add("zz-after-it")]
    assert "a-before-it" not in seen and "zz-after-it" in seen
    users = [name for name in seen if name.startswith("user")]
    assert users == [f"user{number:02}" for number in range(COUNT)]
    for one in made:
        assert crowd.api.delete(f"{USERS}/{one}", auth=crowd.admin).status_code == 204


def test_a_cursor_of_another_list_is_refused(crowd: Crowd) -> None:
    cursor = crowd.get(cursor="", limit="5", sort="name").json()["meta"]["nextCursor"]
    for other in (
        {},
        {"sort": "-name"},
        {"sort": "name", "status": "active"},
        {"sort": "name", "search": "u"},
    ):
        response = crowd.api.get(USERS, params={"cursor": cursor, **other}, auth=crowd.admin)
        assert refused(response, 400, "VALIDATION_ERROR") == {("query.cursor", "format")}
    sessions = crowd.api.get("/api/v1/auth/sessions", params={"cursor": cursor}, auth=crowd.admin)
    assert refused(sessions, 400, "VALIDATION_ERROR") == {("query.cursor", "format")}


def test_a_cursor_that_was_changed_is_refused(crowd: Crowd) -> None:
    cursor = crowd.get(cursor="", limit="5").json()["meta"]["nextCursor"]
    for changed in (cursor[:-1], cursor + "A", "A" + cursor[1:], cursor.swapcase(), "x" * 9000):
        response = crowd.api.get(USERS, params={"cursor": changed}, auth=crowd.admin)
        assert refused(response, 400, "VALIDATION_ERROR") == {("query.cursor", "format")}


def test_a_cursor_gives_nobody_more_than_their_rights(crowd: Crowd) -> None:
    cursor = crowd.get(cursor="", limit="5").json()["meta"]["nextCursor"]
    stranger = crowd.api.register(name="Stranger")
    refused(crowd.api.get(USERS, params={"cursor": cursor}, auth=stranger), 403, "FORBIDDEN")
    assert crowd.api.delete("/api/v1/users/me", auth=stranger).status_code == 204


def test_a_step_may_have_another_length(crowd: Crowd) -> None:
    cursor = crowd.get(cursor="", limit="3", sort="name").json()["meta"]["nextCursor"]
    rows = crowd.get(cursor=cursor, limit="7", sort="name", fields="name").json()["data"]
    listed = crowd.get(limit="10", sort="name", fields="name").json()["data"]
    assert rows == listed[3:]
