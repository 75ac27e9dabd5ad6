"""What a person can ask of the composer, as actions; and what becomes of it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from zmqscope.core.errors import UserError
from zmqscope.models.composer import ComposerModel
from zmqscope.models.format import format_count
from zmqscope.models.frame_draft import FrameDraft
from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.composer.frame_actions import FrameActions
from zmqscope.ui.composer.frame_list import FrameList
from zmqscope.ui.composer.frame_menu import FrameAct
from zmqscope.ui.composer.send_bar import SendBar

_MENU = "Send"


class ComposerCommands(QObject):
    """Registers the actions of the menu *Send* and does them.

    Args:
        model: The composer.
        frames: The list of frames.
        bar: The buttons below it.
        actions: Where the actions are registered.
        parent: Owner.
    """

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
        self._register(actions)
        bar.send_asked.connect(self.send)
        bar.start_asked.connect(self.start_repeat)
        bar.add_asked.connect(self.add_frame)
        bar.copy_asked.connect(self.copy_python)

    def _register(self, actions: ActionRegistry) -> None:
        for action, slot in (
            (
                Action(
                    "send.send",
                    self.tr("Send Message"),
                    _MENU,
                    "Ctrl+Return; Ctrl+Enter",
                    "send",
                    help=self.tr("Send the message in the composer."),
                ),
                self.send,
            ),
            (
                Action(
                    "send.repeat",
                    self.tr("Repeat Message"),
                    _MENU,
                    "Ctrl+Shift+Return",
                    "repeat",
                    help=self.tr("Send the message every N seconds, or stop doing so."),
                ),
                self.toggle_repeat,
            ),
            (
                Action(
                    "send.previous",
                    self.tr("Previous Message"),
                    _MENU,
                    "Ctrl+Up",
                    "history",
                    help=self.tr("Call the message sent before this one back."),
                ),
                self.previous_message,
            ),
            (
                Action(
                    "send.next",
                    self.tr("Next Message"),
                    _MENU,
                    "Ctrl+Down",
                    help=self.tr("Go on towards what was being written."),
                ),
                self.next_message,
            ),
            (
                Action(
                    "send.add_frame",
                    self.tr("Add Frame"),
                    _MENU,
                    "Ctrl+Shift+A",
                    "plus",
                    help=self.tr("Add an empty frame at the end."),
                ),
                self.add_frame,
            ),
            (
                Action(
                    "send.duplicate_frame",
                    self.tr("Duplicate Frame"),
                    _MENU,
                    "Ctrl+Shift+D",
                    "copy",
                    help=self.tr("Copy the current frame below itself."),
                ),
                self.duplicate_frame,
            ),
            (
                Action(
                    "send.move_frame_up",
                    self.tr("Move Frame Up"),
                    _MENU,
                    "Alt+Up",
                    "arrow-up",
                    help=self.tr("Move the current frame before the one above it."),
                ),
                self.move_frame_up,
            ),
            (
                Action(
                    "send.move_frame_down",
                    self.tr("Move Frame Down"),
                    _MENU,
                    "Alt+Down",
                    "arrow-down",
                    help=self.tr("Move the current frame behind the one below it."),
                ),
                self.move_frame_down,
            ),
            (
                Action(
                    "send.remove_frame",
                    self.tr("Remove Frame"),
                    _MENU,
                    "Ctrl+Shift+Backspace",
                    "trash-2",
                    help=self.tr("Remove the current frame."),
                ),
                self.remove_frame,
            ),
            (
                Action(
                    "send.load_file",
                    self.tr("Load File into Frame…"),
                    _MENU,
                    "Ctrl+Shift+O",
                    "folder-open",
                    help=self.tr("Fill the current frame from a file."),
                ),
                self.load_file,
            ),
            (
                Action(
                    "send.copy_python",
                    self.tr("Copy Message as Python"),
                    _MENU,
                    "Ctrl+Shift+C",
                    "clipboard",
                    help=self.tr("Copy a script that sends this message."),
                ),
                self.copy_python,
            ),
            (
                Action(
                    "send.clear",
                    self.tr("Clear Message"),
                    _MENU,
                    "Ctrl+Shift+L",
                    "x",
                    help=self.tr("Begin anew; Ctrl+Up calls the message back."),
                ),
                self.clear,
            ),
        ):
            actions.add(action, slot)
