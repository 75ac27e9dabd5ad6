"""The access lists: who may come in, in force as soon as it is said. GUI thread."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.security.access import AccessList, AccessMode
from zmqscope.core.security.lock import DEFAULT_ACCESS
from zmqscope.core.types import Problem
from zmqscope.models.security.access_edit import list_named
from zmqscope.ui.security.access_chooser import AccessChooser
from zmqscope.ui.security.access_page import AccessPage
from zmqscope.ui.security.access_pages import AddressesPage, KeysPage, UsersPage
from zmqscope.ui.security.mode_choice import ModeChoice
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk

_ROOM = QSize(40, 80)


class AccessDialog(QDialog):
    """Shows a list and changes it; every change counts at once.

    Args:
        theme: Colours, fonts and icons.
        desk: Keeps the lists and tells the engine.
        name: The list to begin with.
        parent: What it belongs to.

    Attributes:
        chooser: Which list it is.
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
        self._desk = desk
        self._has_told = False
        self.chooser = AccessChooser(theme, desk, name)
        self._modes = ModeChoice()
        self._tabs = QTabWidget()
        self._users = UsersPage(theme)
        self._keys = KeysPage(theme, desk)
        self._addresses = AddressesPage(theme)
        self._problem = ProblemLabel()
        self._done = QPushButton(self.tr("Done"))
        self._lay_out()
        self._connect()
        self._show_list()
        self._lead_tab()

    @property
    def _pages(self) -> tuple[AccessPage, ...]:
        return (self._users, self._keys, self._addresses)

    # ---- layout -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
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
        column.addWidget(self.chooser)
        column.addWidget(self._modes)
        column.addWidget(self._tabs, 1)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self.setMinimumSize(480, 420)
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() - _ROOM))

    def _connect(self) -> None:
        self.chooser.chosen.connect(self.on_chooser_chosen)
        self.chooser.filled.connect(self.on_chooser_filled)
        self.chooser.tried.connect(self._problem.set_problem)
        self._modes.mode_chosen.connect(self.on_mode_chosen)
        for page in self._pages:
            page.edited.connect(self.on_page_edited)
            page.typed.connect(self.on_page_typed)
        self._done.clicked.connect(self.accept)

    def _lead_tab(self) -> None:
        stops = [*self.chooser.tab_stops(), *self._modes.tab_stops()]
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
        return self.chooser.shown

    def _show_list(self) -> None:
        access = list_named(self._desk.access.lists(), self.shown)
        self._modes.show_mode(access.mode)
        for page in self._pages:
            if page.access != access or not page.list.keys():
                page.show_access(access)
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
    def on_chooser_chosen(self) -> None:
        """Another list was chosen; what was half typed belongs to the one before."""
        for page in self._pages:
            page.clear_fields()
        self._show_list()

    @Slot()
    def on_chooser_filled(self) -> None:
        """The lists were changed, here or elsewhere."""
        self._show_list()

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
