import io

from apiwright.transfer import lines
from apiwright.transfer.lines import rows_of, text_lines


def test_lines_are_numbered_and_empty_ones_no_rows():
    rows = rows_of(io.BytesIO(b"\xef\xbb\xbf{}\n\n  \r\n{ }"))
    assert [(row.number, row.body) for row in rows] == [(1, b"{}\n"), (4, b"{ }")]


def test_a_line_that_is_too_long_is_a_fault_and_the_next_one_is_read(monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE", 10)
    monkeypatch.setattr(lines, "_PIECE", 3)
    file = io.BytesIO(b"a" * 100 + b"\n" + b"b" * 9 + b"\n" + b"c" * 11)
    read = list(text_lines(file))
    assert [(line.number, line.size, line.fault) for line in read] == [
        (1, 101, "Is longer than 10 MiB."),
        (2, 10, ""),
        (3, 11, "Is longer than 10 MiB."),
    ]
