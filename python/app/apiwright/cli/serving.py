"""apiwright serve: checks first, in a child that exits; then granian or uvicorn."""

import ctypes
import errno
import logging
import math
import multiprocessing
import os
import shlex
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import typer

from apiwright import __version__, log
from apiwright.cli import upkeep
from apiwright.cli.application import home_of_target, load_application
from apiwright.cli.failures import CommandFailed, print_failure, sentences_of
from apiwright.secret_key import resolve_secret_key
from apiwright.settings import Settings, load_settings, pass_to_workers, unknown_variables

SERVERS = ("granian", "uvicorn")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_STOP_MARGIN_SECONDS = 5  # beyond the longest request, before a worker that does not end is killed

logger = logging.getLogger("apiwright")


def serve(target: str | None, server: str) -> None:
    """Serves until it is told to stop. Raises CommandFailed, SettingsError or AppError before."""
    settings = load_settings()
    log.configure(settings)
    for sentence in unknown_variables():
        logger.warning(sentence)
    address, port = find_address(settings.host, settings.port)
    _prepare_in_child(target)
    announcer = Announcer(settings, address, port)
    run = _run_granian if server == "granian" else _run_uvicorn
    run(target, settings, address, port, announcer)


def find_address(host: str, port: int) -> tuple[str, int]:
    """The numeric address and the port to listen on. Raises CommandFailed.

    Servers share ports between their workers, so they would share one with a stranger too: an
    exclusive bind tells."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise CommandFailed(f"APIWRIGHT_HOST: {host!r} is not an address") from None
    family, kind, protocol, _, sockaddr = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(sockaddr)
        except OSError as error:
            raise CommandFailed(_bind_failure(host, port, error)) from None
        name: tuple[str, int] = probe.getsockname()[:2]
        return name


def _bind_failure(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken: stop what listens there, or choose another with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"APIWRIGHT_HOST: {host!r} is not an address of this machine"
    return f"cannot listen on {host} port {port}: {error.strerror}"


# --- before serving -------------------------------------------------------------------------------


def _prepare_in_child(target: str | None) -> None:
    """The core may not start in this process, which forks workers: a child does what needs it.

    What is imported here, before and meanwhile, the child and the workers need not import again;
    nothing of it starts."""
    import apiwright.runtime

    child = multiprocessing.get_context("fork").Process(target=_prepare, args=(target,))
    child.start()
    import apiwright.backend  # noqa: F401

    child.join()
    if child.exitcode:
        raise typer.Exit(1)


def _prepare(target: str | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        prepare(target)
    except Exception as error:
        sentences = sentences_of(error)
        if not sentences:
            raise
        print_failure(sentences)
        sys.exit(1)


def prepare(target: str | None) -> None:
    """Whatever may refuse to start: the application, the key, the database and its tables."""
    from apiwright.runtime import Runtime

    settings = load_settings()
    resolve_secret_key(settings)
    if settings.token_keys is not None and not settings.token_keys.exists():
        logger.warning(
            "there is no file %s yet: a key derived from the secret key signs access tokens "
            "until one is made by apiwright keys rotate",
            settings.token_keys,
        )
    application = None if target is None else load_application(target)
    runtime = Runtime(settings, home_of_target(target))
    try:
        if settings.env == "development":
            upkeep.bring_up_to_date(runtime, application, target)
        else:
            upkeep.require_up_to_date(runtime, application, target)
    finally:
        runtime.stop()


# --- saying so ------------------------------------------------------------------------------------


class Announcer:
    """Says where the server is, once it answers."""

    def __init__(self, settings: Settings, address: str, port: int) -> None:
        self._settings = settings
        self._end = (_reachable(address), port)
        host = f"[{self._end[0]}]" if ":" in self._end[0] else self._end[0]
        self._url = f"http://{host}:{port}"

    def start(self, stopping: threading.Event) -> None:
        """Waits in a thread of its own until the server accepts, unless `stopping` comes first."""
        threading.Thread(target=self._wait, args=(stopping,), daemon=True).start()

    def _wait(self, stopping: threading.Event) -> None:
        while not stopping.wait(0.02):
            try:
                socket.create_connection(self._end, timeout=1).close()
            except OSError:
                continue
            return self._announce()

    def _announce(self) -> None:
        if self._settings.log_format == "json":
            logger.info("serving at %s", self._url)
            return
        typer.echo(
            f"\n  apiwright {__version__} ({self._settings.env})\n\n"
            f"  API    {self._url}/api/v1\n"
            f"  Docs   {self._url}/docs\n"
            f"  Admin  {command()} users create-admin --email you@example.org\n\n"
            "  Ctrl-C stops it.\n"
        )


def _reachable(address: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)


def command() -> str:
    """How to type `apiwright` here: it need not be in PATH."""
    if shutil.which("apiwright"):
        return "apiwright"
    script = Path(sys.argv[0])
    if script.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m apiwright"
    return shlex.quote(min(os.path.relpath(script), os.path.abspath(script), key=len))


# --- the servers ----------------------------------------------------------------------------------


def _stop_seconds(settings: Settings) -> int:
    return math.ceil(settings.request_timeout.total_seconds()) + _STOP_MARGIN_SECONDS


def load_in_worker(target: str) -> Any:
    """granian's loader: the application, in a worker. An empty target is the default one."""
    _follow_parent()
    try:
        return load_application(target or None)
    except Exception as error:
        sentences = sentences_of(error)
        if not sentences:
            raise
        print_failure(sentences)
        sys.exit(1)


def _follow_parent() -> None:
    """A worker ends when it is told to while it still loads, and when its parent was killed.

    It inherits handlers that only wake the parent's loop; granian sets its own later."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _run_granian(
    target: str | None, settings: Settings, address: str, port: int, announcer: Announcer
) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    class Server(Granian):  # type: ignore[misc,valid-type]
        def startup(self, *arguments: Any) -> None:
            super().startup(*arguments)
            announcer.start(self.main_loop_interrupt)

    config = log.dict_config(settings)
    Server(
        target or "",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        workers_kill_timeout=_stop_seconds(settings),
        log_dictconfig=config,
        log_level=LogLevels(config["loggers"]["_granian"]["level"].lower()),
        log_access=False,
    ).serve(target_loader=load_in_worker)


def _run_uvicorn(
    target: str | None, settings: Settings, address: str, port: int, announcer: Announcer
) -> None:
    import uvicorn

    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again once it has stopped; stopping when asked is success.
        signal.signal(number, lambda *_: sys.exit(0))
    announcer.start(threading.Event())
    pass_to_workers(target)
    uvicorn.run(
        "apiwright.cli.application:load_served",
        factory=True,
        host=address,
        port=port,
        workers=settings.workers,
        log_config=log.dict_config(settings),
        log_level=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_stop_seconds(settings),
    )
