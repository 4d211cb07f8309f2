import math
from typing import Any

import pytest

from apiwright._core.access import Principal, Rule
from apiwright._core.validation import Field, Schema


@pytest.fixture(scope="module")
def articles():
    return Schema(
        "Article",
        [
            Field.uuid("id").read_only(),
            Field.uuid("author_id").nullable(),
            Field.boolean("published"),
            Field.string("title"),
            Field.integer("rank"),
            Field.number("score"),
            Field.decimal("price", 9, 2),
            Field.date_time("seen_at"),
            Field.enumeration("state", ["draft", "final"]),
            Field.array("tags", Field.string("tag")),
            Field.string("password").optional().transient(),
        ],
        table="articles",
    )


def refusal(rule, schema):
    with pytest.raises(ValueError, match="^Schema `Article`: a rule on field `") as refused:
        rule.check(schema)
    with pytest.raises(ValueError, match="^Schema") as again:
        rule.bound_to(schema)
    assert str(again.value) == str(refused.value)
    return str(refused.value).removeprefix("Schema `Article`: a rule on field ")


def test_nobody_makes_a_principal_or_a_bare_rule_in_python():
    with pytest.raises(TypeError, match="No constructor"):
        Principal()
    with pytest.raises(TypeError, match="No constructor"):
        Rule()


def test_rules_are_made_and_combined(articles):
    rule = Rule.any_of(
        [
            Rule.all_of([Rule.everyone(), Rule.authenticated(), Rule.negate(Rule.nobody())]),
            Rule.role("editor"),
            Rule.permission("articles:write"),
            Rule.owner("author_id"),
            Rule.is_null("author_id"),
            Rule.is_null("tags"),
        ]
    )
    rule.check(articles)
    assert isinstance(rule.bound_to(articles), Rule)


@pytest.mark.parametrize(
    ("field", "comparison", "value"),
    [
        ("published", "==", True),
        ("title", "<", "m"),
        ("rank", ">=", 3),
        ("rank", "!=", 3.0),
        ("score", "<=", 3),
        ("score", ">", 0.5),
        ("price", "<", "12.50"),
        ("price", "<", 12),
        ("seen_at", "<", "2026-01-01T00:00:00Z"),
        ("id", "==", "01890000-0000-7000-8000-000000000000"),
        ("state", "!=", "draft"),
    ],
)
def test_values_are_given_as_json_has_them(articles, field, comparison, value):
    Rule.compare(field, comparison, value).check(articles)
    Rule.is_in(field, [value]).bound_to(articles).check(articles)


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        (Rule.owner("author"), "`author`: there is no such field"),
        (Rule.owner("title"), "`title`: owner() takes a field of users' ids, a uuid"),
        (Rule.is_null("password"), "`password`: it is never stored, so no row has it"),
        (
            Rule.compare("tags", "==", "a"),
            "`tags`: it holds other values, so a rule may only ask is_null()",
        ),
        (Rule.compare("rank", "==", "1"), '`rank`: it cannot be "1": Must be a whole number.'),
        (Rule.compare("published", "==", 1), "`published`: it cannot be 1: Must be true or false."),
        (
            Rule.is_in("state", ["draft", "gone"]),
            '`state`: it cannot be "gone": Must be one of: draft, final.',
        ),
        (
            Rule.compare("published", "<", True),
            "`published`: values of its kind have no order: compare them by == or !=",
        ),
        (
            Rule.compare("author_id", "!=", None),
            "`author_id`: null is not compared with, since that is never known: ask is_null()",
        ),
        (
            Rule.compare("score", "<", math.inf),
            "`score`: it is compared with finite numbers alone",
        ),
    ],
)
def test_what_does_not_fit_the_schema_names_field_and_reason(articles, rule, complaint):
    assert refusal(rule, articles) == complaint
    assert refusal(Rule.negate(Rule.all_of([Rule.authenticated(), rule])), articles) == complaint


def test_a_value_that_json_has_not_is_a_type_error():
    given: tuple[Any, ...] = (object(), {}, b"a", 1j)
    for value in given:
        with pytest.raises(TypeError, match="expected None, bool, int, float, str"):
            Rule.compare("title", "==", value)
        with pytest.raises(TypeError, match="expected None, bool, int, float, str"):
            Rule.is_in("title", ["a", value])


def test_an_unknown_comparison_names_those_there_are():
    with pytest.raises(ValueError, match="no comparison `=`: it is one of == != < <= > >="):
        Rule.compare("rank", "=", 1)


@pytest.mark.parametrize("name", ["", "*", "articles:*", "Articles:write", "articles:", "a b"])
def test_what_is_no_permission_is_refused(name):
    with pytest.raises(ValueError, match="is no permission: it is lower-case words"):
        Rule.permission(name)


def test_a_bound_rule_is_for_its_schema_alone(articles):
    other = Schema("Other", [Field.integer("rank")], table="others")
    bound = Rule.compare("rank", "<", 3).bound_to(articles)
    with pytest.raises(ValueError, match="bound to schema `Article` is for its rows alone"):
        bound.check(other)
    bound.bound_to(other).check(other)


def test_rules_without_bound_are_refused_rather_than_exhausting_the_process():
    rule = Rule.authenticated()
    with pytest.raises(ValueError, match="at most 16 deep"):
        for _ in range(100):
            rule = Rule.any_of([Rule.nobody(), Rule.negate(rule)])
    with pytest.raises(ValueError, match="at most 500 parts"):
        Rule.is_in("rank", list(range(500)))
