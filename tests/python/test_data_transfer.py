"""apiwright data export and import."""

import contextlib
import json
import os
import pty
import shutil
import signal
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli import Cli, wait_until

SHOP = Path(__file__).parents[1] / "api/declared/shop.py"

THINGS = """
from typing import Annotated, Any

from apiwright import Backend, Len, Resource, User, rules, unique, write_only


class Member(User):
    nickname: str | None = "none yet"


class Thing(Resource, path="small-things"):
    name: Annotated[str, Len(0, 200)]
    memo: str | None = "none yet"
    count: int = 0
    anything: Any = None
    pin: Annotated[str | None, write_only] = None


class Tag(Resource):
    name: Annotated[str, unique]


app = Backend(resources=[Member, Thing, Tag])
"""


def in_folder(folder: Path, application: str) -> Cli:
    cli = Cli(folder)
    cli.ok("migrate", "make", "first", "--app", application)
    cli.ok("migrate", "up", "--app", application)
    return cli


@pytest.fixture
def things(tmp_path: Path) -> Cli:
    (tmp_path / "things.py").write_text(THINGS)
    return in_folder(tmp_path, "things:app")


def imports(cli: Cli, name: str, file: str, *options: str) -> str:
    return cli.ok("data", "import", name, file, "--app", "things:app", *options)


def refuses(cli: Cli, name: str, file: str, *options: str) -> list[str]:
    """The sentences of a refusal."""
    return cli.refused("data", "import", name, file, "--app", "things:app", *options).splitlines()


def exported(cli: Cli, name: str = "Thing") -> list[dict[str, Any]]:
    text = cli.ok("data", "export", name, "-", "--format", "ndjson", "--app", "things:app")
    return [json.loads(line) for line in text.splitlines()]


def write_rows(cli: Cli, *rows: dict[str, Any], name: str = "rows.ndjson") -> str:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (cli.folder / name).write_text(text)
    return name


@contextlib.contextmanager
def database(cli: Cli) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(cli.folder / "apiwright.db")) as connection:
        yield connection


# --- round trips ----------------------------------------------------------------------------------

CATEGORY = "01a00000-0000-7000-8000-000000000001"
PRODUCTS: list[dict[str, Any]] = [
    {"sku": "AA-0001", "name": "Plain", "price": "0.01"},
    {
        "id": "01a00000-0000-7000-8000-00000000000a",
        "sku": "AA-0002",
        "name": 'Zoë\'s "best", \r\n=1+1',
        "size": "large",
        "price": "1234567890.10",
        "cost": "1.00",
        "stock": 9007199254740993,
        "weight": 1e-300,
        "origin": {"country": "NZ", "maker": None},
        "attributes": {"": [None, True, 1.5, "é\u2028"], "x": {"y": {}}},
        "labels": ["", "a,b", "\U0001f600"],
        "version": 12,
        "createdAt": "1969-07-20T20:17:40.123Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
    },
]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_what_was_exported_is_imported_elsewhere_and_exported_the_same(tmp_path: Path, form: str):
    def shop(name: str) -> Cli:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(SHOP, folder)
        return in_folder(folder, "shop:app")

    def move(cli: Cli, what: str, *arguments: str) -> str:
        return cli.ok("data", what, *arguments, "--app", "shop:app")

    here, there = shop("here"), shop("there")
    rows = [{"categoryId": CATEGORY, **product} for product in PRODUCTS]
    write_rows(here, {"id": CATEGORY, "name": "Toys"}, name="categories.jsonl")
    assert (
        move(here, "import", "categories", "categories.jsonl") == "imported 1 row into categories\n"
    )
    move(here, "import", "Product", write_rows(here, *rows))

    for resource in ["Category", "Product"]:
        file = f"{resource}.{form}"
        move(here, "export", resource, file)
        move(there, "import", resource, str(here.folder / file))
        move(there, "export", resource, file)
        assert (there.folder / file).read_bytes() == (here.folder / file).read_bytes()
    lines = move(there, "export", "products", "-", "--format", "ndjson").split("\n")[:-1]
    held = next(row for row in map(json.loads, lines) if row["sku"] == "AA-0002")
    assert held == rows[1]


def test_a_file_of_rows_is_its_owners_alone(things: Cli):
    imports(things, "Thing", write_rows(things, {"name": "a"}))
    said = things.ok("data", "export", "small-things", "out.csv", "--app", "things:app")
    assert said == "exported 1 row of things\n"
    assert stat.S_IMODE((things.folder / "out.csv").stat().st_mode) == 0o600


