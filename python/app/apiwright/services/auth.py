"""Signing in and out, and keeping signed in."""

from dataclasses import dataclass
from typing import Any

from apiwright.core.accounts import AccessClaims, Admission, Secret
from apiwright.core.validation import email_key
from apiwright.errors import InvalidCredentials, TokenReused, Unauthorized
from apiwright.services.ports import Caller, Hashing, Issuer, Store


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client keeps of a sign-in; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class SignIn:
    """A user as they see themselves, and their tokens."""

    user: dict[str, Any]
    tokens: Tokens


class AuthService:
    """Sign-in, refresh and sign-out."""

    def __init__(self, store: Store, hashing: Hashing, issuer: Issuer) -> None:
        self._store = store
        self._hashing = hashing
        self._issuer = issuer

    async def login(self, email: str, password: Secret, caller: Caller) -> SignIn:
        """Lets a user in. Raises InvalidCredentials, RateLimited, Unavailable.

        Unknown, disabled and password-less users cost one hash too: time tells nothing.
        """
        key = email_key(email)
        caller.count_login(key or "")  # what is no address shares one count: it cannot sign in
        found = None if key is None else await self._store.credentials_of(email)
        phc = found.password_hash if found is not None and found.active else None
        try:
            rehashed = await self._hashing.averify_and_update(password, phc)
        except InvalidCredentials:
            raise InvalidCredentials("The e-mail or the password is wrong.") from None
        assert found is not None and phc is not None  # refused without a hash
        admission = await self._store.sign_in(
            found.user, verified=phc, rehashed=rehashed, origin=caller.origin
        )
        return self.admitted(admission)

    async def refresh(self, refresh_token: str) -> Tokens:
        """New tokens for a refresh token. Raises Unauthorized, TokenReused."""
        refreshal = await self._store.refresh(refresh_token)
        if refreshal.reused:
            raise TokenReused("This refresh token was used before: the session has been ended.")
        if refreshal.refresh_token is None:
            raise Unauthorized("This session has ended. Sign in again.")
        return self._tokens(refreshal.user_id, refreshal.session_id, refreshal.refresh_token)

    async def logout(self, claims: AccessClaims, *, everywhere: bool) -> None:
        """Ends this session, or every one of the user's. Raises Unauthorized."""
        await self._store.sign_out(claims, everywhere=everywhere)

    def admitted(self, admission: Admission) -> SignIn:
        """The answer to whoever has just been let in."""
        tokens = self._tokens(admission.user_id, admission.session_id, admission.refresh_token)
        return SignIn(admission.user, tokens)

    def _tokens(self, user_id: str, session_id: str, refresh_token: str) -> Tokens:
        access_token = self._issuer.issue(user_id, session_id)
        return Tokens(access_token, refresh_token, self._issuer.lifetime)
