"""ASGI by hand: scopes as granian makes them, for requests that no client sends."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Scope

from tests.support.server import DEADLINE

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Request:
    method: str = "GET"
    target: bytes = b"/"
    """Path and query as they stand in the request line."""
    headers: Headers = ()
    chunks: tuple[bytes, ...] = (b"",)
    """The body, by messages."""
    whole: bool = True
    """False when the client leaves before the body has ended."""
    root_path: str = ""

    def scope(self) -> Scope:
        path, _, query = self.target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": ("127.0.0.1", "8000"),
            "client": ("127.0.0.1", "50000"),
            "scheme": "http",
            "method": self.method,
            "root_path": self.root_path,
            "path": unquote_to_bytes(path).decode("utf-8", "replace"),
            "raw_path": path,
            "query_string": query,
            "headers": list(self.headers),
            "state": {},
            "extensions": {},
        }

    def messages(self) -> Iterator[Message]:
        for number, chunk in enumerate(self.chunks, start=1):
            more = number < len(self.chunks) or not self.whole
            yield {"type": "http.request", "body": chunk, "more_body": more}
        while True:
            yield {"type": "http.disconnect"}


@dataclass
class Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    ended: bool = False

    async def send(self, message: Message) -> None:
        """What an application sends, held against ASGI's rules."""
        assert not self.ended, message
        if message["type"] == "http.response.start":
            assert self.status == 0
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            assert message["type"] == "http.response.body"
            assert self.status != 0
            self.body += message.get("body", b"")
            self.ended = not message.get("more_body", False)


async def ask(app: ASGIApp, request: Request, *, taken: asyncio.Event | None = None) -> Answer:
    """What the application answers; `taken` is set when it takes the first of the body."""
    messages = request.messages()
    answer = Answer()

    async def receive() -> Message:
        if taken is not None:
            taken.set()
        return next(messages)

    async with asyncio.timeout(DEADLINE):
        await app(request.scope(), receive, answer.send)
    assert answer.ended
    return answer
