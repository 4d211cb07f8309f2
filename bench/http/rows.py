"""rows.toml as objects."""

import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).with_name("rows.toml")
FEW = 10_000

# The other harness's order, too: creating changes what is listed and comes late.
SHARED = ("hello", "get", "list", "refresh", "login", "create")


@dataclass(frozen=True)
class Work:
    """A request that is made again and again."""

    name: str
    like: str
    path: str
    method: str = "GET"
    body: str = ""
    auth: bool = False
    status: int = 200
    denied: tuple[int, ...] = ()
    conflict: tuple[int, ...] = ()
    connections: int = 32
    chain: str = ""
    chain_pattern: str = ""
    users: int = FEW
    writes_per_second: int = 0


@dataclass(frozen=True)
class Row:
    """A server."""

    name: str
    title: str
    start: str
    has_database: bool
    has_server: bool  # a database server's, which only the harness for other servers starts
    has_users: bool
    works: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)


def text() -> str:
    """The file, with what is the same for every server filled in."""
    words = {"{root}": str(ROOT), "{python}": sys.executable}
    content = FILE.read_text("utf-8")
    for word, meaning in words.items():
        content = content.replace(word, meaning)
    return content


def load() -> tuple[list[Row], dict[str, Work], dict[str, str]]:
    """The servers, the works by name, and the environment of every server."""
    content = tomllib.loads(text())
    tables: dict[str, dict[str, Any]] = content["apis"]["ours"]["works"]
    works = {name: _work(name, table, tables) for name, table in tables.items()}
    rows = [_row(table, tuple(works)) for table in content["peers"]]
    return rows, works, content["environment"]


def _work(name: str, table: dict[str, Any], tables: dict[str, dict[str, Any]]) -> Work:
    like = table.get("like", name)
    values = {**tables[like], **table, "name": name, "like": like}
    for key in ("denied", "conflict"):
        values[key] = tuple(values.get(key, ()))
    return Work(**values)


def _row(table: dict[str, Any], works: tuple[str, ...]) -> Row:
    return Row(
        name=table["name"],
        title=table["title"],
        start=table["start"],
        has_database=table["db"] == "apiwright",
        has_server=table["db"] == "apiwright-postgres",
        has_users=not table.get("no_auth", False),
        works=tuple(table.get("works", works)),
        env=table.get("env", {}),
    )
