"""Classes whose names, keywords or fields would be something else than they seem to be."""

import json
import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, computed_field, field_serializer

from apiwright import Backend, DeclarationError, Ref, Resource, User, filterable, unique
from apiwright.resources.compile import compile_resources
from apiwright.resources.names import OWN_COMPONENTS
from apiwright.testing import temporary_settings


def refusal(make: Callable[[], Any]) -> str:
    with pytest.raises(DeclarationError) as caught:
        make()
    return str(caught.value)


def declare(name: str, fields: dict[str, Any], /, *bases: type, **keywords: Any) -> Any:
    body = {"__annotations__": fields, "__module__": __name__}
    return type(name, bases or (Resource,), body, **keywords)


def test_a_keyword_that_is_not_there_is_named() -> None:
    assert refusal(lambda: declare("Story", {"text": str}, soft_delet=True)) == (
        "Story: there is no keyword soft_delet; a resource's class takes table, path, "
        "soft_delete, require_if_match and under"
    )


@pytest.mark.parametrize(
    ("keyword", "value", "example"), [("soft_delete", "yes", "True"), ("table", 5, '"posts"')]
)
def test_a_keyword_of_another_type_is_shown_its_own(
    keyword: str, value: object, example: str
) -> None:
    assert refusal(lambda: declare("Story", {"text": str}, **{keyword: value})) == (
        f"Story: {keyword}={value!r} has the wrong type; write it as {keyword}={example}"
    )


@pytest.mark.parametrize("name", ["id", "version", "created_at", "updated_at"])
def test_what_every_resource_has_is_not_declared_again(name: str) -> None:
    assert refusal(lambda: declare("Story", {name: str})) == (
        f"Story.{name}: every resource has it, set by the server: leave it out, or take another "
        "name"
    )


@pytest.mark.parametrize("name", ["soft_delete", "deleted_at"])
def test_keeping_deleted_rows_is_a_keyword(name: str) -> None:
    assert refusal(lambda: declare("Story", {name: bool})) == (
        f"Story.{name}: deleted rows are kept by a keyword of the class: "
        "class Story(Resource, soft_delete=True)"
    )


def test_a_name_of_pydantics_is_refused() -> None:
    assert refusal(lambda: declare("Story", {"model_fields": str})) == (
        "Story.model_fields: pydantic has this name for itself: take another"
    )


@pytest.mark.parametrize("name", ["Rule", "rules"])
def test_misspelt_rules_are_not_passed_over(name: str) -> None:
    body = {"__annotations__": {"text": str}, "__module__": __name__, name: type(name, (), {})}
    assert refusal(lambda: type("Story", (Resource,), body)) == (
        f"Story.{name}: the rules stand in `class Rules`"
    )


@pytest.mark.parametrize("name", ["page", "limit", "sort", "search"])
def test_a_filter_is_no_parameter_of_every_list(name: str) -> None:
    story = declare("Story", {name: Annotated[str, filterable]})
    assert refusal(lambda: compile_resources([story])) == (
        f"Story.{name}: ?{name}= is a parameter of every list, so it cannot ask for this field: "
        "take another name"
    )
    compile_resources([declare("Story", {name: str})])


def test_deleted_is_a_parameter_where_deleted_rows_are_kept() -> None:
    kept = declare("Story", {"deleted": bool}, soft_delete=True)
    assert refusal(lambda: compile_resources([kept])).startswith("Story.deleted: ?deleted= is a")
    compile_resources([declare("Story", {"deleted": bool})])


def test_a_resource_in_a_field_is_told_to_be_referred_to() -> None:
    story = declare("Story", {"text": str})
    one = declare("Tale", {"story": story})
    several = declare("Tale", {"story": types.GenericAlias(list, (story,))})
    said = ": Story has a table of its own: refer to a row of it, as in Ref[Story]"
    assert refusal(lambda: compile_resources([story, one])) == "Tale.story" + said
    assert refusal(lambda: compile_resources([story, several])) == "Tale.story[]" + said


def test_a_reference_to_what_is_no_resource_is_refused() -> None:
    tale = declare("Tale", {"size": Ref[int]})
    assert refusal(lambda: compile_resources([tale])) == (
        "Tale.size refers to int, which is no Resource: only rows of one can be referred to"
    )


