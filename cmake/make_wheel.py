"""Make the sdist, and from it a wheel that carries its libraries: make_wheel.py CHECKOUT OUT.

The wheel is built from the unpacked sdist in a temporary folder, as pip would build it, so it knows
neither git nor this checkout. auditwheel copies the shared libraries in; their licences, and those
of what is compiled in, come from the Debian packages that brought them. OUT then holds both files
and no older ones of ours; their paths are printed, with sizes.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from scikit_build_core.build import build_sdist

TABLE = Path(__file__).with_name("bundled_libraries.toml")
COMMON_LICENCES = Path("/usr/share/common-licenses")  # what Debian's copyright files refer to
# auditwheel puts eight digits of a digest into the name of each library that it copies.
COPIED = re.compile(r"(?P<stem>[^.]+?)(-[0-9a-f]{8})?(?P<rest>\..*)")
# Keeps its name, by which the loader knows it: Python's sqlite3 and the core then share whichever
# is loaded first. Two copies in one process would undo each other's locks (decision 0020).
SHARED_WITH_PYTHON = "libsqlite3.so.0"


@dataclass(frozen=True)
class Bundled:
    """Something of others' in the wheel, and its licence texts: its own first."""

    name: str
    licence: str
    file: str
    version: str
    source: str
    texts: dict[str, str]


def run(*command: str | Path, **options: Any) -> str:
    """What a command prints; what it complains about goes to our stderr."""
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, **options)
    return bytes(done.stdout).decode().strip()


def tool(module: str, *arguments: str | Path, **options: Any) -> None:
    print(run(sys.executable, "-m", module, *arguments, **options), file=sys.stderr)


def the_only(paths: Iterable[Path]) -> Path:
    (path,) = paths
    return path


# --- building -------------------------------------------------------------------------------------


