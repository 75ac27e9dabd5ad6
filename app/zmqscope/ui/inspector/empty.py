"""What the inspector shows while there is nothing to inspect. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from zmqscope.ui.theme import Theme


def empty_page(theme: Theme, title: str, hint: str) -> QWidget:
    """A title and what to do, in the middle."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 0, 16, 0)
    column.setSpacing(6)
    column.addStretch(2)
    for words, tone in ((title, "title"), (hint, "muted")):
        label = QLabel(words)
        label.setProperty("tone", tone)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        if tone == "title":
            label.setFont(theme.ui_font(QFont.Weight.DemiBold, 13.5))
        column.addWidget(label)
    column.addStretch(3)
    return page
