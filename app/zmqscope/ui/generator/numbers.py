"""Fields for numbers that may be large, with thousands set apart. GUI thread."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

from zmqscope.ui.theme import Theme

_UNITS = {"k": 1_000, "m": 1_000_000}


class NumberBox(QDoubleSpinBox):
    """A number; ``100k`` and ``2 M`` can be typed too.

    Args:
        theme: Its font.
        name: Accessible name.
        lowest: The smallest number.
        highest: The largest number.
        digits: Digits after the point that can be typed.
        parent: Owner.
    """

    def __init__(
        self,
        theme: Theme,
        name: str,
        lowest: float,
        highest: float,
        digits: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setDecimals(digits)
        self.setRange(lowest, highest)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        # Half a number is no wish yet.
        self.setKeyboardTracking(False)
        self.setFont(theme.data_font())
        # The style sheet's padding on the left does not reach the text of a spin box.
        self.lineEdit().setTextMargins(7, 0, 0, 0)
        self.setAccessibleName(name)

    def textFromValue(self, value: float) -> str:
        text = f"{value:,.{self.decimals()}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def valueFromText(self, text: str) -> float:
        value = _number(text.removesuffix(self.suffix()))
        return self.value() if value is None else value

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        body = text.removesuffix(self.suffix())
        value = _number(body)
        if value is not None and self.minimum() <= value <= self.maximum():
            return QValidator.State.Acceptable, text, pos
        is_possible = all(char.isdigit() or char in ",. kKmM" for char in body)
        state = QValidator.State.Intermediate if is_possible else QValidator.State.Invalid
        return state, text, pos


def _number(text: str) -> float | None:
    """What a person means by a number; None if that is unclear."""
    body = text.replace(",", "").replace(" ", "").lower()
    unit = _UNITS.get(body[-1:], 1)
    try:
        return float(body[:-1] if body[-1:] in _UNITS else body) * unit
    except ValueError:
        return None
