"""Shows where the counter goes: the frame's bytes around it, in the first messages. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.core.load import CounterFormat, CounterSpec
from zmqscope.models.format import format_count
from zmqscope.ui.theme import Theme

_SHOWN_MESSAGES = 2
_PAD_PX = 10
_LINE_PX = 20
_BEFORE_BYTES = 4
_ELLIPSIS = "…"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CounterPreview(QWidget):
    """Two lines of bytes with the counter set off; its size never changes.

    Args:
        theme: Colours and fonts.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame = b""
        self._counter: CounterSpec | None = None
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            self.tr("The frame in the first two messages; the counter's bytes are set off.")
        )
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    def show_counter(self, frame: bytes | None, counter: CounterSpec | None, words: str) -> None:
        """Show a counter in its frame, or say why there is none.

        Args:
            frame: The frame; None if it cannot be read.
            counter: None shows only the words.
            words: What to say instead of a counter.
        """
        fits = counter is not None and frame is not None
        self._frame = (frame or b"")[: counter.offset + counter.width + 64] if counter else b""
        self._counter = counter if fits else None
        self._words = words
        lines = [self._parts(index) for index in range(_SHOWN_MESSAGES)] if self._counter else []
        said = " ".join(f"{before}[{number}]{after}" for before, number, after in lines)
        self.setAccessibleName(said or words)
        self.update()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font."""
        self.setFont(self._theme.data_font(size_px=11.5))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _SHOWN_MESSAGES * _LINE_PX + 2 * 6)

    def _parts(self, index: int) -> tuple[str, str, str]:
        """What stands before the counter, the counter, and what stands behind it."""
        counter, frame = self._counter, self._frame
        if counter is None:
            return "", "", ""
        first = max(0, counter.offset - _BEFORE_BYTES)
        show = _as_text if counter.format is CounterFormat.DECIMAL else _as_hex
        before = show(frame[first : counter.offset])
        return (
            f"{_ELLIPSIS if first else ''}{before}",
            show(counter.encode(index)),
            show(frame[counter.offset + counter.width :]),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.setPen(theme.color("border"))
        painter.setBrush(theme.color("window"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self._counter is None:
            painter.setPen(theme.color("muted"))
            painter.setFont(theme.ui_font(size_px=11.5))
            painter.drawText(self.rect().adjusted(_PAD_PX, 0, -_PAD_PX, 0), _LEFT, self._words)
            return
        for index in range(_SHOWN_MESSAGES):
            self._paint_line(painter, index, 6 + index * _LINE_PX)

    def _paint_line(self, painter: QPainter, index: int, top: int) -> None:
        theme, metrics = self._theme, QFontMetrics(self.font())
        room = QRect(_PAD_PX, top, self.width() - 2 * _PAD_PX, _LINE_PX)
        painter.setFont(self.font())
        painter.setPen(theme.color("muted"))
        label = f"#{format_count(index + 1)}"
        painter.drawText(room, _LEFT, label)
        room.setLeft(room.left() + metrics.horizontalAdvance("#0") + 12)
        before, number, after = self._parts(index)
        gap = metrics.horizontalAdvance(" ") if self._is_spaced() else 0
        if before:
            painter.setPen(theme.color("text"))
            painter.drawText(room, _LEFT, before)
            room.setLeft(room.left() + metrics.horizontalAdvance(before) + gap)
        width = metrics.horizontalAdvance(number)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("selection"))
        painter.drawRoundedRect(QRectF(room.left() - 2, top + 2, width + 4, _LINE_PX - 4), 3, 3)
        painter.setPen(theme.color("accent"))
        painter.drawText(room, _LEFT, number)
        room.setLeft(room.left() + width + gap)
        painter.setPen(theme.color("text"))
        elided = metrics.elidedText(after, Qt.TextElideMode.ElideRight, max(0, room.width()))
        painter.drawText(room, _LEFT, elided)

    def _is_spaced(self) -> bool:
        return self._counter is not None and self._counter.format is not CounterFormat.DECIMAL


def _as_hex(data: bytes) -> str:
    return data.hex(" ")


def _as_text(data: bytes) -> str:
    """Printable ASCII as it is, a dot for everything else."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in data)
