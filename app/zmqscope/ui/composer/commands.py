"""What a person can ask of the composer, as actions; and what becomes of it. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from zmqscope.core.errors import UserError
from zmqscope.models.composer.composer import ComposerModel, script_from
from zmqscope.models.format import format_count
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.composer.action_list import NEEDS_FOCUS, send_actions
from zmqscope.ui.composer.frame_actions import FrameActions
from zmqscope.ui.composer.frame_list import FrameList
from zmqscope.ui.composer.frame_menu import FrameAct
from zmqscope.ui.composer.send_bar import SendBar


class ComposerCommands(QObject):
    """Registers the actions of the menu *Send* and does them.

    Args:
        model: The composer.
        frames: The list of frames.
        bar: The buttons below it.
        actions: Where the actions are registered.
        parent: The panel; shortcuts on the current frame work only inside it.
    """

    write_asked = Signal()
    """Somebody wants to write."""
    generate_asked = Signal()
    """Somebody wants to send the message very often."""

    def __init__(
        self,
        model: ComposerModel,
        frames: FrameList,
        bar: SendBar,
        actions: ActionRegistry,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._frames = frames
        self._bar = bar
        self.frame_actions = FrameActions(model.message, frames, parent)
        self._register(actions, parent)
        bar.send_asked.connect(self.on_send)
        bar.start_asked.connect(self.on_start)
        bar.add_asked.connect(self.on_add_frame)
        bar.copy_asked.connect(self.on_copy_python)
        bar.generate_asked.connect(self.on_generate)

    def _register(self, actions: ActionRegistry, panel: QWidget) -> None:
        slots: dict[str, Callable[..., object]] = {
            "send.write": self.on_write,
            "send.send": self.on_send,
            "send.repeat": self.on_repeat,
            "send.generate": self.on_generate,
            "send.previous": self.on_previous,
            "send.next": self.on_next,
            "send.add_frame": self.on_add_frame,
            "send.duplicate_frame": self.on_duplicate_frame,
            "send.move_frame_up": self.on_move_frame_up,
            "send.move_frame_down": self.on_move_frame_down,
            "send.remove_frame": self.on_remove_frame,
            "send.load_file": self.on_load_file,
            "send.copy_python": self.on_copy_python,
            "send.clear": self.on_clear,
        }
        for action in send_actions():
            qaction = actions.add(action, slots[action.id])
            if action.id in NEEDS_FOCUS:
                qaction.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                panel.addAction(qaction)

    # ---- the message ------------------------------------------------------------------------

    @Slot()
    def on_write(self) -> None:
        """Go to where one writes."""
        self.write_asked.emit()

    @Slot()
    def on_send(self) -> None:
        """Send it; a frame that cannot be sent is scrolled into view."""
        if not self._model.send():
            self._show_fault()

    @Slot()
    def on_start(self) -> None:
        """Send it again and again."""
        if not self._model.start_repeat(self._bar.interval_s):
            self._show_fault()

    @Slot()
    def on_repeat(self) -> None:
        """Start, or stop what this socket repeats."""
        if not self._model.stop_repeat():
            self.on_start()

    @Slot()
    def on_generate(self) -> None:
        """Ask how fast and how many."""
        self.generate_asked.emit()

    def _show_fault(self) -> None:
        index = self._model.message.first_fault()
        if index is not None and self._frames.isVisible():
            self._frames.focus_frame(index)

    @Slot()
    def on_previous(self) -> None:
        """Call an older message back."""
        self._model.desks.previous()

    @Slot()
    def on_next(self) -> None:
        """Call a newer message back."""
        self._model.desks.next()

    @Slot()
    def on_clear(self) -> None:
        """Begin anew."""
        self._model.clear()
        self._frames.focus_frame(0)

    @Slot()
    def on_copy_python(self) -> None:
        """Put a script on the clipboard and say so."""
        try:
            script = script_from(self._model)
        except UserError as error:
            words = self.tr("Not copied. {0}").format(error.problem.sentence())
            self._model.reports.tell(self._model.socket_id, words, "waiting")
            return
        QGuiApplication.clipboard().setText(script)
        count = format_count(script.count("\n"))
        words = self.tr("Copied as a Python script of {0} lines.").format(count)
        self._model.reports.tell(self._model.socket_id, words, "muted")

    # ---- its frames -------------------------------------------------------------------------

    @Slot()
    def on_add_frame(self) -> None:
        """Add a frame at the end."""
        self.frame_actions.do(len(self._model.message) - 1, FrameAct.ADD)

    @Slot()
    def on_duplicate_frame(self) -> None:
        """Copy the current frame."""
        self.frame_actions.do(self._frames.current, FrameAct.DUPLICATE)

    @Slot()
    def on_move_frame_up(self) -> None:
        """Move the current frame up."""
        self.frame_actions.do(self._frames.current, FrameAct.MOVE_UP)

    @Slot()
    def on_move_frame_down(self) -> None:
        """Move the current frame down."""
        self.frame_actions.do(self._frames.current, FrameAct.MOVE_DOWN)

    @Slot()
    def on_remove_frame(self) -> None:
        """Remove the current frame."""
        self.frame_actions.do(self._frames.current, FrameAct.REMOVE)

    @Slot()
    def on_load_file(self) -> None:
        """Fill the current frame from a file."""
        self.frame_actions.do(self._frames.current, FrameAct.LOAD_FILE)
