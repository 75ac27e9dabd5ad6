"""The poll loop: one ``zmq.Poller`` over commands, sockets and monitors. One thread, no Qt."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import (
    Endpoint,
    Notice,
    Problem,
    Role,
    SendReport,
    Severity,
    SocketId,
    SocketType,
    Turn,
)
from zmqscope.engine import commands as cmd
from zmqscope.engine.attachment import Told
from zmqscope.engine.control import ControlQueue, ControlReceiver
from zmqscope.engine.drain import Drain
from zmqscope.engine.inproc import InprocLinks, inproc_addresses
from zmqscope.engine.jobs.periodic import PeriodicSends
from zmqscope.engine.monitor import read_events
from zmqscope.engine.outbox import Outbox
from zmqscope.engine.poll_set import Handle, PollSet
from zmqscope.engine.resolver import Resolver
from zmqscope.engine.sender import Sender
from zmqscope.engine.sockets import ManagedSocket

log = logging.getLogger(__name__)

_PASS_MESSAGES = 4_000
_PASS_NS = 4_000_000
_MIN_SHARE_NS = 500_000
# However many sockets are ready and commands are waiting, everything gets its turn soon after.
_ALL_DRAINS_NS = 20_000_000
_ALL_COMMANDS_S = 0.02
_LOOK_AFTER_S = 1.0
_EMPTY_S = 0.5
_RESOLVER_WAIT_MS = 50
_GONE = Problem("This socket is gone.", "Open a new one.")


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What a loop is made of; everything but the context is used by the loop's thread only.

    Attributes:
        context: The shared context; terminated by whoever made it.
        control: Where commands come from.
        store: Where rows go.
        clock: The capture clock.
        drain: How rows get there.
        outbox: Where everything else is told.
    """

    context: zmq.Context[zmq.Socket[bytes]]
    control: ControlQueue
    store: CaptureStore
    clock: CaptureClock
    drain: Drain
    outbox: Outbox


