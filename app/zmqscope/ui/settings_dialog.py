"""The settings: theme and memory budget, in force as soon as they are chosen. GUI thread."""

from __future__ import annotations

import psutil
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.format import format_count, format_memory_mb
from zmqscope.ui.settings import MAX_BUDGET_BYTES, MEBIBYTE, MIN_BUDGET_BYTES, Settings
from zmqscope.ui.theme import Theme, ThemeMode

_EXAMPLE_BYTES = 256
# What the store's columns take beside the payload, for a message of two frames.
_ROW_BYTES = 34
_WIDTH_PX = 460


class SettingsDialog(QDialog):
    """Shows and changes the settings.

    Args:
        theme: Fonts.
        settings: What is changed.
        parent: The window.
    """

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._machine_bytes = psutil.virtual_memory().total
        self.setWindowTitle(self.tr("Settings"))
        self.setFixedWidth(_WIDTH_PX)
        self._modes = QButtonGroup(self)
        self._budget = QSpinBox()
        self._budget.setFont(theme.data_font())
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow(self.tr("Theme"), self._make_modes())
        form.addRow(self.tr("Memory budget"), self._make_budget())
        form.addRow("", self._meaning)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(buttons)
        self._explain_budget()

    def _make_modes(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for mode, name, words in (
            (ThemeMode.SYSTEM, self.tr("System"), self.tr("As the system is, dark or light")),
            (ThemeMode.DARK, self.tr("Dark"), self.tr("Always dark")),
            (ThemeMode.LIGHT, self.tr("Light"), self.tr("Always light")),
        ):
            button = QRadioButton(name)
            button.setToolTip(words)
            button.setAccessibleName(self.tr("Theme: {name}").format(name=name))
            button.setChecked(mode is self._settings.theme_mode)
            self._modes.addButton(button, list(ThemeMode).index(mode))
            row.addWidget(button)
        row.addStretch(1)
        self._modes.idClicked.connect(self.on_mode_clicked)
        return box

    def _make_budget(self) -> QSpinBox:
        field = self._budget
        field.setRange(MIN_BUDGET_BYTES // MEBIBYTE, MAX_BUDGET_BYTES // MEBIBYTE)
        field.setSingleStep(64)
        field.setSuffix(" MB")
        field.setGroupSeparatorShown(True)
        # Half a number must not throw captured messages away.
        field.setKeyboardTracking(False)
        field.setFixedWidth(130)
        # The style sheet's padding on the left does not reach the text of a spin box.
        field.lineEdit().setTextMargins(7, 0, 0, 0)
        field.setAccessibleName(self.tr("Memory budget in megabytes"))
        field.setToolTip(self.tr("How much memory captured messages may take, 64 to 65,536 MB"))
        field.setValue(self._settings.memory_budget_bytes // MEBIBYTE)
        field.valueChanged.connect(self.on_budget_changed)
        return field

    @Slot(int)
    def on_mode_clicked(self, number: int) -> None:
        """Another theme was chosen."""
        self._settings.theme_mode = list(ThemeMode)[number]

    @Slot(int)
    def on_budget_changed(self, megabytes: int) -> None:
        """Another budget was chosen."""
        self._settings.memory_budget_bytes = megabytes * MEBIBYTE
        self._explain_budget()

    def _explain_budget(self) -> None:
        budget = self._settings.memory_budget_bytes
        messages = round(budget // (_EXAMPLE_BYTES + _ROW_BYTES), -4)
        words = self.tr(
            "Captured messages may take this much; when it is full the oldest make room for new "
            "ones. It holds about {count} messages of {size} bytes. A smaller budget drops the "
            "oldest at once."
        ).format(count=format_count(messages), size=_EXAMPLE_BYTES)
        is_large = budget > self._machine_bytes // 2
        if is_large:
            words += " " + self.tr("That is more than half of this machine's {memory} MB.").format(
                memory=format_memory_mb(self._machine_bytes)
            )
        self._meaning.setText(words)
        self._meaning.setProperty("tone", "warning" if is_large else "muted")
        self._meaning.style().unpolish(self._meaning)
        self._meaning.style().polish(self._meaning)
