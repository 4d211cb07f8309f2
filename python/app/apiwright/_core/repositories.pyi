"""Rows of any schema; users, sessions and what joins them."""

import builtins
import enum
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Never, TypeAlias

from .access import Principal, Rule
from .base import Clock, _Class
from .data import Database, Runner
from .tasks import CompletionQueue
from .tokens import AccessClaims, RefreshTokens
from .validation import Field, Record, Schema

_Filters: TypeAlias = Mapping[str, str | float | None]

class Repository(metaclass=_Class):
    MAX_BATCH: ClassVar[int]
    def __init__(self, schema: Schema) -> None: ...
    def find(self, runner: Runner, id: str) -> Record | None: ...
    def start_find(self, queue: CompletionQueue, ticket: int, runner: Runner, id: str) -> None: ...
    def find_by(self, runner: Runner, field: str, value: _Filters) -> Record | None: ...
    def start_find_by(
        self, queue: CompletionQueue, ticket: int, runner: Runner, field: str, value: _Filters
    ) -> None: ...
    def list(
        self, runner: Runner, page: int, limit: int, sort: str, search: str, filters: _Filters
    ) -> tuple[builtins.list[Record], int]: ...
    def start_list(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        page: int,
        limit: int,
        sort: str,
        search: str,
        filters: _Filters,
    ) -> None: ...
    def count(self, runner: Runner, search: str, filters: _Filters) -> int: ...
    def start_count(
        self, queue: CompletionQueue, ticket: int, runner: Runner, search: str, filters: _Filters
    ) -> None: ...
    def list_after(
        self, runner: Runner, after: str | None, limit: int, search: str, filters: _Filters
    ) -> builtins.list[Record]: ...
    def start_list_after(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        after: str | None,
        limit: int,
        search: str,
        filters: _Filters,
    ) -> None: ...
    def insert(self, runner: Runner, clock: Clock, record: Record) -> Record: ...
    def start_insert(
        self, queue: CompletionQueue, ticket: int, runner: Runner, clock: Clock, record: Record
    ) -> None: ...
    def insert_many(
        self, runner: Runner, clock: Clock, records: Sequence[Record]
    ) -> builtins.list[str]: ...
    def start_insert_many(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        clock: Clock,
        records: Sequence[Record],
    ) -> None: ...
    def import_many(
        self,
        runner: Runner,
        clock: Clock,
        records: Sequence[Record],
        ids: Sequence[str | None],
        on_conflict: OnConflict,
    ) -> tuple[int, int]: ...
    def start_import_many(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        clock: Clock,
        records: Sequence[Record],
        ids: Sequence[str | None],
        on_conflict: OnConflict,
    ) -> None: ...
    def update(
        self, runner: Runner, clock: Clock, id: str, changes: Record, version: int | None
    ) -> Record | None: ...
    def start_update(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        clock: Clock,
        id: str,
        changes: Record,
        version: int | None,
    ) -> None: ...
    def remove(self, runner: Runner, clock: Clock, id: str, version: int | None) -> bool: ...
    def start_remove(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        clock: Clock,
        id: str,
        version: int | None,
    ) -> None: ...
    def restore(
        self, runner: Runner, clock: Clock, id: str, version: int | None
    ) -> Record | None: ...
    def start_restore(
        self,
        queue: CompletionQueue,
        ticket: int,
        runner: Runner,
        clock: Clock,
        id: str,
        version: int | None,
    ) -> None: ...
    def create_table(self, runner: Runner) -> None: ...
    def start_create_table(self, queue: CompletionQueue, ticket: int, runner: Runner) -> None: ...

class ExportedRows(metaclass=_Class):
    def __init__(self, rows: Repository, database: Database) -> None: ...
    @property
    def total(self) -> int: ...
    def next(self, limit: int) -> bytes: ...

class OnConflict(enum.Enum):
    __pybind11_native_enum__: Final[object]
    FAIL = ...
    SKIP = ...

class Dialect(enum.Enum):
    __pybind11_native_enum__: Final[object]
    SQLITE = ...
    POSTGRESQL = ...

def create_table_sql(schema: Schema, dialect: Dialect = ...) -> str: ...

class MigrationScript(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def up(self) -> str: ...
    @property
    def down(self) -> str: ...

class MigrationDraft(metaclass=_Class):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @property
    def sqlite(self) -> MigrationScript: ...
    @property
    def postgresql(self) -> MigrationScript: ...
    @property
    def changes(self) -> list[str]: ...
    @property
    def tables_json(self) -> str: ...

def draft_migration(
    tables_json: str,
    declared: Sequence[Schema],
    *,
    renames: Sequence[str],
    narrowed: Sequence[str],
) -> MigrationDraft | None: ...
def require_sound(declared: Sequence[Schema]) -> None: ...
def check_tables(
    database: Database, declared: Sequence[Schema], tables_json: str
) -> list[tuple[str, str, bool]]: ...
def add_declared(database: Database, declared: Sequence[Schema], tables_json: str) -> list[str]: ...
def set_drafts_aside(database: Database) -> None: ...
def bring_drafts_back(database: Database) -> list[str]: ...

class Origin(metaclass=_Class):
    def __init__(self, user_agent: str, ip_address: str) -> None: ...

class NewUser(metaclass=_Class):
    def __init__(
        self, *, email: str, name: str, password_hash: str, further: Record | None = None
    ) -> None: ...

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
    def __init__(
        self,
        schema: Schema,
        *,
        readable: Mapping[str, Rule] = {},
        writable: Mapping[str, Rule] = {},
    ) -> None: ...
    def start_credentials(
        self, queue: CompletionQueue, ticket: int, database: Database, email: str
    ) -> None: ...

class IdempotencyKeys(metaclass=_Class):
    def __init__(self, secret_key: str) -> None: ...

class Sessions(metaclass=_Class):
    def __init__(
        self, refresh_tokens: RefreshTokens, *, lifetime_ms: int, grace_ms: int
    ) -> None: ...
    def start_refresh(
        self, queue: CompletionQueue, ticket: int, database: Database, clock: Clock, token: str
    ) -> None: ...
    def start_authenticate(
        self,
        queue: CompletionQueue,
        ticket: int,
        database: Database,
        clock: Clock,
        claims: AccessClaims,
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
    def principal(self, database: Database, email: str) -> Principal | None: ...
    def put_admin(self, database: Database, clock: Clock, user: NewUser) -> bytes: ...

def list_operators(field: Field) -> list[str]: ...
def users_schema(more: Sequence[Field] = []) -> Schema: ...
def sessions_schema() -> Schema: ...
def roles_schema() -> Schema: ...
