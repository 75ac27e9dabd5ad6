"""Pickles: taken apart, never loaded."""

from __future__ import annotations

import collections
import io
import pickle
import struct
import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.decoder_checks import check_decoded
from tests.schema_rig import child, plain, root, survives, tree, walk
from zmqscope.core.decode.decoded import Decoded, DecodeError, Listing, ListingLine
from zmqscope.core.decode.field_path import FieldPath, Key, Name, SourceWords, parse_field_path
from zmqscope.core.decode.formats.pickle.decoder import PICKLE, WARNING
from zmqscope.core.decode.formats.pickle.machine import MAX_OPS
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
CHECKOUT = Path(__file__).parents[5]

EVENT = {
    "descriptor": "6d1c6b1e-0a4c-4c5c-9f5e-1f6a1b1c2d3e",
    "time": 1_700_000_000.25,
    "data": {"det": 5.5, "motor": -1, "ok": True},
    "timestamps": {"det": 1_700_000_000.1},
    "seq_num": 1,
    "uid": "f00",
    "filled": {},
}
"""A document as Bluesky publishes it."""


def _decoded(data: bytes) -> Decoded:
    return PICKLE.decode(Payload(data), NO_OPTIONS)


def _lines(data: bytes) -> list[ListingLine]:
    return next(list(b.lines()) for b in _decoded(data).bodies if isinstance(b, Listing))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_documents_read_nicely(protocol: int) -> None:
    data = pickle.dumps(EVENT, protocol)
    decoded = _decoded(data)
    assert plain(root(decoded)) == EVENT
    assert decoded.type == f"protocol {protocol} dict(7)"
    assert decoded.notes == (WARNING,)
    text = PICKLE.preview(Payload(data[:400], is_cut=len(data) > 400), NO_OPTIONS)
    assert text.startswith(f"pickle {protocol} dict")
    assert "time=1700000000.25 data={det=5.5, motor=-1, ok=true}" in text


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_leaves_stand_where_their_opcodes_do(protocol: int) -> None:
    data = pickle.dumps({"a": 1.5, "b": b"xyz"}, protocol)
    node = tree(PICKLE, data)
    walk(node, len(data))
    leaf = child(node, "a")
    part = data[leaf.span.start : leaf.span.stop] if leaf.span else b""
    assert b"1.5" in part or part[1:] == struct.pack(">d", 1.5)
    key = data[leaf.key_span.start : leaf.key_span.stop] if leaf.key_span else b""
    assert b"a" in key


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("dtype", ["<f8", ">f4", "<i2", "u1", "?", "<i8"])
def test_arrays_are_read_from_their_bytes(protocol: int, dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    data = pickle.dumps({"image": array}, protocol)
    node = child(tree(PICKLE, data), "image")
    assert node.type == f"ndarray {array.dtype.name} (2, 3)"
    assert plain(node) == array.tolist()
    if protocol >= 3:
        assert node.span is not None
        assert data[node.span.start : node.span.stop] == array.tobytes()
        walk(node, len(data))


def test_arrays_out_of_band_are_elsewhere() -> None:
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(np.arange(4.0), 5, buffer_callback=buffers.append)
    decoded = _decoded(data)
    assert "1 of its buffers are sent beside it, in other frames." in decoded.notes
    assert "out-of-band buffer 0" in root(decoded).text


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 6), NodeKind.TIME, "2026-01-02T03:04:05.000006"),
        (datetime(2026, 1, 2, tzinfo=UTC), NodeKind.TIME, "2026-01-02T00:00:00+00:00"),
        (date(2026, 1, 2), NodeKind.TIME, "2026-01-02"),
        (np.float64(1.5), NodeKind.NUMBER, "1.5"),
        (np.int32(-7), NodeKind.NUMBER, "-7"),
    ],
)
def test_everyday_objects_are_readable(
    protocol: int, value: object, kind: NodeKind, shown: str
) -> None:
    node = tree(PICKLE, pickle.dumps(value, protocol))
    assert (node.kind, node.text) == (kind, shown)


