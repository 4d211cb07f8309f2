"""What importing the core brings along."""

import json
import pkgutil
import subprocess
import sys

import pytest

import apiwright.core

MODULES = [module.name for module in pkgutil.iter_modules(apiwright.core.__path__)]
WEB = {"fastapi", "starlette", "pydantic", "pydantic_settings", "typer", "granian", "uvicorn"}


def loaded_by(statement: str) -> set[str]:
    """The modules of a new interpreter that has run `statement`."""
    script = f"{statement}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_of_the_core_brings_no_web_framework(module):
    loaded = loaded_by(f"from apiwright.core import {module}")
    assert f"apiwright.core.{module}" in loaded
    assert loaded & WEB == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_of_the_core_leaves_asyncio_to_those_who_await(module):
    """asyncio alone takes longer to import than all of the core."""
    assert "asyncio" not in loaded_by(f"from apiwright.core import {module}")


def test_the_package_reads_its_version_only_when_asked():
    assert "importlib.metadata" not in loaded_by("import apiwright.core.validation")
    assert "importlib.metadata" in loaded_by("import apiwright; apiwright.__version__")
