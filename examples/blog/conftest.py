"""What both tests need: the blog running, with an author signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from blog import make_app

from apiwright.testing import Caller, TestApi, running, temporary_settings


@pytest.fixture
def api(tmp_path: Path) -> Iterator[TestApi]:
    with running(make_app(temporary_settings(tmp_path))) as api:
        yield api


@pytest.fixture
def author(api: TestApi) -> Caller:
    return api.sign_up(name="Ada")
