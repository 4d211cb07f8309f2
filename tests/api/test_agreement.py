"""Whatever is asked, both lanes answer the same, and leave the same data."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import jwt
from tests.support.api import API, ME, NOBODY, ROLES, SESSIONS, USERS
from tests.support.asgi import Headers, Request
from tests.support.raw import connection
from tests.support.server import Server, serving
from tests.support.twins import SETTINGS, People, Twin, Twins

pytestmark = [
    pytest.mark.one_lane("both lanes are asked in each test"),
    pytest.mark.one_database("equal databases are made by copying SQLite's file"),
]

EXAMPLES = 2000
COMMON = st.sampled_from  # the first value is what hypothesis shrinks to


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    twins = Twins(tmp_path_factory.mktemp("twins"))
    yield twins
    twins.close()


# --- what is asked --------------------------------------------------------------------------------

ADMIN_ROLE = "019b76da-a800-7000-8000-000000000001"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "get", ""]


def targets(people: People) -> st.SearchStrategy[bytes]:
    """Paths and queries, most of them good or nearly so."""
    session = jwt.claims_of(people.ada.access)["sid"]
    other = jwt.claims_of(people.admin.access)["sid"]
    ids = [people.ada.id, people.grace.id, people.admin.id, people.gone.id, NOBODY]
    odd = [
        *("me", "ME", "m%65", "1", "", ".", "..", "%2e%2e", "%2E%2E%2Fusers", "%00", "x%00", "%0a"),
        *("me%0a", "me%0A", "me%0d%0a", "%20me", "me%20", "me;a=1", "%ff", "%c3%28", "%C3%A9", "%"),
        *("%zz", "%EF%BF%BD", "%F0%9F%98%80", "a%2Fb", "x" * 300, "{id}", "null", "me%2F"),
        *(people.ada.id.upper(), people.ada.id.replace("-", ""), people.ada.id + "%0a"),
        *("%30" + people.ada.id[1:], people.ada.id + "%00", people.ada.id[:-1] + "g"),
    ]
    rows = [f"{USERS}/{name}" for name in ids] + [f"{SESSIONS}/{name}" for name in (session, other)]
    rows += [f"{ROLES}/{name}" for name in (ADMIN_ROLE, people.editor, NOBODY)]
    hostile = [f"{base}/{name}" for name in odd for base in (USERS, SESSIONS, ROLES)]
    wrong = [
        *(
            "/api//v1/users",
            "//api/v1/users",
            "/api/v1/./users",
            "/api/v1/../v1/users",
            "/",
            "",
            "*",
        ),
        *("/API/v1/users", "/api/v1/Users", "/api/v1/users%0a", "/api/v1/users%0A%0A", f"{API}"),
        *("/api/v1/%75sers", "/api%2Fv1%2Fusers", "/api/v1/user", "/api/v1/users/me/password"),
        *("/api/v1/auth/sessions%0a", "/api/v1/auth//sessions", "/api/v2/users", "/nope"),
    ]
    path = st.one_of(
        COMMON([ME, USERS, SESSIONS, ROLES]),
        COMMON(rows),
        COMMON(rows),
        COMMON(hostile),
        COMMON(wrong),
    )
    end = st.one_of(st.just(""), st.just(""), st.just(""), COMMON(["/", "//", "/.", "/..", "/x"]))
    return st.builds(
        lambda path, end, query: (path + end).encode() + query, path, end, queries(people)
    )


def queries(people: People) -> st.SearchStrategy[bytes]:
    good = [
        *(b"page=1", b"page=2", b"limit=1", b"limit=100", b"sort=name", b"sort=-createdAt,name"),
        *(b"sort=-updatedAt", b"status=active", b"status=inactive", b"search=a", b"search=%C3%84"),
        *(b"email=ada@example.org", b"email=ADA%40example.org", b"search=ada+example"),
    ]
    bad = [
        *(
            b"page=0",
            b"page=-1",
            b"page=x",
            b"page=",
            b"page",
            b"limit=0",
            b"limit=101",
            b"=",
            b"&",
        ),
        *(b"limit=99999999999999999999", b"sort=", b"sort=nope", b"sort=passwordHash", b"sort=,"),
        *(b"status=ACTIVE", b"search=", b"search=" + b"x" * 201, b"unknown=1", b"%ff=1", b"a=%ff"),
        *(b"\xff=\xfe", b"%zz=%", b"cursor=", b"fields=id", b"page=1;limit=1", b"a=" + b"y" * 5000),
        *(b"search=%00", b"email=", b"all=true", b"?", b"page=1?", b"id=" + people.ada.id.encode()),
        b"&".join(b"p%d=1" % number for number in range(150)),
    ]
    part = st.one_of(COMMON(good), COMMON(good), COMMON(bad))
    parts = st.lists(part, min_size=1, max_size=4).map(lambda parts: b"?" + b"&".join(parts))
    return st.one_of(st.just(b""), st.just(b""), COMMON([b"?", b"??"]), parts, parts)


def authorizations(people: People) -> st.SearchStrategy[Headers]:
    ada = people.ada.access
    key = jwt.signing_key()
    header, claims = jwt.header_of(ada), jwt.claims_of(ada)
    expired = jwt.make(header, claims | {"exp": 1_700_000_000, "iat": 1_699_999_000}, key)
    unsigned = jwt.make(header | {"alg": "none"}, claims, key)
    foreign = jwt.make(header, claims, b"x" * 32)
    mixed = jwt.make(header, claims | {"sub": people.admin.id}, key)
    good = [people.admin.access, people.ada.access]
    bad = [people.grace.access, people.gone.access, people.signed_out.access]
    bad += [expired, unsigned, foreign, mixed, people.ada.refresh, "", "x", "a.b.c", ada + "x"]
    words = [
        b"Basic YTpi",
        b"Bearer",
        b"bearer  ",
        b"",
        b"\xff\xfe",
        b"Token x",
        b"Bearer\t" + ada.encode(),
    ]

    def bearer(token: str) -> Headers:
        return ((b"authorization", f"Bearer {token}".encode()),)

    twice = [bearer(ada) + bearer(people.admin.access), ((b"authorization", b""),) + bearer(ada)]
    twice += [bearer(ada) + ((b"authorization", b""),), bearer(ada) + bearer(ada)]
    return st.one_of(
        COMMON([bearer(token) for token in good]),
        COMMON([bearer(token) for token in good]),
        COMMON([bearer(token) for token in good]),
        COMMON([bearer(token) for token in bad]),
        COMMON([((b"authorization", word),) for word in words] + twice + [()]),
    )


MEDIA_TYPES: list[Headers] = [
    ((b"content-type", b"application/json"),),
    ((b"content-type", b"application/json"),),
    ((b"content-type", b"application/json"),),
    ((b"content-type", b"application/merge-patch+json"),),
    ((b"content-type", b"Application/JSON; charset=utf-8"),),
    ((b"content-type", b"text/plain"),),
    ((b"content-type", b"application/x-www-form-urlencoded"),),
    ((b"content-type", b"\xff"),),
    ((b"content-type", b"application/json"), (b"content-type", b"text/plain")),
    (),
]
OTHER_HEADERS = [
    *((b"accept", b"application/problem+json"), (b"accept", b"application/problem+json;q=0")),
    *((b"accept", b"*/*"), (b"accept", b"\xff"), (b"idempotency-key", b"k-1")),
    *((b"origin", b"https://app.example.org"), (b"origin", b"https://other.example")),
    *((b"access-control-request-method", b"PATCH"), (b"access-control-request-method", b"")),
    *((b"content-length", b"0"), (b"content-length", b"5"), (b"content-length", b"-1")),
    *((b"content-length", b"x"), (b"content-length", b"65536"), (b"content-length", b"65537")),
    *(
        (b"content-length", b"9" * 30),
        (b"transfer-encoding", b"chunked"),
        (b"expect", b"100-continue"),
    ),
    *((b"x-request-id", b"not one!"), (b"x-request-id", b"x" * 65), (b"x-request-id", b"")),
    *((b"x-forwarded-for", b"10.0.0.1, x"), (b"user-agent", b"\xff\x00"), (b"if-match", b'"1"')),
    *(
        (b"if-none-match", b"*"),
        (b"cookie", b"a=1"),
        (b"\xff", b"1"),
        (b"", b""),
        (b"host", b"a b"),
    ),
    *((b"x-http-method-override", b"DELETE"), (b"x-long", b"y" * 9000), (b"upgrade", b"websocket")),
]

FIELDS: dict[str, list[Any]] = {
    "email": [
        "new@example.org",
        "ADA@example.org",
        "ada@example.org",
        "root@example.org",
        "x",
        1,
        None,
    ],
    "name": [
        "Ada L.",
        "Ünï",
        "x" * 100,
        "x" * 101,
        "x" * 20_000,
        "",
        "\x00",
        "\ud83d\ude00",
        [],
        None,
    ],
    "password": ["correct horse battery", "short", "p" * 101, None, {}],
    "status": ["active", "inactive", "ACTIVE", "", None],
    "roles": [[], ["admin"], ["admin", "admin"], ["x"], "admin", [1], None],
    "permissions": [["x:*"], [], ["x:read", "x:read"], ["X"], "*", None],
    "version": [1],
    "id": [NOBODY],
    "\u0000": [1],
}
USER_FIELDS = ["email", "name", "password", "status", "roles"]
RAW_BODIES = [
    *(b"", b"{}", b"{", b"}", b"[]", b"null", b"1", b'"x"', b"{} {}", b"\xef\xbb\xbf{}", b" {} "),
    *(
        b'{"name": "a", "name": "b"}',
        b'{"name": "a",}',
        b'{"name": NaN}',
        b"{'name': 'a'}",
        b"\xff",
    ),
    *(b'{"name": "\xff"}', b'{"name": "\\ud800"}', b'{"name": "\\u0000"}', b'{"name": "a"}\x00'),
    *(b"[" * 1000, b'{"a":' * 1000, b'{"name": ' + b"[" * 63 + b"]" * 63 + b"}", b"\x00"),
    *(
        b"{'name': 1}",
        b'{"name": 1e999}',
        b'{"version": 99999999999999999999}',
        b"\xfe\xff\x00{\x00}",
        b"name=a",
    ),
    *(b'{"name": "' + b"x" * 60_000 + b'"}', b'{"name": "' + b"x" * 65_600 + b'"}', b" " * 70_000),
]


def bodies() -> st.SearchStrategy[bytes]:
    good = st.fixed_dictionaries(
        {}, optional={name: COMMON(FIELDS[name][:2]) for name in USER_FIELDS}
    )
    any_json = st.fixed_dictionaries(
        {}, optional={name: COMMON(values) for name, values in FIELDS.items()}
    )
    written = st.one_of(good, good, any_json).map(lambda body: json.dumps(body).encode())
    return st.one_of(written, written, COMMON(RAW_BODIES))


def in_chunks(body: bytes, parts: int) -> tuple[bytes, ...]:
    """In that many messages; an empty one at the end of several, as from granian."""
    if parts == 1:
        return (body,)
    size = len(body) // parts + 1
    return (*(body[at : at + size] for at in range(0, len(body), size)), b"")


Case = tuple[str, bytes, Headers, bytes]
"""Method, target, media type, body."""


def sensible(people: People) -> st.SearchStrategy[Case]:
    """What the core's routes are for; who asks, and how, decides about the answer."""
    rows = [f"{USERS}/{who.id}" for who in (people.ada, people.admin, people.grace)]
    sessions = [
        f"{SESSIONS}/{jwt.claims_of(who.access)['sid']}" for who in (people.ada, people.admin)
    ]
    user = st.fixed_dictionaries(
        {"email": COMMON(FIELDS["email"][:3]), "name": COMMON(FIELDS["name"][:3])},
        optional={name: COMMON(FIELDS[name][:2]) for name in ("password", "status", "roles")},
    )
    patch = st.fixed_dictionaries(
        {}, optional={name: COMMON(FIELDS[name][:3]) for name in USER_FIELDS}
    )
    me = st.fixed_dictionaries(
        {}, optional={name: COMMON(FIELDS[name][:3]) for name in ("email", "name")}
    )
    roles = [f"{ROLES}/{role}" for role in (ADMIN_ROLE, people.editor)]
    role = st.fixed_dictionaries(
        {"name": COMMON(["editor", "writer", "admin", "Writer"])},
        optional={"permissions": COMMON(FIELDS["permissions"])},
    )
    nothing: st.SearchStrategy[Any] = st.just({})

    def case(
        method: str, paths: list[str], body: st.SearchStrategy[Any]
    ) -> st.SearchStrategy[Case]:
        return st.tuples(
            st.just(method),
            COMMON(paths).map(str.encode),
            COMMON(MEDIA_TYPES[:5]),
            body.map(lambda body: json.dumps(body).encode()),
        )

    return st.one_of(
        case("POST", [USERS], user),
        case("PUT", rows, user),
        case("PATCH", rows, patch),
        case("PATCH", [ME], me),
        case("POST", [ROLES], role),
        case("PUT", roles, role),
        case("PATCH", roles, role),
        case("DELETE", [ME, *rows, *sessions, *roles], nothing),
        case("GET", [ME, USERS, SESSIONS, ROLES, *rows, *roles], nothing),
    )


