"""What lies over the table: the count of new rows, words where there is none. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton, QVBoxLayout, QWidget

from zmqscope.ui.theme import Theme

_MARGIN_PX = 12
_MAX_WORDS_PX = 440
_NOTE_MS = 6_000


class NewRowsPill(QPushButton):
    """Says how many rows came since the reader left the end; a click goes there.

    Args:
        area: The table it lies on.
    """

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area.viewport())
        self._area = area.viewport()
        self._widest_px = 0
        self.setProperty("kind", "primary")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Go to the newest message and follow live (End)"))
        # The table keeps the focus, and with it the keyboard, which has End for the same.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        area.viewport().installEventFilter(self)

    def set_words(self, words: str) -> None:
        """Show words, or nothing."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            if not words:
                self._widest_px = 0
            self._place()
        self.setVisible(bool(words))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        # It only grows while it is there: digits of another width must not make it tremble.
        self.ensurePolished()
        hint = self.sizeHint()
        self._widest_px = max(self._widest_px, hint.width())
        self.resize(self._widest_px, hint.height())
        area = self._area.rect()
        self.move((area.width() - self.width()) // 2, area.height() - self.height() - _MARGIN_PX)


class EmptyWords(QWidget):
    """A title and what to do next, in the middle of an empty table.

    Args:
        area: The table it lies on.
        theme: Fonts.
    """

    def __init__(self, area: QAbstractScrollArea, theme: Theme) -> None:
        super().__init__(area.viewport())
        self._area = area.viewport()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = self._label("title")
        self._title.setFont(theme.ui_font(QFont.Weight.DemiBold, 13.5))
        self._hint = self._label("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 0)
        column.setSpacing(6)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addStretch(3)
        self.hide()
        area.viewport().installEventFilter(self)

    def _label(self, tone: str) -> QLabel:
        label = QLabel(self)
        label.setProperty("tone", tone)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def set_words(self, title: str, hint: str) -> None:
        """Show words, or nothing."""
        if (title, hint) != (self._title.text(), self._hint.text()):
            self._title.setText(title)
            self._hint.setText(hint)
            self.setAccessibleName(f"{title} {hint}".strip())
        if title:
            self._place()
        self.setVisible(bool(title))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        area = self._area.rect()
        width = min(area.width(), _MAX_WORDS_PX)
        self.setGeometry((area.width() - width) // 2, 0, width, area.height())


class NoteStrip(QLabel):
    """One passing sentence below the table; no room while there is none.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setContentsMargins(12, 5, 12, 6)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NOTE_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        self.hide()

    def say(self, words: str, *, warning: bool = False, passing: bool = False) -> None:
        """Show a sentence, or none; one that is ``passing`` goes by itself."""
        if passing:
            self._timer.start()
        else:
            self._timer.stop()
        self.setProperty("tone", "warning" if warning else "muted")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    @Slot()
    def on_timer_timeout(self) -> None:
        """The sentence has been read."""
        self.say("")
