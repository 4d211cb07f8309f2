import json
from typing import Any

import pytest

from apiwright._core import repositories
from apiwright._core.base import ManualClock
from apiwright._core.repositories import (
    Accounts,
    NewUser,
    Origin,
    RefreshOutcome,
    Sessions,
    SignedIn,
    Users,
)
from apiwright._core.tasks import CompletionQueue
from apiwright._core.tokens import AccessClaims
from apiwright.errors import Conflict, InvalidCredentials, Unauthorized
from tests.bindings.world import NOBODY, World, cheap_hasher, new_user, result_of

HERE = Origin("tests", "127.0.0.1")


def claims(world: World, signed_in: SignedIn) -> AccessClaims:
    token = world.tokens.issue(signed_in.user, signed_in.session, world.clock)
    return world.tokens.verify(token, world.clock)


def credentials(world: World, email: str = "ada@example.org") -> Any:
    return result_of(world.users.start_credentials, world.database, email)


def test_signing_up_gives_the_user_as_they_see_themselves(world: World, ada: SignedIn):
    shown = json.loads(ada.user_json)
    assert shown["id"] == ada.user and shown["email"] == "ada@example.org"
    assert shown["roles"] == [] and shown["status"] == "active" and shown["version"] == 1
    assert "password" not in ada.user_json.decode() and b"argon2" not in ada.user_json
    assert len(ada.session) == 36 and len(ada.refresh_token(world.sessions)) > 80


def test_credentials_are_found_in_any_case(world: World, ada: SignedIn):
    found = credentials(world, "ADA@EXAMPLE.org")
    assert (found.user, found.active) == (ada.user, True)
    cheap_hasher().verify("correct horse", found.password_hash)


@pytest.mark.parametrize(
    "email", ["grace@example.org", "", "x", "a\0", "é" * 10_000, "%", "' OR 1"]
)
def test_nobody_else_is_found(world: World, ada: SignedIn, email: str):
    assert credentials(world, email) is None


def test_signing_in_needs_the_hash_that_was_verified(world: World, ada: SignedIn):
    verified, start = credentials(world).password_hash, world.accounts.start_sign_in
    given = (world.database, world.clock, ada.user)
    again = result_of(start, *given, verified, None, HERE)
    assert again.user == ada.user and again.session != ada.session
    rehashed = cheap_hasher().hash("correct horse")
    result_of(start, *given, verified, rehashed, HERE)
    assert credentials(world).password_hash == rehashed
    with pytest.raises(InvalidCredentials):
        result_of(start, *given, verified, None, HERE)
    with pytest.raises(InvalidCredentials):
        result_of(start, world.database, world.clock, NOBODY, rehashed, None, HERE)


def test_a_refresh_token_rotates_and_its_reuse_ends_the_session(world: World, ada: SignedIn):
    first, start = ada.refresh_token(world.sessions), world.sessions.start_refresh
    rotated = result_of(start, world.database, world.clock, first)
    assert rotated.outcome is RefreshOutcome.ROTATED
    assert (rotated.user, rotated.session) == (ada.user, ada.session)
    second = rotated.refresh_token(world.sessions)
    assert second != first
    again = result_of(start, world.database, world.clock, first)
    assert again.refresh_token(world.sessions) == second
    world.clock.advance(1_001)
    assert result_of(start, world.database, world.clock, first).outcome is RefreshOutcome.REUSED
    assert result_of(start, world.database, world.clock, second).outcome is RefreshOutcome.REFUSED


@pytest.mark.parametrize("token", ["", "x", "\0", "A" * 112, "é" * 112])
def test_a_foreign_refresh_token_is_unauthorized_at_once(world: World, token: str):
    with pytest.raises(Unauthorized):
        world.sessions.start_refresh(CompletionQueue(), 1, world.database, world.clock, token)


def test_signing_out_ends_the_session(world: World, ada: SignedIn):
    mine = claims(world, ada)
    start = world.accounts.start_sign_out
    assert result_of(start, world.database, world.clock, mine, False) is None
    with pytest.raises(Unauthorized):
        result_of(start, world.database, world.clock, mine, False)
    with pytest.raises(Unauthorized):
        result_of(world.accounts.start_credentials, world.database, world.clock, mine)


def test_a_changed_password_replaces_the_verified_one_only(world: World, ada: SignedIn):
    mine, old = claims(world, ada), credentials(world).password_hash
    new = cheap_hasher().hash("battery staple")
    start = world.accounts.start_change_password
    assert result_of(start, world.database, world.clock, mine, old, new) is None
    found = result_of(world.accounts.start_credentials, world.database, world.clock, mine)
    assert (found.user, found.password_hash) == (ada.user, new)
    with pytest.raises(Conflict):
        result_of(start, world.database, world.clock, mine, old, new)


