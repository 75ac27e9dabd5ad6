"""A frame as text: the beginning at once, the rest in slices when asked for. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit

from zmqscope.models.frame_text import FrameText
from zmqscope.models.json_check import JsonKind, json_spans
from zmqscope.ui.theme import Theme

# With the style sheet's padding the text begins where the other lines do.
_MARGIN_PX = 7
# A view of the largest screen has fewer; more comes by and by. Lines without end take 2 ms for
# each thousand characters, again whenever the view becomes wider or narrower.
_AT_ONCE_CHARS = 20_000
_SLICE_CHARS = 60_000
# What can be seen at once is far less; a line of one-digit numbers must not stop the window.
_MAX_COLOURED = 3_000
_TOKENS = {JsonKind.STRING: "sent", JsonKind.NUMBER: "received", JsonKind.WORD: "accent"}


class FrameTextView(QPlainTextEdit):
    """Read-only text; colours JSON where it is in sight.

    Args:
        theme: Colours and font.
    """

    grown = Signal()
    """More of the text has been loaded, or all of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._source: FrameText | None = None
        self._is_json = False
        self._read = 0
        self._wants_all = False
        self._more = QTimer(self)
        self._more.setInterval(0)
        self._more.timeout.connect(self.on_more_timeout)
        self.setProperty("kind", "flat")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(_verbatim(theme.data_font()))
        self.document().setDocumentMargin(_MARGIN_PX)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance("0") * 4)
        self.setAccessibleName(self.tr("Frame as text"))
        self.verticalScrollBar().valueChanged.connect(self.on_scrolled)
        theme.changed.connect(self.on_scrolled)

    def set_text(self, source: FrameText, *, is_json: bool) -> None:
        """Show the beginning of a text."""
        self._more.stop()
        self._source = source
        self._is_json = is_json
        self.setExtraSelections([])
        self._wants_all = False
        text = source.read(_AT_ONCE_CHARS)
        self._read = len(text)
        self.setPlainText(text)
        self.on_scrolled()
        if self._has_more():
            self._more.start()

    def clear_text(self) -> None:
        """Show nothing and let go of the frame."""
        self._more.stop()
        self._source = None
        self.setExtraSelections([])
        self.clear()

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
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text)
        if not self._has_more():
            self._more.stop()
        self.grown.emit()

    # ---- colours ----------------------------------------------------------------------------

    @Slot()
    def on_scrolled(self) -> None:
        """Colour what is in sight: a highlighter would go through the whole document."""
        if self._is_json:
            self.setExtraSelections(self._coloured())

    def _coloured(self) -> list[QTextEdit.ExtraSelection]:
        formats = {kind: _format(self._theme.color(token)) for kind, token in _TOKENS.items()}
        result: list[QTextEdit.ExtraSelection] = []
        block = self.firstVisibleBlock()
        offset, bottom = self.contentOffset(), self.viewport().height()
        while block.isValid() and len(result) < _MAX_COLOURED:
            if self.blockBoundingGeometry(block).translated(offset).top() > bottom:
                break
            for span in json_spans(block.text()):
                form = formats.get(span.kind)
                if form is not None and len(result) < _MAX_COLOURED:
                    result.append(self._extra(block.position() + span.start, span.length, form))
            block = block.next()
        return result

    def _extra(self, start: int, length: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        extra = QTextEdit.ExtraSelection()
        extra.cursor, extra.format = cursor, form
        return extra

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


def _format(color: QColor) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(color)
    return form
