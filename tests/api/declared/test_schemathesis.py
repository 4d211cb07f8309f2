"""What schemathesis makes of the OpenAPI document, answered by a server: nothing is found wrong."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.api.declared.conftest import SHOP
from tests.support import contract
from tests.support.api import Api, make_admin
from tests.support.server import serving

CONFIG = Path(__file__).with_name("schemathesis.toml")
CASES = 5  # for each operation, besides those that the document's own bounds make
TIME_LIMIT = 300


def test_schemathesis_finds_nothing(lane: str, tmp_path: Path):  # noqa: ARG001 - it serves in it
    shutil.copy(SHOP, tmp_path)
    with serving(tmp_path, "shop:app") as server:
        described = contract.Described(json.loads(server.run("openapi", "--app", "shop:app")))
        with Api(server, described=described) as api:
            admin = make_admin(server, api)
        arguments = [
            f"{server.url}/openapi.json",
            f"--header=Authorization: Bearer {admin.access}",
            f"--max-examples={CASES}",
            "--continue-on-failure",
            "--no-color",
        ]
        program = Path(sys.executable).with_name("schemathesis")
        found = subprocess.run(
            [program, f"--config-file={CONFIG}", "run", *arguments],
            cwd=tmp_path,
            env={**os.environ, "NO_PROXY": "127.0.0.1", "SCHEMATHESIS_HOOKS": ""},
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        tested = re.search(r"Tested: +(\d+)", found.stdout)
        assert tested and int(tested[1]) > 60, found.stdout
        assert server.process.poll() is None
        assert "Traceback" not in server.log
