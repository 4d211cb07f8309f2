"""An application's migrations by the command: made, applied, taken back, and what serving says."""

import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support.cli import Server, serving, wait_until
from tests.support.project import Project

SECRET = "0123456789abcdef0123456789abcdef"
ID = "00000000-0000-7000-8000-000000000001"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.declare()
    return made


NOTE = 'Field.string("note").nullable()'
RANK = 'Field.integer("rank").default_value(1).sortable()'
STATUS = 'Field.enumeration("status", ["new", "done"]).default_value("new")'

# --- make -----------------------------------------------------------------------------------------


def test_make_writes_both_ways_for_both_databases_and_the_tables(project: Project) -> None:
    assert project.make("articles").splitlines() == [
        "articles is new.",
        "wrote migrations/sqlite/0001_articles.up.sql",
        "wrote migrations/sqlite/0001_articles.down.sql",
        "wrote migrations/postgresql/0001_articles.up.sql",
        "wrote migrations/postgresql/0001_articles.down.sql",
        "wrote migrations/schema.json",
    ]
    assert project.files() == [
        "postgresql/0001_articles.down.sql",
        "postgresql/0001_articles.up.sql",
        "schema.json",
        "sqlite/0001_articles.down.sql",
        "sqlite/0001_articles.up.sql",
    ]
    assert project.read("postgresql/0001_articles.up.sql") == (
        "-- 0001_articles, up: made by apiwright migrate make.\n"
        "-- articles is new.\n\n"
        'CREATE TABLE "articles" (\n'
        '  "id" uuid NOT NULL,\n'
        '  "title" text COLLATE "C" NOT NULL,\n'
        '  "title_key" text COLLATE "C" NOT NULL,\n'
        '  CONSTRAINT "articles_primary_key" PRIMARY KEY (id)\n'
        ");\n"
    )
    assert project.read("sqlite/0001_articles.down.sql").startswith(
        "-- 0001_articles, down: made by apiwright migrate make.\n"
        "-- articles is dropped: all its rows are lost.\n"
    )


def test_make_has_nothing_to_do_twice(project: Project) -> None:
    project.make()
    files = project.files()
    assert project.make() == "nothing to do: what is declared is what the last migration left\n"
    assert project.files() == files


def test_make_counts_on_and_says_what_is_lost(project: Project) -> None:
    project.declare(NOTE)
    project.make("first")
    project.declare(RANK)
    said = project.make("second").splitlines()
    assert said[:4] == [
        "articles.rank is new: rows that are there get 1.",
        "articles.note is dropped: its values are lost.",
        "The index articles_rank is new.",
        "wrote migrations/sqlite/0002_second.up.sql",
    ]
    assert "-- articles.note is dropped: its values are lost.\n" in project.read(
        "sqlite/0002_second.up.sql"
    )


def test_make_takes_hints(project: Project) -> None:
    project.declare(NOTE)
    project.make()
    project.declare('Field.string("remark")')
    hints = ("--rename", "articles.note:remark", "--narrow", "articles.remark")
    assert project.make("hinted", *hints).splitlines()[:2] == [
        "articles.note is renamed to remark.",
        "articles.remark may no longer be null.",
    ]


def test_make_refuses_in_sentences_and_writes_nothing(project: Project) -> None:
    project.make()
    project.declare('Field.string("note")', 'Field.uuid("topic_id").nullable().references("t")')
    assert project.refused_make() == (
        "Article.topic_id: It refers to the table t, which nobody declares."
    )
    project.declare('Field.string("note")', 'Field.string("slug").nullable()')
    assert project.refused_make("step", "--rename", "articles.body:slug").splitlines() == [
        "--rename articles.body:slug: articles had no column body.",
        "Article.note: It is new and may not be null, but rows that are there have no value for "
        "it: give it a default, or make it nullable.",
    ]


@pytest.mark.parametrize("name", ["Add notes", "../evil", "a-b", "", "x" * 61])
def test_make_refuses_a_name_that_is_no_files(project: Project, name: str) -> None:
    assert project.refused_make(name) == (
        f"{name!r} is no name for a migration: take up to 60 of a-z, 0-9 and _, such as add_notes"
    )


