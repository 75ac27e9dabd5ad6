"""What the find bar says about a search, from plain facts. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import Problem
from zmqscope.models.format import format_count


@dataclass(frozen=True, slots=True)
class FindState:
    """A search as it is now.

    Attributes:
        is_active: Whether something is searched for.
        hits: Hits in memory.
        searched: Messages in memory that have been looked at.
        left: Messages still to be looked at, of those that were there at the start.
        missed: Messages that left memory before they could be looked at.
        failed: Whether the search broke off.
        is_hex: Whether bytes are typed as hex.
        is_topic: Whether topics are looked at alone.
        problem: Why what was typed cannot be searched for.
        note: What happened at the last step from hit to hit, if it needs words.
    """

    is_active: bool = False
    hits: int = 0
    searched: int = 0
    left: int = 0
    missed: int = 0
    failed: bool = False
    is_hex: bool = False
    is_topic: bool = False
    problem: Problem | None = None
    note: str = ""


class ResultWords(NamedTuple):
    """One line.

    Attributes:
        text: All of it.
        short: The same where there is little room.
        tone: The token of its colour.
        is_data: Whether it is figures, for the data font.
    """

    text: str
    short: str
    tone: str
    is_data: bool


def result_words(state: FindState) -> ResultWords:
    """The line below the field."""
    if state.problem is not None:
        return ResultWords(state.problem.sentence(), state.problem.text, "broken", False)
    if state.failed:
        text = _tr("The search broke off; the log says why. Change what is typed to try again.")
        return ResultWords(text, _tr("The search broke off."), "broken", False)
    if not state.is_active:
        text = _hint(state)
        return ResultWords(text, text, "muted", False)
    text = short = _found(state)
    if state.note:
        text, short = f"{text} · {state.note}", f"{short} · {state.note}"
    if not state.missed:
        return ResultWords(text, short, "muted", True)
    missed = format_count(state.missed)
    lost = _tr("{0} rows had left memory before they were searched").format(missed)
    short = f"{short} · {_tr('{0} not searched').format(missed)}"
    return ResultWords(f"{text} · {lost}", short, "waiting", True)


def _found(state: FindState) -> str:
    hits = _hits(state.hits)
    if state.is_topic:
        hits = _tr("{0} by topic").format(hits)
    if state.left:
        percent = 100 * state.searched // (state.searched + state.left)
        return _tr("{0} · searching {1} %").format(hits, percent)
    if state.searched == 1:
        return _tr("{0} in 1 message").format(hits)
    return _tr("{0} in {1} messages").format(hits, format_count(state.searched))


def _hits(count: int) -> str:
    if not count:
        return _tr("no hit")
    return _tr("1 hit") if count == 1 else _tr("{0} hits").format(format_count(count))


def _hint(state: FindState) -> str:
    if state.is_hex and state.is_topic:
        return _tr("Type the bytes that topics start with, two hex digits each: 00 6b")
    if state.is_hex:
        return _tr("Type bytes to find in any frame, two hex digits each: 00 6b")
    if state.is_topic:
        return _tr("Type what topics start with")
    return _tr("Type text to find in any frame")


def _tr(text: str) -> str:
    return QCoreApplication.translate("FindWords", text)
