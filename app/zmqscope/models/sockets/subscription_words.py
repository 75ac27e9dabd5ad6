"""Subscriptions of a SUB or XSUB and groups of a DISH, each in its own words. Pure, any thread."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import SocketType

_CONTEXT = "SubscriptionWords"


class SubscriptionWords(NamedTuple):
    """How a form and a socket's details speak of what is received.

    Attributes:
        section: Title in the details.
        form: Title in the form.
        add_row: The form's button for one more.
        field: What is typed.
        format: What the choice of text or hex is about.
        remove_row: The button that takes a row of the form away.
        example: An example, as text.
        add: What the Add button of the details does.
        blank: What that button says while nothing is typed, if that is a value.
        remove: What the button beside one in the details does.
        nothing: What the details say while there is none.
        repeated: What they say of one that is there already.
    """

    section: str
    form: str
    add_row: str
    field: str
    format: str
    remove_row: str
    example: str
    add: str
    blank: str
    remove: str
    nothing: str
    repeated: str


def subscription_words(kind: SocketType) -> SubscriptionWords:
    """The words of a type: those of groups for a DISH, of topics for all others."""
    if kind.can_join:
        return SubscriptionWords(
            _tr("Groups"),
            _tr("Groups"),
            _tr("Add &group"),
            _tr("Group; only messages of exactly this group come"),
            _tr("Whether the group is typed as text or as hex digits"),
            _tr("Remove this group"),
            "EUR",
            _tr("Join this group"),
            "",
            _tr("Leave this group"),
            _tr("It has joined no group, so nothing comes; add one."),
            _tr("It has joined this group already."),
        )
    return SubscriptionWords(
        _tr("Subscriptions"),
        _tr("Topics"),
        _tr("Add to&pic"),
        _tr("Topic prefix; empty is everything"),
        _tr("Whether the topic is typed as text or as hex digits"),
        _tr("Remove this topic"),
        "EUR",
        _tr("Subscribe to this topic"),
        _tr("Everything"),
        _tr("Unsubscribe from this topic"),
        _tr("It subscribes to nothing, so nothing comes; add a topic."),
        _tr("It subscribes to this already."),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
