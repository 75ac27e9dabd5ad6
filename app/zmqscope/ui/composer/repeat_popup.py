"""Asks how often a message is to be sent, and starts it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.composer.send_jobs import MAX_INTERVAL_S, MIN_INTERVAL_S, interval_words
from zmqscope.ui.composer.controls import keep_on_screen

_PRESETS_S = (0.01, 0.1, 1.0, 10.0, 60.0)


class SecondsBox(QDoubleSpinBox):
    """Milliseconds can be typed, but no zeros are shown that say nothing."""

    def textFromValue(self, value: float) -> str:
        digits = max(1, len(f"{value:.3f}".rstrip("0").partition(".")[2]))
        return self.locale().toString(value, "f", digits)


class RepeatPopup(QFrame):
    """A field for the seconds, a few presets and a button."""

    interval_changed = Signal(float)
    """Seconds."""
    start_asked = Signal()
    stop_asked = Signal()
    generate_asked = Signal()
    """More than a thousand a second are wanted, or a certain number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self._seconds = SecondsBox()
        self._seconds.setRange(MIN_INTERVAL_S, MAX_INTERVAL_S)
        self._seconds.setDecimals(3)
        self._seconds.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self._seconds.setValue(1.0)
        self._seconds.setSuffix(self.tr(" s"))
        # The style sheet's padding on the left does not reach the text of a spin box.
        self._seconds.lineEdit().setTextMargins(7, 0, 0, 0)
        self._seconds.setAccessibleName(self.tr("Seconds between two messages"))
        self._seconds.setToolTip(self.tr("From 0.001 to 3,600 seconds."))
        self._start = QPushButton(self.tr("Start"))
        self._start.setProperty("kind", "primary")
        self._start.setToolTip(self.tr("Send the message again and again (Ctrl+Shift+Return)."))
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setToolTip(self.tr("Stop what this socket repeats."))
        self._generate = QPushButton(self.tr("Faster, counted or numbered: generate load…"))
        self._generate.setProperty("kind", "entry")
        self._generate.setToolTip(self.tr("Open the generator (Ctrl+Shift+G)."))
        self._presets = QButtonGroup(self)
        self._lay_out()
        self._seconds.valueChanged.connect(self.on_seconds_value_changed)
        self._seconds.lineEdit().returnPressed.connect(self.on_start_clicked)
        self._presets.idClicked.connect(self.on_presets_id_clicked)
        self._start.clicked.connect(self.on_start_clicked)
        self._stop.clicked.connect(self.on_stop_clicked)
        self._generate.clicked.connect(self.on_generate_clicked)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(QLabel(self.tr("Send every")))
        first.addWidget(self._seconds, 1)
        first.addWidget(self._start)
        first.addWidget(self._stop)
        second = QHBoxLayout()
        second.setSpacing(4)
        for number, seconds in enumerate(_PRESETS_S):
            words = interval_words(seconds)
            button = QPushButton(words)
            button.setProperty("kind", "flat")
            button.setToolTip(self.tr("Every {0}").format(words))
            button.setAccessibleName(self.tr("Every {0}").format(words))
            self._presets.addButton(button, number)
            second.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 8)
        box.setSpacing(6)
        box.addLayout(first)
        box.addLayout(second)
        box.addWidget(self._generate)

    @property
    def interval_s(self) -> float:
        """Seconds between two messages."""
        return self._seconds.value()

    def open_above(self, button: QWidget, *, is_running: bool) -> None:
        """Open above a button.

        Args:
            button: Where.
            is_running: Whether the socket repeats something now.
        """
        self._stop.setVisible(is_running)
        self.adjustSize()
        place = button.mapToGlobal(QPoint(0, -self.height() - 4))
        self.move(keep_on_screen(self, place))
        self.show()
        self._seconds.setFocus()
        self._seconds.selectAll()

    @Slot(float)
    def on_seconds_value_changed(self, seconds: float) -> None:
        """Pass it on."""
        self.interval_changed.emit(seconds)

    @Slot(int)
    def on_presets_id_clicked(self, number: int) -> None:
        """Take the preset over."""
        self._seconds.setValue(_PRESETS_S[number])

    @Slot()
    def on_start_clicked(self) -> None:
        """Close and start."""
        self.hide()
        self.start_asked.emit()

    @Slot()
    def on_generate_clicked(self) -> None:
        """Close and open the generator."""
        self.hide()
        self.generate_asked.emit()

    @Slot()
    def on_stop_clicked(self) -> None:
        """Close and stop."""
        self.hide()
        self.stop_asked.emit()
