"""Chooses an access list, and makes, renames and deletes them. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMessageBox, QWidget

from zmqscope.core.security.access import AccessList
from zmqscope.core.security.lock import DEFAULT_ACCESS
from zmqscope.models.format import one_line
from zmqscope.models.security import access_edit
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.name_dialog import NameDialog
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk


class AccessChooser(QWidget):
    """The names of all lists, and what can be done with a whole one.

    Args:
        theme: Fonts and icons.
        desk: Keeps the lists.
        name: The list to begin with.
    """

    chosen = Signal()
    """Another list, by a person."""
    filled = Signal()
    """The lists are others, perhaps the shown one too."""
    tried = Signal(object)
    """A list was to be made, renamed or deleted: what was wrong with that, or None."""

    def __init__(self, theme: Theme, desk: SecurityDesk, name: str) -> None:
        super().__init__()
        self._desk = desk
        self._lists = QComboBox()
        self._lists.setFont(theme.data_font())
        self._lists.setAccessibleName(self.tr("Access list"))
        self._lists.setToolTip(self.tr("The list that is shown and changed"))
        self._new = IconButton(theme, "plus", self.tr("Make a new access list"))
        self._rename = IconButton(theme, "pencil", self.tr("Rename this access list"))
        self._delete = IconButton(theme, "trash-2", self.tr("Delete this access list"))
        self._lay_out()
        self._fill(name)
        self._lists.currentIndexChanged.connect(self.on_lists_changed)
        self._new.clicked.connect(self.on_new_clicked)
        self._rename.clicked.connect(self.on_rename_clicked)
        self._delete.clicked.connect(self.on_delete_clicked)
        desk.access_changed.connect(self.on_desk_access_changed)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("&List"))
        label.setProperty("tone", "muted")
        label.setBuddy(self._lists)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(self._lists, 1)
        for button in (self._new, self._rename, self._delete):
            row.addWidget(button)

    @property
    def shown(self) -> str:
        """The name of the list that is chosen."""
        name: str = self._lists.currentData()
        return name

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._lists, self._new, self._rename, self._delete]

    def _names(self) -> list[str]:
        return [str(self._lists.itemData(row)) for row in range(self._lists.count())]

    def _fill(self, name: str) -> None:
        names = [access.name for access in self._desk.access.lists()]
        if DEFAULT_ACCESS not in names:
            names.insert(0, DEFAULT_ACCESS)
        if name not in names:
            names.append(name)
        blocked = self._lists.blockSignals(True)
        self._lists.clear()
        for each in names:
            self._lists.addItem(one_line(each), each)
        self._lists.setCurrentIndex(self._lists.findData(name))
        self._lists.blockSignals(blocked)
        self._enable()
        self.filled.emit()

    def _enable(self) -> None:
        # Sockets that name no list go by the default one.
        for button in (self._rename, self._delete):
            button.setEnabled(self.shown != DEFAULT_ACCESS)

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_lists_changed(self) -> None:
        """Another list was chosen."""
        self._enable()
        self.chosen.emit()

    @Slot()
    def on_desk_access_changed(self) -> None:
        """The lists were changed, perhaps by somebody else."""
        self._fill(self.shown)

    @Slot()
    def on_new_clicked(self) -> None:
        """Ask for the name of a new list."""
        taken = self._names()
        dialog = NameDialog(
            self.tr("New access list"),
            self.tr("&Name"),
            self.tr("Sockets choose an access list by its name."),
            lambda name: access_edit.list_name_problem(name, taken),
            self,
        )
        dialog.name_chosen.connect(self.on_dialog_name_chosen)
        dialog.open()

    @Slot(str)
    def on_dialog_name_chosen(self, name: str) -> None:
        """Make it and show it."""
        self.tried.emit(self._desk.change_access(AccessList(name)))
        self._fill(name)

    @Slot()
    def on_rename_clicked(self) -> None:
        """Ask for another name, and say what that does to sockets."""
        old = self.shown
        names = self._names()
        taken = [name for name in names if name != old]
        dialog = NameDialog(
            self.tr("Rename access list"),
            self.tr("&Name"),
            access_edit.rename_words(len(self._desk.going_by(old))),
            lambda name: access_edit.list_name_problem(name, taken),
            self,
            old,
        )
        dialog.name_chosen.connect(self.on_dialog_name_changed)
        dialog.open()

    @Slot(str)
    def on_dialog_name_changed(self, name: str) -> None:
        """Give it the new name and go on with it."""
        old = self.shown
        if name != old:
            self.tried.emit(self._desk.rename_access(old, name))
            self._fill(name)

    @Slot()
    def on_delete_clicked(self) -> None:
        """Ask before a list is lost."""
        name = self.shown
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Delete access list"))
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Delete the access list “{0}”?").format(one_line(name)))
        box.setInformativeText(
            self.tr(
                "Its users, keys and addresses are lost. Sockets that go by it ask you about "
                "every peer."
            )
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        delete.clicked.connect(self.on_delete_confirmed)
        box.open()

    @Slot()
    def on_delete_confirmed(self) -> None:
        """It goes."""
        name = self.shown
        if name != DEFAULT_ACCESS:
            self.tried.emit(self._desk.remove_access(name))
            self._fill(DEFAULT_ACCESS)
