"""The operators of lists, and the members that their rows show."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.support.api import USERS, Account, Api, make_admin
from tests.support.contract import refused
from tests.support.server import serving

PEOPLE = ("Ada", "adam", "Bob", "50% off", "under_score", "Straße", "back\\slash")


class Listing(NamedTuple):
    api: Api
    admin: Account
    rows: list[dict[str, Any]]

    def names(self, **parameters: str) -> list[str]:
        response = self.api.get(USERS, params={"sort": "name"} | parameters, auth=self.admin)
        assert response.status_code == 200, response.text
        return [row["name"] for row in response.json()["data"]]


@pytest.fixture(scope="module")
def listing(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listing]:
    with serving(tmp_path_factory.mktemp("filters")) as server, Api(server) as api:
        admin = make_admin(server, api)
        rows = []
        for number, name in enumerate(PEOPLE):
            status = "inactive" if number % 2 else "active"
            body = {"email": f"u{number}@example.org", "name": name, "status": status}
            rows.append(api.post(USERS, json=body, auth=admin).json()["data"])
        yield Listing(api, admin, rows)


def test_times_are_asked_for_by_their_range(listing: Listing) -> None:
    third = listing.rows[2]["createdAt"]
    later = [row["name"] for row in listing.rows if row["createdAt"] > third]
    same = [row["name"] for row in listing.rows if row["createdAt"] == third]
    by_age = {"sort": "createdAt"}
    assert listing.names(**{"createdAt[gt]": third}, **by_age) == later
    assert listing.names(**{"createdAt[gte]": third}, **by_age) == same + later
    assert listing.names(**{"createdAt[gte]": third, "createdAt[lte]": third}, **by_age) == same
    assert listing.names(createdAt=third, **by_age) == same


def test_not_this_is_all_others(listing: Listing) -> None:
    inactive = {row["name"] for row in listing.rows if row["status"] == "inactive"}
    assert set(listing.names(**{"status[ne]": "active"})) == inactive
    assert not {"Bob"} & set(listing.names(**{"email[ne]": "U2@example.org"}))


def test_one_of_several(listing: Listing) -> None:
    emails = "u0@example.org,U4@EXAMPLE.org,nobody@example.org"
    assert listing.names(**{"email[in]": emails}) == ["Ada", "under_score"]
    assert len(listing.names(**{"status[in]": "active,inactive"})) == len(PEOPLE) + 1


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("u*@example.org", list(PEOPLE)),
        ("U1@*", ["adam"]),
        ("*u3@example.*", ["50% off"]),
        ("u_@example.org", []),
        ("%", []),
        ("u5@example.org", ["Straße"]),
        ("u5@example.or", []),
    ],
)
def test_a_pattern_has_stars_alone(listing: Listing, pattern: str, found: list[str]) -> None:
    assert sorted(listing.names(**{"email[like]": pattern})) == sorted(found)


def test_rows_show_the_members_that_are_asked_for(listing: Listing) -> None:
    response = listing.api.get(f"{USERS}?fields=email,name&sort=email&limit=1", auth=listing.admin)
    [row] = response.json()["data"]
    assert set(row) == {"email", "name"}
    assert response.json()["meta"]["total"] == len(PEOPLE) + 1


@pytest.mark.parametrize("name", ["password", "passwordHash", "deletedAt", "", "Name", "name,,id"])
def test_a_member_that_is_not_shown_cannot_be_asked_for(listing: Listing, name: str) -> None:
    response = listing.api.get(USERS, params={"fields": name}, auth=listing.admin)
    assert refused(response, 400, "VALIDATION_ERROR") == {("query.fields", "enum")}
