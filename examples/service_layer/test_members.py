"""The service by itself, then over HTTP with a replaced repository, then with a real database."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from members import UserService, make_app

from apiwright import Conflict, NotFound, User, repository_of
from apiwright.testing import Caller, TestApi, running, temporary_settings


class UsersInMemory:
    """A repository for tests of the service alone."""

    def __init__(self, *users: User) -> None:
        self.rows = {user.id: user for user in users}

    async def afind_by(self, **value: Any) -> User | None:
        return next((user for user in self.rows.values() if user.email == value["email"]), None)

    async def ainsert(self, row: User) -> User:
        self.rows[row.id] = row
        return row

    async def afind(self, id: UUID) -> User | None:
        return self.rows.get(id)

    async def aupdate(self, id: UUID, changes: dict[str, Any]) -> User:
        self.rows[id] = self.rows[id].model_copy(update=changes)
        return self.rows[id]


# The service by itself: rules, no HTTP, no database.


def test_whoever_is_invited_is_a_guest() -> None:
    users = UsersInMemory()
    user = asyncio.run(UserService(users).invite("ada@example.org", "Ada"))
    assert users.rows[user.id].roles == ["guest"]


def test_a_second_invitation_is_a_conflict() -> None:
    users = UsersInMemory(User(email="ada@example.org", name="Ada"))
    with pytest.raises(Conflict, match="already"):
        asyncio.run(UserService(users).invite("ada@example.org", "Ada"))


def test_a_guest_who_is_admitted_keeps_other_roles() -> None:
    guest = User(email="ada@example.org", name="Ada", roles=["guest", "editor"])
    user = asyncio.run(UserService(UsersInMemory(guest)).admit(guest.id))
    assert user.roles == ["editor", "member"]


def test_nobody_is_admitted_who_is_not_there() -> None:
    with pytest.raises(NotFound):
        asyncio.run(UserService(UsersInMemory()).admit(uuid4()))


# Over HTTP, with another repository in the place of the application's.


@pytest.fixture
def api(tmp_path: Path) -> Iterator[TestApi]:
    with running(make_app(temporary_settings(tmp_path))) as api:
        yield api


@pytest.fixture
def host(api: TestApi) -> Caller:
    return api.sign_up(roles=["admin"])


def test_the_route_answers_what_the_service_raises(api: TestApi, host: Caller) -> None:
    taken = User(email="ada@example.org", name="Ada")
    api.app.dependency_overrides[repository_of(User)] = lambda: UsersInMemory(taken)
    response = host.post("/invitations", json={"email": "ada@example.org", "name": "Ada"})
    assert response.status_code == 409
    assert response.json()["error"]["details"] == [
        {"field": "email", "message": "Is taken.", "code": "unique"}
    ]


# And with the database that it will have.


def test_a_guest_is_invited_and_admitted(host: Caller) -> None:
    invited = host.post("/invitations", json={"email": "ada@example.org", "name": "Ada"})
    assert invited.status_code == 201, invited.text
    user_id = invited.json()["id"]
    assert host.post(f"/users/{user_id}/admission").json()["roles"] == ["member"]
    assert host.post(f"/users/{user_id}/admission").status_code == 409
    assert host.post(f"/users/{uuid4()}/admission").status_code == 404


def test_only_who_has_the_permission_invites(api: TestApi) -> None:
    guest = {"email": "ada@example.org", "name": "Ada"}
    assert api.post("/invitations", json=guest).status_code == 401
    assert api.sign_up().post("/invitations", json=guest).status_code == 403
