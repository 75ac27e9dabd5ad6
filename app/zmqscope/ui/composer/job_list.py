"""What is sent again and again, each with its count and a stop button. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import JobId
from zmqscope.models.composer.load_line import LoadLine
from zmqscope.models.composer.send_jobs import JobLine, SendJobs
from zmqscope.models.composer.send_loads import SendLoads
from zmqscope.models.format import plain_tip
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.theme import Theme

Line = JobLine | LoadLine

_LINE_HEIGHT = 26
_SHOWN_LINES = 4
_DOT = 7
_GAP = 8
_SECOND_LINE_HEIGHT = 16
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class JobLabel(QWidget):
    """One job: dot, socket and interval or rate, counts; below them why it stopped by itself.

    Args:
        theme: Colours and fonts.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line: Line | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_line(self, line: Line) -> None:
        """Show a job as it is now."""
        self._line = line
        words = [line.title(), line.counts(), line.reason(), line.preview]
        self.updateGeometry()
        self.setToolTip(plain_tip("\n".join(word for word in words if word)))
        self.setAccessibleName(". ".join(word for word in words if word))
        self.update()

    def line_count(self) -> int:
        """Two for a job that says why it stopped."""
        return 2 if self._says_why() else 1

    def _says_why(self) -> bool:
        line = self._line
        return line is not None and not line.snapshot.running and bool(line.reason())

    def sizeHint(self) -> QSize:
        return QSize(200, _LINE_HEIGHT + (self.line_count() - 1) * _SECOND_LINE_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        line = self._line
        if line is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = self._theme.color(line.tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        painter.drawEllipse(0, (_LINE_HEIGHT - _DOT) // 2, _DOT, _DOT)
        first = QRect(_DOT + _GAP, 0, self.width() - _DOT - _GAP, _LINE_HEIGHT)
        painter.setFont(self._theme.data_font(size_px=11.5))
        painter.setPen(tone if line.reason() else self._theme.color("muted"))
        counts = painter.fontMetrics().horizontalAdvance(line.counts())
        painter.drawText(first, _RIGHT, line.counts())
        painter.setFont(self._theme.ui_font())
        painter.setPen(self._theme.color("text"))
        _draw_elided(painter, first.adjusted(0, 0, -counts - _GAP, 0), line.title())
        if self._says_why():
            painter.setFont(self._theme.ui_font(size_px=11.5))
            painter.setPen(tone)
            second = QRect(first.left(), _LINE_HEIGHT - 5, first.width(), _SECOND_LINE_HEIGHT)
            _draw_elided(painter, second, line.reason())


def _draw_elided(painter: QPainter, place: QRect, words: str) -> None:
    metrics = painter.fontMetrics()
    elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, _LEFT, elided)


class JobRow(QWidget):
    """A job and its button.

    Args:
        theme: Colours, fonts, icons.
        job_id: Which job.
        parent: Owner.
    """

    stop_asked = Signal(object)
    """JobId."""

    def __init__(self, theme: Theme, job_id: JobId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job_id = job_id
        self.height_px = _LINE_HEIGHT
        self._label = JobLabel(theme)
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setProperty("kind", "flat")
        self._stop.setStyleSheet("padding: 1px 6px; min-height: 16px;")
        self._dismiss = IconButton(theme, "x", self.tr("Dismiss"))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_GAP)
        box.addWidget(self._label, 1)
        box.addWidget(self._stop)
        box.addWidget(self._dismiss)
        self._stop.clicked.connect(self.on_button_clicked)
        self._dismiss.clicked.connect(self.on_button_clicked)

    def show_line(self, line: Line) -> None:
        """Show a job as it is now."""
        self._label.show_line(line)
        self.height_px = self._label.sizeHint().height()
        self._stop.setVisible(line.snapshot.running)
        self._stop.setEnabled(not line.is_stopping)
        self._stop.setAccessibleName(self.tr("Stop: {0}").format(line.title()))
        self._stop.setToolTip(self.tr("Stop sending."))
        self._dismiss.setVisible(not line.snapshot.running)
        self._dismiss.setAccessibleName(self.tr("Dismiss: {0}").format(line.title()))
        self._dismiss.setToolTip(self.tr("Take it off the list."))

    @Slot()
    def on_button_clicked(self) -> None:
        """Stop the job, or take it off the list."""
        self.stop_asked.emit(self._job_id)


class JobList(QScrollArea):
    """All jobs; no room while there are none, and never more than a few lines.

    Args:
        jobs: What is sent every N seconds.
        loads: What is sent very often; listed below.
        theme: Colours, fonts, icons.
        parent: Owner.
    """

    def __init__(
        self, jobs: SendJobs, loads: SendLoads, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._loads = loads
        self._theme = theme
        self._rows: dict[JobId, JobRow] = {}
        self._content = QWidget()
        self._box = QVBoxLayout(self._content)
        self._box.setContentsMargins(12, 0, 12, 0)
        self._box.setSpacing(0)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Repeated messages"))
        jobs.changed.connect(self.on_jobs_changed)
        loads.changed.connect(self.on_jobs_changed)
        self.on_jobs_changed()

    @property
    def rows(self) -> tuple[JobRow, ...]:
        """The rows, oldest job first."""
        return tuple(self._rows.values())

    @Slot()
    def on_jobs_changed(self) -> None:
        """Show the jobs as they are now."""
        lines: dict[JobId, Line] = {line.snapshot.job_id: line for line in self._jobs.lines}
        lines.update((line.snapshot.job_id, line) for line in self._loads.lines)
        for job_id in [j for j in self._rows if j not in lines]:
            row = self._rows.pop(job_id)
            self._box.removeWidget(row)
            row.hide()
            row.deleteLater()
        for job_id, line in lines.items():
            if job_id not in self._rows:
                made = JobRow(self._theme, job_id)
                is_load = isinstance(line, LoadLine)
                made.stop_asked.connect(self._loads.stop if is_load else self._jobs.stop)
                self._rows[job_id] = made
                self._box.addWidget(made)
            self._rows[job_id].show_line(line)
        wanted = sum(row.height_px for row in self._rows.values())
        self.setFixedHeight(min(_SHOWN_LINES * _LINE_HEIGHT, wanted))
        self.setVisible(bool(lines))
