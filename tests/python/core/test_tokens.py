"""apiwright.core.tokens as one imports it alone."""

import json
import subprocess
import sys
import threading
import zlib
from typing import Any

import pytest

from apiwright.core.tokens import (
    ApiKeys,
    Jwt,
    Keyring,
    ManualClock,
    OpaqueTokens,
    SigningKey,
    VerifyingKey,
)
from apiwright.errors import AppError, MalformedJson, TokenExpired, Unauthorized, ValidationFailed
from tests.support.jwt import claims_of, encode, header_of

NOON = 1_800_000_000
SECRET = "a key of the tests, long enough for any"


def clock() -> ManualClock:
    return ManualClock(NOON * 1000)


@pytest.fixture(params=["EdDSA", "HS256"])
def key(request: pytest.FixtureRequest) -> SigningKey:
    return SigningKey.generate(request.param)


def test_claims_come_back_as_they_were_given(key: SigningKey) -> None:
    jwt = Jwt(Keyring(key), issuer="https://id.example", audience="orders", clock=clock())
    given = {"sub": "Ada ☃", "scope": ["a", {"b": None}], "n": 1.5, "big": 2**70, "t": True}
    claims = jwt.verify(jwt.issue(given))
    assert claims.items() >= given.items()
    assert (claims["iss"], claims["aud"]) == ("https://id.example", "orders")
    assert (claims["iat"], claims["exp"]) == (NOON, NOON + 900)
    assert len(claims["jti"]) == 36


def test_the_header_names_key_algorithm_and_type(key: SigningKey) -> None:
    token = Jwt(Keyring(key), typ="logout+jwt").issue({})
    assert header_of(token) == {"alg": key.algorithm, "typ": "logout+jwt", "kid": key.kid}


def test_a_token_expires_by_the_clock() -> None:
    time = clock()
    jwt = Jwt(Keyring(SigningKey.generate()), lifetime=60, leeway=5, clock=time)
    token = jwt.issue({})
    time.advance(64_999)
    jwt.verify(token)
    time.advance(1)
    with pytest.raises(TokenExpired):
        jwt.verify(token)


def test_the_clock_is_the_machines_by_default() -> None:
    jwt = Jwt(Keyring(SigningKey.generate()))
    assert jwt.verify(jwt.issue({"sub": "ada"}))["sub"] == "ada"


def test_one_audience_of_several_is_enough() -> None:
    ring = Keyring(SigningKey.generate())
    token = Jwt(ring, audience="orders").issue({})
    assert Jwt(ring, audience=["stock", "orders"]).verify(token)["aud"] == "orders"
    for other in (Jwt(ring, audience=["stock"]), Jwt(ring)):
        with pytest.raises(Unauthorized):
            other.verify(token)


def test_required_claims_are_required_on_both_ends() -> None:
    ring = Keyring(SigningKey.generate())
    strict = Jwt(ring, required=("sub", "scope"))
    with pytest.raises(ValidationFailed) as caught:
        strict.issue({"sub": "ada"})
    assert [(detail.field, detail.code) for detail in caught.value.details] == [
        ("scope", "required")
    ]
    with pytest.raises(Unauthorized):
        strict.verify(Jwt(ring).issue({"sub": "ada"}))


@pytest.mark.parametrize("claims", [{"exp": 1.5}, {"exp": "1"}, {"sub": 1}, {"aud": [1]}])
def test_a_registered_claim_of_the_wrong_type_is_not_signed(claims: dict[str, Any]) -> None:
    with pytest.raises(ValidationFailed):
        Jwt(Keyring(SigningKey.generate())).issue(claims)


@pytest.mark.parametrize("claims", [{"n": float("nan")}, {"n": object()}, {"n": {1, 2}}])
def test_what_json_cannot_hold_is_not_signed(claims: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Jwt(Keyring(SigningKey.generate())).issue(claims)


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "\0", "é", "x" * 100_000, "e30.e30.", "." * 10_000]
)
def test_what_is_no_token_is_unauthorized(token: str) -> None:
    with pytest.raises(Unauthorized) as caught:
        Jwt(Keyring(SigningKey.generate())).verify(token)
    assert caught.value.details == []


@pytest.mark.parametrize("token", [None, 7, b"a.b.c", "\ud800"])
def test_what_is_no_text_is_a_type_error_that_does_not_show_it(token: Any) -> None:
    with pytest.raises(TypeError) as caught:
        Jwt(Keyring(SigningKey.generate())).verify(token)
    assert "a.b.c" not in str(caught.value)


def test_an_unsigned_token_and_a_changed_algorithm_are_unauthorized() -> None:
    key = SigningKey.generate(kid="e")
    jwt = Jwt(Keyring(key))
    _, payload, signature = jwt.issue({}).split(".")
    for alg in ("none", "HS256", "eddsa"):
        header = encode(json.dumps({"alg": alg, "typ": "JWT", "kid": "e"}).encode())
        for end in ("", signature):
            with pytest.raises(Unauthorized):
                jwt.verify(f"{header}.{payload}.{end}")


def test_a_retired_key_verifies_and_the_active_one_signs() -> None:
    old, new = SigningKey.generate("HS256"), SigningKey.generate()
    token = Jwt(Keyring(old)).issue({"sub": "ada"})
    ring = Keyring(new, retired=[old, SigningKey.generate().verifying_key()])
    assert Jwt(ring).verify(token)["sub"] == "ada"
    assert header_of(Jwt(ring).issue({}))["kid"] == new.kid
    assert [key.kid for key in ring.keys][:2] == [new.kid, old.kid]
    with pytest.raises(Unauthorized):
        Jwt(Keyring(new)).verify(token)


