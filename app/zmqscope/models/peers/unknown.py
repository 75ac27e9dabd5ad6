"""Why something of a peer cannot be known, in a sentence. Pure, any thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.peers import Peer, PeerState
from zmqscope.core.types import Role, SocketType

_NAMES_ITSELF = (SocketType.REQ, SocketType.DEALER, SocketType.ROUTER)
_ON_THIS_MACHINE = ("ipc", "inproc", "tipc")
_LOCAL_HOSTS = ("127.", "[::1]", "::1", "localhost", "[::ffff:127.")


def transport_of(peer: Peer) -> str:
    """``tcp``, ``ipc``, …: how it is connected."""
    return peer.endpoint.address.partition("://")[0]


def host_of(peer: Peer) -> str:
    """The host of its address, or of the endpoint that it was reached at; empty if neither is."""
    if transport_of(peer) in _ON_THIS_MACHINE:
        return ""
    is_reached = peer.endpoint.role is Role.CONNECT
    address = peer.address or (peer.endpoint.address if is_reached else "")
    return host_in(address)


def host_in(address: str) -> str:
    """The host of an address, with or without a transport, a port or a path."""
    _, has_transport, rest = address.partition("://")
    place = (rest if has_transport else address).partition("/")[0].rpartition(";")[2]
    host, colon, port = place.rpartition(":")
    return host if colon and (port.isdigit() or port == "*") else place


def is_local(peer: Peer) -> bool:
    """Whether it certainly runs on this machine."""
    if peer.process is not None or peer.own_socket is not None:
        return True
    if transport_of(peer) in _ON_THIS_MACHINE:
        return True
    return is_local_host(host_of(peer))


def is_local_host(host: str) -> bool:
    """Whether a host is this machine by its name."""
    return host.startswith(_LOCAL_HOSTS)


def why_no_address(peer: Peer) -> str:
    """Why its address is not known."""
    if transport_of(peer) == "inproc":
        return _tr("inproc has no addresses: both ends are in this process.")
    return _tr("libzmq has not told its address.")


def why_no_process(peer: Peer) -> str:
    """Why its process is not known."""
    if not is_local(peer):
        return _tr("It runs on another machine, or it cannot be told that it does not.")
    return _tr(
        "It is being looked up, or it belongs to another user: only root may see whose "
        "connections those are."
    )


def why_no_type(peer: Peer) -> str:
    """Why its socket type is not known."""
    if peer.state is PeerState.HANDSHAKE:
        return _tr("A peer says its type in the handshake, which is not over yet.")
    return _tr("It has not said its type, and more than one fits.")


def why_no_identity(peer: Peer, kind: SocketType | None) -> str:
    """Why its routing id is not known."""
    if transport_of(peer) == "inproc":
        return _tr("Over inproc libzmq tells nothing about the peer.")
    if kind is not None and not kind.can_receive:
        return _tr("A {0} learns its peer's identity from nobody.").format(kind.name)
    if peer.types and not any(one in _NAMES_ITSELF for one in peer.types):
        return _tr("Only REQ, DEALER and ROUTER tell their routing id.")
    return _tr("It is known with the first message that comes from it.")


def why_no_mechanism(peer: Peer) -> str:
    """Why its mechanism is not known."""
    if transport_of(peer) == "inproc":
        return _tr("inproc has no handshake, and so no mechanism.")
    if peer.state is PeerState.HANDSHAKE:
        return _tr("It is known once the handshake is over.")
    return _tr("libzmq tells it with the end of the handshake, which this peer has not had.")


def why_no_version(peer: Peer) -> str:
    """Why its version of ZMTP is not known."""
    if transport_of(peer) == "inproc":
        return _tr("inproc does not speak ZMTP: messages are handed over in memory.")
    if transport_of(peer) == "udp":
        return _tr("udp does not speak ZMTP.")
    return _tr("libzmq does not tell it; Probe (Socket menu) asks an endpoint for it.")


def why_no_user(kind: SocketType | None) -> str:
    """Why it has no user id."""
    name = kind.name if kind is not None else _tr("socket")
    return _tr(
        "Nobody was asked who it is: this {0} is no server with an access list, or it learns the "
        "answer with the first message."
    ).format(name)


def why_no_figures(kind: SocketType | None, *, sent: bool) -> str:
    """Why messages of this one peer are not counted."""
    if kind is None:
        return _tr("Its messages cannot be told apart.")
    if sent and not kind.can_send:
        return _tr("A {0} sends nothing.").format(kind.name)
    if not sent and not kind.can_receive:
        return _tr("A {0} receives nothing.").format(kind.name)
    if sent:
        return _tr(
            "A {0} does not say to which of its peers a message goes; with one peer it is known."
        ).format(kind.name)
    return _tr(
        "A {0} does not say from which of its peers a message comes; with one peer it is known."
    ).format(kind.name)


def why_no_unsent(peer: Peer) -> str:
    """Why the system's queue is not known."""
    if transport_of(peer) == "inproc":
        return _tr("inproc has no queue in the system.")
    return _tr("The system does not tell how much of this connection waits in its queue.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeerUnknown", text)
