"""Users who come from another system with the hashes it made: they sign in, and get ours."""

import pytest

from tests.support.api import Account, Api
from tests.support.contract import refused
from tests.support.databases import run_sql, sql_rows
from tests.support.server import Server

pytestmark = pytest.mark.one_lane("signing in is a service in Python")

PASSWORD = "correct horse battery staple"
# Made of it with Django 5.2.19, and with passlib 1.7.4 and bcrypt 4.0.1.
DJANGO = "pbkdf2_sha256$1000$seasalt0seasalt1seasal$ZYDMBxTEpeWYOlI+ukKY2hIdU7Tp+BCQ6A4YW5/ea40="
IMPORTED = [
    DJANGO,
    "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuaBT8mpw5tGdD3eO40znWcQP/dT9hEVK",
    "scrypt$1024$seasalt0seasalt1seasal$8$1$"
    "wjcIhhEkZZKvM5DH5aJ39ThbBpsmBwS+OMTtCNKIvplP20HnXtL0JkfHSf47qZ12/Co9GXUVMdGOAEa/DJKZpQ==",
    "argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdDBzZWFzYWx0MXNlYXNhbA$"
    "GV3RT9zsoMo+il8/vn3V2P6O/I7+dg73k/MFtk/KN7Q",
    "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG",
    "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$h8GCYhBqatMGV8VIjRD4nhRxM87r3yu",
]


def stored_hash(server: Server, user: Account) -> str:
    [found] = sql_rows(
        server.folder, "api", f"SELECT password_hash FROM users WHERE id = '{user.id}'"
    )
    return found


def import_hash(server: Server, user: Account, phc: str) -> None:
    script = f"UPDATE users SET password_hash = '{phc}' WHERE id = '{user.id}';"
    run_sql(server.folder, "api", script)


@pytest.mark.parametrize("phc", IMPORTED)
def test_an_imported_user_signs_in_and_is_kept_as_argon2id(
    server: Server, api: Api, ada: Account, phc: str
) -> None:
    import_hash(server, ada, phc)
    assert api.login(ada.email, PASSWORD).status_code == 200
    own = stored_hash(server, ada)
    assert own.startswith("$argon2id$v=19$")
    assert api.login(ada.email, PASSWORD).status_code == 200
    assert stored_hash(server, ada) == own


def test_an_imported_user_with_a_wrong_password_keeps_the_old_hash(
    server: Server, api: Api, ada: Account
) -> None:
    import_hash(server, ada, DJANGO)
    assert refused(api.login(ada.email, "wrong password"), 401, "INVALID_CREDENTIALS") == set()
    assert stored_hash(server, ada) == DJANGO


def test_an_imported_user_changes_the_password(server: Server, api: Api, ada: Account) -> None:
    import_hash(server, ada, DJANGO)
    body = {"currentPassword": PASSWORD, "newPassword": "another good password"}
    answer = api.put("/api/v1/users/me/password", json=body, auth=ada)
    assert answer.status_code == 204
    assert stored_hash(server, ada).startswith("$argon2id$")
    assert api.login(ada.email, "another good password").status_code == 200
