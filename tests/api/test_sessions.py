"""Where one is signed in, and signing out."""

from datetime import datetime, timedelta

from tests.support.api import LOGIN, LOGOUT, ME, NOBODY, SESSIONS, Account, Api
from tests.support.contract import refused
from tests.support.jwt import claims_of


def session_id(account: Account) -> str:
    text: str = claims_of(account.access)["sid"]
    return text


def test_sessions_are_listed_newest_first(api: Api, ada: Account) -> None:
    others = [api.signed_in(ada.email) for _ in range(2)]
    response = api.get(SESSIONS, auth=ada)
    assert response.status_code == 200
    body = response.json()
    assert [row["id"] for row in body["data"]] == [
        session_id(one) for one in reversed([ada, *others])
    ]
    assert body["meta"] == {"page": 1, "limit": 20, "total": 3, "totalPages": 1}


def test_a_session_shows_where_it_began_and_no_secret(api: Api, ada: Account) -> None:
    body = {"email": ada.email, "password": ada.password}
    api.post(LOGIN, json=body, headers={b"User-Agent": ("Browser/1.0 (ü)" + "x" * 300).encode()})
    row = api.get(SESSIONS, auth=ada).json()["data"][0]
    assert list(row) == ["id", "userAgent", "ipAddress", "createdAt", "lastUsedAt", "expiresAt"]
    assert row["ipAddress"] == "127.0.0.1"
    assert row["userAgent"].startswith("Browser/1.0 (")
    assert len(row["userAgent"]) <= 255
    created, expires = (datetime.fromisoformat(row[name]) for name in ("createdAt", "expiresAt"))
    assert expires - created == timedelta(days=7)


def test_a_refresh_moves_a_sessions_end(api: Api, ada: Account) -> None:
    before = api.get(SESSIONS, auth=ada).json()["data"][0]
    api.refresh(ada.refresh)
    after = api.get(SESSIONS, auth=ada).json()["data"][0]
    assert after["id"] == before["id"]
    assert after["createdAt"] == before["createdAt"]
    assert after["lastUsedAt"] > before["lastUsedAt"]
    assert after["expiresAt"] > before["expiresAt"]


def test_sessions_are_paged_and_sorted(api: Api, ada: Account) -> None:
    others = [api.signed_in(ada.email) for _ in range(2)]
    oldest_first = [session_id(one) for one in [ada, *others]]
    pages = [
        api.get(f"{SESSIONS}?sort=createdAt&limit=2&page={page}", auth=ada).json()
        for page in (1, 2, 3)
    ]
    assert [[row["id"] for row in page["data"]] for page in pages] == [
        oldest_first[:2],
        oldest_first[2:],
        [],
    ]
    assert pages[0]["meta"] == {"page": 1, "limit": 2, "total": 3, "totalPages": 2}


def test_nobody_sees_anothers_sessions(api: Api, ada: Account, admin: Account) -> None:
    for somebody in (admin, api.register()):
        rows = api.get(f"{SESSIONS}?limit=100", auth=somebody).json()["data"]
        assert session_id(ada) not in [row["id"] for row in rows]


def test_an_ended_session_is_over_at_once(api: Api, ada: Account) -> None:
    other = api.signed_in(ada.email)
    assert api.delete(f"{SESSIONS}/{session_id(other)}", auth=ada).status_code == 204
    assert not api.is_signed_in(other)
    assert refused(api.refresh(other.refresh), 401, "UNAUTHORIZED") == set()
    assert refused(api.get(SESSIONS, auth=other), 401, "UNAUTHORIZED") == set()
    assert api.is_signed_in(ada)


def test_ending_ones_own_session_is_signing_out(api: Api, ada: Account) -> None:
    assert api.delete(f"{SESSIONS}/{session_id(ada)}", auth=ada).status_code == 204
    assert not api.is_signed_in(ada)


def test_anothers_session_is_404_also_for_admins(api: Api, ada: Account, admin: Account) -> None:
    for somebody in (admin, api.register()):
        response = api.delete(f"{SESSIONS}/{session_id(ada)}", auth=somebody)
        assert refused(response, 404, "NOT_FOUND") == set()
    assert api.is_signed_in(ada)


def test_an_unknown_or_ended_session_is_404(api: Api, ada: Account) -> None:
    other = api.signed_in(ada.email)
    api.delete(f"{SESSIONS}/{session_id(other)}", auth=ada)
    for gone in (NOBODY, session_id(other)):
        assert refused(api.delete(f"{SESSIONS}/{gone}", auth=ada), 404, "NOT_FOUND") == set()


def test_logout_ends_this_session_alone(api: Api, ada: Account) -> None:
    other = api.signed_in(ada.email)
    response = api.post(LOGOUT, auth=ada)
    assert response.status_code == 204
    assert not api.is_signed_in(ada)
    assert api.is_signed_in(other)


def test_logout_all_ends_every_session(api: Api, ada: Account, grace: Account) -> None:
    other = api.signed_in(ada.email)
    assert api.post(f"{LOGOUT}?all=true", auth=ada).status_code == 204
    assert not api.is_signed_in(ada)
    assert not api.is_signed_in(other)
    assert api.is_signed_in(grace)
    assert api.login(ada.email).status_code == 200


def test_logout_all_false_is_a_plain_logout(api: Api, ada: Account) -> None:
    other = api.signed_in(ada.email)
    assert api.post(f"{LOGOUT}?all=false", auth=ada).status_code == 204
    assert not api.is_signed_in(ada)
    assert api.is_signed_in(other)


def test_a_second_logout_answers_401(api: Api, ada: Account) -> None:
    assert api.post(LOGOUT, auth=ada).status_code == 204
    response = api.post(LOGOUT, auth=ada)
    assert refused(response, 401, "UNAUTHORIZED") == set()
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_an_ended_session_is_refused_everywhere(api: Api, admin: Account) -> None:
    gone = api.signed_in(admin.email)
    api.post(LOGOUT, auth=gone)
    for method, path in [
        ("GET", ME),
        ("PATCH", ME),
        ("DELETE", ME),
        ("GET", "/api/v1/users"),
        ("POST", "/api/v1/users"),
        ("GET", admin.path),
        ("PUT", admin.path),
        ("PATCH", admin.path),
        ("DELETE", admin.path),
        ("GET", SESSIONS),
        ("DELETE", f"{SESSIONS}/{NOBODY}"),
        ("POST", LOGOUT),
    ]:
        assert refused(api.request(method, path, json={}, auth=gone), 401, "UNAUTHORIZED") == set()
    body = {"currentPassword": "x", "newPassword": "long enough"}
    response = api.put("/api/v1/users/me/password", json=body, auth=gone)
    assert refused(response, 401, "UNAUTHORIZED") == set()
