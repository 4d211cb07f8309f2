"""The lane in which whatever a test serves answers the core's routes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

LANES = ("fast", "full")

_lanes = ["fast"]  # the last one counts


@contextmanager
def lane_for_all(lane: str) -> Iterator[None]:
    """Servers and applications made meanwhile answer in this lane."""
    _lanes.append(lane)
    try:
        yield
    finally:
        _lanes.pop()


def lane_settings() -> dict[str, str]:
    """What a server or an application needs for that."""
    return {"fast_lane": "off"} if _lanes[-1] == "full" else {}


@contextmanager
def fastapis_requests() -> Iterator[list[str]]:
    """The paths of the HTTP requests that reach FastAPI's own stack in this process meanwhile."""
    paths: list[str] = []
    stack = FastAPI.__call__

    async def watched(app: FastAPI, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            paths.append(scope["path"])
        await stack(app, scope, receive, send)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FastAPI, "__call__", watched)
        yield paths