def test_make_writes_all_of_its_files_or_none(project: Project) -> None:
    (project.folder / "migrations").mkdir()
    (project.folder / "migrations/postgresql").write_text("in the way")
    said = project.refused_make()
    assert said.endswith("migrations/postgresql cannot be written: File exists")
    assert project.files() == ["postgresql"]


def test_make_refuses_tables_that_it_cannot_read(project: Project) -> None:
    project.make()
    tables = project.folder / "migrations/schema.json"
    text = tables.read_text()
    for broken, sentence in [
        ("<<<<<<< HEAD\n" + text, f"{tables}: "),
        (text.replace('"text"', '"texts"', 1), f"{tables}: tables.articles.columns.title.type: "),
        (text.replace('"format": 1', '"format": 2'), f"{tables}: format: Is of a newer apiwright"),
    ]:
        tables.write_text(broken)
        assert project.refused_make().startswith(sentence)


def test_make_refuses_folders_that_are_not_numbered_alike(project: Project) -> None:
    project.make()
    for half in ("up", "down"):
        (project.folder / f"migrations/sqlite/0002_by_hand.{half}.sql").write_text("SELECT 1;")
    project.declare(NOTE)
    folder = project.folder / "migrations"
    assert project.refused_make() == (
        f"{folder}/sqlite has 2 migrations and {folder}/postgresql 1: write those that are "
        "missing, so that both are numbered alike"
    )
    for half in ("up", "down"):
        (project.folder / f"migrations/postgresql/0002_by_hand.{half}.sql").write_text("SELECT 1;")
    assert "0003_step.up.sql" in project.make()


def test_make_refuses_files_that_are_wrong(project: Project) -> None:
    project.make()
    (project.folder / "migrations/sqlite/0001_step.down.sql").unlink()
    assert project.refused_make() == "0001_step.down.sql: The file is missing."


def test_make_is_for_an_application_of_ours(project: Project) -> None:
    (project.folder / "plain.py").write_text("async def app(scope, receive, send): ...\n")
    assert project.refused("migrate", "make", "x", "--app", "plain:app") == (
        "plain:app declares nothing: it is no apiwright.Backend"
    )
    assert project.run("migrate", "make", "x").returncode == 2


def test_a_users_class_adds_to_apiwrights_own_table(project: Project) -> None:
    fields = '*users_schema().fields, Field.string("nickname").nullable().unique()'
    project.declare(more=f'CoreSchema("Member", [{fields}], table="users")')
    assert "users.nickname is new." in project.make()
    project.up()
    columns = [name for (name,) in project.sql("SELECT name FROM pragma_table_info('users')")]
    assert columns[-2:] == ["nickname", "nickname_key"]
    assert '"email"' not in project.read("schema.json")


# --- up, down, status -----------------------------------------------------------------------------


def test_an_applications_migrations_come_after_apiwrights_and_go_before(project: Project) -> None:
    project.make("first")
    project.declare(NOTE)
    project.make("second")
    assert project.up().splitlines()[-2:] == [
        "applied 0001_first (blog)",
        "applied 0002_second (blog)",
    ]
    assert project.up() == "nothing to apply\n"
    lines = project.ok("migrate", "status", "--app", "blog:app").splitlines()
    assert lines[0].split() == ["scope", "version", "name", "applied", "at"]
    assert [line.split()[:3] for line in lines[-2:]] == [
        ["blog", "0001", "first"],
        ["blog", "0002", "second"],
    ]
    down = ("migrate", "down", "--app", "blog:app", "--steps")
    assert project.ok(*down, "1") == "took back 0002_second (blog)\n"
    taken_back = project.ok(*down, "99").splitlines()
    assert taken_back[0] == "took back 0001_first (blog)"
    assert taken_back[-1] == "took back 0001_users"
    assert project.ok(*down, "1") == "nothing to take back\n"


def test_without_an_application_its_migrations_are_not_looked_at(project: Project) -> None:
    project.make()
    assert "blog" not in project.ok("migrate", "up")
    assert "blog" not in project.ok("migrate", "status")
    assert project.up() == "applied 0001_step (blog)\n"


