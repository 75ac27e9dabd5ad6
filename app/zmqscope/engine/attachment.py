"""One endpoint of one open socket, followed through its monitor events. Loop thread; no I/O."""

from __future__ import annotations

import time
from dataclasses import dataclass

import zmq

from zmqscope.core.diagnosis.attempts import Attempts, Outcome
from zmqscope.core.diagnosis.observation import LinkReport
from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Problem,
    Role,
    Severity,
    SocketType,
)
from zmqscope.engine.connections import Connection, Connections, inode_of
from zmqscope.engine.endpoint_match import Match, match
from zmqscope.engine.handshakes import (
    closed_in_handshake,
    handshake_overdue,
    handshake_problem,
    lost,
    surplus_peer,
    unanswered,
)
from zmqscope.engine.ipc_guard import IpcFile
from zmqscope.engine.monitor import MonitorEvent

HANDSHAKE_OVERDUE_S = 3.0
"""A handshake that takes longer is worth a word: libzmq itself waits 30 s, or for ever."""

# Sets, since there may be thousands a second, and enumerations are slow at “&”.
_DIALLING = frozenset((zmq.Event.CONNECT_DELAYED, zmq.Event.CLOSED))
_CONNECTION = frozenset((zmq.Event.CONNECTED, zmq.Event.ACCEPTED))
_HANDSHAKE_FAILED = frozenset(
    (
        zmq.Event.HANDSHAKE_FAILED_NO_DETAIL,
        zmq.Event.HANDSHAKE_FAILED_PROTOCOL,
        zmq.Event.HANDSHAKE_FAILED_AUTH,
    )
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a change of an endpoint is worth telling."""

    severity: Severity
    text: str
    hint: str = ""
    is_found: bool = False
    """Whether the doctor tells the same in a moment, if it lasts: one line is enough."""


class Attachment:
    """An endpoint, its real address, its connections and its state.

    Args:
        socket_type: The type of the socket that it belongs to.
        endpoint: What the user asked for.

    Attributes:
        endpoint: What the user asked for.
        actual: Real address once bound; else as asked.
        state: Where it stands.
        problem: Why it does not work.
        attached: Whether libzmq has accepted the bind or connect.
        ipc_file: The socket file that a bind made.
        addresses: What the host name of a connect stands for, once looked up.
        crowd: Its connections, for whoever wants to know of each.
        attempts: What its handshakes came to, for the doctor.
        report: What its links told last, for the doctor; None if it has none.
        failed_with: Why libzmq refused the bind or connect, as errno; else 0.
    """

    __slots__ = (
        "_failed_just_now",
        "_is_reached",
        "_type",
        "_unended",
        "actual",
        "addresses",
        "attached",
        "attempts",
        "crowd",
        "endpoint",
        "failed_with",
        "ipc_file",
        "problem",
        "report",
        "state",
    )

    def __init__(self, socket_type: SocketType, endpoint: Endpoint) -> None:
        self._type = socket_type
        self.endpoint = endpoint
        self.actual = endpoint.address
        self.state = EndpointState.PENDING
        self.problem: Problem | None = None
        self.attached = False
        self.ipc_file: IpcFile | None = None
        self.addresses: frozenset[str] = frozenset()
        # Whether the last event was a failed handshake: the next disconnect is that connection's.
        self._failed_just_now = False
        # Failed handshakes whose connections have not ended yet: whoever is told why it is refused
        # closes the connection itself, and others come and go meanwhile.
        self._unended = 0
        # Whether this attempt to connect has found somebody who listens.
        self._is_reached = False
        self.crowd = Connections()
        self.attempts = Attempts(endpoint.role)
        self.report: LinkReport | None = None
        self.failed_with = 0

    @property
    def peers(self) -> int:
        """Connections whose handshake is done and over which messages can go."""
        return self.crowd.peers

    @property
    def is_inproc(self) -> bool:
        """Whether libzmq has it within the process, and tells nothing of it."""
        return transport_of(self.endpoint) == "inproc"

    def status(self) -> EndpointStatus:
        """As it is now."""
        problem = self.problem
        if problem is None and self.crowd.surplus:
            problem = surplus_peer(self.endpoint, self.actual)
        return EndpointStatus(self.endpoint, self.actual, self.state, self.peers, problem)

    def fail(self, problem: Problem) -> None:
        """The bind or connect was refused."""
        self.state = EndpointState.FAILED
        self.problem = problem

    def close(self) -> None:
        """The socket is closed: nothing of what was is left."""
        self.state = EndpointState.CLOSED
        self.problem = None
        self.attached = False
        self.actual = self.endpoint.address
        self.crowd.clear()

    def match(self, address: str) -> Match:
        """How surely a monitor event's address is about this endpoint."""
        if address == self.endpoint.address:
            return Match.EXACT
        return match(address, self.actual, self.addresses)

    # ---- events -----------------------------------------------------------------------------

    def apply(self, event: MonitorEvent, is_taken: bool = False) -> Told | None:
        """Take an event in; what it is worth telling, if anything.

        Args:
            event: The event.
            is_taken: Whether this is a PAIR that has its one peer already.
        """
        failed_before, self._failed_just_now = self._failed_just_now, False
        kind = event.kind
        if kind in _DIALLING:
            self._on_dialling(kind == zmq.Event.CONNECT_DELAYED)
            return None
        if kind in _CONNECTION:
            return self._on_connection(event.value)
        if kind == zmq.Event.HANDSHAKE_SUCCEEDED:
            return self._on_handshake_done(is_taken)
        if kind in _HANDSHAKE_FAILED:
            # libzmq says so of every STREAM connection that ends.
            is_stream = self._type is SocketType.STREAM
            return None if is_stream else self._on_handshake_failed(event)
        if kind == zmq.Event.DISCONNECTED:
            return self._on_disconnected(event.value, failed_before)
        if kind == zmq.Event.CONNECT_RETRIED and self.endpoint.role is Role.CONNECT:
            return self._on_retry()
        return None

    def credit(self) -> Told | None:
        """A message came though no handshake was seen: ZMTP 1 and 2 have none (RFC 13, RFC 15)."""
        waiting = next(iter(self.crowd.unfinished()), None)
        if waiting is None:
            return None
        waiting.is_old = True
        return self._on_handshake_done(is_taken=False)

    def look_after(self, now_s: float) -> list[Told]:
        """What no event tells: handshakes that do not end, STREAM connections that we closed.

        Args:
            now_s: Monotonic time in seconds.
        """
        if self._type is SocketType.STREAM:
            return [self._on_dropped() for _ in range(self.crowd.drop_closed())]
        if not self.crowd.note_overdue(now_s - HANDSHAKE_OVERDUE_S):
            return []
        problem = handshake_overdue(self.endpoint, self.actual)
        if self.endpoint.role is Role.CONNECT:
            self.problem = problem
        return [Told(Severity.WARNING, problem.text, problem.hint)]

    def _on_dropped(self) -> Told:
        """A STREAM connection was closed by us."""
        if self.endpoint.role is Role.BIND:
            return Told(Severity.INFO, f"A peer left {self.actual}.")
        # libzmq does not connect again by itself after we closed.
        text = f"The connection to {self.endpoint.address} is closed."
        self.fail(Problem(text, "Retry to connect."))
        return Told(Severity.INFO, text)

    def _on_dialling(self, has_begun: bool) -> None:
        """A connect waits for the other machine, or waits no more."""
        if self.endpoint.role is Role.BIND:
            return  # a listener was closed
        if has_begun:
            self.attempts.note_dialling(time.monotonic_ns())
        else:
            self.attempts.note_undialled(time.monotonic_ns())

    def _on_connection(self, descriptor: int) -> Told | None:
        self._is_reached = True
        self.attempts.note_connection()
        # STREAM has no handshake: a TCP connection is all there is.
        is_stream = self._type is SocketType.STREAM
        inode = inode_of(descriptor) if is_stream else None
        self.crowd.add(descriptor, Connection(time.monotonic(), inode))
        if is_stream:
            return self._on_handshake_done(is_taken=False)
        if self.endpoint.role is Role.CONNECT and self.problem == unanswered(self.endpoint):
            self.state = EndpointState.CONNECTING
            self.problem = None
        return None

    def _on_handshake_done(self, is_taken: bool) -> Told | None:
        self.crowd.finish_oldest(is_taken)
        self.attempts.note_success(time.monotonic_ns())
        if is_taken:
            problem = surplus_peer(self.endpoint, self.actual)
            if self.endpoint.role is Role.CONNECT:
                self.fail(problem)
            return Told(Severity.WARNING, problem.text, problem.hint)
        if self.endpoint.role is Role.BIND:
            self.state = EndpointState.LISTENING
            return Told(Severity.INFO, f"A peer connected to {self.actual}.")
        self.state = EndpointState.CONNECTED
        self.problem = None
        return Told(Severity.INFO, f"Connected to {self.endpoint.address}.")

    def _on_handshake_failed(self, event: MonitorEvent) -> Told | None:
        if self.crowd.old:
            return None  # libzmq says so when such a peer leaves
        self._failed_just_now = True
        self._unended += 1
        self.attempts.note_failure(_outcome(event), event.value, time.monotonic_ns())
        problem = handshake_problem(self._type, self.endpoint, self.actual, event)
        return self._on_stranger(problem)

    def _on_stranger(self, problem: Problem) -> Told | None:
        """Whoever is at the other end, it is no peer: that fails a connect, but not a bind."""
        if self.endpoint.role is Role.BIND:
            return Told(Severity.WARNING, problem.text, problem.hint)
        told_before = self.problem == problem
        self.fail(problem)
        return None if told_before else Told(Severity.ERROR, problem.text, problem.hint)

    def _on_disconnected(self, descriptor: int, failed: bool) -> Told | None:
        connection = self.crowd.remove(descriptor)
        if connection is None:
            return None
        is_peer = connection.is_done
        if failed and is_peer:
            # Its handshake failed, so the success that it was credited with was another's.
            is_peer = False
            self.crowd.finish_oldest(connection.is_surplus)
        if not is_peer:
            self.attempts.note_closed(time.monotonic_ns())
            was_told = failed or self._unended > 0
            is_last = next(iter(self.crowd.unfinished()), None) is None
            self._unended = 0 if is_last else max(0, self._unended - 1)
            if was_told:
                return None
            return self._on_stranger(closed_in_handshake(self._type, self.endpoint, self.actual))
        lived_s = time.monotonic() - connection.since_s
        self.attempts.note_loss(time.monotonic_ns(), int(lived_s * 1_000_000_000))
        if self.endpoint.role is Role.BIND:
            return Told(Severity.INFO, f"A peer left {self.actual}.")
        self.state = EndpointState.RETRYING
        self.problem = lost(self.endpoint)
        return Told(Severity.WARNING, self.problem.text, self.problem.hint)

    def _on_retry(self) -> Told | None:
        if self.peers:
            return None
        self.crowd.clear()
        self.state = EndpointState.RETRYING
        was_reached, self._is_reached = self._is_reached, False
        self.attempts.note_retry(was_reached, time.monotonic_ns())
        if was_reached or self.problem in (unanswered(self.endpoint), lost(self.endpoint)):
            return None  # what is known of the one who listened there says more
        self.problem = unanswered(self.endpoint)
        return Told(Severity.WARNING, self.problem.text, self.problem.hint, is_found=True)


def _outcome(event: MonitorEvent) -> Outcome:
    """What a failed handshake came to."""
    if event.kind == zmq.Event.HANDSHAKE_FAILED_AUTH:
        return Outcome.REFUSED
    if event.kind == zmq.Event.HANDSHAKE_FAILED_PROTOCOL:
        return Outcome.PROTOCOL
    return Outcome.NO_DETAIL
