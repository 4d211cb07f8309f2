"""Signing up, in and out over the core: awaitable, one database transaction each."""

import json
from dataclasses import dataclass
from typing import Any

from apiwright._core.access import Principal
from apiwright._core.base import Clock, Secret
from apiwright._core.data import Database
from apiwright._core.repositories import (
    Accounts,
    Credentials,
    NewUser,
    Origin,
    Refreshed,
    RefreshOutcome,
    Sessions,
    SignedIn,
    Users,
)
from apiwright._core.tokens import AccessClaims
from apiwright._core.validation import Record
from apiwright.core.bridge import call

__all__ = [
    "AccountStore",
    "Admission",
    "AccessClaims",
    "Credentials",
    "Origin",
    "Record",
    "Refreshal",
    "Secret",
]


@dataclass(frozen=True, slots=True)
class Admission:
    """A user who has been let in: the row as they see it, their session and its first token."""

    user: dict[str, Any]
    user_id: str
    session_id: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Refreshal:
    """What came of a refresh token: in again, or `reused` (the session has ended), or neither."""

    user_id: str
    session_id: str
    refresh_token: str | None
    reused: bool


def _new_user(registration: Record, phc: str) -> NewUser:
    return NewUser(
        email=str(registration["email"]),
        name=str(registration["name"]),
        password_hash=phc,
        further=registration,
    )


class AccountStore:
    """Users and sessions in the database. All of it raises Unavailable when that is too busy."""

    def __init__(self, database: Database, clock: Clock, users: Users, sessions: Sessions) -> None:
        self._database = database
        self._clock = clock
        self._users = users
        self._sessions = sessions
        self._accounts = Accounts(users, sessions)

    @property
    def accounts(self) -> Accounts:
        """The core's own object, for the operations that share it."""
        return self._accounts

    async def sign_up(self, registration: Record, *, phc: str, origin: Origin) -> Admission:
        """Stores a user and opens a session. Raises Conflict naming `email`."""
        user = _new_user(registration, phc)
        signed_in: SignedIn = await call(
            self._accounts.start_sign_up, self._database, self._clock, user, origin
        )
        return self._admission(signed_in)

    async def sign_in(
        self, user: str, *, verified: str, rehashed: str | None, origin: Origin
    ) -> Admission:
        """Opens a session. Raises InvalidCredentials when the user changed since `verified`."""
        signed_in: SignedIn = await call(
            self._accounts.start_sign_in,
            self._database,
            self._clock,
            user,
            verified,
            rehashed,
            origin,
        )
        return self._admission(signed_in)

    async def sign_out(self, claims: AccessClaims, *, everywhere: bool) -> None:
        """Ends this session, or all of the user's. Raises Unauthorized when it has ended."""
        await call(self._accounts.start_sign_out, self._database, self._clock, claims, everywhere)

    async def credentials_of(self, email: str) -> Credentials | None:
        """What sign-in knows of the user with this e-mail, in whatever case."""
        found: Credentials | None = await call(self._users.start_credentials, self._database, email)
        return found

    async def own_credentials(self, claims: AccessClaims) -> Credentials:
        """The same of whoever bears these claims. Raises Unauthorized when the session ended."""
        found: Credentials = await call(
            self._accounts.start_credentials, self._database, self._clock, claims
        )
        return found

    async def principal(self, claims: AccessClaims) -> Principal:
        """Who bears these claims, as of now. Raises Unauthorized when the session ended."""
        found: Principal = await call(
            self._sessions.start_authenticate, self._database, self._clock, claims
        )
        return found

    def principal_by_email(self, email: str) -> Principal | None:
        """The active user with this e-mail, as a rule sees them. Blocks."""
        return self._accounts.principal(self._database, email)

    async def change_password(self, claims: AccessClaims, *, verified: str, phc: str) -> None:
        """Replaces the hash and ends the other sessions. Raises Conflict, Unauthorized."""
        await call(
            self._accounts.start_change_password,
            self._database,
            self._clock,
            claims,
            verified,
            phc,
        )

    async def refresh(self, token: str) -> Refreshal:
        """Rotates a refresh token. Raises Unauthorized when it is not one of ours."""
        refreshed: Refreshed = await call(
            self._sessions.start_refresh, self._database, self._clock, token
        )
        rotated = refreshed.outcome is RefreshOutcome.ROTATED
        return Refreshal(
            user_id=refreshed.user,
            session_id=refreshed.session,
            refresh_token=refreshed.refresh_token(self._sessions) if rotated else None,
            reused=refreshed.outcome is RefreshOutcome.REUSED,
        )

    def put_admin(self, registration: Record, *, phc: str) -> dict[str, Any]:
        """Stores an active admin, or makes this user one with the new password. Blocks."""
        user = _new_user(registration, phc)
        stored: dict[str, Any] = json.loads(
            self._accounts.put_admin(self._database, self._clock, user)
        )
        return stored

    def _admission(self, signed_in: SignedIn) -> Admission:
        return Admission(
            user=json.loads(signed_in.user_json),
            user_id=signed_in.user,
            session_id=signed_in.session,
            refresh_token=signed_in.refresh_token(self._sessions),
        )
