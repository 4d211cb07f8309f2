"""The core's parts as Python calls them, beside the libraries one would take instead.

./dev bench micro. Prints Markdown: nanoseconds for each call, best of 7 runs of about 0.2 s.
"""

import itertools
import json
import time
import timeit
import uuid
from collections.abc import Callable
from typing import Literal

import argon2
import jwt
from pydantic import BaseModel, EmailStr, Field

from apiwright._core.base import SystemClock
from apiwright._core.repositories import users_schema
from apiwright._core.tokens import AccessTokens
from apiwright._core.validation import BodyReader, Mode
from apiwright.core.passwords import Hasher

_RUNS, _SECONDS = 7, 0.2
_KEY = "benchmarks only: 0123456789abcdef0123456789abcdef"
_BODY = b'{"email":"user1234@example.com","name":"User Number 1234","status":"active"}'


class CreateUser(BaseModel):
    email: EmailStr
    name: str = Field(min_length=1, max_length=100)
    status: Literal["active", "inactive"] = "active"


class CreateUserByPattern(CreateUser):
    email: str = Field(max_length=255, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def nanoseconds(call: Callable[[], object]) -> float:
    timer = timeit.Timer(call)
    number, took = timer.autorange()
    number = max(1, int(number * _SECONDS / took))
    return min(timer.repeat(_RUNS, number)) / number * 1e9


def token_calls() -> dict[str, Callable[[], object]]:
    """A token with the same claims, from each."""
    clock, ours = SystemClock(), AccessTokens(_KEY, lifetime=3600)
    user, session = str(uuid.uuid4()), str(uuid.uuid4())
    token = ours.issue(user, session, clock)
    # More than are remembered: each is checked as if it had never been seen.
    many = itertools.cycle([ours.issue(user, session, clock) for _ in range(20_000)])
    issued = int(time.time())
    claims = {
        "iss": "apiwright",
        "aud": "apiwright",
        "sub": user,
        "sid": session,
        "iat": issued,
        "exp": issued + 3600,
        "jti": str(uuid.uuid4()),
    }
    theirs = jwt.encode(claims, _KEY, "HS256", {"typ": "at+jwt"})
    options: dict[str, object] = {
        "algorithms": ["HS256"],
        "audience": "apiwright",
        "issuer": "apiwright",
        "options": {"require": list(claims)},
    }
    return {
        "verify a token, apiwright": lambda: ours.verify(next(many), clock),
        "verify a token seen before, apiwright": lambda: ours.verify(token, clock),
        "verify a token, PyJWT": lambda: jwt.decode(theirs, _KEY, **options),
        "issue a token, apiwright": lambda: ours.issue(user, session, clock),
        "issue a token, PyJWT": lambda: jwt.encode(claims, _KEY, "HS256", {"typ": "at+jwt"}),
    }


def body_calls() -> dict[str, Callable[[], object]]:
    """From a body's bytes to checked values."""
    reader = BodyReader(users_schema(), Mode.CREATE)
    return {
        "read a user's body, apiwright": lambda: reader.read(_BODY),
        "read a user's body, apiwright, as a dict": lambda: reader.read(_BODY).to_dict(),
        "read a user's body, pydantic, EmailStr": lambda: CreateUser.model_validate_json(_BODY),
        "read a user's body, pydantic, e-mail by pattern": (
            lambda: CreateUserByPattern.model_validate_json(_BODY)
        ),
        "read a user's body, json.loads, then pydantic, EmailStr": (
            lambda: CreateUser.model_validate(json.loads(_BODY))
        ),
    }


def password_calls() -> dict[str, Callable[[], object]]:
    """Argon2id, m=19456, t=2, p=1, on the calling thread."""
    ours, theirs = Hasher(), argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
    word = "correct horse battery staple"
    phc = ours.hash(word)
    return {
        "hash a password, apiwright": lambda: ours.hash(word),
        "hash a password, argon2-cffi": lambda: theirs.hash(word),
        "verify a password, apiwright": lambda: ours.verify(word, phc),
        "verify a password, argon2-cffi": lambda: theirs.verify(phc, word),
    }


def main() -> None:
    print("| work | ns |\n| --- | --: |")
    for name, call in (token_calls() | body_calls() | password_calls()).items():
        print(f"| {name} | {nanoseconds(call):,.0f} |", flush=True)


main()
