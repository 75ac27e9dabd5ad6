"""Binds and connects the endpoints of one socket, by libzmq or by links. Loop thread."""

from __future__ import annotations

import contextlib
import time

import zmq

from zmqscope.core.endpoints import check_endpoint, host_name, is_ipv6, transport_of
from zmqscope.core.errors import UserError
from zmqscope.core.security.lock_check import endpoint_lock_problem
from zmqscope.core.transports import Carrier, carrier_of
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSpec,
)
from zmqscope.engine.attachment import Attachment
from zmqscope.engine.binding import bind, unbind
from zmqscope.engine.context import check_room_for_socket
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.links.linked_attachment import LinkedAttachment
from zmqscope.engine.links.proxy import Proxy, proxy_of
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.reasons import endpoint_problem, unbound_problem
from zmqscope.engine.surroundings import Surroundings
from zmqscope.engine.tipc import check_tipc

_LOCALHOST = frozenset({"127.0.0.1", "::1"})
_LOOK_UP_AGAIN_S = 10.0


class Attacher:
    """Makes attachments and attaches them; what fails is in the attachment, and told.

    Args:
        socket_id: Whose endpoints they are.
        around: What the socket works with.
    """

    def __init__(self, socket_id: SocketId, around: Surroundings) -> None:
        self._socket_id = socket_id
        self._ask_name = around.ask_name
        self._tell = around.tell
        self._links: LinkDesk = around.links
        self._next_look_up_s = 0.0

    def make(self, spec: SocketSpec, endpoint: Endpoint) -> Attachment:
        """An endpoint that is not attached yet."""
        proxy = proxy_of(spec, endpoint)
        by_proxy = proxy is not None
        if carrier_of(spec.type, transport_of(endpoint), by_proxy=by_proxy) is Carrier.LINK:
            return LinkedAttachment(spec.type, endpoint, proxy, self._socket_id)
        return Attachment(spec.type, endpoint)

    def attach(self, socket: zmq.Socket[bytes], spec: SocketSpec, attachment: Attachment) -> None:
        """Bind or connect, once its host name is known."""
        endpoint = attachment.endpoint
        try:
            check_endpoint(spec.type, endpoint)
            check_tipc(transport_of(endpoint))
            check_room_for_socket()  # a listener and a connection take one each
            host = _name_to_look_up(attachment)
        except UserError as error:
            self.fail(attachment, error.problem)
            return
        problem = endpoint_lock_problem(spec, endpoint)
        if problem is not None:
            self.fail(attachment, problem)
            return
        if endpoint.role is Role.BIND:
            self._bind(socket, spec, attachment)
            return
        if attachment.is_inproc:
            wait_for_bind(attachment)
            return
        if host is None or host == "localhost":
            attachment.addresses = _LOCALHOST if host else frozenset()
            self.connect(socket, spec, attachment)
        elif not self._ask_name(self._socket_id, endpoint, host):
            problem = Problem("Too many host names are being looked up.", "Retry in a moment.")
            self.fail(attachment, problem)

    def on_name(
        self,
        socket: zmq.Socket[bytes],
        spec: SocketSpec,
        attachment: Attachment,
        reason: str,
        addresses: frozenset[str],
    ) -> None:
        """The host name of an endpoint was looked up; no addresses if it failed."""
        if attachment.attached:
            if isinstance(attachment, LinkedAttachment):
                self._links.set_addresses(attachment, addresses)
            return
        if addresses:
            attachment.addresses = addresses
            self.connect(socket, spec, attachment)
            return
        host = _name_to_look_up(attachment)
        whose = "" if _proxy_of(attachment) is None else " of the SOCKS proxy"
        hint = "Check the name, or use an IP address; then retry."
        self.fail(attachment, Problem(f"Unknown host {host}{whose}: {reason}.", hint))

    def _bind(self, socket: zmq.Socket[bytes], spec: SocketSpec, attachment: Attachment) -> None:
        if isinstance(attachment, LinkedAttachment):
            problem = self._links.attach(socket, spec, attachment)
        else:
            _prepare_ipv6(socket, spec, attachment)
            problem = bind(socket, attachment)
        if problem is not None:
            self.fail(attachment, problem)
        elif attachment.actual != attachment.endpoint.address:
            text = f"{attachment.endpoint.address} is bound to {attachment.actual}."
            self._tell(self._socket_id, Severity.INFO, text, "")

    def connect(self, socket: zmq.Socket[bytes], spec: SocketSpec, attachment: Attachment) -> None:
        """Connect an endpoint whose addresses are known."""
        if isinstance(attachment, LinkedAttachment):
            self._connect_by_link(socket, spec, attachment)
            return
        _prepare_ipv6(socket, spec, attachment)
        try:
            socket.connect(attachment.endpoint.address)
        except zmq.ZMQError as error:
            self.fail(attachment, endpoint_problem(attachment.endpoint, error))
            return
        attachment.attached = True
        attachment.state = EndpointState.CONNECTING

    def _connect_by_link(
        self, socket: zmq.Socket[bytes], spec: SocketSpec, attachment: LinkedAttachment
    ) -> None:
        problem = self._links.attach(socket, spec, attachment)
        if problem is not None:
            self.fail(attachment, problem)
        elif attachment.peer_id:
            where, name = attachment.endpoint.address, attachment.peer_id.decode("ascii")
            text = f"The peer at {where} has the routing id {name}."
            self._tell(self._socket_id, Severity.INFO, text, "")

    def look_up_again(self, attachment: Attachment) -> None:
        """Whom a link cannot reach may have another address by now, as libzmq has it."""
        host = _name_to_look_up(attachment)
        now_s = time.monotonic()
        if host not in (None, "localhost") and now_s >= self._next_look_up_s:
            self._next_look_up_s = now_s + _LOOK_UP_AGAIN_S
            self._ask_name(self._socket_id, attachment.endpoint, str(host))

    def detach(
        self,
        socket: zmq.Socket[bytes],
        monitor: zmq.Socket[bytes],
        attachment: Attachment,
        at_once: bool,
    ) -> list[MonitorEvent]:
        """Unbind or disconnect.

        Args:
            socket: The socket.
            monitor: Its monitor.
            attachment: The endpoint.
            at_once: Do not wait until its address is free.

        Returns:
            Monitor events that came meanwhile.
        """
        events: list[MonitorEvent] = []
        if isinstance(attachment, LinkedAttachment):
            self._links.detach(socket, attachment)
        elif attachment.endpoint.role is Role.BIND:
            events = unbind(socket, monitor, attachment, at_once)
        else:
            # ENOENT: libzmq has given the endpoint up by itself (a failed handshake).
            with contextlib.suppress(zmq.ZMQError):
                socket.disconnect(attachment.endpoint.address)
        attachment.attached = False
        return events

    def fail(self, attachment: Attachment, problem: Problem) -> None:
        """Note and tell why an endpoint does not work."""
        attachment.fail(problem)
        self._tell(self._socket_id, Severity.ERROR, problem.text, problem.hint)


def wait_for_bind(attachment: Attachment) -> None:
    """An inproc endpoint that nobody is bound to yet."""
    attachment.state = EndpointState.CONNECTING
    attachment.problem = unbound_problem(attachment.endpoint.address)


def _proxy_of(attachment: Attachment) -> Proxy | None:
    return attachment.proxy if isinstance(attachment, LinkedAttachment) else None


def _name_to_look_up(attachment: Attachment) -> str | None:
    """The host name that this machine has to know: with a proxy, only that of the proxy.

    Raises:
        EndpointError: The proxy's address is none.
    """
    proxy = _proxy_of(attachment)
    if proxy is None:
        return host_name(attachment.endpoint)
    return proxy.target.host if proxy.target.is_name else None


def _prepare_ipv6(socket: zmq.Socket[bytes], spec: SocketSpec, attachment: Attachment) -> None:
    if "ipv6" not in dict(spec.options):
        # Per endpoint: with ZMQ_IPV6 on, “localhost” may resolve to ::1 alone.
        found = attachment.addresses
        only_ipv6 = bool(found) and all(":" in address for address in found)
        socket.set(zmq.IPV6, int(only_ipv6 or is_ipv6(attachment.endpoint)))
