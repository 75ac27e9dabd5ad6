"""The bytes above, the data inspector below them: which is shown, and how high. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

from zmqscope.ui.inspector.byte_reader import ByteReader
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.settings import Settings

_BELOW_KEY, _ALONE_KEY, _HEIGHT_KEY = "hex.reader_below", "hex.reader", "hex.reader_px"
_ON, _OFF = "on", "off"
# However little room there is, most of it is for the bytes.
_READER_SHARE = 0.42
_MAX_HEIGHT_PX = 2_000


class HexSplit(QSplitter):
    """Shares the room; what the user chose is remembered.

    Args:
        view: The bytes.
        reader: The data inspector.
        settings: Where it is remembered; None: for this run.
    """

    def __init__(self, view: HexView, reader: ByteReader, settings: Settings | None) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._view = view
        self._reader = reader
        self._settings = settings
        self._chosen: dict[str, str] = {}
        self._is_below = False
        self.setChildrenCollapsible(False)
        self.addWidget(view)
        self.addWidget(reader)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self._show_reader()
        self.splitterMoved.connect(self.on_splitter_moved)

    @property
    def is_reader_wanted(self) -> bool:
        """Whether the data inspector is shown, or would be."""
        key, usual = (_BELOW_KEY, _OFF) if self._is_below else (_ALONE_KEY, _ON)
        return self._recall(key, usual) == _ON

    def set_reader_wanted(self, wanted: bool) -> None:
        """Show or hide the data inspector, here and from now on."""
        self._remember(_BELOW_KEY if self._is_below else _ALONE_KEY, _ON if wanted else _OFF)
        self._show_reader()

    def set_below(self, below: bool) -> None:
        """Whether the bytes stand below another view, with little room.

        The data inspector is shown or hidden for each of the two places by itself.
        """
        if below != self._is_below:
            self._is_below = below
            self._show_reader()

    def _show_reader(self) -> None:
        wanted = self.is_reader_wanted
        if not wanted:
            self._view.set_reading(0, 0)
            if self._reader.hasFocus():
                self._view.setFocus()
        self._reader.setVisible(wanted)
        if wanted:
            self._reader.tell_reading()
            self._share()

    def _share(self) -> None:
        room = self.height() - self.handleWidth()
        text = self._recall(_HEIGHT_KEY, "")
        is_number = text.isascii() and text.isdecimal()
        wanted = (
            min(int(text[:6]), _MAX_HEIGHT_PX) if is_number else self._reader.sizeHint().height()
        )
        most = max(self._reader.minimumSizeHint().height(), int(room * _READER_SHARE))
        height = wanted if is_number else min(wanted, most)
        self.setSizes([max(0, room - height), height])

    def _recall(self, key: str, usual: str) -> str:
        if self._settings is None:
            return self._chosen.get(key, usual)
        return self._settings.get_text(key, usual)

    def _remember(self, key: str, value: str) -> None:
        if self._settings is None:
            self._chosen[key] = value
        else:
            self._settings.set_text(key, value)

    @Slot()
    def on_splitter_moved(self) -> None:
        """The user has shared the room."""
        self._remember(_HEIGHT_KEY, str(self._reader.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._reader.isVisible():
            self._share()
