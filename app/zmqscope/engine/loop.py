"""The poll loop: one ``zmq.Poller`` over commands, sockets and monitors. One thread, no Qt."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.events import EventKind
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.security.access import Knock
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import (
    Problem,
    SendReport,
    Severity,
    SocketId,
    SocketSpec,
    SocketType,
    Turn,
)
from zmqscope.engine import commands as cmd
from zmqscope.engine.access.access import Access
from zmqscope.engine.attachment import Told
from zmqscope.engine.best_bursts import BestBursts
from zmqscope.engine.control import ControlQueue, ControlReceiver
from zmqscope.engine.descriptor_guard import DescriptorGuard
from zmqscope.engine.doctor.desk import DoctorDesk, DoctorParts
from zmqscope.engine.drain import Drain, DrainResult, PassBounds, Source
from zmqscope.engine.event_book import EventBook
from zmqscope.engine.jobs.load import LoadParts, Loads
from zmqscope.engine.jobs.periodic import PeriodicSends
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.links.transcoding import BestTranscoder
from zmqscope.engine.monitor import read_events
from zmqscope.engine.outbox import Outbox
from zmqscope.engine.poll_set import Handle, PollSet
from zmqscope.engine.resolver import Resolver
from zmqscope.engine.secret_keeper import SecretKeeper
from zmqscope.engine.sender import Sender
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.surroundings import Surroundings
from zmqscope.engine.table import SocketTable, TableParts
from zmqscope.engine.watch.watch import PeerWatch

log = logging.getLogger(__name__)

# In one turn of a socket: long enough to pay, short enough for those that wait.
_TURN_MESSAGES = 4_000
_TURN_NS = 1_000_000
_TAKE_NS = 4_000_000
_SHORTEST_PASS_NS = 1_000_000
_STEP_MS = 500
# However many commands are waiting, everything else gets its turn soon after.
_ALL_COMMANDS_S = 0.02
_LOOK_AFTER_S = 1.0
_EVENTS_TO_SEE = 200
_RESOLVER_WAIT_MS = 50
_SECRET_WAIT_MS = 10
_GONE = Problem("This socket is gone.", "Open a new one.")
_CLOSED = Problem("The socket was closed.", "Reopen it and start again.")
_CLOSES = (cmd.CloseSocket, cmd.ReopenSocket, cmd.ChangeSpec, cmd.RemoveSocket)


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What a loop is made of; everything but the context is used by the loop's thread only.

    Attributes:
        context: The shared context; terminated by whoever made it.
        control: Where commands come from.
        store: Where rows go.
        clock: The capture clock.
        drain: How rows get there.
        kernels: Compiled loops, as far as they are ready.
        outbox: Where everything else is told.
        secrets: Secrets that are kept in memory.
        patience: How long the doctor waits before it speaks.
    """

    context: zmq.Context[zmq.Socket[bytes]]
    control: ControlQueue
    store: CaptureStore
    clock: CaptureClock
    drain: Drain
    kernels: KernelSet
    outbox: Outbox
    secrets: SessionSecrets = field(default_factory=SessionSecrets)
    patience: Patience = field(default_factory=Patience)


