"""What the message table says about itself, from plain facts. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from zmqscope.models.format import format_count


@dataclass(frozen=True, slots=True)
class TableState:
    """The table as it is now.

    Attributes:
        shown: Rows in the table.
        in_memory: Rows in the store.
        captured: Rows ever captured.
        sockets: Sockets in the list.
        only: Name of the only socket shown; empty for all.
        hides_paused: Whether rows of paused sockets are left out.
        shows_hits: Whether the hits of a search are shown alone.
        is_paused: Whether the view is paused.
        is_following: Whether the newest row is kept in sight.
        new: Rows that came and were not seen.
        behind: Rows that a filter has not looked at yet.
    """

    shown: int
    in_memory: int
    captured: int
    sockets: int
    only: str
    hides_paused: bool
    shows_hits: bool
    is_paused: bool
    is_following: bool
    new: int
    behind: int


def state_words(state: TableState) -> str:
    """Whether the table is live, for its title strip."""
    if state.is_paused:
        return _tr("paused")
    if state.behind:
        return _tr("looking through {0}").format(format_count(state.behind))
    return _tr("following live") if state.is_following else _tr("reading back")


def pill_words(state: TableState) -> str:
    """What the button over the table says; empty where it has nothing to offer."""
    if not state.shown or (state.is_following and not state.is_paused):
        return ""
    return _tr("{0} new ↓").format(format_count(state.new)) if state.new else _tr("To the newest ↓")


def empty_words(state: TableState) -> tuple[str, str]:
    """Title and next step where there is no row; both empty where there is one."""
    if state.shown:
        return "", ""
    return _hidden_words(state) if state.in_memory or state.is_paused else _no_message_words(state)


def _hidden_words(state: TableState) -> tuple[str, str]:
    if state.behind:
        words = _tr("Looking through {0} messages…").format(format_count(state.behind))
        return words, ""
    if state.is_paused:
        title = _tr("The view is paused")
        if not state.new:
            return title, _tr("Press Ctrl+P to go on.")
        words = _tr("{0} messages came meanwhile. Press Ctrl+P to see them.")
        return title, words.format(format_count(state.new))
    if state.shows_hits:
        hint = _tr("New hits appear here. Ctrl+Shift+F shows all messages.")
        return _tr("No message in memory is a hit"), hint
    if state.only:
        title = _tr("No message of {0} is in memory").format(state.only)
        return title, _tr("New ones appear here. Ctrl+Shift+A shows all sockets.")
    if not state.hides_paused:
        return "", ""
    title = _tr("Every message is of a paused socket")
    return title, _tr("Resume a socket in the list of sockets to see its messages.")


def _no_message_words(state: TableState) -> tuple[str, str]:
    if not state.sockets:
        return _tr("No socket yet"), _tr("Press Ctrl+N to open one; its messages appear here.")
    if state.captured:
        return _tr("Waiting for the next message"), _tr("What was captured before was cleared.")
    hint = _tr("It appears here as soon as a socket sends or receives.")
    why = _tr("If none comes, the findings under the list of sockets say why.")
    topics = _tr("A SUB gets only what begins with one of its topics.")
    return _tr("Waiting for the first message"), f"{hint}\n{why}\n{topics}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageStates", text)
