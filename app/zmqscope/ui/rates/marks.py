"""Marks of events on the plot: which are shown, which is below the mouse, a click. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, Signal, Slot
from PySide6.QtGui import QColor, QPainter

from zmqscope.core.events import EventLine
from zmqscope.core.types import SocketId
from zmqscope.models.events.marks import EventMarks, Mark
from zmqscope.models.events.words import SEVERITY_TOKENS, repeats_text
from zmqscope.models.format import format_clock_time, format_count, one_line
from zmqscope.ui.rates.frame import Frame
from zmqscope.ui.rates.mark_painter import APART_PX, MarkPainter
from zmqscope.ui.theme import Theme

_REACH_PX = 7.0
_MOST_WORDS = 5


class PlotMarks(QObject):
    """Keeps the marks, and says what happened at the one below the mouse.

    Args:
        theme: Colours and fonts.
        name_of: The name of a socket; empty if there is none.
        parent: Owner.
    """

    changed = Signal()
    """Something else has to be painted."""
    event_activated = Signal(object)
    """Number of the event that was clicked."""

    def __init__(
        self, theme: Theme, name_of: Callable[[SocketId | None], str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name_of = name_of
        self._events = EventMarks()
        self._painter = MarkPainter(theme)
        self._is_shown = True
        self._hot: Mark | None = None
        self._marks: list[Mark] = []
        self._frame: Frame | None = None
        self._rect = QRectF()
        theme.changed.connect(self._painter.take_theme)

    # ---- what there is ----------------------------------------------------------------------

    @property
    def marks(self) -> list[Mark]:
        """What was painted last."""
        return self._marks

    @property
    def hot(self) -> Mark | None:
        """The mark below the mouse."""
        return self._hot

    def take(self, lines: Iterable[EventLine]) -> None:
        """Take events in, new and changed."""
        if self._events.take(lines):
            self._frame = None
            if self._is_shown:
                self.changed.emit()

    def clear(self) -> None:
        """Forget all events."""
        self._events.clear()
        self._frame, self._hot = None, None
        self.changed.emit()

    def set_shown(self, shown: bool) -> None:
        """Switch the marks on or off; they are kept all the same."""
        self._is_shown = shown
        self._frame, self._hot = None, None
        self.changed.emit()

    # ---- painting ---------------------------------------------------------------------------

    def within(self, rect: QRectF, frame: Frame) -> list[Mark]:
        """The marks in a frame.

        Args:
            rect: Where the curves are drawn.
            frame: What is shown.
        """
        if not self._is_shown:
            return []
        apart_ns = round(APART_PX * frame.shown.width_ns / max(rect.width(), 1.0))
        marks = self._events.within(frame.shown, apart_ns)
        return [mark for mark in marks if mark.time_ns >= frame.shown.start_ns]

    def paint(self, painter: QPainter, rect: QRectF, frame: Frame) -> None:
        """Paint the marks.

        Args:
            painter: Where, in pixels of the picture.
            rect: Where the curves are drawn.
            frame: What is shown.
        """
        if frame is not self._frame or rect != self._rect:
            self._frame, self._rect = frame, QRectF(rect)
            self._marks = self.within(rect, frame)
            if self._hot is not None:
                hot_ns = self._hot.time_ns
                self._hot = next((m for m in self._marks if m.time_ns == hot_ns), None)
        if self._marks:
            self._painter.paint(painter, rect, frame, self._marks, self._hot)

    def paint_words(self, painter: QPainter) -> None:
        """Paint what happened at the mark below the mouse, over everything else."""
        if self._hot is not None and self._frame is not None:
            words = self.words(self._hot)
            self._painter.paint_words(painter, self._rect, self._frame, self._hot, words)

    def words(self, mark: Mark) -> list[tuple[str, QColor | None]]:
        """When it was and what happened, a line each, with the colour of its severity."""
        lines, count = self._events.lines_of(mark, _MOST_WORDS)
        words: list[tuple[str, QColor | None]] = [(_time_words(mark), None)]
        words += (
            (self._sentence(line), self._theme.color(SEVERITY_TOKENS[line.severity]))
            for line in lines
        )
        if count > len(lines):
            more = QCoreApplication.translate("Rates", "and {count} more")
            words.append((more.format(count=format_count(count - len(lines))), None))
        return words

    def _sentence(self, line: EventLine) -> str:
        name = one_line(self._name_of(line.socket_id))
        parts = [f"{name}:" if name else "", one_line(line.text)]
        if line.count > 1:
            parts.append(repeats_text(line))
        return " ".join(part for part in parts if part)

    # ---- the mouse --------------------------------------------------------------------------

    def at(self, place: QPointF) -> Mark | None:
        """The mark at a place, or the nearest within reach."""
        if self._frame is None:
            return None
        best: tuple[float, Mark] | None = None
        for mark in self._marks:
            room = self._painter.place(mark, self._rect, self._frame)
            around = room.adjusted(-_REACH_PX, -_REACH_PX, _REACH_PX, _REACH_PX)
            distance = abs(room.center().x() - place.x())
            if around.contains(place) and (best is None or distance < best[0]):
                best = (distance, mark)
        return best[1] if best else None

    @Slot(object)
    def on_gestures_hovered(self, place: QPointF | None) -> None:
        """Say what happened below the mouse."""
        hot = None if place is None else self.at(place)
        if hot != self._hot:
            self._hot = hot
            self.changed.emit()

    @Slot(QPointF)
    def on_gestures_clicked(self, place: QPointF) -> None:
        """Ask for the worst and newest event of a mark."""
        mark = self.at(place)
        if mark is None:
            return
        lines, _ = self._events.lines_of(mark, 1)
        if lines:
            self.event_activated.emit(lines[0].number)


def _time_words(mark: Mark) -> str:
    """A moment, or from when to when."""
    first, last = (format_clock_time(ns, 1) for ns in (mark.first_ns, mark.last_ns))
    return first if first == last else f"{first} – {last}"
