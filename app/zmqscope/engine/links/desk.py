"""Opens and closes the links of an endpoint. The engine's thread."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import socket
import ssl
import sys
from dataclasses import replace

import zmq

from zmqscope.core.endpoints import parse_endpoint, transport_of
from zmqscope.core.errors import EndpointError, UserError
from zmqscope.core.link_address import parse_udp, parse_websocket
from zmqscope.core.security.access import AccessList
from zmqscope.core.security.access_rules import AddressRules
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.tcp_address import HostPort, parse_tcp
from zmqscope.core.types import Endpoint, EndpointState, Problem, Role, SocketSpec, SocketType
from zmqscope.engine.ipc_guard import IpcFile, has_listener, ipc_bind_problem, private_ipc_address
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.linked_attachment import LinkedAttachment
from zmqscope.engine.links.listening import (
    datagram_socket,
    local_address,
    tcp_listener,
    unix_listener,
)
from zmqscope.engine.links.plan import Door, GatePlan
from zmqscope.engine.links.private_folder import PrivateFolder
from zmqscope.engine.links.tls import client_context, server_context
from zmqscope.engine.links.upgrade import PLAIN_ZWS
from zmqscope.engine.reasons import endpoint_problem

_PLATFORM: str = sys.platform
_BOTH_ZWS = ("ZWS2.0/NULL", PLAIN_ZWS)
_ZWS = "ZWS2.0"
_HANDSHAKE_S = 30.0
# A link knows that it is the proxy that is silent; libzmq would say so of the peer.
_SOONER = 0.9
_peer_numbers = itertools.count(1)


class LinkDesk:
    """Between the engine's sockets and the thread of the links.

    Args:
        board: That thread.
    """

    def __init__(self, board: LinkBoard) -> None:
        self._board = board
        self._folder = PrivateFolder()
        self._rules: dict[str, AddressRules] = {}

    def set_access(self, lists: tuple[AccessList, ...]) -> None:
        """These access lists hold from now on, at endpoints that are open as well."""
        before, self._rules = self._rules, {each.name: AddressRules.of(each) for each in lists}
        for gone in before.keys() - self._rules.keys():
            self._board.set_rules(AddressRules(gone))
        for name, rules in self._rules.items():
            if before.get(name) != rules:
                self._board.set_rules(rules)

    # ---- attaching --------------------------------------------------------------------------

    def attach(
        self, zmq_socket: zmq.Socket[bytes], spec: SocketSpec, attachment: LinkedAttachment
    ) -> Problem | None:
        """Bind or connect an endpoint through links; why it failed, or None."""
        endpoint = attachment.endpoint
        scheme = transport_of(endpoint)
        if _PLATFORM == "win32":
            return Problem(
                f"{endpoint.address} needs ipc, which this libzmq does not have on Windows.",
                "Use a stable socket type over tcp://, or run ZMQ Scope on Linux or macOS.",
            )
        try:
            parse_endpoint(endpoint.address, endpoint.role)
            if scheme == "udp":
                self._attach_udp(zmq_socket, spec, attachment)
            elif endpoint.role is Role.BIND:
                self._bind(zmq_socket, spec, attachment, scheme)
            else:
                self._connect(zmq_socket, spec, attachment, scheme)
        except UserError as error:
            return error.problem
        except OSError as error:
            attachment.failed_with = error.errno or 0
            return endpoint_problem(endpoint, _as_zmq(error))
        except zmq.ZMQError as error:
            attachment.failed_with = error.errno or 0
            return endpoint_problem(endpoint, error)
        attachment.attached = True
        attachment.gate_problem = None
        return None

    def _bind(
        self,
        zmq_socket: zmq.Socket[bytes],
        spec: SocketSpec,
        attachment: LinkedAttachment,
        scheme: str,
    ) -> None:
        listener, actual = self._listen(spec, attachment, scheme)
        try:
            inner = self._folder.new_path()
            plan = replace(
                self._plan(spec, attachment, scheme, inner),
                actual=actual,
                door=self._door(spec, attachment),
            )
            zmq_socket.bind(f"ipc://{inner}")
        except BaseException:
            listener.close()
            raise
        attachment.inner = f"ipc://{inner}"
        attachment.actual = actual
        attachment.state = EndpointState.LISTENING
        attachment.gate_id = self._board.open(plan, listener)

    def _listen(
        self, spec: SocketSpec, attachment: LinkedAttachment, scheme: str
    ) -> tuple[socket.socket, str]:
        """A listener, and the real address of the endpoint."""
        address = attachment.endpoint.address
        if scheme == "ipc":
            return self._listen_on_ipc(attachment)
        if scheme == "inproc":
            return unix_listener(self._folder.unix_path(address, scheme)), address
        target, path = _target(address, scheme, Role.BIND)
        wants_ipv6 = bool(dict(spec.options).get("ipv6", 0))
        listener = tcp_listener(target, wants_ipv6, int(dict(spec.options).get("backlog", 100)))
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        return listener, f"{scheme}://{shown}:{port}{path}"

    def _listen_on_ipc(self, attachment: LinkedAttachment) -> tuple[socket.socket, str]:
        address = attachment.endpoint.address
        if address == "ipc://*":
            address = private_ipc_address()
        problem = ipc_bind_problem(address)
        if problem is not None:
            is_taken = has_listener(address.removeprefix("ipc://"))
            attachment.failed_with = errno.EADDRINUSE if is_taken else 0
            raise UserError(problem.text, problem.hint)
        path = address.removeprefix("ipc://")
        if not path.startswith("@"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)  # nobody listens there: that was asked
        listener = unix_listener(path)
        attachment.ipc_file = IpcFile(address)
        return listener, address

    def _connect(
        self,
        zmq_socket: zmq.Socket[bytes],
        spec: SocketSpec,
        attachment: LinkedAttachment,
        scheme: str,
    ) -> None:
        inner = self._folder.new_path()
        plan = replace(
            self._plan(spec, attachment, scheme, inner), door=self._door(spec, attachment)
        )
        attachment.inner = f"ipc://{inner}"
        attachment.gate_id = self._board.open(plan, unix_listener(inner))
        attachment.state = EndpointState.CONNECTING
        if spec.type is SocketType.PEER:
            # Whoever connects may speak first, and has to say to whom (zmq_connect_peer).
            attachment.peer_id = f"peer-{next(_peer_numbers)}".encode()
            zmq_socket.set(zmq.CONNECT_ROUTING_ID, attachment.peer_id)
        zmq_socket.connect(attachment.inner)

    def _attach_udp(
        self, zmq_socket: zmq.Socket[bytes], spec: SocketSpec, attachment: LinkedAttachment
    ) -> None:
        endpoint = attachment.endpoint
        address = parse_udp(endpoint.address.partition("://")[2], endpoint.role)
        addresses = _hosts(address.target, attachment.addresses)
        datagrams = datagram_socket(address, endpoint.role, addresses[0], dict(spec.options))
        if endpoint.role is Role.BIND:
            host, port = datagrams.getsockname()[:2]
            group = address.target.host if address.is_multicast else host
            shown = f"[{group}]" if ":" in group else group
            interface = f"{address.interface};" if address.interface else ""
            attachment.actual = f"udp://{interface}{shown}:{port}"
        inner = self._folder.new_path()
        actual = attachment.actual if endpoint.role is Role.BIND else ""
        plan = GatePlan(spec.type, endpoint, "udp", inner, actual=actual)
        attachment.inner = f"ipc://{inner}"
        attachment.gate_id = self._board.open(plan, unix_listener(inner), datagrams)
        is_bind = endpoint.role is Role.BIND
        attachment.state = EndpointState.LISTENING if is_bind else EndpointState.CONNECTING
        zmq_socket.connect(attachment.inner)

    # ---- plans ------------------------------------------------------------------------------

    def _plan(
        self, spec: SocketSpec, attachment: LinkedAttachment, scheme: str, inner: str
    ) -> GatePlan:
        endpoint = attachment.endpoint
        options = dict(spec.options)
        handshake_ms = int(options.get("handshake_ivl", 0))
        handshake_s = handshake_ms / 1000 or _HANDSHAKE_S
        mechanism = spec.lock.mechanism.value.encode()
        if scheme in ("ipc", "inproc"):
            paths = (self._folder.unix_path(endpoint.address, scheme),)
            plan = GatePlan(spec.type, endpoint, scheme, inner, paths)
            return replace(plan, mechanism=mechanism, handshake_s=handshake_s)
        target, path = _target(endpoint.address, scheme, endpoint.role)
        is_client = endpoint.role is Role.CONNECT
        proxy = attachment.proxy
        if proxy is not None:
            handshake_s *= _SOONER
            _check_for_proxy(endpoint, target)
        dialled = target if proxy is None else proxy.target
        addresses = _hosts(dialled, attachment.addresses) if is_client else ()
        tls: ssl.SSLContext | None = None
        if scheme == "wss":
            tls = client_context(options) if is_client else server_context(options)
        return GatePlan(
            spec.type,
            endpoint,
            scheme,
            inner,
            addresses,
            int(target.port) if target.port.isdigit() else 0,
            target.host,
            path,
            _subprotocols(spec.lock.mechanism, options),
            mechanism=mechanism,
            tls=tls,
            server_name=_text(options.get("wss_hostname", b"")) or target.host,
            handshake_s=handshake_s,
            proxy=proxy,
            source=_source(endpoint, scheme),
        )

    def _door(self, spec: SocketSpec, attachment: LinkedAttachment) -> Door | None:
        if attachment.door_id is None or not spec.lock.asks_access:
            return None
        access = spec.lock.access_name
        return Door(attachment.door_id, self._rules.get(access, AddressRules(access)))

    # ---- detaching --------------------------------------------------------------------------

    def detach(self, zmq_socket: zmq.Socket[bytes], attachment: LinkedAttachment) -> None:
        """Unbind or disconnect an endpoint; its address is free afterwards."""
        if attachment.gate_id is not None:
            self._board.close_gate(attachment.gate_id)
        attachment.gate_id = None
        with contextlib.suppress(zmq.ZMQError):
            if attachment.is_inner_bound:
                zmq_socket.unbind(attachment.inner)
            else:
                zmq_socket.disconnect(attachment.inner)
        paths = [attachment.inner.removeprefix("ipc://")]
        if transport_of(attachment.endpoint) == "inproc" and attachment.is_inner_bound:
            paths.append(self._folder.unix_path(attachment.endpoint.address, "inproc"))
        for path in paths:
            with contextlib.suppress(OSError):
                os.unlink(path)
        if attachment.ipc_file is not None:
            attachment.ipc_file.remove()
            attachment.ipc_file = None
        attachment.attached = False

    def set_addresses(self, attachment: LinkedAttachment, addresses: frozenset[str]) -> None:
        """The host of a connect was looked up again."""
        if attachment.gate_id is not None and addresses:
            self._board.set_addresses(attachment.gate_id, _in_order(addresses))

    def close(self) -> None:
        """End the links' thread, and remove what it needed."""
        self._board.close()
        self._folder.remove()


