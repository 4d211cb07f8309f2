"""Registration, sign-in and what keeps one signed in."""

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apiwright.core.accounts import Secret
from apiwright.core.engine import Exchange
from apiwright.errors import AppError, ValidationFailed
from apiwright.paths import API
from apiwright.responses import SecretResponse, exchange_of
from apiwright.routes.declare import answer, form_content, json_content, route
from apiwright.routes.requests import (
    RuntimeParts,
    data,
    read_body,
    read_flag,
    read_json,
    text,
)
from apiwright.runtime import Parts
from apiwright.schemas.bodies import LOGIN, PASSWORD_CHANGE, REFRESH
from apiwright.schemas.forms import TokenRequest, read_token_request
from apiwright.services.auth import SignIn, Tokens

_AUTH = f"{API}/auth"


async def register(request: Request, parts: RuntimeParts) -> Response:
    """Makes an account and signs in."""
    exchange = exchange_of(request)
    exchange.count_anonymous()
    body = await read_json(request, request.app.runtime.registration)
    password = body.take_secret("password")
    signed_in = await parts.accounts.register(body, password, exchange)
    response = SecretResponse(data(_sign_in(signed_in)), 201)
    response.headers["location"] = exchange.location(f"{API}/users/{signed_in.user['id']}")
    return response


async def login(request: Request, parts: RuntimeParts) -> Response:
    """A wrong e-mail and a wrong password are told apart by nothing."""
    exchange = exchange_of(request)
    exchange.count_anonymous()
    body = await read_json(request, LOGIN)
    password = body.take_secret("password")
    signed_in = await parts.auth.login(text(body, "email"), password, exchange)
    return SecretResponse(data(_sign_in(signed_in)))


async def token(request: Request, parts: RuntimeParts) -> Response:
    """OAuth 2.0's token endpoint (RFC 6749), grants `password` and `refresh_token`."""
    exchange = exchange_of(request)
    exchange.count_anonymous()
    exchange.require_media_type("application/x-www-form-urlencoded")
    asked = read_token_request(await read_body(request))
    if isinstance(asked, str):
        return _oauth_error(asked)
    try:
        exchange.refuse_idempotency_key()
    except ValidationFailed:
        return _oauth_error("invalid_request", "Idempotency-Key is not supported here.")
    try:
        tokens = await _grant(asked, parts, exchange)
    except AppError as error:
        if error.status == 401 or isinstance(error, ValidationFailed):
            return _oauth_error("invalid_grant", error.message)
        raise
    return SecretResponse(
        {
            "access_token": tokens.access_token,
            "token_type": "Bearer",
            "expires_in": tokens.expires_in,
            "refresh_token": tokens.refresh_token,
        }
    )


async def refresh(request: Request, parts: RuntimeParts) -> Response:
    """The same token again within 10 s gets the same successor; later it ends the session."""
    exchange = exchange_of(request)
    exchange.count_anonymous()
    body = await read_json(request, REFRESH)
    tokens = await parts.auth.refresh(text(body, "refresh_token"))
    return SecretResponse(data(_tokens(tokens)))


async def logout(request: Request, parts: RuntimeParts) -> Response:
    """Ends this session; with `all=true` every one of yours."""
    exchange = exchange_of(request)
    exchange.refuse_idempotency_key()
    claims = exchange.claims()
    await parts.auth.logout(claims, everywhere=read_flag(request, "all"))
    return Response(status_code=204)


async def change_password(request: Request, parts: RuntimeParts) -> Response:
    """Your other sessions end."""
    exchange = exchange_of(request)
    claims = exchange.claims()
    body = await read_json(request, PASSWORD_CHANGE)
    current, new = body.take_secret("current_password"), body.take_secret("new_password")
    await parts.accounts.change_password(claims, current, new, exchange)
    return Response(status_code=204)


async def _grant(asked: TokenRequest, parts: Parts, exchange: Exchange) -> Tokens:
    if asked.refresh_token is not None:
        return await parts.auth.refresh(asked.refresh_token)
    password = Secret(asked.password)
    return (await parts.auth.login(asked.username, password, exchange)).tokens


def _oauth_error(code: str, description: str | None = None) -> Response:
    content = {"error": code} | ({"error_description": description} if description else {})
    return JSONResponse(content, 400, {"Cache-Control": "no-store"})


def _tokens(tokens: Tokens) -> dict[str, Any]:
    return {
        "accessToken": tokens.access_token,
        "refreshToken": tokens.refresh_token,
        "tokenType": "Bearer",
        "expiresIn": tokens.expires_in,
    }


def _sign_in(signed_in: SignIn) -> dict[str, Any]:
    return {"user": signed_in.user, **_tokens(signed_in.tokens)}


def add(app: FastAPI) -> None:
    """Registers them."""
    _add_sign_in(app)
    _add_signed_in(app)


def _add_sign_in(app: FastAPI) -> None:
    route(
        app,
        "POST",
        f"{_AUTH}/register",
        register,
        name="register",
        summary="Register",
        tag="auth",
        good={
            201: {
                **answer("The new user, signed in.", "SignInAnswer"),
                "headers": {"Location": {"$ref": "#/components/headers/Location"}},
            }
        },
        errors=(409,),
        body=json_content("Registration"),
        signed_in=False,
    )
    route(
        app,
        "POST",
        f"{_AUTH}/login",
        login,
        name="login",
        summary="Sign in",
        tag="auth",
        good={200: answer("Signed in.", "SignInAnswer")},
        errors=(401,),
        body=json_content("Login"),
        signed_in=False,
    )
    route(
        app,
        "POST",
        f"{_AUTH}/token",
        token,
        name="token",
        summary="OAuth 2.0 token",
        tag="auth",
        good={
            200: answer("Tokens.", "OAuthTokens"),
            400: answer("Refused, in RFC 6749's words.", "OAuthError"),
        },
        body=form_content("OAuthForm"),
        signed_in=False,
    )
    route(
        app,
        "POST",
        f"{_AUTH}/refresh",
        refresh,
        name="refresh",
        summary="Refresh tokens",
        tag="auth",
        good={200: answer("The successors.", "TokensAnswer")},
        errors=(401,),
        body=json_content("Refresh"),
        signed_in=False,
    )


def _add_signed_in(app: FastAPI) -> None:
    route(
        app,
        "POST",
        f"{_AUTH}/logout",
        logout,
        name="logout",
        summary="Sign out",
        tag="auth",
        good={204: answer("Signed out.")},
        errors=(400,),
        parameters=[
            {"name": "all", "in": "query", "schema": {"type": "boolean", "default": False}}
        ],
    )
    route(
        app,
        "PUT",
        f"{API}/users/me/password",
        change_password,
        name="changePassword",
        summary="Change your password",
        tag="users",
        good={204: answer("Changed.")},
        errors=(409, 422),
        body=json_content("PasswordChange"),
    )
