"""The endpoints of one socket: attached, detached, and kept to what they wait for. Loop thread."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Role,
    SocketId,
    SocketSpec,
    SocketType,
)
from zmqscope.engine.attacher import Attacher, wait_for_bind
from zmqscope.engine.attachment import Attachment
from zmqscope.engine.links.linked_attachment import LinkedAttachment
from zmqscope.engine.links.plan import GateReport
from zmqscope.engine.monitor import ROOM, read_events
from zmqscope.engine.reasons import inproc_problem
from zmqscope.engine.socket_events import SocketEvents
from zmqscope.engine.socket_handles import SocketHandles
from zmqscope.engine.surroundings import Surroundings
from zmqscope.engine.watch.endpoint_watch import Way

_RELEASE_ALL_S = 0.3


class SocketEndpoints:
    """Attachments of a socket, in the order of its spec.

    Args:
        around: What the socket works with.
        socket_id: Its number.
        kind: Its type.
        handles: Its libzmq socket and monitor.

    Attributes:
        attachments: One for each endpoint of the spec.
        events: Where what happens at them is taken in.
        peers: Who is at the other end.
    """

    def __init__(
        self, around: Surroundings, socket_id: SocketId, kind: SocketType, handles: SocketHandles
    ) -> None:
        self._kind = kind
        self._handles = handles
        self._attacher = Attacher(socket_id, around)
        self.attachments: list[Attachment] = []
        self.events = SocketEvents(socket_id, kind, around.events, self.attachments)
        self.peers = around.watch.book(socket_id)

    # ---- all --------------------------------------------------------------------------------

    def list_all(self, spec: SocketSpec) -> None:
        """Begin anew with the endpoints of a spec; none is attached yet."""
        self.attachments[:] = [self._attacher.make(spec, e) for e in spec.endpoints]

    def attach_all(self, spec: SocketSpec) -> None:
        """Bind and connect all of them."""
        for attachment in self.attachments:
            self._attach(spec, attachment)

    def detach_all(self, at_once: bool) -> None:
        """Unbind, and take from the links what they serve: the socket is about to be closed.

        Args:
            at_once: Do not wait until bound addresses are free again.
        """
        patience_ends_s = time.monotonic() + _RELEASE_ALL_S
        for attachment in self.attachments:
            is_linked = isinstance(attachment, LinkedAttachment)
            if is_linked or attachment.endpoint.role is Role.BIND:
                self._detach(attachment, at_once or time.monotonic() > patience_ends_s)

    def close_all(self) -> None:
        """The socket is closed."""
        for attachment in self.attachments:
            attachment.close()

    # ---- single ones ------------------------------------------------------------------------

    def find(self, endpoint: Endpoint) -> Attachment | None:
        """The attachment of an endpoint of the spec."""
        return next((a for a in self.attachments if a.endpoint == endpoint), None)

    def add(self, spec: SocketSpec, endpoint: Endpoint, is_opening: bool) -> None:
        """Bind or connect one more, unless the socket is closed or still opening."""
        attachment = self._attacher.make(spec, endpoint)
        self.attachments.append(attachment)
        if is_opening:
            return
        if self._handles.socket is None:
            attachment.state = EndpointState.CLOSED
        else:
            self._attach(spec, attachment)

    def remove(self, endpoint: Endpoint) -> bool:
        """Unbind or disconnect one for good; whether it was there."""
        attachment = self.find(endpoint)
        if attachment is None:
            return False
        self._detach(attachment)
        attachment.crowd.clear()
        self.attachments.remove(attachment)
        return True

    def retry(self, spec: SocketSpec, endpoint: Endpoint) -> None:
        """Detach one if attached, then try again from the start."""
        attachment = self.find(endpoint)
        if attachment is None or self._handles.socket is None:
            return
        self._detach(attachment)
        attachment.crowd.clear()
        fresh = self._attacher.make(spec, endpoint)
        self.attachments[self.attachments.index(attachment)] = fresh
        self._attach(spec, fresh)

    def _attach(self, spec: SocketSpec, attachment: Attachment) -> None:
        handles = self._handles
        if handles.socket is not None and handles.monitor is not None:
            # A bind has events of its own, and would wait for ever where there is no room.
            self.events.take(read_events(handles.monitor, ROOM))
            way = _way_of(self._kind, attachment)
            self.peers.watch(attachment.endpoint, lambda: attachment.actual, attachment.crowd, way)
            self._attacher.attach(handles.socket, spec, attachment)

    def _detach(self, attachment: Attachment, at_once: bool = False) -> None:
        handles = self._handles
        if handles.socket is None or handles.monitor is None or not attachment.attached:
            return
        detach = self._attacher.detach
        self.events.take(detach(handles.socket, handles.monitor, attachment, at_once))

    # ---- what they wait for -----------------------------------------------------------------

    def on_name(
        self, spec: SocketSpec, endpoint: Endpoint, reason: str, addresses: frozenset[str]
    ) -> None:
        """The host name of one was looked up; no addresses if it failed."""
        attachment, socket = self.find(endpoint), self._handles.socket
        if attachment is not None and socket is not None:
            self._attacher.on_name(socket, spec, attachment, reason, addresses)

    def on_report(self, report: GateReport) -> bool:
        """A link has something to tell; whether it is of one of these."""
        for attachment in self.attachments:
            if isinstance(attachment, LinkedAttachment) and attachment.gate_id == report.gate_id:
                if report.facts is not None:
                    self.peers.on_facts(attachment.endpoint, report.facts)
                elif report.problem is None:
                    attachment.on_heard()
                else:
                    self.events.tell(attachment.on_report(report.problem, report.rule))
                    self._attacher.look_up_again(attachment)
                return True
        return False

    def join(self, spec: SocketSpec, bound: Mapping[str, SocketType], own: set[str]) -> None:
        """Connect the inproc endpoints that wait, now that these addresses are bound.

        libzmq would let us connect before. It then aborts the process if a ROUTER or REP gives the
        connection up before the bind (pipe.cpp:60), and keeps a closed socket until then.

        Args:
            spec: The socket's.
            bound: What type of socket is bound to each.
            own: Those to which it is bound itself.
        """
        for attachment in self.attachments:
            address = attachment.endpoint.address
            is_waiting = attachment.state is EndpointState.CONNECTING and not attachment.attached
            if address not in bound or not is_waiting:
                continue
            problem = inproc_problem(
                attachment.endpoint, self._kind, bound[address], address in own
            )
            if problem is not None:
                self._attacher.fail(attachment, problem)
            elif self._handles.socket is not None:
                attachment.problem = None
                self._attacher.connect(self._handles.socket, spec, attachment)

    def leave(self, endpoints: Iterable[Endpoint]) -> None:
        """Part from inproc endpoints whose other side has gone, and wait for the next."""
        for attachment in self.attachments:
            if attachment.endpoint in endpoints and attachment.endpoint.role is Role.CONNECT:
                self._detach(attachment)
                wait_for_bind(attachment)


def _way_of(kind: SocketType, attachment: Attachment) -> Way:
    if not isinstance(attachment, LinkedAttachment):
        return Way.STRAIGHT
    passes_on = attachment.proxy is not None and not kind.is_draft
    is_tcp = transport_of(attachment.endpoint) == "tcp"
    return Way.TUNNEL if passes_on and is_tcp else Way.LINK
