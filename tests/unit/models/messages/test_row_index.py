"""The filtered table's row ids: which rows, in which positions, at what cost."""

from __future__ import annotations

from tests.gui.message_rig import put, put_many
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import SocketId
from zmqscope.models.messages.row_index import RowIndex


def filled() -> CaptureStore:
    store = CaptureStore()
    for _ in range(3):
        put(store, 1, (b"a",), (b"b",))
        put(store, 2, (b"c",))
    return store


def test_one_socket_alone() -> None:
    store = filled()
    index = RowIndex(store, only=SocketId(2))
    assert index.extend(store.end_row) == 3
    assert index.found.ids(0, 10) == [2, 5, 8]
    assert index.found.ids(1, 2) == [5]


def test_a_paused_socket_is_hidden_from_its_row_on() -> None:
    store = filled()
    index = RowIndex(store, hidden_from={SocketId(1): 3, SocketId(2): 8})
    index.extend(store.end_row)
    assert index.found.ids(0, 10) == [0, 1, 2, 5]


def test_positions_of_rows_that_are_there_and_that_are_not() -> None:
    store = filled()
    index = RowIndex(store, only=SocketId(2))
    index.extend(store.end_row)
    assert [index.found.position(row) for row in (0, 2, 3, 5, 8, 9)] == [0, 0, 1, 1, 2, 3]


def test_heads_go_and_positions_follow() -> None:
    store = CaptureStore()
    put_many(store, 1, 200_000)
    index = RowIndex(store, only=SocketId(1))
    index.extend(store.end_row)
    assert index.drop_before(150_000) == 150_000
    assert len(index.found) == 50_000
    assert index.found.ids(0, 2) == [150_000, 150_001]
    assert index.found.position(150_001) == 1
    assert index.drop_before(150_000) == 0
    assert index.found.nbytes <= 8 * 3 * 65_536


def test_it_goes_on_where_it_stopped() -> None:
    store = CaptureStore()
    put_many(store, 1, 1_200_000, size=1)
    index = RowIndex(store, only=SocketId(1))
    slices = 0
    while index.scanned_to < store.end_row:
        index.extend(store.end_row, budget_s=0.0)
        slices += 1
    assert slices == 3
    assert len(index.found) == 1_200_000
    put(store, 1, (b"x",))
    assert index.extend(store.end_row) == 1
    assert index.found.ids(1_200_000, 1_200_001) == [1_200_000]


def test_eight_bytes_a_row() -> None:
    store = CaptureStore()
    put_many(store, 1, 1_000_000, size=1)
    index = RowIndex(store, only=SocketId(1))
    index.extend(store.end_row, budget_s=10.0)
    assert index.found.nbytes <= 8 * (1_000_000 + 65_536)
