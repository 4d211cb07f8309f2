"""The requests of a work, and whether they are answered rightly."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.http import seed
from bench.http.client import Client
from bench.http.rows import Work
from bench.http.servers import Server, Wrong

_STRIDE = 7919  # a prime: ids come back only when all have had their turn
_PAGE = slice(40, 60)  # page 3 of 20


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    token: str
    body: str
    user: seed.User

    def line(self) -> str:
        """As load.lua reads it."""
        return f"{self.method}\t{self.path}\t{self.token}\t{self.body}\n"


def requests(server: Server, work: Work, count: int) -> Iterator[Request]:
    """{unique} and {next} are left for load.lua to fill in."""
    tokens = itertools.cycle(server.tokens if work.auth and server.tokens else [""])
    users = server.users
    if "{email}" in work.body:  # the inactive may not sign in
        users = [user for user in users if user.active]
    for number in range(count):
        user = users[(number * _STRIDE + 1) % len(users)]
        body = work.body.replace("{email}", user.email).replace("{password}", seed.PASSWORD)
        yield Request(work.method, work.path.replace("{id}", user.id), next(tokens), body, user)


def chain_words(server: Server, work: Work, count: int) -> list[str]:
    """Refresh tokens to begin with, each of a session of its own."""
    member = work.chain.removeprefix("data.")
    callers = itertools.cycle(server.callers)
    return [server.login(user)[member] for user in itertools.islice(callers, count)]


def verify(server: Server, work: Work) -> None:
    """Raises Wrong unless a few answers are what they should be."""
    for asked in requests(server, work, 3):
        body = asked.body.replace("{unique}", f"check{time.time_ns()}")
        if work.chain:
            body = body.replace("{next}", chain_words(server, work, 1)[0])
        with server.client() as client:
            status, answer = client.ask(asked.method, asked.path, token=asked.token, body=body)
            _must(status == work.status, work, f"{status} {answer}")
            _CHECKS[work.like](work, answer, asked, server)
            _check_refusals(client, work, asked, body)


def _check_refusals(client: Client, work: Work, asked: Request, body: str) -> None:
    if asked.token:
        for token in ("", asked.token[:-4] + "AAAA"):
            status, _ = client.ask(asked.method, asked.path, token=token, body=body)
            _must(status in work.denied, work, f"a bad token is answered {status}")
    if work.conflict:
        status, _ = client.ask(asked.method, asked.path, token=asked.token, body=body)
        _must(status in work.conflict, work, f"the same e-mail again is answered {status}")
    if work.like == "login":
        wrong = body.replace(seed.PASSWORD, "Wr0ng-horse")
        status, _ = client.ask(asked.method, asked.path, body=wrong)
        _must(status == 401, work, f"a wrong password is answered {status}")


def _must(condition: bool, work: Work, words: str) -> None:
    if not condition:
        raise Wrong(f"{work.name}: {words[:300]}")


def _check_hello(work: Work, answer: Any, _asked: Request, _server: Server) -> None:
    _must(answer == {"status": "ok"}, work, str(answer))


def _check_get(work: Work, answer: Any, asked: Request, server: Server) -> None:
    data = answer["data"]
    _must(data["id"] == asked.user.id, work, "another user")
    _must(not server.row.has_users or data["email"] == asked.user.email, work, "another e-mail")


def _check_list(work: Work, answer: Any, _asked: Request, server: Server) -> None:
    active = [user.id for user in reversed(server.users) if user.active]
    total = len(active)
    meta = {"page": 3, "limit": 20, "total": total, "totalPages": -(-total // 20)}
    _must(answer["meta"] == meta, work, str(answer["meta"]))
    _must([user["id"] for user in answer["data"]] == active[_PAGE], work, "other rows, or order")


def _check_create(work: Work, answer: Any, _asked: Request, _server: Server) -> None:
    _must(answer["data"]["name"] == "New User", work, str(answer))
    _must("password" not in str(answer).lower(), work, "a password is shown")


def _check_tokens(work: Work, answer: Any, _asked: Request, _server: Server) -> None:
    data = answer["data"]
    _must(data["accessToken"].count(".") == 2 and data["refreshToken"], work, "no tokens")


_CHECKS = {
    "hello": _check_hello,
    "get": _check_get,
    "list": _check_list,
    "refresh": _check_tokens,
    "login": _check_tokens,
    "create": _check_create,
}
