"""The model of the topic table."""

from __future__ import annotations

import tracemalloc

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.topic_rig import START_NS, fill, in_second, topical
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPICS, SECOND_NS
from zmqscope.core.types import (
    Direction,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.models.topics.cells import TopicColumn
from zmqscope.models.topics.table import TopicTableModel

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class Rig:
    """A store with the model over it."""

    def __init__(self) -> None:
        self.store = CaptureStore()
        self.model = TopicTableModel(self.store)
        mode = QAbstractItemModelTester.FailureReportingMode.Fatal
        self.tester = QAbstractItemModelTester(self.model, mode, self.model)
        self.have_sockets({1: "quotes"})

    def have_sockets(self, names: dict[int, str], kind: SocketType = SocketType.SUB) -> None:
        self.model.set_sockets(
            {
                SocketId(number): SocketSnapshot(
                    SocketId(number), SocketSpec(kind, name=name), SocketState.CONNECTED
                )
                for number, name in names.items()
            }
        )

    def refresh(self, second: float, *, hold: bool = False) -> bool:
        return self.model.refresh(START_NS + round(second * SECOND_NS), hold=hold)

    def column(self, column: TopicColumn = TopicColumn.TOPIC) -> list[str]:
        return [cells.texts[column] for cells in self.model.cells(0, self.model.rowCount())]


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_figures_of_each_topic(rig: Rig) -> None:
    rig.store.append(in_second(0, {b"a": 3, b"bb": 1}))
    rig.store.append(topical(b"a", socket_id=2, direction=Direction.SENT))
    rig.have_sockets({1: "quotes", 2: "out"})
    rig.refresh(1)
    cells = rig.model.cells(0, 9)
    assert cells[0].texts[:6] == ("a", "quotes", "3/s", "3", "60 %", "6 B")
    assert [c.texts[TopicColumn.SOCKET] for c in cells] == ["quotes", "quotes", "out"]
    assert cells[2].key.direction is Direction.SENT
    spoken = rig.model.index(2, TopicColumn.SOCKET).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "out, sent"


def test_the_busiest_is_first_at_first(rig: Rig) -> None:
    rig.store.append(in_second(0, {b"a": 1, b"b": 3, b"c": 2}))
    rig.refresh(1)
    assert rig.column() == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("column", "ascending"),
    [
        (TopicColumn.TOPIC, ["B", "a", "c"]),
        (TopicColumn.SOCKET, ["c", "a", "B"]),
        (TopicColumn.RATE, ["c", "B", "a"]),
        (TopicColumn.MESSAGES, ["c", "B", "a"]),
        (TopicColumn.SHARE, ["c", "B", "a"]),
        (TopicColumn.BYTES, ["c", "B", "a"]),
        (TopicColumn.LAST, ["a", "B", "c"]),
    ],
)
def test_sorts_by_every_column(rig: Rig, column: TopicColumn, ascending: list[str]) -> None:
    rig.store.append(in_second(0, {b"a": 3}))
    rig.store.append(in_second(0, {b"B": 2}, socket_id=2))
    rig.store.append(in_second(0, {b"c": 1}, socket_id=3))
    rig.have_sockets({1: "m", 2: "Z", 3: "b"})
    rig.refresh(1)
    rig.model.sort(column, ASCENDING)
    assert rig.column() == ascending
    rig.model.sort(column, DESCENDING)
    assert rig.column() == ascending[::-1]


def test_rows_stay_where_they_are_until_the_next_second(rig: Rig) -> None:
    rig.store.append(in_second(0, {b"a": 2, b"b": 1}))
    rig.refresh(1)
    rig.model.sort(TopicColumn.MESSAGES, DESCENDING)
    rig.store.append(in_second(1, {b"b": 5, b"new": 9}))
    rig.refresh(1.5)
    assert rig.column() == ["a", "b", "new"]
    assert rig.column(TopicColumn.MESSAGES) == ["2", "6", "9"]
    rig.refresh(2, hold=True)
    assert rig.column() == ["a", "b", "new"]
    rig.refresh(2.1)
    assert rig.column() == ["new", "b", "a"]


def test_equal_rows_never_swap(rig: Rig) -> None:
    names = [b"%d" % number for number in range(50)]
    for second in range(4):
        rig.store.append(in_second(second, dict.fromkeys(reversed(names) if second else names, 1)))
        rig.refresh(second + 1)
        assert rig.column() == [name.decode() for name in names]


def test_the_selection_goes_with_its_topic(rig: Rig) -> None:
    rig.store.append(in_second(0, {b"a": 3, b"b": 2, b"c": 1}))
    rig.refresh(1)
    kept = [QPersistentModelIndex(rig.model.index(2, column)) for column in (0, 6)]
    rig.store.append(in_second(1, {b"c": 9}))
    rig.refresh(2)
    assert rig.column() == ["c", "a", "b"]
    assert [(index.row(), index.column()) for index in kept] == [(0, 0), (0, 6)]


def test_rates_fall_to_zero_and_then_nothing_is_looked_at(rig: Rig) -> None:
    rig.store.append(in_second(0, {b"a": 3}))
    assert rig.refresh(1)
    assert rig.column(TopicColumn.RATE) == ["3/s"]
    assert rig.refresh(2)
    assert rig.column(TopicColumn.RATE) == ["0/s"]
    assert not rig.refresh(10)
    rig.store.append(in_second(10, {b"a": 1}))
    assert rig.refresh(11)
    assert rig.column(TopicColumn.RATE) == ["1/s"]


