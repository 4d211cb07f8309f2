"""Rules that say something else than they seem to are refused where they are written."""

from typing import Any

import pytest

from apiwright import DeclarationError, Resource, rules
from apiwright.resources.compile import compile_resources


def refusal(make: Any) -> str:
    with pytest.raises(DeclarationError) as caught:
        make()
    return str(caught.value)


def test_a_rule_that_is_not_called_is_shown_its_call() -> None:
    class Post(Resource):
        title: str

        class Rules:
            read = rules.public

    said = "public is a function, no rule: call it, as in rules.public(…)"
    assert refusal(lambda: compile_resources([Post])) == f"Post.Rules.read: {said}"
    assert refusal(lambda: rules.public | rules.role("editor")) == said
    assert refusal(lambda: rules.role("editor") & rules.public) == said  # type: ignore[operator]


def test_a_comparison_without_parentheses_is_shown_them() -> None:
    assert refusal(lambda: rules.field("stock") > 0 | rules.public()) == (
        "0 is no rule: make one with apiwright.rules; comparisons stand in parentheses: "
        "(rules.field(…) > …) | …"
    )


def test_a_text_is_no_list_of_values() -> None:
    assert refusal(lambda: rules.field("status").is_in("open")) == (
        "field(\"status\").is_in('open') would be about single letters: give a list, "
        "is_in(['open'])"
    )


@pytest.mark.parametrize("name", ["role", "permission", "owner", "field"])
def test_what_a_rule_is_about_is_one_name(name: str) -> None:
    assert refusal(lambda: getattr(rules, name)(["a", "b"])) == (
        f"{name}(['a', 'b']): it takes one name, as in {name}(\"name\"); several rules are "
        "combined with |"
    )


@pytest.mark.parametrize("name", ["", "Editor", "editor one", "ä", "a" * 51])
def test_a_role_that_nobody_can_have_is_refused(name: str) -> None:
    assert refusal(lambda: rules.role(name)).startswith(f"role({name!r}) can be nobody's: ")


def test_a_rule_with_a_colon_instead_of_an_equals_sign_is_refused() -> None:
    class Post(Resource):
        title: str

        class Rules:
            read: rules.public()  # type: ignore[valid-type]

    assert refusal(lambda: compile_resources([Post])) == (
        "Post.Rules.read has a type and no value: write read = …, not read: …"
    )


def test_who_creates_is_known_where_a_field_needs_it() -> None:
    from apiwright import Ref, User, current_user

    class Post(Resource):
        author: Ref[User] = current_user()

        class Rules:
            create = rules.public()

    assert refusal(lambda: compile_resources([Post])) == (
        "Post.author is who creates a row, but Rules.create lets anybody do it: make it "
        "`Ref[User] | None`, or let only who is signed in create"
    )
