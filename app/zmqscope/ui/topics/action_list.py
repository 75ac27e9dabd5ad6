"""The topic actions as records: menus, palette and shortcuts are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

CONTEXT_MENU: tuple[str, ...] = (
    "view.topics.newest",
    "",
    "view.topics.copy",
    "view.topics.copy_subscription",
    "",
    "view.topics.show_only",
    "",
    "view.topics.find",
    "view.topics.ends",
)
"""Actions of a row's menu; an empty one is a line."""

NEEDS_TOPIC: tuple[str, ...] = (
    "view.topics.newest",
    "view.topics.copy",
    "view.topics.copy_subscription",
    "view.topics.show_only",
)
"""Actions on the current topic."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("TopicActions", text)


def _action(name: str, title: str, help_words: str, icon: str, shortcut: str) -> Action:
    return Action(f"view.topics.{name}", title, "View", shortcut, icon, help=help_words)


def topic_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (*_on_panel(), *_on_topic())


def _on_panel() -> tuple[Action, ...]:
    return (
        _action(
            "find",
            _tr("Find topic…"),
            _tr("Show only topics that contain what is typed"),
            "search",
            "Ctrl+Shift+T",
        ),
        _action(
            "ends",
            _tr("Where topics end…"),
            _tr(
                "Where a topic ends in the first frame. It counts for messages that come from now "
                "on; topics that are listed already stay."
            ),
            "text",
            "Ctrl+Alt+W",
        ),
    )


def _on_topic() -> tuple[Action, ...]:
    return (
        _action(
            "newest",
            _tr("Show newest message"),
            _tr("Show the selected topic's newest message, in the table and in the inspector"),
            "arrow-right",
            "Ctrl+Alt+N",
        ),
        _action(
            "copy",
            _tr("Copy topic"),
            _tr("Copy the selected topic as text, or its bytes as hex"),
            "copy",
            "Ctrl+Alt+Y",
        ),
        _action(
            "copy_subscription",
            _tr("Copy as subscription"),
            _tr(
                "Copy the selected topic as topic=… for the spec of a SUB or XSUB socket, or the "
                "group as group=… for that of a DISH"
            ),
            "rss",
            "Ctrl+Alt+U",
        ),
        _action(
            "show_only",
            _tr("Show only this topic's socket"),
            _tr("Hide the messages of all other sockets than the selected topic's"),
            "filter",
            "Ctrl+Alt+Q",
        ),
    )
