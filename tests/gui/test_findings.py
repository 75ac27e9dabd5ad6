"""The strip with the doctor's findings, the marks in the list, and what the links ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.socket_rig import NOW_NS, RecordingController, snapshot_of
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.security.access import Verdict
from zmqscope.core.types import (
    Endpoint,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketState,
    SocketType,
)
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.doctor.card import FindingCard
from zmqscope.ui.doctor.strip_plan import plan_strip
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.statusbar import FindingsButton, LedgerBar
from zmqscope.ui.theme import Theme, ThemeMode

Q = Qt.Key
THERE = Endpoint(Role.CONNECT, "tcp://a:1")
WAITS = "It has waited {0} s for a reply."
WHY = "REQ sent one request and nothing came back. It cannot send again until a reply arrives."
BAD_OPTION = Problem("libzmq does not accept rcvhwm=-1 on a SUB.", "Change the option.")
_INI = QSettings.Format.IniFormat


def finding(
    number: int,
    rule: Rule = Rule.NOBODY_LISTENS,
    severity: Severity = Severity.WARNING,
    *fixes: Fix,
    text: str = "Nobody listens there.",
    since: int = 0,
) -> Finding:
    """A finding about a socket."""
    return Finding(SocketId(number), rule, severity, text, WHY, fixes, since_ns=since or number)


def waits(seconds: str) -> Finding:
    """The REQ's finding, whose words change all the time."""
    fix = Fix(FixKind.RELAX_REQ)
    return finding(2, Rule.REQ_WAITS, Severity.WARNING, fix, text=WAITS.format(seconds))


