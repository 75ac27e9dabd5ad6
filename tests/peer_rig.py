"""Sockets with peers for tests of the peers and topology panels, without an engine."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal

from tests.gui.message_rig import START_NS, SocketList
from zmqscope.core.clock import CaptureClock
from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.diagnosis.history import FindingHistory
from zmqscope.core.peers import (
    Peer,
    PeerFigures,
    PeerId,
    PeerState,
    PeerSubscription,
    ProcessInfo,
    SocketPeers,
)
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Notice,
    Role,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)

SECOND_NS = 1_000_000_000
BOUND = Endpoint(Role.BIND, "tcp://127.0.0.1:5556")


def peer_of(number: int, socket: int = 1, **more: object) -> Peer:
    """A peer over tcp; it connected ``number`` seconds after the start."""
    values: dict[str, object] = {
        "endpoint": BOUND,
        "state": PeerState.READY,
        "since_ns": START_NS + number * SECOND_NS,
        "address": f"127.0.0.1:{40_000 + number}",
        "mechanism": "NULL",
        "types": (SocketType.PUSH,),
        **more,
    }
    return Peer(PeerId(number), SocketId(socket), **values)  # type: ignore[arg-type]


def process_of(pid: int, name: str = "python", **more: object) -> ProcessInfo:
    """A process of this machine."""
    return ProcessInfo(pid, name, **more)  # type: ignore[arg-type]


def figures_of(received: int = 0, sent: int = 0) -> PeerFigures:
    """Messages of ten bytes."""
    return PeerFigures(received, received * 10, sent, sent * 10)


def wants_of(*topics: bytes, count: int = 1) -> tuple[PeerSubscription, ...]:
    """Subscriptions, each wanted by so many."""
    return tuple(PeerSubscription(topic, (), count, START_NS) for topic in topics)


class PeerList(SocketList):
    """What the panels need of the controller: sockets and peers, and signals about them."""

    peers_changed = Signal(object)
    findings_changed = Signal(object)
    notice_posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.peers: dict[SocketId, SocketPeers] = {}
        self.findings = FindingHistory()
        self.clock = CaptureClock()
        self.notices: list[Notice] = []
        self.notice_posted.connect(self.notices.append)

    def listen(
        self,
        number: int,
        kind: SocketType,
        name: str,
        address: str = "tcp://127.0.0.1:5556",
        state: EndpointState = EndpointState.LISTENING,
    ) -> SocketId:
        """Have a socket with one endpoint, bound if it listens."""
        role = Role.BIND if state is EndpointState.LISTENING else Role.CONNECT
        endpoint = Endpoint(role, address)
        snapshot = SocketSnapshot(
            SocketId(number),
            SocketSpec(kind, (endpoint,), name),
            SocketState(state.value),
            (EndpointStatus(endpoint, address, state),),
        )
        self.snapshots[snapshot.socket_id] = snapshot
        self.socket_changed.emit(snapshot)
        return snapshot.socket_id

    def tell(self, socket: int, *peers: Peer, **more: object) -> None:
        """Have the engine tell of a socket's peers."""
        told = SocketPeers(SocketId(socket), peers, **more)  # type: ignore[arg-type]
        self.peers[told.socket_id] = told
        self.peers_changed.emit(told)

    def remove(self, socket_id: SocketId) -> None:
        """Have a socket go for good."""
        self.snapshots.pop(socket_id)
        self.peers.pop(socket_id, None)
        self.socket_removed.emit(socket_id)

    def find(self, *findings: Finding) -> None:
        """Have the doctor find something."""
        self.findings.take(findings, START_NS)
        self.findings_changed.emit(findings)

    def set_state(self, socket_id: SocketId, state: SocketState) -> None:
        """Have a socket come into another state."""
        changed = replace(self.snapshots[socket_id], state=state)
        self.snapshots[socket_id] = changed
        self.socket_changed.emit(changed)
