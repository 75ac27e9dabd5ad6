"""Where the text of one frame is typed: grows to a few lines, then scrolls inside. GUI thread."""

from __future__ import annotations

import math

from PySide6.QtCore import QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from zmqscope.models.composer.frame_draft import MAX_LINE_CHARS
from zmqscope.ui.composer.json_colors import JsonColors
from zmqscope.ui.theme import Theme

MAX_LINES = 8
_MARGIN = 2


class FrameEditor(QPlainTextEdit):
    """A plain text editor that gives back exactly the characters it holds.

    Args:
        theme: Colours and font.
        parent: Owner.
    """

    text_edited = Signal(str)
    """The person changed the text."""
    long_text_pasted = Signal(object)
    """str: the whole text as it would be, too long to be shown here. As an object it is not
    copied on its way."""
    file_dropped = Signal(str)
    """A local file's path."""
    focus_changed = Signal(bool)
    """The keyboard focus came or went."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_loading = False
        self._fault_at: int | None = None
        self._colors = JsonColors(theme, self.document())
        self.setProperty("kind", "flat")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("padding: 0px;")
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(_MARGIN)
        self.textChanged.connect(self.on_text_changed)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    # ---- text -------------------------------------------------------------------------------

    def exact_text(self) -> str:
        """What stands here; ``toPlainText`` would turn no-break blanks into blanks."""
        return self.document().toRawText().replace("\u2029", "\n")

    def set_exact_text(self, text: str) -> None:
        """Show another text, without a signal; the same text keeps cursor and undo."""
        if text == self.exact_text():
            return
        self._is_loading = True
        self.setPlainText(text)
        self._is_loading = False

    def forget(self) -> None:
        """Become the editor of another frame: nothing can be undone."""
        self._is_loading = True
        self.clear()
        self.document().clearUndoRedoStacks()
        self._is_loading = False

    def set_json(self, is_json: bool) -> None:
        """Colour the text as JSON or not."""
        self._is_loading = True  # colouring, too, counts as a change of the document
        self._colors.set_on(is_json)
        self._is_loading = False

    def mark_fault(self, at: int | None) -> None:
        """Underline the character where the text goes wrong."""
        self._fault_at = at
        selections = []
        if at is not None and self.document().characterCount() > 1:
            last = self.document().characterCount() - 1
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(at, last - 1))
            cursor.setPosition(min(at + 1, last), QTextCursor.MoveMode.KeepAnchor)
            selection = QTextEdit.ExtraSelection()
            selection.cursor = cursor
            selection.format = self._fault_format()
            selections.append(selection)
        self.setExtraSelections(selections)

    def _fault_format(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(self._theme.color("broken"))
        return form

    @Slot()
    def on_text_changed(self) -> None:
        """Somebody typed, pasted or undid."""
        if not self._is_loading:
            self.text_edited.emit(self.exact_text())

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font and colours."""
        self.setFont(self._theme.data_font())
        self.mark_fault(self._fault_at)

    # ---- size -------------------------------------------------------------------------------

    def fit_height(self, width: int) -> int:
        """The height at a width, from one line to ``MAX_LINES``; scrolls beyond.

        Lays out no more text than can be seen.
        """
        if width != self.width():
            self.resize(width, self.height())
        lines, height, block = 0, 0.0, self.document().firstBlock()
        while block.isValid() and lines <= MAX_LINES:
            height += self.blockBoundingRect(block).height()  # lays the block out, too
            lines += max(1, block.layout().lineCount())
            block = block.next()
        is_long = lines > MAX_LINES
        if is_long:
            height = MAX_LINES * self.fontMetrics().lineSpacing() + _MARGIN
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if is_long else policy.ScrollBarAlwaysOff
        )
        # The last block has the lower margin in it. One pixel more, or Qt believes that the
        # last line does not fit, and scrolls.
        return math.ceil(height) + _MARGIN + 1

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().lineSpacing() + 2 * _MARGIN)

    # ---- input ------------------------------------------------------------------------------

    def insertFromMimeData(self, source: QMimeData) -> None:
        path = _local_file(source)
        if path and not source.hasText():
            self.file_dropped.emit(path)
            return
        text = source.text()
        if len(text) <= MAX_LINE_CHARS:
            self.insertPlainText(text)
            return
        cursor = self.textCursor()
        whole = self.exact_text()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.long_text_pasted.emit("".join((whole[:start], text, whole[end:])))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or bool(_local_file(source))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_file(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        path = _local_file(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.file_dropped.emit(path)
        else:
            super().dropEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.verticalScrollBar().maximum() > 0 and self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # the list of frames scrolls


def _local_file(source: QMimeData) -> str:
    urls = source.urls() if source.hasUrls() else []
    return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""