class Rig:
    """A sockets panel with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.controller = RecordingController()
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.panel = SocketsPanel(
            CaptureStore(),
            self.controller.as_controller(),
            self.theme,
            self.actions,
            Settings(QSettings(str(folder / "settings.ini"), _INI)),
        )
        self.strip = self.panel.strip
        qtbot.addWidget(self.panel)
        self.panel.resize(300, 700)
        self.panel.show()
        for number in range(1, 10):
            kind = SocketType.REQ if number == 2 else SocketType.SUB
            self.controller.show(snapshot_of(number, kind, f"s{number}", "tcp://a:1"))

    def find(self, *findings: Finding) -> None:
        self.controller.find(*findings)
        QApplication.processEvents()

    def numbers(self) -> list[int]:
        return [card.finding.socket_id for card in self.strip.cards]

    def titles(self) -> list[int]:
        return [card.finding.socket_id for card in self.strip.lines]

    def press(self, words: str, card: int = 0) -> None:
        links = self.strip.cards[card].links
        QTest.mouseClick(next(x for x in links if x.text() == words), Qt.MouseButton.LeftButton)

    def read(self, reads: bool) -> None:
        if reads:
            place = QPointF(5, 5)
            QApplication.sendEvent(self.strip, QEnterEvent(place, place, place))
        else:
            self.strip.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
            self.panel.refresh(NOW_NS)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    for dialog in rig.panel.findChildren(SocketDetails):
        dialog.close()
    rig.panel.close()


# ---- the strip ------------------------------------------------------------------------------


def test_without_findings_there_is_no_strip(rig: Rig) -> None:
    assert not rig.strip.isVisible()
    assert not rig.actions.qaction("view.findings").isEnabled()


def test_a_finding_is_shown_and_goes_with_its_cause(rig: Rig) -> None:
    rig.find(finding(3))
    assert rig.strip.isVisible()
    (card,) = rig.strip.cards
    assert card.accessibleName() == "Warning: s3: Nobody listens there."
    assert card.accessibleDescription() == WHY
    assert [link.text() for link in card.links] == ["Why?"]
    rig.find()
    assert not rig.strip.isVisible()


def test_a_finding_that_was_there_before_the_panel_is_shown(
    rig: Rig, qtbot: QtBot, tmp_path: Path
) -> None:
    rig.find(finding(3))
    later = SocketsPanel(
        CaptureStore(),
        rig.controller.as_controller(),
        rig.theme,
        ActionRegistry(rig.theme),
        Settings(QSettings(str(tmp_path / "later.ini"), _INI)),
    )
    qtbot.addWidget(later)
    assert [card.finding.socket_id for card in later.strip.cards] == [3]


def test_the_worst_come_first_and_then_the_oldest(rig: Rig) -> None:
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


def test_of_many_the_worst_are_shown_and_the_others_on_demand(rig: Rig) -> None:
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


def test_what_is_folded_away_comes_first_once_its_socket_is_selected(rig: Rig) -> None:
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


def test_a_thousand_findings_are_bounded(rig: Rig) -> None:
    rig.find(*(finding(number) for number in range(1, 1_001)))
    assert len(rig.strip.cards) <= 3
    rig.strip.more.click()
    assert len(rig.strip.cards) == 60
    assert rig.strip.more.text() == "Show fewer; 940 more wait behind these"
    rig.strip.more.click()
    assert len(rig.strip.cards) <= 3


@pytest.mark.parametrize("width", [200, 260, 380])
def test_all_of_it_is_seen_at_any_width(rig: Rig, qtbot: QtBot, width: int) -> None:
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


def test_only_what_fits_is_shown_at_full_length(rig: Rig, qtbot: QtBot) -> None:
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


def test_a_title_unfolds_where_it_is_and_nothing_else_moves(rig: Rig, qtbot: QtBot) -> None:
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


def test_once_in_order_it_rests(rig: Rig, qtbot: QtBot) -> None:
    rig.find(*(finding(number) for number in range(3, 10)))
    asked: list[bool] = []
    qtbot.waitUntil(lambda: rig.strip._is_settled)
    for _ in range(20):
        QApplication.processEvents()
    rig.strip._list.layout_asked.connect(lambda: asked.append(True))
    for _ in range(20):
        QApplication.processEvents()
    assert asked == []


def test_a_single_one_is_not_folded_away(rig: Rig) -> None:
    rig.panel.resize(300, 1_000)
    rig.find(*(finding(number) for number in range(3, 7)))
    assert len(rig.strip.cards) == 4
    assert not rig.strip.more.isVisible()


def test_a_few_findings_need_no_scrolling(rig: Rig, qtbot: QtBot) -> None:
    rig.find(finding(3), waits("6.2"))
    bar = rig.strip.scroll_bar
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert rig.strip.height() < 300


def test_many_findings_scroll_and_leave_the_list_its_room(rig: Rig) -> None:
    rig.find(*(finding(number) for number in range(1, 10)))
    rig.strip.more.click()
    QApplication.processEvents()
    assert rig.strip.scroll_bar.maximum() > 100
    assert rig.strip.height() <= 0.5 * rig.panel.height()
    assert rig.panel.view.height() > 100


def test_changing_words_do_not_make_it_jump(rig: Rig, qtbot: QtBot) -> None:
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


def test_nothing_moves_while_it_is_read(rig: Rig) -> None:
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


def test_solved_while_read_it_cannot_be_pressed_and_keeps_the_focus(rig: Rig, qtbot: QtBot) -> None:
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


def test_a_renamed_socket_is_called_by_its_new_name(rig: Rig) -> None:
    rig.find(finding(3))
    snapshot = rig.controller.snapshots[SocketId(3)]
    rig.controller.show(replace(snapshot, spec=replace(snapshot.spec, name="quotes")))
    assert rig.strip.cards[0].accessibleName().startswith("Warning: quotes: ")


def test_foreign_text_stays_in_its_line(rig: Rig) -> None:
    rig.find(finding(3, text="bad\nid \u202e<b>x</b>" + "y" * 5_000))
    name = rig.strip.cards[0].accessibleName()
    assert "\n" not in name
    assert "\u202e" not in name
    assert len(name) < 1_000


def test_tab_goes_through_the_findings_from_top_to_bottom(rig: Rig) -> None:
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


def test_every_link_says_what_it_does(rig: Rig) -> None:
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


# ---- what is pressed ------------------------------------------------------------------------


def test_the_title_selects_the_socket(rig: Rig) -> None:
    rig.find(finding(5))
    title = rig.strip.cards[0].stops()[0]
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    assert rig.panel.selected == 5
    rig.panel.select(SocketId(1))
    QTest.keyClick(title, Q.Key_Space)
    assert rig.panel.selected == 5


def test_why_asks_for_the_rules_page(rig: Rig) -> None:
    asked = QSignalSpy(rig.panel.doctor.help_requested)
    rig.find(finding(5, Rule.SLOW_JOINER))
    rig.press("Why?")
    rig.actions.qaction("help.doctor").trigger()
    assert [asked.at(i)[0] for i in range(asked.count())] == [Rule.SLOW_JOINER, None]


@pytest.mark.parametrize(
    ("fix", "words", "call"),
    [
        (Fix(FixKind.RECONNECT, THERE), "Reconnect", ("retry_endpoint", 2, THERE)),
        (Fix(FixKind.REOPEN), "Reopen", ("reopen", 2)),
        (Fix(FixKind.CLOSE), "Close", ("close", 2)),
        (Fix(FixKind.REMOVE_ENDPOINT, THERE), "Remove endpoint", ("remove_endpoint", 2, THERE)),
        (Fix(FixKind.SUBSCRIBE_ALL), "Subscribe to everything", ("subscribe", 2, b"")),
        (Fix(FixKind.LET_IN, value=7), "Let in", ("answer_knock", 7, Verdict.LET_IN)),
        (Fix(FixKind.REFUSE, value=7), "Refuse", ("answer_knock", 7, Verdict.REFUSE)),
    ],
)
def test_links_tell_the_engine(rig: Rig, fix: Fix, words: str, call: tuple[object, ...]) -> None:
    rig.find(finding(2, Rule.ENDPOINT_PROBLEM, Severity.ERROR, fix))
    rig.press(words)
    assert rig.controller.calls == [call]


def test_reconnect_without_an_endpoint_tries_what_does_not_work(rig: Rig) -> None:
    rig.controller.show(
        snapshot_of(3, SocketType.SUB, "s3", "tcp://a:1", state=SocketState.RETRYING)
    )
    rig.find(finding(3, Rule.ENDPOINT_PROBLEM, Severity.ERROR, Fix(FixKind.RECONNECT)))
    rig.press("Reconnect")
    assert rig.controller.calls == [("retry_endpoint", 3, THERE)]
    rig.controller.show(replace(rig.controller.snapshots[SocketId(3)], state=SocketState.CLOSED))
    rig.press("Reconnect")
    assert rig.controller.calls[1:] == [("reopen", 3)]


@pytest.mark.parametrize(
    ("kind", "words", "options"),
    [
        (FixKind.RELAX_REQ, "Relax REQ", (("req_relaxed", 1), ("req_correlate", 1))),
        (FixKind.RAISE_HIGH_WATER_MARK, "Raise to 10,000", (("sndhwm", 10_000),)),
        (FixKind.RAISE_MAX_MESSAGE_SIZE, "Lift the limit", ()),
        (FixKind.TURN_CONFLATE_OFF, "Turn conflate off", ()),
    ],
)
def test_links_that_open_the_socket_anew(
    rig: Rig, kind: FixKind, words: str, options: tuple[tuple[str, int], ...]
) -> None:
    rig.find(finding(2, Rule.ENDPOINT_PROBLEM, Severity.ERROR, Fix(kind)))
    link = next(link for link in rig.strip.cards[0].links if link.text() == words)
    assert "opened again" in link.toolTip()
    rig.press(words)
    spec = rig.controller.snapshots[SocketId(2)].spec
    assert rig.controller.calls == [("change", 2, replace(spec, options=options))]


def test_links_that_lead_elsewhere(rig: Rig) -> None:
    fixes = rig.panel.doctor.fixes
    spies = [
        QSignalSpy(fixes.probe_requested),
        QSignalSpy(fixes.compose_requested),
        QSignalSpy(fixes.peers_requested),
        QSignalSpy(fixes.always_requested),
    ]
    rig.find(
        finding(
            3, Rule.SILENT_PEER, Severity.ERROR,
            Fix(FixKind.PROBE, THERE), Fix(FixKind.COMPOSE), Fix(FixKind.SHOW_PEERS),
            Fix(FixKind.LET_IN_ALWAYS, value=9),
        )
    )  # fmt: skip
    for words in ("Probe…", "Write a message…", "Show peers", "Always let in"):
        rig.press(words)
    assert [spy.at(0) for spy in spies] == [[3, THERE], [3], [3], [9]]
    assert rig.controller.calls == []


def test_edit_shows_the_details_or_the_spec_of_a_socket_that_never_opened(rig: Rig) -> None:
    edit = Fix(FixKind.EDIT)
    rig.find(finding(3, Rule.ENDPOINT_PROBLEM, Severity.ERROR, edit))
    rig.press("Edit…")
    details = rig.panel.window().findChild(SocketDetails)
    assert isinstance(details, SocketDetails)
    assert details.socket_id == 3
    assert rig.panel.selected == 3
    details.close()
    failed = snapshot_of(4, SocketType.SUB, "s4", "tcp://a:1", state=SocketState.FAILED)
    rig.controller.show(replace(failed, problem=BAD_OPTION))
    rig.find(finding(4, Rule.ENDPOINT_PROBLEM, Severity.ERROR, edit))
    rig.press("Edit…")
    dialog = rig.panel.window().findChild(NewSocketDialog)
    assert isinstance(dialog, NewSocketDialog)
    dialog.reject()


def test_a_link_of_a_socket_that_has_gone_does_nothing(rig: Rig) -> None:
    rig.find(finding(3, Rule.ENDPOINT_PROBLEM, Severity.ERROR, Fix(FixKind.REOPEN)))
    rig.controller.remove_socket(SocketId(3))
    rig.press("Reopen")
    assert rig.controller.calls == [("remove", 3)]


def test_the_action_brings_the_first_finding_to_the_front(rig: Rig, qtbot: QtBot) -> None:
    rig.find(finding(3))
    qtbot.waitUntil(rig.panel.isActiveWindow)
    with qtbot.waitSignal(rig.panel.front_wanted):
        rig.actions.qaction("view.findings").trigger()
    assert rig.panel.focusWidget() is rig.strip.cards[0].stops()[0]


# ---- list and status bar --------------------------------------------------------------------


def item_text(rig: Rig, number: int, role: Qt.ItemDataRole) -> str:
    """What the list says of a socket."""
    return str(rig.panel.model.index(number - 1).data(role))


def test_the_list_marks_sockets_with_findings(rig: Rig) -> None:
    plain = rig.panel.view.grab().toImage()
    rig.find(finding(3, Rule.GIVEN_UP, Severity.ERROR, text="libzmq gave up."), finding(3))
    assert rig.panel.model.item(2).findings[0].rule is Rule.GIVEN_UP
    assert rig.panel.view.grab().toImage() != plain
    tip = item_text(rig, 3, Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[-2:] == ["libzmq gave up.", "Nobody listens there."]
    told = item_text(rig, 3, Qt.ItemDataRole.AccessibleTextRole)
    assert told.endswith("libzmq gave up., Nobody listens there.")
    rig.find()
    assert rig.panel.model.item(2).findings == ()
    assert rig.panel.view.grab().toImage() == plain


def test_a_socket_that_is_listed_later_is_marked_too(rig: Rig) -> None:
    rig.find(finding(10))
    rig.controller.show(snapshot_of(10, SocketType.SUB, "late", "tcp://a:1"))
    assert len(rig.panel.model.item(9).findings) == 1


def shown(snapshot: SocketSnapshot, rig: Rig) -> str:
    """The tooltip of a socket."""
    rig.controller.show(snapshot)
    return item_text(rig, snapshot.socket_id, Qt.ItemDataRole.ToolTipRole)


def test_a_problem_is_not_said_twice(rig: Rig) -> None:
    rig.find(finding(3, Rule.ENDPOINT_PROBLEM, text=BAD_OPTION.text))
    tip = shown(snapshot_of(3, SocketType.SUB, "s3", "tcp://a:1", problem=BAD_OPTION), rig)
    assert tip.count(BAD_OPTION.text) == 1


def test_the_status_bar_counts_them_quietly(qtbot: QtBot) -> None:
    bar = LedgerBar(Theme(ThemeMode.DARK))
    qtbot.addWidget(bar)
    bar.resize(1_280, bar.height())
    bar.show()
    button = bar.findChild(FindingsButton)
    assert isinstance(button, FindingsButton)
    assert not button.isVisible()
    bar.on_controller_findings_changed((finding(3), finding(4)))
    assert button.isVisible()
    assert button.accessibleName() == "2 findings"
    with qtbot.waitSignal(bar.findings_asked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    bar.on_controller_findings_changed((finding(3),))
    assert button.accessibleName() == "1 finding"
    bar.on_controller_findings_changed(())
    assert not button.isVisible()


def test_links_are_links(rig: Rig) -> None:
    rig.find(finding(3))
    (card,) = rig.strip.findChildren(FindingCard)
    assert all(isinstance(link, LinkButton) for link in card.links)
