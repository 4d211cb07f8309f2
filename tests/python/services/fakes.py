"""The services' ports in memory. They note what is asked of them, in order."""

from dataclasses import dataclass, field
from typing import Any, cast

from apiwright.core.accounts import (
    AccessClaims,
    Admission,
    Credentials,
    Origin,
    Refreshal,
    Secret,
)
from apiwright.core.validation import Record
from apiwright.errors import Conflict, InvalidCredentials, RateLimited, Unauthorized

Notes = list[tuple[Any, ...]]
ORIGIN = Origin("tests", "127.0.0.1")


@dataclass
class FakeUser:
    user: str
    password_hash: str | None
    active: bool = True


@dataclass
class FakeClaims:
    subject: str = "ada"
    session: str = "session-1"


def claims(subject: str = "ada") -> AccessClaims:
    return cast(AccessClaims, FakeClaims(subject))


@dataclass
class FakeHashing:
    """Nobody can look into a Secret: passwords are told apart as objects, made by `secret`."""

    notes: Notes
    known: dict[Secret, str] = field(default_factory=dict)
    rehashed: str | None = None

    def secret(self, word: str) -> Secret:
        secret = Secret(word)
        self.known[secret] = word
        return secret

    async def ahash(self, password: Secret) -> str:
        word = self.known[password]
        self.notes.append(("hash", word))
        return f"phc:{word}"

    async def averify(self, password: Secret, phc: str | None) -> None:
        await self.averify_and_update(password, phc)

    async def averify_and_update(self, password: Secret, phc: str | None) -> str | None:
        word = self.known[password]
        self.notes.append(("verify", word, phc))
        if phc != f"phc:{word}":
            raise InvalidCredentials("The e-mail or the password is wrong.")
        return self.rehashed


@dataclass
class FakeStore:
    notes: Notes
    users: dict[str, FakeUser] = field(default_factory=dict)
    refreshal: Refreshal | None = None
    ended: bool = False

    async def sign_up(self, registration: Record, *, phc: str, origin: Origin) -> Admission:
        email, name = str(registration["email"]), str(registration["name"])
        self.notes.append(("sign_up", email, name, phc, origin))
        if email in self.users:
            raise Conflict("Taken.", [("email", "Taken.", "unique")])
        self.users[email] = FakeUser(name, phc)
        return self._admission(name)

    async def sign_in(
        self, user: str, *, verified: str, rehashed: str | None, origin: Origin
    ) -> Admission:
        self.notes.append(("sign_in", user, verified, rehashed, origin))
        return self._admission(user)

    async def sign_out(self, claims: AccessClaims, *, everywhere: bool) -> None:
        self.notes.append(("sign_out", claims.session, everywhere))

    async def credentials_of(self, email: str) -> Credentials | None:
        self.notes.append(("credentials_of", email))
        return cast(Credentials | None, self.users.get(email))

    async def own_credentials(self, claims: AccessClaims) -> Credentials:
        self.notes.append(("own_credentials", claims.subject))
        if self.ended:
            raise Unauthorized("This session has ended.")
        [found] = [user for user in self.users.values() if user.user == claims.subject]
        return cast(Credentials, found)

    async def change_password(self, claims: AccessClaims, *, verified: str, phc: str) -> None:
        self.notes.append(("change_password", claims.session, verified, phc))

    async def refresh(self, token: str) -> Refreshal:
        self.notes.append(("refresh", token))
        if self.refreshal is None:
            raise Unauthorized("Not one of ours.")
        return self.refreshal

    @staticmethod
    def _admission(user: str) -> Admission:
        return Admission({"id": user}, user, "session-1", "refresh-1")


@dataclass
class FakeIssuer:
    notes: Notes
    lifetime: int = 900

    def issue(self, user_id: str, session_id: str) -> str:
        self.notes.append(("issue", user_id, session_id))
        return f"access:{user_id}:{session_id}"


@dataclass
class FakeCaller:
    notes: Notes
    attempts: int = 10
    origin: Origin = ORIGIN

    def count_login(self, account: str) -> None:
        self.notes.append(("count", account))
        self.attempts -= 1
        if self.attempts < 0:
            raise RateLimited("Too many.", retry_after=60)
