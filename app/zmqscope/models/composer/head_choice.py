"""What may stand in frame 1 of a message, to be picked: peers, addresses, groups. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import SocketSnapshot, SocketType
from zmqscope.models.composer.frame_draft import check_frame
from zmqscope.models.composer.routing_id import routing_id_words
from zmqscope.models.composer.send_pattern import Frames
from zmqscope.models.sockets.spec_draft import group_words

_CONTEXT = "HeadChoice"
_MAX_GROUPS = 32


class HeadWords(NamedTuple):
    """How a picker of first frames speaks.

    Attributes:
        title: What is picked.
        help: What is in the list.
        none: What stands in an empty list.
    """

    title: str
    help: str
    none: str


def head_words(kind: SocketType | None) -> HeadWords | None:
    """The words of the picker on a type; None on a type whose first frame is no such thing."""
    if kind is None or not kind.can_send:
        return None
    if kind.has_groups:
        return HeadWords(
            _tr("Group"),
            _tr("Groups sent to before, and joined by the DISH sockets here"),
            _tr("None yet: type one into frame 1."),
        )
    if kind.names_address:
        return HeadWords(
            _tr("Address"),
            _tr("Addresses that datagrams came from"),
            _tr("None yet: an address comes with the first datagram from it."),
        )
    if kind.routes_by_identity:
        return HeadWords(
            _tr("Peer"),
            _tr("Routing ids seen before"),
            _tr("None yet: a routing id comes with the first message of a peer."),
        )
    return None


def head_text(head: bytes, kind: SocketType | None) -> str:
    """A first frame in the list."""
    if kind is not None and kind.has_groups:
        return group_words(head)
    return routing_id_words(head, kind)


def known_groups(history: Sequence[Frames], sockets: Iterable[SocketSnapshot]) -> list[bytes]:
    """Groups that a RADIO may be meant to send to, bounded in number.

    Args:
        history: The messages sent from it, oldest first.
        sockets: All sockets of the app.

    Returns:
        Those sent to, newest first, then those that DISH sockets have joined.
    """
    sent = (check_frame(frames[0]).data for frames in reversed(history) if frames)
    found = dict.fromkeys(group for group in sent if group is not None)
    for socket in sockets:
        if socket.spec.type.can_join:
            found.update(dict.fromkeys(socket.spec.subscriptions))
    return list(found)[:_MAX_GROUPS]


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
