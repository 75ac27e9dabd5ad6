"""A frame as text: the beginning at once, the rest in slices when asked for. GUI thread."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from zmqscope.models.inspector.frame_text import FrameText
from zmqscope.ui.inspector.text_marks import TextMarks
from zmqscope.ui.theme import Theme

# With the style sheet's padding the text begins where the other lines do.
_MARGIN_PX = 7
_LEAST_PX = 36
# A view of the largest screen has fewer; more comes by and by. Lines without end take 2 ms for
# each thousand characters, again whenever the view becomes wider or narrower.
_AT_ONCE_CHARS = 20_000
_SLICE_CHARS = 60_000
# Where a drag has come to is told a few times a second, not for each pixel.
_TELL_MS = 40


class FrameTextView(QPlainTextEdit):
    """Read-only text; colours JSON and marks hits where they are in sight.

    Args:
        theme: Colours and font.
    """

    grown = Signal()
    """More of the text has been loaded, or all of it."""
    places_selected = Signal(int, int)
    """By the user, in UTF-16 units: where the selection begins and ends; equal for a cursor."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._source: FrameText | None = None
        self._marks = TextMarks(theme)
        self._read = 0
        self._wants_all = False
        self._more = QTimer(self)
        self._more.setInterval(0)
        self._more.timeout.connect(self.on_more_timeout)
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.setInterval(_TELL_MS)
        self._tell.timeout.connect(self.on_tell_timeout)
        self.setProperty("kind", "flat")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)
        self.setMinimumHeight(_LEAST_PX)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(_verbatim(theme.data_font()))
        self.document().setDocumentMargin(_MARGIN_PX)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance("0") * 4)
        self.setAccessibleName(self.tr("Frame as text"))
        self.verticalScrollBar().valueChanged.connect(self.on_scrolled)
        self.selectionChanged.connect(self.on_cursor_moved)
        self.cursorPositionChanged.connect(self.on_cursor_moved)
        theme.changed.connect(self.on_scrolled)

    def set_text(self, source: FrameText, *, is_json: bool) -> None:
        """Show the beginning of a text."""
        self._more.stop()
        self._source = source
        self._marks.is_json = is_json
        self.setExtraSelections([])
        self._wants_all = False
        text = source.read(_AT_ONCE_CHARS)
        self._read = len(text)
        self._put(text)
        self.on_scrolled()
        if self._has_more():
            self._more.start()

    def clear_text(self) -> None:
        """Show nothing and let go of the frame."""
        self._more.stop()
        self._source = None
        self.setExtraSelections([])
        self._put("")

    def _put(self, text: str) -> None:
        with QSignalBlocker(self):
            self.setPlainText(text)
        self._tell.stop()

    @Slot()
    def show_all(self) -> None:
        """Load the rest, in slices."""
        self._wants_all = True
        if self._has_more():
            self._more.start()

    @property
    def is_loading(self) -> bool:
        """Whether the rest is on its way because somebody asked for it."""
        return self._wants_all and self._more.isActive()

    def is_reading_past(self, byte: int) -> bool:
        """Whether what is on its way comes to this byte: it need not be looked for elsewhere."""
        source = self._source
        if source is None or byte < source.start or source.at_end:
            return False
        return self.is_loading or (
            self._more.isActive() and byte - source.start < source.first_chars - self._read
        )

    @property
    def is_settled(self) -> bool:
        """Whether nothing is on its way."""
        return not self._more.isActive()

    def _has_more(self) -> bool:
        source = self._source
        if source is None or source.at_end:
            return False
        return self._wants_all or self._read < source.first_chars

    @Slot()
    def on_more_timeout(self) -> None:
        """Load a slice."""
        if self._source is None or not self._has_more():
            self._more.stop()
            return
        text = self._source.read(_SLICE_CHARS)
        self._read += len(text)
        start, stop = self.textCursor().anchor(), self.textCursor().position()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)
        if (start, stop) != (self.textCursor().anchor(), self.textCursor().position()):
            # A cursor at the end has been pushed along.
            self._set_cursor(start, stop)
        if not self._has_more():
            self._more.stop()
        self.grown.emit()

    # ---- what is selected -------------------------------------------------------------------

    @Slot()
    def on_cursor_moved(self) -> None:
        """The user moved the cursor, or selected text."""
        self._tell.start()

    @Slot()
    def on_tell_timeout(self) -> None:
        """Tell where the selection is."""
        if self._source is not None:
            self.places_selected.emit(*self.selected)

    @property
    def selected(self) -> tuple[int, int]:
        """Where the selection begins and ends, in UTF-16 units."""
        cursor = self.textCursor()
        return cursor.selectionStart(), cursor.selectionEnd()

    def select(self, start: int, stop: int) -> None:
        """Select text and bring it into sight; nothing is told."""
        self._set_cursor(start, stop)
        if not self._is_in_sight(start):
            self.centerCursor()
        self.on_scrolled()

    def _set_cursor(self, start: int, stop: int) -> None:
        last = max(0, self.document().characterCount() - 1)
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(stop, last), QTextCursor.MoveMode.KeepAnchor)
        with QSignalBlocker(self):
            self.setTextCursor(cursor)
        self._tell.stop()
        self.viewport().update()

    def _is_in_sight(self, place: int) -> bool:
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(place, max(0, self.document().characterCount() - 1)))
        return self.viewport().rect().contains(self.cursorRect(cursor).center())

    # ---- colours ----------------------------------------------------------------------------

    def set_hits(self, words: str) -> None:
        """Mark these words from now on, or none."""
        self._marks.words = words
        self.setExtraSelections([])
        self.on_scrolled()

    @Slot()
    def on_scrolled(self) -> None:
        """Colour what is in sight: a highlighter would go through the whole document."""
        if self._marks.is_json or self._marks.words:
            self.setExtraSelections(self._marks.over(self, self._blocks_in_sight()))

    def _blocks_in_sight(self) -> Iterator[QTextBlock]:
        block = self.firstVisibleBlock()
        offset, bottom = self.contentOffset(), self.viewport().height()
        while block.isValid():
            if self.blockBoundingGeometry(block).translated(offset).top() > bottom:
                return
            yield block
            block = block.next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.on_scrolled()

    # ---- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # A text widget claims every letter, even where it cannot be typed into; here letters
        # are shortcuts.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.text().isalnum()
            and not event.modifiers()
        ):
            event.ignore()
            return False
        return super().event(event)


def _verbatim(font: QFont) -> QFont:
    """The font without ligatures: what is shown are the characters that came."""
    font.setFeature(QFont.Tag("calt"), 0)
    font.setFeature(QFont.Tag("liga"), 0)
    return font
