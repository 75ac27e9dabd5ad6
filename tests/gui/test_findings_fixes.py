"""What the links of a finding ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from tests.gui.findings_rig import BAD_OPTION, THERE, FindingsRig, Q, finding, opened_findings
from tests.gui.socket_rig import snapshot_of
from zmqscope.core.diagnosis.finding import Fix, FixKind, Rule
from zmqscope.core.security.access import Verdict
from zmqscope.core.types import Severity, SocketId, SocketState, SocketType
from zmqscope.ui.doctor.card import FindingCard
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[FindingsRig]:
    with opened_findings(qtbot, tmp_path) as made:
        yield made


# ---- what is pressed ------------------------------------------------------------------------


def test_the_title_selects_the_socket(rig: FindingsRig) -> None:
    rig.find(finding(5))
    title = rig.strip.cards[0].stops()[0]
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    assert rig.panel.selected == 5
    rig.panel.select(SocketId(1))
    QTest.keyClick(title, Q.Key_Space)
    assert rig.panel.selected == 5


def test_why_asks_for_the_rules_page(rig: FindingsRig) -> None:
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
def test_links_tell_the_engine(
    rig: FindingsRig, fix: Fix, words: str, call: tuple[object, ...]
) -> None:
    rig.find(finding(2, Rule.ENDPOINT_PROBLEM, Severity.ERROR, fix))
    rig.press(words)
    assert rig.controller.calls == [call]


def test_reconnect_without_an_endpoint_tries_what_does_not_work(rig: FindingsRig) -> None:
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
    rig: FindingsRig, kind: FixKind, words: str, options: tuple[tuple[str, int], ...]
) -> None:
    rig.find(finding(2, Rule.ENDPOINT_PROBLEM, Severity.ERROR, Fix(kind)))
    link = next(link for link in rig.strip.cards[0].links if link.text() == words)
    assert "opened again" in link.toolTip()
    rig.press(words)
    spec = rig.controller.snapshots[SocketId(2)].spec
    assert rig.controller.calls == [("change", 2, replace(spec, options=options))]


def test_links_that_lead_elsewhere(rig: FindingsRig) -> None:
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


def test_edit_shows_the_details_or_the_spec_of_a_socket_that_never_opened(rig: FindingsRig) -> None:
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


def test_a_link_of_a_socket_that_has_gone_does_nothing(rig: FindingsRig) -> None:
    rig.find(finding(3, Rule.ENDPOINT_PROBLEM, Severity.ERROR, Fix(FixKind.REOPEN)))
    rig.controller.remove_socket(SocketId(3))
    rig.press("Reopen")
    assert rig.controller.calls == [("remove", 3)]


def test_the_action_brings_the_first_finding_to_the_front(rig: FindingsRig, qtbot: QtBot) -> None:
    rig.find(finding(3))
    qtbot.waitUntil(rig.panel.isActiveWindow)
    with qtbot.waitSignal(rig.panel.front_wanted):
        rig.actions.qaction("view.findings").trigger()
    assert rig.panel.focusWidget() is rig.strip.cards[0].stops()[0]


def test_links_are_links(rig: FindingsRig) -> None:
    rig.find(finding(3))
    (card,) = rig.strip.findChildren(FindingCard)
    assert all(isinstance(link, LinkButton) for link in card.links)
