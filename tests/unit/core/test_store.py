"""The capture store: what is read back, what is evicted, what the ledger says of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from tests.batches import Frames, batch_of
from zmqscope.core.capture import segment_log as log_module
from zmqscope.core.capture.counters import Totals
from zmqscope.core.capture.rates import Span
from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.core.types import Direction, Message, RowId, SocketId

KIB = 1024
ARENA = 64 * KIB
"""Arena of a store with a small budget."""
MESSAGES: list[Frames] = [(b"topic", b"body"), (b"",), (b"x" * 10, b"", b"y")]


def fill(store: CaptureStore, count: int, size: int = 1000) -> None:
    """Append messages that carry their own number."""
    first = store.end_row
    messages = [
        (number.to_bytes(8, "big") + bytes(size - 8),) for number in range(first, first + count)
    ]
    assert store.append(batch_of(messages)) == 0


def numbers(store: CaptureStore) -> list[int]:
    views = store.rows(0, store.end_row, head_bytes=8)
    return [int.from_bytes(view.heads[0], "big") for view in views]


def test_an_empty_store() -> None:
    store = CaptureStore()
    assert (store.first_row, store.end_row) == (0, 0)
    assert store.rows(0, 100) == []
    assert store.row_views([0, 5]) == [None, None]
    assert store.message(0) is None
    assert list(store.columns(0, 100)) == []
    assert store.recent_first_frames(SocketId(1)) == []
    assert store.ledger().captured == 0
    assert store.ledger().memory_bytes == 0
    assert store.append(batch_of([])) == 0


def test_messages_come_back_whole() -> None:
    store = CaptureStore()
    batch = batch_of(MESSAGES, socket_id=7, direction=Direction.SENT, times_ns=[3, 5, 8])
    store.append(batch)
    assert [store.message(row) for row in range(3)] == [
        Message(RowId(row), time_ns, SocketId(7), Direction.SENT, frames)
        for row, (time_ns, frames) in enumerate(zip([3, 5, 8], MESSAGES, strict=True))
    ]
    found = store.message(2)
    assert found is not None
    assert found.frames == MESSAGES[2]


def test_rows_show_the_beginning_of_the_first_frames() -> None:
    store = CaptureStore()
    store.append(batch_of([(b"topic", b"b" * 300, b"", b"d", b"e")], socket_id=2, times_ns=[9]))
    assert store.rows(0, 1, head_bytes=4, max_frames=3) == [
        RowView(
            row=RowId(0),
            time_ns=9,
            socket_id=SocketId(2),
            direction=Direction.RECEIVED,
            frame_count=5,
            size=307,
            heads=(b"topi", b"bbbb", b""),
            frame_sizes=(5, 300, 0),
        )
    ]


def test_a_range_is_cut_to_what_there_is() -> None:
    store = CaptureStore()
    fill(store, 10)
    assert [view.row for view in store.rows(-5, 3)] == [0, 1, 2]
    assert [view.row for view in store.rows(8, 99)] == [8, 9]
    assert store.rows(5, 5) == []
    assert store.rows(7, 3) == []
    assert store.rows(10, 20) == []


def test_columns_of_several_segments() -> None:
    store = CaptureStore(10 * ARENA)
    fill(store, 200)
    parts = list(store.columns(3, 190))
    assert len(parts) > 1
    assert parts[0].first_row == 3
    for earlier, later in pairwise(parts):
        assert later.first_row == earlier.first_row + len(earlier.time_ns)
    sizes = np.concatenate([part.size for part in parts])
    assert sizes.tolist() == [1000] * 187
    assert {int(value) for part in parts for value in part.socket} == {1}
    assert {int(value) for part in parts for value in part.direction} == {0}


def test_any_rows_in_their_order() -> None:
    store = CaptureStore(3 * ARENA)
    fill(store, 400)
    first = store.first_row
    assert first > 0
    views = store.row_views([399, first, first - 1, 0, 400, -1, 300])
    assert [view and view.row for view in views] == [399, first, None, None, None, None, 300]


# ---- the budget ---------------------------------------------------------------------------------


def test_the_oldest_rows_go_when_the_budget_is_reached() -> None:
    store = CaptureStore(4 * ARENA)
    for _ in range(20):
        fill(store, 50)
    ledger = store.ledger()
    assert ledger.captured == 1000
    assert ledger.evicted == store.first_row > 0
    assert ledger.memory_bytes <= 4 * ARENA + ARENA
    assert numbers(store) == list(range(store.first_row, 1000))
    assert store.message(store.first_row - 1) is None


def test_a_smaller_budget_takes_effect_at_once() -> None:
    store = CaptureStore(1024 * KIB)
    fill(store, 900)
    assert store.first_row == 0
    store.set_budget(2 * ARENA)
    assert store.ledger().memory_bytes <= 3 * ARENA
    assert store.ledger().evicted == store.first_row > 0
    assert numbers(store) == list(range(store.first_row, 900))


def test_a_larger_budget_keeps_more() -> None:
    store = CaptureStore(2 * ARENA)
    fill(store, 300)
    store.set_budget(1024 * KIB)
    first = store.first_row
    fill(store, 300)
    assert store.first_row == first
    assert numbers(store) == list(range(first, 600))


def test_a_message_larger_than_an_arena_gets_a_segment_of_its_own() -> None:
    store = CaptureStore(16 * ARENA)
    fill(store, 3)
    large = bytes(range(256)) * 1024
    assert store.append(batch_of([(b"a", large)])) == 0
    fill(store, 3)
    found = store.message(3)
    assert found is not None
    assert found.frames == (b"a", large)
    assert [view.size for view in store.rows(0, 9)] == [1000] * 3 + [len(large) + 1] + [1000] * 3


def test_a_message_of_more_frames_than_a_segment_has_gets_its_own() -> None:
    store = CaptureStore(16 * ARENA)
    frames = (b"",) * 5_000
    assert store.append(batch_of([(b"before",), frames, (b"after",)])) == 0
    found = store.message(1)
    assert found is not None
    assert found.frames == frames
    assert store.rows(1, 2)[0].frame_count == 5_000


def test_the_first_message_may_be_a_large_one() -> None:
    store = CaptureStore(16 * ARENA)
    store.append(batch_of([(b"z" * 2 * ARENA,)]))
    assert (store.first_row, store.end_row) == (0, 1)
    view = store.row_views([0])[0]
    assert view is not None
    assert view.size == 2 * ARENA


def test_a_message_larger_than_the_budget_is_refused_and_counted() -> None:
    store = CaptureStore(2 * ARENA)
    refused = store.append(batch_of([(b"a",), (b"z" * 3 * ARENA,), (b"b",)], times_ns=[1, 2, 3]))
    assert refused == 1
    ledger = store.ledger()
    assert (ledger.captured, ledger.refused) == (2, 1)
    assert [view.heads for view in store.rows(0, 9)] == [(b"a",), (b"b",)]
    # It was received all the same.
    assert store.counters.of(SocketId(1)).received == Totals(3, 3, 2 + 3 * ARENA)


def test_a_message_is_not_refused_because_the_segment_is_full() -> None:
    # Budgets below an arena: once the segment was full, every message was refused.
    store = CaptureStore(1_000)
    for _ in range(100):
        assert store.append(batch_of([(b"x" * 2_000,)])) == 0
    assert store.end_row == 100


def test_a_message_beyond_32_bit_offsets_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "MAX_MESSAGE_BYTES", 2 * ARENA)
    store = CaptureStore(16 * ARENA)
    assert store.append(batch_of([(b"x" * 3 * ARENA,)])) == 1


# ---- clearing -----------------------------------------------------------------------------------


def test_clear_forgets_rows_and_goes_on_counting() -> None:
    store = CaptureStore()
    fill(store, 5)
    store.clear()
    assert (store.first_row, store.end_row) == (5, 5)
    assert store.rows(0, 9) == []
    assert store.ledger().cleared == 5
    assert store.ledger().memory_bytes == 0
    fill(store, 2)
    assert numbers(store) == [5, 6]
    store.clear()
    assert store.ledger().cleared == 7
    assert store.ledger().captured == 7


def test_clear_after_evictions_adds_up() -> None:
    store = CaptureStore(2 * ARENA)
    fill(store, 500)
    store.clear()
    ledger = store.ledger()
    assert ledger.evicted > 0
    assert ledger.evicted + ledger.cleared == ledger.captured == 500


# ---- readers ------------------------------------------------------------------------------------


def test_a_held_segment_never_changes() -> None:
    store = CaptureStore(2 * ARENA)
    fill(store, 30)
    held = next(store.columns(0, 30))
    times, arena = held.time_ns.copy(), held.segment.buffers.arena[:30_000].copy()
    fill(store, 1_000)
    store.clear()
    fill(store, 1_000)
    assert store.first_row > 30
    assert np.array_equal(held.time_ns, times)
    assert np.array_equal(held.segment.buffers.arena[:30_000], arena)


def test_a_reader_on_another_thread_sees_only_whole_rows() -> None:
    store = CaptureStore(8 * ARENA)
    done = threading.Event()
    wrong: list[str] = []
    seen = 0

    def read() -> None:
        nonlocal seen
        cursor = 0
        while not (done.is_set() and cursor >= store.end_row):
            end = store.end_row
            for view in store.rows(cursor, end):
                number = int.from_bytes(view.heads[0], "big")
                if (view.row, view.size, view.time_ns) != (number, 8 + number % 50, number):
                    wrong.append(f"row {view.row} reads {view}")
                seen += 1
            for part in store.columns(cursor, end):
                rows = np.arange(part.first_row, part.first_row + len(part.time_ns))
                if not np.array_equal(part.time_ns, rows):
                    wrong.append(f"times from row {part.first_row}")
                if not np.array_equal(part.size, 8 + rows % 50):
                    wrong.append(f"sizes from row {part.first_row}")
            cursor = end

    reader = threading.Thread(target=read)
    reader.start()
    for first in range(0, 40_000, 100):
        row_numbers = range(first, first + 100)
        messages = [(number.to_bytes(8, "big"), bytes(number % 50)) for number in row_numbers]
        store.append(batch_of(messages, times_ns=row_numbers))
    done.set()
    reader.join(60)
    assert not reader.is_alive()
    assert wrong == []
    assert seen > 0
    assert store.first_row > 0


def test_clearing_from_another_thread_while_writing() -> None:
    store = CaptureStore(8 * ARENA)
    done = threading.Event()

    def clear() -> None:
        while not done.is_set():
            store.clear()

    clearer = threading.Thread(target=clear)
    clearer.start()
    for _ in range(300):
        fill_numbered(store, 20)
    done.set()
    clearer.join(60)
    assert not clearer.is_alive()
    ledger = store.ledger()
    assert ledger.captured == 6_000
    assert ledger.cleared + ledger.evicted + (store.end_row - store.first_row) == 6_000
    assert numbers(store) == list(range(store.first_row, 6_000))


def fill_numbered(store: CaptureStore, count: int) -> None:
    first = store.end_row
    store.append(batch_of([(number.to_bytes(8, "big"),) for number in range(first, first + count)]))


# ---- what the window asks for -------------------------------------------------------------------


def received(store: CaptureStore, first_frames: Sequence[bytes], socket_id: int = 1) -> None:
    store.append(batch_of([(frame, b"", b"x") for frame in first_frames], socket_id=socket_id))


def test_recent_first_frames_newest_first_and_distinct() -> None:
    store = CaptureStore(8 * ARENA)
    received(store, [b"a", b"b", b"a", b"c"])
    received(store, [b"other"], socket_id=2)
    store.append(batch_of([(b"sent", b"x")], direction=Direction.SENT))
    assert store.recent_first_frames(SocketId(1)) == [b"c", b"a", b"b"]
    assert store.recent_first_frames(SocketId(1), limit=2) == [b"c", b"a"]
    assert store.recent_first_frames(SocketId(2)) == [b"other"]
    assert store.recent_first_frames(SocketId(1), scan_rows=4) == [b"c", b"a"]


def test_recent_first_frames_across_segments() -> None:
    store = CaptureStore(8 * ARENA)
    received(store, [b"old"])
    fill(store, 200)
    store.append(batch_of([(b"new",)]))
    found = store.recent_first_frames(SocketId(1), limit=300)
    assert found[0] == b"new"
    assert found[-1] == b"old"
    assert len(found) == 202


def test_recent_first_frames_looks_at_a_bounded_number_of_rows() -> None:
    store = CaptureStore()
    received(store, [b"rare", *[b"often"] * 1_000])
    assert store.recent_first_frames(SocketId(1), limit=2) == [b"often"]
    assert store.recent_first_frames(SocketId(1), limit=32) == [b"often", b"rare"]


def test_counters_and_rates_follow() -> None:
    store = CaptureStore()
    second = 1_000_000_000
    store.append(batch_of(MESSAGES, socket_id=3, times_ns=[second, second + 1, second + 2]))
    store.append(batch_of([(b"abc",)], socket_id=3, direction=Direction.SENT, times_ns=[second]))
    assert store.counters.of(SocketId(3)).received == Totals(3, 6, 20)
    assert store.counters.of(SocketId(3)).sent == Totals(1, 1, 3)
    assert store.counters.total == Totals(4, 7, 23)
    assert store.rates.keys() == [(3, Direction.RECEIVED), (3, Direction.SENT)]
    window = store.rates.read(SocketId(3), Direction.RECEIVED, Span.TEN_SECONDS, 2 * second)
    assert window.messages_per_s.sum() * 0.1 == pytest.approx(3)
    assert window.bytes_per_s.sum() * 0.1 == pytest.approx(20)


def test_a_large_message_is_copied_once_for_all_who_look_at_it() -> None:
    store = CaptureStore(1 << 30)
    big, small = b"x" * 2_000_000, b"y" * 1_000
    store.append(batch_of([(b"topic", big), (small,), (b"z" * 2_000_000,)]))
    first = store.message(0)
    assert first is not None
    assert store.message(0) is first
    assert store.message(1) is not store.message(1)
    other = store.message(2)
    assert other is not None
    assert other.frames == (b"z" * 2_000_000,)
    again = store.message(0)
    assert again == first
    # Nobody keeps it alive but those who look at it, and what has gone is gone.
    del first, again
    assert store.message(2) is not None
    store.clear()
    assert store.message(2) is None
