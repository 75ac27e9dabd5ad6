"""What nodes of the topology say: titles, rows, tips, and words for a screen reader. Pure."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.peers import Peer
from zmqscope.core.types import EndpointState, SocketSnapshot
from zmqscope.models.format import format_count, format_rate, one_line
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.models.peers.cells import address_text, identity_text, process_tip, types_text
from zmqscope.models.peers.unknown import transport_of
from zmqscope.models.sockets import socket_words
from zmqscope.models.topology.flow import Flow
from zmqscope.models.topology.graph import Card, Graph, Lane, NodeKind, Row

_MAX_CHARS = 200
_MOST_NAMED = 12
_ABSENT_TOKENS = {EndpointState.FAILED: "broken"}


class CardWords(NamedTuple):
    """The head of a card.

    Attributes:
        title: What it is called.
        detail: What stands muted behind it, such as a process id.
        icon: Name of its icon.
        is_data: Whether the title is an address, set in the data font.
    """

    title: str
    detail: str
    icon: str
    is_data: bool


class RowWords(NamedTuple):
    """A row of a card.

    Attributes:
        text: Socket type, or what is the matter.
        detail: What stands muted behind it.
        token: The theme token of its state.
    """

    text: str
    detail: str
    token: str


def lane_title(lane: Lane) -> str:
    """What a lane is called."""
    return {
        Lane.OTHER_HOSTS: _tr("Other hosts"),
        Lane.THIS_APP: _tr("This app"),
        Lane.THIS_MACHINE: _tr("This machine"),
    }[lane]


def card_words(card: Card) -> CardWords:
    """The head of a card."""
    peer = _first(card)
    match card.kind:
        case NodeKind.PROCESS if peer is not None and peer.process is not None:
            process = peer.process
            name = _tr("this app") if process.is_own else one_line(process.name[:_MAX_CHARS])
            return CardWords(name or _tr("process"), str(process.pid), "terminal", False)
        case NodeKind.HOST:
            return CardWords(one_line(card.name[:_MAX_CHARS]), "", "globe", True)
        case NodeKind.ADDRESS:
            name = one_line(card.name[:_MAX_CHARS]).removeprefix("tcp://")
            return CardWords(name, "", "unplug" if card.is_absent else "circle-help", True)
        case NodeKind.MORE:
            count = sum(row.count for row in card.rows)
            return CardWords(_tr("{0} more").format(format_count(count)), "", "layers", False)
    if peer is None:
        return CardWords(_tr("unknown peer"), "", "circle-help", False)
    address = address_text(peer)
    if address == NOTHING:
        return CardWords(_tr("{0} peer").format(transport_of(peer)), "", "circle-help", False)
    return CardWords(address, "", "circle-help", True)


def row_words(card: Card, row: Row) -> RowWords:
    """A row of a card."""
    if row.endpoint is not None and row.peer is None:
        token = _ABSENT_TOKENS.get(row.endpoint.state, "waiting")
        return RowWords(_absent_words(row.endpoint.state), "", token)
    peer = row.peer
    if card.kind is NodeKind.MORE or peer is None:
        return RowWords(_tr("in the peers panel"), "", "muted")
    kind = types_text(peer.types)
    if row.count > 1:
        kind = f"{format_count(row.count)} × {kind if kind != NOTHING else _tr('peer')}"
    elif kind == NOTHING:
        kind = _tr("peer")
    return RowWords(kind, _row_detail(card, peer) if row.count == 1 else "", row.state)


def _absent_words(state: EndpointState) -> str:
    match state:
        case EndpointState.FAILED:
            return _tr("failed")
        case EndpointState.RETRYING:
            return _tr("nobody answers")
    return _tr("connecting")


def _row_detail(card: Card, peer: Peer) -> str:
    """What tells a connection apart, beside the head of its card."""
    if peer.identity:
        return identity_text(peer)
    transport = transport_of(peer)
    if transport in ("ipc", "inproc"):
        return transport
    if card.kind is NodeKind.PEER:
        return ""
    _, colon, port = peer.address.rpartition(":")
    return f":{port}" if colon and port.isdecimal() else address_text(peer).replace(NOTHING, "")


def _first(card: Card) -> Peer | None:
    return next((row.peer for row in card.rows if row.peer is not None), None)


def card_tip(card: Card, graph: Graph) -> str:
    """Everything that a card has no room for."""
    names = {one.socket_id: socket_words.title(one) for one in graph.sockets}
    head = card_words(card)
    peer = _first(card)
    lines = [f"{head.title} · {head.detail}" if head.detail else head.title]
    if card.kind is NodeKind.PROCESS and peer is not None:
        lines = [process_tip(peer.process, "")]
    if card.kind is NodeKind.MORE:
        return _tr("{0} peers of {1}; a double click lists them in the peers panel.").format(
            head.title, names[card.rows[0].socket_id]
        )
    for row in card.rows[:_MOST_NAMED]:
        words = row_words(card, row)
        text = f"{words.text} {words.detail}".strip()
        lines.append(f"{text} ⇄ {names[row.socket_id]}")
        if row.endpoint is not None and row.endpoint.problem is not None:
            lines.append(one_line(row.endpoint.problem.sentence()))
    return "\n".join(lines)


def socket_tip(socket: SocketSnapshot, graph: Graph) -> str:
    """Everything that a socket's node has no room for."""
    return socket_words.tooltip(socket, graph.findings.get(socket.socket_id, ()))


def spoken_socket(socket: SocketSnapshot, graph: Graph, flow: Flow) -> str:
    """A socket as a screen reader says it."""
    kind = socket.spec.type
    return socket_words.accessible_text(
        socket,
        flow.received if kind.can_receive else None,
        flow.sent if kind.can_send else None,
        graph.findings.get(socket.socket_id, ()),
    )


def spoken_card(card: Card, graph: Graph) -> str:
    """A card as a screen reader says it."""
    return f"{lane_title(card.lane)}: {card_tip(card, graph)}".replace("\n", ", ")


def address_line(socket: SocketSnapshot) -> str:
    """Where a socket is, bound ones with the ``@`` of a spec."""
    line = socket_words.endpoint_line(socket)
    text = f"@{line.address}" if line.is_bind else line.address
    return f"{text} +{line.more}" if line.more else text


def rate_words(rate: float) -> str:
    """``1.2 k/s``."""
    return format_rate(rate)


def count_words(graph: Graph) -> str:
    """``6 sockets · 12 peers``, ``100 of 200 sockets`` of too many; empty for none."""
    if not graph.sockets:
        return ""
    peers = sum(row.count for card in graph.cards for row in card.rows)
    drawn = len(graph.sockets)
    sockets = socket_words.count_words(drawn + graph.left_out)
    if graph.left_out:
        sockets = _tr("{0} of {1}").format(format_count(drawn), sockets)
    return f"{sockets} · {socket_words.peers_words(peers)}"


def empty_words(sockets: int, *, is_drawn: bool) -> tuple[str, str]:
    """Title and next step while there is nothing to be seen.

    Args:
        sockets: How many there are.
        is_drawn: Whether places have been found for any.
    """
    if sockets:
        return ("", "") if is_drawn else (_tr("Finding a place for each socket…"), "")
    return (
        _tr("Nothing to draw yet."),
        _tr(
            "Open a socket with Ctrl+N, or the demo with Ctrl+D: it shows here with whoever is at "
            "the other end."
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Topology", text)
