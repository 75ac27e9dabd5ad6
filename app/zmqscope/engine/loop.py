"""The poll loop: one ``zmq.Poller`` over commands, sockets and monitors. One thread, no Qt."""

from __future__ import annotations

import time

from zmqscope.core.events import EventKind
from zmqscope.core.security.access import Knock
from zmqscope.core.types import Problem, Severity, SocketId
from zmqscope.engine.access.access import Access
from zmqscope.engine.best_bursts import BestBursts
from zmqscope.engine.command_desk import CommandDesk, CommandParts
from zmqscope.engine.control import ControlReceiver
from zmqscope.engine.descriptor_guard import DescriptorGuard
from zmqscope.engine.doctor.desk import DoctorDesk, DoctorParts
from zmqscope.engine.event_book import EventBook
from zmqscope.engine.event_pace import EventPace
from zmqscope.engine.jobs.load import LoadParts, Loads
from zmqscope.engine.jobs.periodic import PeriodicSends
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.links.transcoding import BestTranscoder
from zmqscope.engine.monitor import read_events
from zmqscope.engine.parts import EngineParts
from zmqscope.engine.poll_set import PollSet
from zmqscope.engine.resolver import Resolver
from zmqscope.engine.secret_keeper import SecretKeeper
from zmqscope.engine.sender import Sender
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.surroundings import Surroundings
from zmqscope.engine.table import SocketTable, TableParts
from zmqscope.engine.taking import Taking, TakingParts
from zmqscope.engine.watch.watch import PeerWatch

__all__ = ["EngineLoop", "EngineParts"]

_STEP_MS = 500
_LOOK_AFTER_S = 1.0
_EVENTS_TO_SEE = 200
_RESOLVER_WAIT_MS = 50
_SECRET_WAIT_MS = 10