def anything(people: People) -> st.SearchStrategy[Case]:
    methods = st.one_of(COMMON(METHODS[:6]), COMMON(METHODS[:6]), COMMON(METHODS))
    return st.tuples(methods, targets(people), COMMON(MEDIA_TYPES), bodies())


ROOTS = ["", "", "", "", "", "/behind", "/be hind", "/api", "/é"]


def requests(people: People) -> st.SearchStrategy[Request]:
    def build(
        case: Case,
        root: str,
        stripped: bool,
        authorization: Headers,
        others: list[tuple[bytes, bytes]],
        parts: int,
        whole: bool,
    ) -> Request:
        method, target, media_type, body = case
        headers = ((b"x-request-id", b"frozen"), *authorization, *media_type, *others)
        full = target if stripped else quote(root).encode() + target
        return Request(method, full, headers, in_chunks(body, parts), whole, root)

    return st.builds(
        build,
        st.one_of(sensible(people), anything(people)),
        COMMON(ROOTS),
        COMMON([False, False, True]),
        authorizations(people),
        st.one_of(st.just([]), st.lists(COMMON(OTHER_HEADERS), max_size=3)),
        COMMON([1, 1, 1, 2, 3]),
        COMMON([True] * 9 + [False]),
    )


# --- that they agree ------------------------------------------------------------------------------


