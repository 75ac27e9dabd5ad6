"""The compare panel's actions as records: keys, menus and palette are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.models.compare.sides import Mode
from zmqscope.ui.actions import Action

MODE_ACTIONS: dict[Mode, str] = {
    Mode.PREVIOUS: "compare.previous",
    Mode.PINNED: "compare.pinned",
    Mode.TWO: "compare.two",
}
"""The action of each way to choose the two messages."""

CONTEXT_MENU: tuple[str, ...] = (
    "compare.next",
    "compare.back",
    "",
    "compare.copy_path",
    "compare.copy",
    "compare.copy_json",
    "",
    "compare.only_changes",
    "compare.bytes",
    "compare.swap",
    "compare.pin",
)
"""Actions of a line's menu; an empty one is a line."""

_CHECKABLE = ("previous", "pinned", "two", "only_changes", "bytes", "follow")


def _tr(text: str) -> str:
    return QCoreApplication.translate("CompareActions", text)


def _action(name: str, title: str, help_words: str, icon: str, shortcut: str) -> Action:
    checkable = name in _CHECKABLE
    return Action(f"compare.{name}", title, "Compare", shortcut, icon, checkable, help_words)


def compare_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (*_which(), *_how(), *_copying())


def _which() -> tuple[Action, ...]:
    return (
        _action(
            "previous",
            _tr("Compare with the message before"),
            _tr("Compare the inspector’s message with the one before on the same topic"),
            "",
            "Alt+F7",
        ),
        _action(
            "pinned",
            _tr("Compare with the pinned message"),
            _tr("Compare the inspector’s message with the one that is pinned"),
            "",
            "Alt+F8",
        ),
        _action(
            "two",
            _tr("Compare the two selected messages"),
            _tr("Compare the first and the last of the rows selected in the table"),
            "",
            "Ctrl+Alt+Shift+F8",
        ),
        _action(
            "pin",
            _tr("Pin message to compare with"),
            _tr("Keep this message: whatever is selected from now on is compared with it"),
            "pin",
            "F8",
        ),
        _action(
            "follow",
            _tr("Compare the newest on the topic"),
            _tr("Follow the topic live: always compare its newest message"),
            "arrow-down-to-line",
            "Ctrl+F8",
        ),
    )


def _how() -> tuple[Action, ...]:
    return (
        _action(
            "next",
            _tr("Next change"),
            _tr("Go to the next difference between the two messages"),
            "arrow-down",
            "F7",
        ),
        _action(
            "back",
            _tr("Previous change"),
            _tr("Go to the difference before"),
            "arrow-up",
            "Shift+F7",
        ),
        _action(
            "only_changes",
            _tr("Only changes"),
            _tr("Show only what differs, or everything"),
            "filter",
            "Ctrl+F7",
        ),
        _action(
            "bytes",
            _tr("Compare byte by byte"),
            _tr("Show both frames as hex side by side, whatever they mean"),
            "binary",
            "Ctrl+Shift+F7",
        ),
        _action(
            "swap",
            _tr("Swap the sides"),
            _tr("Show the message before in place of the one behind it, and the other way round"),
            "arrow-left-right",
            "Shift+F8",
        ),
    )


def _copying() -> tuple[Action, ...]:
    return (
        _action(
            "copy",
            _tr("Copy changes as text"),
            _tr("Copy all differences, a line for each"),
            "copy",
            "Ctrl+Alt+F7",
        ),
        _action(
            "copy_json",
            _tr("Copy changes as JSON"),
            _tr("Copy all differences as JSON, for a program or a bug report"),
            "braces",
            "Ctrl+Alt+F8",
        ),
        _action(
            "copy_path",
            _tr("Copy the changed field’s path"),
            _tr("Copy the path of the field, such as json.imu.accel[2]"),
            "hash",
            "Ctrl+Alt+Shift+F7",
        ),
    )
