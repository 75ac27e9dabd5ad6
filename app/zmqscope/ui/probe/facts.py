"""Names and values below one another, to be read and selected. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QWidget

from zmqscope.ui.sockets.labels import breakable
from zmqscope.ui.theme import Theme


class FactsView(QScrollArea):
    """A list of facts.

    Args:
        theme: The data font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: list[QLabel] = []
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
            label, shown = QLabel(name), QLabel(breakable(value))
            label.setProperty("tone", "muted")
            for each in (label, shown):
                each.setTextFormat(Qt.TextFormat.PlainText)
            shown.setWordWrap(True)
            flags = Qt.TextInteractionFlag
            shown.setTextInteractionFlags(
                flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
            )
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
