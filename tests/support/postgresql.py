"""A private PostgreSQL server on a socket in a folder of its own; Debian's packages have it.

`python3 postgresql.py COMMAND…` runs a command beside one and its PgBouncer, whose URLs it finds in
its environment.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

URL_VARIABLE = "APIWRIGHT_TEST_POSTGRESQL_URL"
POOLER_VARIABLE = "APIWRIGHT_TEST_PGBOUNCER_URL"
_PGBOUNCER = """
[databases]
* = host={sockets} user=test
[pgbouncer]
unix_socket_dir = {sockets}
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = 2
log_stats = 0
log_connections = 0
log_disconnections = 0
log_pooler_errors = 0
"""
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


class SqlFailed(Exception):
    """A script that the server refused; nothing of it is stored."""


class Postgresql:
    """One database of a running server."""

    def __init__(
        self, programs: Path, sockets: Path, options: dict[str, Any], name: str = "postgres"
    ) -> None:
        self._programs = programs
        self._sockets = sockets
        self._as_user = options
        self._name = name
        self._others: dict[str, Postgresql] = {}

    def database(self, name: str) -> "Postgresql":
        """Another one of the same server, made at its first use."""
        if name not in self._others:
            self._call("--tuples-only", f"CREATE DATABASE {name} STRATEGY file_copy")
            self._others[name] = Postgresql(self._programs, self._sockets, self._as_user, name)
        return self._others[name]

    @property
    def url(self) -> str:
        """What a client of it is given; it may do everything."""
        return f"postgresql://test@/{self._name}?host={self._sockets}"

    def start(self) -> None:
        """Returns when it takes connections."""
        settings = f"-c listen_addresses= -c unix_socket_directories={self._sockets} -c fsync=off"
        log = f"--log={self._sockets}/log"
        self._control("start", log, f"--options={settings}")

    def stop(self, mode: str) -> None:
        """`fast` ends sessions, `immediate` as a crash does; returns when it is gone."""
        self._control("stop", f"--mode={mode}")

    def _control(self, *arguments: str) -> None:
        data = f"--pgdata={self._sockets}/data"
        _run([self._programs / "pg_ctl", "--wait", data, *arguments], self._as_user)

    def run(self, script: str) -> None:
        """Runs a script in one transaction. Raises SqlFailed."""
        self._call("--single-transaction", script)

    def rows(self, query: str) -> list[str]:
        """The rows of a query with one column."""
        return self._call("--tuples-only", query).splitlines()

    def clear(self) -> None:
        """Takes every table away."""
        self.run("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;")

    def shape(self, schema: str = "public") -> list[str]:
        """Columns with type and collation, constraints and indexes, in no order of ours."""
        place = f"n.nspname = '{schema}'"
        return self.rows(
            f"""
            SET search_path TO {schema};
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                   || coalesce(' ' || l.collname, '') || ' ' || a.attnotnull || ' '
                   || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_collation l ON l.oid = a.attcollation
              LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE {place} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL SELECT o.conname || ' ' || pg_get_constraintdef(o.oid)
              FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE {place}
            UNION ALL SELECT replace(pg_get_indexdef(i.indexrelid), '{schema}.', '')
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {place}
             ORDER BY 1
            """
        )

    @contextlib.contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Nobody else changes the table meanwhile."""
        command, options = self._psql("--tuples-only")
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options
        ) as psql:
            assert psql.stdin is not None and psql.stdout is not None
            psql.stdin.write(f"BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE; SELECT 'held';\n")
            psql.stdin.flush()
            assert psql.stdout.readline() == "held\n"
            yield
            psql.stdin.close()

    @contextlib.contextmanager
    def pooled(self) -> Iterator[str]:
        """The URL of a PgBouncer before it, in transaction mode, with two of its sessions."""
        program = shutil.which("pgbouncer", path=os.environ["PATH"] + os.pathsep + "/usr/sbin")
        assert program, "PgBouncer is missing; ./dev test python installs it"
        configuration = self._sockets / "pgbouncer.ini"
        configuration.write_text(_PGBOUNCER.format(sockets=self._sockets))
        with subprocess.Popen(
            [program, str(configuration)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            **self._as_user,
        ) as process:
            try:
                assert process.stderr and any("process up" in line for line in process.stderr)
                yield f"{self.url}&port=6432"
            finally:
                process.kill()

    def _call(self, option: str, script: str) -> str:
        command, options = self._psql(option)
        result = subprocess.run(command, input=script, capture_output=True, **options)
        if result.returncode:
            raise SqlFailed(result.stderr)
        return str(result.stdout)

    def _psql(self, option: str) -> tuple[list[str], dict[str, Any]]:
        command = [
            str(self._programs / "psql"),
            *("--no-psqlrc", "--quiet", "--no-align", option),
            *("--host", str(self._sockets), "--username", "test", "--dbname", self._name),
            *("--set", "ON_ERROR_STOP=1", "--file", "-"),
        ]
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PGCLIENTENCODING": "UTF8"}
        return command, {"text": True, "cwd": "/", "env": environment, **self._as_user}


def programs() -> Path:
    """Where initdb and postgres are; Debian keeps them out of PATH."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    place = Path(found) if found else places[-1] if places else None
    assert place is not None, "PostgreSQL is missing; ./dev test python installs it"
    return place.resolve().parent


@contextlib.contextmanager
def running_postgresql() -> Iterator[Postgresql]:
    """A server that ends with the block."""
    options: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="apiwright-pg-"))
    if os.geteuid() == 0:
        options = {"user": _UNPRIVILEGED, "group": _group(), "extra_groups": []}
        shutil.chown(folder, _UNPRIVILEGED)
    where = programs()
    data = folder / "data"
    try:
        _run(
            [where / "initdb", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
            + ["--username=test", f"--pgdata={data}"],
            options,
        )
        server = Postgresql(where, folder, options)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _group() -> int:
    return pwd.getpwnam(_UNPRIVILEGED).pw_gid


def _run(command: list[object], options: dict[str, Any]) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **options,
    )


def run_beside_server(command: list[str]) -> int:
    """A command's exit status. The server ends with it, however it or this process is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running_postgresql() as server, server.pooled() as pooler:
        urls = {URL_VARIABLE: server.url, POOLER_VARIABLE: pooler}
        return subprocess.run(command, env=os.environ | urls).returncode


if __name__ == "__main__":
    sys.exit(run_beside_server(sys.argv[1:]))
