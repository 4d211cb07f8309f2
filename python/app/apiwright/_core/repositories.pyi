"""Users, sessions and what joins them."""

import enum
from typing import Final, Never

from .base import Clock, _Class
from .data import Database
from .tasks import CompletionQueue
from .tokens import AccessClaims, RefreshTokens
from .validation import Schema

class Origin(metaclass=_Class):
    def __init__(self, user_agent: str, ip_address: str) -> None: ...

class NewUser(metaclass=_Class):
    def __init__(self, *, email: str, name: str, password_hash: str) -> None: ...

class Credentials(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def user(self) -> str: ...
    @property
    def password_hash(self) -> str | None: ...
    @property
    def active(self) -> bool: ...

class SignedIn(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def user(self) -> str: ...
    @property
    def user_json(self) -> bytes: ...
    @property
    def session(self) -> str: ...
    def refresh_token(self, sessions: Sessions) -> str: ...

class RefreshOutcome(enum.Enum):
    __pybind11_native_enum__: Final[object]
    ROTATED = ...
    REUSED = ...
    REFUSED = ...

class Refreshed(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def outcome(self) -> RefreshOutcome: ...
    @property
    def user(self) -> str: ...
    @property
    def session(self) -> str: ...
    def refresh_token(self, sessions: Sessions) -> str: ...

class Users(metaclass=_Class):
    def __init__(self) -> None: ...
    def start_credentials(
        self, queue: CompletionQueue, ticket: int, database: Database, email: str
    ) -> None: ...

class Sessions(metaclass=_Class):
    def __init__(
        self, refresh_tokens: RefreshTokens, *, lifetime_ms: int, grace_ms: int
    ) -> None: ...
    def start_refresh(
        self, queue: CompletionQueue, ticket: int, database: Database, clock: Clock, token: str
    ) -> None: ...

class Accounts(metaclass=_Class):
    def __init__(self, users: Users, sessions: Sessions) -> None: ...
    def start_sign_up(
        self,
        queue: CompletionQueue,
        ticket: int,
        database: Database,
        clock: Clock,
        user: NewUser,
        origin: Origin,
    ) -> None: ...
    def start_sign_in(
        self,
        queue: CompletionQueue,
        ticket: int,
        database: Database,
        clock: Clock,
        user: str,
        verified_hash: str,
        rehashed: str | None,
        origin: Origin,
    ) -> None: ...
    def start_sign_out(
        self,
        queue: CompletionQueue,
        ticket: int,
        database: Database,
        clock: Clock,
        claims: AccessClaims,
        everywhere: bool,
    ) -> None: ...
    def start_credentials(
        self,
        queue: CompletionQueue,
        ticket: int,
        database: Database,
        clock: Clock,
        claims: AccessClaims,
    ) -> None: ...
    def start_change_password(
        self,
        queue: CompletionQueue,
        ticket: int,
        database: Database,
        clock: Clock,
        claims: AccessClaims,
        verified_hash: str,
        new_hash: str,
    ) -> None: ...
    def put_admin(self, database: Database, clock: Clock, user: NewUser) -> bytes: ...

def users_schema() -> Schema: ...
def sessions_schema() -> Schema: ...
