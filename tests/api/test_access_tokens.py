"""Which bearer tokens are let in, and what the others are told."""

import base64
import json

import pytest

from tests.support.api import LOGIN, ME, Account, Api
from tests.support.contract import is_uuid7, refused
from tests.support.jwt import claims_of, encode, header_of, make, sign, signing_key
from tests.support.server import Server, serving, wait_until


@pytest.fixture(scope="module")
def short_lived(lane: str, tmp_path_factory: pytest.TempPathFactory):
    with serving(tmp_path_factory.mktemp("short"), access_token_ttl="1s") as server:
        yield server


def ask(api: Api, token: str):
    return api.get(ME, headers={"Authorization": f"Bearer {token}"})


def test_an_access_token_has_the_claims_of_rfc_9068(api: Api, ada: Account) -> None:
    assert header_of(ada.access) == {"alg": "HS256", "typ": "at+jwt"}
    claims = claims_of(ada.access)
    assert set(claims) == {"iss", "aud", "sub", "sid", "iat", "exp", "jti"}
    assert (claims["iss"], claims["aud"], claims["sub"]) == ("apiwright", "apiwright", ada.id)
    assert claims["exp"] - claims["iat"] == 900
    assert is_uuid7(claims["sid"])
    assert is_uuid7(claims["jti"])


def test_no_token_answers_401_without_an_error_code(api: Api) -> None:
    response = api.get(ME)
    assert refused(response, 401, "UNAUTHORIZED") == set()
    assert response.headers["www-authenticate"] == 'Bearer realm="apiwright"'


@pytest.mark.parametrize(
    "header", ["Bearer", "bearer x", "BEARER  x", "Bearer a b", "Bearer ..", "Bearer é"]
)
def test_a_token_that_is_none_answers_401(api: Api, header: str) -> None:
    response = api.get(ME, headers={b"Authorization": header.encode()})
    assert refused(response, 401, "UNAUTHORIZED") == set()
    assert response.headers["www-authenticate"].startswith('Bearer realm="apiwright"')


@pytest.mark.parametrize("header", ["Basic YTpi", "Digest x", "Token x", "Bearerx", ""])
def test_another_scheme_answers_401(api: Api, ada: Account, header: str) -> None:
    assert refused(api.get(ME, headers={"Authorization": header}), 401, "UNAUTHORIZED") == set()


def test_the_scheme_is_read_in_any_case(api: Api, ada: Account) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        response = api.get(ME, headers={"Authorization": f"{scheme} {ada.access}"})
        assert response.status_code == 200


def test_a_token_in_the_query_or_a_cookie_is_not_looked_at(api: Api, ada: Account) -> None:
    assert api.get(f"{ME}?access_token={ada.access}").status_code == 401
    assert api.get(ME, headers={"Cookie": f"access_token={ada.access}"}).status_code == 401


def test_a_bad_token_is_told_with_invalid_token(api: Api, ada: Account) -> None:
    response = ask(api, ada.access + "x")
    assert refused(response, 401, "UNAUTHORIZED") == set()
    challenge = response.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="apiwright", error="invalid_token"')


def test_every_changed_character_spoils_a_token(api: Api, ada: Account) -> None:
    for at in range(0, len(ada.access), 7):
        changed = "A" if ada.access[at] != "A" else "B"
        spoilt = ada.access[:at] + changed + ada.access[at + 1 :]
        assert ask(api, spoilt).status_code == 401, at


def test_our_own_signature_is_let_in(api: Api, ada: Account) -> None:
    """The forgeries below are refused for what they change, not for how they are made."""
    token = make(header_of(ada.access), claims_of(ada.access), signing_key())
    assert ask(api, token).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS512"},
        {"alg": "RS256"},
        {"alg": None},
        {"typ": "JWT"},
        {"typ": None},
        {"crit": ["exp"]},
        {"crit": []},
        {"b64": False, "crit": ["b64"]},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
    ],
)
def test_a_header_that_is_not_ours_is_refused(
    api: Api, ada: Account, change: dict[str, object]
) -> None:
    header = {**header_of(ada.access), **change}
    header = {name: value for name, value in header.items() if value is not None}
    signed = make(header, claims_of(ada.access), signing_key())
    unsigned = signed.rpartition(".")[0] + "."
    if "jwk" not in change:  # a key in the header is none of our business: ours is used
        assert refused(ask(api, signed), 401, "UNAUTHORIZED") == set()
    assert refused(ask(api, unsigned), 401, "UNAUTHORIZED") == set()


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "other"},
        {"aud": "other"},
        {"aud": None},
        {"sub": "me"},
        {"sub": None},
        {"sid": "x"},
        {"sid": None},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"iat": 99999999999},
        {"nbf": 99999999999},
    ],
)
def test_claims_that_are_not_ours_are_refused(
    api: Api, ada: Account, change: dict[str, object]
) -> None:
    claims = {**claims_of(ada.access), **change}
    claims = {name: value for name, value in claims.items() if value is not None}
    token = make(header_of(ada.access), claims, signing_key())
    assert refused(ask(api, token), 401, "UNAUTHORIZED") == set()