def test_a_migration_lives_beside_the_module_and_is_remembered_by_its_name(
    project: Project,
) -> None:
    package = project.folder / "shop"
    package.mkdir()
    (package / "__init__.py").touch()
    project.declare(module="shop/main")
    said = project.ok("migrate", "make", "first", "--app", "shop.main:app")
    assert "wrote shop/migrations/sqlite/0001_first.up.sql" in said
    assert "applied 0001_first (shop.main)" in project.ok("migrate", "up", "--app", "shop.main:app")


def test_a_migration_that_fails_half_way_leaves_nothing_and_is_named(project: Project) -> None:
    project.make("first")
    project.up()
    for number, title in enumerate(["Straße", "STRASSE"]):
        project.sql(f"INSERT INTO articles VALUES ('{ID[:-1]}{number}', '{title}', 'strasse')")
    project.declare()
    blog = project.folder / "blog.py"
    blog.write_text(blog.read_text().replace(".searchable()", ".unique()"))
    project.make("unique_titles")
    assert project.refused("migrate", "up", "--app", "blog:app") == (
        "0002_unique_titles: It cannot be run: several rows have one value of articles.title_key."
    )
    assert project.sql("SELECT count(*) FROM articles") == [(2,)]
    status = project.ok("migrate", "status", "--app", "blog:app")
    assert status.splitlines()[-1].split() == ["blog", "0002", "unique_titles", "pending"]


def test_a_migration_that_is_killed_leaves_nothing(project: Project) -> None:
    project.make("first")
    project.up()
    folder = project.folder / "migrations/sqlite"
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    endless = f"CREATE TABLE numbers (i INTEGER);\nINSERT INTO numbers {many};\n"
    (folder / "0002_endless.up.sql").write_text(endless)
    (folder / "0002_endless.down.sql").write_text("DROP TABLE numbers;\n")
    log = project.folder / "apiwright.db-wal"
    process = subprocess.Popen(
        project.command("migrate", "up", "--app", "blog:app"),
        cwd=project.folder,
        env=project.environment,
    )
    try:
        wait_until(lambda: log.exists() and log.stat().st_size > 5_000_000)
    finally:
        process.kill()
        process.wait()
    assert project.sql("SELECT name FROM sqlite_schema WHERE name = 'numbers'") == []
    status = project.ok("migrate", "status", "--app", "blog:app")
    assert status.splitlines()[-1].split() == ["blog", "0002", "endless", "pending"]
    (folder / "0002_endless.up.sql").write_text("CREATE TABLE numbers (i INTEGER);\n")
    assert project.up() == "applied 0002_endless (blog)\n"


# --- serving in development -----------------------------------------------------------------------


def shown(server: Server) -> str:
    return "".join(server.start)


def test_serve_applies_both_scopes_and_adds_what_is_declared(project: Project) -> None:
    project.make("first")
    project.declare(NOTE, STATUS)
    with serving(project, "blog:app") as server:
        said = shown(server)
        assert "applied migration 0001_users" in said
        assert "applied migration 0001_first (blog)" in said
        assert "development: articles.note is new." in said
        assert "development: articles.status is new" in said
    with serving(project, "blog:app") as server:
        assert "development: " not in shown(server)
    assert len(project.sql("SELECT name FROM pragma_table_info('articles')")) == 5


def test_a_project_without_migrations_begins_by_serving(project: Project) -> None:
    with serving(project, "blog:app") as server:
        assert "development: articles is new." in shown(server)
    project.declare('Field.integer("rank")')  # the table is empty, and so far nobody's but serve's
    with serving(project, "blog:app") as server:
        assert "development: articles, which is empty, is made anew." in shown(server)


def test_what_serve_has_added_is_taken_up_by_the_migration_that_says_the_same(
    project: Project,
) -> None:
    with serving(project, "blog:app"):
        pass
    project.sql(f"INSERT INTO articles VALUES ('{ID}', 'Kept', 'kept')")
    project.make("first")
    with serving(project, "blog:app") as server:
        assert "applied migration 0001_first (blog)" in shown(server)
    project.declare(NOTE)
    with serving(project, "blog:app"):
        pass
    project.sql("UPDATE articles SET note = 'mine'")
    blog = project.folder / "blog.py"
    blog.write_text(blog.read_text().replace('"title"', '"headline"'))
    project.make("second", "--rename", "articles.title:headline")
    assert project.up() == "applied 0002_second (blog)\n"
    assert project.sql("SELECT headline, headline_key, note FROM articles") == [
        ("Kept", "kept", "mine")
    ]
    with serving(project, "blog:app") as server:
        assert "development: " not in shown(server)
    assert project.sql("SELECT * FROM schema_drafts") == []


