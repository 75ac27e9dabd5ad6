"""The menu that offers connection files of Jupyter kernels, the newest first. GUI thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from zmqscope.models.format import plain_tip
from zmqscope.models.inspector.key_file_words import OfferedFile
from zmqscope.ui.key_menu import KeyMenu


class KeyFileMenu(KeyMenu):
    """Connection files that Jupyter has written, and any other.

    Args:
        files: Those to offer.
        given: Paths of those whose keys are used already.
        parent: Owner.
    """

    chosen = Signal(object)
    """tuple[str, ...]: paths of files whose keys are to be used."""
    other_wanted = Signal()
    """Another file is to be chosen."""

    def __init__(
        self, files: Sequence[OfferedFile], given: Collection[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._new = tuple(file.path for file in files if file.path not in given)
        for file in files:
            action = self.addAction(f"{file.title}\t{file.age}".replace("&", "&&"))
            action.setToolTip(plain_tip(file.path))
            action.setData(file.path)
            action.setCheckable(True)
            action.setChecked(file.path in given)
            action.triggered.connect(self.on_file)
        if len(self._new) > 1:
            every = self.addAction(self.tr("Try all of these"))
            every.setToolTip(plain_tip(self.tr("The one that fits is found by the signature.")))
            every.triggered.connect(self.on_every)
        self.addSeparator()
        self.addAction(self.tr("Choose a file…")).triggered.connect(self.other_wanted)
        self.aboutToHide.connect(self.deleteLater)

    @Slot()
    def on_file(self) -> None:
        """A file was chosen; one that is used already is read anew."""
        sender = self.sender()
        assert isinstance(sender, QAction)
        self.chosen.emit((str(sender.data()),))

    @Slot()
    def on_every(self) -> None:
        """All of them are to be used."""
        self.chosen.emit(self._new)
