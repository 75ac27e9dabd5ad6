"""Hits alone in the table, while more are found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.find_rig import SHIFT, SLICE_ROWS, FindRig, fill, opened_table
from tests.gui.message_rig import put, put_many
from zmqscope.core.search import plan as at
from zmqscope.core.types import SocketId
from zmqscope.ui.messages.overlay import EmptyWords


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[FindRig]:
    with opened_table(qtbot, tmp_path) as made:
        yield made


def test_only_hits_and_back(rig: FindRig) -> None:
    fill(rig, 500)
    rig.find("hit", "100 hits in 500 messages")
    rig.enter()
    rig.enter(SHIFT)
    rig.trigger("only_hits")
    assert rig.shown() == list(range(0, 500, 5))
    assert rig.current == 490
    fill(rig, 10)
    rig.until("102 hits in 510 messages")
    assert rig.shown()[-1] == 505
    rig.enter()
    assert rig.current == 495
    rig.trigger("find_close")
    assert len(rig.shown()) == 510
    assert rig.current == 495


def test_only_hits_of_one_socket(rig: FindRig) -> None:
    fill(rig, 10)
    put(rig.store, 2, (b"id", b"hit"), (b"id", b"no"))
    rig.refresh()
    rig.trigger("only_hits")
    rig.find("hit", "3 hits in 12 messages")
    assert rig.shown() == [0, 5, 10]
    rig.panel.show_only(SocketId(2))
    rig.until("1 hit in 12 messages")
    assert rig.shown() == [10]
    rig.panel.show_only(None)
    rig.until("3 hits in 12 messages")
    rig.panel.set_paused_sockets({SocketId(1): 3})
    rig.until("2 hits in 12 messages")
    assert rig.shown() == [0, 10]


def test_no_hit_in_words(rig: FindRig) -> None:
    fill(rig, 10)
    rig.trigger("only_hits")
    rig.find("nothing", "no hit in 10 messages")
    empty = rig.panel.findChildren(EmptyWords)[0]
    rig.wait(empty.isVisible)
    assert empty.accessibleName().startswith("No message in memory is a hit")


class OneByOne:
    """A kernel for which every row is a hit, and which does one slice each time it is let."""

    def __init__(self) -> None:
        self.turns = threading.Semaphore(0)

    def __call__(self, _segment: Any, _plan: Any, place: Any, found: Any) -> int:
        while not self.turns.acquire(timeout=0.005):
            if place[at.STOP]:
                return 0
        low, high = int(place[at.LOW]), int(place[at.HIGH])
        found[: high - low] = range(low, high)
        return high - low


def test_what_one_looks_at_stays_while_older_hits_come_above(rig: FindRig) -> None:
    kernel = OneByOne()
    rig.sockets.kernels.search = kernel
    put_many(rig.store, 1, 3 * SLICE_ROWS)
    rig.refresh()
    rig.trigger("only_hits")
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "x")
    kernel.turns.release()
    rig.wait(lambda: len(rig.shown()) == SLICE_ROWS)
    assert rig.words.startswith("131,072 hits · searching 3")
    rig.view.stop_following()
    rig.view.verticalScrollBar().setValue(70_000)
    rig.view.setCurrentIndex(rig.model.index(70_003, 0))
    rig.view.verticalScrollBar().setValue(70_000)
    top, current = rig.top_id(), rig.current
    kernel.turns.release()
    rig.wait(lambda: len(rig.shown()) == 2 * SLICE_ROWS)
    assert (rig.top_id(), rig.current) == (top, current)
    assert rig.view.selected_ranges() == [(SLICE_ROWS + 70_003, SLICE_ROWS + 70_004)]
    kernel.turns.release()
    rig.until("393,216 hits in 393,216 messages")
    assert (rig.top_id(), rig.current) == (top, current)


def test_enter_waits_for_a_hit_that_is_not_found_yet(rig: FindRig) -> None:
    kernel = OneByOne()
    rig.sockets.kernels.search = kernel
    put_many(rig.store, 1, 2 * SLICE_ROWS)
    rig.refresh()
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "x")
    rig.enter()
    assert rig.current is None
    kernel.turns.release()
    rig.wait(lambda: rig.current == 2 * SLICE_ROWS - 1)
    rig.enter()
    assert rig.current == 2 * SLICE_ROWS - 1
    kernel.turns.release()
    rig.wait(lambda: rig.current == 0)


def test_rows_that_left_memory_before_are_told(qtbot: QtBot, tmp_path: Path) -> None:
    rig = FindRig(qtbot, tmp_path, budget_bytes=2_000_000)
    kernel = OneByOne()
    rig.sockets.kernels.search = kernel
    put_many(rig.store, 1, 20_000)
    rig.refresh()
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "x")
    kernel.turns.release()
    rig.wait(lambda: len(rig.model.hits.rows) > 0)
    put_many(rig.store, 1, 100_000)
    kernel.turns.release(500)
    rig.wait(lambda: "had left memory before" in rig.words)
    assert rig.bar.result.words.tone == "waiting"
    rig.panel.stop_search()


def test_clearing_searches_again(rig: FindRig) -> None:
    fill(rig, 10)
    rig.find("hit", "2 hits in 10 messages")
    rig.trigger("clear")
    rig.until("no hit in 0 messages")
    fill(rig, 5)
    rig.until("1 hit in 5 messages")
