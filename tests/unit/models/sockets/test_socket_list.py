from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from tests.gui.socket_rig import NOW_NS, RecordingController, add_traffic, snapshot_of
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction, RowId, SocketId, SocketState, SocketType
from zmqscope.models.sockets.socket_list import (
    SILENT,
    SPARK_BIN_NS,
    SPARK_BINS,
    SocketItem,
    SocketListModel,
    SocketRole,
)

pytestmark = pytest.mark.usefixtures("qapp")

SECOND_NS = 1_000_000_000


class Rig:
    """A model over two sockets, checked by Qt's own tester."""

    def __init__(self) -> None:
        self.store = CaptureStore()
        self.controller = RecordingController()
        self.controller.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1"))
        self.controller.show(snapshot_of(2, SocketType.PUSH, "load", "tcp://b:2"))
        self.model = SocketListModel(self.store, self.controller.as_controller())
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.changed = QSignalSpy(self.model.dataChanged)

    def changed_rows(self) -> list[int]:
        rows = [self.changed.at(i)[0].row() for i in range(self.changed.count())]
        self.changed = QSignalSpy(self.model.dataChanged)
        return rows


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_it_lists_what_is_there_and_what_comes(rig: Rig) -> None:
    assert rig.model.rowCount() == 2
    rig.controller.show(snapshot_of(3, SocketType.REQ, "ref-data", "tcp://c:3"))
    assert rig.model.rowCount() == 3
    assert rig.model.index(2).data() == "ref-data"
    assert rig.model.row_of(SocketId(3)) == 2
    assert rig.model.rowCount(rig.model.index(0)) == 0


def test_a_removed_socket_goes(rig: Rig) -> None:
    rig.controller.remove_socket(SocketId(1))
    assert rig.model.rowCount() == 1
    assert rig.model.index(0).data() == "load"
    rig.controller.socket_removed.emit(SocketId(77))
    assert rig.model.row_of(SocketId(1)) == -1


def test_a_change_touches_its_row_alone(rig: Rig) -> None:
    snapshot = rig.controller.snapshots[SocketId(2)]
    rig.controller.show(replace(snapshot, state=SocketState.CLOSED))
    assert rig.changed_rows() == [1]
    rig.controller.show(replace(snapshot, state=SocketState.CLOSED))
    assert rig.changed_rows() == []


def test_the_item_carries_what_a_delegate_paints(rig: Rig) -> None:
    item = rig.model.index(0).data(SocketRole.ITEM)
    assert isinstance(item, SocketItem)
    assert item.snapshot.name == "quotes"
    assert item.received_per_s == 0.0
    assert item.sent_per_s is None
    assert rig.model.item(1).received_per_s is None


def test_rates_are_of_the_last_second(rig: Rig) -> None:
    add_traffic(rig.store, 1, [50, 60])
    assert rig.model.refresh(NOW_NS) is True
    assert rig.model.item(0).received_per_s == pytest.approx(110)
    assert rig.changed_rows() == [0]


def test_the_sparkline_spans_half_a_minute_and_ends_now(rig: Rig) -> None:
    add_traffic(rig.store, 1, [10, 0, 20])
    rig.model.refresh(NOW_NS)
    spark = rig.model.item(0).traffic.spark
    assert len(spark) == SPARK_BINS
    assert spark[-3:] == (20.0, 0.0, 40.0)
    assert SPARK_BINS * SPARK_BIN_NS == 30 * SECOND_NS


def test_the_sparkline_shows_the_busier_direction(rig: Rig) -> None:
    rig.controller.show(snapshot_of(3, SocketType.XPUB, "x", "@tcp://*:1"))
    add_traffic(rig.store, 3, [1])
    add_traffic(rig.store, 3, [900], Direction.SENT)
    rig.model.refresh(NOW_NS)
    assert rig.model.item(2).traffic.spark_direction is Direction.SENT


def test_silence_costs_no_repaint(rig: Rig) -> None:
    assert rig.model.refresh(NOW_NS) is False
    assert rig.changed_rows() == []


def test_a_message_in_the_bin_that_is_not_whole_yet_is_shown_later(rig: Rig) -> None:
    add_traffic(rig.store, 1, [1], end_ns=NOW_NS + SPARK_BIN_NS)
    assert rig.model.refresh(NOW_NS + 1) is True
    assert not any(rig.model.item(0).traffic.spark)
    assert rig.model.refresh(NOW_NS + 2 * SECOND_NS) is True
    assert any(rig.model.item(0).traffic.spark)


def test_it_falls_silent_once_the_last_message_has_left_the_sparkline(rig: Rig) -> None:
    add_traffic(rig.store, 1, [10])
    assert rig.model.refresh(NOW_NS) is True
    assert rig.model.refresh(NOW_NS + 29 * SECOND_NS) is True
    assert any(rig.model.item(0).traffic.spark)
    assert rig.model.refresh(NOW_NS + 31 * SECOND_NS) is False
    assert rig.model.item(0).traffic is SILENT
    rig.changed_rows()
    rig.model.refresh(NOW_NS + 32 * SECOND_NS)
    assert rig.changed_rows() == []


def test_renaming_is_asked_of_the_engine(rig: Rig) -> None:
    index = rig.model.index(0)
    assert rig.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert rig.model.setData(index, "  prices ")
    assert rig.controller.calls == [("rename", SocketId(1), "prices")]
    assert index.data() == "quotes"


@pytest.mark.parametrize("name", ["", "   ", "quotes"])
def test_no_name_or_the_same_name_is_no_renaming(rig: Rig, name: str) -> None:
    assert not rig.model.setData(rig.model.index(0), name)
    assert rig.controller.calls == []


def test_an_edit_begins_with_the_name_as_it_is(rig: Rig) -> None:
    snapshot = replace(rig.controller.snapshots[SocketId(1)].spec, name="a\u202eb")
    rig.controller.show(replace(rig.controller.snapshots[SocketId(1)], spec=snapshot))
    assert rig.model.index(0).data(Qt.ItemDataRole.EditRole) == "a\u202eb"
    assert "\u202e" not in rig.model.index(0).data()


def test_paused_rows_are_marked(rig: Rig) -> None:
    rig.model.set_paused({SocketId(2): RowId(7)})
    assert [rig.model.item(row).paused for row in range(2)] == [False, True]
    assert rig.changed_rows() == [1]


def test_tooltip_and_spoken_text(rig: Rig) -> None:
    index = rig.model.index(0)
    assert "tcp://a:1" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "0/s received" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert rig.model.data(QModelIndex()) is None
