"""A developer's folder with an application, and its migrations by the command."""

import re
import sqlite3

from tests.support.cli import Cli

HEAD = """
from apiwright import Backend
from apiwright.core.repositories import users_schema
from apiwright.core.validation import CoreSchema, Field

def article(*fields):
    own = [Field.uuid("id").read_only(), Field.string("title").searchable()]
    return CoreSchema("Article", [*own, *fields], table="articles")

class Declaring(Backend):
    declared_schemas = [{schemas}]

app = Declaring()
"""


class Project(Cli):
    """A developer's folder with an application in `blog.py`."""

    def declare(self, *fields: str, more: str = "", module: str = "blog") -> None:
        """Says what `articles` has besides its title."""
        schemas = f"article({', '.join(fields)}), {more}"
        (self.folder / f"{module}.py").write_text(HEAD.format(schemas=schemas))

    def declare_nothing(self) -> None:
        (self.folder / "blog.py").write_text(HEAD.format(schemas=""))

    def make(self, name: str = "step", *options: str) -> str:
        return self.ok("migrate", "make", name, "--app", "blog:app", *options)

    def refused_make(self, name: str = "step", *options: str) -> str:
        files = self.files()
        said = self.refused("migrate", "make", name, "--app", "blog:app", *options)
        assert self.files() == files
        return said

    def up(self) -> str:
        return self.ok("migrate", "up", "--app", "blog:app")

    def files(self) -> list[str]:
        folder = self.folder / "migrations"
        return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())

    def read(self, name: str) -> str:
        return (self.folder / "migrations" / name).read_text("utf-8")

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.folder / "apiwright.db")
        try:
            with connection:
                return connection.execute(statement).fetchall()
        finally:
            connection.close()

    def refused_serving(self) -> list[str]:
        """The sentences with which it does not begin, without what it logged before."""
        result = self.run("serve", "blog:app", "--port", "0")
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
        return [match[1] for match in re.finditer("(?m)^apiwright: (.*)$", result.stderr)]
