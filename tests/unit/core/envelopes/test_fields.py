from __future__ import annotations

import pytest

from zmqscope.core.decode.decoded import DecodeError, Tree
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import MAX_NODE_TEXT, NodeKind, Span
from zmqscope.core.envelopes import fields


def test_leaves() -> None:
    number = fields.number("n", "uint8", 7, (0, 1), "Seven")
    assert (number.text, number.value, number.span, number.note) == ("7", 7, Span(0, 1), "Seven")
    assert fields.flag(Index(0), True, (0, 1)).text == "true"
    blob = fields.blob("b", bytes(100), (0, 100))
    assert blob.text.endswith("00 …")
    assert blob.value == bytes(100)
    assert fields.uuid("u", bytes(16), (0, 16)).text == "00000000-0000-0000-0000-000000000000"


def test_texts_that_are_none_are_marked() -> None:
    good = fields.text("t", "�".encode(), (0, 3), key_span=(0, 1))
    assert (good.note, good.key_span) == ("", Span(0, 1))
    assert fields.text("t", b"\xff", (0, 1)).note == "It is not UTF-8"
    long = fields.text("t", b"x" * 5_000, (0, 5_000))
    assert len(long.text) == MAX_NODE_TEXT
    assert long.value == "x" * 5_000


def test_groups() -> None:
    inner = fields.group("g", (fields.number("n", "u8", 1, (0, 1)),), (0, 1), is_array=True)
    assert (inner.kind, inner.count, inner.step) == (NodeKind.ARRAY, 1, Name("g"))
    decoded = fields.tree("title", (inner,), 9, ("A note.",))
    (body,) = decoded.bodies
    assert isinstance(body, Tree)
    assert (decoded.type, decoded.notes, body.root.span) == ("title", ("A note.",), Span(0, 9))
    assert list(children_of(body.root)) == list(children_of(body.root)) == [inner]


def test_taking_bytes() -> None:
    assert fields.take(b"abcd", 1, 2, "it") == b"bc"
    with pytest.raises(DecodeError, match="ends inside it, at byte 4") as failed:
        fields.take(b"abcd", 3, 2, "it")
    assert failed.value.at == 4
    with pytest.raises(DecodeError):
        fields.take(b"abcd", 0, -1, "it")
