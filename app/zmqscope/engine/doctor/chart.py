"""What the doctor remembers of one socket, and how it sees it now. Loop thread; no I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zmqscope.core.capture.counters import SocketCounters, Totals
from zmqscope.core.capture.topics import TopicTable
from zmqscope.core.diagnosis.attempts import Attempts
from zmqscope.core.diagnosis.observation import (
    NOTHING,
    Departed,
    EndpointView,
    Flow,
    Observation,
)
from zmqscope.core.endpoints import transport_of
from zmqscope.core.peers import Peer, PeerId, ProcessInfo, SocketPeers
from zmqscope.core.probe import ProbeResult
from zmqscope.core.security.access import Knock
from zmqscope.core.types import (
    Direction,
    Endpoint,
    EndpointStatus,
    Role,
    SocketId,
    SocketSnapshot,
    SocketType,
    Turn,
)
from zmqscope.engine.attachment import Attachment
from zmqscope.engine.doctor.departed import still_running
from zmqscope.engine.doctor.flow_memory import FlowMemory
from zmqscope.engine.doctor.outgoing import Outgoing
from zmqscope.engine.links.linked_attachment import LinkedAttachment
from zmqscope.engine.sockets import ManagedSocket

_S = 1_000_000_000
_EMPTIED_BY_NS = _S // 5
_MOST_TOPICS = 500
_TOPICS_EVERY_NS = 2 * _S
_MOST_DEPARTED = 4
_DEPARTED_NS = 60 * _S
_PUBLISHERS = (SocketType.PUB, SocketType.XPUB, SocketType.RADIO)
_SUBSCRIBERS = (SocketType.SUB, SocketType.XSUB, SocketType.DISH)

Answers = Callable[[SocketId, Endpoint, Attempts], ProbeResult | None]
"""What a probe has found at an endpoint with this history."""
PortOwner = Callable[[int], ProcessInfo | None]
"""Who listens at a TCP port of this machine; None while it is not known."""


@dataclass(frozen=True, slots=True)
class Sights:
    """What a chart is drawn from, apart from its socket.

    Attributes:
        topics: All topics.
        port_owner: Who listens at a port.
        now_ns: Now, on the monotonic clock.
        refused: Who was refused last at a door, and why.
        answers: What probes have found.
    """

    topics: TopicTable
    port_owner: PortOwner
    now_ns: int
    refused: Callable[[SocketId], str] = lambda _: ""
    answers: Answers = lambda *_: None


class Chart:
    """Of one socket.

    Args:
        managed: The socket.
        counters: Its live figures.
        now_ns: Now, on the monotonic clock.

    Attributes:
        outgoing: What became of what it was told to send.
        seen: How it was seen last; None before.
    """

    def __init__(self, managed: ManagedSocket, counters: SocketCounters, now_ns: int) -> None:
        self.managed = managed
        self.outgoing = Outgoing(managed.spec.type)
        self.seen: Observation | None = None
        self._counters = counters
        self._socket: object = managed.socket
        self._opened_ns = now_ns
        self._flows = {Direction.RECEIVED: FlowMemory(), Direction.SENT: FlowMemory()}
        self._received_ns = 0
        self._backlog_since_ns = 0
        self._drained_ns = 0
        self._subscriptions: tuple[bytes, ...] = ()
        self._subscribed_ns = 0
        self._peer_count = 0
        self._peers_since_ns = 0
        self._sent_at_open = 0
        self._missed = 0
        self._joined_ns = 0
        self._peers: SocketPeers | None = None
        self._departed: tuple[Departed, ...] = ()
        self._last: tuple[object, ...] = ()

    # ---- what happens in between ------------------------------------------------------------

    def on_drained(self, messages: int, emptied: bool, now_ns: int) -> None:
        """A pass over the socket is done."""
        self._drained_ns = now_ns
        if messages:
            self._received_ns = now_ns
        if emptied:
            self._backlog_since_ns = 0
        elif not self._backlog_since_ns:
            self._backlog_since_ns = now_ns

    def on_peers(self, count: int, now_ns: int, *, is_late: bool = False) -> None:
        """So many peers are there now.

        Args:
            count: How many.
            now_ns: Now.
            is_late: Whether they may have been there for a while: inproc has no events.
        """
        if count and not self._peer_count:
            self._peers_since_ns = now_ns
            if not self._joined_ns and self.managed.spec.type in _PUBLISHERS:
                self._joined_ns = now_ns
                sent = self._counters.sent.messages - self._sent_at_open
                self._missed = self.outgoing.sending.alone if is_late else sent
            self.outgoing.on_peers()
        self._peer_count = count

    # ---- looking ----------------------------------------------------------------------------

    def has_changed(self, peers: SocketPeers | None, knocks: tuple[Knock, ...]) -> bool:
        """Whether anything is different from when it was asked last; cheap."""
        managed, counters = self.managed, self._counters
        now = (
            managed.socket,
            managed.spec,
            counters.received.messages,
            counters.sent.messages,
            counters.turn,
            self.outgoing.sending,
            self._backlog_since_ns,
            peers,
            knocks,
            *(_state_of(attachment) for attachment in managed.attachments),
        )
        changed = not _is_same(now, self._last)
        self._last = now
        return changed

    def forget_state(self) -> None:
        """Have it looked at again, whether or not anything changes."""
        self._last = ()

    def look(
        self,
        snapshot: SocketSnapshot,
        peers: SocketPeers | None,
        knocks: tuple[Knock, ...],
        sights: Sights,
    ) -> Observation:
        """See it as it is now.

        Args:
            snapshot: Its state.
            peers: Its peers one by one, as far as they are known.
            knocks: Who waits at its door.
            sights: Everything else.
        """
        self._catch_up(snapshot, peers, sights.now_ns)
        received = self._flow(Direction.RECEIVED, sights)
        sent = self._flow(Direction.SENT, sights)
        sending = self.outgoing.sending
        self.seen = Observation(
            snapshot.socket_id,
            snapshot.spec,
            is_open=self.managed.socket is not None,
            opened_ns=self._opened_ns,
            problem=self.managed.problem,
            endpoints=self._endpoints(snapshot.endpoints, sights),
            peer_count=snapshot.peer_count,
            peers_since_ns=self._peers_since_ns,
            turn=self._counters.turn,
            turn_since_ns=self._turn_since_ns(sending.sent_ns or sent.last_ns),
            received=received,
            sent=sent,
            sending=sending,
            subscribed_ns=self._subscribed_ns,
            backlog_since_ns=self._backlog_since_ns,
            missed=self._missed,
            joined_ns=self._joined_ns,
            peers=peers,
            departed=self._departed,
            knocks=knocks,
            public_key=self.managed.public_key if self.managed.spec.lock.is_server else "",
            refused=self._refused(sights),
        )
        return self.seen

    def _catch_up(self, snapshot: SocketSnapshot, peers: SocketPeers | None, now_ns: int) -> None:
        """What is different from the last time."""
        self.notice_reopening(now_ns)
        self.on_peers(snapshot.peer_count, now_ns, is_late=True)
        self._note_subscriptions(now_ns)
        self._note_peers(peers, now_ns)
        if self._backlog_since_ns and now_ns - self._drained_ns > _EMPTIED_BY_NS:
            self._backlog_since_ns = 0

    def _refused(self, sights: Sights) -> str:
        if not self.managed.spec.lock.asks_access:
            return ""
        return sights.refused(self.managed.socket_id)

    def notice_reopening(self, now_ns: int, just_sent: int = 0) -> None:
        """A new libzmq socket has no past.

        Args:
            now_ns: Now.
            just_sent: Messages that it has already sent.
        """
        if self.managed.socket is self._socket:
            return
        self._socket = self.managed.socket
        self._opened_ns = now_ns
        self._received_ns = self._backlog_since_ns = self._peer_count = 0
        self._missed = self._joined_ns = self._peers_since_ns = 0
        self._sent_at_open = self._counters.sent.messages - just_sent
        self._departed = ()
        self._peers = None
        self.outgoing.forget()

    def _note_subscriptions(self, now_ns: int) -> None:
        if self.managed.spec.subscriptions != self._subscriptions or not self._subscribed_ns:
            self._subscriptions = self.managed.spec.subscriptions
            self._subscribed_ns = now_ns

    def _note_peers(self, peers: SocketPeers | None, now_ns: int) -> None:
        """Keep local processes that were peers: they may still run."""
        before, self._peers = self._peers, peers
        may_tell = bool(dict(self.managed.spec.options).get("heartbeat_ivl"))
        if may_tell and before is not peers and before is not None:
            gone = tuple(
                Departed(each.process, each.endpoint, now_ns)
                for each in _left(before, peers)
                if each.process is not None
            )
            self._departed = (*gone, *self._departed)[:_MOST_DEPARTED]
        if self._departed:
            self._departed = still_running(
                d for d in self._departed if now_ns - d.time_ns < _DEPARTED_NS
            )

    def _turn_since_ns(self, sent_ns: int) -> int:
        match self._counters.turn:
            case Turn.AWAITS_REPLY:
                return sent_ns
            case Turn.HOLDS_REQUEST:
                return self._received_ns or self._opened_ns
        return max(sent_ns, self._received_ns, self._opened_ns)

    # ---- messages ---------------------------------------------------------------------------

    def _flow(self, direction: Direction, sights: Sights) -> Flow:
        totals, memory = self._counters.of(direction), self._flows[direction]
        if totals.messages != memory.messages:
            memory.messages, memory.last_ns = totals.messages, sights.now_ns
        memory.measure(totals.messages, sights.now_ns)
        if not totals.messages:
            return NOTHING
        last_ns = memory.last_ns
        if direction is Direction.RECEIVED:
            last_ns = self._received_ns or last_ns
        self._read_topics(direction, memory, totals, sights)
        return Flow(
            totals.messages,
            totals.frames,
            totals.bytes,
            last_ns,
            memory.topics,
            memory.is_whole,
            memory.per_s,
        )

    def _read_topics(
        self, direction: Direction, memory: FlowMemory, totals: Totals, sights: Sights
    ) -> None:
        """Which topics went, where a rule asks for them; now and then, if there may be new ones."""
        size = len(sights.topics)
        is_due = sights.now_ns - memory.topics_ns >= _TOPICS_EVERY_NS
        if size == memory.table_size or not is_due or not self._has_topics(direction):
            return
        memory.table_size, memory.topics_ns = size, sights.now_ns
        found = sights.topics.published(self.managed.socket_id, direction)
        counted = sum(messages for _, messages in found)
        memory.topics = tuple(topic for topic, _ in found[:_MOST_TOPICS])
        # What found no room in the table is not known.
        memory.is_whole = len(found) <= _MOST_TOPICS and counted >= totals.messages

    def _has_topics(self, direction: Direction) -> bool:
        spec = self.managed.spec
        if direction is Direction.SENT:
            return spec.type in _PUBLISHERS
        return spec.type in _SUBSCRIBERS and any(spec.subscriptions)

    # ---- endpoints --------------------------------------------------------------------------

    def _endpoints(
        self, statuses: tuple[EndpointStatus, ...], sights: Sights
    ) -> tuple[EndpointView, ...]:
        return tuple(
            _view(attachment, status, sights, self.managed.socket_id)
            for attachment, status in zip(self.managed.attachments, statuses, strict=True)
        )


def _view(
    attachment: Attachment, status: EndpointStatus, sights: Sights, socket_id: SocketId
) -> EndpointView:
    owner, crowd = "", attachment.crowd
    if attachment.failed_with and attachment.endpoint.role is Role.BIND:
        owner = _owner(attachment, sights.port_owner)
    return EndpointView(
        status,
        attachment.attempts,
        crowd.waiting,
        int(crowd.waiting_since_s * _S),
        crowd.old,
        crowd.surplus,
        isinstance(attachment, LinkedAttachment),
        attachment.report,
        attachment.failed_with,
        owner,
        sights.answers(socket_id, attachment.endpoint, attachment.attempts),
    )


def _owner(attachment: Attachment, port_owner: PortOwner) -> str:
    port = attachment.endpoint.address.rpartition(":")[2].partition("/")[0]
    if transport_of(attachment.endpoint) not in ("tcp", "ws", "wss") or not port.isdigit():
        return ""
    process = port_owner(int(port))
    if process is None:
        return ""
    if process.is_own:
        return "This app itself"
    return f"{process.name} ({process.pid})" if process.pid else process.name.capitalize()


def _state_of(attachment: Attachment) -> tuple[object, ...]:
    return (
        attachment,
        attachment.attempts.version,
        attachment.state,
        attachment.problem,
        attachment.peers,
        attachment.crowd.waiting,
        attachment.report,
    )


def _is_same(now: tuple[object, ...], before: tuple[object, ...]) -> bool:
    """Whether two states are the same: large things by who they are, not by what they hold."""
    if len(now) != len(before):
        return False
    return all(
        one is other or (isinstance(one, int | tuple) and one == other)
        for one, other in zip(now, before, strict=True)
    )


def _left(before: SocketPeers, now: SocketPeers | None) -> list[Peer]:
    there: set[PeerId] = {peer.peer_id for peer in now.peers} if now is not None else set()
    return [peer for peer in before.peers if peer.peer_id not in there]
