"""Bytes: hex view, find bar, data inspector and a line about where one is. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QToolButton, QVBoxLayout, QWidget

from zmqscope.core.decode.field_path import BYTES, FieldPath
from zmqscope.models.hex_offset import OffsetBase
from zmqscope.models.hex_words import byte_words, place_words
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.byte_reader import ByteReader
from zmqscope.ui.inspector.hex_actions import DECIMAL, READER
from zmqscope.ui.inspector.hex_commands import AskPath, HexCommands, ask_for_path
from zmqscope.ui.inspector.hex_find import HexFindBar
from zmqscope.ui.inspector.hex_finder import HexFinder
from zmqscope.ui.inspector.hex_goto import HexGotoBar
from zmqscope.ui.inspector.hex_line import HexLine
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_BELOW_KEY = "hex.reader_below"
_READER_KEY, _DECIMAL_KEY, _HEIGHT_KEY = "hex.reader", "hex.decimal", "hex.reader_px"
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
        self._is_below = False
        # What was chosen for each place, where there are no settings that remember it.
        self._shown_readers: dict[str, str] = {}
        self.view = HexView(theme)
        self.reader = ByteReader(theme)
        self.status = HexLine(theme, is_data=True)
        self._commands = HexCommands(self.view, ask_path, self)
        self._commands.form_of = self.reader.form_of
        self.goto_bar = HexGotoBar(theme)
        self._register(actions)
        self.find_bar = HexFindBar(theme, actions)
        self.finder = HexFinder(self.view, self.find_bar, settings, self)
        self._split = QSplitter(Qt.Orientation.Vertical)
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
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.view)
        self._split.addWidget(self.reader)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 1, 6, 1)
        foot.setSpacing(1)
        foot.addWidget(self.status, 1)
        for action_id in ("hex.find", "hex.goto"):
            foot.addWidget(_foot_button(actions, action_id))
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
        self._split.splitterMoved.connect(self.on_splitter_moved)

    def _restore(self, actions: ActionRegistry) -> None:
        settings = self._settings
        shown = settings is None or settings.get_text(_READER_KEY, _ON) != _OFF
        decimal = settings is not None and settings.get_text(_DECIMAL_KEY) == _ON
        self._reader_action = actions.qaction(READER)
        self._reader_action.setChecked(shown)
        actions.qaction(DECIMAL).setChecked(decimal)
        self.reader.setVisible(shown)
        self._set_decimal(decimal)
        height = settings.get_text(_HEIGHT_KEY) if settings is not None else ""
        if height.isascii() and height.isdecimal():
            wanted = min(int(height), 2_000)
            self._split.setSizes([2_000, wanted])

    def set_below(self, below: bool) -> None:
        """Whether the bytes stand below another view, with little room.

        The data inspector is shown or hidden for each of the two places by itself.
        """
        if below == self._is_below:
            return
        self._is_below = below
        shown = self._wants_reader()
        self._reader_action.setChecked(shown)
        self.reader.setVisible(shown)
        if not shown:
            self.view.set_reading(0, 0)

    def _wants_reader(self) -> bool:
        key, usual = (_BELOW_KEY, _OFF) if self._is_below else (_READER_KEY, _ON)
        if self._settings is None:
            return self._shown_readers.get(key, usual) == _ON
        return self._settings.get_text(key, usual) == _ON

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

        Args:
            data: The bytes.
            title: What they are, for a file's name and a screen reader.
            path: Whose they are: a path of plain bytes without a span, such as ``frame2.bytes``.
        """
        if data is not self.view.data:
            self.goto_bar.hide()
            self.view.set_frame(data)
            self.finder.on_bytes_changed()
        self.reader.set_path(path)
        self._commands.set_bytes(title, path)
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
        had_focus = self.reader.hasFocus()
        self.reader.setVisible(shown)
        if not shown:
            self.view.set_reading(0, 0)
            if had_focus:
                self.view.setFocus()
        key = _BELOW_KEY if self._is_below else _READER_KEY
        self._shown_readers[key] = _ON if shown else _OFF
        self._remember(key, self._shown_readers[key])

    @Slot(bool)
    def on_decimal_toggled(self, decimal: bool) -> None:
        """Write offsets in decimal, or in hex."""
        self._set_decimal(decimal)
        self._remember(_DECIMAL_KEY, _ON if decimal else _OFF)

    def _set_decimal(self, decimal: bool) -> None:
        self.view.set_base(OffsetBase.DECIMAL if decimal else OffsetBase.HEX)

    @Slot()
    def on_splitter_moved(self) -> None:
        """The data inspector was made larger or smaller."""
        self._remember(_HEIGHT_KEY, str(self.reader.height()))

    def _remember(self, key: str, value: str) -> None:
        if self._settings is not None:
            self._settings.set_text(key, value)

    # ---- keys and menu ----------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # These keys mean something else in the rest of the window; the focus decides.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._callback(event) is not None
        ):
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
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        self._commands.fill_menu(menu)
        save = menu.addAction(self.tr("Save frame to file…"), self.on_save_chosen)
        save.setEnabled(bool(self.data))
        menu.popup(event.globalPos())

    @Slot()
    def on_save_chosen(self) -> None:
        """The whole frame is to be saved."""
        self.save_requested.emit()

    def sizeHint(self) -> QSize:
        return QSize(360, 420)


def _foot_button(actions: ActionRegistry, action_id: str) -> QToolButton:
    button, action = QToolButton(), actions.qaction(action_id)
    button.setDefaultAction(action)
    button.setIconSize(QSize(14, 14))
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
