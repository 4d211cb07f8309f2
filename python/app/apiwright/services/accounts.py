"""Signing up, and what users do with their own account."""

from apiwright.core.accounts import AccessClaims, Record, Secret
from apiwright.errors import InvalidCredentials, Unprocessable
from apiwright.services.auth import AuthService, SignIn
from apiwright.services.ports import Caller, Hashing, Store


class AccountsService:
    """Registration and password changes."""

    def __init__(self, store: Store, hashing: Hashing, auth: AuthService) -> None:
        self._store = store
        self._hashing = hashing
        self._auth = auth

    async def register(self, registration: Record, password: Secret, caller: Caller) -> SignIn:
        """Makes an account and lets its user in. Raises Conflict naming `email`, Unavailable."""
        phc = await self._hashing.ahash(password)
        admission = await self._store.sign_up(registration, phc=phc, origin=caller.origin)
        return self._auth.admitted(admission)

    async def change_password(
        self, claims: AccessClaims, current: Secret, new: Secret, caller: Caller
    ) -> None:
        """Replaces the password; one's other sessions end.

        Raises Unprocessable naming `currentPassword`, Unauthorized, RateLimited, Unavailable.
        """
        credentials = await self._store.own_credentials(claims)
        caller.count_login(claims.subject)
        try:
            await self._hashing.averify(current, credentials.password_hash)
        except InvalidCredentials:
            raise Unprocessable(
                "The current password is wrong.",
                [("currentPassword", "Is not the current password.", "reference")],
            ) from None
        assert credentials.password_hash is not None  # verify() refuses without one
        phc = await self._hashing.ahash(new)
        await self._store.change_password(claims, verified=credentials.password_hash, phc=phc)
