"""libzmq's error numbers in words: what failed, and what to do. Pure."""

from __future__ import annotations

import errno
import os

import zmq

from zmqscope.core.endpoints import transport_of
from zmqscope.core.groups import group_problem
from zmqscope.core.link_address import datagram_address
from zmqscope.core.types import Endpoint, Problem, Role, SocketSpec, SocketType

FITTING_PEERS: dict[SocketType, str] = {
    SocketType.PAIR: "PAIR",
    SocketType.PUB: "SUB or XSUB",
    SocketType.SUB: "PUB or XPUB",
    SocketType.REQ: "REP or ROUTER",
    SocketType.REP: "REQ or DEALER",
    SocketType.DEALER: "ROUTER, REP or DEALER",
    SocketType.ROUTER: "REQ, DEALER or ROUTER",
    SocketType.PULL: "PUSH",
    SocketType.PUSH: "PULL",
    SocketType.XPUB: "SUB or XSUB",
    SocketType.XSUB: "PUB or XPUB",
    SocketType.STREAM: "any TCP program",
    SocketType.SERVER: "CLIENT",
    SocketType.CLIENT: "SERVER",
    SocketType.RADIO: "DISH",
    SocketType.DISH: "RADIO",
    SocketType.GATHER: "SCATTER",
    SocketType.SCATTER: "GATHER",
    SocketType.DGRAM: "any UDP program",
    SocketType.PEER: "PEER",
    SocketType.CHANNEL: "CHANNEL",
}
"""Which socket types each type talks with (RFC 28 to 31, and zmq_socket(3))."""


_ALSO_MEANS = {
    # With a monitor attached, libzmq overwrites the errno of a missing interface.
    errno.EAGAIN: errno.ENODEV,
    errno.EPERM: errno.EACCES,
}

_ENDPOINT_PROBLEMS = {
    errno.EADDRINUSE: (
        "{where} is already in use.",
        "Another socket or program is bound there: stop it, or choose another port.",
    ),
    errno.EADDRNOTAVAIL: (
        "{where} is not an address of this machine.",
        "Bind to *, to 127.0.0.1 or to an address of one of its interfaces.",
    ),
    errno.EACCES: (
        "Permission denied to {verb} {where}.",
        "Ports below 1024 and some folders need rights that you do not have.",
    ),
    errno.ENODEV: (
        "There is no interface or address with the name in {where}.",
        "Use *, an IP address, or an interface that “ip addr” lists.",
    ),
    errno.ENOENT: (
        "The folder of {where} does not exist.",
        "Create it, or choose a path in a folder that exists.",
    ),
    errno.ENOTDIR: (
        "A part of the path in {where} is not a folder.",
        "Choose a path in a folder that exists.",
    ),
    errno.EROFS: ("{where} is on a read-only file system.", "Choose another folder."),
    errno.EINVAL: (
        "libzmq does not accept {where}.",
        "Check the address; it should look like tcp://127.0.0.1:5556.",
    ),
    errno.EPROTONOSUPPORT: (
        "This libzmq was built without the transport of {where}.",
        "Use tcp, ipc or inproc.",
    ),
    zmq.ENOCOMPATPROTO: (
        "This socket type cannot use {where}.",
        "Choose another transport or another socket type.",
    ),
    errno.ECONNREFUSED: ("Nobody is bound to {where}.", "Bind it first, in this app."),
    errno.EMFILE: (
        "The file descriptors of this program are used up.",
        "Close sockets, or raise the limit with “ulimit -n” before starting.",
    ),
}
"""By error number: what failed, and what to do. {where} is the address, {verb} what was tried."""


def endpoint_problem(endpoint: Endpoint, error: zmq.ZMQError) -> Problem:
    """Why a bind, connect, unbind or disconnect failed."""
    verb = "bind" if endpoint.role is Role.BIND else "connect to"
    where = endpoint.address
    number = _ALSO_MEANS.get(error.errno or 0, error.errno or 0)
    known = _ENDPOINT_PROBLEMS.get(number)
    if known is None:
        return Problem(f"Cannot {verb} {where}: {_reason(error)}.")
    text, hint = known
    return Problem(text.format(verb=verb, where=where), hint)


def unbound_problem(address: str) -> Problem:
    """An inproc address to which nobody is bound yet."""
    return Problem(
        f"No socket of this app is bound to {address}.",
        "inproc never leaves the program: bind it here, or use ipc or tcp.",
    )


def inproc_problem(
    endpoint: Endpoint, kind: SocketType, binder: SocketType, is_itself: bool
) -> Problem | None:
    """Why a socket should not connect to a bound inproc address; libzmq would not say so.

    Args:
        endpoint: Where it connects.
        kind: Its type.
        binder: The type of the socket that is bound there.
        is_itself: Whether that is the same socket.
    """
    where = endpoint.address
    if is_itself:
        # zmq_disconnect would take the bind off instead (socket_base.cpp, term_endpoint).
        return Problem(
            f"This socket is itself bound to {where}.", "Connect to it from another socket."
        )
    if binder.name in FITTING_PEERS[kind].replace(",", "").split():
        return None
    return Problem(
        f"{where} is bound by a {binder.name}, and this is a {kind.name}.",
        f"A {kind.name} talks with {FITTING_PEERS[kind]}: mend that, then retry.",
    )


