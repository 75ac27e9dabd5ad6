"""Shows only rows that contain what is typed. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from zmqscope.models.peers.subscriptions import SubscriptionTableModel
from zmqscope.models.peers.table import PeerTableModel
from zmqscope.ui.filter_field import FilterField
from zmqscope.ui.peers.view import CellView

_TYPING_MS = 80


class PeerFinder(QObject):
    """Leads from the field to the table that is shown.

    Args:
        view: The table that is shown at first.
        field: Where one types.
        parent: Owner.
    """

    found = Signal()
    """Other rows are shown."""

    def __init__(self, view: CellView, field: FilterField, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._field = field
        # One look at all rows for a word that is typed quickly, not one for each letter.
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.look)
        field.textChanged.connect(self.on_field_text_changed)
        field.left.connect(self.on_field_left)

    def set_view(self, view: CellView) -> None:
        """Look in this table from now on."""
        self._view = view
        self.look()

    @Slot(str)
    def on_field_text_changed(self, _text: str) -> None:
        """Look once the typing pauses."""
        self._typing.start()

    @Slot()
    def look(self) -> None:
        """Show what contains what is typed; the selection stays if it is among it."""
        self._typing.stop()
        view, model = self._view, self._view.model()
        if isinstance(model, (PeerTableModel, SubscriptionTableModel)):
            model.set_filter(self._field.text())
        view.announce()
        view.viewport().update()
        self.found.emit()

    @Slot()
    def on_field_left(self) -> None:
        """The keyboard goes on to the table."""
        self.look()
        self._view.setFocus()
        if self._view.current is None:
            self._view.select(self._view.model().index(0, 0))
