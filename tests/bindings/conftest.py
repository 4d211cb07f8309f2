from collections.abc import Iterator
from pathlib import Path

import pytest

from apiwright._core.repositories import SignedIn
from tests.bindings.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "core.db")
    yield world
    world.stop()


@pytest.fixture
def ada(world: World) -> SignedIn:
    return world.sign_up()
