"""The same application on uvicorn: a smoke test."""

from pathlib import Path

from tests.support.api import LOGOUT, ME, Api
from tests.support.contract import refused
from tests.support.raw import exchange, head
from tests.support.server import serving


def test_users_sign_up_in_and_out_on_uvicorn(tmp_path: Path) -> None:
    with serving(tmp_path, "--server", "uvicorn") as server, Api(server) as api:
        ada = api.register()
        assert api.get(ME, auth=ada).json()["data"]["email"] == ada.email
        assert refused(api.login(ada.email, "wrong"), 401, "INVALID_CREDENTIALS") == set()
        assert api.refresh(ada.refresh).status_code == 200
        assert api.post(LOGOUT, auth=ada).status_code == 204
        assert not api.is_signed_in(ada)
        assert refused(api.get("/nope"), 404, "NOT_FOUND") == set()
        assert refused(api.put("/health"), 405, "METHOD_NOT_ALLOWED") == set()
        get, without = api.get("/health"), api.head("/health")
        assert (without.status_code, without.content) == (200, b"")
        assert without.headers["content-length"] == get.headers["content-length"]
        assert api.options(ME).status_code == 204
        length = str(10 * 1024 * 1024 + 1)
        too_large = exchange(server, head("POST", "/api/v1/auth/login", content_length=length))
        assert too_large.status == 413
        line = server.wait_for_request(get.headers["x-request-id"])
        assert line["status"] == 200
        server.ask_to_stop()
        assert server.wait() == 0
