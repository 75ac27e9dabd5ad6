"""Properties of JSON, MessagePack, CBOR and BSON: every field is what the library reads there.

For each field of a tree the library is given the bytes of its span alone, and must come to the same
value as in the whole; so walker and library agree about every byte.
"""

from __future__ import annotations

import json
import math
from typing import Any

import bson
import cbor2
import msgpack
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.decoder_checks import check_decoder
from tests.tree_rig import check_spans, tree
from zmqscope.core.decode.decoder import Decoder
from zmqscope.core.decode.field_path import FieldPath, parse_field_path
from zmqscope.core.decode.formats.bson.decoder import BSON
from zmqscope.core.decode.formats.cbor.decoder import CBOR
from zmqscope.core.decode.formats.json.decoder import JSON
from zmqscope.core.decode.formats.msgpack.decoder import MSGPACK
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.registry import Registry

DECODERS: list[Decoder] = [JSON, MSGPACK, CBOR, BSON]
WORDS = Registry(DECODERS).words()

TEXTS = st.text(max_size=40)
INTS = st.integers(-(2**63), 2**64 - 1)
LEAVES = st.one_of(st.none(), st.booleans(), INTS, st.floats(), TEXTS)
BINARY_LEAVES = st.one_of(LEAVES, st.binary(max_size=300))
MSGPACK_KEYS = st.one_of(TEXTS, INTS, st.booleans(), st.none(), st.binary(max_size=8))


def nested(leaves: Any, keys: Any) -> Any:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=20), st.dictionaries(keys, inner, max_size=20)
        ),
        max_leaves=40,
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values are alike, NaNs and all; True is not 1."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return len(one) == len(other) and all(
            same(a, b) and same(one[a], other[b]) for a, b in zip(one, other, strict=True)
        )
    return type(one) is type(other) and bool(one == other)


def check(node: Node, value: Any, data: bytes, loads: Any) -> None:
    """A field and all below it against what the library made of the whole."""
    assert node.span is not None
    assert same(loads(data[node.span.start : node.span.stop]), value)
    if isinstance(value, dict):
        children = list(children_of(node))
        assert node.kind is NodeKind.OBJECT
        assert len(children) == len(value)
        for child, (key, inner) in zip(children, value.items(), strict=True):
            assert child.key_span is not None
            assert same(loads(data[child.key_span.start : child.key_span.stop]), key)
            check(child, inner, data, loads)
    elif isinstance(value, list):
        children = list(children_of(node))
        assert node.kind is NodeKind.ARRAY
        assert len(children) == len(value)
        for child, inner in zip(children, value, strict=True):
            check(child, inner, data, loads)
    else:
        assert same(node.value, value)


def check_paths(name: str, node: Node) -> None:
    """Each way to a field can be written down and read back."""
    waiting = [(node, FieldPath((name,)))]
    while waiting:
        node, path = waiting.pop()
        assert parse_field_path(str(path), WORDS) == path
        waiting.extend((child, path.child(child.step)) for child in children_of(node) if child.step)


def unpack(data: bytes) -> Any:
    return msgpack.unpackb(data, strict_map_key=False)


@settings(deadline=None)
@given(nested(BINARY_LEAVES, MSGPACK_KEYS), st.booleans())
@example(list(range(300)), False)
@example([[1.5] * 100, ["a"] * 500], False)
@example({str(each): each for each in range(600)}, True)
def test_msgpack_reads_what_its_library_wrote(value: Any, single: bool) -> None:
    try:
        data = msgpack.packb(value, use_single_float=single)
    except OverflowError:
        data = msgpack.packb(value)
    root = tree(MSGPACK, data)
    check(root, unpack(data), data, unpack)
    check_spans(root)
    check_paths("msgpack", root)


@settings(deadline=None)
@given(nested(BINARY_LEAVES, st.one_of(TEXTS, INTS, st.booleans())), st.booleans(), st.booleans())
@example([[1.5] * 100, ["a"] * 500, list(range(20)) * 20], False, False)
@example([[True, None] * 100], False, True)
def test_cbor_reads_what_its_library_wrote(value: Any, canonical: bool, endless: bool) -> None:
    data = cbor2.dumps(value, canonical=canonical, indefinite_containers=endless and not canonical)
    root = tree(CBOR, data)
    check(root, cbor2.loads(data), data, cbor2.loads)
    check_spans(root)
    check_paths("cbor", root)


