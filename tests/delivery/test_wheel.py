"""What is in the wheel and the sdist, and what is not."""

import email
import re
import tarfile
import tomllib
import zipfile
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BUNDLED = tomllib.loads((ROOT / "cmake/bundled_libraries.toml").read_text("utf-8"))
INFO = f"apiwright-{PROJECT['version']}.dist-info"


@pytest.fixture(scope="module")
def wheel(made):
    with zipfile.ZipFile(made.wheel) as archive:
        yield archive


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    return set(wheel.namelist())


@pytest.fixture(scope="module")
def metadata(wheel) -> Message:
    return email.message_from_bytes(wheel.read(f"{INFO}/METADATA"))


def test_the_wheel_says_on_what_it_runs(made):
    name = rf"apiwright-{PROJECT['version']}-cp311-cp311-manylinux_2_\d+_x86_64\.whl"
    assert re.fullmatch(name, made.wheel.name)


def test_nothing_in_the_wheel_needs_a_later_glibc_than_its_tag_says(made, names, wheel):
    tag = re.search(r"manylinux_2_(\d+)_", made.wheel.name)
    assert tag
    for name in names:
        if ".so" in name:
            needed = re.findall(rb"\bGLIBC_2\.(\d+)", wheel.read(name))
            assert max(map(int, needed)) <= int(tag[1]), name


def test_the_wheel_has_the_whole_package_and_its_data(names):
    package = ROOT / "python/app"
    ours = {
        str(path.relative_to(package))
        for path in (package / "apiwright").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    ours |= {
        f"apiwright/_migrations/{path.relative_to(ROOT / 'migrations')}"
        for path in (ROOT / "migrations").rglob("*.sql")
    }
    assert ours <= names
    assert "apiwright/_assets/swagger-ui-bundle.js" in names
    assert "apiwright/_assets/redoc.standalone.js" in names


def test_the_wheel_has_no_headers_archives_or_tests(names):
    assert [name for name in names if name.endswith((".hpp", ".h", ".a", ".cmake", ".cpp"))] == []
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"apiwright", "apiwright.libs", INFO}


def test_every_library_in_the_wheel_comes_with_its_licence(names, wheel, metadata):
    copied = [name for name in names if name.startswith("apiwright.libs/")]
    overview = wheel.read(f"{INFO}/licenses/bundled/README.txt").decode()
    assert len(copied) == len(BUNDLED["shared"])
    for name in copied:
        told = re.search(rf"^{re.escape(name)}: .+\n    .+; (\S+)$", overview, re.MULTILINE)
        assert told, name
        assert f"{INFO}/licenses/bundled/{told[1]}" in names
    for entry in (BUNDLED["compiled_in"] | BUNDLED["compiled_in_from_python"]).values():
        assert f"apiwright/_core: {entry['name']} " in overview
    for licence in ("GPL-2", "GPL-3", "LGPL-3"):
        assert f"{INFO}/licenses/bundled/common/{licence}.txt" in names


def test_the_metadata_names_every_licence_and_its_file(names, metadata):
    expression = metadata["License-Expression"].split(" AND ")
    assert expression[0] == PROJECT["license"]
    for group in BUNDLED.values():
        for entry in group.values():
            assert set(entry["licence"].split(" AND ")) <= set(expression)
    files = {f"{INFO}/licenses/{name}" for name in metadata.get_all("License-File")}
    assert files == {name for name in names if name.startswith(f"{INFO}/licenses/")}


def test_no_path_of_the_building_machine_is_in_the_wheel(wheel, names):
    for name in names:
        content = wheel.read(name)
        assert str(ROOT).encode() not in content, name
        assert b"apiwright-wheel-" not in content, f"{name} names the folder it was built in"


def test_the_sdist_has_what_a_wheel_is_built_from_and_no_rubbish(made):
    """That it is enough is seen by the wheel: it is built from the unpacked sdist."""
    with tarfile.open(made.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"PKG-INFO", "CMakeLists.txt", "README.md", "LICENSE"} <= names
    tops = {name.partition("/")[0] for name in names}
    assert tops.isdisjoint({".git", ".venv", ".ci", "build", "dist", "bench"})
    assert [name for name in names if name.endswith((".so", ".pyc", ".db", ".key", ".env"))] == []
