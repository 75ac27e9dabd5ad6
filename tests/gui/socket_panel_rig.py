"""The sockets panel, and sockets that a test makes up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.socket_rig import RecordingController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Problem, SocketSnapshot
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.detail_rows import EndpointStatusRow, TopicItemRow
from zmqscope.ui.sockets.empty import EmptySockets
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.theme import Theme, ThemeMode

Q = Qt.Key


NOBODY = Problem("Nobody answers at tcp://a:1; libzmq keeps trying.", "Check the address.")


IN_USE = Problem("tcp://*:5 is already in use.", "Choose another port.")


BAD_OPTION = Problem("libzmq does not accept rcvhwm=-1 on a SUB.", "Change the option.")


INI = QSettings.Format.IniFormat


class SocketPanelRig:
    """A sockets panel with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.store = CaptureStore()
        self.controller = RecordingController()
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.settings = Settings(QSettings(str(folder / "settings.ini"), INI))
        self.panel = SocketsPanel(
            self.store, self.controller.as_controller(), self.theme, self.actions, self.settings
        )
        qtbot.addWidget(self.panel)
        self.panel.resize(300, 700)
        self.panel.show()

    def show(self, snapshot: SocketSnapshot) -> SocketSnapshot:
        return self.controller.show(snapshot)

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"socket.{name}").trigger()

    def enabled(self, name: str) -> bool:
        return self.actions.qaction(f"socket.{name}").isEnabled()


def press_link(holder: EmptySockets, words: str) -> None:
    link = next(x for x in holder.findChildren(LinkButton) if x.text() == words)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)


def press_icon(holder: EndpointStatusRow | TopicItemRow, words: str) -> None:
    button = next(x for x in holder.findChildren(IconButton) if x.accessibleName() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@contextmanager
def opened_sockets(qtbot: QtBot, tmp_path: Path) -> Iterator[SocketPanelRig]:
    """Without sockets."""
    rig = SocketPanelRig(qtbot, tmp_path)
    try:
        yield rig
    finally:
        rig.panel.close()
