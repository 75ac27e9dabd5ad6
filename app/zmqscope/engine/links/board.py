"""All links of the app on one thread: a selector, listeners, pumps and deadlines.

The engine's thread asks; reports come back through a descriptor that its poller watches.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from zmqscope.core.security.access_rules import AddressRules
from zmqscope.core.transcode.transcoder import Transcoder
from zmqscope.engine.access.lobby import Lobby
from zmqscope.engine.links.flow import Scratch
from zmqscope.engine.links.gate import AnyLink, Gate
from zmqscope.engine.links.link import Progress
from zmqscope.engine.links.plan import GateId, GatePlan, GateReport

log = logging.getLogger(__name__)

_LOOK_S = 0.25
_ASK_S = 2.0
_MOST_REPORTS = 1_000
_PAUSE_AFTER_FULL_S = 0.05

_numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class _Watched:
    """A link and its endpoint.

    Attributes:
        events: What the selector watches for it, by descriptor.
        is_busy: Whether it will be advanced without waiting for anything.
    """

    link: AnyLink
    gate: Gate
    events: dict[int, int] = field(default_factory=dict)
    is_busy: bool = False


class LinkBoard:
    """Starts its thread with the first endpoint.

    Args:
        transcoder: What flows use.
        lobby: Told of peers of locked sockets that have not shaken hands yet.

    Attributes:
        reports_ready: A socket that can be read when ``reports`` has something.
    """

    def __init__(self, transcoder: Transcoder, lobby: Lobby | None = None) -> None:
        self._lobby = lobby or Lobby()
        self._scratch: Scratch | None = None
        self._transcoder = transcoder
        self._selector: selectors.BaseSelector | None = None
        self._thread: threading.Thread | None = None
        self._asked: deque[Callable[[], None]] = deque()
        self._gates: dict[GateId, Gate] = {}
        self._watched: dict[AnyLink, _Watched] = {}
        self._busy: deque[_Watched] = deque()
        self._paused: list[tuple[float, _Watched]] = []
        self._deaf: list[tuple[float, Gate]] = []
        self._reports: deque[GateReport] = deque(maxlen=_MOST_REPORTS)
        self._look_s = 0.0
        self._is_stopping = False
        self._wake_end, self._woken_end = socket.socketpair()
        self._notify_end, self.reports_ready = socket.socketpair()
        for end in (self._wake_end, self._woken_end, self._notify_end, self.reports_ready):
            end.setblocking(False)

    # ---- asked by the engine's thread -------------------------------------------------------

    def open(
        self, plan: GatePlan, listener: socket.socket, datagrams: socket.socket | None = None
    ) -> GateId:
        """Serve an endpoint.

        Args:
            plan: What its links do.
            listener: Where peers knock if it is bound, else where our own socket does.
            datagrams: The datagram socket of a udp endpoint.
        """
        gate_id = GateId(next(_numbers))
        self._start()
        self._post(lambda: self._open(gate_id, plan, listener, datagrams))
        return gate_id

    def close_gate(self, gate_id: GateId) -> None:
        """Close an endpoint and its links; returns once its address is free."""
        done = threading.Event()

        def close() -> None:
            self._close_gate(gate_id)
            done.set()

        self._post(close)
        if self._thread is not None and self._thread.is_alive():
            done.wait(_ASK_S)

    def set_addresses(self, gate_id: GateId, addresses: tuple[str, ...]) -> None:
        """The host of a connect has other addresses now."""

        def change() -> None:
            gate = self._gates.get(gate_id)
            if gate is not None:
                gate.set_addresses(addresses)

        self._post(change)

    def set_rules(self, rules: AddressRules) -> None:
        """An access list says something else of addresses now."""

        def change() -> None:
            for gate in self._gates.values():
                for link in gate.set_rules(rules):
                    self._drop(self._watched[link])

        self._post(change)

    def reports(self) -> list[GateReport]:
        """What there was to tell since the last call."""
        with contextlib.suppress(BlockingIOError):
            while self.reports_ready.recv(4096):
                pass
        found: list[GateReport] = []
        while self._reports:
            found.append(self._reports.popleft())
        return found

    def close(self, timeout_s: float = 1.0) -> None:
        """Close everything and end the thread."""
        if self._thread is not None:
            self._is_stopping = True
            self._wake()
            self._thread.join(timeout_s)
        for end in (self._wake_end, self._woken_end, self._notify_end, self.reports_ready):
            end.close()

    def _start(self) -> None:
        if self._thread is None:
            self._selector = selectors.DefaultSelector()
            self._scratch = Scratch(self._transcoder)
            self._thread = threading.Thread(target=self._run, name="zmqscope-links", daemon=True)
            self._thread.start()

    def _post(self, action: Callable[[], None]) -> None:
        self._asked.append(action)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_end.send(b"w")

    # ---- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        selector = self._selector
        if selector is None:
            return
        selector.register(self._woken_end, selectors.EVENT_READ, None)
        try:
            while not self._is_stopping:
                try:
                    self._step(selector)
                # The thread's outermost handler: one link's surprise must not end the others.
                except Exception:
                    log.exception("links")
        finally:
            # What was asked last may have brought a listener along, which is ours to close.
            self._run_asked()
            for gate_id in list(self._gates):
                self._close_gate(gate_id)
            selector.close()

    def _step(self, selector: selectors.BaseSelector) -> None:
        for key, _ in selector.select(self._timeout_s()):
            if key.data is None:
                self._on_woken()
            elif isinstance(key.data, Gate):
                self._on_knock(key.data)
            else:
                self._hurry(key.data)
        now_s = time.monotonic()
        self._resume(now_s)
        for _ in range(len(self._busy)):
            self._advance(self._busy.popleft())
        if now_s >= self._look_s:
            self._look_s = now_s + _LOOK_S
            self._end_overdue(now_s)

    def _timeout_s(self) -> float:
        if self._busy or self._asked:
            return 0.0
        waits = [due_s for due_s, _ in (*self._paused, *self._deaf)]
        if not self._watched and not waits:
            return 60.0
        soonest_s = min([*waits, self._look_s])
        return max(0.0, soonest_s - time.monotonic())

    def _on_woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken_end.recv(4096)
        self._run_asked()

    def _run_asked(self) -> None:
        while self._asked:
            self._asked.popleft()()

    def _resume(self, now_s: float) -> None:
        if self._paused:
            due = [each for until_s, each in self._paused if until_s <= now_s]
            self._paused = [pair for pair in self._paused if pair[0] > now_s]
            for watched in due:
                self._hurry(watched)
        if self._deaf:
            due_gates = [gate for until_s, gate in self._deaf if until_s <= now_s]
            self._deaf = [pair for pair in self._deaf if pair[0] > now_s]
            for gate in due_gates:
                self._listen(gate)

    # ---- endpoints --------------------------------------------------------------------------

    def _open(
        self,
        gate_id: GateId,
        plan: GatePlan,
        listener: socket.socket,
        datagrams: socket.socket | None,
    ) -> None:
        if self._scratch is None:
            return
        gate = Gate(
            gate_id, plan, listener, datagrams, self._scratch, self._put_report, self._lobby
        )
        self._gates[gate_id] = gate
        self._listen(gate)

    def _listen(self, gate: Gate) -> None:
        if self._selector is not None and self._gates.get(gate.gate_id) is gate:
            self._selector.register(gate.listener, selectors.EVENT_READ, gate)

    def _on_knock(self, gate: Gate) -> None:
        if gate.gate_id not in self._gates:
            return
        links = gate.accept()
        for link in links:
            watched = _Watched(link, gate)
            self._watched[link] = watched
            self._hurry(watched)
        if not links and self._selector is not None:
            # Whoever knocks cannot be let in: do not be told of it all the time.
            self._selector.unregister(gate.listener)
            self._deaf.append((time.monotonic() + _PAUSE_AFTER_FULL_S, gate))

    def _close_gate(self, gate_id: GateId) -> None:
        gate = self._gates.pop(gate_id, None)
        if gate is None:
            return
        if self._selector is not None:
            with contextlib.suppress(KeyError):
                self._selector.unregister(gate.listener)
        for link in list(gate.links):
            self._drop(self._watched[link])
        gate.close()

    # ---- links ------------------------------------------------------------------------------

    def _hurry(self, watched: _Watched) -> None:
        """Have a link advanced in this step or the next."""
        if not watched.is_busy and watched.link in self._watched:
            watched.is_busy = True
            self._busy.append(watched)

    def _advance(self, watched: _Watched) -> None:
        link = watched.link
        watched.is_busy = False
        if link not in self._watched:
            return
        try:
            progress = link.advance()
        # A link's outermost handler: whatever a peer has found, it ends this link alone.
        except Exception as error:
            log.exception("a link of %s", watched.gate.plan.where)
            link.failure = error
            progress = Progress.HAS_ENDED
        watched.gate.tell_of_progress(link)
        if progress is Progress.HAS_ENDED:
            # First the reason: our own socket notices the end as soon as it is closed.
            watched.gate.tell_of(link)
            self._drop(watched)
            return
        self._watch(watched)
        if progress is Progress.HAS_MORE:
            self._hurry(watched)
        elif (pause_s := link.pause_s) is not None:
            self._paused.append((time.monotonic() + pause_s, watched))

    def _watch(self, watched: _Watched) -> None:
        """Have the selector watch for what the link waits for."""
        selector = self._selector
        wanted = {wire.fileno(): events for wire, events in watched.link.waits_for() if events}
        if selector is None or wanted == watched.events:
            return
        for descriptor in watched.events.keys() - wanted.keys():
            selector.unregister(descriptor)
        for descriptor, events in wanted.items():
            before = watched.events.get(descriptor)
            if before is None:
                selector.register(descriptor, events, watched)
            elif before != events:
                selector.modify(descriptor, events, watched)
        watched.events = wanted

    def _drop(self, watched: _Watched) -> None:
        if self._selector is not None:
            for descriptor in watched.events:
                with contextlib.suppress(KeyError, ValueError, OSError):
                    self._selector.unregister(descriptor)
        watched.events = {}
        watched.link.close()
        watched.gate.forget(watched.link)
        self._watched.pop(watched.link, None)

    def _end_overdue(self, now_s: float) -> None:
        for watched in list(self._watched.values()):
            link = watched.link
            if now_s < link.deadline_s or (link.is_open and not link.is_leaving):
                continue
            if not link.is_leaving:
                link.failure = TimeoutError()
                watched.gate.tell_of(link)
            self._drop(watched)

    def _put_report(self, report: GateReport) -> None:
        self._reports.append(report)
        with contextlib.suppress(BlockingIOError, OSError):
            self._notify_end.send(b"r")
