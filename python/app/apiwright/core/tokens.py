"""Signed tokens (JWT, RFC 7519), keys and their rotation, opaque tokens and API keys.

    ring = Keyring(SigningKey.generate("EdDSA"))
    jwt = Jwt(ring, issuer="https://id.example", audience="orders", required=("sub",))
    claims = jwt.verify(jwt.issue({"sub": "ada"}))

Objects are immutable and may be used by several threads at once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from apiwright._core import tokens as _core
from apiwright._core.base import Clock, ManualClock, SystemClock

__all__ = [
    "ApiKey",
    "ApiKeys",
    "Clock",
    "Jwt",
    "Keyring",
    "ManualClock",
    "OpaqueTokens",
    "SigningKey",
    "SystemClock",
    "VerifyingKey",
]

Algorithm = Literal["EdDSA", "HS256"]

_CoreKey = TypeVar("_CoreKey", _core.VerifyingKey, _core.SigningKey)

_SYSTEM_CLOCK = SystemClock()
_dumps = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
_loads = json.loads


class _Key(Generic[_CoreKey]):
    """What is told of a key, whether it signs or only verifies."""

    __slots__ = ("_core",)

    def __init__(self, core: _CoreKey) -> None:
        self._core: _CoreKey = core

    @property
    def kid(self) -> str:
        """The key's name, which its tokens carry; empty when it has none."""
        return self._core.kid

    @property
    def algorithm(self) -> str:
        """`EdDSA` or `HS256`; a token never chooses it (RFC 8725 section 3.1)."""
        return self._core.algorithm

    def public_jwk(self) -> dict[str, Any]:
        """The public JWK. Raises ValidationFailed for HS256, which has no public half."""
        jwk: dict[str, Any] = _loads(self._core.public_jwk())
        return jwk

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.algorithm}, kid={self.kid!r})"


class VerifyingKey(_Key[_core.VerifyingKey]):
    """What checks signatures: an Ed25519 public key, or an HS256 key held by a signing one."""

    __slots__ = ()

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "VerifyingKey":
        """From a public JWK (RFC 7517, RFC 8037). Raises ValidationFailed naming the member."""
        return cls(_core.VerifyingKey.from_jwk(_dumps(dict(jwk))))


class SigningKey(_Key[_core.SigningKey]):
    """What signs: EdDSA with Ed25519 (RFC 8037), or HS256 (RFC 7518). Wiped when it goes away."""

    __slots__ = ()

    @classmethod
    def generate(cls, algorithm: Algorithm = "EdDSA", *, kid: str | None = None) -> "SigningKey":
        """A new random key.

        Without `kid` its name is the RFC 7638 thumbprint (EdDSA), or derived from the key in a way
        that tells nothing of it (HS256). Raises ValidationFailed."""
        return cls(_core.SigningKey.generate(algorithm, kid=kid))

    @classmethod
    def from_bytes(
        cls, algorithm: Algorithm, key: bytes, *, kid: str | None = None
    ) -> "SigningKey":
        """HS256: 32 to 1024 bytes. EdDSA: the seed of 32. An empty `kid` leaves it unnamed.

        Raises ValidationFailed naming `key` or `kid`."""
        return cls(_core.SigningKey(algorithm, key, kid=kid))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "SigningKey":
        """From a private JWK; unnamed when it has no `kid`. Raises ValidationFailed."""
        return cls(_core.SigningKey.from_jwk(_dumps(dict(jwk))))

    def verifying_key(self) -> VerifyingKey:
        """The half that checks: of Ed25519, the public key alone."""
        return VerifyingKey(self._core.verifying_key())

    def to_jwk(self) -> dict[str, Any]:
        """The private JWK: as secret as the key."""
        jwk: dict[str, Any] = _loads(self._core.to_jwk())
        return jwk


