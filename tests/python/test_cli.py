import contextlib
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.support.cli import DEADLINE, Cli, Server, serving, started, wait_until

PASSWORD = "correct horse battery"
SECRET = "0123456789abcdef0123456789abcdef"

SLOW_APPLICATION = """
import asyncio
from pathlib import Path

from apiwright import Backend

app = Backend()

@app.get("/slow")
async def slow() -> str:
    Path("started").touch()
    while not Path("finish").exists():
        await asyncio.sleep(0.01)
    return "done"
"""

STUCK_APPLICATION = """
import multiprocessing
import threading
from pathlib import Path

async def app(scope, receive, send):
    raise NotImplementedError

if multiprocessing.current_process().name == "granian-worker":
    Path("loading").touch()
    threading.Event().wait()
"""


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


def refuses_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False


def sign_in(server: Server, email: str, password: str = PASSWORD) -> httpx.Response:
    body = {"email": email, "password": password}
    return httpx.post(f"{server.url}/api/v1/auth/login", json=body)


def register(server: Server, email: str) -> httpx.Response:
    body = {"email": email, "name": "Ada", "password": PASSWORD}
    return httpx.post(f"{server.url}/api/v1/auth/register", json=body)


# --- serve ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("server_name", ["granian", "uvicorn"])
def test_serve_makes_the_tables_and_says_where_it_is(cli: Cli, server_name: str) -> None:
    with serving(cli, "--server", server_name) as server:
        shown = "".join(server.start)
        assert f"{server.url}/docs" in shown
        assert "users create-admin --email you@example.org" in shown
        assert httpx.get(f"{server.url}/docs").status_code == 200
        assert register(server, "ada@example.org").status_code == 201
        assert server.stop() == 0


@pytest.mark.parametrize("server_name", ["granian", "uvicorn"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_what_is_in_flight(cli: Cli, server_name: str, number: int) -> None:
    (cli.folder / "slow.py").write_text(SLOW_APPLICATION)
    answers: list[httpx.Response] = []
    with serving(cli, "slow:app", "--server", server_name) as server:
        asking = threading.Thread(
            target=lambda: answers.append(httpx.get(f"{server.url}/slow", timeout=DEADLINE))
        )
        asking.start()
        wait_until((cli.folder / "started").exists)
        server.process.send_signal(number)
        wait_until(lambda: refuses_connections(server.port))
        assert server.process.poll() is None
        (cli.folder / "finish").touch()
        asking.join()
        assert server.process.wait(DEADLINE) == 0
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, "done")]


def test_an_idle_server_ends_at_once_though_connections_are_kept(cli: Cli) -> None:
    with serving(cli) as server, httpx.Client(base_url=server.url) as client:
        assert client.get("/health/live").status_code == 200
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 5


def test_a_signal_ends_a_worker_that_still_loads_its_application(cli: Cli) -> None:
    (cli.folder / "stuck.py").write_text(STUCK_APPLICATION)
    with started(cli, "stuck:app") as process:
        wait_until((cli.folder / "loading").exists)
        process.terminate()
        assert process.wait(DEADLINE) == 0


def test_workers_end_when_their_parent_is_killed(cli: Cli) -> None:
    with serving(cli, "--workers", "2") as server:
        server.stop(signal.SIGKILL)
        wait_until(lambda: refuses_connections(server.port))


def test_several_workers_serve_and_stop(cli: Cli) -> None:
    with serving(cli, "--workers", "2") as server:
        for number in range(4):
            assert register(server, f"u{number}@example.org").status_code == 201
        assert server.stop() == 0


def test_data_and_sessions_outlive_the_server(cli: Cli) -> None:
    with serving(cli) as server:
        token = register(server, "ada@example.org").json()["data"]["accessToken"]
        assert server.stop() == 0
    with serving(cli) as server:
        me = httpx.get(
            f"{server.url}/api/v1/users/me", headers={"Authorization": f"Bearer {token}"}
        )
        assert me.json()["data"]["email"] == "ada@example.org"


