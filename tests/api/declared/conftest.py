import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import contract
from tests.support.api import PASSWORD, REGISTER, Account, Api, account_of, fresh_email, make_admin
from tests.support.server import Server, serving

SHOP = Path(__file__).with_name("shop.py")


@pytest.fixture(scope="session")
def shop(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The shop, served."""
    folder = tmp_path_factory.mktemp("shop")
    shutil.copy(SHOP, folder)
    with serving(folder, "shop:app") as server:
        yield server


class Shop(Api):
    """A client of it."""

    def sign_up(self, *roles: str, nickname: str = "ada") -> Account:
        """A new member, with these roles."""
        account = self.register_with(nickname=nickname)
        if roles:
            changed = self.patch(account.path, json={"roles": list(roles)}, auth=self.admin)
            assert changed.status_code == 200, changed.text
        return account

    def register_with(self, **fields: object) -> Account:
        """A new member, from a body with these fields besides the usual ones."""
        body = {"email": fresh_email(), "name": "Ada", "password": PASSWORD, **fields}
        response = self.post(REGISTER, json=body)
        assert response.status_code == 201, response.text
        return account_of(response.json()["data"])

    admin: Account


@pytest.fixture(scope="session")
def api(shop: Server) -> Iterator[Shop]:
    described = contract.Described(json.loads(shop.run("openapi", "--app", "shop:app")))
    with Shop(shop, described=described) as api:
        api.admin = make_admin(shop, api)
        granted = api.post(
            "/api/v1/roles",
            json={"name": "clerk", "permissions": ["catalogue:*"]},
            auth=api.admin,
        )
        assert granted.status_code == 201, granted.text
        yield api


@pytest.fixture(scope="session")
def admin(api: Shop) -> Account:
    return api.admin


@pytest.fixture(scope="session")
def clerk(api: Shop) -> Account:
    """Whose role may write the catalogue."""
    return api.sign_up("clerk")


@pytest.fixture(scope="session")
def buyer(api: Shop) -> Account:
    """Who also sees what things cost."""
    return api.sign_up("clerk", "buyer")


@pytest.fixture
def ada(api: Shop) -> Account:
    return api.sign_up()


@pytest.fixture
def eve(api: Shop) -> Account:
    return api.sign_up(nickname="eve")