class EngineLoop:
    """Make it, ``step`` it and ``close`` it on one thread.

    Args:
        parts: See ``EngineParts``.
    """

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._outbox = parts.outbox
        self._events = EventBook(
            parts.outbox.put_event, parts.outbox.put_notice, parts.outbox.notify, parts.clock.now_ns
        )
        self._control = ControlReceiver(parts.context, parts.control)
        self._access = Access(
            parts.context,
            self._on_knock,
            self._events.tell_from_outside,
            parts.clock.now_ns,
        )
        self._board = LinkBoard(BestTranscoder(parts.kernels), self._access.lobby)
        self._links = LinkDesk(self._board)
        self._polled = PollSet(self._control.socket, self._board.reports_ready)
        self._resolver = Resolver()
        self._keeper = SecretKeeper(parts.secrets)
        self._sender = Sender(parts.store, parts.clock)
        self._periodic = PeriodicSends(self._send_by_id, self._outbox.put_job)
        outbox = parts.outbox
        self._watch = PeerWatch(parts.store, parts.clock, outbox.put_peers, outbox.notify)
        self._sockets = SocketTable(
            TableParts(
                Surroundings(
                    parts.context,
                    self._resolver.ask,
                    self._tell,
                    self._links,
                    self._events,
                    self._keeper.ask,
                    self._watch,
                ),
                self._polled,
                parts.store.counters,
                parts.outbox,
                self._take,
            )
        )
        self._watch.serve(lambda: self._sockets, self._sockets.met, self._access.recent)
        self._guard = DescriptorGuard(self._sockets, self._tell, self._sockets.publish)
        self._loads = Loads(
            LoadParts(
                BestBursts(parts.store, parts.clock.offset_ns, parts.kernels),
                self._sockets.get,
                self._sockets.peer_count,
                self._outbox.put_load,
                self._tell,
            )
        )
        self._doctor = DoctorDesk(
            DoctorParts(
                parts.store,
                self._sockets,
                self._sockets.snapshot,
                self._loads.stuck,
                self._events.tell,
                self._outbox.put_findings,
                parts.clock.offset_ns,
                self._watch.peers_of,
                self._watch.processes.owner_of_port,
                self._access.recent,
            ),
            parts.patience,
        )
        self._turn = 0
        self._look_after_s = time.monotonic() + _LOOK_AFTER_S
        self.stopping = False

    # ---- one step ---------------------------------------------------------------------------

    def step(self, timeout_ms: int) -> None:
        """Wait for something to do, at most ``timeout_ms``, and do a bounded part of it."""
        limit = min(timeout_ms, _RESOLVER_WAIT_MS) if self._resolver.is_waiting else timeout_ms
        limit = min(limit, _SECRET_WAIT_MS) if self._keeper.is_waiting else limit
        limit = self._doctor.wait_ms(self._watch.wait_ms(limit))
        limit = self._events.wait_ms(self._loads.wait_ms(self._periodic.wait_ms(limit)))
        wait_ms = 0 if self._control.is_waiting else limit
        ready = self._polled.wait(wait_ms)
        if self._control.is_waiting or self._control.socket in ready:
            self._run_commands()
        if self.stopping:
            return
        for answer in self._resolver.answers():
            managed = self._sockets.get(answer.socket_id)
            if managed is not None:
                managed.on_name(answer.endpoint, answer.reason, answer.addresses)
                self._sockets.publish(managed)
        for secrets in self._keeper.answers():
            self._sockets.on_secrets(secrets)
        seen = [(managed, list(read_events(m))) for m, managed in self._polled.monitors(ready)]
        # Reports count first: libzmq only sees that a link has closed its connection. Yet they are
        # asked for last: a link reports before it closes, so the reason of all that was seen is in.
        for report in self._board.reports():
            self._sockets.on_report(report)
        for managed, events in seen:
            if managed.on_events(events):
                self._doctor.on_peers(managed)
                self._sockets.publish(managed)
        receiving, publishers = self._polled.sockets(ready), self._polled.publishers(ready)
        self._watch.on_idle(receiving + publishers)
        self._drain(self._watch.read(publishers, receiving, self._see, self._on_drained))
        self._periodic.run_due()
        if self._loads.run_due():
            self._outbox.notify()
        self._look_after()
        self._watch.look(time.monotonic())
        self._events.flush()

    def _see(self, managed: ManagedSocket) -> bool:
        """Take in what the monitor of a socket has told meanwhile; whether that is all."""
        if managed.monitor is None:
            return False
        events = list(read_events(managed.monitor, _EVENTS_TO_SEE))
        for report in self._board.reports():
            self._sockets.on_report(report)
        if managed.on_events(events):
            self._doctor.on_peers(managed)
            self._sockets.publish(managed)
        return len(events) < _EVENTS_TO_SEE

    def _drain(self, ready: list[tuple[Handle, ManagedSocket]]) -> None:
        """Take from the ready sockets in turn, another one first each time."""
        if not ready:
            return
        first = self._turn % len(ready)
        drain = self._parts.drain
        # What is sent at a pace must not wait for what is received.
        due_ns = self._loads.wait_ms(self._periodic.wait_ms(_STEP_MS)) * 1_000_000
        pass_ns = max(_SHORTEST_PASS_NS, min(due_ns, drain.pass_ns))
        bounds = PassBounds(_TURN_MESSAGES, _TURN_NS, pass_ns, pass_ns > _SHORTEST_PASS_NS)
        ordered = ready[first:] + ready[:first]
        first_row = self._parts.store.end_row
        results = drain.drain([_source(*each) for each in ordered], bounds)
        # Those that were not reached come first in the next step.
        self._turn += sum(result.messages > 0 or result.emptied for result in results)
        for (_, managed), result in zip(ordered, results, strict=True):
            self._on_drained(managed, result)
            if managed.hears_subscriptions:
                self._watch.on_stored(managed, first_row)
            if result.emptied:
                self._watch.on_emptied(managed)
        self._outbox.notify()

    def _on_drained(self, managed: ManagedSocket, result: DrainResult) -> None:
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
        self._doctor.on_drained(managed, result.messages, result.emptied)
        if not result.messages:
            return
        if managed.on_received():
            self._sockets.publish(managed)
        if managed.spec.type in (SocketType.REQ, SocketType.REP):
            counters = self._parts.store.counters.of(managed.socket_id)
            is_req = managed.spec.type is SocketType.REQ
            counters.turn = Turn.MAY_SEND if is_req else Turn.HOLDS_REQUEST

    def _take(self, managed: ManagedSocket) -> bool:
        """One turn of a socket that does not wait for the next pass; whether it is empty."""
        if managed.socket is None:
            return True
        bounds = PassBounds(_TURN_MESSAGES, _TAKE_NS, _TAKE_NS)
        source = _source(managed.socket, managed)
        first_row = self._parts.store.end_row
        (result,) = self._parts.drain.drain([source], bounds)
        self._on_drained(managed, result)
        if managed.hears_subscriptions:
            self._watch.on_stored(managed, first_row)
        return result.emptied

    def _look_after(self) -> None:
        now_s = time.monotonic()
        self._guard.look(now_s)
        self._doctor.look()
        if now_s < self._look_after_s:
            return
        self._look_after_s = now_s + _LOOK_AFTER_S
        for managed in self._sockets:
            # A handshake that we hold up ourselves is not the peer's doing.
            if not self._access.is_asking(managed.socket_id) and managed.look_after(now_s):
                self._sockets.publish(managed)

    # ---- commands ---------------------------------------------------------------------------

    def _run_commands(self) -> None:
        deadline_s = time.monotonic() + _ALL_COMMANDS_S
        for command in self._control.take():
            try:
                self._run(command)
            except zmq.ZMQError as error:
                log.exception("command %s", type(command).__name__)
                self._on_refused(command, error)
            if self.stopping or time.monotonic() > deadline_s:
                return

    def _on_refused(self, command: cmd.Command, error: zmq.ZMQError) -> None:
        socket_id = getattr(command, "socket_id", None)
        self._tell(socket_id, Severity.ERROR, f"libzmq refused: {error}.", "")
        managed = None if socket_id is None else self._sockets.get(socket_id)
        if managed is not None:
            self._sockets.publish(managed)

    def _run(self, command: cmd.Command) -> None:
        match command:
            case cmd.Shutdown():
                self.stopping = True
            case cmd.OpenSocket():
                self._see_to_access(command.socket_id, command.spec)
                self._sockets.open_new(command.socket_id, command.spec)
            case cmd.SendMessage():
                taken, problem = self._send_by_id(command.socket_id, command.frames)
                report = SendReport(command.request_id, command.socket_id, taken, problem)
                self._outbox.put_report(report)
            case cmd.StartPeriodicSend():
                self._start_job(command)
            case cmd.StartLoad():
                self._loads.start(command.job_id, command.socket_id, command.plan)
            case cmd.StopJob():
                self._periodic.stop(command.job_id)
                self._loads.stop(command.job_id)
            case cmd.SetAccess():
                self._access.set_lists(command.lists)
                self._links.set_access(command.lists)
            case cmd.AnswerKnock():
                self._access.answer(command.knock_id, command.verdict)
            case _:
                managed = self._sockets.get(command.socket_id)
                if managed is not None:
                    self._change(managed, command)
                if isinstance(command, cmd.RemoveSocket):
                    self._parts.store.rates.forget(command.socket_id)
                    self._access.on_removed(command.socket_id)
                    self._doctor.on_removed(command.socket_id)

    def _change(self, managed: ManagedSocket, command: cmd.ChangeSocket) -> None:
        socket_id = command.socket_id
        if isinstance(command, _CLOSES):
            self._periodic.stop_for(socket_id, _CLOSED)
            self._loads.stop_for(socket_id, _CLOSED)
            self._access.on_closed(socket_id)
        if isinstance(command, cmd.ChangeSpec):
            self._see_to_access(socket_id, command.spec)
        elif isinstance(command, cmd.ReopenSocket):
            self._see_to_access(socket_id, managed.spec)
        self._sockets.change(managed, command)

    def _see_to_access(self, socket_id: SocketId, spec: SocketSpec) -> None:
        """Have the authenticator there before a socket that needs it is opened."""
        problem = self._access.see_to(socket_id, spec)
        if problem is not None:
            self._tell(socket_id, Severity.ERROR, problem.text, problem.hint)

    def _start_job(self, command: cmd.StartPeriodicSend) -> None:
        self._periodic.start(command.job_id, command.socket_id, command.frames, command.interval_s)
        if self._sockets.get(command.socket_id) is None:
            self._periodic.stop(command.job_id, _GONE)

    def _send_by_id(
        self, socket_id: SocketId, frames: tuple[bytes, ...]
    ) -> tuple[bool, Problem | None]:
        managed = self._sockets.get(socket_id)
        if managed is None:
            return False, _GONE
        peers = self._sockets.peer_count(managed)
        result = self._sender.send(managed, frames, peers)
        if result[0] or self._sender.refused_with:
            self._doctor.on_sent(managed, frames, peers, self._sender.refused_with)
        if result[0] and managed.note_sent(frames):
            self._sockets.publish(managed)
        self._outbox.notify()
        return result

    def _on_knock(self, knock: Knock) -> None:
        """An unknown peer knocks, or has its answer; on the authenticator's thread."""
        self._doctor.on_knock(knock)
        self._outbox.put_knock(knock)

    # ---- telling ----------------------------------------------------------------------------

    def _tell(self, socket_id: SocketId | None, severity: Severity, text: str, hint: str) -> None:
        line = self._events.tell(socket_id, EventKind.NOTICE, severity, text, hint)
        self._events.notice(socket_id, severity, text, hint, line)

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
        self._loads.stop_all()
        self._sockets.close_all()
        self._access.close()
        self._polled.close()
        self._links.close()
        self._control.close()
        self._resolver.close()
        self._watch.close()
        self._keeper.close()
        self._events.flush_all()


def _source(handle: Handle, managed: ManagedSocket) -> Source:
    return Source(handle, managed.socket_id, managed.topic_rule)
