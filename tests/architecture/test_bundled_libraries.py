"""The list of what the wheel carries, beside what the core links and the pages load.

That the list is the wheel's, libraries of libraries included, is seen when a wheel is made."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUNDLED = tomllib.loads((ROOT / "cmake/bundled_libraries.toml").read_text("utf-8"))
NOT_CARRIED = {"threads", "pkgconfig", "python"}


def plain(name: str) -> str:
    """`libutf8proc` and `SQLite3` as the list would spell them."""
    return re.sub(r"^lib|[^a-z0-9]|(?<=sqlite)3$", "", name.lower())


def linked() -> set[str]:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "cmake").glob("*.cmake"))
    text = re.sub(r"#.*", "", text)
    packages = re.findall(r"find_package\((\w+)", text)
    modules = re.findall(r"pkg_check_modules\(.* (\S+)\)", text)
    tests_alone = {"gtest", "benchmark", "nlohmannjson"}
    return {plain(name) for name in [*packages, *modules]} - NOT_CARRIED - tests_alone


def test_every_library_that_is_linked_is_in_the_list_of_the_wheels():
    libraries = [entry for group in BUNDLED.values() for entry in group.values()]
    listed = {plain(entry["name"]) for entry in libraries}
    assert linked() - listed == set()


def test_every_script_of_the_documentation_pages_is_in_the_list_with_its_licence():
    fetched = (ROOT / "cmake/fetch_docs_assets.py").read_text("utf-8")
    assert set(re.findall(r'"([\w-]+)\.LICENSE\.txt"', fetched)) == BUNDLED["assets"].keys()


def test_every_entry_of_the_list_names_a_licence():
    for group in BUNDLED.values():
        for key, entry in group.items():
            assert entry.keys() == {"name", "licence"}, key
            for licence in entry["licence"].split(" AND "):
                assert re.fullmatch(r"[A-Za-z][\w.-]+", licence), key
