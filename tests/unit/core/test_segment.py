"""Segments, and the pool that recycles their memory without touching what a reader holds."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from tests.batches import Frames, batch_of
from zmqscope.core.capture.segment import (
    FRAME_BYTES,
    ROW_BYTES,
    Batch,
    Segment,
    SegmentBuffers,
    SegmentPool,
)
from zmqscope.core.types import Direction

MESSAGES: list[Frames] = [(b"topic", b"body"), (b"",), (b"x" * 10, b"", b"y")]


def write(segment: Segment, batch: Batch, start: int = 0, count: int | None = None) -> None:
    frame_ends = batch.frame_ends()
    wanted = len(batch) - start if count is None else count
    topics = np.arange(len(batch), dtype=np.int32)
    segment.write(batch, topics, frame_ends, batch.byte_ends(frame_ends), start, wanted)


def fit(segment: Segment, batch: Batch, start: int = 0) -> int:
    frame_ends = batch.frame_ends()
    return segment.fit(frame_ends, batch.byte_ends(frame_ends), start)


def frames_of(segment: Segment) -> list[Frames]:
    return [
        tuple(segment.buffers.arena[low:high].tobytes() for low, high in segment.frame_bounds(row))
        for row in range(segment.rows)
    ]


def segment_of(arena_bytes: int = 100, rows: int = 10, frames: int = 20) -> Segment:
    return Segment(0, SegmentBuffers(arena_bytes, rows, frames))


def test_batch_ends() -> None:
    batch = batch_of(MESSAGES)
    frame_ends = batch.frame_ends()
    assert frame_ends.tolist() == [2, 3, 6]
    assert batch.byte_ends(frame_ends).tolist() == [9, 9, 20]
    assert len(batch) == 3


def test_what_was_written_is_read() -> None:
    segment = Segment(40, SegmentBuffers(100, 10, 20))
    write(segment, batch_of(MESSAGES, socket_id=7, direction=Direction.SENT, times_ns=[3, 5, 8]))
    assert frames_of(segment) == MESSAGES
    assert segment.end_row == 43
    b = segment.buffers
    assert b.time_ns[:3].tolist() == [3, 5, 8]
    assert b.socket[:3].tolist() == [7, 7, 7]
    assert b.direction[:3].tolist() == [Direction.SENT] * 3


def test_a_batch_written_in_pieces_is_the_same() -> None:
    segment = segment_of()
    batch = batch_of(MESSAGES)
    for start in range(len(batch)):
        write(segment, batch, start, 1)
    assert frames_of(segment) == MESSAGES


def test_a_later_batch_follows_the_first() -> None:
    segment = segment_of()
    write(segment, batch_of(MESSAGES))
    write(segment, batch_of([(b"last",)]))
    assert frames_of(segment) == [*MESSAGES, (b"last",)]


@pytest.mark.parametrize(
    ("segment", "fitting"),
    [
        (segment_of(), 3),
        (segment_of(arena_bytes=20, rows=3, frames=6), 3),
        (segment_of(arena_bytes=19), 2),
        (segment_of(arena_bytes=8), 0),
        (segment_of(arena_bytes=9), 2),
        (segment_of(rows=2), 2),
        (segment_of(frames=5), 2),
        (segment_of(frames=2), 1),
        (segment_of(frames=1), 0),
    ],
)
def test_how_many_messages_fit(segment: Segment, fitting: int) -> None:
    assert fit(segment, batch_of(MESSAGES)) == fitting


def test_how_many_fit_into_what_is_left() -> None:
    segment = segment_of(arena_bytes=30)
    write(segment, batch_of(MESSAGES))
    assert fit(segment, batch_of([(b"x" * 10,)])) == 1
    assert fit(segment, batch_of([(b"x" * 11,)])) == 0
    assert fit(segment, batch_of([(b"x" * 50,), (b"y" * 10,), (b"z",)]), start=1) == 1


def test_empty_messages_fit_into_a_full_arena() -> None:
    segment = segment_of(arena_bytes=20)
    write(segment, batch_of(MESSAGES))
    assert fit(segment, batch_of([(b"",), (b"", b"")])) == 2


def test_memory_is_what_is_used() -> None:
    segment = segment_of()
    assert segment.memory_bytes == 0
    write(segment, batch_of(MESSAGES))
    assert segment.memory_bytes == 20 + 3 * ROW_BYTES + 6 * FRAME_BYTES


def test_memory_of_recycled_buffers_is_what_each_column_ever_touched() -> None:
    pool = SegmentPool(arena_bytes=1_000, rows=100, frames=200)
    segment = pool.take(0)
    write(segment, batch_of([(b"x" * 900,)]))
    del segment
    recycled = pool.take(1)
    write(recycled, batch_of([(b"",)] * 50))
    assert recycled.memory_bytes == 900 + 50 * ROW_BYTES + 50 * FRAME_BYTES


def test_the_pool_recycles_when_the_last_holder_lets_go() -> None:
    pool = SegmentPool(arena_bytes=100, rows=10, frames=20, keep=2)
    segment = pool.take(0)
    buffers = segment.buffers
    holder = segment
    del segment
    assert pool.take(0).buffers is not buffers
    write(holder, batch_of(MESSAGES))
    del holder
    recycled = pool.take(5)
    assert recycled.buffers is buffers
    assert (recycled.rows, recycled.frames, recycled.bytes_used) == (0, 0, 0)
    write(recycled, batch_of([(b"new",)]))
    assert frames_of(recycled) == [(b"new",)]


def test_the_pool_keeps_only_a_few() -> None:
    pool = SegmentPool(arena_bytes=100, rows=10, frames=20, keep=2)
    segments = [pool.take(0) for _ in range(5)]
    arenas = [weakref.ref(segment.buffers.arena) for segment in segments]
    segments.clear()
    assert sum(arena() is not None for arena in arenas) == 2
    pool.drop_free()
    assert sum(arena() is not None for arena in arenas) == 0


def test_a_retired_pool_keeps_nothing() -> None:
    pool = SegmentPool(arena_bytes=100, rows=10, frames=20)
    held, gone = pool.take(0), pool.take(0)
    arenas = [weakref.ref(held.buffers.arena), weakref.ref(gone.buffers.arena)]
    del gone
    pool.retire()
    assert arenas[1]() is None
    del held
    assert arenas[0]() is None


def test_a_sized_segment_holds_its_one_message_and_is_not_recycled() -> None:
    pool = SegmentPool(arena_bytes=100, rows=10, frames=20)
    segment = pool.take_sized(3, arena_bytes=500, frames=1)
    batch = batch_of([(b"z" * 500,)])
    assert fit(segment, batch) == 1
    write(segment, batch)
    assert frames_of(segment) == [(b"z" * 500,)]
    assert fit(segment, batch_of([(b"",)])) == 0
    arena = weakref.ref(segment.buffers.arena)
    del segment
    assert arena() is None


def test_finalizers_leave_nothing_behind() -> None:
    gc.collect()
    registry: dict[object, object] = vars(weakref.finalize)["_registry"]
    before = len(registry)
    pool = SegmentPool(arena_bytes=100, rows=10, frames=20)
    for base_row in range(50):
        write(pool.take(base_row), batch_of(MESSAGES))
    assert len(registry) == before
    gone = weakref.ref(pool)
    held = pool.take(0)
    del pool
    assert gone() is not None
    del held
    assert gone() is None
    assert len(registry) == before


def test_a_buffer_given_as_memoryview_is_copied() -> None:
    payload = bytearray(b"abc")
    batch = Batch(
        socket_id=1,
        direction=0,
        times_ns=np.zeros(1, np.int64),
        frame_counts=np.ones(1, np.uint32),
        frame_lengths=np.full(1, 3, np.uint32),
        payload=memoryview(payload),
    )
    segment = segment_of()
    write(segment, batch)
    payload[:] = b"xyz"
    assert frames_of(segment) == [(b"abc",)]
