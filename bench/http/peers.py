"""Runs the harness for other servers on its own rows and ours. In its own Python environment:
    python peers.py FOLDER ROWS SEED RESULTS PYTHON [its arguments]

FOLDER holds that harness (run.py, data.py, peers.toml), ROWS is our rows.toml filled in, SEED a
database of ours, PYTHON an interpreter that has apiwright. RESULTS becomes JSON: figures by row and
work, as measure.Figures.
"""

import importlib
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True  # the folder is not ours

Measured = dict[str, Any]


def main() -> None:
    folder, rows, seed, results = (Path(argument) for argument in sys.argv[1:5])
    python = sys.argv[5]
    sys.path.insert(0, str(folder))
    harness, data = importlib.import_module("run"), importlib.import_module("data")
    _teach_our_databases(data, seed, python)
    _check_ours_as_the_others(harness)
    _record(harness, results)
    both = results.with_suffix(".toml")
    both.write_text((folder / "peers.toml").read_text("utf-8") + rows.read_text("utf-8"), "utf-8")
    harness.os.environ.update(tomllib.loads(both.read_text("utf-8"))["environment"])
    sys.argv = ["run.py", "--peers", str(both), *sys.argv[6:]]
    harness.main()


def _teach_our_databases(data: Any, seed: Path, python: str) -> None:
    others = data.Data.fresh

    def fresh(self: Any, kind: str, name: str) -> tuple[str, list[dict[str, Any]]]:
        if kind == "apiwright":
            database = _copied(seed, self.dir / f"{name}.db")
        elif kind == "apiwright-postgres":
            database = _on_server(self.pg, name, python)
        else:
            found: tuple[str, list[dict[str, Any]]] = others(self, kind, name)
            return found
        # It signs in the first half in turn; ours lets nobody in who is inactive.
        return database, sorted(data.users(), key=lambda user: user["status"] != "active")

    data.Data.fresh = fresh


def _copied(seed: Path, database: Path) -> str:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(seed, database)
    return str(database)


def _on_server(server: Any, name: str, python: str) -> str:
    """The same users in a database of the harness's server."""
    database = "p_" + name.replace("-", "_")
    server.start()
    server.sql(
        f"DROP DATABASE IF EXISTS {database} WITH (FORCE)",
        f"CREATE DATABASE {database}",
    )
    address: str = server.address(database)
    subprocess.run([python, "-m", "bench.http.seed", f"postgresql://{address}"], check=True)
    return address


def _check_ours_as_the_others(harness: Any) -> None:
    check = harness.check
    harness.check = lambda api, *arguments: check("common" if api == "ours" else api, *arguments)


def _record(harness: Any, results: Path) -> None:
    measure, measured = harness.Row.measure, dict[str, dict[str, Measured]]()

    def recorded(self: Any, work: str) -> Measured:
        found: Measured = measure(self, work)
        uses_postgres = self.p["db"] in ("postgres", "gotrue", "apiwright-postgres")
        measured.setdefault(self.name, {})[work] = {
            "cpu_us": found["cpu_us"],
            "cpu_us_runs": [cpu_us for _, cpu_us, _ in found["runs"]],
            "rate": found["rps"],
            "p50_ms": found["p50_ms"],
            "p99_ms": found["p99_ms"],
            "pss_mib": found["pss_mib"],
            "others": found["foreign"],
            # Once started, PostgreSQL is counted in every row, idle or not.
            "database_cpu_us": found["db_cpu_us"] if uses_postgres and work != "hello" else 0,
        }
        results.write_text(json.dumps(measured), "utf-8")
        return found

    harness.Row.measure = recorded


main()
