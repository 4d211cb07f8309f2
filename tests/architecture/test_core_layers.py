"""The core's layering, read from its own source."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "cpp_core"

# Lowest first: a module includes only those before it.
MODULES = [
    "base",
    "tasks",
    "json",
    "validation",
    "access",
    "passwords",
    "tokens",
    "data",
    "repositories",
    "engine",
]

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
SQL = re.compile(
    r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT|ROLLBACK'
    r"|SAVEPOINT)[\s;]"
)


def sources(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (
            path for path in sorted(folder.rglob("*")) if path.suffix in {".hpp", ".cpp", ".h"}
        )


def module_of(path: Path) -> str:
    parts = path.relative_to(CORE).parts
    return parts[2] if parts[0] == "include" else parts[1]


def includes(path: Path) -> list[str]:
    return INCLUDE.findall(path.read_text("utf-8"))


def core_sources() -> list[Path]:
    return list(sources(CORE / "include" / "apiwright", CORE / "src"))


def test_the_core_has_exactly_the_modules_of_the_architecture():
    assert sorted(path.name for path in (CORE / "src").iterdir()) == sorted(MODULES)
    assert sorted(path.name for path in (CORE / "include/apiwright").iterdir()) == sorted(MODULES)


def test_a_module_includes_only_those_below_it():
    upward = []
    for path in core_sources():
        for include in includes(path):
            parts = include.removeprefix("apiwright/").split("/")
            if len(parts) < 2 or parts[0] not in MODULES:
                continue
            if MODULES.index(parts[0]) > MODULES.index(module_of(path)):
                upward.append(f"{path.relative_to(ROOT)} includes {include}")
    assert upward == []


@pytest.mark.parametrize(
    ("library", "pattern", "homes"),
    [
        ("Poco", r"Poco/", {"data"}),
        ("SQLite", r"sqlite3\.h", {"data"}),
        ("libpq", r"libpq", {"data"}),
        ("libsodium", r"sodium", {"base", "passwords", "tokens"}),
        ("libxcrypt", r"crypt\.h", {"passwords"}),
        ("nlohmann", r"nlohmann/", set()),  # the tests' oracle
        ("RE2", r"re2/", {"validation"}),
        ("utf8proc", r"utf8proc", {"base", "validation"}),
    ],
)
def test_a_library_stays_in_its_modules(library, pattern, homes):
    strangers = [
        f"{path.relative_to(ROOT)} includes {include}"
        for path in core_sources()
        for include in includes(path)
        if re.match(pattern, include) and module_of(path) not in homes
    ]
    assert strangers == []


def test_the_core_knows_neither_python_nor_asgi():
    for path in core_sources():
        text = path.read_text("utf-8")
        assert not re.search(r"pybind11|Python\.h|\bpy::", text), path


def test_public_headers_show_no_library():
    shown = re.compile(r"\b(Poco::|sqlite3\b|PG[a-z]|sodium_|crypto_|nlohmann::|pybind11|py::)")
    for path in sources(CORE / "include"):
        code = re.sub(r"//.*", "", path.read_text("utf-8"))
        assert not shown.search(code), f"{path.relative_to(ROOT)}: {shown.search(code)}"


def test_sql_is_only_in_data_repositories_and_migrations():
    strangers = [
        str(path.relative_to(ROOT))
        for path in [*core_sources(), *sources(ROOT / "bindings")]
        if SQL.search(path.read_text("utf-8"))
        and not (path.is_relative_to(CORE) and module_of(path) in {"data", "repositories"})
    ]
    strangers += [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "python").rglob("*.py"))
        if SQL.search(path.read_text("utf-8").replace("'", '"'))
    ]
    assert strangers == []


def test_sql_takes_no_value_by_text():
    """Statements are made of constants and of names from a compiled Schema; a literal value would
    show as a quote opened inside a string that is then added to."""
    opened = re.compile(r"""'"\s*\+|\+\s*"'""")
    for module in ("data", "repositories"):
        for path in sources(CORE / "src" / module):
            assert not opened.search(path.read_text("utf-8")), path.relative_to(ROOT)


def test_every_public_header_has_a_test():
    missing = [
        str(header.relative_to(ROOT))
        for header in sources(CORE / "include" / "apiwright")
        if not list((ROOT / "tests/cpp" / module_of(header)).glob(f"{header.stem}*_test.cpp"))
    ]
    assert missing == []


def test_every_core_folder_has_one_file_of_bindings():
    """json is not among them: Python has its own, and bodies are read through validation."""
    shared = {"module", "bind", "errors", "asgi", "count", "fast_lane", "rows", "shape", "tables"}
    shared |= {"tell"}
    bound = {path.stem for path in sources(ROOT / "bindings")} - shared
    assert bound == set(MODULES) - {"json"}
