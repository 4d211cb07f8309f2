"""A Backend in this process, for applications of one's own."""

from pathlib import Path
from typing import Any

from apiwright import Backend, Settings
from tests.support.databases import database_url
from tests.support.lane import lane_settings
from tests.support.server import SECRET_KEY


def settings(folder: Path, **values: Any) -> Settings:
    """Cheap ones, with a database in `folder`, without limits and request logs."""
    return Settings(
        **{
            "database_url": database_url(folder, "app"),
            "secret_key": SECRET_KEY,
            "password_memory_kib": 8,
            "password_iterations": 1,
            "hashing_threads": 2,
            "rate_limit": None,
            "rate_limit_authenticated": None,
            "rate_limit_login": None,
            "log_level": "error",
            "log_format": "json",
            **lane_settings(),
            **values,
        }
    )


def backend(folder: Path, *, options: dict[str, Any] | None = None, **values: Any) -> Backend:
    """A Backend whose tables are there."""
    app = Backend(settings(folder, **values), **(options or {}))
    app.runtime.migrations.up(app.runtime.database)
    return app