def _target(address: str, scheme: str, role: Role) -> tuple[HostPort, str]:
    """Host, port and path of an endpoint."""
    rest = address.partition("://")[2]
    if scheme == "tcp":
        return parse_tcp(rest, role).target, ""
    websocket = parse_websocket(scheme, rest, role)
    return websocket.target, websocket.path


def _source(endpoint: Endpoint, scheme: str) -> tuple[str, int] | None:
    """The local side of a tcp connect, where one was typed."""
    if scheme != "tcp":
        return None
    source = parse_tcp(endpoint.address.partition("://")[2], endpoint.role).source
    return None if source is None else local_address(source)


def _hosts(target: HostPort, found: frozenset[str]) -> tuple[str, ...]:
    if target.host == "localhost":
        return ("127.0.0.1", "::1")
    return _in_order(found) if found else (target.host,)


def _check_for_proxy(endpoint: Endpoint, target: HostPort) -> None:
    if "%" in target.host:
        raise EndpointError(
            f"{endpoint.address} has a zone, which is one of this machine and not of the proxy.",
            "Leave out “%” and what follows it in the address.",
        )


def _in_order(addresses: frozenset[str]) -> tuple[str, ...]:
    """IPv4 first, as libzmq has it."""
    return tuple(sorted(addresses, key=lambda address: (":" in address, address)))


def _subprotocols(mechanism: Mechanism, options: dict[str, int | bytes]) -> tuple[str, ...]:
    if mechanism is not Mechanism.NULL:
        return (f"{_ZWS}/{mechanism.value}",)
    return tuple(_text(options.get("zws_subprotocol", b"")).split()) or _BOTH_ZWS


def _text(value: int | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _as_zmq(error: OSError) -> zmq.ZMQError:
    if isinstance(error, socket.gaierror):
        return zmq.ZMQError(errno.ENODEV)
    return zmq.ZMQError(error.errno or errno.EINVAL)