def test_a_ring_from_a_jwks_only_verifies() -> None:
    key = SigningKey.generate()
    ring = Keyring(key, retired=[SigningKey.generate("HS256")])
    jwks = ring.jwks()
    assert [list(jwk) for jwk in jwks["keys"]] == [["kty", "crv", "x", "kid", "alg", "use"]]
    token = Jwt(ring).issue({"sub": "ada"})
    for document in (jwks, json.dumps(jwks), json.dumps(jwks).encode()):
        public = Keyring.from_jwks(document)
        assert not public.can_sign
        assert Jwt(public).verify(token)["sub"] == "ada"
        with pytest.raises(ValidationFailed):
            Jwt(public).issue({})


@pytest.mark.parametrize("document", [b"\xff", "{", b"[", "\x00"])
def test_a_jwks_that_is_no_json_is_malformed(document: Any) -> None:
    with pytest.raises((MalformedJson, UnicodeDecodeError)):
        Keyring.from_jwks(document)


def test_a_published_secret_is_refused() -> None:
    for key in (SigningKey.generate(), SigningKey.generate("HS256")):
        with pytest.raises(ValidationFailed) as caught:
            Keyring.from_jwks({"keys": [key.to_jwk()]})
        assert caught.value.details[0].code == "forbidden"


def test_keys_survive_their_jwk(key: SigningKey) -> None:
    again = SigningKey.from_jwk(key.to_jwk())
    assert (again.kid, again.algorithm) == (key.kid, key.algorithm)
    assert Jwt(Keyring(key)).verify(Jwt(Keyring(again)).issue({"sub": "a"}))["sub"] == "a"


def test_keys_of_given_bytes() -> None:
    assert SigningKey.from_bytes("HS256", b"k" * 32, kid="1").kid == "1"
    for algorithm, size in (("HS256", 31), ("EdDSA", 31), ("EdDSA", 33)):
        with pytest.raises(ValidationFailed):
            SigningKey.from_bytes(algorithm, b"k" * size)  # type: ignore[arg-type]
    with pytest.raises(ValidationFailed):
        SigningKey.generate("none")  # type: ignore[arg-type]
    with pytest.raises(TypeError) as caught:
        SigningKey.from_bytes("HS256", "hidden" * 6)  # type: ignore[arg-type]
    assert "hidden" not in str(caught.value)


def test_no_repr_shows_a_secret(key: SigningKey) -> None:
    secret = key.to_jwk().get("d") or key.to_jwk()["k"]
    api_key = ApiKeys("aw").generate()
    shown = repr(
        [
            key,
            key.verifying_key(),
            Keyring(key),
            Jwt(Keyring(key)),
            OpaqueTokens(SECRET, purpose="p"),
        ]
    )
    assert secret not in shown
    assert SECRET not in shown
    assert api_key.text not in repr(api_key)


def test_a_public_jwk_makes_a_verifying_key() -> None:
    key = SigningKey.generate(kid="mine")
    assert repr(VerifyingKey.from_jwk(key.public_jwk())) == "VerifyingKey(EdDSA, kid='mine')"
    with pytest.raises(ValidationFailed):
        SigningKey.generate("HS256").public_jwk()


def test_opaque_tokens_are_for_one_purpose() -> None:
    cursors = OpaqueTokens(SECRET, purpose="cursors")
    text = cursors.seal(b"page 7\0")
    assert cursors.open(text) == b"page 7\0"
    for other in (
        OpaqueTokens(SECRET, purpose="links"),
        OpaqueTokens(SECRET + "!", purpose="cursors"),
    ):
        with pytest.raises(Unauthorized):
            other.open(text)
    with pytest.raises(ValidationFailed):
        cursors.seal(b"x" * 4097)


def test_api_keys_are_checked_without_a_store() -> None:
    keys = ApiKeys("aw_live")
    made = keys.generate()
    assert keys.parse(made.text) == made
    assert made.text.startswith(made.id) and made.id.startswith("aw_live_")
    assert len(made.digest) == 32
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    checksum = 0
    for letter in made.text[-6:]:
        checksum = checksum * 62 + alphabet.index(letter)
    assert checksum == zlib.crc32(made.text[:-6].encode())
    with pytest.raises(Unauthorized):
        ApiKeys("aw").parse(made.text)
    with pytest.raises(ValidationFailed):
        ApiKeys("Not plain")


def test_threads_may_share_them() -> None:
    jwt = Jwt(Keyring(SigningKey.generate("HS256")), clock=clock())
    failures: list[AppError] = []

    def work() -> None:
        try:
            for number in range(200):
                assert jwt.verify(jwt.issue({"n": number}))["n"] == number
        except AppError as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_importing_it_imports_no_web_framework() -> None:
    script = (
        "import sys, apiwright.core.tokens; "
        "print([m for m in ('fastapi', 'starlette', 'pydantic') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert said == "[]\n"


def test_claims_can_be_read_by_anyone() -> None:
    assert claims_of(Jwt(Keyring(SigningKey.generate())).issue({"sub": "ada"}))["sub"] == "ada"
