"""What answers cannot cost less than: an ASGI function alone, and FastAPI around a constant."""

from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

Message = MutableMapping[str, Any]

_NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


async def raw(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """The server's own cost."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    headers = [(b"content-type", b"application/json"), (b"content-length", b"15")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"status":"ok"}'})


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class User(_Camel):
    id: str
    email: str
    name: str
    status: str
    created_at: datetime
    updated_at: datetime


class Answer(_Camel):
    data: User


app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/v1/users/{user_id}")
async def get_user(user_id: str) -> Answer:
    """Neither token nor database: a model made from constants."""
    return Answer(
        data=User(
            id=user_id,
            email="user1@example.com",
            name="User Number 1",
            status="active",
            created_at=_NEW_YEAR,
            updated_at=_NEW_YEAR,
        )
    )
