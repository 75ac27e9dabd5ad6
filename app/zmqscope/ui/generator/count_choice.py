"""How many: until stopped, or a number. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton, QWidget

from zmqscope.core.load import MAX_COUNT
from zmqscope.ui.generator.numbers import NumberBox
from zmqscope.ui.theme import Theme

_FIRST_COUNT = 1_000_000
_FIELD_PX = 150


class CountChoice(QWidget):
    """Two radio buttons, the second with a field.

    Args:
        theme: Fonts.
        parent: Owner.
    """

    count_chosen = Signal(object)
    """Messages in all, or None for until stopped."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endless = QRadioButton(self.tr("until stopped"))
        self._endless.setToolTip(self.tr("Go on until Stop is pressed or the socket is closed."))
        self._counted = QRadioButton()
        self._counted.setAccessibleName(self.tr("A number of messages"))
        self._counted.setToolTip(self.tr("Stop by itself after so many messages."))
        self._group = QButtonGroup(self)
        self._group.addButton(self._endless, 0)
        self._group.addButton(self._counted, 1)
        self._field = NumberBox(theme, self.tr("Messages in all"), 1, MAX_COUNT)
        self._field.setValue(_FIRST_COUNT)
        self._field.setFixedWidth(_FIELD_PX)
        self._field.setToolTip(self.tr("Messages in all; 100k and 2M can be typed too."))
        unit = QLabel(self.tr("messages"))
        unit.setProperty("tone", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._endless)
        row.addSpacing(16)
        for widget in (self._counted, self._field):
            row.addWidget(widget)
        row.addSpacing(2)
        row.addWidget(unit)
        row.addStretch(1)
        self._group.idClicked.connect(self.on_group_id_clicked)
        self._field.valueChanged.connect(self.on_field_value_changed)

    def show_count(self, count: int | None) -> None:
        """Show a number; None is until stopped."""
        self._group.button(int(count is not None)).setChecked(True)
        if count is not None and count != int(self._field.value()):
            self._field.blockSignals(True)
            self._field.setValue(count)
            self._field.blockSignals(False)

    @Slot(int)
    def on_group_id_clicked(self, number: int) -> None:
        """One of the two was chosen."""
        self.count_chosen.emit(int(self._field.value()) if number else None)
        if number:
            self._field.setFocus()
            self._field.selectAll()

    @Slot(float)
    def on_field_value_changed(self, value: float) -> None:
        """A number was typed: it is meant."""
        self.count_chosen.emit(int(value))
