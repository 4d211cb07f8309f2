"""What routes of an application's own ask for: who is signed in, permissions, repositories.

@app.get("/api/v1/articles/mine")
async def mine(user: CurrentUser, articles: Repository[Article]) -> list[Article]:
    return (await articles.alist(author=user.id)).rows
"""

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from apiwright.core import repositories
from apiwright.core.access import Principal
from apiwright.core.database import Database
from apiwright.errors import Forbidden
from apiwright.resources.resource import Resource, User
from apiwright.responses import exchange_of
from apiwright.runtime import Parts

__all__ = [
    "AppDatabase",
    "CurrentPrincipal",
    "CurrentUser",
    "Repository",
    "repository_of",
    "require",
]

T = TypeVar("T", bound=Resource)


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.runtime.parts
    return parts


_Running = Annotated[Parts, Depends(_parts)]


class _Bearer(SecurityBase):
    """Tells the document that a route needs signing in; who asks is found by the core."""

    def __init__(self) -> None:
        self.model = HTTPBearer()
        self.scheme_name = "bearer"

    async def __call__(self) -> None:
        return None


async def current_principal(
    request: Request, parts: _Running, _: Annotated[None, Security(_Bearer())]
) -> Principal:
    """Who asks, with their roles and permissions as they are now. Raises Unauthorized."""
    return await parts.store.principal(exchange_of(request).claims())


CurrentPrincipal = Annotated[Principal, Depends(current_principal)]
"""Who asks: id, roles, permissions. 401 for who is not signed in."""


async def current_user(request: Request, principal: CurrentPrincipal) -> User:
    """The user who asks. Raises Unauthorized."""
    user: User = await _repository_of(request, User).aget(principal.user)
    return user


CurrentUser = Annotated[User, Depends(current_user)]
"""The user who asks, an instance of the application's class of users. 401 for nobody."""


def require(permission: str) -> Any:
    """A dependency: 403 unless the caller's roles grant this permission, 401 for nobody.

    @app.post("/api/v1/publish", dependencies=[require("articles:write")])
    """

    async def check(principal: CurrentPrincipal) -> Principal:
        if not principal.has_permission(permission):
            raise Forbidden(f"This needs the permission {permission}.")
        return principal

    return Depends(check)


async def _database(parts: _Running) -> Database:
    return parts.database


AppDatabase = Annotated[Database, Depends(_database)]
"""The application's database: `async with database.atransaction(): …`."""


def _repository_of(request: Request, cls: type[Resource]) -> "repositories.Repository[Any]":
    repository: repositories.Repository[Any] = request.app.runtime.repository(cls)
    return repository


if TYPE_CHECKING:
    from apiwright.core.repositories import Repository
else:

    class Repository(repositories.Repository):
        """Rows of a resource, as a dependency: `articles: Repository[Article]`.

        What it does is core.repositories.Repository's; no rules apply to it.
        """

        def __class_getitem__(cls, item: Any) -> Any:
            if not (isinstance(item, type) and issubclass(item, Resource)):
                return super().__class_getitem__(item)
            return Annotated[cls, Depends(_dependency_of(item))]


_dependencies: dict[type[Resource], Any] = {}


def _dependency_of(cls: type[Resource]) -> Any:
    """The same function for each class, so that an override of it is found."""
    if cls not in _dependencies:

        async def repository(request: Request) -> Any:
            return _repository_of(request, cls)

        _dependencies[cls] = repository
    return _dependencies[cls]


def repository_of(cls: type[T]) -> Any:
    """What `Repository[X]` depends on: the key of app.dependency_overrides in tests."""
    return _dependency_of(cls)