def unpacked(sdist: Path, folder: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(folder)
    return the_only(folder.iterdir())


def built(source: Path, folder: Path) -> Path:
    """The wheel of this machine, which leans on its libraries."""
    # ccache then knows most of it: each path is to the source as in the checkout it is to that.
    (source / ".venv").symlink_to(sys.prefix)
    environment = os.environ | {"CCACHE_BASEDIR": str(source)}
    pip = (source / ".venv/bin/python", "-m", "pip", "wheel", "--disable-pip-version-check")
    options = ("--no-build-isolation", "--no-deps", "--wheel-dir", folder)
    build_folder = f"--config-settings=build-dir={source}/build/python"
    print(run(*pip, *options, build_folder, source, env=environment), file=sys.stderr)
    return the_only(folder.glob("*.whl"))


def repaired(wheel: Path, folder: Path) -> Path:
    """The same with its libraries inside, tagged for the oldest glibc that will do."""
    options = ("--strip", "--exclude", SHARED_WITH_PYTHON, "--wheel-dir", folder)
    tool("auditwheel", "repair", *options, wheel)
    return the_only(folder.glob("*.whl"))


def add_shared(tree: Path, sources: dict[str, Path]) -> None:
    """What auditwheel left out is found beside its copies: each looks for others in its folder."""
    copy = tree / "apiwright.libs" / SHARED_WITH_PYTHON
    run("strip", "--strip-unneeded", "-o", copy, sources[SHARED_WITH_PYTHON])


# --- licences -------------------------------------------------------------------------------------


def debian_package(library: Path) -> str:
    """Which package brought a file. /lib is a link to /usr/lib, and dpkg knows one name of each."""
    real = library.resolve()
    for name in (real, Path("/", real.relative_to("/usr"))):
        found = subprocess.run(["dpkg", "--search", name], text=True, capture_output=True)
        if found.returncode == 0:
            return found.stdout.partition(":")[0]
    sys.exit(f"make_wheel: no Debian package brought {library}, so its licence is not known here")


def debian_texts(package: str) -> dict[str, str]:
    """A package's copyright file, and the licences that it names without quoting them."""
    text = Path(f"/usr/share/doc/{package}/copyright").read_text("utf-8")
    named = sorted({name.rstrip(".") for name in re.findall(rf"{COMMON_LICENCES}/([\w.-]+)", text)})
    return {f"{package}.txt": text} | {
        f"common/{name}.txt": (COMMON_LICENCES / name).read_text("utf-8") for name in named
    }


def from_debian(entry: dict[str, str], file: str, package: str) -> Bundled:
    form = "${Version}\t${source:Package} ${source:Version}"
    version, source = run("dpkg-query", "--show", f"--showformat={form}", package).split("\t")
    texts = debian_texts(package)
    return Bundled(**entry, file=file, version=version, source=f"Debian {source}", texts=texts)


def from_python(entry: dict[str, str], file: str, name: str) -> Bundled:
    version = metadata.version(name)
    licences = [path for path in metadata.files(name) or [] if "licenses" in path.parts]
    texts = {f"{name}.txt": path.read_text() for path in licences}
    return Bundled(**entry, file=file, version=version, source=f"{name} {version}", texts=texts)


def linked(module: Path) -> dict[str, Path]:
    """The libraries that the module and its libraries need, by each of their names."""
    paths = [Path(path) for path in re.findall(r" => (/\S+)", run("ldd", module))]
    return {name: path for path in paths for name in (path.name, path.resolve().name)}


def bundled_libraries(tree: Path, sources: dict[str, Path]) -> Iterator[Bundled]:
    """All that the table lists; ends with a sentence when that is not what the wheel holds."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    copied = {}
    for path in sorted((tree / "apiwright.libs").iterdir()):
        parts = COPIED.fullmatch(path.name)
        assert parts, f"auditwheel named a library as it never did: {path.name}"
        copied[parts["stem"]] = (path.name, sources[parts["stem"] + parts["rest"]])
    if copied.keys() != table["shared"].keys():
        names = ", ".join(sorted(copied.keys() ^ table["shared"].keys()))
        sys.exit(f"make_wheel: in either the wheel or {TABLE.name}, but not in both: {names}")
    for stem, (file, path) in copied.items():
        package = debian_package(path)
        yield from_debian(table["shared"][stem], f"apiwright.libs/{file}", package)
    for package, entry in table["compiled_in"].items():
        yield from_debian(entry, "apiwright/_core", package)
    for name, entry in table["compiled_in_from_python"].items():
        yield from_python(entry, "apiwright/_core", name)


def overview(bundled: list[Bundled]) -> str:
    """For people: what is inside, whose it is, and which sources it was made from."""
    lines = [
        "This wheel of apiwright carries these libraries, unchanged but for their names, search",
        "paths and debugging symbols. Shared ones may be replaced by compatible builds under the",
        "same file name. Each one's whole licence is in the file named last.",
        "",
    ]
    for one in bundled:
        text = next(iter(one.texts))
        lines.append(f"{one.file}: {one.name} {one.version}, {one.licence}")
        lines.append(f"    built from {one.source}; {text}")
    return "\n".join(lines) + "\n"


def add_licences(tree: Path, sources: dict[str, Path]) -> None:
    """Puts the texts into the wheel's dist-info/licenses and names them in its metadata."""
    info = the_only(tree.glob("*.dist-info"))
    bundled = list(bundled_libraries(tree, sources))
    texts = {"README.txt": overview(bundled)}
    for one in bundled:
        texts |= one.texts
    for name, text in texts.items():
        path = info / "licenses/bundled" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    write_metadata(info / "METADATA", licences(), sorted(texts))


def licences() -> list[str]:
    """All that the table names, but for our own."""
    groups = tomllib.loads(TABLE.read_text("utf-8")).values()
    expressions = [entry["licence"] for group in groups for entry in group.values()]
    return sorted({one for text in expressions for one in text.split(" AND ")} - {"MIT"})


def write_metadata(path: Path, licences: list[str], texts: list[str]) -> None:
    head, end, body = path.read_text("utf-8").partition("\n\n")
    mine = "License-Expression: MIT"
    assert head.count(mine + "\n") == 1, "the project's own licence is not where it was"
    head = head.replace(mine, " AND ".join([mine, *licences]))
    head += "".join(f"\nLicense-File: bundled/{name}" for name in texts)
    path.write_text(head + end + body, "utf-8")


# --- the whole ------------------------------------------------------------------------------------


def make(checkout: Path, out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("apiwright-*.whl"), *out.glob("apiwright-*.tar.gz")]:
        old.unlink()
    os.chdir(checkout)
    sdist = out / build_sdist(str(out))
    with tempfile.TemporaryDirectory(prefix="apiwright-wheel-") as temporary:
        folder = Path(temporary)
        wheel = built(unpacked(sdist, folder / "source"), folder / "built")
        tool("wheel", "unpack", "--dest", folder / "plain", wheel)
        module = the_only((folder / "plain").glob("*/apiwright/_core*.so"))
        whole = repaired(wheel, folder / "repaired")
        tool("wheel", "unpack", "--dest", folder / "whole", whole)
        tree = the_only((folder / "whole").iterdir())
        sources = linked(module)
        add_shared(tree, sources)
        add_licences(tree, sources)
        tool("wheel", "pack", "--dest-dir", out, tree)
    return [sdist, the_only(out.glob("*.whl"))]


def main() -> None:
    checkout, out = (Path(argument).resolve() for argument in sys.argv[1:])
    for path in make(checkout, out):
        print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)", file=sys.stderr)


if __name__ == "__main__":
    main()
