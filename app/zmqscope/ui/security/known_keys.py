"""Offers the public keys that are known, and one from a file. GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from zmqscope.core.types import Problem
from zmqscope.models.format import one_line
from zmqscope.models.security.key_book import KeyEntry
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.key_file_dialog import KeyFileDialog
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.models.errands import ErrandId
    from zmqscope.ui.security.desk import SecurityDesk

_MOST = 20
_SHORT_KEY = 10


class KnownKeysButton(IconButton):
    """A menu of keys, read anew each time it opens.

    Args:
        theme: Where the icon comes from.
        desk: Knows the keys and reads files.
    """

    key_chosen = Signal(str, str)
    """The public key in Z85, and what the user calls it."""
    key_refused = Signal(object)
    """Problem: the file has no key."""

    def __init__(self, theme: Theme, desk: SecurityDesk) -> None:
        super().__init__(theme, "key-round", "")
        words = self.tr("Choose a known key, or a .key file")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self._desk = desk
        self._errand: ErrandId | None = None
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.on_menu_about_to_show)
        self._menu.triggered.connect(self.on_menu_triggered)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        desk.errands.finished.connect(self.on_errands_finished)

    @Slot()
    def on_menu_about_to_show(self) -> None:
        """List them."""
        self._menu.clear()
        self._menu.addAction(self.tr("From a .key file…")).setData("")
        self._menu.addSeparator()
        for entry in self._desk.book.entries[:_MOST]:
            words = f"{one_line(entry.name)} · {entry.public[:_SHORT_KEY]}…"
            action = self._menu.addAction(words.replace("&", "&&"))
            action.setData(entry.public)

    @Slot(QAction)
    def on_menu_triggered(self, action: QAction) -> None:
        """One was picked, or a file is wanted."""
        public: str = action.data()
        if public:
            self.key_chosen.emit(public, self._desk.book.named(public))
            return
        dialog = KeyFileDialog(
            self, self.tr("Choose a public key"), self.tr("Keys (*.key *.key_secret)")
        )
        dialog.fileSelected.connect(self.on_dialog_file_selected)
        dialog.open()

    @Slot(str)
    def on_dialog_file_selected(self, path: str) -> None:
        """Read it; of a secret one the public half is taken."""
        self._errand = self._desk.errands.run(partial(self._desk.vault.open_file, path))

    @Slot(int, object, object)
    def on_errands_finished(self, number: int, result: object, problem: Problem | None) -> None:
        """It was read, or could not be."""
        if number != self._errand:
            return
        self._errand = None
        if isinstance(result, KeyEntry):
            self.key_chosen.emit(result.public, result.name)
        else:
            self.key_refused.emit(problem)