def test_null_empty_text_and_what_was_left_out_are_told_apart_in_csv(things: Cli):
    (things.folder / "in.csv").write_text('name,memo,count\n"","",\nb,,5\n')
    imports(things, "Thing", "in.csv")
    (things.folder / "in2.csv").write_text("name\nc\n")
    imports(things, "Thing", "in2.csv")
    assert [(row["name"], row["memo"], row["count"]) for row in exported(things)] == [
        ("", "", 0),
        ("b", None, 5),
        ("c", "none yet", 0),
    ]


def test_what_no_answer_shows_may_be_imported_and_is_not_exported(things: Cli):
    imports(things, "Thing", write_rows(things, {"name": "a", "pin": "1234"}))
    assert "pin" not in exported(things)[0]
    with database(things) as connection:
        assert connection.execute("SELECT pin FROM things").fetchall() == [("1234",)]


def test_users_are_exported_without_passwords_and_imported_without_any(things: Cli):
    password = "correct horse battery"
    things.ok(
        "users", "create-admin", "--email", "ada@example.org", "--password-stdin", stdin=password
    )
    (ada,) = exported(things, "Member")
    assert set(ada) == {
        "id", "email", "name", "status", "roles", "nickname", "version", "createdAt", "updatedAt",
    }  # fmt: skip
    imports(things, "users", write_rows(things, {"email": "eve@example.org", "name": "Eve"}))
    assert [row["email"] for row in exported(things, "users")] == [
        "ada@example.org",
        "eve@example.org",
    ]
    for member in ["password", "passwordHash", "password_hash", "deletedAt"]:
        row = {"email": "x@example.org", "name": "X", member: "correct horse"}
        assert refuses(things, "users", write_rows(things, row)) == [
            f"line 1: {member}: Is not a known field. (unknown)",
            "nothing was imported; wrong rows: 1 of 1",
        ]


# --- wrong rows -----------------------------------------------------------------------------------


def test_every_wrong_line_is_named_and_nothing_is_imported(things: Cli):
    (things.folder / "bad.ndjson").write_text(
        '{"name": "fine"}\n{"name": 1, "count": "x", "color": "red"}\n{"name": "a"\n\n[]\n{}\n'
    )
    assert refuses(things, "Thing", "bad.ndjson") == [
        "line 2: name: Must be a string. (type)",
        "line 2: count: Must be a whole number. (type)",
        "line 2: color: Is not a known field. (unknown)",
        "line 3: The JSON ends too early at byte 13. (json)",
        "line 5: Must be a JSON object. (type)",
        "line 6: name: Is required. (required)",
        "nothing was imported; wrong rows: 4 of 5",
    ]
    assert exported(things) == []


def test_a_hundred_wrong_lines_are_named_and_the_others_counted(things: Cli):
    told = refuses(things, "Thing", write_rows(things, *[{}] * 250))
    assert told[99:] == [
        "line 100: name: Is required. (required)",
        "and 150 more wrong rows",
        "nothing was imported; wrong rows: 250 of 250",
    ]


def test_a_header_that_names_no_field_is_refused(things: Cli):
    (things.folder / "in.csv").write_text("name,colour\na,red\n")
    assert refuses(things, "Thing", "in.csv") == [
        "line 1: there is no field 'colour'; the fields are id, name, memo, count, anything, pin, "
        "version, createdAt, updatedAt"
    ]


def test_what_the_database_refuses_is_named_by_its_line(things: Cli):
    rows = [{"name": "a"}, {"name": "b"}, {"name": "A"}, {"name": "B"}]
    assert refuses(things, "Tag", write_rows(things, *rows)) == [
        "line 3: name: Is taken already. (unique)",
        "line 4: name: Is taken already. (unique)",
        "the database refuses these rows; those before are in, and the same command goes on once "
        "this is mended in place",
    ]
    assert exported(things, "Tag") == []
    write_rows(things, *rows[:2], {"name": "c"}, {"name": "d"})
    assert imports(things, "Tag", "rows.ndjson") == "imported 4 rows into tags\n"


def test_a_dry_run_checks_and_stores_nothing(things: Cli):
    file = write_rows(things, {"name": "a"}, {"name": "b"})
    assert imports(things, "Thing", file, "--dry-run") == "2 rows could be imported into things\n"
    assert exported(things) == []
    refuses(things, "Thing", write_rows(things, {}), "--dry-run")


def test_a_row_that_is_there_with_other_values_is_refused_or_skipped(things: Cli):
    row = {"id": "01a00000-0000-7000-8000-000000000001", "name": "a"}
    imports(things, "Thing", write_rows(things, row))
    assert imports(things, "Thing", "rows.ndjson") == (
        "imported 0 rows into things; 1 of the file were there\n"
    )
    other = write_rows(things, {**row, "name": "b"}, {"name": "c"})
    assert refuses(things, "Thing", other)[0] == (
        "line 1: id: Is there with another value of `name`. (conflict)"
    )
    assert imports(things, "Thing", other, "--on-conflict", "skip") == (
        "imported 1 row into things; 1 of the file were there\n"
    )
    assert [row["name"] for row in exported(things)] == ["a", "c"]


