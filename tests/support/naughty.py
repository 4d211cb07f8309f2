"""Texts that programs are known to stumble over, by what they stumble at."""

from typing import Final

WORDS: Final = [
    *("null", "NULL", "nil", "None", "undefined", "(null)", "\\N", "NaN", "Infinity", "-Infinity"),
    *("true", "false", "True", "FALSE", "yes", "on", "[object Object]", "constructor"),
    *("__proto__", "hasOwnProperty", "toString", "id", "version", "createdAt", "deletedAt"),
    *("me", "new", "admin", "users", "con", "NUL", "COM1", "aux", "prn"),
]
NUMBERS: Final = [
    *("0", "-0", "-1", "+1", "00", "1.", ".5", "1e3", "1E400", "1e-400", "0x1f", "0b1", "1_000"),
    *("1,5", "1.000,00", "1 000", "9223372036854775807", "9223372036854775808"),
    *("-9223372036854775808", "-9223372036854775809", "18446744073709551616", "9" * 400),
    *("0." + "0" * 400 + "1", "--1", "1/0", "١٢٣", "１２３", "Ⅷ", "½", "²", "1e", "e1", "0e0"),
]
TIMES: Final = [
    *(
        "2026-02-30T00:00:00Z",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:60Z",
    ),
    *("+275760-09-13T00:00:00Z", "-0001-01-01T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z"),
    *("2026-01-01T00:00:00+99:99", "2026-01-01T00:00:00.9999999999999999999Z", "1767225600000"),
    *("2026-01-01t00:00:00z", "2026-01-01 00:00:00Z", "P1Y", "now", "1969-12-31T23:59:59.999Z"),
]
IDS: Final = [
    *("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
    *("{01900000-0000-7000-8000-000000000000}", "01900000000070008000000000000000"),
    *("urn:uuid:01900000-0000-7000-8000-000000000000", "01900000-0000-7000-8000-00000000000g"),
    *("01900000-0000-7000-8000-000000000000 ", "01900000-0000-7000-8000-0000000000000"),
]
SPACES: Final = [
    *("", " ", "  ", "\t", "\n", "\r\n", "\v", "\f", "\x85", "\xa0", "\u1680", "\u180e"),
    *("\u2000", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\xad", " a ", "a\n", "\ta", "a\u200bb", "\ufeffa"),
]
CONTROLS: Final = [
    *("\0", "a\0b", "\0\0", "\x01", "\x07", "\x08", "\x1a", "\x1b[31mred\x1b[0m", "\x7f", "\x80"),
    *("\x9b31m", "\u061c", "\u200e", "\u200f", "\u202a", "\u202eabc\u202c", "\u2066a\u2069"),
    *("\ufff9a\ufffab\ufffb", "\U000e0001", "\U000e0041\U000e007f"),
]
UNICODE: Final = [
    *("é", "e\u0301", "Å", "\u212b", "ﬃ", "ß", "ẞ", "ſ", "K", "İ", "ı", "ǅ", "ŉ", "ΰ", "ς", "Σ"),
    *("\u0345", "\u0301", "\u0301\u0301e", "e" + "\u0301" * 500, "\u1112\u1161\u11ab", "한"),
    *(
        "\ufdfa" * 20,
        "\u0f73\u0f75",
        "田中さん",
        "العربية",
        "עִבְרִית",
        "हिन्दी",
        "ไทย",
        "𠜎",
        "𐐷",
        "Ｑ",
    ),
    *("😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇺🇳", "✋🏿", "1️⃣", "\ufe0f", "\U000e0100"),
    *("\ufffd", "\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff", "\ue000", "\U000f0000"),
    *("a" + "\u0316\u0327\u0338" * 40, "аdmin", "раура1", "\u2044", "\u2024\u2024/", "℻", "Ⓐ"),
]
SQL: Final = [
    *(
        "'",
        "''",
        '"',
        "`",
        ";",
        "--",
        "/*",
        "*/",
        "\\",
        "\\'",
        "%",
        "_",
        "%%",
        "*",
        "?",
        ":1",
        "$1",
    ),
    *("' OR '1'='1", "'; DROP TABLE users; --", "') UNION VALUES (1) --"),
    *(
        "1; ATTACH DATABASE 'x' AS y",
        "x' AND randomblob(1000000000) IS NULL --",
        "|| load_extension('x')",
    ),
    *(
        '"; UPDATE users SET roles=\'["admin"]\'; --',
        "a' COLLATE NOCASE --",
        "[a-z]",
        "^",
        "%' ESCAPE '",
    ),
]
MARKUP: Final = [
    *("<", ">", "&", "&lt;", "&#0;", "<script>alert(1)</script>", "</title>", "<!--", "]]>"),
    *(
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "<svg/onload=alert(1)>",
        '" onfocus="x',
    ),
    *('<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;', "<?php", "<%= 1 %>"),
]
COMMANDS: Final = [
    *("$(id)", "`id`", "| id", "; id", "&& id", "\n/bin/id", "${HOME}", "%PATH%", "!x", "~", "-rf"),
    *("{{7*7}}", "${7*7}", "#{7*7}", "${jndi:ldap://x/a}", "%s%s%n", "%x%x%x%p", "{0.__class__}"),
    *("../../../../etc/passwd", "..\\..\\win.ini", "/dev/zero", "file:///etc/passwd", "C:\\con"),
    *(
        ".",
        "..",
        "...",
        "/",
        "//",
        "\\\\host\\share",
        "%2e%2e%2f",
        "..;/",
        "a/b",
        "a?b",
        "a#b",
        "a;b",
    ),
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "*)(uid=*", "!!python/none"),
    *(
        "(a+)+$",
        "(?=",
        "[",
        "\\1",
        "(" * 200,
        "a" * 50 + "!",
        "x-y,z",
        ",",
        ",,",
        "-",
        "-,-",
        "a,a",
    ),
    *(
        "a\r\nSet-Cookie: b=c",
        "a%0d%0aX: y",
        "a=b&c=d",
        "a[]",
        "a[b]",
        "[eq]",
        "name[gte]",
        "+",
        "%",
    ),
]
DOCUMENTS: Final = [
    *("{}", "[]", '{"a":1}', '{"$ne":null}', "[1,2", '"', "\\u0000", "\\ud800", "{", "[[[[[["),
    *("eyJhbGciOiJub25lIn0.e30.", "a.b.c", "Zm9v", "====", "-_-", "AAAA" * 30),
]
ADDRESSES: Final = [
    *(
        "@",
        "a@",
        "@b",
        "a@b",
        "a@b.c",
        "a@@b.example",
        '"a b"@b.example',
        "a@[127.0.0.1]",
        "a@b..c",
    ),
    *(".a@b.example", "a.@b.example", "a@-b.example", "a@b-.example", "a" * 65 + "@b.example"),
    *(
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 126 + "c",
        "a@xn--",
        "a@xn--a.example",
        "ä@ö.example",
    ),
    *(
        "a+b@b.example",
        "a\u200b@b.example",
        "a@b.example\n",
        "a@b。example",
        "a@ẞ.example",
        "\ud83d@b"[1:],
    ),
]
LONG: Final = [
    *("a" * 101, "a" * 201, "a" * 10_000, "é" * 10_000, "😀" * 5000, "\u0301" * 3000, "\\" * 5000),
    *('"' * 5000, " " * 10_000, "\n" * 5000, "%" * 5000, "(" * 5000, "ﷺ" * 3000, "{" * 5000),
]

CATEGORIES: Final[dict[str, list[str]]] = {
    "words": WORDS,
    "numbers": NUMBERS,
    "times": TIMES,
    "ids": IDS,
    "spaces": SPACES,
    "controls": CONTROLS,
    "unicode": UNICODE,
    "sql": SQL,
    "markup": MARKUP,
    "commands": COMMANDS,
    "documents": DOCUMENTS,
    "addresses": ADDRESSES,
    "long": LONG,
}

ESCAPES: Final = [
    *("%", "%%", "%0", "%zz", "%u0041", "%00", "%ff", "%c0%af", "%c0%80", "%e0%80%80", "%ed%a0%80"),
    *(
        "%f4%90%80%80",
        "%fe",
        "%80",
        "a%ffb",
        "%c3",
        "%e2%82",
        "+",
        "%2b",
        "%25",
        "%2525",
        "%0a",
        "%7f",
    ),
]
"""What stands in a URL and is no text, or another one than it seems."""

BROKEN_JSON: Final = [
    *(
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\\ud800a"',
        b'"\xff"',
        b'"\xc0\x80"',
        b'"\xed\xa0\x80"',
    ),
    *(b'"\xf4\x90\x80\x80"', b'"\xc3"', b'"\x00"', b'"\n"', b'"\\x41"', b'"\\u12"', b"'a'", b"a"),
    *(b"01", b"1.", b".1", b"+1", b"NaN", b"Infinity", b"-", b"1e", b"0x1", b"[1,]", b'"a" "b"'),
]
"""What stands where a value of JSON should be."""
