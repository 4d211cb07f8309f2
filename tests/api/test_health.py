"""/health, /health/live, /health/ready."""

import pytest

from tests.support.api import Api
from tests.support.contract import refused
from tests.support.server import serving

pytestmark = pytest.mark.one_lane("what is asked here is written in Python")


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
def test_a_healthy_server_answers_200(api: Api, path: str) -> None:
    response = api.get(path)
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert response.headers["cache-control"] == "no-store"


def test_a_bad_token_does_not_make_a_server_unhealthy(api: Api) -> None:
    response = api.get("/health/ready", headers={"Authorization": "Bearer nonsense"})
    assert response.status_code == 200


def test_ready_is_503_while_migrations_are_missing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("behind")) as server, Api(server) as api:
        assert api.get("/health/ready").status_code == 200
        server.run("migrate", "down")
        response = api.get("/health/ready")
        assert refused(response, 503, "UNAVAILABLE") == set()
        assert int(response.headers["retry-after"]) > 0
        assert api.get("/health/live").status_code == 200
        server.run("migrate", "up")
        assert api.get("/health/ready").status_code == 200


def test_a_missing_table_is_no_internal_of_ours(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("broken")) as server, Api(server) as api:
        server.run("migrate", "down", "--steps", "100")
        response = api.login("a@example.org")
        assert response.status_code in (500, 503)
        request_id = response.headers["x-request-id"]
        assert any(
            line["level"] == "error" and line.get("requestId") == request_id
            for line in server.lines()
        )
