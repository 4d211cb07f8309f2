"""The shop on PostgreSQL behind PgBouncer, which gives each transaction another session."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.declared.conftest import SHOP, Shop
from tests.support import contract
from tests.support.api import PASSWORD, REGISTER, USERS, fresh_email, fresh_role, make_admin
from tests.support.postgresql import Postgresql, running_postgresql
from tests.support.server import DEADLINE, Server, environment, serving

CATEGORIES = "/api/v1/categories"
PRODUCTS = "/api/v1/products"
RESTOCK = "/api/v1/restock"

pytestmark = pytest.mark.one_database("they make PostgreSQL's own, with a PgBouncer before it")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Postgresql]:
    with running_postgresql() as running:
        yield running


@pytest.fixture(scope="module")
def pooler(postgresql: Postgresql) -> Iterator[str]:
    """Its PgBouncer's URL."""
    with postgresql.pooled() as url:
        yield url


@pytest.fixture(scope="module")
def pooled(
    lane: str, postgresql: Postgresql, pooler: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The shop behind it, with more connections than PgBouncer has sessions."""
    postgresql.clear()
    folder = tmp_path_factory.mktemp("pooled")
    shutil.copy(SHOP, folder)
    with serving(
        folder, "shop:app", "--workers", "2", database_url=pooler, database_prepare="off"
    ) as server:
        yield server


@pytest.fixture(scope="module")
def shop(pooled: Server) -> Iterator[Shop]:
    described = contract.Described(json.loads(pooled.run("openapi", "--app", "shop:app")))
    with Shop(pooled, described=described) as shop:
        shop.admin = make_admin(pooled, shop)
        role = {"name": "clerk", "permissions": ["catalogue:*"]}
        assert shop.post("/api/v1/roles", json=role, auth=shop.admin).status_code == 201
        yield shop


def answers_at_once(shop: Shop, path: str, body: dict[str, Any], **options: Any) -> list[int]:
    """The statuses of 16 such requests at once, sorted."""

    def post(_: int) -> httpx.Response:
        return shop.post(path, json=body, **options)

    with ThreadPoolExecutor(16) as threads:
        return sorted(response.status_code for response in threads.map(post, range(16)))


def test_rows_are_made_listed_and_changed(shop: Shop) -> None:
    clerk = shop.sign_up("clerk")
    assert shop.signed_in(clerk.email).id == clerk.id
    names = [f"0 Category {number:02}" for number in range(12)]
    made = [shop.post(CATEGORIES, json={"name": name}, auth=clerk) for name in names]
    assert {response.status_code for response in made} == {201}
    page = shop.get(CATEGORIES, params={"sort": "name", "limit": "10"}).json()
    assert [row["name"] for row in page["data"]] == names[:10]
    assert page["meta"]["total"] >= 12
    path = f"{CATEGORIES}/{made[0].json()['data']['id']}"
    assert shop.patch(path, json={"name": "0 Changed"}, auth=clerk).status_code == 200
    assert shop.get(path).json()["data"]["name"] == "0 Changed"
    assert shop.delete(path, auth=clerk).status_code == 204
    assert shop.get(path).status_code == 404


def test_what_a_hook_refuses_takes_all_of_the_transaction_back(shop: Shop) -> None:
    clerk = shop.sign_up("clerk")
    assert shop.post(CATEGORIES, json={"name": "forbidden"}, auth=clerk).status_code == 422
    found = shop.get(CATEGORIES, params={"name": "forbidden"}).json()
    assert found["meta"]["total"] == 0


def test_one_of_sixteen_gets_the_email(shop: Shop) -> None:
    body = {"email": fresh_email(), "name": "Ada", "password": PASSWORD}
    assert answers_at_once(shop, REGISTER, body) == [201] + 15 * [409]


def test_a_key_creates_once(shop: Shop) -> None:
    body = {"email": fresh_email(), "name": "Ada"}
    key = {"Idempotency-Key": fresh_role()}
    first, again = (shop.post(USERS, json=body, headers=key, auth=shop.admin) for _ in range(2))
    assert first.status_code == 201
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"


def test_a_transaction_in_python_is_stored_whole_or_not_at_all(shop: Shop) -> None:
    clerk = shop.sign_up("clerk")
    category = shop.post(CATEGORIES, json={"name": "Tools"}, auth=clerk).json()["data"]["id"]
    for number in (1, 2):
        body = {"sku": f"SO-{number:04}", "name": "x", "categoryId": category, "price": "1.00"}
        assert shop.post(PRODUCTS, json=body, auth=clerk).status_code == 201
    assert shop.post(RESTOCK, auth=clerk).json() == 2
    assert shop.post(RESTOCK, auth=clerk).status_code == 409
    rows = shop.get(PRODUCTS, params={"categoryId": category}).json()["data"]
    assert [row["stock"] for row in rows] == [10, 10]


def status_twice(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """How the second ended; the first may find nothing in its way."""
    command = [sys.executable, "-m", "apiwright", "migrate", "status"]
    values = environment(folder, **settings)
    for _ in range(2):
        done = subprocess.run(command, env=values, cwd=folder, capture_output=True, text=True)
    return done


def test_who_forgot_the_setting_is_told_its_name(pooler: str, tmp_path: Path) -> None:
    done = status_twice(tmp_path, database_url=pooler)
    assert done.returncode != 0
    assert "DATABASE_PREPARE=off" in done.stderr


def test_migrations_go_past_it(postgresql: Postgresql, pooler: str, tmp_path: Path) -> None:
    done = status_twice(tmp_path, database_url=pooler, database_direct_url=postgresql.url)
    assert done.returncode == 0, done.stderr
    with serving(
        tmp_path,
        database_url=pooler,
        database_direct_url=postgresql.url,
        database_prepare="off",
    ) as server:
        body = {"email": fresh_email(), "name": "Ada", "password": PASSWORD}
        assert httpx.post(server.url + REGISTER, json=body, timeout=DEADLINE).status_code == 201
