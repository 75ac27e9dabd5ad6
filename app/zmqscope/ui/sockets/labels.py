"""Labels of the sockets dock: problems, notes, elided data, a state dot. GUI thread."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from zmqscope.core.types import Problem
from zmqscope.models.format import one_line, plain_tip
from zmqscope.ui.theme import Theme

_LONG_WORD = re.compile(r"\S{24,}")
_BREAK_AFTER = re.compile(r"([/.,:;=?&_-])")
_UNBROKEN = re.compile(r"[A-Za-z0-9]{24,}")
_ZERO_WIDTH_SPACE = "\u200b"


def breakable(text: str) -> str:
    """Text whose long words (addresses, paths) may be wrapped at their punctuation.

    Where there is none for long, as in a name of 63 letters, they may be wrapped anywhere.
    """
    return _LONG_WORD.sub(_with_breaks, text)


def unbroken(text: str) -> str:
    """The same text without the places that were made to wrap it at, to be copied."""
    return text.replace(_ZERO_WIDTH_SPACE, "")


def _with_breaks(word: re.Match[str]) -> str:
    at_marks = _BREAK_AFTER.sub(r"\1" + _ZERO_WIDTH_SPACE, word.group())
    return _UNBROKEN.sub(lambda run: _ZERO_WIDTH_SPACE.join(run.group()), at_marks)


class WrappedLabel(QLabel):
    """Plain text that wraps, long addresses too, and never widens what holds it.

    Args:
        tone: The theme's tone for it; empty for none.
        words: What it says.
        parent: Owner.
    """

    def __init__(self, tone: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        if tone:
            self.setProperty("tone", tone)
        self.set_words(words)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words

    def set_words(self, words: str) -> None:
        """Say something else; the same words are left alone."""
        if words != self._words:
            self._words = words
            self.setText(breakable(words))
            self.setAccessibleName(words)

    def set_look(self, color: QColor, *, bold: bool = False) -> None:
        """Show the text in a colour; for labels whose tone changes.

        As a style of its own: a palette or a font that is set is lost when the app's style sheet
        polishes the label, and a tone only counts until then.
        """
        weight = " font-weight: 600;" if bold else ""
        look = f"color: {color.name()};{weight}"
        if self.styleSheet() != look:
            self.setStyleSheet(look)


class NoteLabel(WrappedLabel):
    """A muted sentence; takes no room while it is empty."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__("muted", words, parent)

    def set_note(self, words: str) -> None:
        """Show a sentence, or nothing."""
        self.set_words(words)
        self.setVisible(bool(words))


class ProblemLabel(WrappedLabel):
    """A problem with its hint below a field; takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("problem", "", parent)
        self.hide()

    def set_problem(self, problem: Problem | None) -> None:
        """Show a problem, or nothing."""
        self.set_words(one_line(problem.sentence()) if problem is not None else "")
        self.setVisible(problem is not None)


class DataLabel(QWidget):
    """One line of data, its middle elided where it is tight; the whole is its tooltip.

    Args:
        theme: Colours and font.
        token: The colour of the text.
        parent: Owner.
    """

    def __init__(self, theme: Theme, token: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._token = token
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_token(self, token: str) -> None:
        """Show the text in another colour of the theme."""
        if token != self._token:
            self._token = token
            self.update()

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setToolTip(plain_tip(text))
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font."""
        self.setFont(self._theme.data_font())
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color(self._token))
        middle = Qt.TextElideMode.ElideMiddle
        shown = painter.fontMetrics().elidedText(self._text, middle, self.width())
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(0, 0, self.width(), self.height()), align, shown)


class StateDot(QWidget):
    """A dot in the colour of a state; hollow for what is closed.

    Args:
        theme: Where the colour comes from.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._token = "muted"
        self.setFixedSize(10, 18)
        theme.changed.connect(self.update)

    def set_state(self, token: str, words: str) -> None:
        """Show a state: the theme's colour, and its words for tooltip and screen reader."""
        self._token = token
        self.setToolTip(plain_tip(words))
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_dot(painter, QRectF(1, 5, 8, 8), self._theme, self._token)


def paint_dot(painter: QPainter, circle: QRectF, theme: Theme, token: str) -> None:
    """A state's dot: a ring if it is muted, so that the colour is not all that tells."""
    color = theme.color(token)
    if token == "muted":
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle.adjusted(0.75, 0.75, -0.75, -0.75))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(circle)
