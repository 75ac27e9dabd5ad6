"""The dialog for a new socket, and the names its parts are known by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.sockets.options.row import OptionRow
from zmqscope.ui.theme import Theme, ThemeMode

Q = Qt.Key


QUOTES = "sub:tcp://localhost:5556,topic=EUR,name=quotes"


class NewSocketRig:
    """The dialog, and the names its parts are known by."""

    def __init__(self, qtbot: QtBot, settings: Settings) -> None:
        self.settings = settings
        self.dialog = NewSocketDialog(Theme(ThemeMode.DARK), settings)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.opened = QSignalSpy(self.dialog.spec_accepted)

    def field(self, name: str) -> QLineEdit:
        return next(f for f in self.dialog.findChildren(QLineEdit) if f.accessibleName() == name)

    @property
    def spec(self) -> QLineEdit:
        return self.field("Socket spec")

    @property
    def type(self) -> QComboBox:
        combos = self.dialog.findChildren(QComboBox)
        return next(c for c in combos if c.accessibleName() == "Socket type")

    def combo(self, name: str) -> QComboBox:
        combos = self.dialog.findChildren(QComboBox)
        return next(c for c in combos if c.accessibleName() == name)

    @property
    def transport(self) -> QComboBox:
        return self.combo("Transport of the endpoint")

    def choose_transport(self, scheme: str) -> None:
        row = self.transport.findData(scheme)
        self.transport.setCurrentIndex(row)
        self.transport.activated.emit(row)

    def notes(self) -> list[str]:
        found = self.dialog.findChildren(NoteLabel)
        return [label.words for label in found if label.isVisible()]

    def visible_options(self) -> list[OptionRow]:
        found = self.dialog.findChildren(OptionRow)
        rows = [row for row in found if row.isVisible()]
        return sorted(rows, key=lambda row: row.mapTo(self.dialog, QPoint(0, 0)).y())

    def group(self, title: str) -> QToolButton:
        found = self.dialog.findChildren(QToolButton)
        return next(button for button in found if button.text() == title)

    def icon_button(self, row: QWidget, name: str) -> QToolButton:
        found = row.findChildren(QToolButton)
        return next(button for button in found if button.accessibleName() == name)

    def button(self, text: str) -> QPushButton:
        found = self.dialog.findChildren(QPushButton)
        return next(b for b in found if b.text().replace("&", "") == text)

    def problems(self) -> list[str]:
        found = self.dialog.findChildren(ProblemLabel)
        return [label.words for label in found if label.isVisible()]

    def type_spec(self, text: str) -> None:
        self.spec.selectAll()
        QTest.keyClicks(self.spec, text)


def focus_chain(start: QWidget) -> Iterator[QWidget]:
    """What Tab visits after a widget, until it comes round."""
    stop = start.nextInFocusChain()
    while stop is not None and stop is not start:
        if stop.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield stop
        stop = stop.nextInFocusChain()


@contextmanager
def opened_dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[NewSocketRig]:
    """An empty one; two specs are remembered."""
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    settings.add_recent_spec("push:@tcp://*:5557,sndhwm=1000")
    settings.add_recent_spec("sub:tcp://localhost:7777")
    rig = NewSocketRig(qtbot, settings)
    try:
        yield rig
    finally:
        rig.dialog.close()
