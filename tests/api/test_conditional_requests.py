"""ETag, If-None-Match and If-Match on users and roles."""

import pytest

from tests.support.api import ME, ROLES, USERS, Account, Api, fresh_email, fresh_role
from tests.support.contract import refused


def test_a_row_has_one_tag_wherever_it_is_answered(api: Api, admin: Account) -> None:
    body = {"email": fresh_email(), "name": "Grace"}
    made = api.post(USERS, json=body, auth=admin)
    row = made.headers["location"]
    assert made.headers["etag"].startswith('"1-')
    assert api.get(row, auth=admin).headers["etag"] == made.headers["etag"]
    changed = api.patch(row, json={"name": "G."}, auth=admin)
    assert changed.headers["etag"].startswith('"2-')
    assert api.get(row, auth=admin).headers["etag"] == changed.headers["etag"]


def test_what_the_client_has_is_not_sent_again(api: Api, ada: Account) -> None:
    tag = api.get(ME, auth=ada).headers["etag"]
    for method in ("GET", "HEAD"):
        answer = api.request(method, ME, headers={"If-None-Match": f'"x", W/{tag}'}, auth=ada)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert "content-length" not in answer.headers
        assert "content-type" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-cache"
    api.patch(ME, json={"name": "Countess"}, auth=ada)
    assert api.get(ME, headers={"If-None-Match": tag}, auth=ada).status_code == 200


def test_of_two_who_change_one_version_the_second_is_told(api: Api, ada: Account) -> None:
    tag = {"If-Match": api.get(ME, auth=ada).headers["etag"]}
    assert api.patch(ME, json={"name": "First"}, headers=tag, auth=ada).status_code == 200
    lost = api.patch(ME, json={"name": "Second"}, headers=tag, auth=ada)
    assert refused(lost, 412, "PRECONDITION_FAILED") == set()
    assert refused(api.delete(ME, headers=tag, auth=ada), 412, "PRECONDITION_FAILED") == set()
    assert api.get(ME, auth=ada).json()["data"]["name"] == "First"


def test_what_one_may_not_see_is_404_before_any_precondition(
    api: Api, ada: Account, grace: Account
) -> None:
    for headers in ({"If-Match": '"1"'}, {"If-None-Match": "*"}):
        assert refused(api.get(grace.path, headers=headers, auth=ada), 404, "NOT_FOUND") == set()
        answer = api.patch(grace.path, json={"name": "x"}, headers=headers, auth=ada)
        assert refused(answer, 404, "NOT_FOUND") == set()


def test_roles_have_tags_too(api: Api, admin: Account) -> None:
    made = api.post(ROLES, json={"name": fresh_role(), "permissions": []}, auth=admin)
    row = made.headers["location"]
    stale = {"If-Match": '"7"'}
    assert refused(api.delete(row, headers=stale, auth=admin), 412, "PRECONDITION_FAILED") == set()
    fresh = {"If-Match": made.headers["etag"]}
    assert api.delete(row, headers=fresh, auth=admin).status_code == 204


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("value", ["1", '"', "*, *", "W/", '"a" "b"', "", '"1",' * 101])
def test_what_is_no_list_of_tags_answers_400(
    api: Api, ada: Account, header: str, value: str
) -> None:
    answer = api.patch(ME, json={"name": "x"}, headers={header: value}, auth=ada)
    assert refused(answer, 400, "VALIDATION_ERROR") == {(f"header.{header}", "format")}
