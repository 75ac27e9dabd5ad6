"""A controller that records what it is told, and a way to put traffic into a store."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
from PySide6.QtCore import QObject, Signal

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.diagnosis.history import FindingHistory
from zmqscope.core.peers import SocketPeers
from zmqscope.core.security.access import AccessList, KnockId, Verdict
from zmqscope.core.types import (
    Direction,
    Endpoint,
    EndpointState,
    EndpointStatus,
    Problem,
    Role,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)

NOW_NS = 1_700_000_000_000_000_000
_ENDPOINT_STATES = {
    SocketState.LISTENING: EndpointState.LISTENING,
    SocketState.CONNECTING: EndpointState.CONNECTING,
    SocketState.CONNECTED: EndpointState.CONNECTED,
    SocketState.RETRYING: EndpointState.RETRYING,
    SocketState.FAILED: EndpointState.FAILED,
    SocketState.CLOSED: EndpointState.CLOSED,
}


class RecordingController(QObject):
    """Has the signals of ``EngineController`` and remembers the commands."""

    socket_changed = Signal(object)
    socket_removed = Signal(object)
    peers_changed = Signal(object)
    findings_changed = Signal(object)
    knock_changed = Signal(object)
    notice_posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clock = CaptureClock()
        self.findings = FindingHistory()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}
        self.peers: dict[SocketId, SocketPeers] = {}
        self.calls: list[tuple[object, ...]] = []
        self._last = 0

    def as_controller(self) -> EngineController:
        """Itself, as the widgets know it."""
        return cast(EngineController, self)

    def show(self, snapshot: SocketSnapshot) -> SocketSnapshot:
        """Have the engine say how a socket is."""
        self.snapshots[snapshot.socket_id] = snapshot
        self.socket_changed.emit(snapshot)
        return snapshot

    def open_socket(self, spec: SocketSpec) -> SocketId:
        self.calls.append(("open", spec))
        self._last = max([self._last, *self.snapshots]) + 1
        socket_id = SocketId(self._last)
        named = replace(spec, name=spec.name or f"{spec.type.name.lower()} 1")
        self.show(SocketSnapshot(socket_id, named, SocketState.OPENING))
        return socket_id

    def close_socket(self, socket_id: SocketId) -> None:
        self.calls.append(("close", socket_id))

    def reopen_socket(self, socket_id: SocketId) -> None:
        self.calls.append(("reopen", socket_id))

    def change_spec(self, socket_id: SocketId, spec: SocketSpec, *, opens: bool = True) -> None:
        self.calls.append(("change" if opens else "change closed", socket_id, spec))

    def remove_socket(self, socket_id: SocketId) -> None:
        self.calls.append(("remove", socket_id))
        self.snapshots.pop(socket_id)
        self.socket_removed.emit(socket_id)

    def rename_socket(self, socket_id: SocketId, name: str) -> None:
        self.calls.append(("rename", socket_id, name))

    def add_endpoint(self, socket_id: SocketId, endpoint: Endpoint) -> None:
        self.calls.append(("add_endpoint", socket_id, endpoint))

    def remove_endpoint(self, socket_id: SocketId, endpoint: Endpoint) -> None:
        self.calls.append(("remove_endpoint", socket_id, endpoint))

    def retry_endpoint(self, socket_id: SocketId, endpoint: Endpoint) -> None:
        self.calls.append(("retry_endpoint", socket_id, endpoint))

    def subscribe(self, socket_id: SocketId, topic: bytes) -> None:
        self.calls.append(("subscribe", socket_id, topic))

    def unsubscribe(self, socket_id: SocketId, topic: bytes) -> None:
        self.calls.append(("unsubscribe", socket_id, topic))

    def set_access(self, lists: tuple[AccessList, ...]) -> None:
        self.calls.append(("set_access", lists))

    def answer_knock(self, knock_id: KnockId, verdict: Verdict) -> None:
        self.calls.append(("answer_knock", knock_id, verdict))

    def find(self, *findings: Finding) -> None:
        """Have the doctor say what it finds now."""
        self.findings.take(findings, NOW_NS)
        self.findings_changed.emit(findings)


def snapshot_of(
    number: int,
    kind: SocketType,
    name: str,
    *addresses: str,
    state: SocketState = SocketState.CONNECTED,
    problem: Problem | None = None,
    topics: tuple[bytes, ...] = (),
) -> SocketSnapshot:
    """A socket; an address that begins with ``@`` is bound."""
    endpoints = tuple(
        Endpoint(Role.BIND if text.startswith("@") else Role.CONNECT, text.removeprefix("@"))
        for text in addresses
    )
    endpoint_state = _ENDPOINT_STATES.get(state, EndpointState.PENDING)
    statuses = tuple(
        EndpointStatus(
            endpoint, endpoint.address, endpoint_state, problem=None if index else problem
        )
        for index, endpoint in enumerate(endpoints)
    )
    spec = SocketSpec(kind, endpoints, name, topics)
    peers = int(state is SocketState.CONNECTED)
    return SocketSnapshot(SocketId(number), spec, state, statuses, peers, problem)


def add_traffic(
    store: CaptureStore,
    socket_id: int,
    per_bin: list[int],
    direction: Direction = Direction.RECEIVED,
    end_ns: int = NOW_NS,
    bin_ns: int = 500_000_000,
) -> None:
    """Messages of 8 bytes, spread over bins that end at ``end_ns``."""
    start_ns = end_ns - len(per_bin) * bin_ns
    for index, count in enumerate(per_bin):
        if count:
            first = start_ns + index * bin_ns
            times = first + np.arange(count, dtype=np.int64) * bin_ns // count
            ones, sizes = np.ones(count, np.uint32), np.full(count, 8, np.uint32)
            store.append(Batch(socket_id, direction, times, ones, sizes, bytes(8 * count)))
