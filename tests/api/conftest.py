from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.support.api import Account, Api, make_admin
from tests.support.lane import LANES, lane_for_all
from tests.support.server import Server, serving


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test runs in both lanes, but for those marked `one_lane`, which say why not."""
    lanes: tuple[str, ...] = LANES
    for mark in metafunc.definition.iter_markers("one_lane"):
        assert mark.args, f"{metafunc.definition.nodeid}: one_lane without a reason"
        lanes = LANES[:1]
    metafunc.parametrize("lane", lanes, indirect=True, scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Function) -> Generator[None, object, object]:
    """Whatever a test or its fixtures serve answers in the test's lane."""
    parameters: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    with lane_for_all(parameters.get("lane", LANES[0])):  # tests elsewhere have none
        return (yield)


@pytest.fixture(scope="session", autouse=True)
def lane(request: pytest.FixtureRequest) -> str:
    """The lane of this test; a fixture that serves and outlives a test asks for it."""
    lane: str = request.param
    return lane


@pytest.fixture(scope="session")
def server(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
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
