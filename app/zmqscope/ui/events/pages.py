"""The list of events, or the words that stand where none is shown. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget


class EventPages(QStackedWidget):
    """Shows the list while there is something in it.

    Args:
        view: The list.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self._view = view
        self._empty = _words(
            self.tr(
                "Nothing has happened yet. What goes wrong, and what comes right again, is told "
                "here with the next step."
            )
        )
        self._none_shown = _words(
            self.tr("None of the events is one of those that are asked for above.")
        )
        for page in (self._empty, self._view, self._none_shown):
            self.addWidget(page)

    def show_page(self, shown: int, total: int) -> None:
        """Show what fits.

        Args:
            shown: Lines in the list.
            total: Lines that there are.
        """
        page = self._view if shown else self._none_shown if total else self._empty
        self.setCurrentWidget(page)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", "muted")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setContentsMargins(24, 12, 24, 12)
    return label
