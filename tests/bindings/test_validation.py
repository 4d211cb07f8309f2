import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from apiwright._core.base import Secret
from apiwright._core.validation import BodyReader, Field, Mode, Schema, email_key, is_email
from apiwright.errors import MalformedJson, ValidationFailed

UUID = "01900000-0000-7000-8000-000000000000"
SCHEMA = Schema(
    "Everything",
    [
        Field.string("a_text"),
        Field.email("an_email"),
        Field.uuid("an_id"),
        Field.integer("a_number"),
        Field.decimal("a_price", 12, 2),
        Field.boolean("a_flag"),
        Field.date_time("a_time"),
        Field.enumeration("a_choice", ["red", "green"]),
        Field.array("a_list", Field.integer("item")),
        Field.string("nothing").nullable(),
        Field.string("left_out").optional(),
    ],
)
BODY = {
    "aText": "e\u0301 \U0001f40e",
    "anEmail": "Ada@example.org",
    "anId": UUID.upper(),
    "aNumber": -(2**63),
    "aPrice": "-10.50",
    "aFlag": True,
    "aTime": "2026-01-02T03:04:05.678+01:00",
    "aChoice": "green",
    "aList": [1, 2],
    "nothing": None,
}


def read(body: Any) -> Any:
    return BodyReader(SCHEMA).read(json.dumps(body).encode())


def test_values_come_in_pythons_own_types():
    record = read(BODY)
    assert record.to_dict() == {
        "a_text": "\u00e9 \U0001f40e",
        "an_email": "Ada@example.org",
        "an_id": UUID,
        "a_number": -(2**63),
        "a_price": Decimal("-10.50"),
        "a_flag": True,
        "a_time": datetime(2026, 1, 2, 2, 4, 5, 678_000, tzinfo=UTC),
        "a_choice": "green",
        "a_list": [1, 2],
        "nothing": None,
    }
    assert str(record["a_price"]) == "-10.50"
    assert record["a_flag"] is True
    assert record["a_time"].tzinfo is UTC


def test_what_was_left_out_is_none_and_not_in_the_record():
    record = read(BODY)
    assert record["left_out"] is None and "left_out" not in record
    assert record["nothing"] is None and "nothing" in record


@pytest.mark.parametrize("name", ["", "aText", "other", "a_text\0"])
def test_a_record_has_no_other_fields(name: str):
    record = read(BODY)
    for ask in (record.__getitem__, record.__contains__, record.take_secret):
        with pytest.raises(ValueError, match="Everything"):
            ask(name)


@pytest.mark.parametrize("name", [None, 1, object(), "a\ud800"])
def test_a_fields_name_is_text(name: Any):
    record = read(BODY)
    for ask in (record.__getitem__, record.__contains__, record.take_secret):
        with pytest.raises(TypeError):
            ask(name)


def test_a_taken_secret_is_no_longer_in_the_record():
    record = read(BODY)
    secret = record.take_secret("a_text")
    assert isinstance(secret, Secret) and secret
    assert "a_text" not in record and record["a_text"] is None
    assert not record.take_secret("a_text")
    assert not record.take_secret("left_out")
    with pytest.raises(ValueError, match="a_number"):
        record.take_secret("a_number")


@pytest.mark.parametrize("year", [1, 1582, 9999])
def test_far_years_are_datetimes_too(year: int):
    assert read(BODY | {"aTime": f"{year:04}-06-01T00:00:00Z"})["a_time"].year == year


@pytest.mark.parametrize("body", [b"{", b"\xff", b"\xef\xbb\xbf{}", b"[" * 100_000, b"{} x"])
def test_what_is_no_json_is_malformed(body: bytes):
    with pytest.raises(MalformedJson):
        BodyReader(SCHEMA).read(body)


@pytest.mark.parametrize("body", [None, "{}", 7, object(), [b"{}"], bytearray(b"{}")])
def test_a_body_is_bytes(body: Any):
    with pytest.raises(TypeError):
        BodyReader(SCHEMA).read(body)


def test_modes_differ_in_what_they_require():
    schema = Schema("T", [Field.string("name")])
    for mode in (Mode.PATCH, Mode.CHANGES):
        assert BodyReader(schema, mode).read(b"{}").to_dict() == {}
    for mode in (Mode.CREATE, Mode.REPLACE):
        with pytest.raises(ValidationFailed):
            BodyReader(schema, mode).read(b"{}")
    assert [mode.name for mode in Mode] == ["CREATE", "REPLACE", "PATCH", "CHANGES"]


def test_only_the_named_fields_are_taken():
    reader = BodyReader(SCHEMA, Mode.PATCH, only=["a_number"])
    assert reader.read(b'{"aNumber": 1}').to_dict() == {"a_number": 1}
    with pytest.raises(ValidationFailed):
        reader.read(b'{"aText": "x"}')


