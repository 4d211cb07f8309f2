"""The same services over the real core and a database file of their own."""

import asyncio
import json
import sqlite3
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from apiwright._core.base import ManualClock
from apiwright._core.engine import Gateway
from apiwright.core.accounts import AccessClaims, Secret
from apiwright.core.bridge import call
from apiwright.core.validation import check
from apiwright.errors import (
    Conflict,
    InvalidCredentials,
    RateLimited,
    TokenReused,
    Unauthorized,
    Unprocessable,
    ValidationFailed,
)
from apiwright.migrations import MigrationSet
from apiwright.runtime import Parts, build
from apiwright.schemas.bodies import REGISTRATION
from apiwright.services.auth import SignIn
from apiwright.settings import Settings

NOON = 1_800_000_000_000
PASSWORD = "correct horse"


class Bench:
    """The composition root's own wiring, on a clock of the test's."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        given: dict[str, Any] = {
            "database_url": f"sqlite:///{folder / 'core.db'}",
            "secret_key": "a key of the tests, long enough for any",
            "password_memory_kib": 8,
            "password_iterations": 1,
            **settings,
        }
        self.settings = Settings(**given)
        self.clock = ManualClock(NOON)
        self.parts: Parts = build(self.settings, self.clock)
        MigrationSet(self.settings.database_url).up(self.parts.database.core)

    @property
    def gateway(self) -> Gateway:
        return self.parts.gateway

    def exchange(self, access_token: str | None = None) -> Any:
        headers = [(b"user-agent", b"tests"), (b"content-type", b"application/json")]
        if access_token is not None:
            headers.append((b"authorization", b"Bearer " + access_token.encode()))
        return self.gateway.begin("POST", b"/", "", "127.0.0.1", headers)

    def claims(self, signed_in: SignIn) -> AccessClaims:
        claims: AccessClaims = self.exchange(signed_in.tokens.access_token).claims()
        return claims

    async def register(self, email: str = "ada@example.org") -> SignIn:
        body = check(REGISTRATION, email=email, name="Ada", password=PASSWORD)
        return await self.parts.accounts.register(body, Secret(PASSWORD), self.exchange())

    async def login(self, email: str = "ada@example.org", word: str = PASSWORD) -> SignIn:
        return await self.parts.auth.login(email, Secret(word), self.exchange())

    async def change(self, signed_in: SignIn, current: str, new: str) -> None:
        exchange = self.exchange(signed_in.tokens.access_token)
        await self.parts.accounts.change_password(
            exchange.claims(), Secret(current), Secret(new), exchange
        )

    async def ask(self, by: SignIn, name: str, body: Any = None, id: str | None = None) -> Any:
        """An operation on users; its data."""
        sent = b"" if body is None else json.dumps(body).encode()
        exchange = self.exchange(by.tokens.access_token)
        answer = await call(self.parts.users.at(name).start, exchange, b"", sent, id)
        assert answer[0] < 300, answer
        return json.loads(answer[2])["data"] if answer[2] else None

    async def admin(self) -> SignIn:
        phc = await self.parts.hashing.ahash(Secret(PASSWORD))
        body = check(REGISTRATION, email="root@example.org", name="Root", password=PASSWORD)
        self.parts.store.put_admin(body, phc=phc)
        return await self.login("root@example.org")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.parts.stop()


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


def test_who_registers_is_in_and_can_sign_in_again(bench: Bench):
    async def main() -> None:
        registered = await bench.register()
        assert registered.user["email"] == "ada@example.org" and registered.user["roles"] == []
        assert registered.tokens.expires_in == 900
        again = await bench.login("ADA@example.org")
        assert again.user == registered.user
        claims = bench.claims(again)
        assert claims.subject == registered.user["id"]
        assert claims.session != bench.claims(registered).session

    run(main())


def test_one_address_registers_once(bench: Bench):
    async def main() -> None:
        outcomes = await asyncio.gather(
            *(bench.register(email) for email in ["ada@example.org", "ADA@example.org"] * 8),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, SignIn) for outcome in outcomes) == 1
        refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
        assert len(refused) == 15
        assert {detail.field for error in refused for detail in error.details} == {"email"}

    run(main())


def test_nobody_else_gets_in_and_all_are_told_the_same(bench: Bench):
    async def main() -> None:
        await bench.register()
        root = await bench.admin()
        created = {"email": "made@example.org", "name": "Made"}
        await bench.ask(root, "create", created)
        gone = await bench.register("gone@example.org")
        await bench.ask(root, "update", {"status": "inactive"}, gone.user["id"])
        told = set()
        for email, word in (
            ("ada@example.org", "wrong horse"),
            ("nobody@example.org", PASSWORD),
            ("made@example.org", PASSWORD),
            ("gone@example.org", PASSWORD),
            ("ada@example.org", ""),
            ("ada@example.org", "x" * 5_000),
        ):
            with pytest.raises(InvalidCredentials) as caught:
                await bench.login(email, word)
            told.add((str(caught.value), tuple(caught.value.details)))
        assert len(told) == 1

    run(main())


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(bench: Bench):
    async def main() -> None:
        signed_in = await bench.register()
        other = await bench.login()
        first = signed_in.tokens.refresh_token
        second = await bench.parts.auth.refresh(first)
        assert (await bench.parts.auth.refresh(first)).refresh_token == second.refresh_token
        bench.clock.advance(10_001)
        with pytest.raises(TokenReused):
            await bench.parts.auth.refresh(first)
        for token in (first, second.refresh_token):
            with pytest.raises(Unauthorized):
                await bench.parts.auth.refresh(token)
        with pytest.raises(Unauthorized):
            await bench.parts.store.own_credentials(bench.claims(signed_in))
        assert await bench.parts.auth.refresh(other.tokens.refresh_token)

    run(main())


def test_a_foreign_refresh_token_is_unauthorized(bench: Bench):
    async def main() -> None:
        for token in ("", "x", "A" * 112):
            with pytest.raises(Unauthorized):
                await bench.parts.auth.refresh(token)

    run(main())


@pytest.mark.parametrize("everywhere", [False, True])
def test_signing_out_ends_this_session_or_all(bench: Bench, everywhere: bool):
    async def main() -> None:
        here, there = await bench.register(), await bench.login()
        await bench.parts.auth.logout(bench.claims(here), everywhere=everywhere)
        with pytest.raises(Unauthorized):
            await bench.parts.auth.logout(bench.claims(here), everywhere=everywhere)
        if everywhere:
            with pytest.raises(Unauthorized):
                await bench.parts.auth.refresh(there.tokens.refresh_token)
        else:
            assert await bench.parts.auth.refresh(there.tokens.refresh_token)

    run(main())


def test_a_changed_password_ends_the_other_sessions(bench: Bench):
    async def main() -> None:
        here, there = await bench.register(), await bench.login()
        await bench.change(here, PASSWORD, "battery staple")
        with pytest.raises(Unauthorized):
            await bench.parts.auth.refresh(there.tokens.refresh_token)
        assert await bench.parts.auth.refresh(here.tokens.refresh_token)
        with pytest.raises(InvalidCredentials):
            await bench.login()
        assert await bench.login(word="battery staple")

    run(main())


def test_a_wrong_current_password_changes_nothing(bench: Bench):
    async def main() -> None:
        signed_in = await bench.register()
        for wrong in ("wrong horse", "", "x" * 5_000):
            with pytest.raises(Unprocessable) as caught:
                await bench.change(signed_in, wrong, "battery staple")
            assert [detail.field for detail in caught.value.details] == ["currentPassword"]
        assert await bench.login()

    run(main())


def test_a_user_without_a_password_is_told_that_it_is_wrong(bench: Bench, tmp_path: Path):
    async def main() -> None:
        signed_in = await bench.register()
        with sqlite3.connect(tmp_path / "core.db") as connection:
            connection.execute("UPDATE users SET password_hash = NULL")
        connection.close()
        with pytest.raises(Unprocessable) as caught:
            await bench.change(signed_in, PASSWORD, "battery staple")
        assert [detail.field for detail in caught.value.details] == ["currentPassword"]

    run(main())


def test_an_over_long_new_password_is_not_valid(bench: Bench):
    async def main() -> None:
        signed_in = await bench.register()
        with pytest.raises(ValidationFailed):
            await bench.change(signed_in, PASSWORD, "x" * 5_000)
        assert await bench.login()

    run(main())


def test_attempts_of_one_address_are_limited(tmp_path: Path):
    bench = Bench(tmp_path, rate_limit_login="2/15m")

    async def main() -> None:
        await bench.register()
        for _ in range(2):
            with pytest.raises(InvalidCredentials):
                await bench.login(word="wrong horse")
        for email in ("ada@example.org", "ADA@EXAMPLE.ORG"):
            with pytest.raises(RateLimited) as caught:
                await bench.login(email)
            assert caught.value.retry_after
        bench.clock.advance(15 * 60 * 1000)
        assert await bench.login()

    run(main())
    bench.parts.stop()


def test_a_dearer_cost_reaches_the_store_with_the_next_sign_in(bench: Bench, tmp_path: Path):
    async def register() -> None:
        await bench.register()

    async def sign_in() -> None:
        before = await dearer.parts.store.credentials_of("ada@example.org")
        await dearer.login()
        after = await dearer.parts.store.credentials_of("ada@example.org")
        assert before is not None and "m=8," in str(before.password_hash)
        assert after is not None and "m=16," in str(after.password_hash)
        await dearer.login()

    run(register())
    dearer = Bench(tmp_path, password_memory_kib=16)
    run(sign_in())
    dearer.parts.stop()