class Keyring:
    """The keys that tokens are checked with, the first of which signs; at most 16."""

    __slots__ = ("_core",)

    def __init__(
        self, active: SigningKey, *, retired: Iterable[SigningKey | VerifyingKey] = ()
    ) -> None:
        """`retired` keys only verify. Raises ValidationFailed for a kid that two of them have."""
        others = [
            (key.verifying_key() if isinstance(key, SigningKey) else key)._core for key in retired
        ]
        self._core = _core.Keyring(active._core, others)

    @classmethod
    def from_jwks(cls, jwks: Mapping[str, Any] | str | bytes) -> "Keyring":
        """Keys that only verify, from a JWK set of public keys (at most 64 KiB).

        Other kinds of keys are ignored. Raises MalformedJson, and ValidationFailed when a private
        part is in it, a kid comes twice, or no Ed25519 key is left."""
        ring = cls.__new__(cls)
        ring._core = _core.Keyring.from_jwks(_text_of(jwks))
        return ring

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517 section 5); HS256 keys are never in it."""
        jwks: dict[str, Any] = _loads(self._core.jwks())
        return jwks

    @property
    def keys(self) -> list[VerifyingKey]:
        """Every key, the active one first."""
        return [VerifyingKey(key) for key in self._core.keys()]  # noqa: SIM118

    @property
    def can_sign(self) -> bool:
        """False when it was made of public keys."""
        return self._core.can_sign

    def __repr__(self) -> str:
        return f"Keyring({', '.join(f'{key.algorithm} {key.kid!r}' for key in self.keys)})"


class Jwt:
    """Issues and checks signed tokens under one policy. Durations are seconds."""

    __slots__ = ("_clock", "_issue", "_verify")

    def __init__(
        self,
        ring: Keyring,
        *,
        issuer: str | None = None,
        audience: str | Sequence[str] | None = None,
        lifetime: int = 900,
        typ: str | None = "JWT",
        leeway: int = 0,
        required: Sequence[str] = (),
        clock: Clock = _SYSTEM_CLOCK,
    ) -> None:
        """`issuer`, `audience` and `typ` are written, and checked: a token's `aud` must hold one
        of ours, and without an audience of ours must be absent (RFC 7519 section 4.1.3). `leeway`
        is the clock skew granted to exp, nbf and iat. Raises ValidationFailed naming the option."""
        audiences = [audience] if isinstance(audience, str) else list(audience or ())
        core = _core.Jwt(
            ring._core,
            issuer=issuer or "",
            audience=audiences,
            typ=typ or "",
            lifetime=lifetime,
            leeway=leeway,
            required=list(required),
        )
        self._issue, self._verify, self._clock = core.issue, core.verify, clock

    def issue(self, claims: Mapping[str, Any]) -> str:
        """A token; iss, aud, iat, exp and jti (a UUIDv7) are added unless given.

        Dates are whole seconds since 1970. Raises ValidationFailed when a registered claim has the
        wrong type, a required one is missing, the token would be over 8 KiB, or the ring only
        verifies; TypeError or ValueError for what JSON cannot hold."""
        return self._issue(_dumps(claims if type(claims) is dict else dict(claims)), self._clock)

    def verify(self, token: str) -> dict[str, Any]:
        """Its claims. Raises TokenExpired when nothing else is wrong, else Unauthorized."""
        claims: dict[str, Any] = _loads(self._verify(token, self._clock))
        return claims


class OpaqueTokens:
    """Payloads that their bearers can read but not change, for one purpose: cursors, links."""

    __slots__ = ("_core",)

    def __init__(self, secret_key: str, *, purpose: str) -> None:
        """`secret_key`: at least 32 bytes. Tokens of another purpose are refused.

        Raises ValidationFailed."""
        self._core = _core.OpaqueTokens(secret_key, purpose)

    def seal(self, payload: bytes) -> str:
        """The one text of this payload, fit for URLs. Raises ValidationFailed over 4096 bytes."""
        return self._core.seal(payload)

    def open(self, text: str) -> bytes:
        """The payload. Raises Unauthorized unless `text` is the very one that `seal` gave."""
        return self._core.open(text)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key: `text` for its bearer alone, `id` and `digest` for storing."""

    id: str
    """Public: finds the key."""
    text: str = field(repr=False)
    """Secret: shown once."""
    digest: bytes = field(repr=False)
    """BLAKE2b-256 of the text: compare with `hmac.compare_digest`."""


class ApiKeys:
    """API keys `prefix_` + 54 base62 letters: 16 name the key, 32 are secret (190 bits), 6 are the
    CRC-32 of all before them, so that a typing error shows without a database."""

    __slots__ = ("_core",)

    def __init__(self, prefix: str) -> None:
        """1 to 16 of a-z, 0-9 and _, beginning with a letter. Raises ValidationFailed."""
        self._core = _core.ApiKeys(prefix)

    def generate(self) -> ApiKey:
        """A new key."""
        return self.parse(self._core.generate())

    def parse(self, text: str) -> ApiKey:
        """A key that came from outside, of the right form; whether it is good, the store knows.

        Raises Unauthorized."""
        return ApiKey(self._core.id_of(text), text, self._core.digest(text))


def check_key_set(text: str) -> None:
    """Raises MalformedJson or ValidationFailed for a private JWK set that serving would refuse."""
    _core.check_key_set(text)


def derived_jwk(secret_key: str) -> dict[str, Any]:
    """The private JWK of the access tokens' key that is derived from `secret_key`; unnamed."""
    jwk: dict[str, Any] = _loads(_core.derived_jwk(secret_key))
    return jwk


def _text_of(document: Mapping[str, Any] | str | bytes) -> str | bytes:
    return document if isinstance(document, str | bytes) else _dumps(dict(document))
