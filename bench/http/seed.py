"""The users that servers answer from, and databases of them made by our own migrations.

`python -m bench.http.seed URL` puts them into a PostgreSQL database, with psql.
"""

import csv
import hashlib
import io
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apiwright._core.passwords import Hasher

PASSWORD = "Corr3ct-horse"
ADMINS = 64  # the callers: only admins may list, create and read others

_FIRST = datetime(2025, 1, 1, tzinfo=UTC)
_MIGRATIONS = Path(__file__).parents[2] / "migrations/sqlite"
_INSERT = """
INSERT INTO users (
  id, email, email_key, name, name_key, password_hash, status, roles, created_at, updated_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class User:
    id: str
    email: str
    name: str
    active: bool
    admin: bool
    created_at: datetime


def users(count: int) -> Iterator[User]:
    """One a minute, every fifth inactive, the first active ones admins.

    Ids and all that the wire shows are those of the harness for other servers."""
    ids = random.Random(42)
    admins = 0
    for number in range(count):
        active = number % 5 != 0
        admins += active
        yield User(
            id=str(uuid.UUID(int=ids.getrandbits(128), version=4)),
            email=f"user{number}@example.com",
            name=f"User Number {number}",
            active=active,
            admin=active and admins <= ADMINS,
            created_at=_FIRST + timedelta(minutes=number),
        )


def seed(folder: Path, count: int, environment: Mapping[str, str]) -> Path:
    """A database with so many users; made once for each state of the migrations."""
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_MIGRATIONS.iterdir())))
    file = folder / f"seed-{count}-{state.hexdigest()[:12]}.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        _remove(unfinished)
        _migrate(f"sqlite:///{unfinished}", environment)
        _insert(unfinished, count)
        unfinished.rename(file)
    return file


def copy(database: Path, to: Path) -> None:
    """A copy to be written to, in place of the last one."""
    _remove(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, to)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def _migrate(url: str, environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:  # where no .env is
        subprocess.run(
            [sys.executable, "-m", "apiwright", "migrate", "up"],
            cwd=folder,
            env={**os.environ, **environment, "APIWRIGHT_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _insert(database: Path, count: int) -> None:
    phc = Hasher().hash(PASSWORD)
    connection = sqlite3.connect(database)
    # Nothing to lose yet, and a lone file to copy.
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = OFF")
    with connection:
        connection.executemany(_INSERT, (_row(user, phc) for user in users(count)))
    connection.close()


def seed_server(url: str, count: int) -> None:
    """The same in an empty database of PostgreSQL, looked over by its vacuum as one in use is."""
    _migrate(url, {"APIWRIGHT_SECRET_KEY": "0" * 32})
    phc = Hasher().hash(PASSWORD)
    rows = io.StringIO()
    writer = csv.writer(rows)
    for user in users(count):
        *texts, _, _ = _row(user, phc)
        writer.writerow([*texts, user.created_at.isoformat(), user.created_at.isoformat()])
    columns = _INSERT.partition("(")[2].partition(")")[0]
    copy_rows = f"\\copy users ({' '.join(columns.split())}) FROM pstdin WITH (FORMAT csv)"
    subprocess.run(
        ["psql", url, "--no-psqlrc", "--quiet", "-c", copy_rows, "-c", "VACUUM ANALYZE users"],
        input=rows.getvalue(),
        text=True,
        check=True,
    )


def _row(user: User, phc: str) -> tuple[str | int, ...]:
    """Keys of ASCII texts are those texts in lower case."""
    moment = int(user.created_at.timestamp() * 1000)
    return (
        user.id,
        user.email,
        user.email.lower(),
        user.name,
        user.name.lower(),
        phc,
        "active" if user.active else "inactive",
        '["admin"]' if user.admin else "[]",
        moment,
        moment,
    )


if __name__ == "__main__":
    seed_server(sys.argv[1], 10_000)
