"""Frames found in bulk, by the plain twin."""

from __future__ import annotations

import numpy as np
import pytest

from zmqscope.core.zmtp import scan_layout as at
from zmqscope.core.zmtp.frames import COMMAND, LONG, MORE, encode_frame, encode_header
from zmqscope.core.zmtp.scan import FrameScan, FrameStream, PlainFrameScan

STREAM = (
    encode_frame(MORE, b"topic")
    + encode_frame(0, bytes(300))
    + encode_frame(COMMAND, b"\x04PING\0\0")
    + encode_frame(0, b"")
)
ROWS = [(2, 5, MORE), (16, 300, LONG), (318, 7, COMMAND), (327, 0, 0)]


def scanned(scan: FrameScan, data: bytes) -> list[tuple[int, int, int]]:
    """Rows of one call."""
    rows = scan.columns.first(scan.scan(np.frombuffer(data, np.uint8)))
    return list(zip(rows.offset.tolist(), rows.length.tolist(), rows.flags.tolist(), strict=True))


def test_a_whole_stretch() -> None:
    scan = PlainFrameScan()
    assert scanned(scan, STREAM) == ROWS
    assert scan.state.tolist() == [0, len(STREAM), len(STREAM), at.NOTHING]
    assert scanned(scan, b"") == []
    assert scan.state[at.USED] == 0


def test_bodies_and_headers_that_are_cut() -> None:
    scan = PlainFrameScan()
    assert scanned(scan, STREAM[:4]) == ROWS[:1]
    assert scan.state.tolist() == [3, 4, 4, at.NOTHING]
    # The long header is cut: its bytes have to come again.
    assert scanned(scan, STREAM[4:15]) == []
    assert scan.state.tolist() == [0, 7, 3, at.NOTHING]
    assert scanned(scan, STREAM[7:]) == ROWS[1:]


def test_no_more_rows_than_there_is_room_for() -> None:
    scan = PlainFrameScan(2)
    assert scanned(scan, STREAM) == ROWS[:2]
    assert scan.state[at.USED] == 316
    assert scanned(scan, STREAM[316:]) == ROWS[2:]


@pytest.mark.parametrize(
    ("wrong", "failure", "sentence"),
    [
        (b"\x08", at.RESERVED_FLAGS, "A frame has reserved flags."),
        (b"\x05", at.COMMAND_WITH_MORE, "A command says that more frames follow."),
        (b"\x07", at.COMMAND_WITH_MORE, "A command says that more frames follow."),
        (
            b"\x02\xff" + bytes(7),
            at.TOO_LONG,
            "A frame claims a length of more than 2^63 - 1 bytes.",
        ),
    ],
)
def test_it_stops_at_an_error_and_stays_there(wrong: bytes, failure: int, sentence: str) -> None:
    scan = PlainFrameScan()
    assert scanned(scan, STREAM + wrong + STREAM) == ROWS
    assert scan.state.tolist() == [0, len(STREAM), len(STREAM), failure]
    assert scanned(scan, STREAM) == []
    assert scan.state[at.USED] == 0
    stream = FrameStream(PlainFrameScan())
    for byte in STREAM + wrong:
        list(stream.feed(bytes([byte])))
    assert (stream.failure, stream.position) == (sentence, len(STREAM))
    assert list(stream.feed(STREAM)) == []


def test_the_largest_length_is_only_counted() -> None:
    scan = PlainFrameScan()
    assert scanned(scan, encode_header(0, (1 << 63) - 1) + b"abc") == [(9, (1 << 63) - 1, LONG)]
    assert scan.state[at.SKIP] == (1 << 63) - 4
    assert scanned(scan, bytes(1_000)) == []
    assert scan.state[at.SKIP] == (1 << 63) - 1_004


def test_a_stream_carries_cut_headers_along() -> None:
    stream = FrameStream(PlainFrameScan(3))
    found: list[int] = []
    for byte in STREAM * 3:
        for rows in stream.feed(bytes([byte])):
            found += rows.offset.tolist()
    assert found == [row[0] + turn * len(STREAM) for turn in range(3) for row in ROWS]
    assert stream.failure is None
    assert stream.position == 3 * len(STREAM)
