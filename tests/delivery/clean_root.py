"""A root folder with Debian's Python 3.11 and what that needs, for programs that shall see no more.

No compiler, header, pip or development package is in it, and of the libraries that the wheel brings
only what Python itself needs (SQLite is not there, though Debian's `sqlite3` links it)."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import apiwright._core
from tests.support.server import DEADLINE, wait_until

PYTHON = Path("/usr/bin/python3.11")
STANDARD_LIBRARY = Path("/usr/lib/python3.11")
SITE = Path("usr/local/lib/python3.11/dist-packages")
# A manylinux wheel may count on these, whether or not Python needs them (PEP 600).
CXX_RUNTIME = {"libstdc++.so.6", "libgcc_s.so.1"}
LIBC = "libc.so.6"
PARTS_OF_LIBC = ("libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1", "libutil.so.1")

_ENTER = """
root=$1 folder=$2
shift 2
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
exec unshare --root="$root" --wd="$folder" -- "$@"
"""
_NAMESPACES = (["--mount"], ["--user", "--map-root-user", "--mount"])


def namespaces() -> Sequence[str]:
    """How this user may mount; fails where nothing will do, since no test is skipped."""
    for options in _NAMESPACES:
        if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode == 0:
            return options
    raise AssertionError(
        "The wheel is tested in a root of its own, for which this must be root with CAP_SYS_ADMIN "
        "or a user who may make user namespaces: `unshare --user --map-root-user --mount true`"
    )


def linked_by(*files: Path) -> set[Path]:
    """The libraries that the loader would load for these, itself included."""
    listing = subprocess.run(["ldd", *files], check=True, capture_output=True, text=True).stdout
    return {Path(path) for path in re.findall(r"^\s.*?(/\S+) \(0x", listing, re.MULTILINE)}


def pythons_libraries() -> set[Path]:
    """What Debian's Python and its modules need, but for the one that needs SQLite."""
    modules = (STANDARD_LIBRARY / "lib-dynload").glob("*.so")
    return linked_by(PYTHON, *(module for module in modules if "sqlite3" not in module.name))


def _libraries() -> set[Path]:
    ours = linked_by(Path(apiwright._core.__file__))
    libc = next(library for library in ours if library.name == LIBC)
    return (
        pythons_libraries()
        | {library for library in ours if library.name in CXX_RUNTIME}
        | {libc.with_name(name) for name in PARTS_OF_LIBC}
    )


class CleanRoot:
    """One such folder. Commands in it run as its root, with the host's loopback network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._namespaces = namespaces()
        for name in ("dev", "proc", "tmp", "srv", "usr/bin", "usr/lib", "usr/lib64", str(SITE)):
            (folder / name).mkdir(parents=True)
        for name in ("bin", "lib", "lib64"):
            (folder / name).symlink_to(f"usr/{name}")
        for file in [PYTHON, *_libraries()]:
            target = folder / file.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        shutil.copytree(
            STANDARD_LIBRARY,
            folder / STANDARD_LIBRARY.relative_to("/"),
            symlinks=True,
            ignore=shutil.ignore_patterns("__pycache__", "config-*", "test"),
        )

    @property
    def site(self) -> Path:
        """Where packages are installed, seen from outside."""
        return self.folder / SITE

    def new_folder(self, name: str) -> Path:
        """For a command's files: inside it is /srv/NAME."""
        folder = self.folder / "srv" / name
        folder.mkdir()
        return folder

    def python(self, folder: Path, *arguments: str, stdin: str = "", **settings: object) -> str:
        """What Python prints with these arguments in `folder`; fails when its status is not 0."""
        done = subprocess.run(
            self._command(folder, arguments),
            env=_environment(settings),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def apiwright(self, folder: Path, *arguments: str, stdin: str = "", **settings: object) -> str:
        """What the installed command prints."""
        command = f"/{SITE}/bin/apiwright"
        return self.python(folder, command, *arguments, stdin=stdin, **settings)

    @contextlib.contextmanager
    def serving(self, folder: Path, *arguments: str, **settings: object) -> Iterator[str]:
        """The URL of `apiwright serve`; afterwards it must end well when it is asked to."""
        log = folder / "server.log"
        command = [f"/{SITE}/bin/apiwright", "serve", "--port", "0", *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(
                self._command(folder, command),
                env=_environment({"log_format": "json", **settings}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

        def url() -> str | None:
            if found := re.search(r'serving at (http://[^"\s]+)', log.read_text("utf-8")):
                return found[1]
            assert process.poll() is None, log.read_text("utf-8")
            return None

        try:
            yield wait_until(url)
            process.terminate()
            assert process.wait(DEADLINE) == 0, log.read_text("utf-8")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _command(self, folder: Path, arguments: Sequence[str]) -> list[str]:
        inside = f"/{folder.relative_to(self.folder)}"
        return ["unshare", *self._namespaces, "sh", "-euc", _ENTER, "clean-root",
                str(self.folder), inside, str(PYTHON), *arguments]  # fmt: skip


def _environment(settings: dict[str, object]) -> dict[str, str]:
    """Nothing of ours but the PATH by which `unshare` and `mount` are found."""
    return {"PATH": os.environ["PATH"], "HOME": "/", "PYTHONUTF8": "1"} | {
        f"APIWRIGHT_{name.upper()}": str(value) for name, value in settings.items()
    }
