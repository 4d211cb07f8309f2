"""Finding the application that a command line names."""

import importlib
import os
import re
import site
import sys
import sysconfig
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apiwright.cli.failures import CommandFailed
from apiwright.migrations import Home, home_of
from apiwright.runtime import Runtime
from apiwright.settings import served_application

if TYPE_CHECKING:
    from apiwright.backend import Backend
    from apiwright.resources.compile import CompiledResource


_OWN_FOLDER = str(Path(__file__).parents[1])


def default_application() -> Any:
    """apiwright's own application: users and sign-in."""
    from apiwright import Backend

    return Backend()


def load_application(target: str | None) -> Any:
    """What `module:name` names, or the default; it knows then where its migrations live.

    Raises CommandFailed, SettingsError, AppError."""
    if target is None:
        return default_application()
    found = _find(target)
    runtime = getattr(found, "runtime", None)
    if isinstance(runtime, Runtime):
        runtime.home = home_of_target(target)
    return found


def home_of_target(target: str | None) -> Home | None:
    """Where the migrations of a loaded application live; none without one."""
    return None if target is None else home_of(target.partition(":")[0])


def load_served() -> Any:
    """The application that `apiwright serve` was asked for, in a worker of uvicorn's."""
    return load_application(served_application())


def _find(target: str) -> Any:
    if not re.fullmatch(r"[\w.]+:[\w.]+", target):
        raise CommandFailed(f"{target!r} is not module:name, such as main:app")
    module_name, _, path = target.partition(":")
    found: Any = _import(module_name)
    for name in path.split("."):
        if not hasattr(found, name):
            raise CommandFailed(f"module {module_name!r} has no {path!r}")
        found = getattr(found, name)
    if not callable(found):
        raise CommandFailed(f"{target} is not an ASGI application")
    return found


def load_backend(target: str | None) -> "Backend":
    """The same for what needs to be a Backend. Raises CommandFailed."""
    from apiwright.backend import Backend

    app = load_application(target)
    if not isinstance(app, Backend):
        raise CommandFailed(f"{target} is no apiwright Backend, so it has no resources")
    return app


def find_resource(app: "Backend", name: str, *, users: bool = False) -> "CompiledResource[Any]":
    """What is declared under this class, table or path. Raises CommandFailed."""
    declared = [resource for resource in app.resources if users or not resource.is_user]
    for resource in declared:
        if name in (resource.name, resource.path[1:], resource.schema.table):
            return resource
    known = ", ".join(resource.name for resource in declared) or "none"
    raise CommandFailed(f"the application has no resource {name!r}; it has: {known}")


def _import(name: str) -> Any:
    folder = os.getcwd()
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise CommandFailed(f"there is no module {name!r} in {folder}") from None
        raise CommandFailed(_import_failure(name, error)) from None
    except Exception as error:
        from apiwright.cli.failures import sentences_of

        if sentences := sentences_of(error):
            place = _place_in_class(error)
            raise CommandFailed(*(f"{sentence}{place}" for sentence in sentences)) from None
        raise CommandFailed(_import_failure(name, error)) from None


def _import_failure(name: str, error: Exception) -> str:
    said, *_ = str(error).splitlines() or [""]
    frame = _last_frame(error)
    where = f" ({frame.filename}, line {frame.lineno})" if frame else ""
    return f"importing {name!r} failed: {type(error).__name__}: {said}{where}"


def _place_in_class(error: Exception) -> str:
    """Where in a class's body it was raised, such as `rules.public() or …`: it has no name yet."""
    frame = _last_frame(error)
    if frame is None or frame.name == "<module>":
        return ""
    return f" ({frame.filename}, line {frame.lineno})"


def _last_frame(error: Exception) -> traceback.FrameSummary | None:
    """The innermost in the application's own code."""
    libraries = (_OWN_FOLDER, *site.getsitepackages(), sysconfig.get_path("stdlib"), "<frozen")
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(libraries)]
    return own[-1] if own else None
