"""Where the value of an option is typed or chosen, a kind of field for each kind of value. GUI."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from zmqscope.core.errors import SpecError
from zmqscope.core.option_groups.websocket import SUBPROTOCOLS
from zmqscope.core.option_table import Option, OptionForm, OptionKind
from zmqscope.core.options import parse_option, started_with
from zmqscope.models.sockets.option_words import (
    path_of,
    path_text,
    placeholder,
    spoken_name,
    switch_words,
)
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.rows import mark_problem
from zmqscope.ui.theme import Theme

_NUMBER_PX = 112


class OptionField(QWidget):
    """A field for one option; shows a spec's word for its value, or what it is by default."""

    edited = Signal(object)
    """str, the value as a spec has it; None leaves the option to its default."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)

    def show_text(self, text: str | None) -> None:
        """Show what is set; ``edited`` is not emitted."""
        raise NotImplementedError

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        raise NotImplementedError

    def mark(self, wrong: bool) -> None:
        """Show that the value cannot be used, or that it can."""


class SwitchField(OptionField):
    """On or off.

    Args:
        option: What it switches.
    """

    def __init__(self, option: Option) -> None:
        super().__init__()
        self._option = option
        self._box = QCheckBox()
        self._box.setAccessibleName(option.name)
        self._box.setToolTip(option.meaning)
        self._layout.addWidget(self._box)
        self._layout.addStretch(1)
        self._box.toggled.connect(self.on_toggled)
        self._box.clicked.connect(self.on_clicked)
        self.show_text(None)
        self.on_toggled(self._box.isChecked())

    def show_text(self, text: str | None) -> None:
        self._box.setChecked(bool(self._value(text)))

    def _value(self, text: str | None) -> int | bytes:
        if text is not None:
            try:
                return parse_option(self._option.name, text)
            except SpecError:
                return 0
        return started_with(self._option)

    def tab_stops(self) -> list[QWidget]:
        return [self._box]

    @Slot(bool)
    def on_toggled(self, is_on: bool) -> None:
        """Say what it is."""
        self._box.setText(switch_words(is_on))

    @Slot(bool)
    def on_clicked(self, is_on: bool) -> None:
        """A person has switched it; back at its default, it is left alone."""
        is_default = is_on == bool(started_with(self._option))
        self.edited.emit(None if is_default else str(int(is_on)))


class LineField(OptionField):
    """A number, or bytes as a spec writes them; empty is the default, which stands in it.

    Args:
        theme: Where the font comes from.
        option: What is typed.
    """

    def __init__(self, theme: Theme, option: Option) -> None:
        super().__init__()
        self._field = DataField(theme, spoken_name(option), placeholder(option))
        self._field.setToolTip(option.meaning)
        if option.kind is not OptionKind.BYTES:
            self._field.setFixedWidth(_NUMBER_PX)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._layout.addWidget(self._field)
        self._field.textChanged.connect(self.on_text_changed)

    def show_text(self, text: str | None) -> None:
        shown = self._shown(text) if text is not None else ""
        if self._field.text().strip() != shown:
            self.blockSignals(True)
            self._field.setText(shown)
            self.blockSignals(False)

    def _shown(self, text: str) -> str:
        return text

    def _typed(self, text: str) -> str:
        return text

    def tab_stops(self) -> list[QWidget]:
        return [self._field]

    def mark(self, wrong: bool) -> None:
        mark_problem(self._field, wrong)

    @Slot(str)
    def on_text_changed(self, text: str) -> None:
        """A person typed."""
        text = text.strip()
        self.edited.emit(self._typed(text) if text else None)


class PathField(LineField):
    """The path of a file, typed or chosen in a dialog.

    Args:
        theme: Where font and icon come from.
        option: What the file is for.
    """

    def __init__(self, theme: Theme, option: Option) -> None:
        super().__init__(theme, option)
        self._choose = IconButton(
            theme, "folder-open", self.tr("Choose the file for {0}").format(option.name)
        )
        self._choose.clicked.connect(self.on_choose_clicked)
        self._layout.addWidget(self._choose)

    def _shown(self, text: str) -> str:
        return path_of(text)

    def _typed(self, text: str) -> str:
        return path_text(text)

    def tab_stops(self) -> list[QWidget]:
        return [self._field, self._choose]

    @Slot()
    def on_choose_clicked(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self, self.tr("Choose a PEM file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("PEM files (*.pem *.crt *.cer *.key)"), self.tr("All files (*)")]
        )
        dialog.fileSelected.connect(self.on_dialog_file_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def on_dialog_file_selected(self, path: str) -> None:
        """It was chosen."""
        self._field.setText(path)


class SubprotocolField(OptionField):
    """Which subprotocols of ZeroMQ over WebSocket are offered (RFC 45).

    Args:
        option: The option.
    """

    def __init__(self, option: Option) -> None:
        super().__init__()
        self._combo = QComboBox()
        self._combo.addItem(self.tr("both"), None)
        for name in SUBPROTOCOLS:
            self._combo.addItem(self.tr("{0} alone").format(name), name)
        self._combo.setAccessibleName(option.name)
        self._combo.setToolTip(option.meaning)
        self._combo.setMinimumWidth(_NUMBER_PX)
        self._layout.addWidget(self._combo)
        self._layout.addStretch(1)
        self._combo.activated.connect(self.on_activated)

    def show_text(self, text: str | None) -> None:
        if self._combo.findData(text) < 0:
            self._combo.addItem(text or "", text)
        self._combo.setCurrentIndex(self._combo.findData(text))

    def tab_stops(self) -> list[QWidget]:
        return [self._combo]

    @Slot(int)
    def on_activated(self, row: int) -> None:
        """One was chosen."""
        self.edited.emit(self._combo.itemData(row))


def field_for(theme: Theme, option: Option) -> OptionField:
    """The field that fits the values of an option."""
    if option.kind is OptionKind.BOOL:
        return SwitchField(option)
    if option.form is OptionForm.PEM_PATH:
        return PathField(theme, option)
    if option.form is OptionForm.SUBPROTOCOLS:
        return SubprotocolField(option)
    return LineField(theme, option)


def takes_the_width(field: OptionField) -> bool:
    """Whether a field wants all the room there is."""
    return isinstance(field, LineField) and field.sizePolicy().horizontalPolicy() is not (
        QSizePolicy.Policy.Fixed
    )