def test_objects_show_what_would_be_called() -> None:
    node = tree(PICKLE, pickle.dumps(collections.OrderedDict(a=1)))
    assert node.text == "collections.OrderedDict(a=1)"
    node = tree(PICKLE, pickle.dumps(uuid.UUID(int=5)))
    assert (node.type, node.text) == ("object", "uuid.UUID(int=5)")
    assert child(node, "int").value == 5


def test_keys_that_are_no_text() -> None:
    node = tree(PICKLE, pickle.dumps({1: "a", (2, 3): "b", None: "c"}))
    assert [c.step for c in children_of(node)] == [Key("1"), Key("(2, 3)"), Key("None")]


def test_sets_and_persistent_ids() -> None:
    assert plain(tree(PICKLE, pickle.dumps({1}))) == [1]
    assert plain(tree(PICKLE, pickle.dumps(frozenset((1,))))) == [1]

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: object) -> str | None:
            return "id-7" if obj == "far" else None

    for protocol in (0, 4):
        stream = io.BytesIO()
        Pickler(stream, protocol).dump(["far", 1])
        node = tree(PICKLE, stream.getvalue())
        assert child(node, 0).text == "persistent id 'id-7'"
        assert child(node, 1).value == 1


def test_what_holds_itself_ends_where_it_comes_again() -> None:
    loop: list[object] = [1]
    loop.append({"again": loop})
    data = pickle.dumps(loop)
    node = child(tree(PICKLE, data), 1, "again")
    assert (node.text, node.children) == ("the list that this is in", None)
    assert len(walk(tree(PICKLE, data), len(data))) == 4


def test_a_billion_lists_cost_nothing() -> None:
    value: list[object] = ["lol"]
    for _ in range(100):
        value = [value] * 10
    data = pickle.dumps(value)
    start = time.thread_time()
    decoded = _decoded(data)
    assert time.thread_time() - start < 3.0
    assert root(decoded).count == 10
    survives(PICKLE, data)


# ---- nothing is executed -------------------------------------------------------------------------

DANGEROUS = textwrap.dedent(
    """
    import os, pickle, socket, subprocess, sys
    class Call:
        def __init__(self, function, *arguments):
            self.what = function, arguments
        def __reduce__(self):
            return self.what
    mark = sys.argv[1]
    calls = [
        Call(os.system, f"touch {mark}"), Call(open, mark, "w"), Call(os.mkdir, mark),
        Call(eval, "1 + 1"), Call(exec, "import this"), Call(subprocess.Popen, ["touch", mark]),
        Call(socket.create_connection, ("127.0.0.1", 9)), Call(__import__, "antigravity"),
        {"data": [Call(os.system, f"touch {mark}")]},
    ]
    pickles = [pickle.dumps(call, p) for call in calls for p in range(6)]
    pickles += [b"cos\\nsystem\\n(S'touch x'\\ntR.", b"(S'touch x'\\nios\\nsystem\\n.",
                b"(cos\\nsystem\\nS'touch x'\\no.", b"\\x80\\x02c__main__\\nX\\n)\\x81}b."]

    from zmqscope.core.decode.formats.pickle.decoder import PICKLE
    from zmqscope.core.decode.payload import NO_OPTIONS, Payload
    def look(node, left=4):
        if node.children is not None and left:
            for inner in node.children():
                look(inner, left - 1)
    def read(data):
        payload = Payload(data)
        PICKLE.sniff(payload)
        PICKLE.preview(payload, NO_OPTIONS)
        decoded = PICKLE.decode(payload, NO_OPTIONS)
        look(decoded.bodies[0].root)
        list(decoded.bodies[1].lines())
        return decoded
    # What the decoder itself imports is there now: its modules, Python's codecs.
    for p in range(6):
        read(pickle.dumps([1, b"x", "h\xe9", {"a": 1.5}], p))
    seen = []
    on = True
    sys.addaudithook(lambda event, arguments: seen.append((event, arguments[:1])) if on else None)
    notes = [read(data).notes for data in pickles]
    on = False
    harmless = {"object.__getattr__", "code.__new__"}
    named = all("would import" in "".join(each) for each in notes)
    print([each for each in seen if each[0] not in harmless], named)
    print(os.path.exists(mark), "antigravity" in sys.modules, "this" in sys.modules)
    """
)


