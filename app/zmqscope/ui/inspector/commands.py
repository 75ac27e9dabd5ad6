"""What one can do with the frame in sight: the slots behind the inspector's actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget

from zmqscope.models.format import format_bytes
from zmqscope.models.formats import FrameFound
from zmqscope.models.inspector.frame_copy import MAX_COPIED_BYTES, frame_as_shown
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.action_list import (
    LETTER_ACTIONS,
    NEEDS_FRAME,
    frame_actions,
    view_actions,
)
from zmqscope.ui.inspector.saving import save_frame

AskPath = Callable[[QWidget, str], Path | None]
"""Asks for a file to write, given the dialog's parent and a name to begin with."""


class InspectorCommands(QObject):
    """Registers the inspector's actions and carries them out.

    Args:
        actions: Where they go.
        ask_path: Asks where to save.
        parent: The panel; dialogs open over it.
    """

    said = Signal(str)
    """What was done, in one sentence."""
    focus_asked = Signal()
    view_asked = Signal(object)
    """FrameView, or None to leave it to the frame."""
    fields_asked = Signal()
    """Fields are to be shown: the tree, or JSON laid out where the tree is shown already."""
    next_view_asked = Signal()
    own_bytes_asked = Signal(bool)
    bytes_below_asked = Signal(bool)
    decoder_asked = Signal()
    find_asked = Signal()
    """Something is to be found in the text."""

    def __init__(self, actions: ActionRegistry, ask_path: AskPath, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._ask_path = ask_path
        self._window = parent
        self._found: FrameFound | None = None
        self._view = FrameView.TEXT
        self._file_name = ""
        self._letters: list[QAction] = []
        callbacks: dict[str, Callable[..., object]] = {
            "inspector.focus": self.on_focus,
            "inspector.auto": self.on_auto,
            "inspector.json": self.on_fields,
            "inspector.text": self.on_text,
            "inspector.hex": self.on_hex,
            "inspector.raw": self.on_raw,
            "inspector.next_view": self.on_next_view,
            "inspector.bytes": self.on_bytes,
            "inspector.decoder": self.on_decoder,
            "inspector.copy": self.on_copy,
            "inspector.copy_hex": self.on_copy_hex,
            "inspector.save": self.on_save,
            "inspector.find_text": self.on_find_text,
        }
        for action in (*view_actions(), *frame_actions()):
            qaction = self._actions.add(action, callbacks[action.id])
            if action.id in LETTER_ACTIONS:
                # Plain letters: they work only where the inspector itself has the focus.
                qaction.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                self._letters.append(qaction)

    def listen_on(self, *widgets: QWidget) -> None:
        """Let the letters work while one of these has the focus."""
        for widget in widgets:
            widget.addActions(self._letters)

    def set_frame(
        self,
        found: FrameFound | None,
        view: FrameView = FrameView.TEXT,
        file_name: str = "",
        *,
        is_auto: bool = True,
    ) -> None:
        """Work on another frame from now on, or on none.

        Args:
            found: The frame.
            view: How it is shown.
            file_name: What to call a file of it.
            is_auto: Whether the view is left to the frames.
        """
        self._found, self._view, self._file_name = found, view, file_name
        for action_id in NEEDS_FRAME:
            self._actions.qaction(action_id).setEnabled(found is not None)
        self._actions.qaction("inspector.auto").setChecked(is_auto)

    def set_states(self, *, own_bytes: bool, bytes_below: bool) -> None:
        """Show what is on and what is off."""
        self._actions.qaction("inspector.raw").setChecked(own_bytes)
        self._actions.qaction("inspector.bytes").setChecked(bytes_below)

    # ---- views ------------------------------------------------------------------------------

    @Slot()
    def on_focus(self) -> None:
        """The keyboard is to come here."""
        self.focus_asked.emit()

    @Slot()
    def on_auto(self) -> None:
        """Views are left to the frames."""
        self.view_asked.emit(None)

    @Slot()
    def on_fields(self) -> None:
        """Fields are to be shown."""
        self.fields_asked.emit()

    @Slot()
    def on_text(self) -> None:
        """Text is to be shown."""
        self.view_asked.emit(FrameView.TEXT)

    @Slot()
    def on_hex(self) -> None:
        """Hex is to be shown."""
        self.view_asked.emit(FrameView.HEX)

    @Slot()
    def on_next_view(self) -> None:
        """The view behind this one is to be shown."""
        self.next_view_asked.emit()

    @Slot(bool)
    def on_raw(self, checked: bool) -> None:
        """The frame's own bytes are to be shown, or those that were unpacked."""
        self.own_bytes_asked.emit(checked)

    @Slot(bool)
    def on_bytes(self, checked: bool) -> None:
        """Bytes are to be shown below, or not."""
        self.bytes_below_asked.emit(checked)

    @Slot()
    def on_decoder(self) -> None:
        """Another decoder is to be chosen."""
        self.decoder_asked.emit()

    @Slot()
    def on_find_text(self) -> None:
        """Something is to be found in the text."""
        self.find_asked.emit()

    # ---- copying and saving -----------------------------------------------------------------

    @Slot()
    def on_copy(self) -> None:
        """Copy the frame as it is shown."""
        if self._found is not None:
            text, is_cut = frame_as_shown(self._found, self._view)
            QGuiApplication.clipboard().setText(text)
            self._say_copied(len(self._found.frame), is_cut=is_cut)

    @Slot()
    def on_copy_hex(self) -> None:
        """Copy the frame's bytes as hex."""
        if self._found is not None:
            frame = self._found.frame
            QGuiApplication.clipboard().setText(frame[:MAX_COPIED_BYTES].hex(" "))
            self._say_copied(len(frame), is_cut=len(frame) > MAX_COPIED_BYTES)

    def _say_copied(self, size: int, *, is_cut: bool) -> None:
        if not is_cut:
            self.said.emit(self.tr("Copied {0}.").format(format_bytes(size)))
        elif size > MAX_COPIED_BYTES:
            words = self.tr("Copied the first {0} of {1}; save the frame to have all of it.")
            self.said.emit(words.format(format_bytes(MAX_COPIED_BYTES), format_bytes(size)))
        else:
            self.said.emit(self.tr("Copied, but not all: it is too large. Save the frame instead."))

    @Slot()
    def on_save(self) -> None:
        """Write the frame to a file."""
        # The dialog runs an event loop: what is saved is what was shown when it was asked for.
        found = self._found
        path = self._ask_path(self._window, self._file_name) if found is not None else None
        if found is not None and path is not None:
            self.said.emit(save_frame(found.frame, path))
