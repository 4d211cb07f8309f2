"""GET /users: pages, order, filters, search, totals."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.support.api import USERS, Account, Api, make_admin
from tests.support.server import serving

PEOPLE = [
    ("zoe@example.org", "Zoë Ångström", "active"),
    ("adam@example.org", "adam", "active"),
    ("Bob@Example.org", "Bob", "inactive"),
    ("eva@straße.example", "Eva Weiß", "active"),
    ("ivan@example.org", "Иван Грозный", "inactive"),
    ("percent@example.org", "100% _sure_ \\o/", "active"),
    ("istanbul@example.org", "İnci", "active"),
]


class Listing(NamedTuple):
    api: Api
    admin: Account
    users: list[dict[str, Any]]

    def get(self, query: str = "") -> dict[str, Any]:
        response = self.api.get(f"{USERS}?{query}", auth=self.admin)
        assert response.status_code == 200, response.text
        page: dict[str, Any] = response.json()
        return page

    def names(self, **parameters: str) -> list[str]:
        response = self.api.get(USERS, params=parameters, auth=self.admin)
        assert response.status_code == 200, response.text
        return [user["name"] for user in response.json()["data"]]


@pytest.fixture(scope="module")
def listing(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listing]:
    """The people above and one admin, and nobody else."""
    with serving(tmp_path_factory.mktemp("list")) as server, Api(server) as api:
        admin = make_admin(server, api)
        users = []
        for email, name, status in PEOPLE:
            body = {"email": email, "name": name, "status": status}
            users.append(api.post(USERS, json=body, auth=admin).json()["data"])
        gone = api.register(name="Deleted")
        assert api.delete("/api/v1/users/me", auth=gone).status_code == 204
        yield Listing(api, admin, users)


def test_a_list_is_newest_first_with_20_a_page(listing: Listing) -> None:
    page = listing.get()
    assert page["data"][:-1] == list(reversed(listing.users))
    assert page["data"][-1]["roles"] == ["admin"]
    assert page["meta"] == {"page": 1, "limit": 20, "total": 8, "totalPages": 1}


def test_pages_follow_one_another_without_gap_or_overlap(listing: Listing) -> None:
    whole = listing.get("sort=name")["data"]
    pages = [listing.get(f"sort=name&limit=3&page={number}") for number in (1, 2, 3)]
    assert [user for page in pages for user in page["data"]] == whole
    assert [len(page["data"]) for page in pages] == [3, 3, 2]
    assert [page["meta"] for page in pages] == [
        {"page": number, "limit": 3, "total": 8, "totalPages": 3} for number in (1, 2, 3)
    ]


def test_a_page_past_the_end_is_empty_and_tells_the_total(listing: Listing) -> None:
    for number in (9, 1_000_000_000):
        page = listing.get(f"limit=3&page={number}")
        assert page["data"] == []
        assert page["meta"] == {"page": number, "limit": 3, "total": 8, "totalPages": 3}


def test_nothing_found_has_no_pages(listing: Listing) -> None:
    page = listing.get("search=nobody-is-called-that")
    assert (page["data"], page["meta"]["total"], page["meta"]["totalPages"]) == ([], 0, 0)


@pytest.mark.parametrize("field", ["createdAt", "updatedAt", "name", "email", "status"])
def test_a_minus_turns_the_order_round(listing: Listing, field: str) -> None:
    ascending = [user[field] for user in listing.get(f"sort={field}")["data"]]
    descending = [user[field] for user in listing.get(f"sort=-{field}")["data"]]
    assert ascending == descending[::-1]
    if field.endswith("At"):
        assert ascending == sorted(ascending)


def test_names_sort_without_regard_to_case(listing: Listing) -> None:
    names = [name for name in listing.names(sort="name") if name in ("adam", "Bob", "Eva Weiß")]
    assert names == ["adam", "Bob", "Eva Weiß"]


def test_later_sort_fields_break_ties(listing: Listing) -> None:
    users = listing.get("sort=status,-createdAt")["data"]
    assert users == sorted(
        sorted(users, key=lambda user: user["createdAt"], reverse=True),
        key=lambda user: user["status"],
    )


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_status_filters_and_the_total_follows(listing: Listing, status: str) -> None:
    page = listing.get(f"status={status}")
    assert {user["status"] for user in page["data"]} == {status}
    assert page["meta"]["total"] == len(page["data"]) == {"active": 6, "inactive": 2}[status]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BOB", ["Bob"]),
        ("bob@EXAMPLE", ["Bob"]),
        ("zoË", ["Zoë Ångström"]),
        ("zoe\u0308", ["Zoë Ångström"]),
        ("ÅNGSTRÖM", ["Zoë Ångström"]),
        ("A\u030angstro\u0308m", ["Zoë Ångström"]),
        ("WEISS", ["Eva Weiß"]),
        ("weiß", ["Eva Weiß"]),
        ("грозный", ["Иван Грозный"]),
        ("ИВАН", ["Иван Грозный"]),
        ("%", ["100% _sure_ \\o/"]),
        ("_sure_", ["100% _sure_ \\o/"]),
        ("\\", ["100% _sure_ \\o/"]),
        ("*", []),
        ("' OR 1=1 --", []),
        ("deleted", []),
    ],
)
def test_search_finds_inside_name_and_email_ignoring_case(
    listing: Listing, text: str, names: list[str]
) -> None:
    assert listing.names(search=text) == names


def test_search_matches_many(listing: Listing) -> None:
    everyone_there = {name for email, name, _ in PEOPLE if "@example.org" in email.lower()}
    assert everyone_there <= set(listing.names(search="EXAMPLE.ORG"))


def test_a_plus_in_a_query_is_a_space(listing: Listing) -> None:
    assert [user["name"] for user in listing.get("search=eva+wei")["data"]] == ["Eva Weiß"]


def test_filters_and_search_narrow_together(listing: Listing) -> None:
    assert listing.names(status="inactive", search="example") == ["Иван Грозный", "Bob"]


@pytest.mark.parametrize(
    ("email", "names"),
    [
        ("BOB@example.ORG", ["Bob"]),
        ("eva@STRASSE.example", []),
        ("eva@xn--strae-oqa.example", ["Eva Weiß"]),
        ("nobody@example.org", []),
    ],
)
def test_an_email_finds_its_user_in_any_spelling(
    listing: Listing, email: str, names: list[str]
) -> None:
    assert listing.names(email=email) == names


def test_deleted_users_are_in_no_list(listing: Listing) -> None:
    assert "Deleted" not in listing.names(limit="100")
