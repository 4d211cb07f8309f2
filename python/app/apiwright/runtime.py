"""The composition root: everything of the core that one process uses, built at first use."""

import os
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from apiwright._core.base import Clock, SystemClock
from apiwright._core.data import Database as CoreDatabase
from apiwright._core.engine import (
    Collection,
    Cursors,
    Gateway,
    Relation,
    ResourceOperations,
    RoleOperations,
    Services,
    SessionOperations,
    UserOperations,
    users_list_rule,
    users_read_rule,
)
from apiwright._core.repositories import IdempotencyKeys, Sessions, Users
from apiwright._core.tokens import AccessTokens, FixedKeys, KeyFile, KeySource, RefreshTokens
from apiwright.core.accounts import AccountStore
from apiwright.core.database import Database
from apiwright.core.passwords import Hasher
from apiwright.core.repositories import Repository, users_schema
from apiwright.core.validation import BodyReader, DeclarationError, check
from apiwright.errors import ValidationFailed
from apiwright.migrations import Home, MigrationSet
from apiwright.paths import API
from apiwright.resources.compile import CompiledResource
from apiwright.resources.resource import Resource, User
from apiwright.schemas.bodies import registration
from apiwright.secret_key import resolve_secret_key
from apiwright.services.accounts import AccountsService
from apiwright.services.auth import AuthService
from apiwright.settings import Quota, Settings, SettingsError

_STOP_GRACE = timedelta(seconds=10)


class AccessTokenIssuer:
    """Access tokens by the clock."""

    def __init__(self, tokens: AccessTokens, clock: Clock) -> None:
        self._tokens = tokens
        self._clock = clock

    def issue(self, user_id: str, session_id: str) -> str:
        """A signed token."""
        return self._tokens.issue(user_id, session_id, self._clock)

    @property
    def lifetime(self) -> int:
        """Seconds."""
        return self._tokens.lifetime