def test_a_taken_port_is_one_sentence(cli: Cli) -> None:
    with serving(cli) as server:
        assert cli.refused("serve", "--port", str(server.port)) == (
            f"port {server.port} is taken: stop what listens there, or choose another with --port"
        )


def test_a_port_taken_by_another_program_is_one_sentence(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert "is taken" in cli.refused("serve", "--port", str(other.getsockname()[1]))


def test_production_serves_only_when_the_database_is_up_to_date(cli: Cli) -> None:
    cli.settings(env="production", secret_key=SECRET)
    assert re.fullmatch(
        r"the database lacks \d+ migrations?; run: apiwright migrate up", cli.refused("serve")
    )
    cli.ok("migrate", "up")
    with serving(cli) as server:
        assert register(server, "ada@example.org").status_code == 201


def test_production_without_a_secret_key_is_refused(cli: Cli) -> None:
    cli.settings(env="production")
    assert cli.refused("serve").startswith("APIWRIGHT_SECRET_KEY is required")


def test_in_json_every_line_is_an_object(cli: Cli) -> None:
    cli.settings(log_format="json", typo="1")
    with serving(cli, "--workers", "2") as server:
        register(server, "ada@example.org")
        assert server.stop() == 0
        assert server.process.stdout is not None
        lines = [json.loads(line) for line in [*server.start, *server.process.stdout]]
    assert {"time", "level", "logger", "message"} <= set.intersection(*map(set, lines))
    messages = [line["message"] for line in lines]
    assert "APIWRIGHT_TYPO is not a setting" in messages
    assert f"serving at {server.url}" in messages


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("main", "'main' is not module:name, such as main:app"),
        ("absent:app", "there is no module 'absent' in {folder}"),
        ("broken:app", "importing 'broken' failed: NameError: name 'x' is not defined ({file}"),
        ("json:app", "module 'json' has no 'app'"),
        ("json:__doc__", "json:__doc__ is not an ASGI application"),
    ],
)
def test_an_application_that_cannot_be_loaded_is_one_sentence(
    cli: Cli, target: str, sentence: str
) -> None:
    (cli.folder / "broken.py").write_text("x\n")
    expected = sentence.format(folder=cli.folder, file=cli.folder / "broken.py")
    assert cli.refused("serve", "--port", "0", target).startswith(expected)
    assert cli.refused("openapi", "--app", target).startswith(expected)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("read = rules.public() or rules.nobody()", "public() is a rule, neither true nor false"),
        ("read = rules.role('a', 'b')", "importing 'blog' failed: TypeError: role() takes 1"),
        ("title = 1", "importing 'blog' failed: NameError: name 'title' is not defined"),
    ],
)
def test_what_is_wrong_in_the_body_of_a_class_is_told_with_its_line(
    cli: Cli, body: str, said: str
) -> None:
    lines = ["from apiwright import Resource, rules", "class Article(Resource):", "  title: str"]
    lines += ["  class Rules:", f"    {body}" if "rules" in body else "    read = title"]
    (cli.folder / "blog.py").write_text("\n".join(lines))
    refused = cli.refused("serve", "--port", "0", "blog:app")
    assert refused.startswith(said)
    assert refused.endswith(f"({cli.folder / 'blog.py'}, line 5)")
    assert len(refused.splitlines()) == 1


@pytest.mark.parametrize("host", ["999.1.1.1", "no.such.host.invalid"])
def test_a_host_that_is_no_address_is_one_sentence(cli: Cli, host: str) -> None:
    assert cli.refused("serve", "--host", host) == f"APIWRIGHT_HOST: {host!r} is not an address"