class EngineLoop:
    """Make it, ``step`` it and ``close`` it on one thread.

    Args:
        parts: See ``EngineParts``.
    """

    def __init__(self, parts: EngineParts) -> None:
        outbox, clock = parts.outbox, parts.clock
        self._outbox = outbox
        self._events = EventBook(outbox.put_event, outbox.put_notice, outbox.notify, clock.now_ns)
        self._control = ControlReceiver(parts.context, parts.control)
        self._access = Access(
            parts.context, self._on_knock, self._events.tell_from_outside, clock.now_ns
        )
        self._board = LinkBoard(BestTranscoder(parts.kernels), self._access.lobby)
        self._links = LinkDesk(self._board)
        self._polled = PollSet(self._control.socket, self._board.reports_ready)
        self._resolver = Resolver()
        self._keeper = SecretKeeper(parts.secrets)
        self._watch = PeerWatch(parts.store, clock, outbox.put_peers, outbox.notify)
        self._sockets = self._make_sockets(parts)
        self._watch.serve(lambda: self._sockets, self._sockets.met, self._access.recent)
        self._guard = DescriptorGuard(self._sockets, self._tell, self._sockets.publish)
        self._loads = self._make_loads(parts)
        self._doctor = self._make_doctor(parts)
        self._taking = Taking(
            TakingParts(
                parts.drain,
                parts.store,
                self._watch,
                self._doctor,
                self._sockets.publish,
                outbox.notify,
            )
        )
        self._periodic = PeriodicSends(self._send, outbox.put_job)
        self._commands = self._make_commands(parts)
        self._look_after_s = time.monotonic() + _LOOK_AFTER_S
        self._pace = EventPace()

    def _make_sockets(self, parts: EngineParts) -> SocketTable:
        around = Surroundings(
            parts.context,
            self._resolver.ask,
            self._tell,
            self._links,
            self._events,
            self._keeper.ask,
            self._watch,
        )
        return SocketTable(
            TableParts(
                around,
                self._polled,
                parts.store.counters,
                parts.outbox,
                self._take,
            )
        )

    def _make_loads(self, parts: EngineParts) -> Loads:
        return Loads(
            LoadParts(
                BestBursts(parts.store, parts.clock.offset_ns, parts.kernels),
                self._sockets.get,
                self._sockets.peer_count,
                parts.outbox.put_load,
                self._tell,
            )
        )

    def _make_doctor(self, parts: EngineParts) -> DoctorDesk:
        return DoctorDesk(
            DoctorParts(
                parts.store,
                self._sockets,
                self._sockets.snapshot,
                self._loads.stuck,
                self._events.tell,
                parts.outbox.put_findings,
                parts.clock.offset_ns,
                self._watch.peers_of,
                self._watch.processes.owner_of_port,
                self._access.recent,
                secrets=parts.secrets,
            ),
            parts.patience,
        )

    def _make_commands(self, parts: EngineParts) -> CommandDesk:
        return CommandDesk(
            CommandParts(
                self._control,
                self._sockets,
                Sender(parts.store, parts.clock),
                self._periodic,
                self._loads,
                self._access,
                self._links,
                self._doctor,
                parts.store,
                parts.outbox,
                self._tell,
            )
        )

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._commands.stopping

    # ---- one step ---------------------------------------------------------------------------

    def step(self, timeout_ms: int) -> None:
        """Wait for something to do, at most ``timeout_ms``, and do a bounded part of it."""
        limit = min(timeout_ms, _RESOLVER_WAIT_MS) if self._resolver.is_waiting else timeout_ms
        limit = min(limit, _SECRET_WAIT_MS) if self._keeper.is_waiting else limit
        limit = self._doctor.wait_ms(self._watch.wait_ms(limit))
        limit = self._events.wait_ms(self._loads.wait_ms(self._periodic.wait_ms(limit)))
        wait_ms = 0 if self._control.is_waiting else limit
        ready = self._polled.wait(wait_ms)
        begun_s = time.monotonic()
        if self._control.is_waiting or self._control.socket in ready:
            self._commands.run()
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
            if managed.events.take(events):
                self._doctor.on_peers(managed)
                self._sockets.publish(managed)
        receiving, publishers = self._polled.sockets(ready), self._polled.publishers(ready)
        self._watch.on_idle(receiving + publishers)
        taking = self._taking
        rest = self._watch.read(publishers, receiving, self._see, taking.on_taken)
        taking.take_all(rest, self._loads.wait_ms(self._periodic.wait_ms(_STEP_MS)))
        self._periodic.run_due()
        if self._loads.run_due():
            self._outbox.notify()
        self._look_after()
        self._watch.look(time.monotonic())
        self._events.flush()
        self._rest(sum(len(events) for _, events in seen), begun_s)

    def _rest(self, events: int, begun_s: float) -> None:
        """In a flood of events: let some gather, and others have Python's lock."""
        rest_s = self._pace.rest_s(events, begun_s, time.monotonic())
        if rest_s:
            time.sleep(rest_s)

    def _see(self, managed: ManagedSocket) -> bool:
        """Take in what the monitor of a socket has told meanwhile; whether that is all."""
        if managed.monitor is None:
            return False
        events = list(read_events(managed.monitor, _EVENTS_TO_SEE))
        for report in self._board.reports():
            self._sockets.on_report(report)
        if managed.events.take(events):
            self._doctor.on_peers(managed)
            self._sockets.publish(managed)
        return len(events) < _EVENTS_TO_SEE

    # Two that ask for others before these are there.

    def _take(self, managed: ManagedSocket) -> bool:
        return self._taking.take(managed)

    def _send(self, socket_id: SocketId, frames: tuple[bytes, ...]) -> tuple[bool, Problem | None]:
        return self._commands.send(socket_id, frames)

    def _look_after(self) -> None:
        now_s = time.monotonic()
        self._guard.look(now_s)
        self._doctor.look()
        if now_s < self._look_after_s:
            return
        self._look_after_s = now_s + _LOOK_AFTER_S
        for managed in self._sockets:
            # A handshake that we hold up ourselves is not the peer's doing.
            if not self._access.is_asking(managed.socket_id) and managed.events.look_after(now_s):
                self._sockets.publish(managed)

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
        self._doctor.close()
        self._polled.close()
        self._links.close()
        self._control.close()
        self._resolver.close()
        self._watch.close()
        self._keeper.close()
        self._events.flush_all()
