"""What the tests need: the shop running, with a customer, another one and an admin."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from shop import make_app

from apiwright.testing import Caller, TestApi, running, temporary_settings


@pytest.fixture
def api(tmp_path: Path) -> Iterator[TestApi]:
    with running(make_app(temporary_settings(tmp_path))) as api:
        yield api


@pytest.fixture
def customer(api: TestApi) -> Caller:
    return api.sign_up(name="Ada")


@pytest.fixture
def stranger(api: TestApi) -> Caller:
    return api.sign_up(name="Sam")


@pytest.fixture
def admin(api: TestApi) -> Caller:
    return api.sign_up(name="Edith", roles=["admin"])
