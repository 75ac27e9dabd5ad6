"""The actions of the menu *Send* as records."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

_CONTEXT = "SendActions"


class _Entry(NamedTuple):
    """One action before translation."""

    name: str
    title: str
    words: str
    icon: str
    shortcut: str


_ENTRIES = (
    _Entry(
        "write",
        "Write a message",
        "Go to the composer",
        "pencil",
        "Ctrl+J",
    ),
    _Entry(
        "send",
        "Send message",
        "Send what the composer holds",
        "send",
        "Ctrl+Return; Ctrl+Enter",
    ),
    _Entry(
        "repeat",
        "Repeat message",
        "Send it every N seconds from now on, or stop doing so",
        "repeat",
        "Ctrl+Shift+Return",
    ),
    _Entry(
        "generate",
        "Generate load…",
        "Send the message very often: at a rate or flat out, numbered if you like",
        "gauge",
        "Ctrl+Shift+G",
    ),
    _Entry(
        "previous",
        "Previous message",
        "Call the message sent before this one back",
        "history",
        "Ctrl+Up",
    ),
    _Entry(
        "next",
        "Next message",
        "Go on towards what was being written",
        "arrow-down",
        "Ctrl+Down",
    ),
    _Entry(
        "add_frame",
        "Add frame",
        "Add an empty frame at the end of the message",
        "plus",
        "Ctrl+Shift+N",
    ),
    _Entry(
        "duplicate_frame",
        "Duplicate frame",
        "Copy the current frame below itself",
        "layers",
        "Ctrl+Shift+D",
    ),
    _Entry(
        "move_frame_up",
        "Move frame up",
        "Move the current frame before the one above it",
        "arrow-up",
        "Alt+Up",
    ),
    _Entry(
        "move_frame_down",
        "Move frame down",
        "Move the current frame behind the one below it",
        "arrow-down",
        "Alt+Down",
    ),
    _Entry(
        "remove_frame",
        "Remove frame",
        "Remove the current frame",
        "trash-2",
        "Ctrl+Shift+Backspace",
    ),
    _Entry(
        "load_file",
        "Load file into frame…",
        "Fill the current frame from a file",
        "folder-open",
        "Ctrl+Shift+I",
    ),
    _Entry(
        "copy_python",
        "Copy message as Python",
        "Copy a script that sends this message from the same kind of socket",
        "clipboard",
        "Ctrl+Shift+Y",
    ),
    _Entry(
        "clear",
        "Clear message",
        "Begin anew; the message can be called back",
        "x",
        "Ctrl+Shift+Delete",
    ),
)

NEEDS_FOCUS = (
    "send.duplicate_frame",
    "send.move_frame_up",
    "send.move_frame_down",
    "send.remove_frame",
    "send.load_file",
)
"""Actions on the current frame: their shortcuts work only while one types in the composer."""


def send_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return tuple(
        Action(
            f"send.{entry.name}",
            QCoreApplication.translate(_CONTEXT, entry.title),
            "Send",
            entry.shortcut,
            entry.icon,
            help=QCoreApplication.translate(_CONTEXT, entry.words),
        )
        for entry in _ENTRIES
    )
