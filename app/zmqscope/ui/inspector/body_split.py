"""Fields above, bytes below: the line between them stays where it is. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

from zmqscope.ui.settings import Settings

_KEY = "inspector.share"
_USUAL_PERCENT = 58
_LEAST_LOWER_PX = 100
_LEAST_PERCENT, _MOST_PERCENT = 10, 90


class BodySplit(QSplitter):
    """Keeps the share of the upper part when the panel changes its size.

    When only what is said above or below of it changes, the lower part alone gives way: the line
    would jump from message to message.

    Args:
        settings: Remembers the share; None forgets.
    """

    def __init__(self, settings: Settings | None) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._settings = settings
        text = "" if settings is None else settings.get_text(_KEY)
        known = text.isascii() and text.isdecimal() and len(text) < 4
        percent = int(text) if known else _USUAL_PERCENT
        self._percent = max(_LEAST_PERCENT, min(percent, _MOST_PERCENT))
        self._upper_px = 0
        self._is_due = True
        # A panel finds its size in several steps; the last one counts.
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self.on_settle_timeout)
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self.on_splitter_moved)

    def keep_share(self) -> None:
        """The panel has taken another size, and this with it: share the room out anew."""
        self._is_due = True
        self._share_out()
        self._settle.start()

    @Slot()
    def on_settle_timeout(self) -> None:
        """The panel has found its size."""
        self._share_out()
        self._is_due = not self._upper_px

    def _share_out(self) -> None:
        sizes = self.sizes()
        # While one of the two is hidden there is nothing to share.
        if self._is_due and len(sizes) == 2 and all(sizes):
            self._upper_px = sum(sizes) * self._percent // 100
            self.setSizes([self._upper_px, sum(sizes) - self._upper_px])

    def _hold(self) -> None:
        """The line goes back to its place as soon as there is room for that."""
        sizes = self.sizes()
        if self._upper_px and len(sizes) == 2 and all(sizes):
            upper = min(self._upper_px, max(sum(sizes) - _LEAST_LOWER_PX, sum(sizes) // 2))
            if upper != sizes[0]:
                self.setSizes([upper, sum(sizes) - upper])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        if self._is_due:
            self._share_out()
        else:
            self._hold()

    @Slot()
    def on_splitter_moved(self) -> None:
        """The user gave one of the two more room."""
        sizes = self.sizes()
        if len(sizes) == 2 and all(sizes):
            self._upper_px = sizes[0]
            percent = round(sizes[0] * 100 / sum(sizes))
            self._percent = max(_LEAST_PERCENT, min(percent, _MOST_PERCENT))
            if self._settings is not None:
                self._settings.set_text(_KEY, str(self._percent))
