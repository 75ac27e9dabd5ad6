"""The frames of a message as an item model. GUI thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from zmqscope.models.inspector.inspected import Inspected

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class FrameListModel(QAbstractListModel):
    """One item a frame; its text is made when it is seen."""

    def __init__(self) -> None:
        super().__init__()
        self._message: Inspected | None = None

    def set_message(self, message: Inspected | None) -> None:
        """List the frames of another message, or none."""
        self.beginResetModel()
        self._message = message
        self.endResetModel()

    def tell_titles_changed(self) -> None:
        """The frames are read another way."""
        if self._message is not None:
            last = self.index(len(self._message.frames) - 1)
            self.dataChanged.emit(self.index(0), last)

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() or self._message is None else len(self._message.frames)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Number, kind and size."""
        if self._message is None or not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._message.title(index.row())
        return None
