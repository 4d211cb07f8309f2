"""JSON Web Tokens by hand, and our signing key as the server derives it."""

import base64
import hashlib
import hmac
import json
from typing import Any

from tests.support.server import SECRET_KEY


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(token: str) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(decode(token.split(".")[0]))
    return header


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(decode(token.split(".")[1]))
    return claims


def make(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """A token with these members, signed with HMAC-SHA-256 whatever `alg` says."""
    parts = (encode(json.dumps(part).encode()) for part in (header, claims))
    return sign(".".join(parts), key)


def sign(text: str, key: bytes) -> str:
    return f"{text}.{encode(hmac.digest(key, text.encode(), 'sha256'))}"


def signing_key(secret: str = SECRET_KEY) -> bytes:
    """The key of access tokens: libsodium's KDF (BLAKE2b, salt = number, personal = context)."""
    master = hashlib.blake2b(secret.encode(), digest_size=32).digest()
    number = (1).to_bytes(8, "little")
    return hashlib.blake2b(
        b"", digest_size=32, key=master, salt=number, person=b"apiwrght"
    ).digest()
