"""Rules of several steps, in a service: what one write of one resource does not say.

A route parses, calls the service and answers. The service holds the rules, and takes what it needs
in its `__init__`, typed by a small protocol: the application gives it a repository, a test whatever
fits. It raises errors of apiwright's family, and knows nothing of HTTP.

    apiwright serve members:app
"""

from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel

from apiwright import Backend, Conflict, NotFound, Repository, Settings, User, require


class Users(Protocol):
    """What the service needs of users: apiwright's repository has it."""

    async def afind_by(self, **value: Any) -> User | None: ...

    async def ainsert(self, row: Any) -> User: ...

    async def afind(self, id: UUID) -> User | None: ...

    async def aupdate(self, id: UUID, changes: dict[str, Any]) -> User: ...


class UserService:
    """Invitations, and their end."""

    def __init__(self, users: Users) -> None:
        self._users = users

    async def invite(self, email: str, name: str) -> User:
        """A user who cannot sign in yet. Raises Conflict when there is one with this e-mail."""
        if await self._users.afind_by(email=email) is not None:
            raise Conflict("This person is a user already.", [("email", "Is taken.", "unique")])
        # Two invitations at once: the database's constraint lets one of them in.
        return await self._users.ainsert(User(email=email, name=name, roles=["guest"]))

    async def admit(self, user_id: UUID) -> User:
        """A guest becomes a member. Raises NotFound, and Conflict for who is no guest."""
        user = await self._users.afind(user_id)
        if user is None:
            raise NotFound("There is no such user.")
        if "guest" not in user.roles:
            raise Conflict("This user is no guest.")
        roles = [*(role for role in user.roles if role != "guest"), "member"]
        return await self._users.aupdate(user_id, {"roles": roles})


def user_service(users: Repository[User]) -> UserService:
    """Made for each request that asks for one; tests put another in its place."""
    return UserService(users)


Service = Annotated[UserService, Depends(user_service)]


class Invitation(BaseModel):
    """Who is invited."""

    email: str
    name: str


def make_app(settings: Settings | None = None) -> Backend:
    """The application; tests give it settings of their own."""
    app = Backend(settings, title="Members")
    may_invite = [require("members:invite")]

    @app.post("/api/v1/invitations", status_code=201, dependencies=may_invite)
    async def invite(invitation: Invitation, service: Service) -> User:
        return await service.invite(invitation.email, invitation.name)

    @app.post("/api/v1/users/{user_id}/admission", dependencies=may_invite)
    async def admit(user_id: UUID, service: Service) -> User:
        return await service.admit(user_id)

    return app


app = make_app()
