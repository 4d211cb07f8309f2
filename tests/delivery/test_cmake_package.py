"""The installed C++ core, as a program of somebody else's finds, builds with and runs it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONSUMER = Path(__file__).with_name("consumer")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory) -> Path:
    """A folder with what `cmake --install` puts there."""
    prefix: Path = tmp_path_factory.mktemp("prefix")
    run("cmake", "--preset", "package")
    run("cmake", "--build", "--preset", "package")
    run("cmake", "--install", "build/package", "--prefix", prefix)
    return prefix


@pytest.fixture(scope="module")
def consumer(prefix, tmp_path_factory) -> Path:
    """The program, built against that folder alone."""
    build: Path = tmp_path_factory.mktemp("consumer")
    run("cmake", "-S", CONSUMER, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", build)
    return build / "consumer"


def test_a_program_finds_the_package_builds_and_runs(consumer, tmp_path):
    migrations = len(list((ROOT / "migrations/sqlite").glob("*.up.sql")))
    printed = run(consumer, cwd=tmp_path)
    assert printed.split("\n") == ["$argon2id$", "title min_length", str(migrations), ""]


def test_the_program_has_the_hashing_memory_of_the_core(consumer):
    """Without the linker's --wrap, libsodium would map and unmap memory for each hash."""
    assert "__wrap_mmap" in run("nm", consumer)


def test_the_package_shows_its_headers_and_nothing_of_this_machine(prefix):
    headers = ROOT / "cpp_core/include"
    for header in headers.rglob("*.hpp"):
        assert (prefix / "include" / header.relative_to(headers)).is_file()
    for path in prefix.rglob("*.cmake"):
        text = path.read_text("utf-8")
        assert str(ROOT) not in text, path
        assert str(prefix) not in text, path
    assert not list(prefix.rglob("*.py"))
