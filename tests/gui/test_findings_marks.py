"""Findings in the list of sockets and in the status bar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.findings_rig import BAD_OPTION, FindingsRig, finding, opened_findings
from tests.gui.socket_rig import snapshot_of
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.types import Severity, SocketSnapshot, SocketType
from zmqscope.ui.doctor.card import FindingCard
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.statusbar import FindingsButton, LedgerBar
from zmqscope.ui.theme import Theme, ThemeMode


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[FindingsRig]:
    with opened_findings(qtbot, tmp_path) as made:
        yield made


def item_text(rig: FindingsRig, number: int, role: Qt.ItemDataRole) -> str:
    """What the list says of a socket."""
    return str(rig.panel.model.index(number - 1).data(role))


def test_the_list_marks_sockets_with_findings(rig: FindingsRig) -> None:
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


def test_a_socket_that_is_listed_later_is_marked_too(rig: FindingsRig) -> None:
    rig.find(finding(10))
    rig.controller.show(snapshot_of(10, SocketType.SUB, "late", "tcp://a:1"))
    assert len(rig.panel.model.item(9).findings) == 1


def shown(snapshot: SocketSnapshot, rig: FindingsRig) -> str:
    """The tooltip of a socket."""
    rig.controller.show(snapshot)
    return item_text(rig, snapshot.socket_id, Qt.ItemDataRole.ToolTipRole)


def test_a_problem_is_not_said_twice(rig: FindingsRig) -> None:
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


def test_links_are_links(rig: FindingsRig) -> None:
    rig.find(finding(3))
    (card,) = rig.strip.findChildren(FindingCard)
    assert all(isinstance(link, LinkButton) for link in card.links)
