"""The table model against the store: rows, texts, times, filters, pause."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.gui.message_rig import START_NS, SocketList, put, put_many
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.types import Direction, SocketId, SocketType
from zmqscope.models.messages.cells import Column, TimeMode
from zmqscope.models.messages.copy import json_line, payload_lines, row_line
from zmqscope.models.messages.row_choice import RowChoice
from zmqscope.models.messages.table import MessageTableModel

QUOTES, ORDERS = SocketId(1), SocketId(2)


def made(store: CaptureStore) -> MessageTableModel:
    sockets = SocketList()
    sockets.add(1, SocketType.SUB, "quotes")
    sockets.add(2, SocketType.ROUTER, "orders")
    model = MessageTableModel(store, KernelSet())
    model.set_sockets(sockets.snapshots)
    return model


def refresh(model: MessageTableModel) -> None:
    model.drop(model.gone())
    model.take_new()


def texts(model: MessageTableModel, column: Column) -> list[str]:
    return [cells.texts[column] if cells else "" for cells in model.cells(0, model.rowCount())]


def test_it_is_a_proper_model(qapp: QCoreApplication) -> None:
    store = CaptureStore()
    put(store, 1, *[(b"EUR", b"1")] * 20)
    model = made(store)
    # It listens to every change from here on; what it finds is a Qt warning, and fails the test.
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Warning, model
    )
    assert tester.model() is model
    refresh(model)
    put(store, 2, (b"w1", b"", b"x"))
    refresh(model)
    store.clear()
    refresh(model)
    assert model.rowCount() == 0


def test_a_row_in_words() -> None:
    store = CaptureStore()
    put_many(store, 1, 1_233)
    put(store, 2, (b"\x00\x6b", b"", b"go" * 600), direction=Direction.SENT)
    model = made(store)
    refresh(model)
    row = [model.data(model.index(1_233, column), Qt.ItemDataRole.DisplayRole) for column in Column]
    assert row[0] == "1,234"
    assert row[2:7] == ["↑", "orders", "⟨00 6b⟩", "3", "1,202"]
    assert row[7].startswith("gogo")
    spoken = model.data(model.index(1_233, Column.DIRECTION), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "sent"


def test_rows_come_and_go_with_the_store() -> None:
    store = CaptureStore(2_000_000)
    model = made(store)
    put_many(store, 1, 10_000)
    refresh(model)
    assert model.rowCount() == 10_000
    put_many(store, 1, 60_000)
    refresh(model)
    assert store.first_row > 0
    assert model.rowCount() == store.end_row - store.first_row
    assert model.row_id(0) == store.first_row
    assert model.index_of(int(store.end_row) - 1).row() == model.rowCount() - 1
    assert not model.index_of(0).isValid()


def test_all_rows_replaced_between_two_looks() -> None:
    store = CaptureStore()
    model = made(store)
    put_many(store, 1, 10)
    refresh(model)
    store.clear()
    put_many(store, 1, 5)
    refresh(model)
    assert texts(model, Column.NUMBER) == ["11", "12", "13", "14", "15"]


def test_rows_that_go_while_they_are_painted_are_blank() -> None:
    store = CaptureStore()
    put_many(store, 1, 10)
    model = made(store)
    refresh(model)
    store.clear()
    assert model.cells(0, 10) == [None] * 10
    assert model.data(model.index(3, 0)) == ""


def test_three_kinds_of_time() -> None:
    store = CaptureStore()
    put(store, 1, (b"a",), time_ns=START_NS + 4_472_999)
    put(store, 1, (b"b",), time_ns=START_NS + 1_004_472_999)
    put(store, 1, (b"c",), time_ns=START_NS + 1_004_678_000)
    model = made(store)
    refresh(model)
    assert [time.split(".")[1] for time in texts(model, Column.TIME)] == [
        "004472",
        "004472",
        "004678",
    ]
    model.set_time_mode(TimeMode.RELATIVE)
    assert texts(model, Column.TIME) == ["+0.000000", "+1.000000", "+1.000205"]
    model.set_time_mode(TimeMode.GAP)
    assert texts(model, Column.TIME) == ["–", "+1.000000", "+0.000205"]
    last = model.cells(2, 3)[0]
    assert last is not None
    assert last.texts[Column.TIME] == "+0.000205"
    assert model.headerData(Column.TIME, Qt.Orientation.Horizontal) == "Gap, s"


def test_one_socket_alone_and_paused_sockets() -> None:
    store = CaptureStore()
    put(store, 1, (b"a",), (b"b",))
    put(store, 2, (b"w", b"c"))
    model = made(store)
    refresh(model)
    model.choose(RowChoice(only=ORDERS))
    refresh(model)
    assert texts(model, Column.NUMBER) == ["3"]
    put(store, 2, (b"w", b"d"))
    put(store, 1, (b"e",))
    refresh(model)
    assert texts(model, Column.NUMBER) == ["3", "4"]
    model.choose(RowChoice(hidden_from={QUOTES: 1}))
    refresh(model)
    assert texts(model, Column.NUMBER) == ["1", "3", "4"]
    model.choose(RowChoice())
    refresh(model)
    assert model.rowCount() == 5


def test_a_paused_view_loses_nothing() -> None:
    store = CaptureStore()
    put_many(store, 1, 10)
    model = made(store)
    refresh(model)
    model.rows.set_frozen(True)
    put_many(store, 1, 7)
    refresh(model)
    assert (model.rowCount(), model.rows.held_back) == (10, 7)
    model.rows.set_frozen(False)
    refresh(model)
    assert (model.rowCount(), model.rows.held_back) == (17, 0)


def test_names_follow_and_outlive_their_sockets() -> None:
    store = CaptureStore()
    put(store, 1, (b"a",))
    sockets = SocketList()
    quotes = sockets.add(1, SocketType.SUB, "quotes")
    model = MessageTableModel(store, KernelSet())
    refresh(model)
    assert texts(model, Column.SOCKET) == ["socket 1"]
    assert model.set_sockets(sockets.snapshots)
    assert not model.set_sockets(sockets.snapshots)
    sockets.rename(quotes, "prices\n")
    model.set_sockets(sockets.snapshots)
    sockets.snapshots.clear()
    model.set_sockets(sockets.snapshots)
    assert texts(model, Column.SOCKET) == ["prices␊"]


def test_copies() -> None:
    store = CaptureStore()
    put(store, 1, (b"EUR", b'{"a":1}', b"\xff\x00"), time_ns=1_700_000_000_123_456_789)
    model = made(store)
    refresh(model)
    cells = model.cells(0, 1)[0]
    message = store.message(0)
    assert cells is not None
    assert message is not None
    assert row_line(cells, [Column.NUMBER, Column.TOPIC]) == "1\tEUR"
    assert payload_lines(message, 1) == '{"a":1}\nff 00'
    entry = json.loads(json_line(message, "quotes"))
    assert entry["time"] == "2023-11-14T22:13:20.123456789Z"
    assert entry["frames"] == [{"text": "EUR"}, {"text": '{"a":1}'}, {"base64": "/wA="}]
