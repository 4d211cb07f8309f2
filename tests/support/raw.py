"""HTTP/1.1 by hand: what no well-behaved client sends."""

import contextlib
import json
import socket
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Any, NamedTuple

from tests.support.server import DEADLINE, Server


class RawAnswer(NamedTuple):
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """One connection, over which requests go as they are."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), DEADLINE)
        self._file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, *, head: bool = False) -> RawAnswer:
        """The next answer."""
        status_line = self._file.readline()
        assert status_line.startswith(b"HTTP/1.1 "), status_line
        lines = bytearray()
        while (line := self._file.readline()) not in (b"\r\n", b""):
            lines += line
        headers = BytesParser().parsebytes(bytes(lines))
        length = 0 if head else int(headers.get("content-length", "0"))
        return RawAnswer(int(status_line.split()[1]), headers, self._file.read(length))

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@contextlib.contextmanager
def connection(server: Server) -> Iterator[Connection]:
    made = Connection(server)
    try:
        yield made
    finally:
        made.close()


def head(method: str, path: str, **headers: str) -> bytes:
    """A request's head; `content_length="3"` becomes `content-length: 3`."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def exchange(server: Server, data: bytes) -> RawAnswer:
    """The answer to a request on a connection of its own."""
    with connection(server) as made:
        made.send(data)
        return made.read(head=data.startswith(b"HEAD "))
