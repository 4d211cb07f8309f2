"""The package's layering, and what must agree between the core, Python and the docs."""

import ast
from collections.abc import Iterator
from pathlib import Path

from apiwright import errors
from apiwright._core.base import ERROR_CODES
from apiwright.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "python/app/apiwright"


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def modules(folder: str) -> list[Path]:
    return sorted((PACKAGE / folder).rglob("*.py"))


def test_services_know_neither_fastapi_nor_http():
    for path in modules("services"):
        for name in imports(path):
            assert not name.startswith(("fastapi", "starlette")), f"{path.name} imports {name}"
            assert not name.startswith(("apiwright.routes", "apiwright.backend")), path.name


def test_only_the_facade_and_the_composition_root_import_the_core_directly():
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] == "core" or relative.name == "runtime.py":
            continue
        strangers = [name for name in imports(path) if name.startswith("apiwright._core")]
        assert strangers == [], f"{relative} imports {strangers}"


def test_the_environment_is_read_only_in_settings():
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "settings.py":
            continue
        text = path.read_text("utf-8")
        assert "os.environ" not in text and "getenv" not in text, path.relative_to(PACKAGE)


def test_every_error_code_of_the_core_has_one_exception_with_its_status():
    assert {code: error.status for code, error in errors.BY_CODE.items()} == dict(ERROR_CODES)
    subclasses = [
        error
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.AppError)
    ]
    codes = [error.code for error in subclasses if error is not errors.AppError]
    assert len(codes) == len(set(codes)) == len(ERROR_CODES)


def test_every_setting_is_in_the_documentation():
    text = (ROOT / "docs/settings.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"`APIWRIGHT_{name.upper()}`" not in text]
    assert missing == []