def test_wrong_settings_are_told_all_at_once(cli: Cli) -> None:
    cli.settings(workers="none", rate_limit="many")
    assert len(cli.refused("serve").splitlines()) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--server", "gunicorn"),
        ("serve", "--port", "65536"),
        ("serve", "a:b", "--app", "c:d"),
        ("migrate", "down", "--steps", "0"),
        ("users", "create-admin"),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_with_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    result = cli.run(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_the_console_script_is_the_same_program(cli: Cli) -> None:
    script = shutil.which("apiwright", path=str(Path(sys.executable).parent))
    assert script is not None
    version = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout == cli.ok("--version")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", version.stdout)


# --- migrate --------------------------------------------------------------------------------------


def statuses(cli: Cli) -> list[str]:
    return [line.split()[-1] for line in cli.ok("migrate", "status").splitlines()[1:]]


def test_migrations_go_up_and_down(cli: Cli) -> None:
    pending = statuses(cli)
    assert set(pending) == {"pending"}
    assert cli.ok("migrate", "up").startswith("applied ")
    moments = statuses(cli)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text) for text in moments)
    assert cli.ok("migrate", "up") == "nothing to apply\n"
    assert cli.ok("migrate", "down").startswith("took back ")
    assert statuses(cli) == [*moments[:-1], "pending"]
    cli.ok("migrate", "down", "--steps", "100")
    assert statuses(cli) == pending
    assert cli.ok("migrate", "down") == "nothing to take back\n"


def test_a_database_in_a_missing_folder_is_one_sentence(cli: Cli) -> None:
    cli.settings(database_url="sqlite:///missing/a.db")
    assert len(cli.refused("migrate", "up").splitlines()) == 1


# --- users ----------------------------------------------------------------------------------------


def test_create_admin_makes_an_admin_who_can_sign_in(cli: Cli) -> None:
    cli.ok("migrate", "up")
    said = cli.ok(
        "users", "create-admin", "--email", "a@example.org", "--password-stdin", stdin=PASSWORD
    )
    assert said == "a@example.org is an admin\n"
    with serving(cli) as server:
        token = sign_in(server, "a@example.org").json()["data"]["accessToken"]
        users = httpx.get(
            f"{server.url}/api/v1/users", headers={"Authorization": f"Bearer {token}"}
        )
        assert [(user["email"], user["roles"]) for user in users.json()["data"]] == [
            ("a@example.org", ["admin"])
        ]


def test_create_admin_promotes_an_existing_user_with_a_new_password(cli: Cli) -> None:
    with serving(cli) as server:
        user = register(server, "a@example.org").json()["data"]["user"]
        cli.ok(
            "users",
            "create-admin",
            "--email",
            "A@example.org",
            "--password-stdin",
            stdin="another good one\n",
        )
        assert sign_in(server, "a@example.org").status_code == 401
        admin = sign_in(server, "a@example.org", "another good one").json()["data"]["user"]
        assert (admin["id"], admin["roles"]) == (user["id"], ["admin"])


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [("nonsense", PASSWORD, "email: "), ("a@example.org", "short", "password: ")],
)
def test_create_admin_refuses_what_registration_refuses(
    cli: Cli, email: str, password: str, field: str
) -> None:
    cli.ok("migrate", "up")
    said = cli.refused(
        "users", "create-admin", "--email", email, "--password-stdin", stdin=password
    )
    assert said.startswith(field)
    assert password not in said


def test_create_admin_needs_the_tables(cli: Cli) -> None:
    said = cli.refused(
        "users", "create-admin", "--email", "a@example.org", "--password-stdin", stdin=PASSWORD
    )
    assert said == "the database is not up to date; run: apiwright migrate up"


@pytest.mark.parametrize("arguments", [[], ["--password-stdin"]])
def test_create_admin_without_a_password_is_one_sentence(cli: Cli, arguments: list[str]) -> None:
    cli.ok("migrate", "up")
    assert "password" in cli.refused(
        "users", "create-admin", "--email", "a@example.org", *arguments
    )


