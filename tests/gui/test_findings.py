"""The strip with the doctor's findings: what is shown of them, in which order, at any width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.findings_rig import INI, THERE, WHY, FindingsRig, finding, opened_findings, waits
from tests.gui.socket_rig import NOW_NS
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.diagnosis.finding import Fix, FixKind, Rule
from zmqscope.core.types import Severity, SocketId
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.doctor.strip_plan import plan_strip
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.labels import breakable, unbroken
from zmqscope.ui.sockets.panel import SocketsPanel


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[FindingsRig]:
    with opened_findings(qtbot, tmp_path) as made:
        yield made


# ---- the strip ------------------------------------------------------------------------------


def test_without_findings_there_is_no_strip(rig: FindingsRig) -> None:
    assert not rig.strip.isVisible()
    assert not rig.actions.qaction("view.findings").isEnabled()


def test_a_finding_is_shown_and_goes_with_its_cause(rig: FindingsRig) -> None:
    rig.find(finding(3))
    assert rig.strip.isVisible()
    (card,) = rig.strip.cards
    assert card.accessibleName() == "Warning: s3: Nobody listens there."
    assert card.accessibleDescription() == WHY
    assert [link.text() for link in card.links] == ["Why?"]
    rig.find()
    assert not rig.strip.isVisible()


def test_a_finding_that_was_there_before_the_panel_is_shown(
    rig: FindingsRig, qtbot: QtBot, tmp_path: Path
) -> None:
    rig.find(finding(3))
    later = SocketsPanel(
        CaptureStore(),
        rig.controller.as_controller(),
        rig.theme,
        ActionRegistry(rig.theme),
        Settings(QSettings(str(tmp_path / "later.ini"), INI)),
    )
    qtbot.addWidget(later)
    assert [card.finding.socket_id for card in later.strip.cards] == [3]


def test_the_worst_come_first_and_then_the_oldest(rig: FindingsRig) -> None:
    rig.find(
        finding(3, Rule.STRANGERS, Severity.INFO),
        finding(4, since=9),
        finding(5, Rule.GIVEN_UP, Severity.ERROR),
        finding(6, since=8),
        finding(7, Rule.KNOCKING),
    )
    rig.strip.more.click()
    assert rig.numbers() == [5, 7, 6, 4, 3]
    names = [card.accessibleName().split(":")[0] for card in rig.strip.cards]
    assert names == ["Error", "Warning", "Warning", "Warning", "Note"]


def test_of_many_the_worst_are_shown_and_the_others_on_demand(rig: FindingsRig) -> None:
    many = [finding(number) for number in range(3, 9)]
    rig.find(*many, finding(9, Rule.GIVEN_UP, Severity.ERROR))
    assert rig.numbers() == [9, 3]
    assert rig.titles() == [4, 5, 6, 7, 8]
    assert not rig.strip.more.isVisible()
    more = [
        finding(number, rule) for rule in (Rule.FLAPPING, Rule.STRANGERS) for number in range(3, 9)
    ]
    rig.find(*many, *more)
    assert rig.numbers() == [3]
    assert rig.titles()
    assert rig.strip.more.text() == f"{17 - len(rig.titles())} more…"
    rig.strip.more.click()
    assert len(rig.numbers()) == 18
    assert rig.titles() == []
    assert rig.strip.more.text() == "Show fewer"
    rig.strip.more.click()
    assert rig.numbers() == [3]
    rig.find(*many[:2])
    assert rig.numbers() == [3, 4]
    assert not rig.strip.more.isVisible()


def test_what_is_folded_away_comes_first_once_its_socket_is_selected(rig: FindingsRig) -> None:
    rig.find(*[finding(number) for number in range(3, 9)])
    assert rig.numbers() == [3, 4, 5]
    rig.panel.select(SocketId(8))
    assert rig.numbers() == [8, 3, 4]
    assert rig.titles() == [5, 6, 7]
    rig.panel.select(SocketId(1))  # nothing is wrong with it
    assert rig.numbers() == [3, 4, 5]
    rig.find(*[finding(number) for number in range(3, 7)])
    assert rig.numbers() == [3, 4, 5]  # for want of room
    rig.panel.select(SocketId(6))
    assert rig.numbers() == [6, 3, 4]
    rig.find(finding(3), finding(4))
    rig.panel.select(SocketId(4))  # all are shown: none moves
    assert rig.numbers() == [3, 4]


def test_a_thousand_findings_are_bounded(rig: FindingsRig) -> None:
    rig.find(*(finding(number) for number in range(1, 1_001)))
    assert len(rig.strip.cards) <= 3
    rig.strip.more.click()
    assert len(rig.strip.cards) == 60
    assert rig.strip.more.text() == "Show fewer; 940 more wait behind these"
    rig.strip.more.click()
    assert len(rig.strip.cards) <= 3


@pytest.mark.parametrize("width", [200, 260, 380])
def test_all_of_it_is_seen_at_any_width(rig: FindingsRig, qtbot: QtBot, width: int) -> None:
    rig.panel.resize(width, 1_000)
    long = "nobody listens at tcp://a-long-host-name.example.org:5556 " * 2
    rig.find(finding(3, text=long), finding(4, Rule.FLAPPING, Severity.ERROR, Fix(FixKind.EDIT)))
    qtbot.waitUntil(lambda: rig.strip.width() == width)

    def is_whole() -> bool:
        last = rig.strip.cards[-1]
        bottom = last.mapTo(rig.strip, last.rect().bottomLeft()).y()
        seen = last.visibleRegion().boundingRect().height() == last.height()
        return seen and 0 < rig.strip.height() - bottom < 20

    qtbot.waitUntil(is_whole)
    assert rig.strip.scroll_bar.maximum() == 0


def test_a_host_of_63_letters_is_read_to_its_end(rig: FindingsRig, qtbot: QtBot) -> None:
    host = "h" * 63
    rig.find(finding(3, text=f"unknown host {host}.example: Name or service not known"))
    (card,) = rig.strip.cards
    whole = card.height_unfolded(260)
    rig.find(finding(3, text="unknown host h.example: Name or service not known"))
    # Three lines more at least: what is not wrapped would be cut off at the right edge.
    line = card.fontMetrics().height()
    assert whole >= card.height_unfolded(260) + 2 * line
    drawn = breakable(f"tcp://{host}.example:5555/a")
    assert unbroken(drawn) == f"tcp://{host}.example:5555/a"
    assert drawn.count("\u200b") >= 63
    assert breakable("a short one") == "a short one"


def test_only_what_fits_is_shown_at_full_length(rig: FindingsRig, qtbot: QtBot) -> None:
    rig.panel.resize(300, 340)
    rig.find(*(finding(number) for number in range(3, 6)))
    qtbot.waitUntil(lambda: rig.numbers() == [3])
    assert rig.titles() == [4, 5]
    assert rig.strip.scroll_bar.maximum() == 0
    rig.panel.resize(300, 1_000)
    qtbot.waitUntil(lambda: rig.numbers() == [3, 4, 5])
    rig.strip.set_max_height(120)
    assert rig.numbers() == [3]
    assert rig.strip.more.text() == "2 more…"
    assert rig.strip.more.toolTip() == "s4: Nobody listens there.\ns5: Nobody listens there."


def test_a_title_unfolds_where_it_is_and_nothing_else_moves(rig: FindingsRig, qtbot: QtBot) -> None:
    rig.find(*(finding(number) for number in range(3, 10)))
    qtbot.waitUntil(lambda: len(rig.titles()) == 5)
    first = rig.strip.lines[0]
    assert "Press to read" in first.stops()[0].accessibleDescription()
    assert WHY in first.stops()[0].toolTip()
    rig.read(True)
    places = [card.mapTo(rig.panel, QPoint()) for card in (*rig.strip.cards, first)]
    height, chosen = rig.strip.height(), rig.panel.view.currentIndex().row()
    QTest.mouseClick(first.stops()[0], Qt.MouseButton.LeftButton)
    assert rig.numbers() == [3, 4, 5]
    assert rig.titles() == [6, 7, 8, 9]
    assert [card.mapTo(rig.panel, QPoint()) for card in rig.strip.cards] == places
    assert rig.strip.height() == height
    assert rig.panel.view.currentIndex().row() == chosen
    assert first.links[-1].isVisible()
    last = rig.strip.lines[-1]
    QTest.mouseClick(last.stops()[0], Qt.MouseButton.LeftButton)
    seen = last.visibleRegion().boundingRect()
    assert seen.height() == last.height()
    # It comes first once the reader has left, and all the others are still told.
    rig.read(False)
    rig.find(*(finding(number) for number in range(2, 10)))
    assert rig.numbers()[0] == 9
    assert len(rig.numbers()) + len(rig.titles()) == 8


@pytest.mark.parametrize(
    ("total", "room", "expected"),
    [
        (0, 300, (0, 0)),
        (1, 10, (1, 0)),
        (3, 300, (3, 0)),
        (3, 299, (2, 1)),
        (5, 240, (1, 4)),
        (5, 260, (2, 3)),
        (9, 200, (1, 4)),
        (9, 90, (1, 0)),
    ],
)
def test_titles_of_all_come_before_more_at_full_length(
    total: int, room: int, expected: tuple[int, int]
) -> None:
    heights = [100] * min(total, 4)
    assert plan_strip(heights, total, 20, 18, room) == expected


def test_once_in_order_it_rests(rig: FindingsRig, qtbot: QtBot) -> None:
    rig.find(*(finding(number) for number in range(3, 10)))
    asked: list[bool] = []
    qtbot.waitUntil(lambda: rig.strip._is_settled)
    for _ in range(20):
        QApplication.processEvents()
    rig.strip._list.layout_asked.connect(lambda: asked.append(True))
    for _ in range(20):
        QApplication.processEvents()
    assert asked == []


def test_a_single_one_is_not_folded_away(rig: FindingsRig) -> None:
    rig.panel.resize(300, 1_000)
    rig.find(*(finding(number) for number in range(3, 7)))
    assert len(rig.strip.cards) == 4
    assert not rig.strip.more.isVisible()


def test_a_few_findings_need_no_scrolling(rig: FindingsRig, qtbot: QtBot) -> None:
    rig.find(finding(3), waits("6.2"))
    bar = rig.strip.scroll_bar
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert rig.strip.height() < 300


def test_many_findings_scroll_and_leave_the_list_its_room(rig: FindingsRig) -> None:
    rig.find(*(finding(number) for number in range(1, 10)))
    rig.strip.more.click()
    QApplication.processEvents()
    assert rig.strip.scroll_bar.maximum() > 100
    assert rig.strip.height() <= 0.5 * rig.panel.height()
    assert rig.panel.view.height() > 100


def test_changing_words_do_not_make_it_jump(rig: FindingsRig, qtbot: QtBot) -> None:
    rig.find(waits("9.8"), finding(3))
    low = rig.strip.height()
    rig.find(waits("1,234,567,890,123,456,789.0"), finding(3))
    qtbot.waitUntil(lambda: rig.strip.height() > low)
    tall = rig.strip.height(), [card.geometry() for card in rig.strip.cards]
    cards = rig.strip.cards
    for seconds in ("9.8", "10.1", "1,234.5", "9.9"):
        rig.find(waits(seconds), finding(3))
        QApplication.processEvents()
        assert (rig.strip.height(), [card.geometry() for card in rig.strip.cards]) == tall
        assert rig.strip.cards == cards


def test_nothing_moves_while_it_is_read(rig: FindingsRig) -> None:
    rig.find(finding(3), finding(4))
    height = rig.strip.height()
    rig.read(True)
    rig.find(finding(4), finding(5, Rule.GIVEN_UP, Severity.ERROR))
    assert rig.numbers() == [3, 4]
    assert [card.is_solved for card in rig.strip.cards] == [True, False]
    assert not rig.strip.more.isVisible()
    assert rig.strip.height() == height
    rig.find(finding(3), finding(4), finding(5, Rule.GIVEN_UP, Severity.ERROR))
    assert not any(card.is_solved for card in rig.strip.cards)
    rig.find(finding(4), finding(5, Rule.GIVEN_UP, Severity.ERROR))
    rig.read(False)
    assert rig.numbers() == [5, 4]


def test_solved_while_read_it_cannot_be_pressed_and_keeps_the_focus(
    rig: FindingsRig, qtbot: QtBot
) -> None:
    rig.find(finding(3, Rule.FLAPPING, Severity.ERROR, Fix(FixKind.CLOSE)), finding(4))
    first = rig.strip.cards[0]
    qtbot.waitUntil(rig.panel.isActiveWindow)
    first.links[0].setFocus()
    rig.find(finding(4))
    assert first.is_solved
    assert not first.links[0].isEnabled()
    focused = rig.panel.focusWidget()
    assert focused is not None
    assert first.isAncestorOf(focused)
    rig.panel.view.setFocus()
    rig.panel.refresh(NOW_NS)
    assert rig.numbers() == [4]


def test_a_renamed_socket_is_called_by_its_new_name(rig: FindingsRig) -> None:
    rig.find(finding(3))
    snapshot = rig.controller.snapshots[SocketId(3)]
    rig.controller.show(replace(snapshot, spec=replace(snapshot.spec, name="quotes")))
    assert rig.strip.cards[0].accessibleName().startswith("Warning: quotes: ")


def test_foreign_text_stays_in_its_line(rig: FindingsRig) -> None:
    rig.find(finding(3, text="bad\nid \u202e<b>x</b>" + "y" * 5_000))
    name = rig.strip.cards[0].accessibleName()
    assert "\n" not in name
    assert "\u202e" not in name
    assert len(name) < 1_000


def test_tab_goes_through_the_findings_from_top_to_bottom(rig: FindingsRig) -> None:
    fixes = (Fix(FixKind.REOPEN), Fix(FixKind.CLOSE))
    rig.find(finding(4, Rule.FLAPPING, Severity.WARNING, *fixes))
    rig.find(finding(4, Rule.FLAPPING, Severity.WARNING, *fixes), waits("1"))
    told: list[str] = []
    stop: QWidget | None = rig.strip.cards[0].stops()[0]
    while stop is not None and rig.strip.isAncestorOf(stop):
        if stop.focusPolicy() & Qt.FocusPolicy.TabFocus and stop.isVisible():
            told.append(stop.accessibleName())
        stop = stop.nextInFocusChain()
    assert told == [
        "s2: It has waited 1 s for a reply.", "Relax REQ", "Why?",
        "s4: Nobody listens there.", "Reopen", "Close", "Why?",
    ]  # fmt: skip


def test_every_link_says_what_it_does(rig: FindingsRig) -> None:
    every = [Fix(kind, THERE, 7) for kind in FixKind]
    rig.find(finding(2, Rule.ENDPOINT_PROBLEM, Severity.ERROR, *every))
    links = rig.strip.cards[0].links
    assert len(links) == len(FixKind) + 1
    for link in links:
        assert link.accessibleName() == link.text()
        assert link.toolTip()
        assert link.toolTip() != link.text()
        assert link.accessibleDescription() == "s2: Nobody listens there."
        assert link.geometry().right() < rig.strip.width()
