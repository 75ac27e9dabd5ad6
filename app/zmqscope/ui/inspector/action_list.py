"""The inspector's actions as records: keys, menus and palette are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.models.frame_text import FrameForm
from zmqscope.ui.actions import Action

FORM_ACTIONS: dict[FrameForm | None, str] = {
    None: "inspector.auto",
    FrameForm.TEXT: "inspector.text",
    FrameForm.JSON: "inspector.json",
    FrameForm.HEX: "inspector.hex",
}
"""The action of each way to show a frame; None leaves it to the frame."""

NEEDS_FRAME: tuple[str, ...] = (
    *FORM_ACTIONS.values(),
    "inspector.copy",
    "inspector.copy_hex",
    "inspector.save",
)
"""Actions that need a frame to be shown."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("InspectorActions", text)


def _action(name: str, title: str, help_words: str, icon: str, shortcut: str) -> Action:
    checkable = name in ("auto", "text", "json", "hex")
    return Action(f"inspector.{name}", title, "Messages", shortcut, icon, checkable, help_words)


def inspector_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (
        _action(
            "auto",
            _tr("Show frames as what they are"),
            _tr("Choose JSON, text or hex by what each frame holds; A in the inspector"),
            "",
            "A",
        ),
        _action(
            "text",
            _tr("Show frames as text"),
            _tr("Show the frames of this socket as text; T in the inspector"),
            "",
            "T",
        ),
        _action(
            "json",
            _tr("Show frames as JSON"),
            _tr("Show the frames of this socket as JSON; J in the inspector"),
            "",
            "J",
        ),
        _action(
            "hex",
            _tr("Show frames as hex"),
            _tr("Show the frames of this socket as hex; H in the inspector"),
            "",
            "H",
        ),
        _action(
            "copy",
            _tr("Copy frame"),
            _tr("Copy the whole frame as it is shown"),
            "copy",
            "Ctrl+Alt+F",
        ),
        _action(
            "copy_hex",
            _tr("Copy frame as hex"),
            _tr("Copy the bytes of the frame as hex"),
            "binary",
            "Ctrl+Alt+H",
        ),
        _action(
            "save",
            _tr("Save frame to file…"),
            _tr("Write the bytes of the frame to a file, as they are"),
            "save",
            "Ctrl+Alt+S",
        ),
    )
