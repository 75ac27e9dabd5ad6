"""An inspector with everything it depends on, for the tests of its views."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import SocketList, put
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import RowId, SocketType
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.commands import AskPath
from zmqscope.ui.inspector.panel import InspectorPanel
from zmqscope.ui.inspector.saving import ask_for_path
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

SUB, ROUTER, PULL = 1, 2, 3


class InspectorRig:
    """Three sockets, a store, and the panel."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        formats: Formats | None = None,
        ask_path: AskPath = ask_for_path,
    ) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.store = CaptureStore(1 << 30)
        self.sockets = SocketList()
        self.sockets.add(SUB, SocketType.SUB, "quotes")
        self.sockets.add(ROUTER, SocketType.ROUTER, "orders")
        self.sockets.add(PULL, SocketType.PULL, "jobs")
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.formats = formats or Formats()
        self.settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        self.panel = InspectorPanel(
            self.store,
            self.sockets.as_controller(),
            self.theme,
            self.actions,
            self.formats,
            self.settings,
            ask_path,
        )
        qtbot.addWidget(self.panel)
        self.panel.resize(420, 700)
        self.panel.show()
        QApplication.processEvents()

    def show(self, socket_id: int, *frames: bytes) -> RowId:
        """Store a message and show it."""
        put(self.store, socket_id, frames)
        row = RowId(self.store.end_row - 1)
        self.panel.show_row(row)
        QApplication.processEvents()
        return row

    def trigger(self, name: str) -> None:
        """Have an action of the inspector carried out."""
        self.actions.qaction(f"inspector.{name}").trigger()
        QApplication.processEvents()

    def look(self, view: FrameView) -> None:
        """Show the frames of this socket so."""
        self.panel.viewing.on_view_asked(view)
        QApplication.processEvents()

    @property
    def message(self) -> Inspected:
        """What is shown."""
        assert self.panel.message is not None
        return self.panel.message

    @property
    def view(self) -> FrameView:
        """How it is shown."""
        return self.panel.content.view

    def rows(self, column: int = 0) -> list[str]:
        """A column of the tree, as far as it is open, from the top down."""
        tree = self.panel.content.bodies.tree.tree
        index, texts = tree.fields.index(0, 0), []
        while index.isValid():
            texts.append(str(index.siblingAtColumn(column).data()))
            index = tree.indexBelow(index)
        return texts

    def select(self, *rows: int) -> None:
        """Make a field current, as the user does it."""
        self.panel.content.bodies.tree.tree.select_rows(rows, quietly=False)
        QApplication.processEvents()

    def words(self) -> str:
        """Every sentence in sight."""
        labels = self.panel.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())


def clipboard() -> str:
    """The text on the clipboard."""
    return QGuiApplication.clipboard().text()
