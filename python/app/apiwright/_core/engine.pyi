"""The whole of a request."""

import builtins
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any, ClassVar, Never, TypeAlias

from .access import Principal, Rule
from .base import Clock, _Class
from .data import Database, Runner
from .passwords import HashingPool
from .repositories import Accounts, IdempotencyKeys, Origin, Sessions, Users
from .tasks import CompletionQueue
from .tokens import AccessClaims, AccessTokens
from .validation import Record, Schema

_Headers: TypeAlias = Iterable[Sequence[bytes]]
_Answer: TypeAlias = tuple[int, list[tuple[bytes, bytes]], bytes]
_Messages: TypeAlias = tuple[MutableMapping[str, Any], MutableMapping[str, Any]]
_Quota: TypeAlias = tuple[int, int] | None

class Exchange(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def request_id(self) -> str: ...
    @property
    def client(self) -> str: ...
    @property
    def origin(self) -> Origin: ...
    def location(self, path: str) -> str: ...
    def claims(self) -> AccessClaims: ...
    def refusal(self) -> _Answer | None: ...
    def require_media_type(self, media_type: str) -> None: ...
    def refuse_idempotency_key(self) -> None: ...
    def count_anonymous(self) -> None: ...
    def count_login(self, account: str) -> None: ...
    def error_response(
        self,
        code: str,
        message: str,
        details: Sequence[tuple[str, str, str]],
        retry_after: int | None,
        cause: str,
    ) -> _Answer: ...
    def common_headers(self, present: _Headers) -> list[tuple[bytes, bytes]]: ...
    def log(self, status: int, size: int) -> None: ...

class Gateway(metaclass=_Class):
    def __init__(
        self,
        access_tokens: AccessTokens,
        clock: Clock,
        *,
        anonymous: _Quota,
        authenticated: _Quota,
        login: _Quota,
        body_limit: int,
        cors_origins: Sequence[str],
        trusted_proxies: Sequence[str],
        strict_transport: bool,
        log_json: bool,
        log_requests: bool,
    ) -> None:
        """Quotas are (requests, seconds), or None for no limit."""

    def begin(
        self, method: str, path: bytes, root_path: str, peer: str, headers: _Headers
    ) -> Exchange: ...

class Cursors(metaclass=_Class):
    def __init__(self, secret_key: str) -> None: ...

class Services(metaclass=_Class):
    def __init__(
        self,
        clock: Clock,
        database: Database,
        hashing: HashingPool,
        sessions: Sessions,
        cursors: Cursors,
        idempotency_keys: IdempotencyKeys,
    ) -> None: ...

class Admission(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def principal(self) -> Principal | None: ...
    @property
    def body(self) -> Record | None: ...
    @property
    def password_hash(self) -> str | None: ...
    @property
    def answer(self) -> _Answer | None: ...

class Outcome(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def answer(self) -> _Answer: ...
    @property
    def replayed(self) -> bool: ...
    @property
    def before(self) -> Record | None: ...
    @property
    def after(self) -> Record | None: ...

class Operation(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    def identify(self, exchange: Exchange) -> AccessClaims | None: ...
    def start(
        self,
        queue: CompletionQueue,
        ticket: int,
        exchange: Exchange,
        query: bytes,
        body: bytes,
        id: str | None,
    ) -> None: ...
    def answer_now(self, exchange: Exchange, query: bytes, id: str | None) -> _Answer | None: ...
    def start_admit(
        self,
        queue: CompletionQueue,
        ticket: int,
        exchange: Exchange,
        query: bytes,
        body: bytes,
        id: str | None,
    ) -> None: ...
    def start_within(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        exchange: Exchange,
        query: bytes,
        body: bytes,
        id: str | None,
        admission: Admission | None,
    ) -> None: ...

class OpenCall(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def takes_body(self) -> bool: ...
    def start(self, queue: CompletionQueue, ticket: int, body: bytes) -> None: ...
    def refuse(
        self,
        code: str,
        message: str,
        details: Sequence[tuple[str, str, str]],
        retry_after: int | None,
        cause: str,
    ) -> _Messages: ...
    def abandon(self) -> _Messages: ...

class FastLane(metaclass=_Class):
    def __init__(self, gateway: Gateway, routes: list[Any]) -> None: ...
    def add(self, method: str, path: str, operation: Operation) -> None: ...
    def covers(self, routes: list[Any]) -> bool: ...
    @staticmethod
    def open(
        lane: FastLane, scope: MutableMapping[str, Any], routes: list[Any]
    ) -> _Messages | OpenCall | None: ...

class Collection(metaclass=_Class):
    def __init__(
        self, schema: Schema, *, read: Rule, list: Rule, readable: Mapping[str, Rule]
    ) -> None: ...

class Relation(metaclass=_Class):
    def __init__(
        self,
        name: str,
        field: str,
        target: Collection,
        *,
        to_many: bool,
        inner: Sequence[Relation],
    ) -> None: ...

def users_read_rule() -> Rule: ...
def users_list_rule() -> Rule: ...

class UserOperations(metaclass=_Class):
    def __init__(
        self,
        services: Services,
        users: Users,
        accounts: Accounts,
        *,
        relations: Sequence[Relation] = ...,
    ) -> None: ...
    def at(self, name: str) -> Operation: ...

class Batch(metaclass=_Class):
    SCHEMA: ClassVar[Schema]
    def __init__(
        self, services: Services, parts: tuple[tuple[str, str, Operation], ...]
    ) -> None: ...
    @property
    def operation(self) -> Operation: ...

class ResourceOperations(metaclass=_Class):
    def __init__(
        self,
        services: Services,
        schema: Schema,
        path: str,
        *,
        read: Rule,
        list: Rule,
        create: Rule,
        update: Rule,
        remove: Rule,
        readable: Mapping[str, Rule],
        writable: Mapping[str, Rule],
        transitions: Mapping[tuple[str, str, str], Rule] = ...,
        require_if_match: bool,
        relations: Sequence[Relation] = ...,
        nested: tuple[str, str] | None = ...,
    ) -> None: ...
    def at(self, name: str) -> Operation: ...
    def explain(
        self, runner: Runner, action: str, principal: Principal | None
    ) -> tuple[str, str, builtins.list[str]]: ...

class SessionOperations(metaclass=_Class):
    def __init__(self, services: Services) -> None: ...
    def at(self, name: str) -> Operation: ...

class RoleOperations(metaclass=_Class):
    def __init__(self, services: Services) -> None: ...
    def at(self, name: str) -> Operation: ...

def refuse_parameters(query: bytes) -> None: ...
def parse_flag(query: bytes, name: str) -> bool: ...
