"""The peers of one socket in a few lines. Pure, any thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.peers import Peer, SocketPeers
from zmqscope.core.types import SocketSnapshot
from zmqscope.models.format import format_clock_time, format_count
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.models.peers.cells import address_text, process_text, types_text

_SEPARATOR = "  "


def peer_lines(
    peers: SocketPeers | None, snapshot: SocketSnapshot, most: int
) -> tuple[list[str], str]:
    """The first peers, one a line, and what is to be said of the others.

    Args:
        peers: What was told of them; None for nothing yet.
        snapshot: Their socket.
        most: How many lines at most.
    """
    if not snapshot.is_open:
        return [], _tr("The socket is closed: it has no peers.")
    if peers is None or not peers.peers:
        if snapshot.peer_count:
            return [], _tr("Nothing is known of them yet.")
        return [], _tr("No peer is connected yet.")
    lines = [peer_line(peer) for peer in peers.peers[:most]]
    more = len(peers.peers) - len(lines) + peers.more
    if not more:
        return lines, ""
    words = _tr("and 1 more") if more == 1 else _tr("and {0} more")
    return lines, words.format(format_count(more))


def peer_line(peer: Peer) -> str:
    """``SUB  127.0.0.1:40312  python · 4121  since 14:02:12``."""
    parts = [types_text(peer.types), address_text(peer), process_text(peer.process)]
    known = [part for part in parts if part != NOTHING]
    known.append(_tr("since {0}").format(format_clock_time(peer.since_ns, 0)))
    return _SEPARATOR.join(known)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeerSummary", text)
