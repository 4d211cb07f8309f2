"""The core and pydantic's strict mode judge generated documents of generated models alike."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from apiwright.core.validation import Schema, ValidationFailed

# What both define: where they differ by design is test_agreement_with_pydantic's. So texts are
# ASCII, numbers with a point have a fractional part, and times have an offset and milliseconds.


class Color(Enum):
    RED = "red"
    BLUE = "blue"


# The same, for types that only running code knows.
List: Any = list
Dict: Any = dict
Annotating: Any = Annotated

Kind = tuple[Any, st.SearchStrategy[Any]]

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
INTEGERS = st.integers(-(10**12), 10**12)
FRACTIONS = st.integers(-(10**6), 10**6).map(lambda number: number + 0.5)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.isoformat(timespec="milliseconds") + "Z"
)
CENTS = st.integers(-99999, 99999).map(lambda cents: str(Decimal(cents).scaleb(-2)))

SCALARS: list[Kind] = [
    (str, TEXTS),
    (Annotated[str, Field(min_length=2, max_length=5)], TEXTS),
    (Annotated[str, Field(pattern="^[a-c]+$")], st.text("abcd", max_size=4)),
    (int, INTEGERS),
    (Annotated[int, Field(ge=0, lt=100)], st.integers(-5, 105)),
    (Annotated[int, Field(gt=0, le=3)], st.integers(-2, 5)),
    (float, FRACTIONS),
    (Annotated[float, Field(gt=0.5, le=2.5)], st.sampled_from([0.5, 0.75, 2.5, 2.75])),
    (bool, st.booleans()),
    (Annotated[Decimal, Field(max_digits=5, decimal_places=2)], CENTS),
    (UUID, st.uuids().map(str)),
    (date, st.dates(date(1, 1, 1)).map(date.isoformat)),
    (datetime, MOMENTS),
    (Literal["a", "b"], st.sampled_from(["a", "b", "c"])),
    (Color, st.sampled_from(["red", "blue", "green"])),
]


def list_of(kind: Kind) -> st.SearchStrategy[Kind]:
    least, most = Field(min_length=1), Field(max_length=2)
    values = st.lists(kind[1], max_size=3)
    return st.sampled_from(
        [(List[kind[0]], values), (Annotating[List[kind[0]], least], values)]
        + [(Annotating[List[kind[0]], most], values)]
    )


def container_of(inner: st.SearchStrategy[Kind]) -> st.SearchStrategy[Kind]:
    return st.one_of(
        inner.flatmap(list_of),
        inner.map(lambda kind: (kind[0] | None, st.none() | kind[1])),
        inner.map(lambda kind: (Dict[str, kind[0]], st.dictionaries(TEXTS, kind[1], max_size=3))),
        st.lists(inner, min_size=1, max_size=3).map(model_of),
    )


def model_of(kinds: list[Kind]) -> Kind:
    fields: Any = {f"f{place}": (kind[0], ...) for place, kind in enumerate(kinds)}
    model = create_model("M", __config__=ConfigDict(extra="forbid"), **fields)
    values = {f"f{place}": kind[1] for place, kind in enumerate(kinds)}
    return model, st.fixed_dictionaries(values)


KINDS = st.recursive(st.sampled_from(SCALARS), container_of, max_leaves=5)
MODELS = st.lists(KINDS, min_size=1, max_size=4).map(model_of)


@st.composite
def cases(draw: Callable[..., Any]) -> tuple[type[BaseModel], Any]:
    """A model, and a document for it: right, nearly right, or of another type in one place."""
    model, documents = draw(MODELS)
    document = draw(documents)
    harm = draw(st.integers(0, 5))
    name = draw(st.sampled_from(sorted(document)))
    if harm == 0:
        document[name] = draw(st.none() | st.booleans() | st.just([]) | st.just({}) | INTEGERS)
    elif harm == 1:
        del document[name]
    elif harm == 2:
        document["other"] = 1
    return model, document


def judged_by_pydantic(model: type[BaseModel], body: str) -> BaseModel | None:
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError:
        return None


def judged_by_us(schema: Schema[BaseModel], body: str) -> BaseModel | None:
    try:
        return schema.validate_json(body)
    except ValidationFailed as error:
        assert error.details
        return None


@settings(
    max_examples=600, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(cases())
def test_generated_documents_are_judged_alike(case):
    model, document = case
    body = json.dumps(document)
    schema = Schema.of(model)
    ours, theirs = judged_by_us(schema, body), judged_by_pydantic(model, body)
    assert ours == theirs
    if ours is not None and theirs is not None:
        assert ours.model_fields_set == theirs.model_fields_set
        assert schema.validate_json(ours.model_dump_json()) == ours
        assert schema.validate_python(ours) == ours


def test_the_generated_documents_are_of_both_sorts():
    taken = []

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(cases())
    def judge(case):
        model, document = case
        taken.append(judged_by_pydantic(model, json.dumps(document)) is not None)

    judge()
    assert 25 < sum(taken) < 175
