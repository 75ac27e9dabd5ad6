"""The poll loop: one ``zmq.Poller`` over commands, sockets and monitors. One thread, no Qt."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
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
        self._poller = zmq.Poller()
        self._poller.register(self._control.socket, zmq.POLLIN)
        self._sockets: dict[SocketId, ManagedSocket] = {}
        self._by_handle: dict[zmq.Socket[bytes], ManagedSocket] = {}
        self._by_monitor: dict[zmq.Socket[bytes], ManagedSocket] = {}
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
        ready = [handle for handle, _ in self._poller.poll(wait_ms)]
        self._run_commands()
        if self.stopping:
            return
        for answer in self._resolver.answers():
            managed = self._sockets.get(answer.socket_id)
            if managed is not None:
                managed.on_name(answer.endpoint, answer.reason, answer.addresses)
                self._publish(managed)
        for handle in ready:
            managed = self._by_monitor.get(handle)
            if managed is not None and managed.on_events(read_events(handle)):
                self._publish(managed)
        # Not one that a command has closed in this very step.
        self._drain([handle for handle in ready if handle in self._by_handle])
        self._periodic.run_due()
        self._look_after()

    def _drain(self, ready: list[zmq.Socket[bytes]]) -> None:
        """Take from the ready sockets in turn; those left over come first in the next step."""
        if not ready:
            return
        first = self._turn % len(ready)
        share_ns = max(_MIN_SHARE_NS, _PASS_NS // len(ready))
        deadline = time.monotonic_ns() + _ALL_DRAINS_NS
        for handle in ready[first:] + ready[:first]:
            self._turn += 1
            self._drain_one(self._by_handle[handle], handle, share_ns)
            if time.monotonic_ns() > deadline:
                break
        self._outbox.notify()

    def _drain_one(self, managed: ManagedSocket, handle: zmq.Socket[bytes], share_ns: int) -> None:
        drain = self._parts.drain
        try:
            result = drain.drain(handle, managed.socket_id, _PASS_MESSAGES, share_ns)
        except zmq.ZMQError as error:
            managed.tell(Told(Severity.ERROR, f"Receiving failed: {error}."))
            return
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
            case cmd.RemoveEndpoint():
                managed.remove_endpoint(command.endpoint)
                self._release(managed, command.endpoint)
            case cmd.RetryEndpoint():
                managed.retry_endpoint(command.endpoint)
                self._release(managed, command.endpoint)
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
        if managed.socket is None or managed.monitor is None:
            return
        self._by_monitor[managed.monitor] = managed
        self._poller.register(managed.monitor, zmq.POLLIN)
        if managed.spec.type.can_receive:
            self._by_handle[managed.socket] = managed
            self._poller.register(managed.socket, zmq.POLLIN)

    def _close(self, managed: ManagedSocket, at_once: bool = False) -> None:
        reason = Problem("The socket was closed.", "Reopen it and start again.")
        self._periodic.stop_for(managed.socket_id, reason)
        for handle, table in (
            (managed.socket, self._by_handle),
            (managed.monitor, self._by_monitor),
        ):
            if handle is not None and table.pop(handle, None) is not None:
                self._poller.unregister(handle)
        given_up = {e.address for e in managed.inproc_endpoints() if e.role is Role.BIND}
        managed.close(at_once)
        if given_up and not at_once:
            self._links.release(managed, given_up)

    def _release(self, managed: ManagedSocket, endpoint: Endpoint) -> None:
        if endpoint.role is Role.BIND and endpoint.address.startswith("inproc:"):
            self._links.release(managed, {endpoint.address})

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
        self._poller.unregister(self._control.socket)
        self._control.close()
        self._resolver.close()
