"""Where a schema is chosen: a file, one that was used before, or the same one anew. GUI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from zmqscope.core.decode.schema_files import (
    AVRO_SUFFIXES,
    DESCRIPTOR_SUFFIXES,
    PROTO_SUFFIXES,
)
from zmqscope.models.format import one_line, plain_tip
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.key_menu import KeyMenu
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_SUFFIXES = (*PROTO_SUFFIXES, *DESCRIPTOR_SUFFIXES, *AVRO_SUFFIXES)
_RECENT_KEY = "inspector.schemas"
_MAX_RECENT = 8


class SchemaField(QWidget):
    """Shows which schema is used, and asks for another.

    Args:
        theme: Icons.
        settings: Remembers schemas; None forgets.

    Attributes:
        button: The file.
        again: Has it read anew once it has been mended.
    """

    chosen = Signal(str)
    """The path of a schema."""
    again_wanted = Signal()
    """The schema is to be read anew."""

    def __init__(self, theme: Theme, settings: Settings | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._path = ""
        self.button = QPushButton()
        self.button.setMinimumWidth(60)
        self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.on_clicked)
        self.again = IconButton(theme, "refresh-cw", self.tr("Read the schema again"))
        self.again.clicked.connect(self.again_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.button, 1)
        row.addWidget(self.again)
        self.setFocusProxy(self.button)

    def set_path(self, path: str) -> None:
        """Show a schema; an empty path stands for none."""
        self._path = path
        name = one_line(Path(path).name if path else self.tr("Choose a file…"))
        tip = self.tr("Choose a .proto file, a descriptor set or an .avsc file")
        self.button.setText(name.replace("&", "&&"))
        self.button.setAccessibleName(self.tr("Schema: {0}").format(name))
        self.button.setToolTip(plain_tip(f"{path}\n{tip}".strip()))
        self.again.setVisible(bool(path))

    def remember(self, path: str) -> None:
        """Offer a schema again, the newest first."""
        if self._settings is not None and "\n" not in path:
            recent = [path, *(each for each in self._recent if each != path)]
            self._settings.set_text(_RECENT_KEY, "\n".join(recent[:_MAX_RECENT]))

    @property
    def _recent(self) -> list[str]:
        text = "" if self._settings is None else self._settings.get_text(_RECENT_KEY)
        return [path for path in text.split("\n") if path]

    @Slot()
    def on_clicked(self) -> None:
        """A schema is to be chosen: one that was used before, or another file."""
        others = [path for path in self._recent if path != self._path]
        if not others:
            self.on_browse()
            return
        menu = KeyMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToHide.connect(menu.deleteLater)
        for path in others:
            action = menu.addAction(one_line(Path(path).name).replace("&", "&&"))
            action.setToolTip(plain_tip(path))
            action.setData(path)
            action.triggered.connect(self.on_recent)
        menu.addSeparator()
        menu.addAction(self.tr("Choose a file…")).triggered.connect(self.on_browse)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    @Slot()
    def on_recent(self) -> None:
        """A schema that was used before was chosen."""
        sender = self.sender()
        assert isinstance(sender, QAction)
        self.chosen.emit(str(sender.data()))

    @Slot()
    def on_browse(self) -> None:
        """A file is to be chosen, where the last one was."""
        patterns = " ".join(f"*{suffix}" for suffix in _SUFFIXES)
        kinds = self.tr("Schemas ({0});;All files (*)").format(patterns)
        start = self._path or "".join(str(Path(path).parent) for path in self._recent[:1])
        path, _kind = QFileDialog.getOpenFileName(self, self.tr("Choose a schema"), start, kinds)
        if path:
            self.chosen.emit(path)