def type_at_terminal(cli: Cli, arguments: list[str], answers: list[str]) -> tuple[int, str]:
    """Runs the command at a terminal, answering each line that ends in a colon."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(cli.folder)
        os.execve(sys.executable, cli.command(*arguments), cli.environment)
    shown = ""
    with contextlib.suppress(OSError):  # how a terminal says that nobody is at its other end
        while chunk := os.read(terminal, 1024).decode():
            shown += chunk
            if answers and shown.endswith(": "):
                os.write(terminal, answers.pop(0).encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown


def test_create_admin_asks_for_the_password_twice_and_shows_it_never(cli: Cli) -> None:
    cli.ok("migrate", "up")
    code, shown = type_at_terminal(
        cli,
        ["users", "create-admin", "--email", "a@example.org"],
        [PASSWORD, "mistyped", PASSWORD, PASSWORD],
    )
    assert code == 0, shown
    assert shown.count("Password: ") == 2
    assert "a@example.org is an admin" in shown
    assert PASSWORD not in shown
    assert "mistyped" not in shown


# --- openapi and doctor ---------------------------------------------------------------------------


def test_openapi_prints_the_document_that_is_served(cli: Cli) -> None:
    document = json.loads(cli.ok("openapi"))
    with serving(cli) as server:
        assert httpx.get(f"{server.url}/openapi.json").json() == document
    cli.ok("openapi", "--output", "api.json")
    assert json.loads((cli.folder / "api.json").read_text("utf-8")) == document


def test_openapi_describes_the_application_that_is_named(cli: Cli) -> None:
    (cli.folder / "slow.py").write_text(SLOW_APPLICATION)
    assert "/slow" in json.loads(cli.ok("openapi", "--app", "slow:app"))["paths"]


def test_openapi_needs_neither_a_database_nor_a_key(cli: Cli) -> None:
    cli.ok("openapi")
    assert list(cli.folder.iterdir()) == []


def test_openapi_into_a_missing_folder_is_one_sentence(cli: Cli) -> None:
    said = cli.refused("openapi", "--output", "missing/api.json")
    assert said == "missing/api.json cannot be written: No such file or directory"


def test_doctor_finds_nothing_wrong_with_a_fresh_folder_and_makes_nothing(cli: Cli) -> None:
    said = cli.ok("doctor")
    assert "APIWRIGHT_RATE_LIMIT = 100/15m\n" in said
    assert "✗" not in said
    assert list(cli.folder.iterdir()) == []


def test_doctor_finds_nothing_wrong_after_serving(cli: Cli) -> None:
    with serving(cli) as server:
        server.stop()
    said = cli.ok("doctor")
    assert "✓ the database is up to date\n" in said
    assert "✓ files that hold data or keys are private\n" in said
    assert "✓ the documentation pages are complete\n" in said


def test_doctor_shows_no_secret(cli: Cli) -> None:
    cli.settings(secret_key=SECRET)
    said = cli.ok("doctor")
    assert "APIWRIGHT_SECRET_KEY = set  (default not set)\n" in said
    assert SECRET not in said


def test_doctor_tells_wrong_settings_and_unknown_ones(cli: Cli) -> None:
    cli.settings(port="x", ratelimit="off")
    result = cli.run("doctor")
    assert result.returncode == 1
    assert "✗ APIWRIGHT_PORT must be a whole number\n" in result.stdout
    assert "! APIWRIGHT_RATELIMIT is not a setting: did you mean" in result.stdout


@pytest.mark.parametrize("name", ["apiwright.db", ".apiwright.key"])
def test_doctor_tells_of_files_that_others_can_read(cli: Cli, name: str) -> None:
    cli.ok("migrate", "up")
    (cli.folder / name).chmod(0o644)
    result = cli.run("doctor")
    assert result.returncode == 1
    assert f"✗ {cli.folder / name} is open to other users" in result.stdout


def test_doctor_tells_of_pending_migrations_in_production(cli: Cli) -> None:
    cli.ok("migrate", "up")
    cli.ok("migrate", "down")
    assert "! migrations pending: 1; apiwright serve applies them" in cli.ok("doctor")
    cli.settings(env="production", secret_key=SECRET)
    result = cli.run("doctor")
    assert result.returncode == 1
    assert "✗ migrations pending: 1; run: apiwright migrate up" in result.stdout


def test_doctor_tells_when_hashing_could_exhaust_the_memory(cli: Cli) -> None:
    cli.settings(hashing_threads="1024", password_memory_kib="1048576")
    result = cli.run("doctor")
    assert result.returncode == 1
    assert "✗ hashing passwords takes up to 1024GiB, but" in result.stdout
    assert "lower APIWRIGHT_HASHING_THREADS" in result.stdout
