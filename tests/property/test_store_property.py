"""The capture store against a list of messages: appends, evictions, clears, budgets, readers."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from numpy.typing import NDArray

from tests.batches import Frames, batch_of
from zmqscope.core.capture.counters import Totals
from zmqscope.core.capture.segment import FRAME_BYTES
from zmqscope.core.capture.store import CaptureStore, ColumnSlice
from zmqscope.core.types import Direction, Message, RowId, SocketId

KIB = 1024
SMALLEST_ARENA = 64 * KIB
LARGEST_ORDINARY_SEGMENT = 2 * 1_500_000 // 16
"""Bytes of arena and columns at the largest of these budgets, rounded up."""
BUDGETS = st.sampled_from([10_000, 100_000, 300_000, 1_500_000])
SMALL_SIZES = st.lists(st.integers(0, 300), min_size=1, max_size=5)
# One frame short of an arena, an arena, and several; many empty frames as well.
LARGE_SIZES = st.one_of(
    st.integers(SMALLEST_ARENA - 2, SMALLEST_ARENA + 2).map(lambda size: [size]),
    st.integers(SMALLEST_ARENA + 1, 5 * SMALLEST_ARENA).map(lambda size: [3, size, 0]),
    st.integers(2_040, 2_060).map(lambda count: [0] * count),
    st.just([1] * 6_000),
)
SOCKETS = st.integers(1, 3)
DIRECTIONS = st.sampled_from(Direction)


@dataclass(frozen=True)
class Held:
    """What a reader saw in a segment when it took hold of it."""

    part: ColumnSlice
    time_ns: NDArray[np.int64]
    size: NDArray[np.int64]
    socket: NDArray[np.int32]
    payload: NDArray[np.uint8]
    messages: tuple[Frames, ...]


def frames_in(part: ColumnSlice) -> tuple[Frames, ...]:
    offset = part.first_row - part.segment.base_row
    arena = part.segment.buffers.arena
    return tuple(
        tuple(arena[low:high].tobytes() for low, high in part.segment.frame_bounds(offset + row))
        for row in range(len(part.time_ns))
    )


def hold(part: ColumnSlice) -> Held:
    used = part.segment.bytes_used
    return Held(
        part,
        part.time_ns.copy(),
        part.size.copy(),
        part.socket.copy(),
        part.segment.buffers.arena[:used].copy(),
        frames_in(part),
    )


class StoreMachine(RuleBasedStateMachine):
    """The model is a list: every message that was stored, in order, for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.random = random.Random(5)
        self.stored: list[Message] = []
        self.totals: dict[tuple[int, Direction], Totals] = {}
        self.refused = 0
        self.cleared = 0
        self.first_row = 0
        self.time_ns = 1_700_000_000_000_000_000
        self.held: list[Held] = []

    @initialize(budget=BUDGETS)
    def make(self, budget: int) -> None:
        self.budget = budget
        self.store = CaptureStore(budget)

    # ---- writing --------------------------------------------------------------------------------

    @rule(sizes=st.lists(SMALL_SIZES, min_size=1, max_size=40), socket=SOCKETS, way=DIRECTIONS)
    def append_small(self, sizes: list[list[int]], socket: int, way: Direction) -> None:
        assert self.append(sizes, socket, way) == 0

    @rule(count=st.integers(1, 3_000), size=st.integers(0, 40), socket=SOCKETS, way=DIRECTIONS)
    def append_many(self, count: int, size: int, socket: int, way: Direction) -> None:
        assert self.append([[size]] * count, socket, way) == 0

    @rule(sizes=LARGE_SIZES, socket=SOCKETS, way=DIRECTIONS)
    def append_large(self, sizes: list[int], socket: int, way: Direction) -> None:
        refused = self.append([sizes], socket, way)
        if refused:
            assert sum(sizes) + len(sizes) * FRAME_BYTES > self.budget

    @rule(sizes=LARGE_SIZES, socket=SOCKETS)
    def append_large_between_small(self, sizes: list[int], socket: int) -> None:
        if sum(sizes) + len(sizes) * FRAME_BYTES <= self.budget:
            assert self.append([[5], sizes, [7, 0]], socket, Direction.RECEIVED) == 0

    def append(self, sizes: list[list[int]], socket: int, way: Direction) -> int:
        messages = [tuple(self.random.randbytes(size) for size in frames) for frames in sizes]
        times = range(self.time_ns, self.time_ns + 1_000 * len(messages), 1_000)
        self.time_ns = times.stop
        first = len(self.stored)
        batch = batch_of(messages, socket_id=socket, direction=way, times_ns=times)
        refused = self.store.append(batch)
        assert refused in (0, len(messages))
        totals = self.totals.setdefault((socket, way), Totals())
        totals.add(len(messages), sum(map(len, messages)), sum(map(sum, sizes)))
        self.refused += refused
        if not refused:
            self.stored.extend(
                Message(RowId(first + at), time_ns, SocketId(socket), way, frames)
                for at, (time_ns, frames) in enumerate(zip(times, messages, strict=True))
            )
        return refused

    @rule()
    def clear(self) -> None:
        self.cleared += self.store.end_row - self.store.first_row
        self.store.clear()
        assert self.store.first_row == self.store.end_row
        assert self.store.ledger().memory_bytes == 0

    @rule(budget=BUDGETS)
    def set_budget(self, budget: int) -> None:
        self.budget = budget
        self.store.set_budget(budget)

    # ---- reading --------------------------------------------------------------------------------

    @precondition(lambda self: self.store.end_row > self.store.first_row)
    @rule(where=st.floats(0, 1))
    def take_hold(self, where: float) -> None:
        parts = list(self.store.columns(self.store.first_row, self.store.end_row))
        self.held.append(hold(parts[int(where * (len(parts) - 1))]))
        del self.held[:-4]

    @precondition(lambda self: self.held)
    @rule()
    def let_go(self) -> None:
        self.held.pop(0)

    @rule(before_end=st.integers(-10, 4_000), count=st.integers(0, 60), frames=st.integers(0, 4))
    def read_rows(self, before_end: int, count: int, frames: int) -> None:
        self.check_rows(self.store.end_row - before_end, count, frames)

    @rule(where=st.floats(0, 1), before=st.integers(0, 5), count=st.integers(0, 10))
    def read_around_the_edge_of_a_segment(self, where: float, before: int, count: int) -> None:
        parts = list(self.store.columns(self.store.first_row, self.store.end_row))
        edge = parts[int(where * (len(parts) - 1))].first_row if parts else self.store.end_row
        self.check_rows(edge - before, count, max_frames=2)

    def check_rows(self, start: int, count: int, max_frames: int) -> None:
        views = self.store.rows(start, start + count, head_bytes=20, max_frames=max_frames)
        wanted = range(
            max(start, self.store.first_row), max(0, min(start + count, self.store.end_row))
        )
        assert [view.row for view in views] == list(wanted)
        assert views == [
            view for view in self.store.row_views(list(wanted), 20, max_frames) if view
        ]
        for view in views:
            message = self.stored[view.row]
            assert view.time_ns == message.time_ns
            assert (view.socket_id, view.direction) == (message.socket_id, message.direction)
            assert view.frame_count == len(message.frames)
            assert view.size == sum(map(len, message.frames))
            assert view.heads == tuple(frame[:20] for frame in message.frames[:max_frames])
            assert view.frame_sizes == tuple(map(len, message.frames[:max_frames]))

    @rule(socket=SOCKETS, limit=st.integers(1, 5), scan_rows=st.integers(1, 400))
    def offer_first_frames(self, socket: int, limit: int, scan_rows: int) -> None:
        start = max(self.store.first_row, self.store.end_row - scan_rows)
        newest = [
            message.frames[0]
            for message in reversed(self.stored[start:])
            if (message.socket_id, message.direction) == (socket, Direction.RECEIVED)
        ]
        wanted = list(dict.fromkeys(newest[: limit * 64]))[:limit]
        assert self.store.recent_first_frames(SocketId(socket), limit, scan_rows) == wanted

    # ---- what always holds ----------------------------------------------------------------------

    @invariant()
    def rows_only_grow(self) -> None:
        assert self.store.end_row == len(self.stored)
        assert self.first_row <= self.store.first_row <= self.store.end_row
        self.first_row = self.store.first_row

    @invariant()
    def the_ledger_adds_up(self) -> None:
        ledger = self.store.ledger()
        in_memory = self.store.end_row - self.store.first_row
        assert ledger.captured == in_memory + ledger.evicted + ledger.cleared
        assert (ledger.captured, ledger.cleared) == (len(self.stored), self.cleared)
        assert (ledger.refused, ledger.budget_bytes) == (self.refused, self.budget)
        for (socket, way), totals in self.totals.items():
            assert self.store.counters.of(SocketId(socket)).of(way) == totals

    @invariant()
    def memory_is_bounded(self) -> None:
        newest = list(self.store.columns(self.store.end_row - 1, self.store.end_row))
        # A refused message can leave a recycled segment open without a row in it.
        current_bytes = newest[0].segment.memory_bytes if newest else LARGEST_ORDINARY_SEGMENT
        assert self.store.memory_bytes <= self.budget + current_bytes

    @invariant()
    def columns_are_those_of_the_model(self) -> None:
        parts = list(self.store.columns(self.store.first_row, self.store.end_row))
        row = int(self.store.first_row)
        for part in parts:
            assert part.first_row == row
            row += len(part.time_ns)
            messages = self.stored[part.first_row : row]
            assert part.time_ns.tolist() == [m.time_ns for m in messages]
            assert part.socket.tolist() == [m.socket_id for m in messages]
            assert part.direction.tolist() == [m.direction for m in messages]
            assert part.size.tolist() == [sum(map(len, m.frames)) for m in messages]
        assert row == self.store.end_row

    @invariant()
    def messages_at_the_edges_are_whole(self) -> None:
        first, end = self.store.first_row, self.store.end_row
        for row in {first, (first + end) // 2, end - 1, *range(end - 5, end)}:
            found = self.store.message(row)
            if first <= row < end:
                assert found == self.stored[row]
            else:
                assert found is None
        assert self.store.message(first - 1) is None
        assert self.store.message(end) is None

    @invariant()
    def what_is_held_never_changes(self) -> None:
        for held in self.held:
            part = held.part
            assert np.array_equal(part.time_ns, held.time_ns)
            assert np.array_equal(part.size, held.size)
            assert np.array_equal(part.socket, held.socket)
            assert np.array_equal(part.segment.buffers.arena[: len(held.payload)], held.payload)
            assert frames_in(part) == held.messages

    def teardown(self) -> None:
        self.held.clear()


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
