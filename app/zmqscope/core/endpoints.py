"""Endpoints of every libzmq transport: what is wrong with one, and what to type instead.

Pure, any thread. Sources: zmq_tcp(7), zmq_ipc(7), zmq_inproc(7), zmq_tipc(7), zmq_udp(7),
zmq_pgm(7), zmq_vmci(7), and what the libzmq 4.3.5 in the pyzmq wheel does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from zmqscope.core.errors import EndpointError
from zmqscope.core.link_address import parse_udp, parse_websocket
from zmqscope.core.tcp_address import HostPort, parse_host_port, parse_tcp
from zmqscope.core.transports import ALL, mismatch, missing_here
from zmqscope.core.types import Endpoint, Problem, Role, SocketType
from zmqscope.core.wording import nearest, quoted, type_this

MAX_IPC_BYTES = 107
"""Bytes of an ipc path on Linux: ``sockaddr_un.sun_path`` without its NUL."""

MAX_INPROC_BYTES = 245
"""Bytes of an inproc name: with its scheme it must fit the 255 bytes, NUL included, in which
pyzmq asks for ZMQ_LAST_ENDPOINT. libzmq itself would take more."""

_MIN_TIPC_TYPE = 64
_MAX_UINT32 = 2**32 - 1
_HOST_PORT_LIKE = re.compile(r"[A-Za-z0-9.*_-]+:([0-9]+|\*)|\[[^\]]+\]:([0-9]+|\*)")
_SCHEME_LIKE = re.compile(r"[A-Za-z0-9+.-]+")
_PORT_LIKE = re.compile(r":?[0-9]+")
_CID_PORT = re.compile(r"([0-9]+|\*|@):([0-9]+|\*|!)")
_TIPC_RANGE = re.compile(r"\{([0-9]{1,10}),([0-9]{1,10}),([0-9]{1,10})\}")
_TIPC_NAME = re.compile(r"\{([0-9]{1,10}),([0-9]{1,10})\}(@[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})?")
_TIPC_SOCKET = re.compile(r"<[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}:[0-9]{1,10}>")

ZAP_ADDRESS = "inproc://zeromq.zap.01"
"""Where libzmq asks its authenticator (RFC 27). It asks whatever is bound there, and aborts the
process if that is neither a ROUTER nor a REP (session_base.cpp, zap_connect)."""

# Schemes of other worlds, and the transport that comes closest.
_USUAL = ("tcp", "ipc", "inproc")
_COUSINS = {"http": "ws", "https": "wss", "tls": "wss", "zmq": "tcp", "unix": "ipc", "file": "ipc"}


def parse_endpoint(text: str, role: Role) -> Endpoint:
    """Read an endpoint; the address is kept as it was typed, without blanks around it.

    Args:
        text: Such as ``tcp://127.0.0.1:5556``.
        role: What is to be done with it.

    Raises:
        EndpointError: No socket of this app could use it.
    """
    address = text.strip()
    if not address:
        raise EndpointError("The endpoint is empty.", _example(role))
    _check_characters(address)
    scheme, separator, rest = address.partition("://")
    if not separator:
        raise _without_scheme(address, role)
    check_form = _FORMS.get(scheme)
    if check_form is None:
        raise _unknown_scheme(address, scheme, rest, role)
    missing = missing_here(scheme)
    try:
        check_form(scheme, rest, role)
    except EndpointError as error:
        if missing is None:
            raise
        # Nobody should mend the form of an address first, only to learn that it is of no use.
        raise EndpointError(error.problem.text, missing.sentence()) from None
    if missing is not None:
        raise _refused(missing)
    return Endpoint(role, address)


def check_endpoint(socket_type: SocketType, endpoint: Endpoint) -> None:
    """Check that a socket of this type can use an endpoint.

    Also checks its form, so that an endpoint from anywhere is safe to hand to libzmq afterwards.

    Raises:
        EndpointError: It cannot.
    """
    parse_endpoint(endpoint.address, endpoint.role)
    if endpoint.address == ZAP_ADDRESS:
        raise EndpointError(
            f"{ZAP_ADDRESS} is where libzmq itself asks who may come in.", "Choose another name."
        )
    problem = mismatch(socket_type, transport_of(endpoint), endpoint.role)
    if problem is not None:
        raise _refused(problem)


def _refused(problem: Problem) -> EndpointError:
    return EndpointError(problem.text, problem.hint)


def transport_of(endpoint: Endpoint) -> str:
    """The scheme, such as ``tcp``; empty when there is none."""
    scheme, separator, _ = endpoint.address.partition("://")
    return scheme if separator else ""


def is_ipv6(endpoint: Endpoint) -> bool:
    """Whether it has a literal IPv6 address, which needs ZMQ_IPV6 on the socket."""
    scheme, _, rest = endpoint.address.partition("://")
    if scheme == "tcp":
        try:
            address = parse_tcp(rest, endpoint.role)
        except EndpointError:
            return False
        return address.target.bracketed or (address.source is not None and address.source.bracketed)
    target = _target(endpoint)
    return target is not None and target.bracketed


def host_name(endpoint: Endpoint) -> str | None:
    """The host name that a connect will look up; None when there is nothing to look up.

    That is so for other transports, for IP addresses, and for a bind, whose host is an interface.
    """
    target = _target(endpoint)
    if target is None or endpoint.role is Role.BIND or not target.is_name:
        return None
    return target.host


def leaves_machine(endpoint: Endpoint) -> bool:
    """Whether what is sent through it goes to another machine, as far as its address tells."""
    scheme = transport_of(endpoint)
    if endpoint.role is Role.BIND or scheme in ("ipc", "inproc"):
        return False
    target = _target(endpoint)
    if target is None:
        return True
    host = target.host
    return not (host in ("localhost", "::1") or host.startswith("127."))


def looks_like_host_port(text: str) -> bool:
    """Whether a text without a scheme is what people type for tcp, such as ``localhost:5556``."""
    return _HOST_PORT_LIKE.fullmatch(text) is not None


def _target(endpoint: Endpoint) -> HostPort | None:
    """Host and port of an endpoint that has them."""
    scheme, _, rest = endpoint.address.partition("://")
    try:
        match scheme:
            case "tcp":
                return parse_tcp(rest, endpoint.role).target
            case "ws" | "wss":
                return parse_websocket(scheme, rest, endpoint.role).target
            case "udp":
                return parse_udp(rest, endpoint.role).target
    except EndpointError:
        return None
    return None


# ---- before the transport -------------------------------------------------------------------


def _example(role: Role) -> str:
    if role is Role.BIND:
        return "Type one such as tcp://*:5556 or ipc:///tmp/feed."
    return "Type one such as tcp://localhost:5556 or ipc:///tmp/feed."


def _check_characters(address: str) -> None:
    for character in address:
        category = unicodedata.category(character)
        if category == "Cc":
            name = f"U+{ord(character):04X}"
            raise EndpointError(
                f"{quoted(address)} contains the control character {name}.",
                "Delete it; it may have come along with a copied text.",
            )
        if category == "Cs":
            raise EndpointError(
                f"{quoted(address)} contains bytes that are not UTF-8 text.",
                "Choose a name in UTF-8.",
            )


def _without_scheme(address: str, role: Role) -> EndpointError:
    shown = quoted(address)
    if address.startswith("@"):
        return EndpointError(
            f"{shown} begins with “@”, which belongs to a socket spec.",
            "Leave “@” out here, and choose bind or connect.",
        )
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() in _FORMS:
        path = rest if scheme == "ipc" else rest.lstrip("/")
        return EndpointError(
            f"{shown} has no “//” after “{scheme}:”.",
            type_this(f"{scheme.lower()}://{path}", _example(role)),
        )
    return EndpointError(f"{shown} has no transport in front.", _likely(address, role))


def _likely(address: str, role: Role) -> str:
    host = "*" if role is Role.BIND else "localhost"
    if _PORT_LIKE.fullmatch(address):
        return type_this(f"tcp://{host}:{address.removeprefix(':')}", _example(role))
    if looks_like_host_port(address):
        return type_this(f"tcp://{address}", _example(role))
    if address.startswith("/") and not address.startswith("//"):
        return type_this(f"ipc://{address}", _example(role))
    scheme, slashes, rest = address.partition("//")
    if slashes and scheme in _FORMS:
        return type_this(f"{scheme}://{rest}", _example(role))
    return _example(role)


def _unknown_scheme(address: str, scheme: str, rest: str, role: Role) -> EndpointError:
    if not scheme:
        return EndpointError(f"{quoted(address)} has no transport before “://”.", _example(role))
    if scheme.startswith("@"):
        return _without_scheme(address, role)
    if scheme.lower() in _FORMS:
        return EndpointError(
            f"{quoted(address)} has its transport in capitals, which libzmq does not know.",
            type_this(f"{scheme.lower()}://{rest}", _example(role)),
        )
    if not _SCHEME_LIKE.fullmatch(scheme):
        return EndpointError(f"{quoted(address)} is not an endpoint.", _example(role))
    meant = _COUSINS.get(scheme.lower()) or _nearest_transport(scheme.lower())
    hint = f"Did you mean {meant}://?" if meant else "Use tcp://, ipc://, inproc:// or ws://."
    return EndpointError(f"libzmq has no transport {quoted(scheme + '://')}.", hint)


def _nearest_transport(scheme: str) -> str | None:
    # Letters in another order come first: “upd” is nearer to udp than to tcp, whatever its ratio.
    swapped = next((known for known in _FORMS if sorted(known) == sorted(scheme)), None)
    return swapped or nearest(scheme, _USUAL) or nearest(scheme, _FORMS)


# ---- one check a transport ------------------------------------------------------------------


def _check_tcp(scheme: str, rest: str, role: Role) -> None:
    parse_tcp(rest, role)


def _check_ipc(scheme: str, rest: str, role: Role) -> None:
    shown = quoted(f"ipc://{rest}")
    if not rest:
        raise EndpointError("“ipc://” has no path.", "Type ipc:///tmp/feed, with three slashes.")
    if rest == "*":
        if role is Role.CONNECT:
            raise EndpointError(
                "“ipc://*” lets libzmq choose a path, which only works with bind.",
                "Type the path that the other side is bound to, or bind instead.",
            )
        return
    if rest == "@":
        raise EndpointError(f"{shown} has no name after “@”.", "Type ipc://@name.")
    size = len(rest.encode("utf-8"))
    if size > MAX_IPC_BYTES:
        raise EndpointError(
            f"{shown} is {size} bytes long after “ipc://”; the system allows {MAX_IPC_BYTES}.",
            "Choose a shorter path, such as one in /tmp.",
        )
    if rest.startswith("@"):
        return
    if rest.endswith("/"):
        raise EndpointError(
            f"{shown} names a folder.",
            type_this(f"ipc://{rest}feed", "Name a file in it."),
        )
    if rest.startswith("~/"):
        raise EndpointError(
            f"{shown} begins with “~”, which libzmq takes as it is.",
            "Type the whole path of your home folder.",
        )


def _check_inproc(scheme: str, rest: str, role: Role) -> None:
    if not rest:
        raise EndpointError("“inproc://” has no name.", "Type inproc://name.")
    size = len(rest.encode("utf-8"))
    if size > MAX_INPROC_BYTES:
        raise EndpointError(
            f"{quoted(f'inproc://{rest}')} has a name of {size} bytes; {MAX_INPROC_BYTES} are "
            "allowed.",
            "Choose a shorter name.",
        )


def _check_tipc(scheme: str, rest: str, role: Role) -> None:
    shown = quoted(f"tipc://{rest}")
    if rest == "<*>":
        if role is Role.CONNECT:
            raise EndpointError(f"{shown} only works with bind.", "Type tipc://{type,instance}.")
        return
    if _TIPC_SOCKET.fullmatch(rest):
        if role is Role.BIND:
            raise EndpointError(f"{shown} only works with connect.", "Type tipc://<*> to bind.")
        return
    name = _TIPC_RANGE.fullmatch(rest) or _TIPC_NAME.fullmatch(rest)
    if name is None:
        raise EndpointError(
            f"{shown} is not a TIPC address.",
            "Type tipc://{type,instance}; in a socket spec, write its comma as %2C.",
        )
    numbers = [int(number) for number in re.findall("[0-9]+", rest.partition("@")[0])]
    if max(numbers) > _MAX_UINT32:
        raise EndpointError(f"{shown} has a number above {_MAX_UINT32}.", "Choose a smaller one.")
    if numbers[0] < _MIN_TIPC_TYPE:
        raise EndpointError(
            f"{shown} has the type {numbers[0]}; TIPC keeps those below {_MIN_TIPC_TYPE}.",
            "Choose a type from 64 up.",
        )
    if numbers[1:] != sorted(numbers[1:]):
        raise EndpointError(f"{shown} has a range that ends before it begins.", "Swap its ends.")


def _check_websocket(scheme: str, rest: str, role: Role) -> None:
    parse_websocket(scheme, rest, role)


def _check_udp(scheme: str, rest: str, role: Role) -> None:
    parse_udp(rest, role)


def _check_multicast(scheme: str, rest: str, role: Role) -> None:
    interface, semicolon, group = rest.rpartition(";")
    if semicolon and not interface:
        raise EndpointError(
            f"{quoted(f'{scheme}://{rest}')} has no interface before “;”.",
            f"Type {scheme}://eth0;239.192.1.1:5555.",
        )
    parse_host_port(scheme, group, Role.CONNECT)


def _check_virtual_machine(scheme: str, rest: str, role: Role) -> None:
    if not _CID_PORT.fullmatch(rest):
        raise EndpointError(
            f"{quoted(f'{scheme}://{rest}')} is not a context id and a port.",
            f"Type {scheme}://2:5556.",
        )


_FORMS: dict[str, Callable[[str, str, Role], None]] = {
    "tcp": _check_tcp,
    "ipc": _check_ipc,
    "inproc": _check_inproc,
    "tipc": _check_tipc,
    "ws": _check_websocket,
    "wss": _check_websocket,
    "udp": _check_udp,
    "pgm": _check_multicast,
    "epgm": _check_multicast,
    "norm": _check_multicast,
    "vmci": _check_virtual_machine,
    "vsock": _check_virtual_machine,
}

TRANSPORTS: frozenset[str] = frozenset(transport.scheme for transport in ALL)
"""The schemes of every transport that some libzmq has."""
