"""The walker of Avro's encoding says what fastavro says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import fastavro
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.schema_rig import child, plain, root, survives, tree, write_schema
from zmqscope.core.decode.formats.avro.decoder import AVRO
from zmqscope.core.decode.payload import DecodeOptions, Payload

TREE: dict[str, Any] = {
    "type": "record",
    "name": "lab.Tree",
    "fields": [
        {"name": "flag", "type": "boolean"},
        {"name": "small", "type": "int"},
        {"name": "large", "type": ["null", "long"]},
        {"name": "real", "type": "float"},
        {"name": "double", "type": "double"},
        {"name": "raw", "type": "bytes"},
        {"name": "text", "type": ["string", "int"]},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
        {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 3}},
        {"name": "numbers", "type": {"type": "array", "items": "long"}},
        {"name": "doubles", "type": {"type": "array", "items": "double"}},
        {"name": "labels", "type": {"type": "map", "values": ["null", "string"]}},
        {"name": "kids", "type": {"type": "array", "items": "Tree"}},
    ],
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
BASE: dict[str, st.SearchStrategy[Any]] = {
    "flag": st.booleans(),
    "small": st.integers(-(1 << 31), (1 << 31) - 1),
    "large": st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
    "real": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "raw": st.binary(max_size=9),
    "text": TEXT | st.integers(0, 100),
    "kind": st.sampled_from(["A", "B"]),
    "hash": st.binary(min_size=3, max_size=3),
    "numbers": st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=4),
    "doubles": st.lists(st.floats(allow_nan=False), max_size=4),
    "labels": st.dictionaries(TEXT, st.none() | TEXT, max_size=3),
}
LEAF = st.fixed_dictionaries({**BASE, "kids": st.just([])})
TREES = st.recursive(
    LEAF, lambda kids: st.fixed_dictionaries({**BASE, "kids": st.lists(kids, max_size=2)})
)


@pytest.fixture(scope="module")
def avsc(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_schema(Path(tmp_path_factory.mktemp("avro")), "tree.avsc", json.dumps(TREE))


# Read without its frame, this one ends where its bytes do; its symbol and its block do not fit.
UNLIKELY = {
    **dict.fromkeys(("small", "real"), 0),
    **dict.fromkeys(("numbers", "doubles", "kids"), ()),
    **{"flag": False, "large": None, "double": 1.0, "raw": b"", "text": "", "kind": "A"},
    **{"hash": b"\x80\x00\x81", "labels": {}},
}


@given(TREES)
@example(UNLIKELY)
def test_values_are_fastavro_s(avsc: str, value: dict[str, Any]) -> None:
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, TREE, value)
    data = stream.getvalue()
    options = DecodeOptions(schema=avsc)
    known = fastavro.schemaless_reader(io.BytesIO(data), TREE, None)
    assert plain(tree(AVRO, data, options)) == known
    framed = AVRO.decode(Payload(b"\0\0\0\0\x07" + data), options)
    assert "both fit" in "".join(framed.notes) or plain(root(framed)) == known
    survives(AVRO, data[: len(data) // 2], options)


@given(st.lists(TREES, max_size=3), st.sampled_from(["null", "deflate", "snappy", "bzip2", "xz"]))
def test_container_files_are_fastavro_s(records: list[dict[str, Any]], codec: str) -> None:
    stream = io.BytesIO()
    fastavro.writer(stream, TREE, records, codec=codec)
    data = stream.getvalue()
    known = list(fastavro.reader(io.BytesIO(data)))
    assert plain(child(tree(AVRO, data), "records")) == known
    survives(AVRO, data[:-5])


@given(st.binary(max_size=60))
def test_random_bytes_are_read_or_refused(avsc: str, data: bytes) -> None:
    for head in (b"", b"Obj\x01", b"\xc3\x01", b"\0\0\0\0\1"):
        survives(AVRO, head + data)
        survives(AVRO, head + data, DecodeOptions(schema=avsc))
