"""A scroll area that brings what one is led to into sight once it has its place. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_AROUND_PX = 80
# What was just shown is laid out in several steps, and nothing tells of the last one.
_SETTLE_MS = 50


class LedScroll(QScrollArea):
    """Scrolls up and down only, without a frame and without the keyboard focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._led_to: QWidget | None = None
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(self.on_settled)

    def lead_to(self, part: QWidget | None = None) -> None:
        """Bring a part into sight, unless the cursor has left it until then.

        Args:
            part: What is to be seen; None for the field that then has the cursor.
        """
        self._led_to = part
        self._settling.start()

    @Slot()
    def on_settled(self) -> None:
        """Everything has its place now."""
        # Nothing has the cursor in a window that was never shown.
        focused: QWidget | None = self.window().focusWidget()
        body = self.widget()
        if focused is None or body is None or not body.isAncestorOf(focused):
            return
        led_to = self._led_to or focused
        if led_to is focused or led_to.isAncestorOf(focused):
            self.ensureWidgetVisible(led_to, 0, _AROUND_PX)
