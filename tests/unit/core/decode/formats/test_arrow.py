"""Arrow's streams and files, with pyarrow on the other side."""

from __future__ import annotations

import importlib
import io
import random
import struct
import sys
from datetime import date
from typing import Any

import pytest

from tests.schema_rig import child, plain, root, survives, tree, walk
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.formats.arrow.decoder import ARROW
from zmqscope.core.decode.formats.arrow.messages import BATCH, messages
from zmqscope.core.decode.lookup import children_of, step_label
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

# The stubs know only what the app uses.
pa: Any = importlib.import_module("pyarrow")
ipc: Any = importlib.import_module("pyarrow.ipc")


def _table() -> Any:
    return pa.table(
        {
            "id": pa.array([1, 2, None], pa.int32()),
            "name": ["a", "b", "c"],
            "real": pa.array([0.1, 0.2, 0.3], pa.float32()),
            "at": pa.array([1, 2, 1_500_000_000], pa.timestamp("ns", "Europe/Berlin")),
            "list": [[1, 2], [], None],
            "point": [{"x": 1, "y": "u"}, {"x": 2, "y": "v"}, None],
            "word": pa.array(["u", "v", "u"]).dictionary_encode(),
            "day": [date(2026, 1, 2)] * 3,
            "raw": pa.array([b"x", b"y", b"z"]),
            "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
            "flag": [True, False, None],
        }
    )


def _bytes(table: Any, kind: str = "stream", compression: str | None = None) -> bytes:
    stream = io.BytesIO()
    options = ipc.IpcWriteOptions(compression=compression)
    make = ipc.new_stream if kind == "stream" else ipc.new_file
    with make(stream, table.schema, options=options) as writer:
        writer.write_table(table)
        writer.write_table(table)
    return stream.getvalue()


def _batch(node: Node, index: int) -> dict[str, Any]:
    found: dict[str, Any] = plain(child(node, "batches", index))
    return found


@pytest.mark.parametrize("kind", ["stream", "file"])
@pytest.mark.parametrize("compression", [None, "zstd", "lz4"])
def test_values_are_those_that_were_written(kind: str, compression: str | None) -> None:
    data = _bytes(_table(), kind, compression)
    decoded = ARROW.decode(Payload(data), NO_OPTIONS)
    node = root(decoded)
    walk(node, len(data))
    assert decoded.type == f"{kind} of 11 fields"
    for index in (0, 1):
        batch = _batch(node, index)
        assert batch["id"] == [1, 2, None]
        assert batch["name"] == ["a", "b", "c"]
        assert batch["real"] == pytest.approx([0.1, 0.2, 0.3])
        assert batch["list"] == [[1, 2], [], None]
        assert batch["point"] == [{"x": 1, "y": "u"}, {"x": 2, "y": "v"}, None]
        assert batch["word"] == ["u", "v", "u"]
        assert batch["day"] == [date(2026, 1, 2)] * 3
        assert batch["raw"] == [b"x", b"y", b"z"]
        assert batch["map"] == [[{"key": "k", "value": 1}], [], None]
        assert batch["flag"] == [True, False, None]
    at = child(node, "batches", 0, "at", 2)
    assert (at.kind, at.text) == (NodeKind.TIME, "1970-01-01T00:00:01.5Z")
    assert child(node, "batches", 0, "id").note == "1 of its values are null"
    assert len(list(children_of(child(node, "batches")))) == 2


def test_the_schema_is_read_without_pyarrow() -> None:
    node = tree(ARROW, _bytes(_table()))
    fields = {step_label(each.step): each.text for each in children_of(child(node, "schema"))}
    assert fields["id"] == "int32"
    assert fields["at"] == "timestamp[ns, Europe/Berlin]"
    assert fields["list"] == "list<item: int64>"
    assert fields["point"] == "struct<x: int64, y: string>"
    assert fields["word"] == "dictionary<string>"


def test_is_recognised_and_previewed_by_its_head() -> None:
    data = _bytes(pa.table({"t": [1.5], "name": ["x"]}))
    assert ARROW.sniff(Payload(data)) >= 0.95
    head = Payload(data[:512], is_cut=True, size=len(data))
    assert ARROW.sniff(head) >= 0.95
    assert ARROW.preview(head, NO_OPTIONS) == "arrow stream fields(2) t=float64 name=string"
    assert ARROW.sniff(Payload(_bytes(_table(), "file"))) == 0.99
    assert ARROW.sniff(Payload(b"\xff" * 64)) == 0
    assert ARROW.sniff(Payload(b"\xff\xff\xff\xff\x10\0\0\0" + bytes(64))) == 0


def test_a_batch_alone_says_that_its_schema_is_missing() -> None:
    data = _bytes(_table())
    batch = next(each for each in messages(data) if each.kind == BATCH)
    with pytest.raises(DecodeError, match="its schema came in an earlier one"):
        ARROW.decode(Payload(data[batch.start :]), NO_OPTIONS)


def test_parquet_is_only_named() -> None:
    decoded = ARROW.decode(Payload(b"PAR1" + bytes(20) + b"PAR1"), NO_OPTIONS)
    assert decoded.type == "Parquet file"
    assert "not read here" in decoded.notes[0]


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _bytes(pa.table({"t": [1.5]}))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DecodeError, match=r"Install pyarrow.*t: float64"):
        ARROW.decode(Payload(data), NO_OPTIONS)