def test_an_engine_that_is_a_moment_ahead_does_not_empty_the_rates(rig: Rig) -> None:
    rig.store.append(in_second(0, {b"a": 3, b"b": 7}))
    rig.store.append(in_second(1, {b"a": 1}))
    rig.refresh(0.999)
    assert rig.column(TopicColumn.RATE) == ["7/s", "3/s"]


def test_filter(rig: Rig) -> None:
    rig.store.append(in_second(0, {b"EURUSD": 1, b"USDJPY": 5, b"eurchf": 3}))
    rig.refresh(1)
    rig.model.set_filter("eur")
    assert rig.column() == ["eurchf", "EURUSD"]
    rig.store.append(in_second(1, {b"EURGBP": 1, b"AUDUSD": 1}))
    rig.refresh(1.5)
    assert rig.column() == ["eurchf", "EURUSD", "EURGBP"]
    assert rig.model.rows.known == 5
    assert not rig.model.index_of(3).isValid()
    rig.model.set_filter("nothing")
    assert rig.column() == []
    rig.model.set_filter("")
    assert len(rig.column()) == 5


def test_removed_sockets_keep_their_names(rig: Rig) -> None:
    rig.store.append(topical(b"a"))
    rig.store.append(topical(b"b", socket_id=9))
    rig.refresh(1)
    rig.have_sockets({})
    cells = {c.texts[0]: c for c in rig.model.cells(0, 2)}
    assert cells["a"].texts[TopicColumn.SOCKET] == "quotes"
    assert cells["a"].is_orphan
    assert cells["b"].texts[TopicColumn.SOCKET] == "socket 9"
    tip = rig.model.index_of(2).siblingAtColumn(TopicColumn.SOCKET)
    assert tip.data(Qt.ItemDataRole.ToolTipRole) == "quotes, received (removed)"


def test_a_topic_is_no_html(rig: Rig) -> None:
    rig.store.append(topical(b"x <img src='/dev/zero'>"))
    rig.refresh(1)
    tip = rig.model.index(0, TopicColumn.TOPIC).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert "&lt;img" in tip


def test_last_seen(rig: Rig) -> None:
    rig.store.append(topical(b"a"))
    rig.refresh(1)
    before = rig.column(TopicColumn.LAST)[0]
    assert before.count(":") == 2
    # Counted by the engine, not readable yet.
    rig.model.rows.figures.last_row[2] = 7
    assert rig.column(TopicColumn.LAST)[0].count(":") == 2
    rig.store.clear()
    rig.refresh(2)
    assert rig.column(TopicColumn.LAST) == ["gone from memory"]
    assert rig.model.newest_row(2) is None
    tip = rig.model.index(0, TopicColumn.LAST).data(Qt.ItemDataRole.ToolTipRole)
    assert "no longer in memory" in tip


def test_others_are_told(rig: Rig) -> None:
    rig.store.append(topical(b"a", b"x" * 300, b"y" * 400))
    rig.refresh(1)
    others = rig.model.others()
    assert (others.messages, others.per_s, others.topics, others.is_full) == (2, 2, 1, False)


def test_subscriptions_read_as_in_the_message_table(rig: Rig) -> None:
    rig.have_sockets({1: "xpub"}, SocketType.XPUB)
    rig.store.append(topical(b"\x01EUR"))
    rig.refresh(1)
    assert rig.column() == ["subscribe EUR"]


def test_headers(rig: Rig) -> None:
    for column in TopicColumn:
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            assert rig.model.headerData(column, Qt.Orientation.Horizontal, role)
    first = rig.model.headerData(
        TopicColumn.RATE, Qt.Orientation.Horizontal, Qt.ItemDataRole.InitialSortOrderRole
    )
    assert Qt.SortOrder(first) is DESCENDING


def test_a_full_table_makes_no_object_for_each_topic() -> None:
    store = CaptureStore()
    model = TopicTableModel(store)
    fill(store)
    now_ns = START_NS + SECOND_NS
    model.refresh(now_ns)
    assert model.rowCount() == MAX_TOPICS - 2
    others = model.others()
    assert (others.messages, others.topics, others.is_full) == (2, MAX_TOPICS - 2, True)
    for column in TopicColumn:
        model.sort(column, DESCENDING)
    kept = QPersistentModelIndex(model.index_of(40_000))
    store.append(in_second(1, {b"market/39998/tick": 5}))
    tracemalloc.start()
    try:
        model.refresh(now_ns + SECOND_NS)
        model.sort(TopicColumn.RATE, DESCENDING)
        model.set_filter("tick")
        blocks = sum(trace.count for trace in tracemalloc.take_snapshot().statistics("filename"))
    finally:
        tracemalloc.stop()
    assert blocks < 1_000
    assert not kept.isValid()  # the filter made the table anew
    assert model.index_of(40_000).row() == 0
    assert model.cells(0, 1)[0].texts[0] == "market/39998/tick"
    assert model.index(0, 0, QModelIndex()).isValid()
