"""The table follows live, and keeps still under the reader's eye."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.message_panel_rig import (
    CONTROL,
    NO_KEYS,
    Key,
    MessagePanelRig,
    bottom_is_in_sight,
    opened_messages,
)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[MessagePanelRig]:
    with opened_messages(qtbot, tmp_path) as made:
        yield made


# ---- following live -----------------------------------------------------------------------------


def test_it_follows_live(rig: MessagePanelRig) -> None:
    rig.fill(500)
    assert bottom_is_in_sight(rig)
    rig.fill(500)
    assert bottom_is_in_sight(rig)
    assert rig.strip.findChildren(QToolButton)
    assert not rig.pill.isVisible()


def test_scrolling_up_stops_it_and_counts_what_is_new(rig: MessagePanelRig) -> None:
    rig.fill(500)
    rig.scroll(QAbstractSlider.SliderAction.SliderPageStepSub)
    top = rig.top_id()
    rig.fill(1_234)
    assert rig.top_id() == top
    assert rig.pill.isVisible()
    assert rig.pill.text() == "1,234 new ↓"
    rig.pill.click()
    rig.refresh()
    assert bottom_is_in_sight(rig)
    assert not rig.pill.isVisible()


def test_scrolling_to_the_bottom_resumes_it(rig: MessagePanelRig) -> None:
    rig.fill(500)
    rig.scroll(QAbstractSlider.SliderAction.SliderSingleStepSub)
    assert not rig.view.is_following
    rig.scroll(QAbstractSlider.SliderAction.SliderToMaximum)
    assert rig.view.is_following


def test_what_was_scrolled_to_is_no_longer_new(rig: MessagePanelRig) -> None:
    rig.fill(100)
    rig.scroll(QAbstractSlider.SliderAction.SliderToMinimum)
    rig.fill(100)
    rig.view.verticalScrollBar().setValue(rig.view.verticalScrollBar().maximum() - 50)
    rig.refresh()
    assert rig.pill.text() == "50 new ↓"


@pytest.mark.parametrize("key", [Key.Key_Up, Key.Key_PageUp, Key.Key_Home])
def test_the_keyboard_upwards_stops_it(rig: MessagePanelRig, key: Key) -> None:
    rig.fill(500)
    rig.press(key)
    assert not rig.view.is_following
    assert rig.last_activated is not None
    rig.press(Key.Key_End)
    assert rig.view.is_following
    assert bottom_is_in_sight(rig)


def test_home_goes_to_the_first_row_and_control_end_comes_back(rig: MessagePanelRig) -> None:
    rig.fill(500)
    rig.press(Key.Key_Home)
    assert rig.top_id() == 0
    assert rig.last_activated == 0
    rig.press(Key.Key_End, CONTROL)
    assert bottom_is_in_sight(rig)


def test_a_click_on_a_row_lets_it_run_on(rig: MessagePanelRig) -> None:
    rig.fill(500)
    QTest.mouseClick(
        rig.view.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, QPoint(200, 5 * 23 + 5)
    )
    top = rig.top_id()
    assert top is not None
    assert rig.last_activated == top + 5
    assert rig.view.is_following


def test_a_larger_window_still_ends_at_the_newest(rig: MessagePanelRig) -> None:
    rig.fill(500)
    rig.panel.resize(1000, 300)
    QApplication.processEvents()
    assert bottom_is_in_sight(rig)


# ---- rows that go -------------------------------------------------------------------------------


def test_rows_under_the_eye_stay_while_old_ones_go(qtbot: QtBot, tmp_path: Path) -> None:
    rig = MessagePanelRig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(80_000)
    rig.view.stop_following()
    rig.view.verticalScrollBar().setValue(70_000)
    top = rig.top_id()
    rig.fill(40_000)
    assert rig.store.first_row > 0
    assert rig.top_id() == top
    assert not rig.note.isVisible()


def test_reading_what_goes_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    rig = MessagePanelRig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(50_000)
    rig.press(Key.Key_Home)
    rig.fill(200_000)
    assert rig.view.top_row() == 0
    assert "no longer in memory" in rig.note.text()
    assert rig.note.isVisible()
    rig.press(Key.Key_End)
    assert not rig.note.isVisible()


def test_the_current_row_does_not_slip_to_its_neighbour(qtbot: QtBot, tmp_path: Path) -> None:
    rig = MessagePanelRig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(50_000)
    rig.press(Key.Key_Home)
    count = rig.activated.count()
    rig.fill(200_000)
    assert rig.activated.count() == count
    assert not rig.view.currentIndex().isValid()
    rig.trigger("resend")
    assert "inspector has it" in rig.note.text()


def test_a_selected_row_keeps_its_place_in_the_capture(qtbot: QtBot, tmp_path: Path) -> None:
    rig = MessagePanelRig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(80_000)
    rig.view.setCurrentIndex(rig.model.index(79_000, 0))
    rig.fill(40_000)
    assert rig.model.row_id(rig.view.currentIndex().row()) == 79_000
    assert rig.view.selected_ranges() == [
        (79_000 - rig.store.first_row, 79_001 - rig.store.first_row)
    ]
