"""The message actions as records: menus, palette and buttons are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.models.messages.cells import TimeMode
from zmqscope.ui.actions import Action

CONTEXT_MENU: tuple[str, ...] = (
    "messages.find",
    "",
    "messages.copy",
    "messages.copy_payload",
    "messages.copy_json",
    "",
    "messages.compare",
    "messages.resend",
    "",
    "messages.show_only",
    "messages.show_all",
    "",
    "messages.pause",
    "messages.follow",
    "messages.clear",
)
"""Actions of a row's menu; an empty one is a line."""

ONLY_IN_TABLE: tuple[str, ...] = ("messages.copy", "messages.copy_payload", "messages.follow")
"""Actions whose keys other widgets use too: they work where the table has the focus."""

NEEDS_SELECTION: tuple[str, ...] = (
    "messages.copy",
    "messages.copy_payload",
    "messages.copy_json",
)
"""Actions on selected rows."""

NEEDS_CURRENT: tuple[str, ...] = ("messages.show_only", "messages.resend")
"""Actions on the current row."""

TIME_ACTIONS: dict[TimeMode, str] = {
    TimeMode.ABSOLUTE: "messages.time_absolute",
    TimeMode.RELATIVE: "messages.time_relative",
    TimeMode.GAP: "messages.time_gap",
}
"""The action of each way to show the time."""


_CHECKABLE = ("pause", "only_hits", "find_hex", "find_topic")


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageActions", text)


def _action(name: str, title: str, help_words: str, icon: str, shortcut: str = "") -> Action:
    checkable = name in _CHECKABLE or name.startswith("time_")
    return Action(f"messages.{name}", title, "Messages", shortcut, icon, checkable, help_words)


def message_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (*_reading(), *_choosing(), *_copying(), *_times())


def _reading() -> tuple[Action, ...]:
    return (
        _action(
            "focus",
            _tr("Go to the messages"),
            _tr("Walk through the messages with the arrow keys"),
            "list",
            "F6",
        ),
        _action(
            "pause",
            _tr("Pause view"),
            _tr("Keep the table as it is; messages are still captured, nothing is lost"),
            "pause",
            "Ctrl+P",
        ),
        _action(
            "follow",
            _tr("Follow live"),
            _tr("Go to the newest message and stay there"),
            "arrow-down-to-line",
            "End; Ctrl+End",
        ),
        _action(
            "clear",
            _tr("Clear messages"),
            _tr("Forget all captured messages; their numbers go on"),
            "trash-2",
            "Ctrl+L",
        ),
    )


def _choosing() -> tuple[Action, ...]:
    return (
        _action(
            "show_only",
            _tr("Show only this socket"),
            _tr("Hide the messages of all other sockets"),
            "filter",
            "Ctrl+Shift+O",
        ),
        _action(
            "show_all",
            _tr("Show all sockets"),
            _tr("Show the messages of every socket again"),
            "layers",
            "Ctrl+Shift+A",
        ),
        _action(
            "resend",
            _tr("Edit and send again"),
            _tr("Put the selected message into the composer"),
            "send",
            "Ctrl+R",
        ),
    )


def _copying() -> tuple[Action, ...]:
    return (
        _action(
            "copy",
            _tr("Copy rows as text"),
            _tr("Copy the selected rows, columns apart by tabs"),
            "copy",
            "Ctrl+C",
        ),
        _action(
            "copy_payload",
            _tr("Copy payload"),
            _tr("Copy the whole payload of the selected messages, a line for each frame"),
            "clipboard",
            "Ctrl+Shift+C",
        ),
        _action(
            "copy_json",
            _tr("Copy as JSON"),
            _tr("Copy the selected messages with all frames, a JSON object for each"),
            "braces",
            "Ctrl+Shift+J",
        ),
        _action(
            "compare",
            _tr("Compare the two"),
            _tr("Compare the first and the last of the selected messages, side by side"),
            "arrow-left-right",
            "Ctrl+Shift+F8",
        ),
        _action(
            "columns",
            _tr("Choose columns…"),
            _tr("Choose which columns the table shows"),
            "columns-3",
            "Ctrl+Shift+K",
        ),
    )


def _times() -> tuple[Action, ...]:
    return (
        _action(
            "time_absolute",
            _tr("Time of day"),
            _tr("Show the local time of each message"),
            "",
            "Ctrl+Alt+1",
        ),
        _action(
            "time_relative",
            _tr("Time since the first message"),
            _tr("Show seconds since the first message"),
            "",
            "Ctrl+Alt+2",
        ),
        _action(
            "time_gap",
            _tr("Time since the message before"),
            _tr("Show seconds since the message in the row above"),
            "",
            "Ctrl+Alt+3",
        ),
    )


def find_actions() -> tuple[Action, ...]:
    """Everything that has to do with searching, in the order of the menu."""
    return (*_stepping(), *_searching())


def _stepping() -> tuple[Action, ...]:
    return (
        _action(
            "find",
            _tr("Find messages…"),
            _tr("Look for text or bytes in every message in memory, and in those that come"),
            "search",
            "Ctrl+F",
        ),
        _action("find_next", _tr("Next hit"), _tr("Go to the next newer hit"), "arrow-down", "F3"),
        _action(
            "find_previous",
            _tr("Previous hit"),
            _tr("Go to the next older hit"),
            "arrow-up",
            "Shift+F3",
        ),
        _action(
            "only_hits",
            _tr("Only hits"),
            _tr("Show only the messages that were found"),
            "filter",
            "Ctrl+Shift+F",
        ),
        _action(
            "find_close",
            _tr("End the search"),
            _tr("Close the search and show all messages again"),
            "x",
            "Esc",
        ),
    )


def _searching() -> tuple[Action, ...]:
    return (
        _action(
            "find_topic",
            _tr("Find in topics only"),
            _tr("Find messages whose first frame starts with what is typed"),
            "rss",
            "Ctrl+Alt+B",
        ),
        _action(
            "find_hex",
            _tr("Find bytes as hex"),
            _tr("Read what is typed as bytes, two hex digits each"),
            "binary",
            "Ctrl+Alt+X",
        ),
    )
