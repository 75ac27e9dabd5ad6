"""Bytes: hex view, find bar, data inspector and a line about where one is. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zmqscope.core.decode.field_path import BYTES, FieldPath
from zmqscope.models.hex.offset import OffsetBase
from zmqscope.models.hex.words import byte_words, place_words
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.icon_button import action_button
from zmqscope.ui.inspector.byte_reader import ByteReader
from zmqscope.ui.inspector.hex_actions import DECIMAL, READER
from zmqscope.ui.inspector.hex_commands import AskPath, HexCommands, ask_for_path
from zmqscope.ui.inspector.hex_find import HexFindBar
from zmqscope.ui.inspector.hex_finder import HexFinder
from zmqscope.ui.inspector.hex_goto import HexGotoBar
from zmqscope.ui.inspector.hex_line import HexLine
from zmqscope.ui.inspector.hex_split import HexSplit
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.key_menu import KeyMenu
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_DECIMAL_KEY = "hex.decimal"
_ON, _OFF = "on", "off"
_WHOLE = FieldPath((BYTES,))


class HexPane(QWidget):
    """Shows bytes of any size; only what is in sight is ever formatted.

    Args:
        theme: Colours and fonts.
        actions: Where its actions go.
        settings: Remembers what is shown beside the bytes; None forgets.
        ask_path: Asks where to save.

    Attributes:
        view: The bytes.
        reader: The data inspector.
        finder: The search.
        find_bar: Where one types what to find.
        goto_bar: Where one types where to go.
        status: The line about where one is.
    """

    selection_changed = Signal(int, int)
    """By the user: first selected byte, and one past the last; equal for a mere cursor."""
    said = Signal(str)
    """What was done, in one sentence."""
    save_requested = Signal()
    """The whole frame is to be saved."""

    def __init__(
        self,
        theme: Theme,
        actions: ActionRegistry,
        settings: Settings | None = None,
        ask_path: AskPath = ask_for_path,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._path = _WHOLE
        self.view = HexView(theme)
        self.reader = ByteReader(theme)
        self.status = HexLine(theme, is_data=True)
        self._commands = HexCommands(self.view, ask_path, self)
        self._commands.form_of = self.reader.form_of
        self.goto_bar = HexGotoBar(theme)
        self._register(actions)
        self.find_bar = HexFindBar(theme, actions)
        self.finder = HexFinder(self.view, self.find_bar, settings, self)
        self._split = HexSplit(self.view, self.reader, settings)
        self._lay_out(actions)
        self._connect()
        self._restore(actions)
        self.setFocusProxy(self.view)

    def _register(self, actions: ActionRegistry) -> None:
        callbacks: dict[str, Callable[..., object]] = {
            "hex.find": self.on_find,
            "hex.find_next": self.on_find_next,
            "hex.find_previous": self.on_find_previous,
            "hex.goto": self.on_goto,
            READER: self.on_reader_toggled,
            DECIMAL: self.on_decimal_toggled,
        }
        self._commands.register(actions, callbacks)

    def _lay_out(self, actions: ActionRegistry) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 1, 6, 1)
        foot.setSpacing(1)
        foot.addWidget(self.status, 1)
        for action_id in ("hex.find", "hex.goto"):
            foot.addWidget(action_button(actions.qaction(action_id)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.goto_bar)
        column.addWidget(self._split, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        view, reader, commands = self.view, self.reader, self._commands
        view.selection_changed.connect(self.selection_changed)
        view.moved.connect(self.on_view_moved)
        view.moved.connect(self.finder.on_view_moved)
        view.hovered.connect(self.on_view_hovered)
        view.copied.connect(commands.on_view_copied)
        reader.reading_changed.connect(view.set_reading)
        reader.select_wanted.connect(view.choose)
        reader.copy_wanted.connect(commands.copy_words)
        commands.said.connect(self.said)
        self.goto_bar.chosen.connect(view.choose)
        self.goto_bar.closed.connect(view.setFocus)

    def _restore(self, actions: ActionRegistry) -> None:
        settings = self._settings
        decimal = settings is not None and settings.get_text(_DECIMAL_KEY) == _ON
        self._reader_action = actions.qaction(READER)
        self._reader_action.setChecked(self._split.is_reader_wanted)
        actions.qaction(DECIMAL).setChecked(decimal)
        self._set_decimal(decimal)

    def set_below(self, below: bool) -> None:
        """Whether the bytes stand below another view, with little room.

        The data inspector is shown or hidden for each of the two places by itself.
        """
        self._split.set_below(below)
        self._reader_action.setChecked(self._split.is_reader_wanted)

    # ---- what is shown ----------------------------------------------------------------------

    @property
    def data(self) -> bytes:
        """What is shown."""
        return self.view.data

    @property
    def selection(self) -> tuple[int, int]:
        """Selected bytes as first and one past the last; equal for a mere cursor."""
        return self.view.selection

    def set_bytes(self, data: bytes, title: str = "", path: FieldPath = _WHOLE) -> None:
        """Show bytes from their beginning; the same bytes again stay as they are.

        As many bytes of the same path, such as those of the next message, are shown where one is:
        a field of fixed length can be watched from message to message.

        Args:
            data: The bytes.
            title: What they are, for a screen reader.
            path: Whose they are: a path of plain bytes without a span, such as ``frame2.bytes``.
        """
        if data is not self.view.data:
            self.goto_bar.hide()
            self.view.set_frame(data, stay=path == self._path)
            self.finder.on_bytes_changed()
        self._path = path
        self.reader.set_path(path)
        self._commands.set_path(path)
        self.view.setAccessibleName(title or self.tr("Bytes"))

    @Slot()
    def clear(self) -> None:
        """Show nothing and let go of the bytes."""
        self.set_bytes(b"")

    def select(self, start: int, stop: int) -> None:
        """Select bytes and bring them into sight; nothing is emitted."""
        self.view.select(start, stop)

    def set_field(self, start: int, stop: int) -> None:
        """Mark the bytes of what is selected elsewhere, softly; equal for none, nothing scrolls."""
        self.view.set_field(start, stop)

    # ---- news -------------------------------------------------------------------------------

    @Slot()
    def on_view_moved(self) -> None:
        """Another byte is under the cursor."""
        start, stop = self.view.selection
        self.reader.read(self.data, start)
        base = self.view.model.base
        self.status.say(*place_words(start, stop, len(self.data), base))
        # What a screen reader tells of a view that is one picture.
        self.view.setAccessibleDescription(self.status.text)

    @Slot(int)
    def on_view_hovered(self, offset: int) -> None:
        """The mouse is on another byte."""
        is_byte = 0 <= offset < len(self.data)
        base = self.view.model.base
        self.status.say_aside(byte_words(self.data[offset], offset, base) if is_byte else "")

    @Slot()
    def on_find(self) -> None:
        """Open the find bar."""
        self.goto_bar.hide()
        self.finder.on_open()

    @Slot()
    def on_find_next(self) -> None:
        """Go to the next hit."""
        self.finder.on_next()

    @Slot()
    def on_find_previous(self) -> None:
        """Go to the hit before."""
        self.finder.on_previous()

    @Slot()
    def on_goto(self) -> None:
        """Ask where to go."""
        self.goto_bar.open_at(self.view.caret, len(self.data))

    @Slot(bool)
    def on_reader_toggled(self, shown: bool) -> None:
        """Show or hide the data inspector."""
        self._split.set_reader_wanted(shown)

    @Slot(bool)
    def on_decimal_toggled(self, decimal: bool) -> None:
        """Write offsets in decimal, or in hex."""
        self._set_decimal(decimal)
        if self._settings is not None:
            self._settings.set_text(_DECIMAL_KEY, _ON if decimal else _OFF)

    def _set_decimal(self, decimal: bool) -> None:
        self.view.set_base(OffsetBase.DECIMAL if decimal else OffsetBase.HEX)

    # ---- keys and menu ----------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # These keys mean something else in the rest of the window; the focus decides.
        means_ours = isinstance(event, QKeyEvent) and self._callback(event) is not None
        if means_ours and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        callback = self._callback(event)
        if callback is None:
            super().keyPressEvent(event)
        elif self.data:
            callback()

    def _callback(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does among bytes."""
        ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        keys: dict[tuple[int, Qt.KeyboardModifier], Callable[[], None]] = {
            (Qt.Key.Key_F, ctrl): self.on_find,
            (Qt.Key.Key_G, ctrl): self.on_goto,
            (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier): self.on_find_next,
            (Qt.Key.Key_F3, shift): self.on_find_previous,
            (Qt.Key.Key_C, ctrl | shift): self._commands.on_copy_path,
        }
        if not self.find_bar.isHidden():
            keys[Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier] = self.finder.on_close
        return keys.get((event.key(), event.modifiers()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        self._commands.fill_menu(menu)
        save = menu.addAction(self.tr("Save frame to file…"))
        save.triggered.connect(self.save_requested)
        save.setEnabled(bool(self.data))
        menu.popup(event.globalPos())

    def sizeHint(self) -> QSize:
        return QSize(360, 420)
