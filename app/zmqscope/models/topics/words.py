"""Sentences of the topics panel: how many, what found no room, why there is nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from zmqscope.core.capture.topics import MAX_TOPIC_BYTES
from zmqscope.models.format import format_count, format_rate, one_line

_MAX_TYPED = 60


@dataclass(frozen=True, slots=True)
class OtherTopics:
    """What the table of topics had no room for.

    Attributes:
        messages: Messages of such topics since the start.
        per_s: Those in the last whole second.
        topics: Topics that are in the table.
        is_full: Whether no more fit in; if not, only those that are too long are missing.
    """

    messages: int
    per_s: int
    topics: int
    is_full: bool


def others_words(others: OtherTopics) -> str:
    """The line about what is not in the table; empty while nothing is missing."""
    if not others.messages:
        return ""
    is_one = others.messages == 1
    if others.is_full:
        words = (
            _tr(
                "others · 1 message of a topic that found no room: the table holds "
                "{topics} · {rate}"
            )
            if is_one
            else _tr(
                "others · {count} messages of topics that found no room: the table holds {topics}"
                " · {rate}"
            )
        )
    else:
        words = (
            _tr("others · 1 message of a topic longer than {longest} bytes · {rate}")
            if is_one
            else _tr(
                "others · {count} messages of topics longer than {longest} bytes, which are not "
                "told apart · {rate}"
            )
        )
    return words.format(
        count=format_count(others.messages),
        topics=format_count(others.topics),
        longest=MAX_TOPIC_BYTES,
        rate=format_rate(others.per_s),
    )


def count_words(shown: int, known: int, *, is_filtered: bool) -> str:
    """How many topics there are: ``312 topics``, ``12 of 312 topics``; empty for none."""
    if not known:
        return ""
    if is_filtered:
        words = _tr("{shown} of {count} topics")
        return words.format(shown=format_count(shown), count=format_count(known))
    if known == 1:
        return _tr("1 topic")
    return _tr("{count} topics").format(count=format_count(known))


def empty_words(shown: int, known: int, typed: str) -> tuple[str, str]:
    """Title and next step where the table is empty; both empty where it is not."""
    if shown:
        return "", ""
    if not known:
        return (
            _tr("No topics yet"),
            _tr(
                "They appear with the messages: on PUB, SUB, XPUB and XSUB the first frame is the "
                "topic, on RADIO and DISH the group, on ROUTER, SERVER, PEER and STREAM it names "
                "the peer. Open a socket that carries some, or wait for its peer to publish."
            ),
        )
    bounded = one_line(typed[:_MAX_TYPED]) + ("…" if len(typed) > _MAX_TYPED else "")
    return (
        _tr("No topic contains “{0}”").format(bounded),
        _tr("Press Esc in the field above to see all {0} again.").format(format_count(known)),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("TopicWords", text)