def test_an_admin_is_made_or_made_of_a_user(world: World, ada: SignedIn):
    for email, id in (("ADA@example.org", ada.user), ("root@example.org", None)):
        stored = json.loads(
            world.accounts.put_admin(world.database, world.clock, new_user(email, "Root"))
        )
        assert stored["roles"] == ["admin"] and id in (stored["id"], None)


def test_text_is_stored_as_it_is(world: World):
    name = "a\0b'\"; DROP TABLE users; -- \U0001f40e"
    signed_in = result_of(
        world.accounts.start_sign_up,
        world.database,
        world.clock,
        new_user("x@example.org", name),
        Origin("agent\0'\"", ""),
    )
    assert json.loads(signed_in.user_json)["name"] == name


def test_schemas_are_there_for_the_documents():
    for schema in (
        repositories.users_schema(),
        repositories.sessions_schema(),
        repositories.roles_schema(),
    ):
        assert json.loads(schema.row_json_schema())["properties"]["id"]


@pytest.mark.parametrize("value", [None, 7, "\ud800", object()])
def test_texts_are_text(world: World, value: Any):
    with pytest.raises(TypeError):
        NewUser(email=value, name="x", password_hash="x")
    with pytest.raises(TypeError):
        Origin(value, "")
    with pytest.raises(TypeError):
        world.users.start_credentials(CompletionQueue(), 1, world.database, value)
    with pytest.raises(TypeError):
        world.sessions.start_refresh(CompletionQueue(), 1, world.database, world.clock, value)


@pytest.mark.parametrize("value", [None, 7, "x", object()])
def test_parts_are_parts(world: World, ada: SignedIn, value: Any):
    queue, database, clock = CompletionQueue(), world.database, world.clock
    user, mine = new_user(), claims(world, ada)
    for call in (
        lambda: Accounts(value, world.sessions),
        lambda: Accounts(world.users, value),
        lambda: Sessions(value, lifetime_ms=1, grace_ms=1),
        lambda: ada.refresh_token(value),
        lambda: world.accounts.start_sign_up(value, 1, database, clock, user, HERE),
        lambda: world.accounts.start_sign_up(queue, 1, value, clock, user, HERE),
        lambda: world.accounts.start_sign_up(queue, 1, database, value, user, HERE),
        lambda: world.accounts.start_sign_up(queue, 1, database, clock, value, HERE),
        lambda: world.accounts.start_sign_up(queue, 1, database, clock, user, value),
        lambda: world.accounts.start_sign_out(value, 1, database, clock, mine, False),
        lambda: world.accounts.start_sign_out(queue, 1, database, value, mine, False),
        lambda: world.accounts.start_sign_out(queue, 1, database, clock, value, False),
        lambda: world.accounts.start_credentials(value, 1, database, clock, mine),
        lambda: world.accounts.start_credentials(queue, 1, database, value, mine),
        lambda: world.accounts.start_change_password(value, 1, database, clock, mine, "a", "b"),
        lambda: world.accounts.start_change_password(queue, 1, database, value, mine, "a", "b"),
        lambda: world.accounts.start_sign_in(value, 1, database, clock, NOBODY, "", None, HERE),
        lambda: world.accounts.start_sign_in(queue, 1, database, value, NOBODY, "", None, HERE),
        lambda: world.accounts.start_sign_in(queue, 1, database, clock, value, "", None, HERE),
        lambda: world.accounts.put_admin(value, clock, user),
        lambda: world.accounts.put_admin(database, value, user),
        lambda: world.accounts.put_admin(database, clock, value),
        lambda: world.sessions.start_refresh(value, 1, database, clock, "x"),
        lambda: world.sessions.start_refresh(queue, 1, database, value, "x"),
        lambda: world.users.start_credentials(value, 1, database, "x"),
        lambda: world.users.start_credentials(queue, 1, value, "x"),
    ):
        with pytest.raises(TypeError):
            call()
    assert queue.drain() == []


def test_values_are_read_only(ada: SignedIn, world: World):
    for name in ("user", "session", "user_json"):
        with pytest.raises(AttributeError):
            setattr(ada, name, NOBODY)
    with pytest.raises(AttributeError):
        credentials(world).active = False


def test_results_are_made_by_the_core_alone(ada: SignedIn, world: World):
    for kind in (SignedIn, type(credentials(world)), repositories.Refreshed):
        with pytest.raises(TypeError):
            kind()


def test_outcomes_are_an_enumeration():
    assert [outcome.name for outcome in RefreshOutcome] == ["ROTATED", "REUSED", "REFUSED"]
    assert Users(repositories.users_schema()) and ManualClock(0)