JSON_VALUES = nested(
    st.one_of(LEAVES.filter(lambda leaf: not isinstance(leaf, float) or math.isfinite(leaf))), TEXTS
)


@settings(deadline=None)
@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 1, "\t"]))
@example({"é\ud800": ["\U0001f600", {"b": "\\"}]}, True, 2)
def test_json_reads_what_its_library_wrote(value: Any, ascii_: bool, indent: Any) -> None:
    text = json.dumps(value, ensure_ascii=ascii_, indent=indent)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = json.dumps(value, indent=indent).encode()
    root = tree(JSON, data)
    check(root, json.loads(data), data, json.loads)
    check_spans(root)
    check_paths("json", root)


BSON_VALUES = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    st.recursive(
        st.one_of(
            *(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats()),
            *(TEXTS, st.binary(max_size=300)),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=20),
            st.dictionaries(st.sampled_from("abcdef"), inner, max_size=6),
        ),
        max_leaves=40,
    ),
    max_size=20,
)


def check_bson(node: Node, value: Any, data: bytes) -> None:
    """The same for BSON, whose values do not stand alone: documents do."""
    assert node.span is not None
    part = data[node.span.start : node.span.stop]
    if isinstance(value, (dict, list)):
        children = list(children_of(node))
        assert same(list(bson.decode(part).values()), list(_values(value)))
        assert len(children) == len(value)
        for child, inner in zip(children, _values(value), strict=True):
            check_bson(child, inner, data)
    else:
        assert same(node.value, int(value) if type(value) is bson.int64.Int64 else value)


def _values(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


@settings(deadline=None)
@given(BSON_VALUES)
def test_bson_reads_what_its_library_wrote(value: dict[str, Any]) -> None:
    data = bson.encode(value)
    root = tree(BSON, data)
    check_bson(root, bson.decode(data), data)
    check_spans(root)
    check_paths("bson", root)


@pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.name)
@settings(deadline=None)
@given(data=st.binary(max_size=200))
@example(data=b"")
@example(data=b"\xd8\x1c\x81\xd8\x1d\x00")
@example(data=b"\x81\xd8\x23\x65(?i)[")
@example(data=b"[1e999999999,-]")
def test_any_bytes_are_read_or_refused_in_words(decoder: Decoder, data: bytes) -> None:
    check_decoder(decoder, data)


def written(writer: str, payload: dict[str, list[Any]]) -> bytes:
    if writer == "msgpack":
        return bytes(msgpack.packb(payload))
    if writer == "cbor":
        return cbor2.dumps(payload)
    if writer == "bson":
        texts = {key: [str(each) for each in items] for key, items in payload.items()}
        return bson.encode(texts)
    return json.dumps(payload, ensure_ascii=False).encode(errors="replace")


@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.name)
@given(
    payload=st.dictionaries(st.text("abcé", max_size=4), st.lists(TEXTS | INTS), max_size=4),
    writer=st.sampled_from(["msgpack", "cbor", "json", "bson"]),
    at=st.integers(0, 200),
    byte=st.integers(0, 255),
    stop=st.integers(0, 300),
)
def test_damaged_messages_are_read_or_refused_in_words(
    decoder: Decoder, payload: Any, writer: str, at: int, byte: int, stop: int
) -> None:
    data = bytearray(written(writer, payload))
    if at < len(data):
        data[at] = byte
    check_decoder(decoder, bytes(data[:stop]))
    check_decoder(decoder, bytes(data))


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: decoder.name)
@given(data=st.binary(min_size=513, max_size=700))
def test_beginnings_are_previewed_or_refused(decoder: Decoder, data: bytes) -> None:
    check_decoder(decoder, data)
    payload = Payload(data[:512], is_cut=True)
    assert 0 <= decoder.sniff(payload) <= 1
