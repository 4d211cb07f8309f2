"""What is different with APIWRIGHT_ENV=production."""

from pathlib import Path

from tests.support.api import ME, Api
from tests.support.server import serving


def test_production_serves_with_strict_transport_security(tmp_path: Path) -> None:
    with serving(tmp_path) as server, Api(server) as api:
        ada = api.register()
    with serving(tmp_path, env="production") as server, Api(server) as api:
        for response in (api.get("/health"), api.get("/nope"), api.get(ME, auth=ada)):
            promised = response.headers["strict-transport-security"]
            assert promised == "max-age=31536000; includeSubDomains"
        assert api.get("/docs").status_code == 200
