"""Access tokens (RFC 9068) and refresh tokens."""

from typing import Never

from .base import Clock, _Class

class AccessClaims(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def subject(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def issued_at(self) -> int: ...
    @property
    def expires_at(self) -> int: ...

class AccessTokens(metaclass=_Class):
    def __init__(
        self,
        secret_key: str,
        *,
        issuer: str = "apiwright",
        audience: str = "apiwright",
        lifetime: int = 900,
        leeway: int = 0,
    ) -> None:
        """`lifetime` and `leeway` in seconds. Raises ValidationFailed."""

    def issue(self, subject: str, session: str, clock: Clock) -> str: ...
    def verify(self, token: str, clock: Clock) -> AccessClaims: ...
    @property
    def lifetime(self) -> int: ...

class RefreshTokens(metaclass=_Class):
    def __init__(self, secret_key: str) -> None: ...
