"""The find bar over a table with two sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import SocketList, put
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import SocketType
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.find_bar import DirectionButton, FindBar
from zmqscope.ui.messages.painter import ROW_HEIGHT_PX
from zmqscope.ui.messages.panel import MessagesPanel
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

Key = Qt.Key


NO_KEYS = Qt.KeyboardModifier.NoModifier


SHIFT = Qt.KeyboardModifier.ShiftModifier


# What the search kernel looks at in one call at most.
SLICE_ROWS = 131_072


class FindRig:
    """A messages panel with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path, budget_bytes: int = 1 << 30) -> None:
        self.qtbot = qtbot
        self.store = CaptureStore(budget_bytes)
        self.sockets = SocketList()
        self.sockets.add(1, SocketType.SUB, "quotes")
        self.sockets.add(2, SocketType.ROUTER, "orders")
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        self.panel = MessagesPanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions, settings
        )
        qtbot.addWidget(self.panel)
        qtbot.addWidget(self.panel.corner_widget())
        self.panel.resize(1000, 600)
        self.panel.show()
        self.view, self.model = self.panel.view, self.panel.model
        QApplication.processEvents()

    @property
    def bar(self) -> FindBar:
        return self.panel.finder.bar

    @property
    def words(self) -> str:
        return self.bar.result.words.text

    @property
    def current(self) -> int | None:
        index = self.view.currentIndex()
        return self.model.row_id(index.row()) if index.isValid() else None

    def refresh(self) -> None:
        self.panel.refresh(0)
        QApplication.processEvents()

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"messages.{name}").trigger()
        QApplication.processEvents()

    def find(self, text: str, says: str) -> None:
        """Open the bar, type a text in place of the last, and wait for what the bar says."""
        self.trigger("find")
        QTest.keyClicks(self.bar.field, text)
        self.until(says)

    def until(self, says: str) -> None:
        self.wait(lambda: self.words == says)

    def wait(self, condition: Callable[[], object]) -> None:
        """Refresh as the display's clock does until a condition holds."""

        def holds() -> bool:
            self.panel.refresh(0)
            return bool(condition())

        self.qtbot.waitUntil(holds)

    def enter(self, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyClick(self.bar.field, Key.Key_Return, modifiers)
        QApplication.processEvents()

    def top_id(self) -> int | None:
        return self.model.row_id(self.view.top_row())

    def shown(self) -> list[int]:
        return self.model.rows.row_ids(0, len(self.model.rows))

    def color_at(self, line: int) -> str:
        """The ground of a line of the table."""
        picture = self.view.viewport().grab().toImage()
        return QColor(picture.pixel(3, line * ROW_HEIGHT_PX + 3)).name()


def fill(rig: FindRig, count: int) -> None:
    """Store messages; every fifth one, from the first on, is a hit."""
    put(rig.store, 1, *[(b"EUR", b"hit" if n % 5 == 0 else b"no") for n in range(count)])
    rig.refresh()


def choose_direction(rig: FindRig, words: str) -> None:
    """Choose from the menu of the direction's button."""
    (button,) = rig.bar.findChildren(DirectionButton)
    (entry,) = [entry for entry in button.menu().actions() if entry.text() == words]
    entry.trigger()
    assert button.text() == words


@contextmanager
def opened_table(qtbot: QtBot, tmp_path: Path) -> Iterator[FindRig]:
    """Without messages; the search ends with it."""
    rig = FindRig(qtbot, tmp_path)
    try:
        yield rig
    finally:
        rig.panel.stop_search()
        rig.panel.close()