def test_references_are_columns() -> None:
    class Inner(BaseModel):
        author: Ref[User]

    said = (
        ": a reference is a field of a Resource, with a column of its own; for several of them, "
        "declare a Resource whose rows are the pairs"
    )
    nested, several = declare("Tale", {"inner": Inner}), declare("Tale", {"by": list[Ref[User]]})
    assert refusal(lambda: compile_resources([nested])) == "Inner.author" + said
    assert refusal(lambda: compile_resources([several])) == "Tale.by" + said


def test_what_only_columns_can_be_is_refused_inside_an_object() -> None:
    class Inner(BaseModel):
        code: Annotated[str, unique]

    tale = declare("Tale", {"inner": Inner})
    assert refusal(lambda: compile_resources([tale])) == (
        "Inner.code: unique, searchable, filterable and sortable are for the fields of a Resource, "
        "which have columns"
    )


def test_what_pydantic_would_compute_for_answers_is_refused() -> None:
    class Computed(Resource):
        text: str

        @computed_field  # type: ignore[prop-decorator]
        @property
        def length(self) -> int:
            return len(self.text)

    class Serialized(Resource):
        text: str

        @field_serializer("text")
        def shout(self, text: str) -> str:
            return text.upper()

    said = ": the core writes answers without Python, so this would be skipped"
    computed = refusal(lambda: compile_resources([Computed]))
    assert computed.startswith("Computed.length" + said)
    serialized = refusal(lambda: compile_resources([Serialized]))
    assert serialized.startswith("Serialized.shout" + said)


@pytest.mark.parametrize("name", ["email", "roles", "password"])
def test_users_keep_their_fields(name: str) -> None:
    member = declare("Member", {name: str}, User)
    assert refusal(lambda: compile_resources([member])) == (
        f"Member.{name}: users have it already: leave it out, or take another name"
    )


def test_users_keep_their_table() -> None:
    moved = declare("Member", {"nick": str | None}, User, table="members")
    assert refusal(lambda: compile_resources([moved])) == (
        "Member: table, path, soft_delete, require_if_match and under of users are apiwright's: "
        "take the keyword away"
    )


def test_a_class_called_user_is_told_to_derive() -> None:
    assert refusal(lambda: compile_resources([declare("User", {"nick": str})])).startswith(
        "User: users are apiwright's own: give them more fields by deriving, as in class Member("
    )


@pytest.mark.parametrize("name", ["Error", "Batch", "Role", "UserPage", "Problem"])
def test_the_documents_own_schemas_are_not_overwritten(name: str) -> None:
    cls = declare(name, {"text": str}, table="texts", path="texts")
    assert refusal(lambda: compile_resources([cls])) == (
        f"{name}: {name} is a schema of apiwright in the OpenAPI document: take another name for "
        "the class"
    )


def test_schemas_of_two_classes_are_told_apart() -> None:
    classes = [declare("Article", {"text": str}), declare("ArticlePage", {"text": str})]
    assert refusal(lambda: compile_resources(classes)) == (
        "ArticlePage: ArticlePage is a schema of Article in the OpenAPI document: take another "
        "name for the class"
    )


def test_every_schema_of_the_document_is_known_to_be_taken(tmp_path: Path) -> None:
    document = json.loads(json.dumps(Backend(temporary_settings(tmp_path)).openapi()))
    assert set(document["components"]["schemas"]) <= OWN_COMPONENTS


def test_a_class_is_named_in_ascii() -> None:
    assert refusal(lambda: compile_resources([declare("Größe", {"text": str})])).startswith(
        "Größe: clients and the OpenAPI document need a class's name in ASCII"
    )


def test_a_backend_is_given_lists_of_classes_by_name() -> None:
    story = declare("Story", {"text": str})
    assert refusal(lambda: Backend([story])) == (  # type: ignore[arg-type]
        "Backend(…): the first argument is Settings; classes are given by name, as in "
        "Backend(resources=[Article])"
    )
    assert refusal(lambda: compile_resources(story)) == (
        "Backend(resources=…) takes a list of classes: resources=[Story]"
    )
    assert refusal(lambda: compile_resources([story(text="x")])) == (
        "Backend(resources=[…]): a row of Story is no class that derives from Resource"
    )
