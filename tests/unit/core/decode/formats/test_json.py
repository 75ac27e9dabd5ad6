"""JSON: fields and spans in bytes, numbers as written, broken and huge texts, what is guessed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from functools import partial
from itertools import islice

import pytest

from tests.tree_rig import check_spans, field, labels, last_error, read, tree
from zmqscope.core.decode.decoded import DecodeError, TextBody
from zmqscope.core.decode.formats.json.decoder import JSON
from zmqscope.core.decode.formats.json.tree import JsonReader
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

DEEP = 100_000


def body(data: bytes, *, is_cut: bool = False) -> TextBody:
    second = read(JSON, data, is_cut=is_cut).bodies[1]
    assert isinstance(second, TextBody)
    return second


def test_fields_have_types_and_their_bytes() -> None:
    data = '{"né": "ü€😀", "a": [1, 2.50, true, false, null, {"b": "\\ud83d\\ude00"}]}'.encode()
    root = tree(JSON, data)
    assert (root.kind, root.type, root.count) == (NodeKind.OBJECT, "object", 2)
    text = field(root, "né")
    assert text.value == "ü€😀"
    assert text.span is not None
    assert data[text.span.start : text.span.stop].decode() == '"ü€😀"'
    assert field(root, "a", "[5]", "b").value == "😀"
    assert [child.type for child in children_of(field(root, "a"))] == [
        *("number", "number", "bool", "bool", "null", "object"),
    ]
    check_spans(root)
    assert body(data) == TextBody(is_json=True)


def test_numbers_stay_as_they_are_written() -> None:
    digits = "9" * 5_000
    root = tree(JSON, f"[1.50, -0, 1e400, 1E5, {digits}]".encode())
    numbers = list(children_of(root))
    assert [node.text for node in numbers[:4]] == ["1.50", "-0", "1e400", "1E5"]
    assert numbers[2].note
    assert numbers[4].value is None
    assert numbers[4].text.startswith("999")
    assert "5,000" in numbers[4].note


def test_keys_that_come_again_are_numbered() -> None:
    assert labels(tree(JSON, b'{"a":1,"b":2,"a":3}')) == ["a", "b", "a #2"]


def test_a_byte_order_mark_is_told() -> None:
    data = b'\xef\xbb\xbf{"a": 1}'
    assert body(data) == TextBody(is_json=True, bom=3)
    assert read(JSON, data).notes
    check_spans(tree(JSON, data))


@pytest.mark.parametrize(
    ("data", "words", "at"),
    [
        (b"", "There is no JSON value.", 0),
        (b'{"a": NaN}', "Not JSON: NaN at byte 6; JSON knows no such number.", 6),
        (b'["NaN", -Infinity]', "Not JSON: -Infinity at byte 8; JSON knows no such number.", 8),
        ('{"é": 1,}'.encode(), "Not JSON from byte 9 on: “}” cannot stand there.", 9),
        (b'{"a": "\xff"}', "Not JSON: byte 7 is not UTF-8.", 7),
        (b"hello", "Not JSON from byte 0 on: “h” cannot stand there.", 0),
        (b"[1 2]", "Not JSON from byte 3 on: “2” cannot stand there.", 3),
    ],
)
def test_what_is_none_is_refused_in_words(data: bytes, words: str, at: int) -> None:
    with pytest.raises(DecodeError) as failure:
        read(JSON, data)
    assert (failure.value.text, failure.value.at) == (words, at)


def test_what_is_cut_is_shown_as_far_as_it_is_there() -> None:
    data = '{"a": 1, "b": {"c": [1, true, "ü"], "d": -1.5e3}}'.encode()
    for stop in range(1, len(data)):
        assert not body(data[:stop], is_cut=True).is_json
        assert last_error(tree(JSON, data[:stop], is_cut=True))
    assert read(JSON, data[:-4]).notes == (f"The JSON ends too early, at byte {len(data) - 4}.",)
    assert labels(tree(JSON, data[:-4])) == ["a", "b", ""]


def test_values_one_after_the_other_are_a_sequence() -> None:
    for data in (b'{"a":1}\n{"a":2}\n', b'\x1e{"a":1}\n\x1e{"a":2}\n', b'{"a":1}{"a":2}'):
        decoded = read(JSON, data)
        assert decoded.type == "sequence(2)"
        assert field(tree(JSON, data), "[1]", "a").value == 2
        assert JSON.sniff(Payload(data)) >= 0.9
    assert read(JSON, b"[1] hello").notes == ("5 bytes follow the value, from byte 4 on.",)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"a":"' + b'\\"' * 5_000_000 + b'"}',
        b'["' + b"\\\\" * 5_000_000 + b'"]',
        b'{"a":["' + b"x" * 20_000_000 + b'"],"b":1}',
        b"[" + b"[]," * 3_000_000 + b"1]",
        b'{"a":[' + b'{"a":1},' * 2_000_000 + b"1]}",
        b"[" + b"9" * 1_000_000 + b"]",
    ],
    ids=lambda data: f"{data[:6].decode()}-{len(data)}",
)
def test_bombs_end_in_a_view_or_a_sentence(data: bytes) -> None:
    root = tree(JSON, data)
    assert labels(root, 1)
    for _ in range(5):
        children = list(islice(children_of(root), 1_000))
        if not children or children[0].children is None:
            break
        root = children[0]
    assert len(JSON.preview(Payload(data), NO_OPTIONS)) <= 400
    assert JSON.sniff(Payload(data)) <= 1


def test_what_is_too_large_to_be_checked_says_so() -> None:
    data = b'{"rows":[' + b'{"a":1},' * 1_200_000 + b"1]}"
    decoded = read(JSON, data)
    assert decoded.notes[0].startswith("Only structure is read: ")
    assert not body(data).is_json
    assert labels(field(tree(JSON, data), "rows"), 2) == ["[0]", "[1]"]


@pytest.mark.parametrize(
    ("data", "is_cut", "least", "most"),
    [
        (b'{"a": 1}', False, 0.9, 1),
        (b"{}", False, 0.9, 1),
        (b'{"a": [1, "tex', True, 0.9, 1),
        (b'{"a": [1, tr', True, 0.9, 1),
        (b'{"a": [1, -', True, 0.9, 1),
        (b'{"a": "\\u00', True, 0.9, 1),
        (b'{"a": "\xc3', True, 0.9, 1),
        (b'{"a": [1, "tex', False, 0, 0.49),
        (b"[1] hello", False, 0, 0.49),
        (b"5", False, 0, 0),
        (b'"text"', False, 0, 0),
        (b"[INFO] started", False, 0, 0),
        (b"[2024-01-02 03:04:05] started", True, 0, 0),
        (b"[section]\nkey = 1\n", False, 0, 0),
        (b"{a: 1}", True, 0, 0),
        (b"{'a': 1}", True, 0, 0),
        (b'{"a": NaN}', True, 0, 0),
    ],
)
def test_objects_and_arrays_are_recognised(
    data: bytes, is_cut: bool, least: float, most: float
) -> None:
    assert least <= JSON.sniff(Payload(data, is_cut)) <= most


def test_a_preview_is_the_text_as_it_stands() -> None:
    assert JSON.preview(Payload(b'{"a": 1}'), NO_OPTIONS) == '{"a": 1}'
    assert JSON.preview(Payload(b'{"a": 1', is_cut=True), NO_OPTIONS) == '{"a": 1…'
    long = json.dumps(list(range(1000))).encode()
    assert len(JSON.preview(Payload(long), NO_OPTIONS)) == 400


def test_a_key_that_comes_twice_is_counted_twice() -> None:
    decoded = read(JSON, b'{ "a": 1 , "a": {"b": [1, 2]}, "c": "}" }')
    assert decoded.type == "object(3)"
    assert tree(JSON, b'{"a":1,"a":2}').count == 2
    assert tree(JSON, b"{ }").count == 0
    many = ",".join(f'"k{at}":{at}' for at in range(30_000))
    assert read(JSON, f"{{{many}}}".encode()).type == "object"


def test_how_many_values_there_are_is_not_claimed_where_more_may_follow() -> None:
    lines = b'{"a":1}\n{"a":2}\n'
    assert read(JSON, lines).type == "sequence(2)"
    decoded = read(JSON, lines, is_cut=True)
    assert (decoded.type, decoded.notes) == ("sequence", ("Values stand one after the other.",))


def test_what_is_cut_ends_in_an_ellipsis_however_long_it_is() -> None:
    for size in (399, 400, 401):
        data = b'["' + b"x" * (size - 2)
        assert JSON.preview(Payload(data, is_cut=True), NO_OPTIONS).endswith("…"), size


def test_surrogates_in_utf_8_are_no_text() -> None:
    # Too deep to be checked as a whole, so that each string is read alone.
    data = b"[" * DEEP + b'"a"' + b"]" * DEEP + b'\n["\xed\xa0\x80"]'
    with pytest.raises(DecodeError, match="is not UTF-8"):
        read(JSON, data)
    node = next(JsonReader(b'["\xed\xa0\x80"]').array_children(1))
    assert (node.value, node.note) == (None, "Not UTF-8")


@pytest.mark.parametrize("blanks", [b"\n", b" \t\r\n", b"\n\n "])
@pytest.mark.parametrize("size", [0, 1, 16_380, 16_384, 16_388, 200_000])
def test_any_number_of_blanks_may_stand_anywhere(blanks: bytes, size: int) -> None:
    gap = (blanks * size)[:size]
    data = b'%b{%b"a"%b:%b[1%b,%b2]%b}%b' % ((gap,) * 8)
    root = tree(JSON, data)
    assert json.loads(data) == {"a": [1, 2]}
    assert labels(root) == ["a"]
    second = next(children_of(root))
    assert [child.value for child in children_of(second)] == [1, 2]
    assert second.span is not None
    assert data[second.span.start : second.span.stop] == b"[1%b,%b2]" % (gap, gap)
    records = (b"\x1e" + gap) * 3 + b"[1]" + b"\x1e" * 40_000 + b"[2]"
    assert [child.type for child in children_of(tree(JSON, records))] == ["array", "array"]


def _cpu_ms(act: Callable[[], object]) -> float:
    began_ns = time.thread_time_ns()
    act()
    return (time.thread_time_ns() - began_ns) / 1e6


def test_blanks_and_digits_take_less_time_than_a_plain_reader_needs() -> None:
    """Hundreds of milliseconds went into patterns, and into integers that nobody asked for."""
    pattern = re.compile(rb"[ \t\n\r\x1e]*+")
    for data in (b"\n" * 50_000_000, b" \t" * 25_000_000 + b"[1]", b"\x1e" * 50_000_000 + b"{}"):
        reader = JsonReader(data)
        assert reader.behind_separators(0) == len(data.rstrip(b"[1]{}"))
        plainly_ms = min(_cpu_ms(partial(pattern.match, data)) for _ in range(3))
        ours_ms = min(_cpu_ms(partial(reader.behind_separators, 0)) for _ in range(3))
        assert ours_ms < 0.7 * plainly_ms
    data = b"[" + (b"9" * 4_299 + b",") * 1_800 + b"1]"
    assert tree(JSON, data).count == 1_801
    assert _cpu_ms(lambda: read(JSON, data)) < 0.7 * _cpu_ms(lambda: json.loads(data))