class TokenKeys:
    """The keys that access tokens are signed and checked with."""

    def __init__(self, keys: KeySource, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def jwks(self) -> str:
        """The public ones as a JWK set, in JSON."""
        return self._keys.jwks(self._clock)


@dataclass(frozen=True, slots=True)
class Parts:
    """The running core of one process."""

    database: Database
    hashing: Hasher
    store: AccountStore
    gateway: Gateway
    services: Services
    users: UserOperations
    sessions: SessionOperations
    resources: Mapping[str, ResourceOperations]
    """By table, of what the application declares."""
    roles: RoleOperations
    auth: AuthService
    accounts: AccountsService
    token_keys: TokenKeys
    pid: int

    def stop(self, grace: timedelta = _STOP_GRACE) -> None:
        """Hashes that wait are refused; what the database has begun is finished."""
        if os.getpid() == self.pid:  # a fork has none of the threads
            self.hashing.close()
            self.database.core.stop(_milliseconds(grace))


class Runtime:
    """Makes the parts when they are first needed, in the process that needs them."""

    def __init__(
        self,
        settings: Settings,
        home: Home | None = None,
        resources: Sequence[CompiledResource[Any]] = (),
    ) -> None:
        self.settings = settings
        self.home = home
        """Where the application's own migrations live, once it is known which module it is in."""
        self.resources = resources
        self.clock: Clock = SystemClock()
        """Where the core reads the time; tests put another in its place before the first use."""
        self._migrations: tuple[Home | None, MigrationSet] | None = None
        self.running: Parts | None = None
        """The core, while it runs in this very process."""
        self._lock = threading.Lock()
        self._forked = False
        self._parent_core: Parts | None = None

    @property
    def parts(self) -> Parts:
        """The running core. Raises RuntimeError in a process forked off a running one."""
        parts = self.running
        if parts is None:
            self._refuse_after_fork()
            with self._lock:
                parts = self.running or self._start()
        return parts

    def _refuse_after_fork(self) -> None:
        if self._forked:
            raise RuntimeError(
                "This process was forked after apiwright's core had started, so the core's threads "
                "are missing here. Start it after the fork: make the Backend, but answer no "
                "request and enter no lifespan before forking."
            )

    @property
    def database(self) -> CoreDatabase:
        """The database; nothing is open before it is used."""
        return self.parts.database.core

    def repository(self, cls: type[Resource]) -> Repository[Any]:
        """The rows of a declared resource. Raises DeclarationError for another class."""
        for resource in self.resources:
            if resource.type is cls or (cls is User and resource.is_user):
                return Repository(self.parts.database, resource.schema)
        raise DeclarationError(
            f"{cls.__name__} is no resource of this application: give it to Backend(resources=[…])"
        )

    @cached_property
    def registration(self) -> BodyReader:
        """What signing up takes."""
        return registration(self.resources[0].further if self.resources else ())

    @property
    def migrations(self) -> MigrationSet:
        """apiwright's own migrations, and the application's. Raises ValidationFailed."""
        if self._migrations is None or self._migrations[0] != self.home:
            self._migrations = self.home, MigrationSet(self.settings.database_url, self.home)
        return self._migrations[1]

    def put_admin(self, email: str, name: str, password: str) -> dict[str, Any]:
        """Stores an active admin, or makes this user one. Blocks. Raises ValidationFailed."""
        checked = check(self.registration, email=email, name=name, password=password)
        checked.take_secret("password")  # wiped
        phc = _hashing(self.settings).hash(password)
        return self.parts.store.put_admin(checked, phc=phc)

    def stop(self) -> None:
        """Ends the core's threads; the next use starts anew."""
        with self._lock:
            parts, self.running = self.running, None
        if parts is not None:
            self._end()

    def _start(self) -> Parts:
        parts = build(self.settings, self.clock, self.resources)
        # Also when nobody stops it: at exit, before the interpreter takes the threads' ground away.
        self._end = weakref.finalize(self, parts.stop)
        _started.add(self)
        self.running = parts
        return parts

    def forked(self) -> None:
        """In a child process: the core's threads stayed in the parent."""
        if self.running is not None:
            self._parent_core = self.running  # never let go of here: it would wait for its threads
            self.running = None
            self._forked = True


_started: weakref.WeakSet[Runtime] = weakref.WeakSet()


def _mark_forked() -> None:
    for runtime in list(_started):
        runtime.forked()


os.register_at_fork(after_in_child=_mark_forked)


def build(
    settings: Settings, clock: Clock, resources: Sequence[CompiledResource[Any]] = ()
) -> Parts:
    """Wires the core together as the settings say."""
    secret_key = resolve_secret_key(settings)
    # What waited longer than a request may take has nobody waiting for it.
    patience = _milliseconds(settings.request_timeout)
    database = CoreDatabase(
        settings.database_url,
        readers=settings.database_readers,
        writers=settings.database_writers,
        wait_limit_ms=patience,
        direct_url=settings.database_direct_url or "",
        prepare=settings.database_prepare,
    )
    hashing = _hashing(settings)
    keys = _token_keys(settings, secret_key, clock)
    access_tokens = AccessTokens.of(
        keys,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        lifetime=int(settings.access_token_ttl.total_seconds()),
    )
    sessions = Sessions(
        RefreshTokens(secret_key),
        lifetime_ms=_milliseconds(settings.refresh_token_ttl),
        grace_ms=_milliseconds(settings.refresh_grace),
    )
    users = _users(resources)
    store = AccountStore(database, clock, users, sessions)
    cursors, idempotency_keys = Cursors(secret_key), IdempotencyKeys(secret_key)
    services = Services(clock, database, hashing.pool, sessions, cursors, idempotency_keys)
    relations = _relations(resources)
    auth = AuthService(store, hashing, AccessTokenIssuer(access_tokens, clock))
    return Parts(
        database=Database.over(database, url=settings.database_url, clock=clock),
        hashing=hashing,
        store=store,
        gateway=_gateway(settings, access_tokens, clock),
        services=services,
        users=UserOperations(services, users, store.accounts, relations=relations.get("users", ())),
        sessions=SessionOperations(services),
        resources={
            resource.schema.table: _operations(services, resource, relations[resource.schema.table])
            for resource in resources
            if not resource.is_user
        },
        roles=RoleOperations(services),
        auth=auth,
        accounts=AccountsService(store, hashing, auth),
        token_keys=TokenKeys(keys, clock),
        pid=os.getpid(),
    )


def _users(resources: Sequence[CompiledResource[Any]]) -> Users:
    if not resources:
        return Users(users_schema())
    declared = resources[0]
    return Users(
        declared.schema.core,
        readable=dict(declared.readable),
        writable=dict(declared.writable),
    )


def _relations(resources: Sequence[CompiledResource[Any]]) -> dict[str, list[Relation]]:
    """What rows lead to, and those lead to in their turn, by table."""
    collections = {resource.schema.table: _collection(resource) for resource in resources}
    inner: dict[str, list[Relation]] = {}
    for _ in range(2):  # a step, and one further
        inner = {
            resource.schema.table: [
                Relation(
                    relation.name,
                    relation.field,
                    collections[relation.table],
                    to_many=relation.to_many,
                    inner=inner.get(relation.table, ()),
                )
                for relation in resource.relations
            ]
            for resource in resources
        }
    return inner


def _collection(resource: CompiledResource[Any]) -> Collection:
    return Collection(
        resource.schema.core,
        read=users_read_rule() if resource.is_user else resource.rules["read"],
        list=users_list_rule() if resource.is_user else resource.rules["list"],
        readable=dict(resource.readable),
    )


def _operations(
    services: Services, resource: CompiledResource[Any], relations: Sequence[Relation]
) -> ResourceOperations:
    rules, nested = resource.rules, resource.nested
    return ResourceOperations(
        services,
        resource.schema.core,
        f"{API}{resource.path}",
        read=rules["read"],
        list=rules["list"],
        create=rules["create"],
        update=rules["update"],
        remove=rules["delete"],
        readable=dict(resource.readable),
        writable=dict(resource.writable),
        transitions=dict(resource.steps),
        require_if_match=resource.require_if_match,
        relations=relations,
        nested=None if nested is None else (f"{API}{nested.path}", nested.column),
    )


def _token_keys(settings: Settings, secret_key: str, clock: Clock) -> KeySource:
    if settings.token_keys is None:
        return FixedKeys(secret_key)
    path = settings.token_keys.absolute()
    try:
        return KeyFile(
            str(path),
            secret_key,
            lifetime=int(settings.access_token_ttl.total_seconds()),
            clock=clock,
            log_json=settings.log_format == "json",
        )
    except ValidationFailed as error:
        raise SettingsError([f"{path} holds no usable token keys: {error.cause}"]) from None


def _gateway(settings: Settings, access_tokens: AccessTokens, clock: Clock) -> Gateway:
    return Gateway(
        access_tokens,
        clock,
        anonymous=_quota(settings.rate_limit),
        authenticated=_quota(settings.rate_limit_authenticated),
        login=_quota(settings.rate_limit_login),
        body_limit=settings.body_limit,
        cors_origins=list(settings.cors_origins),
        trusted_proxies=list(settings.trusted_proxies),
        strict_transport=settings.env == "production",
        log_json=settings.log_format == "json",
        log_requests=settings.log_level in ("debug", "info"),
    )


def _hashing(settings: Settings) -> Hasher:
    return Hasher(
        memory_kib=settings.password_memory_kib,
        passes=settings.password_iterations,
        threads=settings.hashing_threads_per_worker,
        queue_limit=settings.hashing_queue,
        wait_limit=settings.request_timeout.total_seconds(),
    )


def _quota(quota: Quota | None) -> tuple[int, int] | None:
    return None if quota is None else (quota.requests, int(quota.window.total_seconds()))


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
