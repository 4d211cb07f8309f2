"""A client that knows the API's paths and checks the contract on every answer."""

import functools
import itertools
import secrets
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support import contract
from tests.support.server import DEADLINE, Server

API = "/api/v1"
REGISTER = f"{API}/auth/register"
LOGIN = f"{API}/auth/login"
TOKEN = f"{API}/auth/token"
REFRESH = f"{API}/auth/refresh"
LOGOUT = f"{API}/auth/logout"
SESSIONS = f"{API}/auth/sessions"
USERS = f"{API}/users"
ME = f"{API}/users/me"
ROLES = f"{API}/roles"
BATCH = f"{API}/batch"
MY_PASSWORD = f"{API}/users/me/password"
JSON_ROUTES = [
    ("POST", REGISTER),
    ("POST", LOGIN),
    ("POST", REFRESH),
    ("PUT", MY_PASSWORD),
    ("PATCH", ME),
    ("POST", USERS),
    ("POST", ROLES),
]
"""Every route that reads a JSON body, but for those of one user or role by id."""
NOBODY = "01900000-0000-7000-8000-000000000000"
PASSWORD = "correct horse battery"

_numbers = itertools.count(1)
_run = secrets.token_hex(4)


def fresh_email(name: str = "user") -> str:
    """An address that nobody has yet."""
    return f"{name}.{_run}.{next(_numbers)}@example.org"


def fresh_role() -> str:
    """A name that no role has yet."""
    return f"role-{_run}-{next(_numbers)}"


@dataclass
class Account(httpx.Auth):
    """A signed-in user; as `auth=` of a request it is the one who asks."""

    id: str
    email: str
    name: str
    access: str
    refresh: str
    password: str = PASSWORD

    @property
    def path(self) -> str:
        return f"{USERS}/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers.update(self.headers)
        yield request


def account_of(data: dict[str, Any], password: str = PASSWORD) -> Account:
    """Of register's or login's answer."""
    user = data["user"]
    return Account(
        user["id"], user["email"], user["name"], data["accessToken"], data["refreshToken"], password
    )


class Api(httpx.Client):
    """HTTP to one server; every answer is checked against the contract."""

    def __init__(
        self,
        server: Server | str,
        *,
        described: contract.Described | None = None,
        **options: Any,
    ) -> None:
        url = server if isinstance(server, str) else server.url
        super().__init__(
            base_url=url,
            timeout=DEADLINE,
            trust_env=False,
            event_hooks={
                "response": [
                    functools.partial(contract.check_against, described or contract.ours())
                ]
            },
            **options,
        )

    def register(
        self, email: str | None = None, name: str = "Ada", password: str = PASSWORD
    ) -> Account:
        """A new user, signed in."""
        body = {"email": email or fresh_email(), "name": name, "password": password}
        response = self.post(REGISTER, json=body)
        assert response.status_code == 201, response.text
        return account_of(response.json()["data"], password)

    def login(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.post(LOGIN, json={"email": email, "password": password})

    def signed_in(self, email: str, password: str = PASSWORD) -> Account:
        """A new session of this user."""
        response = self.login(email, password)
        assert response.status_code == 200, response.text
        return account_of(response.json()["data"], password)

    def refresh(self, token: str) -> httpx.Response:
        return self.post(REFRESH, json={"refreshToken": token})

    def is_signed_in(self, account: Account) -> bool:
        """Whether the access token is still good for anything."""
        response = self.get(ME, auth=account)
        assert response.status_code in (200, 401)
        return response.status_code == 200


def make_admin(server: Server, api: Api) -> Account:
    """A fresh admin, made as an operator would."""
    email = fresh_email("admin")
    command = ["users", "create-admin", "--email", email, "--password-stdin"]
    server.run(*command, stdin=PASSWORD)
    return api.signed_in(email)


def wait_for_next_millisecond() -> None:
    """Until whatever happens next has a later time than what happened before."""
    begun = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 <= begun:
        pass
