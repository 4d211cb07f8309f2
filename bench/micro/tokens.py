"""Tokens with equal claims and checks: signature, iss, aud, exp, iat and what is required.

Ours also check typ. joserfc warns of EdDSA by that name (RFC 9864), unseen: that is in its row.
"""

import itertools
import time
import uuid
import warnings
from typing import Any

import jwt as pyjwt
from joserfc import jwt as joserfc_jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import OctKey, OKPKey

from apiwright._core.base import SystemClock
from apiwright._core.tokens import AccessTokens
from apiwright.core import tokens
from bench.micro.measure import Row

_KEY = "benchmarks only: 0123456789abcdef0123456789abcdef"
_SITE = "apiwright"
_REQUIRED = ["iss", "aud", "sub", "sid", "iat", "exp", "jti"]
_MORE_THAN_REMEMBERED = 20_000


def rows() -> list[Row]:
    warnings.simplefilter("ignore", SecurityWarning)
    return [*_access_tokens(), *_jwts("HS256"), *_jwts("EdDSA")]


def _access_tokens() -> list[Row]:
    clock, access = SystemClock(), AccessTokens(_KEY, lifetime=3600)
    user, session = str(uuid.uuid4()), str(uuid.uuid4())
    seen = access.issue(user, session, clock)
    fresh = itertools.cycle(
        [access.issue(user, session, clock) for _ in range(_MORE_THAN_REMEMBERED)]
    )
    name = "AccessTokens"
    return [
        Row("verify HS256, first time", name, lambda: access.verify(next(fresh), clock)),
        Row("verify HS256, seen before", name, lambda: access.verify(seen, clock)),
        Row("issue HS256", name, lambda: access.issue(user, session, clock)),
    ]


def _jwts(algorithm: Any) -> list[Row]:
    jwk, signing = _keys(algorithm)
    ring = tokens.Keyring(signing)
    policy = tokens.Jwt(ring, issuer=_SITE, audience=_SITE, lifetime=3600, required=_REQUIRED)
    claims = _claims()
    token = policy.issue(claims)
    return [
        Row(f"verify {algorithm}", "tokens.Jwt", lambda: policy.verify(token)),
        *_pyjwt(algorithm, jwk, token, claims),
        *_joserfc(algorithm, jwk, token, claims),
        Row(f"issue {algorithm}", "tokens.Jwt", lambda: policy.issue(claims)),
    ]


def _keys(algorithm: Any) -> tuple[dict[str, Any], tokens.SigningKey]:
    if algorithm == "EdDSA":
        signing = tokens.SigningKey.generate(algorithm)
    else:
        signing = tokens.SigningKey.from_bytes(algorithm, _KEY.encode(), kid="")
    return signing.to_jwk(), signing


def _claims() -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": _SITE,
        "aud": _SITE,
        "sub": str(uuid.uuid4()),
        "sid": str(uuid.uuid4()),
        "iat": now,
        "exp": now + 3600,
        "jti": str(uuid.uuid4()),
    }


def _pyjwt(algorithm: str, jwk: dict[str, Any], token: str, claims: dict[str, Any]) -> list[Row]:
    private = pyjwt.PyJWK(jwk, algorithm).key
    public = private.public_key() if algorithm == "EdDSA" else private
    options: Any = {"require": _REQUIRED}
    return [
        Row(
            f"verify {algorithm}",
            "PyJWT",
            lambda: pyjwt.decode(
                token, public, algorithms=[algorithm], audience=_SITE, issuer=_SITE, options=options
            ),
        ),
        Row(f"issue {algorithm}", "PyJWT", lambda: pyjwt.encode(claims, private, algorithm)),
    ]


def _joserfc(algorithm: str, jwk: Any, token: str, claims: dict[str, Any]) -> list[Row]:
    key = OKPKey.import_key(jwk) if algorithm == "EdDSA" else OctKey.import_key(_KEY)
    essential: Any = {name: {"essential": True} for name in _REQUIRED}
    essential["iss"]["value"] = essential["aud"]["value"] = _SITE
    registry = joserfc_jwt.JWTClaimsRegistry(**essential)
    header = {"alg": algorithm}

    def verify() -> object:
        decoded = joserfc_jwt.decode(token, key, algorithms=[algorithm])
        registry.validate(decoded.claims)
        return decoded.claims

    return [
        Row(f"verify {algorithm}", "joserfc", verify),
        Row(
            f"issue {algorithm}",
            "joserfc",
            lambda: joserfc_jwt.encode(header, claims, key, algorithms=[algorithm]),
        ),
    ]
