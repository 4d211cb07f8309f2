"""The installed wheel where nothing is but Python: imports, the command, a server, the README."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import httpx
import pytest

from tests.delivery.clean_root import PYTHON, CleanRoot, pythons_libraries
from tests.support.api import PASSWORD, Account, Api
from tests.support.contract import Described
from tests.support.markdown import file_name, python_sections

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
STEMS = tomllib.loads((ROOT / "cmake/bundled_libraries.toml").read_text("utf-8"))["shared"]

CHEAP = {"password_memory_kib": 8, "password_iterations": 1, "rate_limit": "off"}

IMPORT_EACH_MODULE = """
import json, pkgutil, sys
import apiwright.core
names = [module.name for module in pkgutil.iter_modules(apiwright.core.__path__)]
for name in names:
    __import__(f"apiwright.core.{name}")
loaded = {name.partition(".")[0] for name in sys.modules}
print(json.dumps([names, sorted(loaded & {"fastapi", "starlette", "pydantic"})]))
"""
SHOW_LIBRARIES = """
import apiwright.core.validation
import re
print("\\n".join(sorted(set(re.findall(r"/\\S+\\.so\\S*", open("/proc/self/maps").read())))))
"""

CONNECT = """
import sys
from apiwright.core.database import Database
from apiwright.errors import Unavailable
try:
    Database(sys.argv[1]).core.begin(1000)
except Unavailable as error:
    print(error)
"""


@pytest.fixture
def folder(root, request):
    """A folder of the test's own in the clean root."""
    return root.new_folder(re.sub(r"\W+", "-", request.node.name))


def save(folder: Path, blocks: list[str]) -> str:
    """Files that the blocks show are written; the rest is what a reader types."""
    typed = [block for block in blocks if not file_name(block)]
    for block in blocks:
        if name := file_name(block):
            (folder / name).write_text(block, "utf-8")
            typed.append(f"import {name.removesuffix('.py')}\n")
    return "\n".join(typed)


def test_nothing_of_a_development_system_is_visible(root):
    visible = {path.name for path in root.folder.rglob("*") if root.site not in path.parents}
    pythons = {library.name for library in pythons_libraries()}
    libraries = {name for name in visible if ".so" in name} - pythons
    assert {name for name in libraries if name.startswith((*STEMS, "libsodium"))} == set()
    assert {name for name in visible if name.endswith((".hpp", ".a", ".pc"))} == set()
    assert visible.isdisjoint({"gcc", "cc", "c++", "cmake", "ninja", "pip", "sh", "apiwright"})


def test_every_module_of_the_core_imports_without_the_web(root, folder):
    names, web = json.loads(root.python(folder, "-c", IMPORT_EACH_MODULE))
    sources = (ROOT / "python/app/apiwright/core").iterdir()
    assert set(names) == {path.stem for path in sources if path.stem[0] != "_"}
    assert web == []


def test_the_core_runs_on_the_libraries_of_the_wheel(root, folder):
    loaded = root.python(folder, "-c", SHOW_LIBRARIES).split()
    for stem in STEMS:
        found = [Path(path) for path in loaded if re.match(rf"{stem}[-.]", Path(path).name)]
        assert [path.parent.name for path in found] == ["apiwright.libs"], stem


def test_a_server_of_postgresql_is_looked_for_by_the_libraries_of_the_wheel(root, folder):
    url = "postgresql://nobody@127.0.0.1:1/none?sslmode=require"
    assert "The database cannot be reached." in root.python(folder, "-c", CONNECT, url)


