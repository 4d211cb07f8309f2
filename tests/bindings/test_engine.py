import json
from collections.abc import Iterator
from typing import Any

import pytest

from apiwright._core.base import ManualClock
from apiwright._core.engine import Cursors, Exchange, Services, parse_flag, refuse_parameters
from apiwright._core.repositories import IdempotencyKeys, Origin, SignedIn
from apiwright._core.tasks import CompletionQueue
from apiwright._core.tokens import AccessTokens
from apiwright.errors import (
    RateLimited,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from tests.bindings.world import NOBODY, NOON, SECRET_KEY, World, gateway, result_of

HEADERS = [(b"host", b"example.org"), (b"x-request-id", b"one-of-ours")]
FORM = [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")]


def begun(headers: Any = HEADERS, **options: Any) -> Exchange:
    made = gateway(AccessTokens(SECRET_KEY), ManualClock(NOON), **options)
    return made.begin("POST", b"/api/v1/x", "/root", "192.0.2.1", headers)


def ask(world: World, operations: Any, name: str, *given: Any, by: SignedIn | None) -> Any:
    exchange = world.exchange(by)
    return result_of(operations.at(name).start, exchange, *given)


def test_an_exchange_says_who_asks():
    exchange = begun()
    assert exchange.request_id == "one-of-ours"
    assert exchange.client == "192.0.2.1"
    assert exchange.location("/a") == "/root/a"
    assert isinstance(exchange.origin, Origin)
    assert exchange.refusal() is None


@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"a b", b"\0", b"x" * 10_000, "é".encode()])
def test_a_request_id_that_is_not_well_formed_is_replaced(value: bytes):
    made = begun([(b"x-request-id", value)]).request_id
    assert made.isascii() and 8 <= len(made) <= 128 and made.encode() != value


@pytest.mark.parametrize(
    "headers",
    [
        [],
        (),
        [[b"a", b"b"]],
        ([b"a", b"b"],),
        iter([(b"a", b"b")]),
        {(b"a", b"b"): 1},
    ],
)
def test_headers_are_any_iterable_of_pairs(headers: Any):
    assert begun(headers).request_id


def test_headers_may_be_made_on_the_fly():
    def fresh() -> Iterator[Any]:
        for number in range(100):
            yield (bytes([120, 45, number]), b"value %d" % number)
        yield iter([b"x-request-id", b"one-of-ours"])

    class Lazy:
        def __getitem__(self, index: int) -> Any:
            return [HEADERS[0], HEADERS[1]][index]

        def __len__(self) -> int:
            return 2

    assert begun(fresh()).request_id == "one-of-ours"
    assert begun(Lazy()).request_id == "one-of-ours"


@pytest.mark.parametrize(
    "headers",
    [
        None,
        7,
        object(),
        [None],
        [7],
        [b"ab"],
        ["ab"],
        [()],
        [(b"a",)],
        [(b"a", b"b", b"c")],
        [("a", "b")],
        [(b"a", None)],
        [(None, b"b")],
        [(b"a", bytearray(b"b"))],
    ],
)
def test_other_headers_are_a_type_error(headers: Any):
    with pytest.raises(TypeError):
        begun(headers)
    with pytest.raises(TypeError):
        begun().common_headers(headers)


@pytest.mark.parametrize("headers", [[(b"\xff", b"\xff")], [(b"", b"")], [(b"host", b"\0" * 9)]])
def test_headers_of_any_bytes_are_survived(headers: Any):
    exchange = begun(headers)
    assert exchange.error_response("NOT_FOUND", "x", [], None, "")[0] == 404


def test_hostile_paths_and_peers_are_survived():
    made = gateway(AccessTokens(SECRET_KEY), ManualClock(NOON), trusted_proxies=["127.0.0.0/8"])
    for text in ("", "\0", "é", "x" * 100_000):
        exchange = made.begin(text, text.encode(), text, text, [(b"x-forwarded-for", b"\xff, \0")])
        assert exchange.location("/a") == text + "/a"
        exchange.log(200, 2**63)


