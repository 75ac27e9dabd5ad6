"""The access lists: who may come in, in force as soon as it is said. GUI thread."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.security.access import AccessList, AccessMode
from zmqscope.core.security.lock import DEFAULT_ACCESS
from zmqscope.core.types import Problem
from zmqscope.models import access_edit
from zmqscope.models.access_edit import list_named
from zmqscope.models.format import one_line
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.access_page import AccessPage
from zmqscope.ui.security.access_pages import AddressesPage, KeysPage, UsersPage
from zmqscope.ui.security.mode_choice import ModeChoice
from zmqscope.ui.security.name_dialog import NameDialog
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk

_ROOM = QSize(40, 80)


class AccessDialog(QDialog):
    """Chooses a list and changes it; every change counts at once.

    Args:
        theme: Colours, fonts and icons.
        desk: Keeps the lists and tells the engine.
        name: The list to begin with.
        parent: What it belongs to.
    """

    def __init__(
        self,
        theme: Theme,
        desk: SecurityDesk,
        name: str = DEFAULT_ACCESS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Access lists"))
        self._theme = theme
        self._desk = desk
        self._has_told = False
        self._lists = QComboBox()
        self._new = IconButton(theme, "plus", self.tr("Make a new access list"))
        self._rename = IconButton(theme, "pencil", self.tr("Rename this access list"))
        self._delete = IconButton(theme, "trash-2", self.tr("Delete this access list"))
        self._modes = ModeChoice()
        self._tabs = QTabWidget()
        self._users = UsersPage(theme)
        self._keys = KeysPage(theme, desk)
        self._addresses = AddressesPage(theme)
        self._problem = ProblemLabel()
        self._done = QPushButton(self.tr("Done"))
        self._lay_out()
        self._connect()
        self._fill(name)
        self._lead_tab()

    @property
    def _pages(self) -> tuple[AccessPage, ...]:
        return (self._users, self._keys, self._addresses)

    # ---- layout -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._lists.setFont(self._theme.data_font())
        self._lists.setAccessibleName(self.tr("Access list"))
        self._lists.setToolTip(self.tr("The list that is shown and changed"))
        label = QLabel(self.tr("&List"))
        label.setProperty("tone", "muted")
        label.setBuddy(self._lists)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(label)
        head.addWidget(self._lists, 1)
        head.addWidget(self._new)
        head.addWidget(self._rename)
        head.addWidget(self._delete)
        for page, words in (
            (self._users, self.tr("&Users")),
            (self._keys, self.tr("Client &keys")),
            (self._addresses, self.tr("A&ddresses")),
        ):
            self._tabs.addTab(page, words)
        self._done.setProperty("kind", "primary")
        self._done.setAutoDefault(False)
        self._done.setToolTip(self.tr("Close this dialog (Esc)"))
        buttons = QHBoxLayout()
        buttons.addWidget(
            NoteLabel(self.tr("Changes count at once, for peers that come from now on.")), 1
        )
        buttons.addWidget(self._done)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._modes)
        column.addWidget(self._tabs, 1)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self.setMinimumSize(480, 420)
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() - _ROOM))

    def _connect(self) -> None:
        self._lists.currentIndexChanged.connect(self.on_lists_changed)
        self._new.clicked.connect(self.on_new_clicked)
        self._rename.clicked.connect(self.on_rename_clicked)
        self._delete.clicked.connect(self.on_delete_clicked)
        self._modes.mode_chosen.connect(self.on_mode_chosen)
        for page in self._pages:
            page.edited.connect(self.on_page_edited)
            page.typed.connect(self.on_page_typed)
        self._done.clicked.connect(self.accept)
        self._desk.access_changed.connect(self.on_desk_access_changed)

    def _lead_tab(self) -> None:
        stops: list[QWidget] = [self._lists, self._new, self._rename, self._delete]
        stops += self._modes.tab_stops()
        stops.append(self._tabs.tabBar())
        for page in self._pages:
            stops += page.tab_stops()
        stops.append(self._done)
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def sizeHint(self) -> QSize:
        return QSize(600, 580)

    # ---- which list -------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The name of the list that is shown."""
        name: str = self._lists.currentData()
        return name

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
        self._show_list()

    def _show_list(self) -> None:
        access = list_named(self._desk.access.lists(), self.shown)
        self._modes.show_mode(access.mode)
        for page in self._pages:
            if page.access != access or not page.list.keys():
                page.show_access(access)
        # Sockets that name no list go by the default one.
        for button in (self._rename, self._delete):
            button.setEnabled(self.shown != DEFAULT_ACCESS)
        users, keys = len(access.users), len(access.keys)
        addresses = len(access.allow) + len(access.deny)
        for at, (words, count) in enumerate(
            (
                (self.tr("&Users"), users),
                (self.tr("Client &keys"), keys),
                (self.tr("A&ddresses"), addresses),
            )
        ):
            self._tabs.setTabText(at, f"{words} · {count:,}" if count else words)

    def _save(self, access: AccessList) -> None:
        problem = self._desk.change_access(access)
        self._problem.set_problem(problem)
        self._show_list()

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_lists_changed(self) -> None:
        """Another list was chosen; what was half typed belongs to the one before."""
        for page in self._pages:
            page.clear_fields()
        self._show_list()

    @Slot()
    def on_desk_access_changed(self) -> None:
        """The lists were changed, perhaps by somebody else."""
        self._fill(self.shown)

    @Slot(object)
    def on_mode_chosen(self, mode: AccessMode) -> None:
        """Another mode."""
        access = list_named(self._desk.access.lists(), self.shown)
        self._save(replace(access, mode=mode))

    @Slot(object)
    def on_page_edited(self, access: AccessList) -> None:
        """Somebody came or went."""
        self._save(access)

    @Slot()
    def on_page_typed(self) -> None:
        """What was told before was about another text."""
        self._has_told = False

    @Slot()
    def on_new_clicked(self) -> None:
        """Ask for the name of a new list."""
        taken = [str(self._lists.itemData(row)) for row in range(self._lists.count())]
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
        self._problem.set_problem(self._desk.change_access(AccessList(name)))
        self._fill(name)

    @Slot()
    def on_rename_clicked(self) -> None:
        """Ask for another name, and say what that does to sockets."""
        old = self.shown
        names = [str(self._lists.itemData(row)) for row in range(self._lists.count())]
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
            self._problem.set_problem(self._desk.rename_access(old, name))
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
            self._problem.set_problem(self._desk.remove_access(name))
            self._fill(DEFAULT_ACCESS)

    # ---- the end ----------------------------------------------------------------------------

    def accept(self) -> None:
        """Close, unless something is typed that cannot be added."""
        for page in self._pages:
            if not page.finish():
                self._tabs.setCurrentWidget(page)
                return
        super().accept()

    def reject(self) -> None:
        """Esc: a half typed entry is told first, once."""
        for page in self._pages:
            if page.is_typing and not self._has_told:
                self._has_told = True
                self._tabs.setCurrentWidget(page)
                text = self.tr("What is typed here is not on the list.")
                page.say(Problem(text, self.tr("Add it, or press Esc again to leave it.")))
                return
        super().reject()
