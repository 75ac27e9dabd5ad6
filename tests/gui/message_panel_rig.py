"""The messages panel with two sockets and a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import SocketList, put_many
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import SocketType
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.overlay import EmptyWords, NewRowsPill, NoteStrip
from zmqscope.ui.messages.panel import MessagesPanel
from zmqscope.ui.messages.strip import MessageStrip
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

Key = Qt.Key


NO_KEYS = Qt.KeyboardModifier.NoModifier


SHIFT = Qt.KeyboardModifier.ShiftModifier


CONTROL = Qt.KeyboardModifier.ControlModifier


class MessagePanelRig:
    """A messages panel with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path, budget_bytes: int = 1 << 30) -> None:
        self.qtbot = qtbot
        self.store = CaptureStore(budget_bytes)
        self.sockets = SocketList()
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        ini = QSettings.Format.IniFormat
        self.settings = Settings(QSettings(str(folder / "settings.ini"), ini))
        self.panel = self.make_panel()
        self.view, self.model = self.panel.view, self.panel.model
        self.strip = self.panel.corner_widget()
        assert isinstance(self.strip, MessageStrip)
        qtbot.addWidget(self.strip)
        self.activated = QSignalSpy(self.panel.row_activated)

    def make_panel(self) -> MessagesPanel:
        panel = MessagesPanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions, self.settings
        )
        self.qtbot.addWidget(panel)
        panel.resize(1000, 600)
        panel.show()
        panel.view.setFocus()
        QApplication.processEvents()
        return panel

    def refresh(self) -> None:
        self.panel.refresh(0)
        QApplication.processEvents()

    def fill(self, count: int, socket_id: int = 1) -> None:
        put_many(self.store, socket_id, count)
        self.refresh()

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyClick(self.view, key, modifiers)
        QApplication.processEvents()

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"messages.{name}").trigger()
        QApplication.processEvents()

    def scroll(self, action: QAbstractSlider.SliderAction) -> None:
        self.view.verticalScrollBar().triggerAction(action)
        QApplication.processEvents()

    def top_id(self) -> int | None:
        return self.model.row_id(self.view.top_row())

    @property
    def pill(self) -> NewRowsPill:
        return self.panel.findChildren(NewRowsPill)[0]

    @property
    def empty(self) -> EmptyWords:
        return self.panel.findChildren(EmptyWords)[0]

    @property
    def note(self) -> NoteStrip:
        return self.panel.findChildren(NoteStrip)[0]

    @property
    def last_activated(self) -> object:
        return self.activated.at(self.activated.count() - 1)[0]


def bottom_is_in_sight(rig: MessagePanelRig) -> bool:
    bar = rig.view.verticalScrollBar()
    return bar.value() == bar.maximum()


@contextmanager
def opened_messages(qtbot: QtBot, tmp_path: Path) -> Iterator[MessagePanelRig]:
    """A SUB and a ROUTER, without messages."""
    rig = MessagePanelRig(qtbot, tmp_path)
    rig.sockets.add(1, SocketType.SUB, "quotes")
    rig.sockets.add(2, SocketType.ROUTER, "orders")
    try:
        yield rig
    finally:
        rig.panel.close()
