"""How fast: a few presets, flat out, or any number. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.load import MAX_RATE_PER_S, MIN_RATE_PER_S
from zmqscope.models.composer.generator import PRESETS_PER_S
from zmqscope.models.composer.load_line import asked_words
from zmqscope.ui.generator.numbers import NumberBox
from zmqscope.ui.theme import Theme

_FIELD_PX = 130


class RateChoice(QWidget):
    """Buttons for the usual rates, and a field for all others.

    Args:
        theme: Fonts.
        parent: Owner.
    """

    rate_chosen = Signal(object)
    """Messages/s, or None for flat out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = QButtonGroup(self)
        self._presets.setExclusive(False)
        name = self.tr("Messages a second")
        self._field = NumberBox(theme, name, MIN_RATE_PER_S, MAX_RATE_PER_S, 1)
        self._field.setFixedWidth(_FIELD_PX)
        self._field.setToolTip(
            self.tr("0.1 to 10,000,000 messages a second; 100k and 2M can be typed too.")
        )
        self._lay_out()
        self._presets.idClicked.connect(self.on_presets_id_clicked)
        self._field.valueChanged.connect(self.on_field_value_changed)

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(6)
        for number, per_s in enumerate(PRESETS_PER_S):
            words = self.tr("Flat out") if per_s is None else asked_words(per_s)
            button = QPushButton(words)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setAccessibleName(self.tr("Rate: {0}").format(words))
            button.setToolTip(
                self.tr("As fast as libzmq and the peer take it.")
                if per_s is None
                else self.tr("{0} messages a second").format(f"{per_s:,.0f}")
            )
            self._presets.addButton(button, number)
            first.addWidget(button, 1)
        second.addWidget(self._field)
        self._unit = QLabel(self.tr("messages a second"))
        self._unit.setProperty("tone", "muted")
        second.addWidget(self._unit)
        second.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(first)
        box.addLayout(second)

    def show_rate(self, per_s: float | None) -> None:
        """Show a rate; None is flat out."""
        for number, preset in enumerate(PRESETS_PER_S):
            self._presets.button(number).setChecked(preset == per_s)
        for widget in (self._field, self._unit):
            widget.setEnabled(per_s is not None)
        if per_s is not None and per_s != self._field.value():
            self._field.blockSignals(True)
            self._field.setValue(per_s)
            self._field.blockSignals(False)

    @Slot(int)
    def on_presets_id_clicked(self, number: int) -> None:
        """Take the preset over."""
        # A second click on the same one does not switch it off.
        self._presets.button(number).setChecked(True)
        self.rate_chosen.emit(PRESETS_PER_S[number])

    @Slot(float)
    def on_field_value_changed(self, per_s: float) -> None:
        """Another rate was typed."""
        self.rate_chosen.emit(per_s)