def test_a_compressed_column_that_claims_gigabytes_is_refused() -> None:
    data = bytearray(_bytes(pa.table({"t": [1.5] * 1_000}), compression="zstd"))
    batch = next(each for each in messages(bytes(data)) if each.kind == BATCH)
    at = data.index(struct.pack("<q", 8_000), batch.body)
    data[at : at + 8] = struct.pack("<q", 1 << 40)
    (sentence,) = children_of(child(tree(ARROW, bytes(data)), "batches"))
    assert "unpacks to more than 64,000,000 bytes" in sentence.text


def test_offsets_that_lead_outside_are_refused() -> None:
    data = bytearray(_bytes(pa.table({"s": ["abc", "def"]})))
    batch = next(each for each in messages(bytes(data)) if each.kind == BATCH)
    at = data.index(struct.pack("<3i", 0, 3, 6), batch.body)
    data[at : at + 12] = struct.pack("<3i", 0, 3, 1 << 30)
    (sentence,) = children_of(child(tree(ARROW, bytes(data)), "batches"))
    assert "pyarrow refuses a batch" in sentence.text


def test_types_that_would_load_a_pickle_are_refused() -> None:
    field = pa.field(
        "x",
        pa.int64(),
        metadata={
            "ARROW:extension:name": "arrow.py_extension_type",
            "ARROW:extension:metadata": b"cos\nsystem\n(S'touch x'\ntR.",
        },
    )
    data = _bytes(pa.table([pa.array([1])], schema=pa.schema([field])))
    (sentence,) = children_of(child(tree(ARROW, data), "batches"))
    assert "would load a pickle" in sentence.text


@pytest.mark.parametrize("kind", ["stream", "file"])
def test_every_head_is_read(kind: str) -> None:
    data = _bytes(pa.table({"t": [1.5, None], "s": ["a", "b"]}), kind)
    for size in range(1, len(data), 5):
        survives(ARROW, data[:size])


def test_damaged_bytes_never_harm_the_process() -> None:
    """A short run; ten minutes of the same found names that are no UTF-8 and broken decimals."""
    source = random.Random(6)
    whole = [_bytes(_table(), "stream", c) for c in (None, "zstd", "lz4")]
    values = [(1 << k).to_bytes(8, "little") for k in range(63)] + [b"\xff" * 8, b"\xff" * 4]
    for _ in range(150):
        data = bytearray(source.choice(whole))
        for _ in range(source.choice((1, 2, 8))):
            at = source.randrange(len(data))
            part = source.choice((source.randbytes(1), source.choice(values)))
            data[at : at + len(part)] = part
        survives(ARROW, bytes(data))


def test_a_duration_has_all_its_nanoseconds() -> None:
    column = pa.array([1_234_567_890_123_456_789, -1], pa.duration("ns"))
    root_ = tree(ARROW, _bytes(pa.table({"d": column})))
    values = list(children_of(child(root_, "batches", 0, "d")))
    assert [each.text for each in values] == ["1234567890.123456789 s", "-0.000000001 s"]


def test_a_schema_says_where_it_leaves_fields_out() -> None:
    inner = pa.struct([(f"f{at}", pa.int32()) for at in range(12)])
    root_ = tree(ARROW, _bytes(pa.table({"s": pa.array([], inner)})))
    assert child(child(root_, "schema"), "s").text.endswith("f7: int32, …>")


def test_a_time_of_day_has_its_nanoseconds() -> None:
    column = pa.array([3_723_000_000_001, 0], pa.time64("ns"))
    values = children_of(child(tree(ARROW, _bytes(pa.table({"t": column}))), "batches", 0, "t"))
    assert [each.text for each in values] == ["01:02:03.000000001", "00:00:00"]


def _texts(column: Any) -> list[tuple[str, str]]:
    batch = pa.RecordBatch.from_arrays([column], ["x"])
    stream = io.BytesIO()
    with ipc.new_stream(stream, batch.schema) as writer:
        writer.write_batch(batch)
    values = children_of(child(tree(ARROW, stream.getvalue()), "batches", 0, "x"))
    return [(each.kind.value, each.text) for each in values]


def test_what_unions_and_runs_hold_is_read_as_what_it_is() -> None:
    times = pa.array([1_700_000_000_000_000_001], pa.timestamp("ns"))
    kinds, places = pa.array([0, 1, 0], pa.int8()), pa.array([0, 0, 1], pa.int32())
    time_ = ("time", "2023-11-14T22:13:20.000000001")
    dense = pa.UnionArray.from_dense(kinds, places, [pa.array([1, None]), times])
    assert _texts(dense) == [("number", "1"), time_, ("null", "null")]
    lists = pa.UnionArray.from_sparse(kinds, [pa.array([1, 2, 3]), pa.array([[4], [5], []])])
    assert _texts(lists) == [("number", "1"), ("array", ""), ("number", "3")]
    runs = pa.RunEndEncodedArray.from_arrays(
        [2, 3], pa.chunked_array([times, [None]]).combine_chunks()
    )
    assert _texts(runs) == [time_, time_, ("null", "null")]


def test_times_of_day_and_dates_of_all_widths() -> None:
    assert _texts(pa.array([3_723_001], pa.time32("ms"))) == [("time", "01:02:03.001")]
    days = pa.array([0, -719_162, -(2**31)], pa.int32()).view(pa.date32())
    beyond = ("number", "-2,147,483,648 days since 1970")
    assert _texts(days) == [("time", "1970-01-01"), ("time", "0001-01-01"), beyond]
    assert _texts(pa.array([date(1969, 12, 31)], pa.date64())) == [("time", "1969-12-31")]