def test_another_users_id_with_ones_own_session_is_refused(
    api: Api, ada: Account, admin: Account
) -> None:
    claims = {**claims_of(ada.access), "sub": admin.id}
    token = make(header_of(ada.access), claims, signing_key())
    assert refused(ask(api, token), 401, "UNAUTHORIZED") == set()


@pytest.mark.parametrize(
    "key", [b"", b"\x00" * 32, b"tests only: 0123456789abcdef0123456789abcdef"]
)
def test_a_foreign_key_is_refused(api: Api, ada: Account, key: bytes) -> None:
    token = make(header_of(ada.access), claims_of(ada.access), key)
    assert refused(ask(api, token), 401, "UNAUTHORIZED") == set()


def test_a_server_with_another_secret_refuses_our_tokens(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rekeyed")
    with serving(folder) as server, Api(server) as api:
        ada = api.register()
    with serving(folder, secret_key="another key " * 4) as server, Api(server) as api:
        assert refused(ask(api, ada.access), 401, "UNAUTHORIZED") == set()
        assert refused(api.refresh(ada.refresh), 401, "UNAUTHORIZED") == set()
        assert api.login(ada.email).status_code == 200


def test_a_second_spelling_of_base64url_is_refused(api: Api, ada: Account) -> None:
    head, _, signature = ada.access.rpartition(".")
    padded = base64.urlsafe_b64encode(base64.urlsafe_b64decode(signature + "=")).decode()
    assert padded.endswith("=")
    assert ask(api, f"{head}.{padded}").status_code == 401
    # The last character carries four unused bits: only zeros are canonical.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet[alphabet.index(signature[-1]) | 1]
    assert ask(api, f"{head}.{signature[:-1]}{last}").status_code == 401


def test_duplicate_claims_are_refused(api: Api, ada: Account) -> None:
    claims = json.dumps(claims_of(ada.access))
    doubled = claims[:-1] + f', "sub": "{ada.id}"}}'
    signed = sign(f"{ada.access.partition('.')[0]}.{encode(doubled.encode())}", signing_key())
    assert refused(ask(api, signed), 401, "UNAUTHORIZED") == set()


def test_a_token_as_long_as_a_header_can_be_is_refused(api: Api) -> None:
    assert ask(api, "x" * 30_000).status_code in (401, 431)


def test_an_expired_token_is_told_so(api: Api, ada: Account) -> None:
    claims = claims_of(ada.access)
    claims |= {"iat": claims["iat"] - 2000, "exp": claims["exp"] - 2000}
    response = ask(api, make(header_of(ada.access), claims, signing_key()))
    assert refused(response, 401, "TOKEN_EXPIRED") == set()
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_a_bad_signature_is_never_told_that_it_expired(api: Api, ada: Account) -> None:
    claims = {**claims_of(ada.access), "exp": 1}
    token = make(header_of(ada.access), claims, b"\x00" * 32)
    assert refused(ask(api, token), 401, "UNAUTHORIZED") == set()


def test_the_configured_lifetime_is_the_tokens(short_lived: Server) -> None:
    with Api(short_lived) as api:
        ada = api.register()
        claims = claims_of(ada.access)
        assert claims["exp"] - claims["iat"] == 1
        wait_until(lambda: not api.is_signed_in(ada))
        assert refused(ask(api, ada.access), 401, "TOKEN_EXPIRED") == set()


def test_a_bad_token_does_not_keep_one_from_signing_in(api: Api, ada: Account) -> None:
    body = {"email": ada.email, "password": ada.password}
    response = api.post(LOGIN, json=body, headers={"Authorization": "Bearer stale"})
    assert response.status_code == 200