def test_both_lanes_give_the_same_answers_and_leave_the_same_data(twins: Twins) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=bool(os.environ.get("CI")),
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(requests(twins.people), min_size=1, max_size=4))
    def agree(asked: list[Request]) -> None:
        twins.agree(asked)

    agree()
    reached = {status for _, status in twins.seen}
    assert reached >= {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 415, 422, 499}
    fast = {status for lane, status in twins.seen if lane == "fast"}
    assert fast >= {200, 201, 204, 400, 401, 403, 404, 409, 413, 415, 422, 499}


# --- over HTTP ------------------------------------------------------------------------------------

ME_BYTES = ME.encode()
UGLY_TARGETS = [
    *(b"/api/v1/users/me%0a", b"/api/v1/users/me%00", b"/api/v1/users/%6de"),
    *(b"/api/v1/users/..%2fme", b"/api/v1/users/../users/me", b"//api/v1/users/me"),
    *(b"/api/v1//users/me", b"/api/v1/users/me/", b"/api/v1/users/%ff"),
    *(b"/api/v1/users/%EF%BF%BD", b"/api/v1/users/\xc3\xa9", b"/api/v1/users/\xff"),
    *(b"http://elsewhere/api/v1/users/me", b"*", b"/api/v1/users/me?a=%00&b=\xff"),
    *(b"/api/v1/users/me#x", b"/api/v1/users/me??", b"/api/v1/users/" + b"x" * 20000, b""),
    *(b"api/v1/users/me",),
]
UGLY_METHODS = [
    *(b"get", b"FOO", b"TRACE", b"OPTIONS", b"HEAD", b"CONNECT", b"PUT", b"G\x00T", b"G" * 300),
]
UGLY_HEADERS = [
    *(b"authorization: Bearer x\r\n", b"authorization:\r\n", b"Authorization : x\r\n"),
    *(b"x-\xff: 1\r\n", b"content-length: 0\r\ncontent-length: 0\r\n"),
    *(b"content-length: -1\r\n", b"content-length: x\r\n", b"accept: \xff\xfe\r\n"),
    *(b"accept: application/problem+json\r\n", b"x-long: " + b"y" * 60000 + b"\r\n"),
    *(b"x-request-id: second\r\n", b"x-folded: a\r\n b\r\n", b"x-null: \x00\r\n", b": x\r\n"),
    *(b"host: y\r\n", b"transfer-encoding: identity\r\n", b"upgrade: websocket\r\n"),
    *(b"expect: something\r\n",),
]
CHUNKED = b"content-type: application/json\r\ntransfer-encoding: chunked\r\n"
UGLY_BODIES = [
    CHUNKED + b'\r\n5\r\n{"nam\r\nb\r\ne": "Chunk"}\r\n0\r\n\r\n',
    CHUNKED + b"\r\n2;extension=1\r\n{}\r\n0\r\ntrailer: 1\r\n\r\n",
    CHUNKED + b"\r\nzz\r\n{}\r\n0\r\n\r\n",
    CHUNKED + b"\r\n0\r\n\r\n",
    CHUNKED + b"content-length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    CHUNKED + b"\r\n20000\r\n" + b"x" * 0x20000 + b"\r\n0\r\n\r\n",
    b"content-type: application/json\r\ncontent-length: 2\r\n\r\n{}GET / HTTP/1.1\r\n\r\n",
    b"content-type: application/json\r\ncontent-length: 65537\r\n\r\n",
    b"content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}",
    b"content-type: application/json\r\n\r\n{}",
]