# --- interruptions --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_an_import_that_was_killed_goes_on_without_doubles(things: Cli, form: str):
    count = 30_000
    if form == "csv":
        text = "name,count\n" + "".join(f"thing {i},{i}\n" for i in range(count))
    else:
        text = "".join(f'{{"name": "thing {i}", "count": {i}}}\n' for i in range(count))
    file = f"rows.{form}"
    (things.folder / file).write_text(text)
    command = things.command("data", "import", "Thing", file, "--app", "things:app")
    process = subprocess.Popen(command, cwd=things.folder, env=things.environment)
    query = "SELECT count(*), count(DISTINCT count), max(count) FROM things"
    with database(things) as connection:
        wait_until(lambda: connection.execute(query).fetchone()[0] > 0)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        stored = connection.execute(query).fetchone()
        assert 0 < stored[0] < count
        said = imports(things, "Thing", file)
        assert said == (
            f"imported {count - stored[0]} rows into things; {stored[0]} of the file were there\n"
        )
        assert connection.execute(query).fetchone() == (count, count, count - 1)
    assert not (things.folder / f"{file}.importing").exists()


def test_what_an_import_left_that_is_something_else_is_refused(things: Cli):
    path = things.folder / "rows.ndjson.importing"
    path.write_text("{}")
    path.chmod(0o600)
    assert refuses(things, "Thing", write_rows(things, {"name": "a"})) == [
        "rows.ndjson.importing is not what an interrupted import leaves: move it away, or delete "
        "it if no row of this file was imported"
    ]


# --- files, formats, names ------------------------------------------------------------------------


def test_standard_input_and_output_take_rows(things: Cli):
    arguments = ("Thing", "-", "--format", "csv", "--app", "things:app")
    said = things.ok("data", "import", *arguments, stdin="name,count\na,1\nb,2\n")
    assert said == "imported 2 rows into things\n"
    assert things.ok("data", "export", *arguments).splitlines()[0] == (
        "id,name,memo,count,anything,version,createdAt,updatedAt"
    )


def test_the_application_of_apiwright_itself_has_users(tmp_path: Path):
    cli = Cli(tmp_path)
    cli.ok("migrate", "up")
    assert cli.ok("data", "export", "users", "users.csv") == "exported 0 rows of users\n"


UNTOLD = "{} does not tell its format by its suffix; give --format ndjson or csv"
RESOURCES = "the application has no resource 'Stone'; it has: Member, Thing, Tag"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import", "Thing", "none.csv"), "none.csv: No such file or directory"),
        (("export", "Thing", "no/where.csv"), "no/where.csv: No such file or directory"),
        (("import", "Thing", "."), UNTOLD.format("'.'")),
        (("import", "Thing", ".", "--format", "csv"), ".: Is a directory"),
        (("export", "Thing", "a.txt"), UNTOLD.format("'a.txt'")),
        (
            ("export", "Thing", "a", "--format", "xml"),
            "there is no format 'xml'; it is ndjson or csv",
        ),
        (("export", "Stone", "a.csv"), RESOURCES),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(things: Cli, arguments, sentence):
    assert things.refused("data", *arguments, "--app", "things:app") == sentence
    assert sorted(path.suffix for path in things.folder.iterdir() if "csv" in path.name) == []


def test_a_database_that_is_not_up_to_date_is_refused(tmp_path: Path):
    cli = Cli(tmp_path)
    said = cli.refused("data", "export", "users", "users.csv")
    assert "run: apiwright migrate up" in said
    assert not (tmp_path / "users.csv").exists()


def test_a_reader_that_goes_away_ends_an_export_quietly(things: Cli):
    imports(things, "Thing", write_rows(things, *[{"name": "x" * 200}] * 5000))
    arguments = ("data", "export", "Thing", "-", "--format", "csv", "--app", "things:app")
    process = subprocess.Popen(
        things.command(*arguments),
        cwd=things.folder,
        env=things.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 1 and "Traceback" not in told


def test_a_terminal_shows_a_bar(things: Cli):
    file = write_rows(things, *[{"name": "a"}] * 20)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(things.folder)
        command = things.command("data", "import", "Thing", file, "--app", "things:app")
        os.execve(command[0], command, things.environment)
    shown = b""

    def is_over() -> bool:
        nonlocal shown
        with contextlib.suppress(OSError):
            shown += os.read(terminal, 4096)
        return b"imported 20 rows" in shown

    wait_until(is_over)
    os.close(terminal)
    os.waitpid(process, 0)
    assert b"importing [##############################] 100%" in shown
