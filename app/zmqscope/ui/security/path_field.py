"""The path of a file to be written, typed or chosen. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.theme import Theme


class PathField(QWidget):
    """A path, with a proposal that gives way to what the user chooses.

    Args:
        theme: Font and icon.
        name: What the path is, for screen readers.
        title: Title of the dialog that chooses.
        folder: Whether a folder is chosen instead of a file to be written.
    """

    changed = Signal()
    """Another path."""

    def __init__(self, theme: Theme, name: str, title: str, *, folder: bool = False) -> None:
        super().__init__()
        self._title = title
        self._folder = folder
        self._proposal = ""
        self.field = DataField(theme, name)
        self._choose = IconButton(theme, "folder-open", title)
        self._choose.clicked.connect(self.on_choose_clicked)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        line.addWidget(self._choose)
        self.field.textChanged.connect(self.on_field_text_changed)

    @property
    def text(self) -> str:
        """The path."""
        return self.field.text().strip()

    @property
    def is_chosen(self) -> bool:
        """Whether it is another than the one that was proposed."""
        return self.text != self._proposal

    def propose(self, path: str) -> None:
        """Show a path that gives way to what is chosen."""
        self._proposal = path
        self.set_text(path)

    def set_text(self, path: str) -> None:
        """Show a path; ``changed`` is not emitted."""
        blocked = self.field.blockSignals(True)
        self.field.setText(path)
        # The end tells paths apart.
        self.field.setCursorPosition(len(path))
        self.field.blockSignals(blocked)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self.field, self._choose]

    @Slot(str)
    def on_field_text_changed(self, _text: str) -> None:
        """Pass it on."""
        self.changed.emit()

    @Slot()
    def on_choose_clicked(self) -> None:
        """Ask for the file or folder."""
        dialog = QFileDialog(self, self._title, self.text)
        if self._folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            # A file that is there is never replaced; the form says so.
            dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(self.on_dialog_file_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def on_dialog_file_selected(self, path: str) -> None:
        """It was chosen."""
        self.field.setText(path)