def ugly(token: str) -> Iterator[bytes]:
    """Whole requests, each ugly in one respect."""

    def request(
        method: bytes = b"GET",
        target: bytes = ME_BYTES,
        rest: bytes = b"\r\n",
        version: bytes = b"HTTP/1.1",
    ) -> bytes:
        line = b" ".join((method, target, version)) + b"\r\n"
        common = b"host: x\r\nconnection: close\r\nx-request-id: ugly\r\n"
        return line + common + f"authorization: Bearer {token}\r\n".encode() + rest

    yield from (request(target=target) for target in UGLY_TARGETS)
    yield from (request(method) for method in UGLY_METHODS)
    yield from (request(rest=header + b"\r\n") for header in UGLY_HEADERS)
    yield from (request(b"PATCH", rest=rest) for rest in UGLY_BODIES)
    yield from (request(rest=rest) for rest in UGLY_BODIES)
    yield from (
        request(version=version) for version in (b"HTTP/1.0", b"HTTP/2.0", b"HTTP/0.9", b"")
    )


def whole_answer(server: Server, request: bytes) -> bytes:
    """Everything that comes back, but for the date."""
    answer = b""
    with connection(server) as made, suppress(ConnectionError):
        made.send(request)
        while received := made.socket.recv(65536):
            answer += received
    return re.sub(rb"\r\ndate: [^\r]*", b"", answer)


