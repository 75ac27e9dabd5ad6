"""The sockets panel with findings that a test makes up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.socket_rig import NOW_NS, RecordingController, snapshot_of
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.types import Endpoint, Problem, Role, Severity, SocketId, SocketType
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.theme import Theme, ThemeMode

Q = Qt.Key


THERE = Endpoint(Role.CONNECT, "tcp://a:1")


WAITS = "It has waited {0} s for a reply."


WHY = "REQ sent one request and nothing came back. It cannot send again until a reply arrives."


BAD_OPTION = Problem("libzmq does not accept rcvhwm=-1 on a SUB.", "Change the option.")


INI = QSettings.Format.IniFormat


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


class FindingsRig:
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
            Settings(QSettings(str(folder / "settings.ini"), INI)),
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


@contextmanager
def opened_findings(qtbot: QtBot, tmp_path: Path) -> Iterator[FindingsRig]:
    """Without findings; its dialogs are closed in the end."""
    rig = FindingsRig(qtbot, tmp_path)
    try:
        yield rig
    finally:
        for dialog in rig.panel.findChildren(SocketDetails):
            dialog.close()
        rig.panel.close()