@pytest.mark.parametrize("order", ["sqlite3, apiwright._core", "apiwright._core, sqlite3"])
def test_pythons_sqlite3_and_the_core_share_one_sqlite(root, order):
    """Outside of the clean root, where the system's own is visible."""
    script = f"import sys; sys.path.insert(0, {str(root.site)!r})\nimport {order}\n{SHOW_LIBRARIES}"
    loaded = subprocess.run(
        [PYTHON, "-I", "-c", script], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.count("libsqlite3") == 1, loaded.stdout


def test_the_command_tells_its_version(root, folder):
    assert root.apiwright(folder, "--version") == f"{VERSION}\n"


def test_the_command_prints_the_openapi_document(root, folder):
    document = json.loads(root.apiwright(folder, "openapi"))
    assert document["info"]["version"] == VERSION
    assert "/api/v1/auth/register" in document["paths"]


def test_the_command_migrates_and_then_the_doctor_is_content(root, folder):
    root.apiwright(folder, "migrate", "up")
    assert "users" in root.apiwright(folder, "migrate", "status")
    root.apiwright(folder, "doctor")


@pytest.mark.parametrize("server", ["granian", "uvicorn"])
def test_the_installed_server_registers_a_user_and_shows_its_documentation(root, folder, server):
    with root.serving(folder, "--server", server, **CHEAP) as url, Api(url) as api:
        assert api.is_signed_in(api.register())
        assert "swagger-ui-bundle.js" in httpx.get(f"{url}/docs", trust_env=False).text


@pytest.mark.parametrize("section", python_sections(README))
def test_the_readmes_python_runs(root, folder, section):
    (folder / "typed.py").write_text(save(folder, python_sections(README)[section]), "utf-8")
    root.python(folder, "typed.py")


def test_the_readmes_application_answers_as_it_says(root, folder):
    save(folder, python_sections(README)["Your own application"])
    with root.serving(folder, "shop:app", **CHEAP) as url, Api(url) as api:
        assert api.get("/api/v1/prices/pen").json() == {"article": "pen", "price": "1.20"}
        assert api.get("/api/v1/prices/ink").json()["error"]["code"] == "NOT_FOUND"


def test_the_readmes_blog_holds_to_its_rules(root, folder):
    """For an author, an editor, a stranger and nobody, lists included."""
    save(folder, python_sections(README)["Your own application"])
    with root.serving(folder, "blog:app", **CHEAP) as url, Blog(url) as blog:
        author, stranger = blog.register(), blog.register()
        admin = blog.signed_in_admin(root, folder)
        editor = blog.register()
        blog.patch(editor.path, json={"roles": ["editor"]}, auth=admin)
        draft = blog.write(author, "Draft")
        published = blog.write(author, "Published", published=True)
        assert blog.titles(author) == blog.titles(editor) == ["Published", "Draft"]
        assert blog.titles(stranger) == blog.titles(None) == ["Published"]
        assert blog.get(draft, auth=stranger).status_code == 404
        assert blog.patch(published, json={"title": "x"}, auth=stranger).status_code == 403
        assert blog.patch(draft, json={"published": True}, auth=editor).status_code == 200
        assert blog.titles(stranger) == ["Published", "Draft"]
        assert blog.delete(draft, auth=author).status_code == 204
        explained = root.apiwright(
            folder, "explain", "Article", "read", "--as", stranger.email, "--app", "blog:app"
        )
        assert "author_id" in explained and "articles" in explained


class Blog(Api):
    """A client of the README's blog."""

    def __init__(self, url: str) -> None:
        document = httpx.get(f"{url}/openapi.json", trust_env=False).json()
        super().__init__(url, described=Described(document))

    def signed_in_admin(self, root: CleanRoot, folder: Path) -> Account:
        email = "admin@example.org"
        root.apiwright(
            folder, "users", "create-admin", "--email", email, "--password-stdin", stdin=PASSWORD
        )
        return self.signed_in(email)

    def write(self, author: Account, title: str, **more: object) -> str:
        """A new article; its path."""
        body = {"title": title, "body": "…", **more}
        response = self.post("/api/v1/articles", json=body, auth=author)
        assert response.status_code == 201, response.text
        return f"/api/v1/articles/{response.json()['data']['id']}"

    def titles(self, reader: Account | None) -> list[str]:
        answer = self.get("/api/v1/articles", auth=reader).json()
        assert answer["meta"]["total"] == len(answer["data"])
        return [article["title"] for article in answer["data"]]