def test_nothing_is_executed(tmp_path: Path) -> None:
    """An audit hook in a process of its own sees every import, file, socket, call of eval."""
    done = subprocess.run(
        [sys.executable, "-c", DANGEROUS, str(tmp_path / "mark")],
        env={"PYTHONPATH": str(CHECKOUT / "app"), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["[] True", "False False False"]


def test_remarks_and_notes_name_what_would_be_imported() -> None:
    data = b"cos\nsystem\n(S'rm -rf /'\ntR."
    decoded = _decoded(data)
    assert decoded.notes == (
        WARNING,
        "Loading it would import os.system. Plain data never needs os.system: do not load it.",
    )
    lines = _lines(data)
    assert lines[0].note == "Would import os.system, which may do anything"
    assert [line.text for line in lines] == [
        *("GLOBAL 'os system'", "MARK", "STRING b'rm -rf /'", "TUPLE", "REDUCE", "STOP")
    ]
    assert lines[4].note == "Would call os.system('rm -rf /')"
    assert b"".join(data[line.span.start : line.span.stop] for line in lines) == data
    assert root(decoded).text == "os.system('rm -rf /')"


# ---- hostile -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x80\x04N", "The pickle has no end"),
        (b"\x80\x04]\x94e.", "There is no mark"),
        (b"\x80\x04Na.", "The stack is empty"),
        (b"\x80\x04Nh\x07.", "Nothing is remembered as 7"),
        (b"\x80\x04X\xff\xff\xff\x7fab", "is to have 2,147,483,647 bytes"),
        (b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xffab", "18,446,744,073,709,551,615 bytes"),
        (b"\x80\x04N\xfe.", "0xfe is no opcode"),
        (b"\x80\x04NNa.", "cannot put anything into NoneType"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, words: str) -> None:
    decoded = _decoded(data)
    children = list(children_of(root(decoded)))
    text = children[-1].text if children else root(decoded).note
    assert words in text
    survives(PICKLE, data)


def test_what_is_no_pickle_is_refused() -> None:
    for data in (b"\xff\xfe", b"hello", b"X\xff\xff\xff\x7f"):
        with pytest.raises(DecodeError):
            _decoded(data)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: b"\x80\x04" + b"]" * 1_000_000 + b".", id="a million lists"),
        pytest.param(lambda: b"\x80\x04" + b"(" * 1_000_000 + b".", id="a million marks"),
        pytest.param(lambda: b"\x80\x04]" + b"]a" * 500_000 + b".", id="appended"),
        pytest.param(lambda: b"\x80\x04N" + b"\x85" * 100_000 + b".", id="100,000 deep"),
        pytest.param(lambda: b"]" * 100_000 + b"a" * 99_999 + b".", id="lists 100,000 deep"),
        pytest.param(lambda: b"\x80\x04N" + b"2\x86" * 100_000 + b".", id="doubled"),
        pytest.param(lambda: b"\x80\x04(" + b"\x8c\x01ac" * 10 + b"a\nb\n" * 99, id="noise"),
        pytest.param(lambda: b"L" + b"9" * 900_000 + b"L\n.", id="an integer of 900,000 digits"),
        pytest.param(lambda: b"\x80\x04\x8b\0\0\x10\0" + b"\x7f" * 0x100000 + b".", id="long4"),
        pytest.param(lambda: b"\x80\x04B\0\xc2\xeb\x0b" + bytes(200_000_000) + b".", id="200 MB"),
        pytest.param(lambda: b"S'" + b"\\q" * 100_000 + b"'\n.", id="escapes"),
        pytest.param(lambda: b"(" + b"cos\nsystem\n(tR" * 50_000 + b"l.", id="calls"),
    ],
)
def test_hostile_pickles_are_bounded(make: Callable[[], bytes]) -> None:
    survives(PICKLE, make())


