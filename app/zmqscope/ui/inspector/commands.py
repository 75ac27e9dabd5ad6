"""What one can do with the frame in sight: the slots behind the inspector's actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QWidget

from zmqscope.models.format import format_bytes
from zmqscope.models.frame_copy import MAX_COPIED_BYTES, frame_as_shown
from zmqscope.models.frame_text import FrameForm, FrameReading
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.action_list import FORM_ACTIONS, NEEDS_FRAME, inspector_actions
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
    form_chosen = Signal(object)
    """FrameForm, or None to leave it to the frame."""

    def __init__(self, actions: ActionRegistry, ask_path: AskPath, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._ask_path = ask_path
        self._window = parent
        self._reading: FrameReading | None = None
        self._form = FrameForm.TEXT
        self._file_name = ""
        self._forms = QActionGroup(self)
        callbacks: dict[str, Callable[..., object]] = {
            "inspector.copy": self.on_copy,
            "inspector.copy_hex": self.on_copy_hex,
            "inspector.save": self.on_save,
        }
        for action in inspector_actions():
            qaction = self._actions.add(action, callbacks.get(action.id, self.on_form))
            if action.id in FORM_ACTIONS.values():
                # Plain letters: they work only where the inspector itself has the focus.
                qaction.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                self._forms.addAction(qaction)

    def listen_on(self, *widgets: QWidget) -> None:
        """Let the letters work while one of these has the focus."""
        for widget in widgets:
            widget.addActions(self._forms.actions())

    def set_frame(
        self,
        reading: FrameReading | None,
        form: FrameForm = FrameForm.TEXT,
        chosen: FrameForm | None = None,
        file_name: str = "",
    ) -> None:
        """Work on another frame from now on, or on none.

        Args:
            reading: The frame.
            form: How it is shown.
            chosen: What the user chose for its socket; None for what suits each frame.
            file_name: What to call a file of it.
        """
        self._reading, self._form, self._file_name = reading, form, file_name
        for action_id in NEEDS_FRAME:
            self._actions.qaction(action_id).setEnabled(reading is not None)
        self._actions.qaction(FORM_ACTIONS[chosen]).setChecked(True)

    @Slot()
    def on_form(self) -> None:
        """Another way to show frames was chosen."""
        name = self._forms.checkedAction().objectName()
        self.form_chosen.emit(next(f for f, action_id in FORM_ACTIONS.items() if action_id == name))

    @Slot()
    def on_copy(self) -> None:
        """Copy the frame as it is shown."""
        if self._reading is not None:
            QGuiApplication.clipboard().setText(frame_as_shown(self._reading, self._form))
            self._say_copied(len(self._reading.frame))

    @Slot()
    def on_copy_hex(self) -> None:
        """Copy the frame's bytes as hex."""
        if self._reading is not None:
            frame = self._reading.frame
            QGuiApplication.clipboard().setText(frame[:MAX_COPIED_BYTES].hex(" "))
            self._say_copied(len(frame))

    def _say_copied(self, size: int) -> None:
        if size <= MAX_COPIED_BYTES:
            self.said.emit(self.tr("Copied {0}.").format(format_bytes(size)))
            return
        words = self.tr("Copied the first {0} of {1}; save the frame to have all of it.")
        self.said.emit(words.format(format_bytes(MAX_COPIED_BYTES), format_bytes(size)))

    @Slot(int)
    def on_hex_copied(self, size: int) -> None:
        """Selected bytes are on the clipboard."""
        self.said.emit(self.tr("Copied {0} as hex.").format(format_bytes(size)))

    @Slot()
    def on_save(self) -> None:
        """Write the frame to a file."""
        # The dialog runs an event loop: what is saved is what was shown when it was asked for.
        reading = self._reading
        path = self._ask_path(self._window, self._file_name) if reading is not None else None
        if reading is not None and path is not None:
            self.said.emit(save_frame(reading.frame, path))
