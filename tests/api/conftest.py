from collections.abc import Iterator

import pytest

from tests.support.api import Account, Api, make_admin
from tests.support.server import Server, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that need no settings of their own."""
    with serving(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def api(server: Server) -> Iterator[Api]:
    """A client of it."""
    with Api(server) as api:
        yield api


@pytest.fixture
def ada(api: Api) -> Account:
    """A fresh user."""
    return api.register()


@pytest.fixture
def grace(api: Api) -> Account:
    """Another fresh user."""
    return api.register(name="Grace")


@pytest.fixture(scope="session")
def admin(server: Server, api: Api) -> Account:
    """An admin of the common server; tests leave this one as it is."""
    return make_admin(server, api)
