"""Measures apiwright over HTTP: ./dev bench [--peers DIR] [--only ROWS] [--work WORKS] [--quick]

Prints Markdown and keeps it in build/bench/http.md, the figures in build/bench/http.json.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import asdict
from pathlib import Path

from bench.http import rows, seed
from bench.http.measure import Figures, Pace, measure
from bench.http.report import Results, report
from bench.http.rows import FEW, ROOT, SHARED, Row, Work
from bench.http.servers import LOAD_CORE, Server, Wrong
from bench.http.works import verify

FOLDER = ROOT / "build/bench"
QUICK = Pace(warm_up=1, seconds=2, runs=1)


def main() -> int:
    asked = _arguments()
    pace = QUICK if asked.quick else Pace()
    servers, works, environment = rows.load()
    chosen = [work for work in works.values() if _is_asked(work.name, asked.work)]
    os.sched_setaffinity(0, {LOAD_CORE})  # wrk and the writers with it; servers are pinned apart
    FOLDER.mkdir(parents=True, exist_ok=True)
    results: Results = {}
    failures: list[str] = []
    if asked.peers:
        shared = [work.name for work in chosen if work.name in SHARED]
        chosen = [work for work in chosen if work.name not in SHARED]
        results |= _run_peers(asked, servers, shared, environment)
    for row in servers:
        if _is_asked(row.name, asked.only) and not row.has_server:
            found = _measure_row(row, chosen, pace, environment, failures)
            results[row.name] = results.get(row.name, {}) | found
    if not any(results.values()) and not failures:
        sys.exit("Nothing was measured: no row or no work is called that.")
    text = report(_ours_first(results, servers), works.values(), pace)
    if failures:
        text += "\n### Not measured\n\n" + "".join(f"* {failure}\n" for failure in failures)
    _keep(results, text)
    print(f"\n{text}")
    return 1 if failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench", description="Measures apiwright over HTTP; bench/README.md says how."
    )
    parser.add_argument(
        "--peers", type=Path, metavar="DIR", help="also other servers, with the harness in DIR"
    )
    parser.add_argument("--only", help="rows, with commas; a trailing * stands for any rest")
    parser.add_argument("--work", help="works, with commas: hello,get,list,…")
    parser.add_argument("--quick", action="store_true", help="one run of 2 s: a look only")
    return parser.parse_args()


def _is_asked(name: str, list_: str | None) -> bool:
    if list_ is None:
        return True
    return any(
        name == word or (word.endswith("*") and name.startswith(word[:-1]))
        for word in list_.split(",")
    )


def _measure_row(
    row: Row, works: list[Work], pace: Pace, environment: dict[str, str], failures: list[str]
) -> dict[str, Figures]:
    """A fresh server for each number of users; what creates comes last, for it changes the rest."""
    found: dict[str, Figures] = {}
    todo = [work for work in works if work.name in row.works]
    todo.sort(key=lambda work: (work.users, work.like == "create"))
    for users, group in itertools.groupby(todo, key=lambda work: work.users):
        try:
            with Server(row, FOLDER, environment).start(users) as server:
                for work in group:
                    try:
                        verify(server, work)
                        found[work.name] = measure(server, work, pace)
                    except (Wrong, OSError) as error:
                        failures.append(f"{row.name}: {error}")
                    _tell(row, work, found.get(work.name))
        except (Wrong, OSError) as error:
            failures.append(f"{row.name}: {error}")
    return found


def _tell(row: Row, work: Work, figures: Figures | None) -> None:
    words = "not measured"
    if figures:
        words = f"{figures.cpu_us:10,.1f} µs {figures.rate:10,.0f}/s   others {figures.others:.0%}"
    print(f"{row.name:20} {work.name:20} {words}", flush=True)


# --- with the harness for other servers -----------------------------------------------------------


def _run_peers(
    asked: argparse.Namespace, servers: list[Row], works: list[str], environment: dict[str, str]
) -> Results:
    """The works that every server has, ours too, in that harness's one pass."""
    folder: Path = asked.peers.absolute()
    theirs = tomllib.loads((folder / "peers.toml").read_text("utf-8"))["peers"]
    names = [row.name for row in servers] + [row["name"] for row in theirs]
    only = [name for name in names if _is_asked(name, asked.only)]
    filled, measured = FOLDER / "rows.toml", FOLDER / "peers.json"
    filled.write_text(rows.text(), "utf-8")
    measured.write_text("{}", "utf-8")
    database = seed.seed(FOLDER / "data", FEW, environment)
    script = Path(__file__).with_name("peers.py")
    command: list[str | Path] = [_python_of_peers(), script, folder, filled, database, measured]
    command.append(sys.executable)
    command += ["--only", ",".join(only), "--work", ",".join(works)]
    subprocess.run(command + (["--quick"] if asked.quick else []), check=True)
    return _results(measured)


def _python_of_peers() -> str:
    build = os.environ.get("PEERS_BUILD") or Path(tempfile.gettempdir()) / "peers"
    python = Path(build) / "venv/bin/python"
    if not python.exists():
        sys.exit(f"There is no {python}: run the setup.sh of that folder first; see its README.")
    return str(python)


def _results(file: Path) -> Results:
    content = json.loads(file.read_text("utf-8"))
    return {
        row: {work: Figures(**figures) for work, figures in works.items()}
        for row, works in content.items()
    }


# --- keeping --------------------------------------------------------------------------------------


def _ours_first(results: Results, servers: list[Row]) -> Results:
    ours = {row.name: results[row.name] for row in servers if row.name in results}
    return ours | results


def _keep(results: Results, text: str) -> None:
    figures = {
        row: {work: asdict(found) for work, found in works.items()}
        for row, works in results.items()
    }
    (FOLDER / "http.json").write_text(json.dumps(figures, indent=1), "utf-8")
    (FOLDER / "http.md").write_text(text, "utf-8")


sys.exit(main())
