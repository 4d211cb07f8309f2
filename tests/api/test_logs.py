"""What is logged, and what never is."""

import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.api import (
    JSON_ROUTES,
    LOGIN,
    ME,
    TOKEN,
    USERS,
    Api,
    fresh_email,
    make_admin,
)
from tests.support.raw import exchange, head
from tests.support.server import SECRET_KEY, Server, serving

APPLICATION = """
from apiwright import Backend

app = Backend()

@app.get("/crash")
async def crash():
    raise RuntimeError("what only operators may read")
"""


@pytest.fixture(scope="module")
def logged(lane: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("logged")
    (folder / "crashing.py").write_text(APPLICATION)
    with serving(folder, "crashing:app", log_level="debug") as server:
        yield server


def test_each_request_is_one_json_line_with_its_id(logged: Server) -> None:
    with Api(logged) as api:
        ada = api.register()
        response = api.get(ME, auth=ada)
        line = logged.wait_for_request(response.headers["x-request-id"])
    assert set(line) == {
        "time",
        "level",
        "logger",
        "message",
        "requestId",
        "method",
        "path",
        "status",
        "bytes",
        "durationMs",
        "client",
        "user",
    }
    assert (line["method"], line["path"], line["status"]) == ("GET", ME, 200)
    assert line["bytes"] == len(response.content)
    assert (line["client"], line["user"]) == ("127.0.0.1", ada.id)
    assert 0 < line["durationMs"] < 30_000
    assert datetime.fromisoformat(line["time"]).tzinfo is not None


def test_every_answer_has_exactly_one_line(logged: Server) -> None:
    with Api(logged) as api:
        responses = [
            api.get("/health"),
            api.get("/nope"),
            api.options(ME),
            api.head("/health"),
            api.put("/health"),
            api.post(LOGIN, content=b"{", headers={"Content-Type": "application/json"}),
            api.get("/crash"),
        ]
    for response in responses:
        request_id = response.headers["x-request-id"]
        assert logged.wait_for_request(request_id)["status"] == response.status_code
        lines = [line for line in logged.lines() if line.get("requestId") == request_id]
        requests = [line for line in lines if line["logger"] == "apiwright.request"]
        assert len(requests) == 1


def test_a_crash_is_logged_whole_with_the_requests_id(logged: Server) -> None:
    with Api(logged) as api:
        request_id = api.get("/crash").headers["x-request-id"]
    logged.wait_for_request(request_id)
    lines = [line for line in logged.lines() if line.get("requestId") == request_id]
    (error,) = [line for line in lines if line["level"] == "error"]
    assert "what only operators may read" in error["traceback"]
    assert error["exception"] == "builtins.RuntimeError"


def test_a_client_cannot_forge_lines(logged: Server) -> None:
    forged = '{"level": "error", "forged": true}'
    with Api(logged) as api:
        for path in (f"/%0a{forged}", '/"},{"x":"y', "/\u2028x"):
            response = api.get(path)
            logged.wait_for_request(response.headers["x-request-id"])
    answer = exchange(logged, head("GET", '/"quoted"\\', x_request_id="raw-1"))
    if answer.status == 404:
        logged.wait_for_request("raw-1")
    assert not any(line.get("forged") for line in logged.lines())


def test_the_query_is_not_logged(logged: Server) -> None:
    with Api(logged) as api:
        response = api.get("/nope?access_token=abcdefghijk")
    line = logged.wait_for_request(response.headers["x-request-id"])
    assert line["path"] == "/nope"


def test_neither_passwords_nor_tokens_are_ever_logged(logged: Server) -> None:
    """Secrets in their places, in wrong places, in good requests and in hostile ones."""
    password = f"pass-{secrets.token_hex(12)}"
    json_type = {"Content-Type": "application/json"}
    with Api(logged) as api:
        admin = make_admin(logged, api)
        ada = api.register(password=password)
        second = api.refresh(ada.refresh).json()["data"]
        tokens = [ada.access, ada.refresh, second["accessToken"], second["refreshToken"]]
        last = None
        for secret in (password, *tokens):
            for body in (
                {"email": secret, "name": secret, "password": secret},
                {secret: secret},
                {"email": fresh_email(), "name": "A", "password": {"value": secret}},
                {"refreshToken": secret + "x"},
                {"currentPassword": secret, "newPassword": secret, "email": [secret]},
            ):
                for method, path in JSON_ROUTES:
                    api.request(method, path, json=body, auth=admin)
            for content in (secret.encode(), f'{{"password": "{secret}'.encode(), b"\xff"):
                api.post(LOGIN, content=content, headers=json_type)
                api.post(TOKEN, content=content, headers={"Content-Type": "application/" + "x"})
            api.post(TOKEN, data={"grant_type": secret, "password": secret, secret: secret})
            api.get(f"{USERS}?search={secret[:100]}&{secret}={secret}&sort={secret}", auth=admin)
            api.get(f"/crash?password={secret}")
            for name in ("User-Agent", "Referer", "Cookie", "X-Api-Key", "Accept", "Origin"):
                api.get("/crash", headers={name: secret, "Idempotency-Key": secret})
            api.post(LOGIN, json={}, headers={"Authorization": f"Basic {secret}"})
            last = api.get(ME, headers={"Authorization": f"Bearer {secret}y"})
        assert last is not None
        logged.wait_for_request(last.headers["x-request-id"])
    log = logged.log
    for secret in (password, *tokens, SECRET_KEY):
        assert secret not in log
    # The signature alone would do, too.
    assert ada.access.rpartition(".")[2] not in log
    assert not re.search(r"\$argon2", log)


def test_control_characters_of_a_path_reach_no_terminal(logged: Server) -> None:
    answer = exchange(logged, head("GET", "/%1b[31m%0d%0aforged", x_request_id="control-1"))
    assert answer.status == 404
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", logged.log)
    assert logged.wait_for_request("control-1")["path"] == "/%1b[31m%0d%0aforged"
