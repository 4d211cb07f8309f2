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
COPIED = re.compile(r"(?P<stem>.+)-[0-9a-f]{8}(?P<rest>\.so.*)")


@dataclass(frozen=True)
class Bundled:
    """Something of others' in the wheel, and the package whose licence texts hold for it."""

    name: str
    licence: str
    file: str
    package: str
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
    run(
        *(source / ".venv/bin/python", "-m", "pip", "wheel"),
        *("--disable-pip-version-check", "--no-build-isolation", "--no-deps"),
        f"--config-settings=build-dir={source}/build/python",
        *("--wheel-dir", folder, source),
        env=environment,
    )
    return the_only(folder.glob("*.whl"))


def repaired(wheel: Path, folder: Path) -> Path:
    """The same with its libraries inside, tagged for the oldest glibc that will do."""
    tool("auditwheel", "repair", "--strip", "--wheel-dir", folder, wheel)
    return the_only(folder.glob("*.whl"))


# --- licences -------------------------------------------------------------------------------------


def debian_package(library: Path) -> str:
    """Which package brought a file. /lib is a link to /usr/lib, and dpkg knows one name of each."""
    real = library.resolve()
    for name in (real, real.relative_to("/usr")):
        found = subprocess.run(["dpkg", "--search", f"/{str(name).lstrip('/')}"], text=True,
                               capture_output=True)  # fmt: skip
        if found.returncode == 0:
            return found.stdout.partition(": ")[0].partition(":")[0]
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
    return Bundled(**entry, file=file, package=package, version=version, source=f"Debian {source}",
                   texts=debian_texts(package))  # fmt: skip


def from_python(entry: dict[str, str], name: str) -> Bundled:
    distribution = metadata.distribution(name)
    texts = {
        f"{name}.txt": file.locate().read_text("utf-8")  # type: ignore[attr-defined]
        for file in distribution.files or []
        if "licenses" in file.parts
    }
    version = distribution.version
    return Bundled(**entry, file="apiwright/_core", package=name, version=version,
                   source=f"{name} {version}", texts=texts)  # fmt: skip


def linked(module: Path) -> dict[str, Path]:
    """The libraries that the module and its libraries need, by the names of their files."""
    paths = [Path(path) for path in re.findall(r" => (/\S+)", run("ldd", module))]
    return {path.resolve().name: path for path in paths}


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
        if package == "pybind11":
            yield from_python(entry, package)
        else:
            yield from_debian(entry, "apiwright/_core", package)


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
    table = tomllib.loads(TABLE.read_text("utf-8"))
    licences = {part for group in table.values() for entry in group.values()
                for part in entry["licence"].split(" AND ")}  # fmt: skip
    write_metadata(info / "METADATA", [*sorted(licences - {"MIT"})], sorted(texts))


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
    for old in out.glob("apiwright-*"):
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
        add_licences(tree, linked(module))
        tool("wheel", "pack", "--dest-dir", out, tree)
    return [sdist, the_only(out.glob("*.whl"))]


def main() -> None:
    checkout, out = (Path(argument).resolve() for argument in sys.argv[1:])
    for path in make(checkout, out):
        print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)", file=sys.stderr)


if __name__ == "__main__":
    main()
