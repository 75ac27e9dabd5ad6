"""Takes what sockets have received into the store, by the drain. Loop thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Severity, SocketType, Turn
from zmqscope.engine.attachment import Told
from zmqscope.engine.doctor.desk import DoctorDesk
from zmqscope.engine.drain import Drain, DrainResult, PassBounds, Source
from zmqscope.engine.poll_set import Handle
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.watch.watch import PeerWatch

# In one turn of a socket: long enough to pay, short enough for those that wait.
_TURN_MESSAGES = 4_000
_TURN_NS = 1_000_000
_TAKE_NS = 4_000_000
_SHORTEST_PASS_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class TakingParts:
    """What it works with.

    Attributes:
        drain: How messages get into the store.
        store: Where they go.
        watch: Told of what may show who sent them.
        doctor: Told of what was taken.
        publish: Tells a socket's state.
        notify: Wakes the window.
    """

    drain: Drain
    store: CaptureStore
    watch: PeerWatch
    doctor: DoctorDesk
    publish: Callable[[ManagedSocket], None]
    notify: Callable[[], None]


class Taking:
    """Passes over all that are ready, and single turns of one socket.

    Args:
        parts: See ``TakingParts``.
    """

    def __init__(self, parts: TakingParts) -> None:
        self._drain = parts.drain
        self._store = parts.store
        self._watch = parts.watch
        self._doctor = parts.doctor
        self._publish = parts.publish
        self._notify = parts.notify
        self._turn = 0

    def take_all(self, ready: list[tuple[Handle, ManagedSocket]], due_ms: int) -> None:
        """Take from the ready sockets in turn, another one first each time.

        Args:
            ready: Sockets that have something.
            due_ms: When something has to be sent at the latest.
        """
        if not ready:
            return
        first = self._turn % len(ready)
        drain = self._drain
        # What is sent at a pace must not wait for what is received.
        pass_ns = max(_SHORTEST_PASS_NS, min(due_ms * 1_000_000, drain.pass_ns))
        bounds = PassBounds(_TURN_MESSAGES, _TURN_NS, pass_ns, pass_ns > _SHORTEST_PASS_NS)
        ordered = ready[first:] + ready[:first]
        first_row = self._store.end_row
        results = drain.drain([_source(*each) for each in ordered], bounds)
        # Those that were not reached come first in the next step.
        self._turn += sum(result.messages > 0 or result.emptied for result in results)
        together = list(zip([managed for _, managed in ordered], results, strict=True))
        self._doctor.on_pass((managed.socket_id, result) for managed, result in together)
        for managed, result in together:
            self._settle(managed, result)
            if managed.hears_subscriptions:
                self._watch.on_stored(managed, first_row)
            if result.emptied:
                self._watch.on_emptied(managed)
        self._notify()

    def on_taken(self, managed: ManagedSocket, result: DrainResult) -> None:
        """So much was taken from a socket, by whomever."""
        self._doctor.on_pass([(managed.socket_id, result)])
        self._settle(managed, result)

    def _settle(self, managed: ManagedSocket, result: DrainResult) -> None:
        """Tell what went wrong, and see what it means that something came."""
        if result.errno:
            managed.tell(Told(Severity.ERROR, f"Receiving failed: {zmq.strerror(result.errno)}."))
        if result.refused:
            managed.tell(
                Told(
                    Severity.ERROR,
                    "A message larger than the memory budget could not be kept.",
                    "Raise the memory budget in the settings; the ledger counts such messages.",
                )
            )
        if not result.messages:
            return
        if managed.events.on_received():
            self._publish(managed)
        if managed.spec.type in (SocketType.REQ, SocketType.REP):
            counters = self._store.counters.of(managed.socket_id)
            is_req = managed.spec.type is SocketType.REQ
            counters.turn = Turn.MAY_SEND if is_req else Turn.HOLDS_REQUEST

    def take(self, managed: ManagedSocket) -> bool:
        """One turn of a socket that does not wait for the next pass; whether it is empty."""
        if managed.socket is None:
            return True
        bounds = PassBounds(_TURN_MESSAGES, _TAKE_NS, _TAKE_NS)
        source = _source(managed.socket, managed)
        first_row = self._store.end_row
        (result,) = self._drain.drain([source], bounds)
        self.on_taken(managed, result)
        if managed.hears_subscriptions:
            self._watch.on_stored(managed, first_row)
        return result.emptied


def _source(handle: Handle, managed: ManagedSocket) -> Source:
    return Source(handle, managed.socket_id, managed.topic_rule)
