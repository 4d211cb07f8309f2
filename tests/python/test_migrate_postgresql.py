"""What `apiwright migrate` and serving in development do with a PostgreSQL database."""

import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.cli import Cli, read_start, serving, started
from tests.support.postgresql import Postgresql
from tests.support.project import Project

ONE = "00000000-0000-7000-8000-000000000001"
TWO = "00000000-0000-7000-8000-000000000002"
AUTHORS = 'CoreSchema("Writer", [Field.uuid("id").read_only()], table="writers")'
WRITER = 'Field.uuid("writer_id").references("writers")'
EVERY_KIND = (
    'Field.integer("rank").default_value(1).sortable()',
    'Field.number("weight").nullable()',
    'Field.decimal("price", 12, 2).nullable()',
    'Field.boolean("open").default_value(True)',
    'Field.date_time("due").nullable().filterable()',
    'Field.enumeration("status", ["new", "it\'s", "done"]).default_value("new")',
    'Field.array("tags", Field.string("tag")).default_value([])',
    'Field.string("slug").unique()',
)


@pytest.fixture
def database(server: Postgresql) -> Iterator[Postgresql]:
    server.clear()
    yield server


@pytest.fixture
def project(tmp_path: Path, database: Postgresql) -> Project:
    made = Project(tmp_path)
    made.settings(database_url=database.url)
    made.declare()
    return made


def test_serve_adds_what_is_declared_and_finds_it_the_same_afterwards(
    project: Project, database: Postgresql
) -> None:
    project.declare(*EVERY_KIND, WRITER, more=AUTHORS)
    with serving(project, "blog:app") as server:
        assert "applied migration 0001_users" in "".join(server.start)
        assert "development: articles is new." in "".join(server.start)
    with serving(project, "blog:app") as server:
        assert "development: " not in "".join(server.start)
    types = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute a"
    found = database.rows(f"{types} WHERE attrelid = 'articles'::regclass AND attnum > 0")
    assert {"uuid", "bigint", "double precision", "numeric(12,2)", "boolean", "json"} <= set(found)
    assert "the database is up to date" in project.ok("doctor")


def test_rows_that_serving_stored_are_kept_by_the_migration_that_says_the_same(
    project: Project, database: Postgresql
) -> None:
    project.declare(WRITER, more=AUTHORS)
    with serving(project, "blog:app"):
        pass
    database.run(
        f"INSERT INTO writers (id) VALUES ('{TWO}');"
        "INSERT INTO articles (id, title, title_key, writer_id)"
        f" VALUES ('{ONE}', 'A', 'a', '{TWO}')"
    )
    project.make("first")
    assert project.up() == "applied 0001_first (blog)\n"
    project.declare(WRITER, *EVERY_KIND[:-1], more=AUTHORS)
    project.make("second")
    assert project.up() == "applied 0002_second (blog)\n"
    query = "SELECT title || ' ' || writer_id || ' ' || rank || ' ' || status FROM articles"
    assert database.rows(query) == [f"A {TWO} 1 new"]
    with serving(project, "blog:app") as server:
        assert "development: " not in "".join(server.start)
    down = project.ok("migrate", "down", "--steps", "2", "--app", "blog:app")
    assert down == "took back 0002_second (blog)\ntook back 0001_first (blog)\n"


def test_serve_names_what_it_cannot_mend(project: Project, database: Postgresql) -> None:
    project.make("first")
    project.up()
    database.run(f"INSERT INTO articles (id, title, title_key) VALUES ('{ONE}', 'A', 'a')")
    database.run("ALTER TABLE articles ALTER title TYPE varchar(20)")
    project.declare('Field.string("slug")')
    assert project.refused_serving()[:2] == [
        "Article.title: It is character varying(20) in the database and text here.",
        "Article.slug: It has no column in the table articles, and rows that are there would have "
        "no value for it.",
    ]


def test_eight_that_migrate_at_once_apply_each_migration_once(project: Project) -> None:
    project.make("first")
    with ThreadPoolExecutor(8) as pool:
        said = "".join(pool.map(lambda _: project.up(), range(8)))
    applied = re.findall("applied (.*)", said)
    assert len(applied) == len(set(applied)) == 8
    assert "nothing" in project.up()


def test_eight_that_serve_an_empty_database_at_once_all_serve(project: Project) -> None:
    project.make("first")
    project.declare(*EVERY_KIND[:-1])
    with ExitStack() as servers:
        processes: list[subprocess.Popen[str]] = [
            servers.enter_context(started(project, "blog:app")) for _ in range(8)
        ]
        starts = ["".join(read_start(process).start) for process in processes]
    applied = re.findall(r"applied migration (\S+(?: \(blog\))?)", "".join(starts))
    assert len(applied) == len(set(applied)) == 8


def test_a_wrong_password_or_no_server_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    cli.settings(database_url="postgresql://me:hunter2@127.0.0.1:1/db?connect_timeout=2")
    said = cli.refused("migrate", "up")
    assert "The database cannot be reached." in said
    assert "hunter2" not in said
    assert "hunter2" not in cli.run("doctor").stdout
