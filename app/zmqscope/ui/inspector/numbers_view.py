"""An array of numbers: curve, statistics and a table of any size. GUI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from zmqscope.core.decode.array_curves import Curve, array_curves
from zmqscope.core.decode.array_stats import ArrayStats, array_stats
from zmqscope.core.decode.decoded import Numbers
from zmqscope.models.background import Background
from zmqscope.models.inspector.number_table import MAX_COLUMNS, NumberTableModel
from zmqscope.ui.inspector.data_table import DataTable
from zmqscope.ui.inspector.number_plot import NumberPlot
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.theme import Theme

_POINTS = 400
_AT_ONCE = 200_000
_MEASURED_ROWS = 40
_PADDING_PX = 14
_MAX_COLUMN_PX = 200
_LEAST_TABLE_PX = 62


class NumbersView(QWidget):
    """Shows the numbers; a number's bytes are selected with it.

    Args:
        theme: Colours and fonts.

    Attributes:
        table: All numbers.
        plot: Their curve.
    """

    bytes_selected = Signal(int, int)
    """By the user: first byte of a number, and one past its last."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._numbers = NumberTableModel()
        self._working = Background(self)
        self._working.done.connect(self.on_working_done)
        self._looks_like: Numbers | None = None
        self.plot = NumberPlot(theme)
        self._words = Sentence("data")
        self._words.setFont(theme.data_font(size_px=11.0))
        self._warning = Sentence("warning")
        self.table = DataTable(theme, self._numbers)
        self.table.setAccessibleName(self.tr("Numbers of the frame"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(24)
        self.table.current_moved.connect(self.on_table_current_moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.plot, self._words, self._warning):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    @property
    def numbers(self) -> NumberTableModel:
        """The model."""
        return self._numbers

    def set_numbers(self, numbers: Numbers | None, data: bytes) -> None:
        """Show other numbers, or none."""
        self._working.drop()
        current = self.table.currentIndex()
        place = (current.row(), current.column())
        top = self.table.verticalScrollBar().value()
        self._numbers.set_numbers(numbers, data)
        if numbers is None:
            self.plot.set_curves(())
            return
        if numbers == self._looks_like:
            # The next message of the same shape: the eye stays on its number.
            self.table.verticalScrollBar().setValue(top)
            if place[0] >= 0:
                self.table.go_to(self._numbers.index(*place))
        else:
            self._looks_like = numbers
            self._size_columns()
        size = self._numbers.array.size
        if size <= _AT_ONCE:
            self.on_working_done(_facts(data, numbers))
        else:
            self._words.set_words(self.tr("{0} numbers …").format(f"{size:,}"))
            self._working.start(partial(_facts, data, numbers))

    def _size_columns(self) -> None:
        """As wide as the first numbers need."""
        metrics, model = QFontMetrics(self.table.font()), self._numbers
        header = self.table.horizontalHeader()
        rows = range(min(model.rowCount(), _MEASURED_ROWS))
        columns = range(1, min(model.columnCount(), 9))
        texts = [str(model.index(row, column).data()) for row in rows for column in columns]
        width = max(map(metrics.horizontalAdvance, texts), default=40) + _PADDING_PX
        header.setDefaultSectionSize(max(48, min(width, _MAX_COLUMN_PX)))
        last = str(model.index(max(0, model.rowCount() - 1), 0).data())
        header.resizeSection(0, metrics.horizontalAdvance(last) + _PADDING_PX)
        for column in columns:
            header.resizeSection(column, header.defaultSectionSize())

    @Slot(object)
    def on_working_done(self, facts: tuple[ArrayStats, tuple[Curve, ...]]) -> None:
        """The statistics are there."""
        stats, curves = facts
        self.plot.set_curves(curves)
        words = [self.tr("{0} numbers").format(f"{stats.count:,}")]
        # Complex numbers have no order: their figures are about magnitudes, and say so.
        what = "|z| " if self._numbers.array.dtype.kind == "c" else ""
        for template, value in (
            (self.tr("min {0}"), stats.minimum),
            (self.tr("max {0}"), stats.maximum),
            (self.tr("mean {0}"), stats.mean),
            (self.tr("sd {0}"), stats.std),
        ):
            if value is not None:
                words.append(template.format(f"{what}{value:.5g}"))
        for template, count in (
            (self.tr("{0} zero"), stats.zeros),
            (self.tr("{0} NaN"), stats.nans),
            (self.tr("{0} infinite"), stats.infinite),
        ):
            if count:
                words.append(template.format(f"{count:,}"))
        self._words.set_words(" · ".join(words))
        wide = self.tr("The first {0} numbers of each row are shown.").format(f"{MAX_COLUMNS:,}")
        remarks = (wide if self._numbers.is_wide else "", stats.note)
        self._warning.set_words("\n".join(remark for remark in remarks if remark))
        self.plot.setAccessibleDescription(self._words.text())
        self._make_room()

    def _make_room(self) -> None:
        """Where there is little of it the words stay whole: first the curve goes, then rows."""
        said = [one for one in (self._words, self._warning) if not one.isHidden()]
        room = self.height() - sum(one.heightForWidth(self.width()) for one in said)
        self.plot.setVisible(room >= self.plot.minimumHeight() + _LEAST_TABLE_PX)
        self.table.setMinimumHeight(max(0, min(room, _LEAST_TABLE_PX)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def select_bytes(self, start: int) -> None:
        """Go to the number that has a byte."""
        index = self._numbers.index_at(start)
        if index.isValid():
            self.table.go_to(index)

    @Slot(QModelIndex)
    def on_table_current_moved(self, index: QModelIndex) -> None:
        """Another number is current."""
        self.bytes_selected.emit(*self._numbers.byte_span(index))


def _facts(data: bytes, numbers: Numbers) -> tuple[ArrayStats, tuple[Curve, ...]]:
    """Any thread."""
    return array_stats(data, numbers), array_curves(data, numbers, _POINTS)