def test_long_pickles_are_listed_to_the_end() -> None:
    data = pickle.dumps(list(range(100_000)))
    decoded = _decoded(data)
    last = list(children_of(root(decoded)))[-1]
    assert last.text == f"Only the first {MAX_OPS:,} opcodes are read here; see its listing"
    lines = _lines(data)
    assert lines[-1].text == "STOP"
    assert lines[-1].span.stop == len(data)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_head_is_read(protocol: int) -> None:
    data = pickle.dumps({**EVENT, "array": np.arange(3.0)}, protocol)
    for size in range(1, len(data)):
        survives(PICKLE, data[:size])


@pytest.mark.parametrize(
    "data",
    [
        *(
            b"(hello)",
            b"}",
            b"call me\nlater\n.",
            b"c.",
            b"]]]]",
            b"\x80",
            b"\x80\x04",
            b"(1.5, 2)",
        ),
        *(b"config\nvalue\nother.", b"\x80\x05hello world.", b"\x80\x03\x00\x00\x00."),
    ],
)
def test_near_misses_are_not_shown(data: bytes) -> None:
    value: Any = PICKLE.sniff(Payload(data)) if data[0] in PICKLE.first_bytes else 0
    assert value < 0.5


def test_what_is_left_below_the_result_is_no_part_of_it() -> None:
    data = b"\x80\x02}K\x01."
    decoded = PICKLE.decode(Payload(data), NO_OPTIONS)
    assert root(decoded).text == "1"
    assert "What it leaves below its result is not shown; see its listing." in decoded.notes
    assert PICKLE.preview(Payload(data), NO_OPTIONS) == "pickle 2 int 1"


def test_arguments_of_a_call_that_is_cut_are_no_keys() -> None:
    data = pickle.dumps({"x": Decimal("1.5"), "y": 2}, 2)
    head = data[: data.index(b"1.5") + 3]
    line = PICKLE.preview(Payload(head, is_cut=True), NO_OPTIONS)
    assert line == "pickle 2 dict x=… …"


def test_the_protocol_of_a_pickle_that_does_not_say_it() -> None:
    assert PICKLE.preview(Payload(pickle.dumps({"a": 1}, 0)), NO_OPTIONS).startswith("pickle 0 ")
    assert PICKLE.preview(Payload(pickle.dumps({"a": 1}, 1)), NO_OPTIONS).startswith("pickle 1 ")


def test_what_a_call_gives_is_called_a_hundred_thousand_times() -> None:
    data = b"\x80\x02cos\nsystem\n" + b")R" * 100_000 + b"."
    decoded = PICKLE.decode(Payload(data), NO_OPTIONS)
    check_decoded("pickle", decoded, len(data))
    assert "…" in PICKLE.preview(Payload(data), NO_OPTIONS)


def test_halves_of_surrogate_pairs_are_keys_that_a_path_can_write_down() -> None:
    # JSON, in which paths write keys, would put the two together.
    halves = "\ud83d\ude00"
    node = tree(PICKLE, pickle.dumps({halves: 1, "\U0001f600": 2}))
    steps = [each.step for each in children_of(node)]
    assert steps == [Key(r"'\ud83d\ude00'"), Name("\U0001f600")]
    words = SourceWords(frozenset(("pickle",)), frozenset())
    for step in steps:
        assert step is not None
        path = FieldPath(("pickle",), (step,))
        assert parse_field_path(str(path), words) == path
