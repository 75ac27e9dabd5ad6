"""Hits in the table's model: above and below what is shown, composed with the other choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from tests.gui.message_rig import put, put_many
from tests.search_rig import settle
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.search.query import Query
from zmqscope.core.types import SocketId
from zmqscope.models.messages.row_choice import RowChoice
from zmqscope.models.messages.table import MessageTableModel

FOUND = RowChoice(query=Query(contains=b"hit"))
ALONE = replace(FOUND, only_hits=True)


@pytest.fixture
def store() -> CaptureStore:
    return CaptureStore()


@pytest.fixture
def model(store: CaptureStore, qapp: QCoreApplication) -> Iterator[MessageTableModel]:
    made = MessageTableModel(store, KernelSet())
    yield made
    made.hits.stop()


def watch(model: MessageTableModel) -> None:
    """Have every change checked; what is wrong is a Qt warning, and fails the test."""
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    tester = QAbstractItemModelTester(model, mode, model)
    assert tester.model() is model


def every_third(store: CaptureStore, count: int, socket_id: int = 1) -> None:
    """Store messages of which the first and every third one after it is a hit."""
    put(store, socket_id, *[(b"hit" if n % 3 == 0 else b"no",) for n in range(count)])


def shown(model: MessageTableModel) -> list[int]:
    return model.rows.row_ids(0, len(model.rows))


def test_hits_alone(store: CaptureStore, model: MessageTableModel) -> None:
    watch(model)
    every_third(store, 10)
    settle(model)
    assert model.choose(ALONE)
    settle(model)
    assert shown(model) == [0, 3, 6, 9]
    assert model.index_of(6).row() == 2
    assert not model.index_of(5).isValid()
    every_third(store, 4)
    settle(model)
    assert shown(model) == [0, 3, 6, 9, 10, 13]
    assert model.choose(RowChoice())
    settle(model)
    assert len(shown(model)) == 14


def test_older_hits_come_above_the_newer_ones(
    store: CaptureStore, model: MessageTableModel
) -> None:
    for _ in range(6):
        every_third(store, 30_000)
    model.choose(ALONE)
    inserted = QSignalSpy(model.rowsInserted)
    settle(model)
    assert shown(model) == list(range(0, 180_000, 3))
    # The first one was below nothing.
    places = [inserted.at(n)[1] for n in range(inserted.count())]
    assert set(places) == {0}


def test_a_search_among_all_rows_resets_nothing(
    store: CaptureStore, model: MessageTableModel
) -> None:
    every_third(store, 10)
    settle(model)
    reset = QSignalSpy(model.modelReset)
    assert not model.choose(FOUND)
    settle(model)
    assert reset.count() == 0
    assert len(shown(model)) == 10
    assert model.hits.rows.ids(0, 10) == [0, 3, 6, 9]
    assert model.hits.among(1, 6) == {3, 6}
    assert model.hits.searched(model.rows.stop) == 10


def test_hits_are_found_among_the_sockets_shown(
    store: CaptureStore, model: MessageTableModel
) -> None:
    every_third(store, 6, socket_id=1)
    every_third(store, 6, socket_id=2)
    model.choose(replace(ALONE, only=SocketId(2)))
    settle(model)
    assert shown(model) == [6, 9]
    model.choose(replace(ALONE, hidden_from={SocketId(1): 3, SocketId(2): 9}))
    settle(model)
    assert shown(model) == [0, 6]
    model.choose(replace(FOUND, only=SocketId(1)))
    settle(model)
    assert shown(model) == [0, 1, 2, 3, 4, 5]
    assert model.hits.rows.ids(0, 10) == [0, 3]


def test_a_paused_view_gets_no_hits_below(store: CaptureStore, model: MessageTableModel) -> None:
    every_third(store, 6)
    settle(model)
    model.rows.set_frozen(True)
    every_third(store, 6)
    model.choose(ALONE)
    settle(model)
    assert shown(model) == [0, 3]
    assert model.hits.searched(model.rows.stop) == 6
    every_third(store, 6)
    settle(model)
    assert shown(model) == [0, 3]
    model.rows.set_frozen(False)
    settle(model)
    assert shown(model) == [0, 3, 6, 9, 12, 15]


@pytest.mark.parametrize("choice", [FOUND, ALONE])
def test_hits_leave_with_their_rows(qapp: QCoreApplication, choice: RowChoice) -> None:
    store = CaptureStore(1_000_000)
    model = MessageTableModel(store, KernelSet())
    every_third(store, 3_000)
    model.choose(choice)
    settle(model)
    for _ in range(20):
        every_third(store, 3_000)
        settle(model)
    first = int(store.first_row)
    assert first > 0
    wanted = [row for row in range(first, 63_000) if row % 3 == 0]
    assert model.hits.rows.ids(0, 100_000) == wanted
    if choice is ALONE:
        assert shown(model) == wanted
    model.hits.stop()


def test_hits_that_a_paused_view_holds_back_leave_with_their_rows(qapp: QCoreApplication) -> None:
    store = CaptureStore(1_000_000)
    model = MessageTableModel(store, KernelSet())
    every_third(store, 30)
    model.choose(ALONE)
    settle(model)
    model.rows.set_frozen(True)
    for _ in range(40):
        every_third(store, 3_000)
        settle(model)
    waiting = sum(map(len, model.hits._newer))
    assert 5_000 < waiting < 20_000
    model.rows.set_frozen(False)
    settle(model)
    assert shown(model) == [row for row in range(store.first_row, 120_030) if row % 3 == 0]
    model.hits.stop()


def test_everything_is_cleared_and_searched_again(
    store: CaptureStore, model: MessageTableModel
) -> None:
    every_third(store, 9)
    model.choose(ALONE)
    settle(model)
    store.clear()
    assert model.choose(ALONE, again=True)
    settle(model)
    assert shown(model) == []
    assert model.hits.progress.missed == 0
    every_third(store, 3)
    settle(model)
    assert shown(model) == [9]


def test_hits_of_another_search_are_forgotten(
    store: CaptureStore, model: MessageTableModel
) -> None:
    every_third(store, 9)
    model.choose(ALONE)
    settle(model)
    model.choose(replace(ALONE, query=Query(contains=b"no")))
    assert shown(model) == []
    settle(model)
    assert shown(model) == [1, 2, 4, 5, 7, 8]
    model.choose(replace(ALONE, query=Query()))
    settle(model)
    assert len(shown(model)) == 9
    assert not model.hits.is_active
    assert model.hits.searched(100) == 0


def test_news_of_the_search_come_as_one_signal(
    store: CaptureStore, model: MessageTableModel, qapp: QCoreApplication
) -> None:
    put_many(store, 1, 200_000)
    woken = QSignalSpy(model.hits.woken)
    model.choose(FOUND)
    settle(model)
    qapp.processEvents()
    assert woken.count() == 1


def test_new_rows_wait_until_it_is_known_whether_they_are_hits(
    store: CaptureStore, model: MessageTableModel
) -> None:
    every_third(store, 3)
    model.choose(FOUND)
    settle(model)
    every_third(store, 3)
    model.hits.look()
    # Unless the search was so fast that they are known already.
    assert model.rows.stop in (3, 6)
    settle(model)
    assert len(shown(model)) == 6
    assert not model.rows.are_waiting


def test_rows_wait_for_a_moment_only(store: CaptureStore, model: MessageTableModel) -> None:
    every_third(store, 3)
    model.choose(FOUND)
    settle(model)
    # Nobody looks at what the search tells: as if it did not get any further.
    every_third(store, 3)
    end_known_s = model.hits._advanced_s
    model.hits._advanced_s = end_known_s - 1
    assert model.rows.stop == 6