def send_problem(spec: SocketSpec, peers: int, error: zmq.ZMQError) -> Problem:
    """Why libzmq did not take a message."""
    kind = spec.type
    if error.errno == zmq.EAGAIN:
        return _would_block(kind, peers)
    if error.errno == zmq.EFSM:
        if kind is SocketType.REQ:
            return Problem(
                "This REQ waits for its reply and cannot send before it comes.",
                "Wait, reopen the socket, or open it with req_relaxed=1 and req_correlate=1.",
            )
        return Problem(
            "A REP can only answer a request, and it holds none.",
            "Wait for the next request, then send.",
        )
    if error.errno == zmq.EHOSTUNREACH:
        return Problem(
            "No connected peer has this routing id.",
            "Pick a routing id of a peer that is connected now.",
        )
    if error.errno == zmq.ENOTSUP:
        return Problem(f"A {kind.name} cannot send.", "Send from a socket of a fitting type.")
    if error.errno == errno.EINVAL:
        return Problem(
            f"libzmq does not accept these frames on a {kind.name}.",
            "Check the number of frames and what each of them means.",
        )
    return Problem(f"libzmq refused the message: {_reason(error)}.")


def _reason(error: zmq.ZMQError) -> str:
    return os.strerror(error.errno or 0).lower()


def _would_block(kind: SocketType, peers: int) -> Problem:
    if peers == 0:
        return Problem(
            f"Not sent: no peer is connected, and a {kind.name} would wait for one.",
            f"Start a peer ({FITTING_PEERS[kind]}), or add an endpoint where one is.",
        )
    return Problem(
        "Not sent: the high-water mark is reached, the peer does not read as fast as we send.",
        "Wait until the peer has caught up, or open the socket with a larger sndhwm.",
    )


def frames_problem(spec: SocketSpec, frames: tuple[bytes, ...]) -> Problem | None:
    """What libzmq would drop in silence: said before it is sent."""
    kind = spec.type
    if not frames:
        return Problem("A message has at least one frame.", "Add a frame; it may be empty.")
    if not kind.can_send:
        return Problem(
            f"A {kind.name} only receives.", f"Send from a {FITTING_PEERS[kind].split(' ')[0]}."
        )
    if kind.is_draft:
        return _draft_problem(kind, frames)
    if kind.routes_by_identity and len(frames) < 2:
        return Problem(
            f"A {kind.name} needs the peer's routing id as first frame, then the message.",
            "Pick a routing id seen before and add a frame for the message.",
        )
    if kind is SocketType.STREAM and len(frames) != 2:
        return Problem(
            "A STREAM sends exactly two frames: the peer's routing id and the bytes.",
            "Put all bytes into the second frame; leave it empty to close the connection.",
        )
    return None


def _draft_problem(kind: SocketType, frames: tuple[bytes, ...]) -> Problem | None:
    """Draft types have messages of one frame, some with what it is for in front."""
    if kind.has_groups:
        lead = "a group"
    elif kind.names_address:
        lead = "an address such as 127.0.0.1:5556"
    else:
        lead = "the peer's routing id" if kind.routes_by_identity else ""
    wanted = 2 if lead else 1
    if len(frames) != wanted:
        needs = f"{lead} as first frame, then one frame" if lead else "one frame"
        return Problem(
            f"A {kind.name} sends {needs}; this message has {len(frames)}.",
            "Put everything else into one frame: draft types have no multipart messages.",
        )
    if kind.has_groups:
        return group_problem(frames[0])
    if kind.names_address and datagram_address(frames[0]) is None:
        return Problem(
            "The first frame is no address to send a datagram to.",
            "Type one such as 127.0.0.1:5556.",
        )
    return None


def delivery_warning(
    spec: SocketSpec, peers: int, frames: tuple[bytes, ...] = (b"",)
) -> Problem | None:
    """What to say of a message that libzmq took although nobody is there."""
    kind = spec.type
    if any(transport_of(endpoint) == "udp" for endpoint in spec.endpoints):
        return None  # nobody can know who listens
    if peers or (kind.routes_by_identity and dict(spec.options).get("router_mandatory", 1)):
        return None  # a routing id that libzmq accepts is that of a peer
    if kind in (SocketType.PUB, SocketType.XPUB, SocketType.RADIO):
        return Problem(
            "Dropped: nobody is connected.",
            f"A {kind.name} keeps nothing for subscribers that come later.",
        )
    if kind is SocketType.REP:
        return Problem("Dropped: the peer that asked has left.", "Wait for the next request.")
    if kind is SocketType.ROUTER or (
        kind is SocketType.XSUB and frames[0][:1] not in (b"\x00", b"\x01")
    ):
        return Problem("Dropped: nobody is connected.", "Send it again when a peer is there.")
    return Problem("Queued: no peer is connected yet.", "It goes out when one connects.")
