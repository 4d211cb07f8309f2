"""Keys of access tokens in a file, rotated under running servers, and the public ones."""

import functools
import json
import stat
from pathlib import Path

import pytest

from apiwright.core.tokens import Jwt, Keyring
from tests.support.api import ME, Account, Api
from tests.support.contract import refused
from tests.support.jwt import header_of
from tests.support.processes import cpu_seconds, workers
from tests.support.server import Server, serving, wait_until

pytestmark = pytest.mark.one_database("keys are in a file, and no table has them")

JWKS = "/.well-known/jwks.json"


def login(api: Api, account: Account) -> str:
    token: str = api.login(account.email).json()["data"]["accessToken"]
    return token


def status(api: Api, token: str) -> int:
    return api.get(ME, headers={"Authorization": f"Bearer {token}"}).status_code


def rotate(server: Server, *arguments: str) -> str:
    """The new key's name."""
    said = server.run("keys", "rotate", *arguments)
    return said.split()[0]


def test_without_a_key_file_there_are_no_public_keys(api: Api) -> None:
    response = api.get(JWKS)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "public, max-age=300"
    assert response.json() == {"keys": []}


def test_head_options_and_other_methods_are_as_everywhere(api: Api) -> None:
    assert api.head(JWKS).status_code == 200
    options = api.request("OPTIONS", JWKS)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert refused(api.post(JWKS), 405, "METHOD_NOT_ALLOWED") == set()


def test_running_servers_take_a_rotation_over_and_refuse_no_token(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rotated")
    keys = folder / "keys.json"
    with (
        serving(folder, token_keys=keys) as first,
        serving(folder, token_keys=keys) as second,
        Api(first) as here,
        Api(second) as there,
    ):
        ada = here.register()
        tokens = [ada.access]
        assert header_of(ada.access) == {"alg": "HS256", "typ": "at+jwt"}
        for algorithm in ("EdDSA", "EdDSA", "HS256"):
            kid = rotate(first, "--algorithm", algorithm)
            assert stat.S_IMODE(keys.stat().st_mode) == 0o600

            def is_new(token: str, kid: str = kid, algorithm: str = algorithm) -> bool:
                expected = {"alg": algorithm, "typ": "at+jwt", "kid": kid}
                return header_of(token) == expected

            def both_sign_with_it() -> bool:
                made = [login(here, ada), login(there, ada)]
                answers = {status(api, token) for api in (here, there) for token in made}
                assert answers == {200}
                tokens.extend(made)
                return all(is_new(token) for token in made)

            wait_until(both_sign_with_it)
        each = {header_of(token).get("kid"): token for token in tokens}
        assert len(each) == 4
        for token in each.values():
            assert (status(here, token), status(there, token)) == (200, 200)


@pytest.mark.one_lane("what is asked here is which process knows which key")
def test_two_workers_take_rotations_over_while_they_answer_and_refuse_no_token(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rotated-workers")
    with serving(folder, "--workers", "2", token_keys=folder / "keys.json") as server:
        both = workers(server)
        assert len(both) == 2
        with Api(server) as api:
            ada = api.register()
        tokens = [ada.access]
        served_before = [cpu_seconds(worker) for worker in both]
        for _ in range(2):
            kid = rotate(server)
            wait_until(functools.partial(_all_signed_by, kid, server, ada, tokens))
        assert len({header_of(token).get("kid") for token in tokens}) == 3
        for worker, before in zip(both, served_before, strict=True):
            assert cpu_seconds(worker) > before, "it answered some of them"


def _all_signed_by(kid: str, server: Server, account: Account, tokens: list[str]) -> bool:
    """Whether whoever takes the next connections signs with this key. Each asks with a token of
    every key so far, and none is refused."""
    made = []
    for _ in range(8):
        with Api(server) as connection:  # one of its own, so that either worker may take it
            made.append(login(connection, account))
        each = {header_of(token).get("kid"): token for token in [*tokens, *made]}
        with Api(server) as connection:
            assert {status(connection, token) for token in each.values()} == {200}
    tokens += made
    return {header_of(token).get("kid") for token in made} == {kid}


def test_the_jwks_is_all_that_another_service_needs(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("published")
    with serving(folder, token_keys=folder / "keys.json") as server, Api(server) as api:
        ada = api.register()
        kid = rotate(server)
        published = wait_until(lambda: api.get(JWKS).json()["keys"])
        [key] = published
        assert (key["kid"], key["kty"], key["crv"], key["alg"]) == (kid, "OKP", "Ed25519", "EdDSA")
        assert "d" not in key
        token = wait_until(lambda: _signed_by(kid, login(api, ada)))
        elsewhere = Jwt(
            Keyring.from_jwks(api.get(JWKS).content),
            issuer="apiwright",
            audience="apiwright",
            typ="at+jwt",
        )
        assert elsewhere.verify(token)["sub"] == ada.id


def _signed_by(kid: str, token: str) -> str | None:
    return token if header_of(token).get("kid") == kid else None


@pytest.mark.one_lane("what is asked here is about the file")
def test_a_broken_or_vanished_file_keeps_the_last_keys_and_is_logged(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("broken-keys")
    keys = folder / "keys.json"
    with serving(folder, token_keys=keys) as server, Api(server) as api:
        kid = rotate(server)
        ada = api.register()
        wait_until(lambda: _signed_by(kid, login(api, ada)))
        for expected in (1, 2):
            if expected == 1:
                keys.write_text("{")
            else:
                keys.unlink()
            _ask_until_it_complains(server, api, ada, expected)
            token = login(api, ada)
            assert header_of(token)["kid"] == kid
            assert status(api, token) == 200
        assert _complaints(server) == 2


def _ask_until_it_complains(server: Server, api: Api, account: Account, times: int) -> None:
    def complained() -> bool:
        assert status(api, account.access) == 200
        return _complaints(server) == times

    wait_until(complained)


def _complaints(server: Server) -> int:
    said = "The file of token keys cannot be used, the last good keys remain"
    return sum(line["message"].startswith(said) for line in server.lines())


@pytest.mark.one_lane("what is asked here is about the file")
def test_what_a_rotation_prints_and_logs_is_no_key(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("quiet")
    keys = folder / "keys.json"
    with serving(folder, token_keys=keys) as server, Api(server) as api:
        said = server.run("keys", "rotate") + server.run("keys", "rotate", "--algorithm", "HS256")
        ada = api.register()
        assert status(api, ada.access) == 200
        for key in json.loads(keys.read_text("utf-8"))["keys"]:
            secret = key.get("d") or key["k"]
            assert secret not in said
            assert secret not in server.log
            assert secret not in api.get(JWKS).text


@pytest.mark.one_lane("nothing is served")
def test_a_file_that_others_can_read_is_refused_at_the_start(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys":[]}')
    keys.chmod(0o644)
    with pytest.raises(AssertionError, match="open to other users"):
        Server(tmp_path, token_keys=keys)
