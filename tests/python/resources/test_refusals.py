"""What is wrong with a declaration is one sentence: which class, which field, what to write."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from apiwright import (
    DeclarationError,
    Ref,
    Resource,
    User,
    current_user,
    hooks,
    now,
    readable,
    rules,
    searchable,
    sortable,
    unique,
    write_only,
)
from apiwright.resources.compile import compile_resources

Declare = Callable[[], list[Any]]


def refusal(declare: Declare) -> str:
    with pytest.raises(DeclarationError) as caught:
        compile_resources(declare())
    return str(caught.value)


def test_what_is_no_resource_is_named() -> None:
    assert refusal(lambda: [int]) == (
        "Backend(resources=[…]): <class 'int'> is no class that derives from Resource"
    )


def test_a_resource_without_fields_is_refused() -> None:
    class Empty(Resource):
        pass

    assert refusal(lambda: [Empty]) == ("Empty has no fields: declare one, such as `name: str`")


def test_a_type_without_a_column_lists_those_that_have_one() -> None:
    class Odd(Resource):
        made: complex

    text = refusal(lambda: [Odd])
    assert text.startswith("Odd.made: complex has no schema; take one of str, int, float,")


def test_a_decimal_needs_its_places() -> None:
    class Price(Resource):
        amount: Decimal

    assert refusal(lambda: [Price]) == (
        "Price.amount: a Decimal needs max_digits (at most 18) and decimal_places: "
        "Annotated[Decimal, Field(max_digits=10, decimal_places=2)]"
    )


def test_a_reference_to_what_is_not_declared_says_where_to_add_it() -> None:
    class Category(Resource):
        name: str

    class Post(Resource):
        category: Ref[Category]

    assert refusal(lambda: [Post]) == (
        "Post.category refers to Category, which the application does not have: add it to "
        "Backend(resources=[…])"
    )


def test_a_bare_reference_is_told_what_it_lacks() -> None:
    class Post(Resource):
        author: Ref

    assert refusal(lambda: [Post]) == ("Post.author: say to what it refers, such as Ref[User]")


def test_current_user_is_for_a_reference_to_users() -> None:
    class Post(Resource):
        author: str = current_user()

    assert refusal(lambda: [Post]) == "Post.author: current_user() is for a Ref[User]"


def test_now_is_for_a_time() -> None:
    class Post(Resource):
        seen: str = now()

    assert refusal(lambda: [Post]) == "Post.seen: now() is for a datetime"


def test_a_rule_about_an_unknown_field_lists_the_known() -> None:
    class Post(Resource):
        title: str

        class Rules:
            read = rules.field("publised")

    assert refusal(lambda: [Post]) == (
        "Post.Rules.read: Post has no field 'publised'; it has created_at, id, title, updated_at, "
        "version"
    )


def test_an_unknown_action_lists_the_actions() -> None:
    class Post(Resource):
        title: str

        class Rules:
            write = rules.authenticated()

    assert refusal(lambda: [Post]) == (
        "Post.Rules.write: there is no such action; rules are for read, list, create, update, "
        "delete"
    )


def test_what_is_no_rule_is_named() -> None:
    class Post(Resource):
        title: str

        class Rules:
            read = True

    assert refusal(lambda: [Post]) == (
        "Post.Rules.read: True is no rule: make one with apiwright.rules"
    )


def test_a_rule_that_compares_with_another_kind_of_value_is_refused() -> None:
    class Post(Resource):
        views: int

        class Rules:
            read = rules.field("views") > "many"

    assert refusal(lambda: [Post]).startswith("Post.Rules.read: ")
    assert "views" in refusal(lambda: [Post])


def test_rules_are_not_combined_with_or() -> None:
    with pytest.raises(DeclarationError) as caught:
        rules.role("editor") or rules.public()
    assert str(caught.value) == (
        'role("editor") is a rule, neither true nor false yet: combine rules with |, & and ~ '
        "instead of or, and, not"
    )


def test_comparing_with_none_names_is_null() -> None:
    with pytest.raises(DeclarationError) as caught:
        rules.field("gone") == None  # noqa: B015, E711
    assert str(caught.value) == (
        'field("gone") == None is never true: write field("gone").is_null(), or ~ of it'
    )


def test_comparing_with_what_has_no_plain_form_is_refused() -> None:
    with pytest.raises(DeclarationError) as caught:
        rules.field("size") < object()  # noqa: B015
    assert 'field("size") cannot be compared with' in str(caught.value)


def test_two_resources_of_one_table_are_told_how_to_part() -> None:
    class Story(Resource):
        text: str

    class Tale(Resource, table="stories"):
        text: str

    assert refusal(lambda: [Story, Tale]) == (
        "Tale: the table stories is that of Story: give one of them another, "
        'class Tale(Resource, table="…")'
    )


def test_a_resource_given_twice_is_refused() -> None:
    class Story(Resource):
        text: str

    assert refusal(lambda: [Story, Story]) == "Story is given twice"


def test_two_resources_of_one_path_are_refused() -> None:
    class Story(Resource):
        text: str

    class Tale(Resource, path="stories"):
        text: str

    assert refusal(lambda: [Story, Tale]) == "Tale has the path of Story: stories"


@pytest.mark.parametrize("table", ["users", "sessions", "roles", "sqlite_master"])
def test_apiwrights_own_tables_are_refused(table: str) -> None:
    cls: type[Resource] = type(
        "Taken",
        (Resource,),
        {"__annotations__": {"text": str}, "__module__": __name__},
        table=table,
    )
    assert refusal(lambda: [cls]) == (
        f"Taken: the table {table} is apiwright's own: give it another, "
        'class Taken(Resource, table="…")'
    )


def test_a_bad_path_is_shown_a_good_one() -> None:
    class Story(Resource, path="my/stories"):
        text: str

    assert refusal(lambda: [Story]) == (
        "Story: 'my/stories' is no path of a collection; take one word in kebab-case, such as "
        '"blog-posts", without slashes'
    )


def test_two_classes_of_users_are_refused() -> None:
    class Member(User):
        bio: str = ""

    class Guest(User):
        until: datetime | None = None

    assert refusal(lambda: [Member, Guest]) == (
        "Member and Guest: an application has one class of users; give one of them"
    )


def test_a_field_of_users_needs_a_value_for_those_who_are_there() -> None:
    class Member(User):
        nickname: str

    assert refusal(lambda: [Member]) == (
        "Member.nickname: users who are there already would have no value for it, nor the first "
        "admin: give it a default, or let it be None"
    )


def test_rules_of_users_are_apiwrights() -> None:
    class Member(User):
        bio: str = ""

        class Rules:
            read = rules.public()

    assert refusal(lambda: [Member]) == (
        "Member.Rules: who may see and change users is apiwright's to say; mark the fields of your "
        "own with readable(…) and writable(…)"
    )


def test_a_hidden_field_is_not_for_queries() -> None:
    class Door(Resource):
        pin: Annotated[str, write_only, sortable]

    assert refusal(lambda: [Door]) == (
        "Door.pin is write_only, so no list may search, filter or sort by it: its answers would "
        "tell what it holds; take one of the two away"
    )


def test_a_default_that_runs_python_is_refused() -> None:
    class Door(Resource):
        opened: str = Field(default_factory=lambda: "now")

    assert refusal(lambda: [Door]) == (
        "Door.opened: a default_factory runs Python for each row, which the core does not; give a "
        "constant default, or set the value in a hook: @hooks.before(…)"
    )


def test_a_mark_inside_a_nested_object_is_refused() -> None:
    class Address(BaseModel):
        street: Annotated[str, readable(rules.public())]

    class Shop(Resource):
        address: Address

    assert refusal(lambda: [Shop]) == (
        "Address.street: readable(public()) is for the fields of a Resource"
    )


def test_search_is_for_text() -> None:
    class Door(Resource):
        number: Annotated[int, searchable]

    text = refusal(lambda: [Door])
    assert text.startswith("Door: ") and "number" in text and "searchable()" in text


def test_a_hook_must_be_asynchronous() -> None:
    class Story(Resource):
        text: str

    with pytest.raises(DeclarationError) as caught:

        @hooks.before(Story, "create")  # type: ignore[arg-type]
        def tidy(event: Any) -> None:
            pass

    assert str(caught.value).endswith("tidy must be `async def`: it runs on the event loop")
    assert str(caught.value).startswith("hooks.before(Story, …): ")


def test_a_hook_names_its_actions() -> None:
    class Story(Resource):
        text: Annotated[str, unique]

    with pytest.raises(DeclarationError) as caught:
        hooks.after_commit(Story)
    assert str(caught.value) == (
        "hooks.after_commit(Story, …): name the actions: create, update, delete, restore"
    )
    with pytest.raises(DeclarationError) as caught:
        hooks.after_commit(Story, "read")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "hooks.after_commit(Story, …): there is no action 'read'; it is one of create, update, "
        "delete, restore"
    )


def test_a_hook_on_restoring_what_is_deleted_for_good_is_refused() -> None:
    class Story(Resource):
        text: str

    class Kept(Resource, soft_delete=True):
        text: str

    with pytest.raises(DeclarationError) as caught:
        hooks.before(Story, "restore")
    assert str(caught.value) == (
        "hooks.before(Story, …): deleted rows of Story are gone, and none is restored: keep them, "
        "class Story(Resource, soft_delete=True)"
    )
    hooks.before(Kept, "restore")
    hooks.before(User, "restore")
