"""The public keys of access tokens, for whoever checks them elsewhere."""

from fastapi import FastAPI
from starlette.responses import Response

from apiwright.routes.declare import answer, route
from apiwright.routes.requests import RuntimeParts

# A key is published some seconds before it signs, and a verifier that meets an unknown kid asks
# again; minutes are what it may keep a retired one too long.
_KEPT_BY_VERIFIERS = {"Cache-Control": "public, max-age=300"}


async def jwks(parts: RuntimeParts) -> Response:
    """The keys that EdDSA tokens are signed with (RFC 7517); none while tokens are HS256."""
    return Response(
        parts.token_keys.jwks(), media_type="application/json", headers=_KEPT_BY_VERIFIERS
    )


def add(app: FastAPI) -> None:
    """Registers it."""
    route(
        app,
        "GET",
        "/.well-known/jwks.json",
        jwks,
        name="jwks",
        summary="Public keys of access tokens",
        tag="auth",
        good={200: answer("A JWK set.", "Jwks")},
        signed_in=False,
    )
