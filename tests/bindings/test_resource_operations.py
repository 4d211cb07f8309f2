import json
from typing import Any

import pytest

from apiwright._core.access import Rule
from apiwright._core.engine import (
    Admission,
    Collection,
    Outcome,
    Relation,
    ResourceOperations,
    users_list_rule,
    users_read_rule,
)
from apiwright._core.repositories import Repository, SignedIn
from apiwright._core.validation import Field, Schema
from apiwright.errors import NotFound, Unauthorized, ValidationFailed
from tests.bindings.world import NOBODY, World, result_of

ARTICLES = Schema(
    "Article",
    [
        Field.uuid("id").read_only(),
        Field.uuid("author_id").set_to("current_user"),
        Field.string("title").length(1, 50),
        Field.string("note").default_value("none"),
        Field.integer("version").read_only(),
    ],
    table="articles",
)
OWN = Rule.owner("author_id")
BODY = b'{"title":"One"}'


def declared(world: World, **rules: Any) -> ResourceOperations:
    services = world.services()
    given: dict[str, Any] = {
        "read": OWN,
        "list": Rule.authenticated(),
        "create": Rule.authenticated(),
        "update": OWN,
        "remove": OWN,
        "readable": {},
        "writable": {"note": Rule.role("editor")},
        "require_if_match": False,
        **rules,
    }
    return ResourceOperations(services, ARTICLES, "/api/v1/articles", **given)


@pytest.fixture
def articles(world: World) -> ResourceOperations:
    Repository(ARTICLES).create_table(world.database)
    return declared(world)


def test_a_declared_collection_answers(
    world: World, articles: ResourceOperations, ada: SignedIn
) -> None:
    create = articles.at("create").start
    status, headers, body = result_of(create, world.exchange(ada), b"", BODY, None)
    made = json.loads(body)["data"]
    assert (status, made["authorId"]) == (201, ada.user)
    assert (b"location", f"/api/v1/articles/{made['id']}".encode()) in headers
    status, _, body = result_of(create, world.exchange(ada), b"", b'{"title":"x","note":"y"}', None)
    details = json.loads(body)["error"]["details"]
    assert status == 403 and [detail["field"] for detail in details] == ["note"]


def test_a_relation_outlives_what_it_was_made_of_and_is_checked(
    world: World, articles: ResourceOperations, ada: SignedIn
) -> None:
    notes = Schema(
        "Note",
        [Field.uuid("id").read_only(), Field.uuid("article_id").references("articles")],
        table="notes",
    )
    Repository(notes).create_table(world.database)

    def related(field: str) -> ResourceOperations:
        everyone = Rule.everyone()
        others = Collection(notes, read=everyone, list=everyone, readable={})
        return declared(world, relations=[Relation("notes", field, others, to_many=True, inner=[])])

    result_of(articles.at("create").start, world.exchange(ada), b"", BODY, None)
    including = related("article_id").at("list").start
    status, _, body = result_of(including, world.exchange(ada), b"include=notes", b"", None)
    assert (status, json.loads(body)["data"][0]["notes"]) == (200, [])
    with pytest.raises(ValueError, match="`id` of Note is no reference to Article"):
        related("id")
    with pytest.raises(ValueError, match="field"):
        Collection(notes, read=Rule.owner("nope"), list=Rule.everyone(), readable={})


def test_who_sees_users_is_the_cores_to_say() -> None:
    assert not users_read_rule().admits_anonymous(ARTICLES)
    assert not users_list_rule().admits_anonymous(ARTICLES)


def test_rules_that_do_not_fit_are_a_value_error(world: World) -> None:
    for rules in (
        {"read": Rule.owner("title")},
        {"create": Rule.everyone()},
        {"readable": {"nope": Rule.everyone()}},
        {"writable": {"version": Rule.everyone()}},
    ):
        with pytest.raises(ValueError, match="`"):
            declared(world, **rules)
    with pytest.raises(TypeError):
        declared(world, read="everyone")


def test_a_rule_is_explained(world: World, articles: ResourceOperations, ada: SignedIn) -> None:
    principal = world.accounts.principal(world.database, "ada@example.org")
    assert principal is not None and principal.user == ada.user
    predicate, sql, plan = articles.explain(world.database, "read", principal)
    assert predicate == f'author_id = "{ada.user}"'
    assert '"author_id" = ?' in sql and any("articles" in step for step in plan)
    assert articles.explain(world.database, "read", None)[0] == "false"
    with pytest.raises(ValueError, match="publish"):
        articles.explain(world.database, "publish", None)


def test_a_caller_is_admitted_before_anything_is_written(
    world: World, articles: ResourceOperations, ada: SignedIn
) -> None:
    admit = articles.at("create").start_admit
    admission: Admission = result_of(admit, world.exchange(ada), b"", BODY, None)
    assert admission.principal is not None and admission.principal.user == ada.user
    assert admission.body is not None and admission.body["title"] == "One"
    with pytest.raises(ValidationFailed):
        result_of(admit, world.exchange(ada), b"", b"{}", None)
    with pytest.raises(Unauthorized):
        result_of(admit, world.exchange(), b"", BODY, None)
    assert Repository(ARTICLES).count(world.database, "", {}) == 0


def test_an_operation_within_a_transaction_commits_nothing(
    world: World, articles: ResourceOperations, ada: SignedIn
) -> None:
    transaction = world.database.begin(30_000)
    made: Outcome = result_of(
        articles.at("create").start_within, transaction, world.exchange(ada), b"", BODY, None, None
    )
    assert made.answer[0] == 201 and made.before is None and made.after is not None
    remove = articles.at("remove").start_within
    gone: Outcome = result_of(
        remove, transaction, world.exchange(ada), b"", b"", str(made.after["id"]), None
    )
    assert gone.answer[0] == 204 and gone.before is not None and gone.after is None
    with pytest.raises(NotFound):
        result_of(remove, transaction, world.exchange(ada), b"", b"", NOBODY, None)
    transaction.rollback()
    assert Repository(ARTICLES).count(world.database, "", {}) == 0