def logged_of(server: Server) -> list[tuple[Any, ...]]:
    """What it has logged of its requests, but for times."""
    last = b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: last\r\n\r\n"
    assert whole_answer(server, last).startswith(b"HTTP/1.1 200")
    server.wait_for_request("last")
    names = ("level", "requestId", "method", "path", "status", "bytes", "client", "user")
    requests = [line for line in server.lines() if line["logger"] == "apiwright.request"]
    return [tuple(line.get(name) for name in names) for line in requests]


def test_over_http_both_lanes_answer_ugly_requests_alike(
    twins: Twins, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def serve(twin: Twin, **values: str) -> AbstractContextManager[Server]:
        twin.restore()
        url = f"sqlite:///{twin.path}"
        logged = {"database_url": url, "log_level": "info"}
        return serving(tmp_path_factory.mktemp("http"), **SETTINGS, **logged, **values)

    seen: Counter[bytes] = Counter()
    with serve(twins.fast) as fast, serve(twins.full, fast_lane="off") as full:
        for request in ugly(twins.people.ada.access):
            answers = [whole_answer(server, request).decode("latin-1") for server in (fast, full)]
            assert twins.named(answers[0]) == twins.named(answers[1]), request
            seen[answers[0].encode("latin-1")[:12]] += 1
        assert logged_of(fast) == logged_of(full)
    assert {int(line[9:]) for line in seen if line} >= {200, 400, 401, 404, 405, 413}
