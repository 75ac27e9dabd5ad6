"""The texts of one row of the peer table. Pure, any thread."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QCoreApplication

from zmqscope.core.peers import Peer, PeerFigures, PeerState, ProcessInfo
from zmqscope.core.types import SocketType
from zmqscope.models.composer.routing_id import routing_id_words
from zmqscope.models.format import (
    format_bytes,
    format_clock_time,
    format_count,
    format_duration,
    one_line,
)
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.models.peers.rows import TableCells, TableColumn
from zmqscope.models.peers.unknown import (
    transport_of,
    why_no_address,
    why_no_figures,
    why_no_identity,
    why_no_mechanism,
    why_no_process,
    why_no_type,
    why_no_unsent,
    why_no_user,
    why_no_version,
)

_MAX_CHARS = 200
_MAX_COMMAND = 1_000
_STATE_TOKENS = {
    PeerState.HANDSHAKE: "waiting",
    PeerState.READY: "received",
    PeerState.SURPLUS: "broken",
}


class PeerColumn(IntEnum):
    """The columns of the peer table, in their first order."""

    SOCKET = 0
    ADDRESS = 1
    PROCESS = 2
    TYPE = 3
    IDENTITY = 4
    MECHANISM = 5
    VERSION = 6
    USER = 7
    SINCE = 8
    RECONNECTS = 9
    RECEIVED = 10
    RECEIVED_BYTES = 11
    SENT = 12
    SENT_BYTES = 13
    UNSENT = 14


EMPTY_CELLS = TableCells(("",) * len(PeerColumn), ("muted",) * len(PeerColumn))
"""Of a row of which nothing is known any more."""

_MUTED = (
    *(PeerColumn.MECHANISM, PeerColumn.VERSION, PeerColumn.USER, PeerColumn.SINCE),
    *(PeerColumn.RECEIVED_BYTES, PeerColumn.SENT_BYTES, PeerColumn.UNSENT),
)


def peer_columns() -> tuple[TableColumn, ...]:
    """Titles and what they mean, in the order of ``PeerColumn``."""
    return (
        TableColumn(_tr("Socket"), _tr("The socket of this app whose peer it is")),
        TableColumn(_tr("Address"), _tr("The peer's own address, not the endpoint's")),
        TableColumn(_tr("Process"), _tr("The program on this machine that is at the other end")),
        TableColumn(_tr("Type"), _tr("The peer's socket type; muted where it follows from ours")),
        TableColumn(_tr("Identity"), _tr("The routing id that the peer gives itself")),
        TableColumn(_tr("Mechanism"), _tr("NULL, PLAIN or CURVE")),
        TableColumn(_tr("ZMTP"), _tr("The version of ZMTP that the peer speaks")),
        TableColumn(_tr("User"), _tr("What the authenticator calls the peer")),
        TableColumn(_tr("Since"), _tr("When it connected")),
        TableColumn(_tr("Reconnects"), _tr("How often the same peer has come again"), True),
        TableColumn(_tr("↓ Messages"), _tr("Messages received from this peer"), True),
        TableColumn(_tr("↓ Bytes"), _tr("Payload received from this peer"), True),
        TableColumn(_tr("↑ Messages"), _tr("Messages sent to this peer"), True),
        TableColumn(_tr("↑ Bytes"), _tr("Payload sent to this peer"), True),
        TableColumn(_tr("Unsent"), _tr("Bytes that wait in the system's send queue"), True),
    )


def peer_cells(peer: Peer, socket_name: str) -> TableCells:
    """A peer as it is painted.

    Args:
        peer: The peer.
        socket_name: What its socket is called.
    """
    figures = peer.figures
    texts = (
        socket_name,
        address_text(peer),
        process_text(peer.process),
        types_cell(peer.types),
        identity_text(peer),
        peer.mechanism or NOTHING,
        peer.version or NOTHING,
        one_line(peer.user_id[:_MAX_CHARS]) or NOTHING,
        format_clock_time(peer.since_ns, 0),
        format_count(peer.reconnects) if peer.reconnects else NOTHING,
        *_figure_texts(figures),
        NOTHING if peer.unsent_bytes is None else format_bytes(peer.unsent_bytes),
    )
    return TableCells(texts, _tokens(peer, texts), _STATE_TOKENS[peer.state])


def _figure_texts(figures: PeerFigures | None) -> tuple[str, str, str, str]:
    if figures is None:
        return (NOTHING, NOTHING, NOTHING, NOTHING)
    return (
        format_count(figures.received_messages),
        format_bytes(figures.received_bytes),
        format_count(figures.sent_messages),
        format_bytes(figures.sent_bytes),
    )


def _tokens(peer: Peer, texts: tuple[str, ...]) -> tuple[str, ...]:
    tokens = ["text"] * len(PeerColumn)
    for column in _MUTED:
        tokens[column] = "muted"
    tokens[PeerColumn.IDENTITY] = "accent" if peer.identity else "muted"
    if peer.process is not None and peer.process.is_stopped:
        tokens[PeerColumn.PROCESS] = "broken"
    elif peer.own_socket is not None:
        tokens[PeerColumn.PROCESS] = "link"
    if not peer.is_type_told:
        tokens[PeerColumn.TYPE] = "muted"
    if peer.reconnects:
        tokens[PeerColumn.RECONNECTS] = "waiting"
    return tuple(
        "muted" if text == NOTHING else token for text, token in zip(texts, tokens, strict=True)
    )


def address_text(peer: Peer) -> str:
    """Its address in one line; for inproc the name of the transport."""
    if peer.address:
        return one_line(peer.address[:_MAX_CHARS])
    return "inproc" if transport_of(peer) == "inproc" else NOTHING


def process_text(process: ProcessInfo | None) -> str:
    """``python · 4121``; an own one says so, and of a stopped one that is the first word."""
    if process is None:
        return NOTHING
    if process.is_own:
        return _tr("this app")
    words = f"{one_line(process.name[:_MAX_CHARS])} · {process.pid}"
    return _tr("stopped: {0}").format(words) if process.is_stopped else words


def types_text(types: tuple[SocketType, ...]) -> str:
    """``PUSH``; ``SUB or XSUB`` where only the choice is known."""
    if not types:
        return NOTHING
    names = [one.name for one in types]
    if len(names) == 1:
        return names[0]
    return _tr("{0} or {1}").format(", ".join(names[:-1]), names[-1])


def types_cell(types: tuple[SocketType, ...]) -> str:
    """The same for a narrow column: ``SUB/XSUB``."""
    return "/".join(one.name for one in types) or NOTHING


def identity_text(peer: Peer) -> str:
    """Its routing id as text or hex; what it gives itself may be nothing."""
    if peer.identity is None:
        return NOTHING
    return routing_id_words(peer.identity) if peer.identity else _tr("none")


def state_words(state: PeerState) -> str:
    """How far a connection has come, in a sentence."""
    match state:
        case PeerState.HANDSHAKE:
            return _tr("Connected; the handshake is not over yet.")
        case PeerState.READY:
            return _tr("Connected and ready.")
        case PeerState.SURPLUS:
            return _tr(
                "Connected, but nothing is exchanged with it: a PAIR talks with one peer only."
            )


def peer_tip(
    peer: Peer, column: int, text: str, kind: SocketType | None, now_ns: int, own_name: str
) -> str:
    """What a cell says when the mouse rests on it.

    Args:
        peer: The peer.
        column: A ``PeerColumn``.
        text: What the cell shows.
        kind: The type of its socket.
        now_ns: The time now on the capture clock.
        own_name: Name of the socket of this app at the other end, if there is one.
    """
    if text == NOTHING:
        return _why(peer, column, kind)
    match column:
        case PeerColumn.SOCKET:
            return f"{text}\n{one_line(peer.endpoint.address)}\n{state_words(peer.state)}"
        case PeerColumn.PROCESS:
            return process_tip(peer.process, own_name)
        case PeerColumn.TYPE if not peer.is_type_told:
            words = _tr("{0}: it has not said so itself, but nothing else fits.")
            return words.format(types_text(peer.types))
        case PeerColumn.IDENTITY if not peer.identity:
            return _tr("It gives itself no routing id; a ROUTER makes one up for it.")
        case PeerColumn.SINCE:
            return _tr("For {0}").format(format_duration(max(0, now_ns - peer.since_ns)))
        case PeerColumn.UNSENT if peer.unread_bytes:
            words = _tr("{0} wait to be sent, {1} wait to be read")
            return words.format(text, format_bytes(peer.unread_bytes))
    return text


def process_tip(process: ProcessInfo | None, own_name: str) -> str:
    """A process and its command line."""
    if process is None:
        return ""
    lines = [process_text(process)]
    if own_name:
        lines.append(_tr("It is the socket {0} of this app.").format(own_name))
    if process.command:
        lines.append(one_line(process.command[:_MAX_COMMAND]))
    if process.is_stopped:
        lines.append(_tr("It is stopped, by a signal or a debugger: it reads nothing."))
    return "\n".join(lines)


def _why(peer: Peer, column: int, kind: SocketType | None) -> str:
    if column == PeerColumn.IDENTITY:
        return why_no_identity(peer, kind)
    if column == PeerColumn.USER:
        return why_no_user(kind)
    if column == PeerColumn.RECONNECTS:
        return _tr("It has connected once.")
    reason = _REASONS.get(column)
    if reason is not None:
        return reason(peer)
    return why_no_figures(kind, sent=column in (PeerColumn.SENT, PeerColumn.SENT_BYTES))


_REASONS: dict[int, Callable[[Peer], str]] = {
    PeerColumn.ADDRESS: why_no_address,
    PeerColumn.PROCESS: why_no_process,
    PeerColumn.TYPE: why_no_type,
    PeerColumn.MECHANISM: why_no_mechanism,
    PeerColumn.VERSION: why_no_version,
    PeerColumn.UNSENT: why_no_unsent,
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeerCells", text)
