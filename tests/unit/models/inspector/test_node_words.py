"""Fields in words, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.node import Node, NodeKind, Span, Value, error_node
from zmqscope.models.inspector import node_words
from zmqscope.models.inspector.node_words import (
    as_json,
    lines_of,
    name_words,
    size_words,
    spoken_words,
    type_words,
    value_text,
    value_words,
)

_KINDS = {
    str: NodeKind.STRING,
    bytes: NodeKind.BYTES,
    bool: NodeKind.BOOL,
    int: NodeKind.NUMBER,
    float: NodeKind.NUMBER,
    datetime: NodeKind.TIME,
    type(None): NodeKind.NULL,
}


def node_of(value: object, step: Step | None = None) -> Node:
    """What a decoder would make of a Python value."""
    if isinstance(value, dict):
        items = [node_of(each, Name(str(key))) for key, each in value.items()]
        return Node(step, NodeKind.OBJECT, "map", count=len(items), children=lambda: iter(items))
    if isinstance(value, list):
        items = [node_of(each, Index(at)) for at, each in enumerate(value)]
        return Node(step, NodeKind.ARRAY, "array", count=len(items), children=lambda: iter(items))
    assert isinstance(value, Value)
    text = json.dumps(value) if isinstance(value, bool | int | float) else str(value)
    return Node(step, _KINDS[type(value)], "leaf", text, value)


DATA = {"a": [1, 2.5, {"b": "x\ny", "ü": None}], "t": True, "e": {}, "l": []}


def test_json_is_the_same_again() -> None:
    text, is_cut = as_json(node_of(DATA))
    assert json.loads(text) == DATA
    assert not is_cut


def test_what_json_does_not_know_becomes_text() -> None:
    day = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    text, _ = as_json(node_of({"raw": b"\x00\xff", "day": day, "nan": float("nan")}))
    assert json.loads(text) == {"raw": "00 ff", "day": str(day), "nan": "nan"}


def test_a_copied_time_has_all_its_digits() -> None:
    text = "2026-01-02T03:04:05.123456789Z"
    at = datetime(2026, 1, 2, 3, 4, 5, 123_456, tzinfo=UTC)
    node = Node(None, NodeKind.TIME, "timestamp", text, at)
    assert value_text(node) == lines_of(node) == json.loads(as_json(node)[0]) == text


def test_json_of_a_leaf_and_of_huge_numbers() -> None:
    assert as_json(node_of("x"))[0] == '"x"'
    big = 10**5000
    text, _ = as_json(Node(None, NodeKind.NUMBER, "bignum", "1e5000", big))
    assert json.loads(text) == "1e5000"


def test_digits_stay_as_they_were_written() -> None:
    written = Node(None, NodeKind.NUMBER, "number", "1.10", 1.1)
    assert as_json(written)[0] == "1.10"


def test_deep_fields_neither_crash_nor_hang() -> None:
    def nested() -> Iterator[Node]:
        yield Node(Index(0), NodeKind.ARRAY, "array", count=1, children=nested)

    text, is_cut = as_json(Node(None, NodeKind.ARRAY, "array", count=1, children=nested))
    assert is_cut
    assert text.startswith("[")
    assert "too large" in lines_of(Node(None, NodeKind.ARRAY, "array", children=nested))


def test_a_copy_of_too_much_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_words, "MAX_COPIED_FIELDS", 10)
    node = node_of(list(range(100)))
    text, is_cut = as_json(node)
    assert is_cut
    assert len(json.loads(text)) < 12
    assert lines_of(node).endswith("… not copied whole: it is too large.")


def test_lines() -> None:
    assert lines_of(node_of({"a": [1, "x"], "b": b"\x01"})) == (
        "2 fields\n  a: 2 elements\n    [0]: 1\n    [1]: x\n  b: 01"
    )


def test_cells() -> None:
    text = Node(Name("k"), NodeKind.STRING, "str", "x" * 500, "x" * 500, span=Span(0, 502))
    assert name_words(text) == "k"
    assert value_words(text).startswith('"xxx')
    assert value_words(text).endswith("…")
    assert size_words(text) == "502 B"
    assert value_text(text) == "x" * 500
    root = node_of({"a": 1})
    assert name_words(root) == "map"
    assert type_words(root) == ""
    assert value_words(root) == "1 field"
    assert value_words(node_of([1, 2])) == "2 elements"
    broken = error_node("Cut off at byte 7.", 7)
    assert (name_words(broken), value_words(broken), size_words(broken)) == (
        "",
        "Cut off at byte 7.",
        "",
    )
    assert spoken_words(text).startswith('k, "xxx')
