import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiwright.transfer import lines
from apiwright.transfer.csv import CsvReader, CsvWriter, HeaderFault, columns_of

SCHEMA = {
    "properties": {
        "text": {"type": "string"},
        "memo": {"type": ["string", "null"], "default": "none yet"},
        "day": {"type": ["string", "null"], "format": "date"},
        "number": {"type": ["number", "null"]},
        "count": {"type": "integer", "default": 0},
        "done": {"type": "boolean", "default": False},
        "tags": {"type": "array"},
        "any": {},
    }
}
COLUMNS = columns_of(SCHEMA)
ROW: dict[str, object] = {
    "text": "",
    "memo": None,
    "day": None,
    "number": None,
    "count": 0,
    "done": False,
    "tags": [],
    "any": None,
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def read(text: str | bytes) -> list[dict[str, object]]:
    """The rows of a file without faults."""
    rows = list(faulty(text))
    assert [row.fault for row in rows if row.fault] == []
    return [json.loads(row.body) for row in rows]


def faulty(text: str | bytes) -> list[lines.Line]:
    body = text.encode() if isinstance(text, str) else text
    return list(CsvReader(io.BytesIO(body), COLUMNS))


def written(*rows: dict[str, object]) -> bytes:
    writer = CsvWriter(COLUMNS)
    return writer.header() + writer.rows(b"".join(json.dumps(row).encode() + b"\n" for row in rows))


@given(
    text=TEXTS,
    memo=st.none() | TEXTS,
    number=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    tags=st.lists(VALUES, max_size=3),
    any_=VALUES,
)
def test_whatever_a_row_holds_is_read_as_it_was_written(text, memo, number, tags, any_):
    row = {**ROW, "text": text, "memo": memo, "number": number, "tags": tags, "any": any_}
    assert read(written(row, row)) == [row, row]


def test_a_file_is_as_rfc_4180_has_it():
    assert written({**ROW, "text": 'say "a,b"\nc', "tags": ["x"]}).decode() == (
        'text,memo,day,number,count,done,tags,any\r\n"say ""a,b""\nc",,,,0,false,"[""x""]",null\r\n'
    )


def test_an_empty_cell_is_null_where_it_may_be_and_left_out_elsewhere():
    assert read("text,memo,day,number,count,done\n,,,,,\n") == [
        {"memo": None, "day": None, "number": None}
    ]


def test_two_quotation_marks_are_the_empty_text_and_elsewhere_an_empty_cell():
    assert read('text,memo,day,number,count,done\n"","","","","",""\n') == [
        {"text": "", "memo": "", "day": None, "number": None}
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_of_both_kinds_and_a_byte_order_mark_are_read(end, last, mark):
    text = f"{mark}text,count{end}a,1{end}{end}b,2{end if last else ''}"
    assert read(text) == [{"text": "a", "count": 1}, {"text": "b", "count": 2}]


def test_truth_is_read_as_spreadsheets_write_it():
    assert read("done\nTRUE\nfalse\n") == [{"done": True}, {"done": False}]


@pytest.mark.parametrize(
    "cell", ["1,", "NaN", "Infinity", "x", '1"', "[" * 100_000, "9" * 5000, "{'a': 1}"]
)
def test_what_is_no_json_is_text_which_the_field_then_refuses(cell):
    quoted = '"' + cell.replace('"', '""') + '"'
    assert read(f"number\n{quoted}\n") == [{"number": cell}]


def test_a_cell_cannot_bring_another_member():
    assert read('number,text\n"1,""text"":""x""",y\n') == [{"number": '1,"text":"x"', "text": "y"}]


def test_rows_are_numbered_by_the_line_they_begin_on():
    rows = faulty('text,count\n"a\nb",1\nc,2\n')
    assert [(row.number, json.loads(row.body)["text"]) for row in rows] == [(2, "a\nb"), (4, "c")]
    assert sum(row.size for row in rows) == len('"a\nb",1\nc,2\n')


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ("a", "Has 1 cells, and not 2 as the first line has."),
        ("a,1,2", "Has 3 cells, and not 2 as the first line has."),
        ('a"b",1', "Has a quotation mark where none may be."),
        ('"a" ,1', "Has a quotation mark where none may be."),
        ('"a,1', "Has a quotation mark where none may be."),
        (b"\xff,1", "Is not UTF-8."),
        (b"\xed\xa0\x80,1", "Is not UTF-8."),
    ],
)
def test_a_row_that_is_no_csv_is_a_fault_of_its_line(record, fault):
    body = record if isinstance(record, bytes) else record.encode()
    assert [(row.number, row.fault) for row in faulty(b"text,count\n" + body)] == [(2, fault)]


def test_a_quotation_mark_left_open_reads_no_more_than_a_row_may_have(monkeypatch):
    monkeypatch.setattr("apiwright.transfer.csv.MAX_LINE", 50)
    rows = faulty('text,count\n"a' + "\nb" * 60 + '\n"\nc,1\n')
    assert rows[0] == (2, b"", 51, "Is longer than 10 MiB.")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("text,size", "there is no field 'size'; the fields are text, memo, day, number, count"),
        ("text,count,text", "'text' stands in it twice"),
        ("", "it must be the names of fields, with commas between them"),
        (",", "it must be the names of fields, with commas between them"),
        ('"text', "it must be the names of fields, with commas between them"),
        ("text,", "there is no field ''"),
        (b"\xff", "it must be the names of fields, with commas between them"),
    ],
)
def test_a_header_that_names_no_fields_is_refused(header, sentence):
    body = header if isinstance(header, bytes) else header.encode()
    with pytest.raises(HeaderFault) as failure:
        CsvReader(io.BytesIO(body + b"\na\n" if body else b""), COLUMNS)
    assert str(failure.value).startswith(sentence)