@pytest.mark.parametrize(
    "given",
    [
        (None, b"/", "", "", []),
        ("GET", "/", "", "", []),
        ("GET", None, "", "", []),
        ("GET", b"/", None, "", []),
        ("GET", b"/", "", None, []),
        ("GET", b"/", "\ud800", "", []),
    ],
)
def test_other_heads_are_a_type_error(given: Any):
    with pytest.raises(TypeError):
        gateway(AccessTokens(SECRET_KEY), ManualClock(NOON)).begin(*given)


def test_common_headers_are_pairs_of_bytes_and_spare_what_is_there():
    exchange = begun()
    headers = dict(exchange.common_headers([]))
    assert headers[b"x-request-id"] == b"one-of-ours"
    assert all(isinstance(value, bytes) for value in headers.values())
    present = [(b"cache-control", b"public")]
    assert b"cache-control" in headers
    assert b"cache-control" not in dict(exchange.common_headers(present))


def test_an_error_response_is_the_contracts_envelope():
    details = [("email", "Taken.", "unique")]
    status, headers, body = begun().error_response("CONFLICT", "Words.", details, 3, "behind it")
    assert status == 409
    assert (b"retry-after", b"3") in headers
    error = json.loads(body)["error"]
    assert error["code"] == "CONFLICT" and error["requestId"] == "one-of-ours"
    assert error["details"] == [{"field": "email", "message": "Taken.", "code": "unique"}]
    assert b"behind" not in body


def test_no_good_token_is_unauthorized():
    for headers in (HEADERS, [(b"authorization", b"Bearer x")]):
        with pytest.raises(Unauthorized):
            begun(headers).claims()


def test_claims_outlive_their_exchange(world: World, ada: SignedIn):
    claims = world.exchange(ada).claims()
    assert (claims.subject, claims.session) == (ada.user, ada.session)


def test_media_types():
    begun(FORM).require_media_type("application/x-www-form-urlencoded")
    with pytest.raises(UnsupportedMediaType):
        begun(FORM).require_media_type("application/json")


def test_an_idempotency_key_is_refused():
    begun().refuse_idempotency_key()
    with pytest.raises(ValidationFailed):
        begun([(b"idempotency-key", b"k")]).refuse_idempotency_key()


def test_sign_ins_are_counted():
    exchange = begun(login=(2, 60))
    exchange.count_login("ada")
    exchange.count_login("ada")
    exchange.count_login("grace")
    with pytest.raises(RateLimited) as caught:
        exchange.count_login("ada")
    assert caught.value.retry_after == 30


def test_what_a_token_had_counted_for_its_user_counts_for_the_address_too():
    tokens, clock = AccessTokens(SECRET_KEY), ManualClock(NOON)
    made = gateway(tokens, clock, anonymous=(1, 60), authenticated=(100, 60))
    bearer = b"Bearer " + tokens.issue(NOBODY, NOBODY, clock).encode()
    first, second = (
        made.begin("POST", b"/", "", "192.0.2.1", [(b"authorization", bearer)]) for _ in range(2)
    )
    assert first.refusal() is None and second.refusal() is None
    first.count_anonymous()
    with pytest.raises(RateLimited) as caught:
        second.count_anonymous()
    assert caught.value.retry_after == 60


def test_a_request_over_the_limit_is_refused_with_an_answer():
    made = gateway(AccessTokens(SECRET_KEY), ManualClock(NOON), anonymous=(1, 60))
    first, second = (made.begin("GET", b"/", "", "192.0.2.1", []) for _ in range(2))
    assert first.refusal() is None
    refusal = second.refusal()
    assert refusal is not None
    status, headers, body = refusal
    assert (status, json.loads(body)["error"]["code"]) == (429, "RATE_LIMITED")
    assert b"retry-after" in dict(headers)


@pytest.mark.parametrize("option", ["anonymous", "authenticated", "login"])
@pytest.mark.parametrize("value", [1, (1,), (1, 2, 3), ("1", 2), (None, 1), (2**64, 1), "100/15m"])
def test_other_limits_are_a_type_error(option: str, value: Any):
    with pytest.raises(TypeError):
        begun(**{option: value})


def test_a_proxy_is_an_address_or_a_network():
    with pytest.raises(ValueError, match="nowhere"):
        begun(trusted_proxies=["nowhere"])


