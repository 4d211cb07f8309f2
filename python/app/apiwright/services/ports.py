"""What the services need of others, as small protocols: the core's façades fit them."""

from typing import Protocol

from apiwright.core.accounts import (
    AccessClaims,
    Admission,
    Credentials,
    Origin,
    Record,
    Refreshal,
    Secret,
)


class Hashing(Protocol):
    """Hashes and checks passwords."""

    async def ahash(self, password: Secret) -> str: ...

    async def averify(self, password: Secret, phc: str | None) -> None: ...

    async def averify_and_update(self, password: Secret, phc: str | None) -> str | None: ...


class Store(Protocol):
    """Keeps users and sessions."""

    async def sign_up(self, registration: Record, *, phc: str, origin: Origin) -> Admission: ...

    async def sign_in(
        self, user: str, *, verified: str, rehashed: str | None, origin: Origin
    ) -> Admission: ...

    async def sign_out(self, claims: AccessClaims, *, everywhere: bool) -> None: ...

    async def credentials_of(self, email: str) -> Credentials | None: ...

    async def own_credentials(self, claims: AccessClaims) -> Credentials: ...

    async def change_password(self, claims: AccessClaims, *, verified: str, phc: str) -> None: ...

    async def refresh(self, token: str) -> Refreshal: ...


class Issuer(Protocol):
    """Issues access tokens."""

    def issue(self, user_id: str, session_id: str) -> str: ...

    @property
    def lifetime(self) -> int: ...


class Caller(Protocol):
    """Where a request comes from, and how often it may try."""

    @property
    def origin(self) -> Origin: ...

    def count_login(self, account: str) -> None: ...
