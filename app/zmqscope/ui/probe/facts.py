"""Names and values below one another, to be read and selected. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QMenu, QScrollArea, QWidget

from zmqscope.ui.sockets.labels import breakable, unbroken
from zmqscope.ui.theme import Theme


class FactLabel(QLabel):
    """A value that wraps anywhere, and is copied without the places it wraps at.

    Args:
        value: The value.
    """

    def __init__(self, value: str) -> None:
        super().__init__(breakable(value))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)

    @Slot()
    def on_copy(self) -> None:
        """Copy what is selected."""
        self._copy(QClipboard.Mode.Clipboard)

    @Slot()
    def on_select_all(self) -> None:
        """Select all of it."""
        self.setSelection(0, len(self.text()))

    def _copy(self, mode: QClipboard.Mode) -> None:
        if self.hasSelectedText():
            QGuiApplication.clipboard().setText(unbroken(self.selectedText()), mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.on_copy()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if QGuiApplication.clipboard().supportsSelection():
            # What a middle click pastes: Qt has just put there what it shows.
            self._copy(QClipboard.Mode.Selection)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"), self.on_copy)
        copy.setEnabled(self.hasSelectedText())
        menu.addAction(self.tr("Select all"), self.on_select_all)
        menu.popup(event.globalPos())


class FactsView(QScrollArea):
    """A list of facts.

    Args:
        theme: The data font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: list[FactLabel] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("What was found"))
        theme.changed.connect(self.on_theme_changed)

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Show these, and no others."""
        body = QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(0, 4, 0, 4)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        self._values = []
        for name, value in facts:
            label, shown = QLabel(name), FactLabel(value)
            label.setProperty("tone", "muted")
            label.setTextFormat(Qt.TextFormat.PlainText)
            shown.setAccessibleName(f"{name}: {value}")
            form.addRow(label, shown)
            self._values.append(shown)
        self.setWidget(body)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font."""
        for value in self._values:
            value.setFont(self._theme.data_font())
