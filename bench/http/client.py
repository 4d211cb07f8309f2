"""One connection that asks and reads JSON."""

import http.client
import json
from types import TracebackType
from typing import Any, Self


class Client:
    """Keeps its connection open. One thread."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, *, token: str = "", body: str = "") -> tuple[int, Any]:
        """The status and the answer's JSON. Raises OSError."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")