def test_operations_answer_with_status_headers_and_body(world: World, ada: SignedIn):
    status, headers, body = ask(world, world.user_operations, "get_me", b"", b"", None, by=ada)
    assert status == 200 and (b"content-type", b"application/json") in headers
    assert json.loads(body)["data"]["id"] == ada.user
    status, _, body = ask(world, world.session_operations, "list", b"", b"", None, by=ada)
    assert status == 200 and [row["id"] for row in json.loads(body)["data"]] == [ada.session]
    status, _, body = ask(world, world.role_operations, "list", b"", b"", None, by=ada)
    assert status == 403 and json.loads(body)["error"]["code"] == "FORBIDDEN"


def test_an_operation_knows_who_asks_before_it_is_started(world: World, ada: SignedIn):
    identify = world.user_operations.at("get_me").identify
    claims = identify(world.exchange(ada))
    assert claims is not None and claims.subject == ada.user
    with pytest.raises(Unauthorized):
        identify(world.exchange())
    with pytest.raises(TypeError):
        identify(None)  # type: ignore[arg-type]


def test_operations_answer_failures_too(world: World, ada: SignedIn):
    for expected, name, *given, by in (
        (401, "get_me", b"", b"", None, None),
        (403, "list", b"", b"", None, ada),
        (400, "get_me", b"x=1", b"", None, ada),
        (400, "update_me", b"", b"\xff", None, ada),
        (400, "get", b"", b"", "no id", ada),
        (400, "get", b"", b"", "a\0" * 10_000, ada),
        (404, "get", b"", b"", "01900000-0000-7000-8000-000000000000", ada),
    ):
        status, _, body = ask(world, world.user_operations, name, *given, by=by)
        assert (status, "error" in json.loads(body)) == (expected, True)


def test_an_operation_of_a_stopped_core_is_answered_unavailable(world: World, ada: SignedIn):
    world.stop()
    for name in ("get_me", "remove_me"):
        status, headers, _ = ask(world, world.user_operations, name, b"", b"", None, by=ada)
        assert status == 503 and b"retry-after" in dict(headers)
    with pytest.raises(Unavailable):
        world.sign_up("grace@example.org")


@pytest.mark.parametrize("name", ["", "nope", "list\0", "\U0001f40e"])
def test_there_is_no_operation_of_another_name(world: World, name: str):
    for operations in (world.user_operations, world.session_operations, world.role_operations):
        with pytest.raises(ValueError, match="."):
            operations.at(name)


def test_operations_take_what_they_are_made_for(world: World, ada: SignedIn):
    start, queue = world.user_operations.at("get_me").start, CompletionQueue()
    exchange = world.exchange(ada)
    good: list[Any] = [queue, 1, exchange, b"", b"", None]
    for place, bad in (
        (0, None),
        (1, None),
        (1, -1),
        (2, None),
        (2, object()),
        (3, ""),
        (3, None),
        (4, ""),
        (4, None),
        (5, 7),
        (5, "\ud800"),
    ):
        given = [*good]
        given[place] = bad
        with pytest.raises(TypeError):
            start(*given)
    assert queue.drain() == []


@pytest.mark.parametrize("place", range(6))
def test_services_need_every_part(world: World, place: int):
    sealed = [Cursors(SECRET_KEY), IdempotencyKeys(SECRET_KEY)]
    parts: list[Any] = [world.clock, world.database, world.hashing, world.sessions, *sealed]
    parts[place] = None
    with pytest.raises(TypeError):
        Services(*parts)


def test_query_strings():
    refuse_parameters(b"")
    assert (parse_flag(b"", "all"), parse_flag(b"all=true", "all")) == (False, True)
    for query in (b"all=1", b"x=true", b"all=true&all=true", b"\xff", b"all=\0"):
        with pytest.raises(ValidationFailed):
            parse_flag(query, "all")
        with pytest.raises(ValidationFailed):
            refuse_parameters(query)
    for bad in (None, "", 7):
        with pytest.raises(TypeError):
            refuse_parameters(bad)  # type: ignore[arg-type]
