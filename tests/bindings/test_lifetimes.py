"""Whoever lets go of what, in which order: nothing that is needed goes away, nothing crashes."""

import gc
import itertools
import random
import weakref
from pathlib import Path
from typing import Any

import pytest

from apiwright._core.base import ManualClock, Secret
from apiwright._core.data import Database, Migrations
from apiwright._core.engine import SessionOperations, UserOperations
from apiwright._core.repositories import (
    Accounts,
    Origin,
    Sessions,
    SignedIn,
    Users,
    users_schema,
)
from apiwright._core.tasks import CompletionQueue
from apiwright._core.tokens import AccessTokens, RefreshTokens
from tests.bindings.world import (
    MIGRATIONS,
    NOON,
    SECRET_KEY,
    World,
    cheap_hasher,
    delivered,
    gateway,
    new_user,
    pool_of,
    result_of,
    services_of,
    slow_hasher,
)

HERE = Origin("tests", "")


def test_accounts_keep_what_they_are_made_of(world: World):
    def accounts() -> Accounts:
        users, keys = Users(users_schema()), RefreshTokens(SECRET_KEY)
        return Accounts(users, Sessions(keys, lifetime_ms=60_000, grace_ms=0))

    lonely = accounts()
    gc.collect()
    signed_in = result_of(lonely.start_sign_up, world.database, world.clock, new_user(), HERE)
    assert signed_in.refresh_token(world.sessions)


def test_an_exchange_keeps_its_gateway_and_that_its_keys_and_clock():
    def exchange() -> Any:
        made = gateway(AccessTokens(SECRET_KEY), ManualClock(NOON), login=(1, 60))
        return made.begin("GET", b"/", "", "127.0.0.1", [(b"authorization", b"Bearer x")])

    lonely = exchange()
    gc.collect()
    lonely.count_login("ada")
    assert dict(lonely.common_headers([]))
    assert lonely.error_response("NOT_FOUND", "x", [], None, "")[0] == 404


def test_an_operation_keeps_all_it_works_with(world: World, ada: SignedIn):
    def operation() -> Any:
        database, clock = Database(f"sqlite:///{world.path}"), ManualClock(NOON)
        users, keys = Users(users_schema()), RefreshTokens(SECRET_KEY)
        sessions = Sessions(keys, lifetime_ms=60_000, grace_ms=0)
        services = services_of(clock, database, pool_of(cheap_hasher()), sessions)
        return UserOperations(services, users, Accounts(users, sessions)).at("get_me")

    lonely, exchange = operation(), world.exchange(ada)
    gc.collect()
    assert result_of(lonely.start, exchange, b"", b"", None)[0] == 200


def test_a_pool_keeps_its_hasher():
    pool = pool_of(cheap_hasher())
    gc.collect()
    assert result_of(pool.start_hash, Secret("word")).startswith("$argon2id$")


PARTS = ("database", "clock", "users", "sessions", "accounts", "hashing", "operations", "exchange")


@pytest.mark.parametrize("seed", range(24))
def test_parts_let_go_in_any_order_with_work_under_way(seed: int, tmp_path: Path):
    order = random.Random(seed).sample(PARTS, len(PARTS))
    world = World(tmp_path / "core.db")
    signed_in, queue = world.sign_up(), CompletionQueue()
    parts: dict[str, Any] = {
        "database": world.database,
        "clock": world.clock,
        "users": world.users,
        "sessions": world.sessions,
        "accounts": world.accounts,
        "hashing": world.hashing,
        "operations": world.user_operations,
        "exchange": world.exchange(signed_in),
    }
    # The world's own references, too, are given up before anything is under way.
    del world.user_operations, world.session_operations, world.role_operations
    del world.gateway, world.tokens
    del world.database, world.clock, world.users, world.sessions, world.accounts, world.hashing
    del world

    tickets = itertools.count()
    for turn in range(8):
        database, clock = parts["database"], parts["clock"]
        user = new_user(f"user{turn}@example.org")
        parts["accounts"].start_sign_up(queue, next(tickets), database, clock, user, HERE)
        parts["users"].start_credentials(queue, next(tickets), database, "ada@example.org")
        token = signed_in.refresh_token(parts["sessions"])
        parts["sessions"].start_refresh(queue, next(tickets), database, clock, token)
        parts["hashing"].start_hash(queue, next(tickets), Secret("word"))
        for name in ("get_me", "update_me", "create"):
            operation = parts["operations"].at(name)
            body = b'{"name": "x", "email": "e@example.org", "password": "correct horse"}'
            operation.start(queue, next(tickets), parts["exchange"], b"", body, None)
    del database, clock, operation

    for name in order:
        del parts[name]
        gc.collect()
    # All were run or refused before the last part was gone.
    count = next(tickets)
    assert sorted(ticket for ticket, _, _ in delivered(queue, count)) == list(range(count))


def test_operations_wait_for_what_is_under_way(world: World, ada: SignedIn):
    queue, exchange = CompletionQueue(), world.exchange(ada)
    services = world.services()
    operations = SessionOperations(services)
    for ticket in range(50):
        operations.at("list").start(queue, ticket, exchange, b"", b"", None)
    del operations, services
    gc.collect()
    assert [answer[0] for _, answer, _ in queue.drain()] == [200] * 50


def test_work_under_way_needs_no_queue_in_python():
    pool = pool_of(slow_hasher())
    pool.start_hash(CompletionQueue(), 1, Secret("word"))
    gc.collect()
    queue = CompletionQueue()
    pool.start_hash(queue, 2, Secret("word"))
    assert delivered(queue)[0][0] == 2


def test_results_outlive_all_that_made_them(tmp_path: Path):
    world = World(tmp_path / "core.db")
    signed_in = world.sign_up()
    claims = world.exchange(signed_in).claims()
    credentials = result_of(world.users.start_credentials, world.database, "ada@example.org")
    world.stop()
    del world
    gc.collect()
    assert claims.subject == credentials.user == signed_in.user
    assert b"ada@example.org" in signed_in.user_json


def test_everything_goes_away_in_the_end(tmp_path: Path):
    class Watched(ManualClock):
        pass

    clock = Watched(NOON)
    gone = weakref.ref(clock)
    database = Database(f"sqlite:///{tmp_path / 'core.db'}")
    Migrations("apiwright", MIGRATIONS).up(database)
    users, sessions = (
        Users(users_schema()),
        Sessions(RefreshTokens(SECRET_KEY), lifetime_ms=1, grace_ms=0),
    )
    accounts = Accounts(users, sessions)
    services = services_of(clock, database, pool_of(cheap_hasher()), sessions)
    operations = UserOperations(services, users, accounts)
    operation = operations.at("get_me")
    result_of(accounts.start_sign_up, database, clock, new_user(), HERE)
    exchange = gateway(AccessTokens(SECRET_KEY), clock).begin("GET", b"/", "", "", [])
    result_of(operation.start, exchange, b"", b"", None)
    del clock, services, operations, operation, exchange
    gc.collect()
    assert gone() is None