@pytest.mark.parametrize("schema", [None, "schema", object()])
def test_a_reader_needs_a_schema(schema: Any):
    with pytest.raises(TypeError):
        BodyReader(schema)


@pytest.mark.parametrize("mode", [None, 0, "CREATE"])
def test_a_reader_needs_a_mode(mode: Any):
    with pytest.raises(TypeError):
        BodyReader(SCHEMA, mode)


@pytest.mark.parametrize("only", ["a_number", [1], [None], ["\ud800"], 7])
def test_names_are_a_list_of_texts(only: Any):
    with pytest.raises(TypeError):
        BodyReader(SCHEMA, Mode.PATCH, only=only)


def test_a_reader_outlives_its_schema_and_a_record_its_reader():
    def record() -> Any:
        return BodyReader(Schema("T", [Field.string("name")])).read(b'{"name": "x"}')

    assert record().to_dict() == {"name": "x"}


def test_a_field_is_never_changed_by_a_call():
    plain = Field.string("name")
    plain.length(5, 5).optional().nullable().default_value("fives")
    assert BodyReader(Schema("T", [plain])).read(b'{"name": ""}')["name"] == ""
    assert (Field.string("first_name").name, Field.string("first_name").wire_name) == (
        "first_name",
        "firstName",
    )


@pytest.mark.parametrize("value", ["text", 7, -(2**63), True])
def test_examples_are_documented_as_given(value: Any):
    kinds = {str: Field.string, int: Field.integer, bool: Field.boolean}
    field = kinds[type(value)]("x").example(value)
    schema = json.loads(BodyReader(Schema("T", [field])).json_schema())
    assert schema["properties"]["x"]["examples"] == [value]


@pytest.mark.parametrize(
    "value", [2**63, 10**400, b"x", "\ud800", {}, (), object(), [2**63], [[]], [["x"]]]
)
def test_other_values_are_a_type_error(value: Any):
    with pytest.raises(TypeError):
        Field.string("x").example(value)
    with pytest.raises(TypeError):
        Field.string("x").default_value(value)


def test_a_list_that_holds_itself_is_a_type_error():
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(TypeError):
        Field.array("x", Field.integer("i")).example(endless)


@pytest.mark.parametrize("bound", [None, -1, 2**64, 10**400, "1", 1.5])
def test_a_length_is_a_natural_number(bound: Any):
    with pytest.raises(TypeError):
        Field.string("x").length(bound, 9)


@pytest.mark.parametrize("name", [None, 7, "\ud800", object()])
def test_a_name_is_text(name: Any):
    with pytest.raises(TypeError):
        Field.string(name)


@pytest.mark.parametrize(
    "name", ["", "1st", "a b", "a\0", 'a"; DROP TABLE users', "É", "camelCase"]
)
def test_a_name_in_a_table_is_a_snake_case_identifier(name: str):
    with pytest.raises(ValueError, match="."):
        Schema("T", [Field.string(name)], table="things")


@pytest.mark.parametrize("fields", [None, [None], ["name"], Field.string("x"), "fields"])
def test_a_schema_is_made_of_fields(fields: Any):
    with pytest.raises(TypeError):
        Schema("T", fields)


def test_fields_and_records_are_made_by_the_core_alone():
    for kind in (Field, type(read(BODY))):
        with pytest.raises(TypeError):
            kind()


def test_addresses():
    assert is_email("ada@example.org") and not is_email("ada")
    assert email_key("ADA@Example.ORG") == email_key("ada@example.org")
    assert email_key("ada") is None and email_key("a\0@example.org") is None


@pytest.mark.parametrize("address", [None, 7, "\ud800@example.org", object()])
def test_an_address_is_text(address: Any):
    for ask in (is_email, email_key):
        with pytest.raises(TypeError):
            ask(address)


def test_what_the_server_sets_and_what_stays_as_created():
    author = Field.uuid("author_id").set_to("current_user").nullable()
    schema = Schema(
        "T",
        [author, Field.date_time("at").set_to("now"), Field.string("slug").immutable()],
        table="t",
    )
    assert list(json.loads(BodyReader(schema).json_schema())["properties"]) == ["slug"]
    row = json.loads(schema.row_json_schema())["properties"]
    assert row["authorId"]["readOnly"] and row["at"]["readOnly"] and "readOnly" not in row["slug"]
    with pytest.raises(ValueError, match="`x`"):
        Field.string("x").set_to("now")
    with pytest.raises(ValueError, match="`tomorrow`"):
        Field.uuid("x").set_to("tomorrow")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Field.uuid("x").set_to(None)  # type: ignore[arg-type]
