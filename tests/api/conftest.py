from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.support.api import Account, Api, make_admin
from tests.support.databases import DATABASES, database_for_all, stop_server
from tests.support.lane import LANES, lane_for_all
from tests.support.server import Server, serving


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test runs in both lanes and on both databases, but for those marked, which say why."""
    lanes = _all_or_first(metafunc, "one_lane", LANES)
    databases = _all_or_first(metafunc, "one_database", DATABASES)
    metafunc.parametrize("database", databases, indirect=True, scope="session")
    metafunc.parametrize("lane", lanes, indirect=True, scope="session")


def _all_or_first(metafunc: pytest.Metafunc, mark: str, values: tuple[str, ...]) -> tuple[str, ...]:
    found = list(metafunc.definition.iter_markers(mark))
    for each in found:
        assert each.args, f"{metafunc.definition.nodeid}: {mark} without a reason"
    return values[:1] if found else values


def pytest_sessionfinish() -> None:
    """The databases' server outlives what is served from it."""
    stop_server()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Function) -> Generator[None, object, object]:
    """Whatever a test or its fixtures serve answers in the test's lane, from its database."""
    # Tests elsewhere have neither.
    parameters: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    with (
        lane_for_all(parameters.get("lane", LANES[0])),
        database_for_all(parameters.get("database", DATABASES[0])),
    ):
        return (yield)


@pytest.fixture(scope="session", autouse=True)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database of this test."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session", autouse=True)
def lane(database: str, request: pytest.FixtureRequest) -> str:  # noqa: ARG001 - ends with it
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
