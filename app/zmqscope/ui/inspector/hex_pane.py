"""Bytes: hex view, find bar, data inspector and a line about where one is. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme


class HexPane(QWidget):
    """Shows bytes of any size; only what is in sight is ever formatted.

    Args:
        theme: Colours and fonts.
        actions: Where its actions go.
        settings: Remembers what is shown beside the bytes; None forgets.

    Attributes:
        view: The bytes.
    """

    selection_changed = Signal(int, int)
    """By the user: first selected byte, and one past the last; equal for a mere cursor."""
    said = Signal(str)
    """What was done, in one sentence."""
    save_requested = Signal()
    """The whole frame is to be saved."""

    def __init__(
        self, theme: Theme, actions: ActionRegistry, settings: Settings | None = None
    ) -> None:
        super().__init__()
        self.view = HexView(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    @property
    def data(self) -> bytes:
        """What is shown."""
        return self.view.model.data

    @property
    def selection(self) -> tuple[int, int]:
        """Selected bytes as first and one past the last; equal for a mere cursor."""
        return self.view.selection

    def set_bytes(self, data: bytes, title: str = "") -> None:
        """Show bytes from their beginning.

        Args:
            data: The bytes.
            title: What they are, for a file's name and a screen reader.
        """
        self.view.set_frame(data)

    @Slot()
    def clear(self) -> None:
        """Show nothing and let go of the bytes."""
        self.set_bytes(b"")

    def select(self, start: int, stop: int) -> None:
        """Select bytes and bring them into sight; nothing is emitted."""

    def set_field(self, start: int, stop: int) -> None:
        """Mark the bytes of what is selected elsewhere, softly; equal for none."""