def test_serve_names_make_for_anything_else(project: Project) -> None:
    project.make("first")
    project.up()
    project.sql(f"INSERT INTO articles VALUES ('{ID}', 'A', 'a')")
    project.declare('Field.string("slug")')
    assert project.refused_serving() == [
        "Article.slug: It has no column in the table articles, and rows that are there would have "
        "no value for it.",
        "the database is not as the application declares it; run: apiwright migrate make NAME "
        "--app blog:app",
    ]


def test_serve_tells_times_from_numbers_by_the_last_migration(project: Project) -> None:
    project.declare('Field.integer("due").nullable()')
    project.make("first")
    project.up()
    project.declare('Field.date_time("due").nullable()')
    assert project.refused_serving()[0] == (
        "Article.due: It is integer in the last migration and timestamp here."
    )


def test_serve_refuses_tables_that_cannot_stand_beside_one_another(project: Project) -> None:
    project.declare(more='CoreSchema("Session", [Field.uuid("id")], table="sessions")')
    assert project.refused_serving() == [
        "Session: The table sessions is apiwright's own: give the class another one."
    ]
    assert not (project.folder / "apiwright.db").exists()


# --- serving in production ------------------------------------------------------------------------


@pytest.fixture
def production(project: Project) -> Project:
    project.settings(env="production", secret_key=SECRET)
    return project


def test_production_names_up_for_what_is_pending(production: Project) -> None:
    production.make("first")
    production.ok("migrate", "up")
    assert production.refused_serving() == [
        "the database lacks 1 migration; run: apiwright migrate up --app blog:app"
    ]
    production.up()
    with serving(production, "blog:app") as server:
        assert httpx.get(f"{server.url}/health/ready").status_code == 200


def test_production_names_make_for_what_no_migration_says_and_changes_nothing(
    production: Project,
) -> None:
    production.make("first")
    production.up()
    production.declare(NOTE, RANK)
    before = production.sql("SELECT sql FROM sqlite_schema")
    assert production.refused_serving() == [
        "Article.note: It has no column in the table articles.",
        "Article.rank: It has no column in the table articles.",
        "Article: The index articles_rank is missing.",
        "the database is not as the application declares it; run: apiwright migrate make NAME "
        "--app blog:app",
    ]
    assert production.sql("SELECT sql FROM sqlite_schema") == before


def test_production_without_any_migration_names_make(production: Project) -> None:
    production.ok("migrate", "up")
    assert production.refused_serving()[0] == "Article: The table articles is missing."


def test_production_tells_a_database_that_others_have_changed(production: Project) -> None:
    production.declare(RANK)
    production.make("first")
    production.up()
    production.sql("DROP INDEX articles_rank")
    assert production.refused_serving() == [
        "Article: The index articles_rank is missing.",
        "the migrations say the same as the application, and all of them were applied: something "
        "else has changed the database, so change it back",
    ]


def test_production_serves_while_another_release_has_more(production: Project) -> None:
    production.declare(NOTE, STATUS)
    production.make("first")
    production.up()
    production.sql("CREATE TABLE others (id TEXT)")
    production.declare()
    with serving(production, "blog:app") as server:
        assert httpx.get(f"{server.url}/health/ready").status_code == 200


@pytest.mark.parametrize("name", ["granian", "uvicorn"])
def test_readiness_knows_the_applications_migrations(project: Project, name: str) -> None:
    project.make("first")
    with serving(project, "blog:app", "--server", name) as server:
        assert httpx.get(f"{server.url}/health/ready").status_code == 200
        project.ok("migrate", "down", "--app", "blog:app")
        lacking = httpx.get(f"{server.url}/health/ready")
        assert lacking.status_code == 503
        assert lacking.json()["error"]["message"] == "The database lacks migrations."
        project.up()
        assert httpx.get(f"{server.url}/health/ready").status_code == 200
