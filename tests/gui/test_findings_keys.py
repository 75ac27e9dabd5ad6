"""How what the strip of findings offers is pressed: by Enter, and twice in a row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from tests.gui.findings_rig import FindingsRig, finding, opened_findings
from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.types import Severity
from zmqscope.ui.enter_key import click_on_enter
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.quiet_button import QuietButton
from zmqscope.ui.theme import Theme, ThemeMode


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[FindingsRig]:
    with opened_findings(qtbot, tmp_path) as made:
        yield made


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_what_has_the_focus(rig: FindingsRig, key: Qt.Key) -> None:
    """On each desktop: Qt leaves it to the desktop's theme which keys press a button."""
    rig.find(finding(3, Rule.FLAPPING, Severity.ERROR, Fix(FixKind.EDIT)))
    asked = QSignalSpy(rig.strip.fix_asked)
    (card,) = rig.strip.cards
    QTest.keyClick(card.links[0], key)
    assert asked.count() == 1
    chosen = QSignalSpy(rig.strip.socket_chosen)
    QTest.keyClick(card.stops()[0], key)
    assert chosen.count() == 1


def test_enter_presses_small_buttons(qtbot: QtBot) -> None:
    theme = Theme(ThemeMode.DARK)
    for button in (QuietButton(theme, theme.ui_font()), IconButton(theme, "x", "Close")):
        qtbot.addWidget(button)
        clicked = QSignalSpy(button.clicked)
        QTest.keyClick(button, Qt.Key.Key_Return)
        QTest.keyClick(button, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
        assert clicked.count() == 2
        for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier):
            event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, modifier)
            assert not click_on_enter(button, event)
        assert clicked.count() == 2


def test_a_double_click_answers_one_client_only(rig: FindingsRig, qtbot: QtBot) -> None:
    """The next question takes the place of the answered one, under the pointer."""

    def knock(number: int) -> Finding:
        fixes = (Fix(FixKind.LET_IN, value=number), Fix(FixKind.REFUSE, value=number))
        return finding(3, Rule.KNOCKING, Severity.WARNING, *fixes, text=f"client {number} knocks")

    rig.find(knock(1))
    asked = QSignalSpy(rig.strip.fix_asked)
    rig.press("Let in")
    rig.find(knock(2))
    rig.press("Let in")
    assert [asked.at(n)[1].value for n in range(asked.count())] == [1]

    def is_answered() -> bool:
        rig.press("Let in")
        return asked.count() == 2

    qtbot.waitUntil(is_answered)
    assert asked.at(1)[1].value == 2