class EngineLoop:
    """Make it, ``step`` it and ``close`` it on one thread.

    Args:
        parts: See ``EngineParts``.
    """

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._outbox = parts.outbox
        self._control = ControlReceiver(parts.context, parts.control)
        self._polled = PollSet(self._control.socket)
        self._sockets: dict[SocketId, ManagedSocket] = {}
        self._resolver = Resolver()
        self._sender = Sender(parts.store, parts.clock)
        self._periodic = PeriodicSends(self._send_by_id, self._outbox.put_job)
        self._links = InprocLinks(self._sockets)
        self._turn = 0
        self._look_after_s = time.monotonic() + _LOOK_AFTER_S
        self.stopping = False

    # ---- one step ---------------------------------------------------------------------------

    def step(self, timeout_ms: int) -> None:
        """Wait for something to do, at most ``timeout_ms``, and do a bounded part of it."""
        limit = min(timeout_ms, _RESOLVER_WAIT_MS) if self._resolver.is_waiting else timeout_ms
        wait_ms = 0 if self._control.is_waiting else self._periodic.wait_ms(limit)
        ready = self._polled.wait(wait_ms)
        self._run_commands()
        if self.stopping:
            return
        for answer in self._resolver.answers():
            managed = self._sockets.get(answer.socket_id)
            if managed is not None:
                managed.on_name(answer.endpoint, answer.reason, answer.addresses)
                self._publish(managed)
        for monitor, managed in self._polled.monitors(ready):
            if managed.on_events(read_events(monitor)):
                self._publish(managed)
        self._drain(self._polled.sockets(ready))
        self._periodic.run_due()
        self._look_after()

    def _drain(self, ready: list[tuple[Handle, ManagedSocket]]) -> None:
        """Take from the ready sockets in turn; those left over come first in the next step."""
        if not ready:
            return
        first = self._turn % len(ready)
        share_ns = max(_MIN_SHARE_NS, _PASS_NS // len(ready))
        deadline = time.monotonic_ns() + _ALL_DRAINS_NS
        for handle, managed in ready[first:] + ready[:first]:
            self._turn += 1
            self._drain_one(managed, handle, share_ns)
            if time.monotonic_ns() > deadline:
                break
        self._outbox.notify()

    def _drain_one(self, managed: ManagedSocket, handle: Handle, share_ns: int) -> bool:
        """Take from one socket; whether it has nothing more for now."""
        drain = self._parts.drain
        try:
            result = drain.drain(handle, managed.socket_id, _PASS_MESSAGES, share_ns)
        except zmq.ZMQError as error:
            managed.tell(Told(Severity.ERROR, f"Receiving failed: {error}."))
            return True
        if result.refused:
            managed.tell(
                Told(
                    Severity.ERROR,
                    "A message larger than the memory budget could not be kept.",
                    "Raise the memory budget in the settings; the ledger counts such messages.",
                )
            )
        if result.messages and managed.on_received():
            self._publish(managed)
        if result.messages and managed.spec.type in (SocketType.REQ, SocketType.REP):
            counters = self._parts.store.counters.of(managed.socket_id)
            is_req = managed.spec.type is SocketType.REQ
            counters.turn = Turn.MAY_SEND if is_req else Turn.HOLDS_REQUEST
        return result.emptied

    def _look_after(self) -> None:
        now_s = time.monotonic()
        if now_s < self._look_after_s:
            return
        self._look_after_s = now_s + _LOOK_AFTER_S
        for managed in self._sockets.values():
            if managed.look_after(now_s):
                self._publish(managed)

    # ---- commands ---------------------------------------------------------------------------

    def _run_commands(self) -> None:
        deadline_s = time.monotonic() + _ALL_COMMANDS_S
        for command in self._control.take():
            try:
                self._run(command)
            except zmq.ZMQError as error:
                log.exception("command %s", type(command).__name__)
                socket_id = getattr(command, "socket_id", None)
                self._tell(socket_id, Severity.ERROR, f"libzmq refused: {error}.", "")
                if socket_id in self._sockets:
                    self._publish(self._sockets[socket_id])
            if self.stopping or time.monotonic() > deadline_s:
                return

    def _run(self, command: cmd.Command) -> None:
        match command:
            case cmd.Shutdown():
                self.stopping = True
            case cmd.OpenSocket():
                self._open_new(command)
            case cmd.SendMessage():
                taken, problem = self._send_by_id(command.socket_id, command.frames)
                report = SendReport(command.request_id, command.socket_id, taken, problem)
                self._outbox.put_report(report)
            case cmd.StartPeriodicSend():
                self._periodic.start(
                    command.job_id, command.socket_id, command.frames, command.interval_s
                )
                if command.socket_id not in self._sockets:
                    self._periodic.stop(command.job_id, _GONE)
            case cmd.StopJob():
                self._periodic.stop(command.job_id)
            case _:
                managed = self._sockets.get(command.socket_id)
                if managed is not None:
                    self._change(managed, command)

    def _change(self, managed: ManagedSocket, command: cmd.Command) -> None:
        addresses = inproc_addresses(managed.spec)
        self._links.forget()
        match command:
            case cmd.CloseSocket():
                self._close(managed)
            case cmd.ReopenSocket():
                self._close(managed)
                self._open(managed)
            case cmd.RemoveSocket():
                self._remove(managed)
                return
            case cmd.RenameSocket():
                managed.rename(command.name)
            case cmd.AddEndpoint():
                managed.add_endpoint(command.endpoint)
            case cmd.RemoveEndpoint() | cmd.RetryEndpoint():
                self._change_endpoint(managed, command)
            case cmd.Subscribe():
                managed.subscribe(command.topic)
            case cmd.Unsubscribe():
                managed.unsubscribe(command.topic)
        self._links.forget()
        self._publish(managed, addresses)

    def _open_new(self, command: cmd.OpenSocket) -> None:
        managed = ManagedSocket(
            self._parts.context,
            command.socket_id,
            command.spec,
            self._parts.store.counters.of(command.socket_id),
            self._resolver.ask,
            self._tell,
        )
        self._sockets[command.socket_id] = managed
        self._open(managed)
        self._links.forget()
        self._publish(managed)

    def _open(self, managed: ManagedSocket) -> None:
        managed.open()
        self._polled.add(managed)

    def _close(self, managed: ManagedSocket, at_once: bool = False) -> None:
        reason = Problem("The socket was closed.", "Reopen it and start again.")
        self._periodic.stop_for(managed.socket_id, reason)
        given_up = managed.inproc_endpoints()
        self._polled.remove(managed)
        managed.close(at_once)
        if not at_once:
            self._rejoin(given_up)

    def _change_endpoint(
        self, managed: ManagedSocket, command: cmd.RemoveEndpoint | cmd.RetryEndpoint
    ) -> None:
        endpoint = command.endpoint
        is_inproc = transport_of(endpoint) == "inproc"
        # Polling a SUB, ROUTER or REP makes libzmq fetch the first frame of a message. If its
        # connection goes before the rest is read, the next recv aborts the process (fq.cpp:80):
        # take it whole, and do not poll in between.
        self._empty(managed, _EMPTY_S if is_inproc else 0.0)
        if isinstance(command, cmd.RemoveEndpoint):
            managed.remove_endpoint(endpoint)
        else:
            managed.retry_endpoint(endpoint)
        if is_inproc:
            # Whoever binds comes first: a PAIR that still has its old connection takes no new one.
            if endpoint.role is Role.BIND:
                self._renew(managed)
            self._rejoin([endpoint])
            if endpoint.role is Role.CONNECT:
                self._renew(managed)

    def _rejoin(self, given_up: Iterable[Endpoint]) -> None:
        """Connect the other sides of inproc endpoints again.

        Over inproc libzmq never does so by itself: without this, a socket whose peer was closed
        and opened again would look connected and exchange nothing.
        """
        self._links.forget()
        for managed, endpoints in self._links.opposite(given_up):
            self._empty(managed)
            self._renew(managed)
            if managed.spec.type is not SocketType.PAIR:
                managed.rejoin(endpoints)
        self._links.forget()

    def _renew(self, managed: ManagedSocket) -> None:
        """Open a PAIR anew: it refuses connections until the old is gone, and nothing tells when.

        Not one that talks over tcp or ipc: that is its only peer.
        """
        if managed.spec.type is SocketType.PAIR and managed.socket and not managed.peer_count:
            self._empty(managed)
            self._polled.remove(managed)
            managed.close()
            self._open(managed)

    def _empty(self, managed: ManagedSocket, longest_s: float = _EMPTY_S) -> None:
        """Take in what has come over a connection before it goes; at least one pass."""
        deadline_s = time.monotonic() + longest_s
        while managed.socket is not None and managed.spec.type.can_receive:
            is_empty = self._drain_one(managed, managed.socket, _PASS_NS)
            if is_empty or time.monotonic() > deadline_s:
                return

    def _remove(self, managed: ManagedSocket) -> None:
        addresses = inproc_addresses(managed.spec)
        self._close(managed)
        del self._sockets[managed.socket_id]
        self._links.forget()
        self._outbox.put_removed(managed.socket_id)
        self._publish_sharing(addresses)

    def _send_by_id(
        self, socket_id: SocketId, frames: tuple[bytes, ...]
    ) -> tuple[bool, Problem | None]:
        managed = self._sockets.get(socket_id)
        if managed is None:
            return False, _GONE
        peers = managed.peer_count + sum(self._links.peers_of(managed).values())
        result = self._sender.send(managed, frames, peers)
        if result[0] and managed.note_sent(frames):
            self._publish(managed)
        self._outbox.notify()
        return result

    # ---- telling ----------------------------------------------------------------------------

    def _publish(self, managed: ManagedSocket, before: set[str] | None = None) -> None:
        """Tell a socket's state, and that of those that share an inproc address with it.

        Inproc has no monitor events: what one socket does changes the others' state.

        Args:
            managed: The socket.
            before: Inproc addresses that it had before it changed.
        """
        self._outbox.put_socket(managed.snapshot(self._links.peers_of(managed)))
        self._publish_sharing(inproc_addresses(managed.spec) | (before or set()), managed)

    def _publish_sharing(self, addresses: set[str], besides: ManagedSocket | None = None) -> None:
        for other in self._links.sharing(addresses):
            if other is not besides:
                self._outbox.put_socket(other.snapshot(self._links.peers_of(other)))

    def _tell(self, socket_id: SocketId | None, severity: Severity, text: str, hint: str) -> None:
        now_ns = self._parts.clock.now_ns()
        self._outbox.put_notice(Notice(now_ns, socket_id, severity, text, hint))

    def tell_given_up(self) -> None:
        """The loop ends because every step fails."""
        self._tell(
            None,
            Severity.ERROR,
            "The engine has stopped: the same thing went wrong too often in a row.",
            "Start the app again; what was captured can still be read and copied.",
        )

    def tell_unexpected(self, error: Exception) -> None:
        """The outermost handler's word to the user."""
        self._tell(
            None,
            Severity.ERROR,
            f"Something unexpected happened in the engine: {type(error).__name__}: {error}.",
            "Capture goes on; the log has the details.",
        )

    # ---- the end ----------------------------------------------------------------------------

    def close(self) -> None:
        """Stop jobs, close every socket without lingering, close the control end."""
        self._periodic.stop_all()
        for managed in list(self._sockets.values()):
            self._close(managed, at_once=True)
        self._sockets.clear()
        self._polled.close()
        self._control.close()
        self._resolver.close()
