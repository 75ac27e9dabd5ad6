"""The counter in the payload: whether, in which frame, where, how, from where on. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.load import MAX_DIGITS, CounterFormat, CounterSpec
from zmqscope.models.composer.generator import GeneratorModel
from zmqscope.models.format import format_bytes, format_count
from zmqscope.ui.generator.counter_preview import CounterPreview
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.theme import Theme

_MOST_BYTES = 2**31 - 1
_NO_NUMBER = -1


class CounterForm(QWidget):
    """A check box, a line of fields, and what comes of them.

    Args:
        model: The generator.
        theme: Fonts and colours.
        parent: Owner.
    """

    room_asked = Signal()
    """The frame is to be made long enough."""

    def __init__(self, model: GeneratorModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._wanted = QCheckBox(self.tr("Number the messages"))
        self._wanted.setToolTip(
            self.tr(
                "Write a counter into each message, so that the receiver can tell what is lost."
            )
        )
        self._frame = QComboBox()
        self._format = QComboBox()
        self._offset = QSpinBox()
        self._digits = QSpinBox()
        self._start = DataField(theme, self.tr("First number"))
        self._preview = CounterPreview(theme)
        self._room = QPushButton(self.tr("Make room"))
        self._set_up(theme)
        self._lay_out()
        self._connect()

    def _set_up(self, theme: Theme) -> None:
        for kind, words in (
            (CounterFormat.BIG_ENDIAN, self.tr("u64 big-endian")),
            (CounterFormat.LITTLE_ENDIAN, self.tr("u64 little-endian")),
            (CounterFormat.DECIMAL, self.tr("decimal")),
        ):
            self._format.addItem(words, kind)
        self._offset.setRange(0, _MOST_BYTES)
        self._digits.setRange(1, MAX_DIGITS)
        self._digits.setSuffix(self.tr(" digits"))
        for box, width in ((self._offset, 76), (self._digits, 86)):
            box.setFont(theme.data_font())
            box.lineEdit().setTextMargins(7, 0, 0, 0)
            box.setFixedWidth(width)
        self._start.setFixedWidth(72)
        self._format.setFixedWidth(148)
        self._frame.setMinimumWidth(100)
        for widget, name, words in (
            (self._frame, self.tr("Frame"), self.tr("The frame that the counter stands in.")),
            (self._offset, self.tr("First byte"), self.tr("Where in the frame it begins; from 0.")),
            (self._format, self.tr("Format"), self.tr("How the counter is written.")),
            (self._digits, self.tr("Digits"), self.tr("Its width, filled up with zeros.")),
            (self._start, self.tr("First number"), self.tr("The number in the first message.")),
        ):
            widget.setAccessibleName(self.tr("Counter: {0}").format(name))
            widget.setToolTip(words)
        self._room.setAutoDefault(False)
        self._room.setToolTip(self.tr("Lengthen the frame in the composer until the counter fits."))

    def _lay_out(self) -> None:
        self._fields = QWidget()
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widgets in (
            (self._frame, self.tr("from byte"), self._offset, None, self._room),
            (self._format, self._digits, self.tr("from number"), self._start, None),
        ):
            row = QHBoxLayout()
            row.setSpacing(8)
            for widget in widgets:
                if widget is None:
                    row.addStretch(1)
                else:
                    row.addWidget(_muted(widget) if isinstance(widget, str) else widget)
            column.addLayout(row)
        column.addWidget(self._preview)
        policy = self._room.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._room.setSizePolicy(policy)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self._wanted)
        box.addWidget(self._fields)

    def _connect(self) -> None:
        self._wanted.toggled.connect(self._model.set_numbered)
        self._frame.activated.connect(self.on_fields_edited)
        self._offset.valueChanged.connect(self.on_fields_edited)
        self._digits.valueChanged.connect(self.on_fields_edited)
        self._start.textEdited.connect(self.on_fields_edited)
        self._format.activated.connect(self.on_format_activated)
        self._room.clicked.connect(self.room_asked)

    # ---- showing ----------------------------------------------------------------------------

    def update_state(self) -> None:
        """Show the model's counter."""
        model, counter = self._model, self._model.counter
        self._wanted.setChecked(model.is_numbered)
        self._fields.setEnabled(model.is_numbered)
        self._fill_frames(model.frame_count(), counter.frame)
        for box, value in ((self._offset, counter.offset), (self._digits, counter.digits)):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        self._format.setCurrentIndex(self._format.findData(counter.format))
        self._digits.setVisible(counter.format is CounterFormat.DECIMAL)
        if counter.start >= 0 and _number(self._start.text()) != counter.start:
            self._start.setText(str(counter.start))
        self._room.setVisible(model.missing_bytes > 0)
        self._show_preview(counter)

    def _fill_frames(self, count: int, chosen: int) -> None:
        while self._frame.count() > count:
            self._frame.removeItem(self._frame.count() - 1)
        for index in range(self._frame.count(), count):
            self._frame.addItem(self.tr("frame {0}").format(format_count(index + 1)), index)
        self._frame.setCurrentIndex(chosen if chosen < count else _NO_NUMBER)

    def _show_preview(self, counter: CounterSpec) -> None:
        model = self._model
        if not model.is_numbered:
            self._preview.show_counter(None, None, self.tr("All messages are the same."))
        elif model.missing_bytes:
            words = self.tr("Frame {0} is {1} too short for it.").format(
                format_count(counter.frame + 1), format_bytes(model.missing_bytes)
            )
            self._preview.show_counter(None, None, words)
        elif (problem := model.counter_problem) is not None:
            self._preview.show_counter(None, None, problem.text)
        else:
            self._preview.show_counter(model.counter_frame(), counter, "")

    # ---- what was entered -------------------------------------------------------------------

    @Slot()
    def on_fields_edited(self) -> None:
        """Take the fields over."""
        frame = self._frame.currentData()
        start = _number(self._start.text())
        counter = replace(
            self._model.counter,
            offset=self._offset.value(),
            digits=self._digits.value(),
            start=_NO_NUMBER if start is None else start,
        )
        if self.sender() is self._frame and frame is not None:
            counter = replace(counter, frame=frame)
        self._model.set_counter(counter)

    @Slot()
    def on_format_activated(self) -> None:
        """Another format."""
        self._model.set_counter_format(self._format.currentData(Qt.ItemDataRole.UserRole))


def _muted(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "muted")
    return label


def _number(text: str) -> int | None:
    body = text.replace(",", "").strip()
    return int(body) if body.isascii() and body.isdigit() else None
