"""When the doctor looks at which socket, and what is told of it. Loop thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.diagnosis.case import sentence
from zmqscope.core.diagnosis.doctor import Conclusion, Doctor
from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.diagnosis.observation import Observation, Scene
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.events import EventKind
from zmqscope.core.peers import SocketPeers
from zmqscope.core.security.access import Knock
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import Endpoint, EndpointState, Role, Severity, SocketId, SocketSnapshot
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.doctor.asker import Asker, ask_by_probe
from zmqscope.engine.doctor.chart import Chart, PortOwner, Sights
from zmqscope.engine.doctor.knock_board import KnockBoard
from zmqscope.engine.doctor.refusal_words import refusal_words
from zmqscope.engine.drain import DrainResult
from zmqscope.engine.sockets import ManagedSocket

log = logging.getLogger(__name__)

LOOK_EVERY_NS = 500_000_000
_REST_TIMES = 100
_LONGEST_REST_NS = 2_000_000_000
"""Between two rounds over all sockets."""

# One step of the loop gives no more to the doctor; what is left is looked at in the next ones.
_A_STEP_NS = 2_000_000
_MID_ROUND_MS = 5
_GONE = "No more: "

TellEvent = Callable[[SocketId | None, EventKind, Severity, str, str, str], object]


@dataclass(frozen=True, slots=True)
class DoctorParts:
    """What the doctor works with.

    Attributes:
        store: Live figures and topics.
        sockets: All sockets of the app.
        snapshot: A socket's state.
        stuck: Sockets whose generated load does not get on.
        tell: Takes an event: socket, kind, severity, text, hint, address.
        put: Takes all findings that last.
        offset_ns: Capture clock minus monotonic clock.
        peers_of: A socket's peers one by one; None if they are not known.
        port_owner: Who listens at a port.
        decisions: What the authenticator decided lately at a socket's door, oldest first.
        now_ns: The monotonic clock.
        secrets: Secrets that are kept in memory: for the lock of a socket that a peer drops.
    """

    store: CaptureStore
    sockets: Iterable[ManagedSocket]
    snapshot: Callable[[ManagedSocket], SocketSnapshot]
    stuck: Callable[[], frozenset[SocketId]]
    tell: TellEvent
    put: Callable[[tuple[Finding, ...]], None]
    offset_ns: int
    peers_of: Callable[[SocketId], SocketPeers | None] = lambda _: None
    port_owner: PortOwner = lambda _: None
    decisions: Callable[[SocketId], tuple[AccessRecord, ...]] = lambda _: ()
    now_ns: Callable[[], int] = time.monotonic_ns
    secrets: SessionSecrets = field(default_factory=SessionSecrets)


class DoctorDesk:
    """Keeps a chart for each socket, and has the doctor look at those that may have changed.

    Args:
        parts: See ``DoctorParts``.
        patience: How long the doctor waits before it speaks.

    Attributes:
        knocks: Who waits at which door.
        spent_ns: Time that all looks have taken so far.
    """

    def __init__(self, parts: DoctorParts, patience: Patience | None = None) -> None:
        self._parts = parts
        self._doctor = Doctor(parts.offset_ns, patience)
        self._charts: dict[SocketId, Chart] = {}
        self._seen: dict[SocketId, Observation] = {}
        self._binders: dict[str, SocketId] = {}
        self._next_round_ns = 0
        self._round_ns = 0
        self._failed: set[SocketId] = set()
        # Of this round: whom to look at, and whom to examine once all have been seen.
        self._left: list[ManagedSocket] = []
        self._seen_now: list[Observation] = []
        self._asker = Asker(ask_by_probe(parts.secrets), parts.now_ns)
        self.knocks = KnockBoard()
        self.spent_ns = 0

    # ---- what happens in between ------------------------------------------------------------

    def on_pass(self, results: Iterable[tuple[SocketId, DrainResult]]) -> None:
        """A pass over several sockets is done.

        Args:
            results: What it did with each of them.
        """
        now_ns, charts = self._parts.now_ns(), self._charts
        for socket_id, result in results:
            chart = charts.get(socket_id)
            if chart is not None:
                chart.on_drained(result.messages, result.emptied, now_ns)

    def on_peers(self, managed: ManagedSocket) -> None:
        """Events of a socket came in: it may have its first peer, or none any more."""
        chart = self._charts.get(managed.socket_id)
        if chart is not None and not managed.inproc_endpoints():
            now_ns = self._parts.now_ns()
            chart.notice_reopening(now_ns)
            chart.on_peers(managed.peer_count, now_ns)

    def on_sent(
        self, managed: ManagedSocket, frames: tuple[bytes, ...], peers: int, refused_with: int
    ) -> None:
        """A message was sent, or not.

        Args:
            managed: The socket.
            frames: The message.
            peers: How many there were.
            refused_with: Why libzmq did not take it, as errno; 0 if it did.
        """
        chart, now_ns = self._chart(managed), self._parts.now_ns()
        chart.notice_reopening(now_ns, just_sent=not refused_with)
        if refused_with:
            chart.outgoing.refused(refused_with, frames, peers, now_ns)
        else:
            chart.outgoing.taken(frames, peers, now_ns, self._parts.peers_of(managed.socket_id))

    def on_knock(self, knock: Knock) -> None:
        """A knock, new or changed; any thread."""
        self.knocks.put(knock)

    def on_removed(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        self._left = [each for each in self._left if each.socket_id != socket_id]
        self._seen_now = [each for each in self._seen_now if each.socket_id != socket_id]
        self._charts.pop(socket_id, None)
        self._seen.pop(socket_id, None)
        self.knocks.forget(socket_id)
        self._failed.discard(socket_id)
        self._doctor.forget(socket_id)

    def close(self) -> None:
        """Ask nobody any more."""
        self._asker.close()

    def _chart(self, managed: ManagedSocket) -> Chart:
        chart = self._charts.get(managed.socket_id)
        if chart is None:
            counters = self._parts.store.counters.of(managed.socket_id)
            now_ns = self._parts.now_ns()
            chart = self._charts[managed.socket_id] = Chart(managed, counters, now_ns)
        return chart

    # ---- looking ----------------------------------------------------------------------------

    def look(self) -> None:
        """Go on with the round, or begin one if it is time; for a bounded time."""
        began_ns = self._parts.now_ns()
        if not (self._left or self._seen_now):
            if not self._asker.take() and began_ns < self._next_round_ns:
                return
            self._round_ns = 0
            self._left = list(self._parts.sockets)
            self._set_stuck()
        self._go_on(began_ns)
        if not (self._left or self._seen_now):
            conclusion = self._doctor.conclude()
            if conclusion is not None:
                self._tell(conclusion)
            self._asker.want(self._doctor.questions(began_ns))
        now_ns = self._parts.now_ns()
        self.spent_ns += now_ns - began_ns
        self._round_ns += now_ns - began_ns
        # Many busy sockets are looked at less often, so that this costs no more than a hundredth.
        rest_ns = min(_LONGEST_REST_NS, _REST_TIMES * self._round_ns)
        self._next_round_ns = now_ns + max(LOOK_EVERY_NS, rest_ns)

    def wait_ms(self, limit_ms: int) -> int:
        """How long the loop may sleep, at most ``limit_ms``: not long in mid-round."""
        return min(limit_ms, _MID_ROUND_MS) if self._left or self._seen_now else limit_ms

    def _go_on(self, now_ns: int) -> None:
        """See all, then examine all: what one suffers from may be another's doing."""
        end_ns = now_ns + _A_STEP_NS
        while self._left and now_ns < end_ns:
            self._look_at(self._left.pop(), now_ns)
            now_ns = self._parts.now_ns()
        while not self._left and self._seen_now and now_ns < end_ns:
            self._examine(self._seen_now.pop(), now_ns)
            now_ns = self._parts.now_ns()

    def _set_stuck(self) -> None:
        stuck = self._parts.stuck()
        for socket_id, chart in self._charts.items():
            chart.outgoing.set_stuck(socket_id in stuck)

    def _look_at(self, managed: ManagedSocket, now_ns: int) -> None:
        socket_id, parts = managed.socket_id, self._parts
        chart = self._chart(managed)
        peers, knocks = parts.peers_of(socket_id), self.knocks.at(socket_id)
        changed = chart.has_changed(peers, knocks)
        if not changed and self._doctor.is_calm(socket_id) and chart.seen is not None:
            return
        try:
            sights = Sights(
                parts.store.topics, parts.port_owner, now_ns, self._refused, self._asker.answer
            )
            seen = chart.look(parts.snapshot(managed), peers, knocks, sights)
        # What the doctor cannot make sense of must not end the capture.
        except Exception:
            log.log(self._on_failed(chart), "cannot see socket %s", socket_id, exc_info=True)
            return
        self._keep(seen)
        self._seen_now.append(seen)

    def _examine(self, seen: Observation, now_ns: int) -> None:
        try:
            self._doctor.examine(seen, Scene(self._seen, self._binders), now_ns)
        except Exception:
            level = self._on_failed(self._charts[seen.socket_id])
            log.log(level, "a rule failed at socket %s", seen.socket_id, exc_info=True)

    def _on_failed(self, chart: Chart) -> int:
        """Try again in the next round; how loudly to say so: the log needs it once."""
        chart.forget_state()
        socket_id = chart.managed.socket_id
        level = logging.DEBUG if socket_id in self._failed else logging.ERROR
        self._failed.add(socket_id)
        return level

    def _refused(self, socket_id: SocketId) -> str:
        return refusal_words(self._parts.decisions(socket_id))

    def _keep(self, seen: Observation) -> None:
        before = self._seen.get(seen.socket_id)
        self._seen[seen.socket_id] = seen
        if before is None or _bound(before) != _bound(seen):
            self._binders.clear()
            for each in self._seen.values():
                self._binders.update(dict.fromkeys(_bound(each), each.socket_id))

    # ---- telling ----------------------------------------------------------------------------

    def _tell(self, conclusion: Conclusion) -> None:
        for finding in conclusion.gone:
            self._tell_event(finding, Severity.INFO, f"{_GONE}{finding.text}.", "")
        for finding in conclusion.begun:
            self._tell_event(finding, finding.severity, sentence(finding.text), finding.why)
        self._parts.put(conclusion.findings)

    def _tell_event(self, finding: Finding, severity: Severity, text: str, hint: str) -> None:
        address = _address(finding.endpoint)
        self._parts.tell(finding.socket_id, EventKind.FINDING, severity, text, hint, address)


def _address(endpoint: Endpoint | None) -> str:
    return "" if endpoint is None else endpoint.address


def _bound(seen: Observation) -> tuple[str, ...]:
    """Addresses that a socket is bound to."""
    if not seen.is_open:
        return ()
    return tuple(
        view.status.actual
        for view in seen.endpoints
        if view.endpoint.role is Role.BIND and view.status.state is EndpointState.LISTENING
    )
