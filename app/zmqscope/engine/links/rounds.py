"""Links in turns: whom the selector watches, who has more to do, who rests. Links' thread."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from zmqscope.core.security.access_rules import AddressRules
from zmqscope.engine.access.lobby import Lobby
from zmqscope.engine.links.flow import Scratch
from zmqscope.engine.links.gate import AnyLink, Gate
from zmqscope.engine.links.link import Progress
from zmqscope.engine.links.plan import GateId, GatePlan, GateReport

log = logging.getLogger(__name__)

_LOOK_S = 0.25
_LONGEST_WAIT_S = 60.0
_PAUSE_AFTER_FULL_S = 0.05


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


class LinkRounds:
    """Serves all endpoints and their links, a step at a time.

    Made by whoever starts the thread, and used on that thread alone from then on.

    Args:
        scratch: What flows use.
        lobby: Told of peers of locked sockets that have not shaken hands yet.
        report: Takes what there is to tell.
        bell: Can be read when somebody else wants something of the thread.
        rung: Called then.
    """

    def __init__(
        self,
        scratch: Scratch,
        lobby: Lobby,
        report: Callable[[GateReport], None],
        bell: socket.socket,
        rung: Callable[[LinkRounds], None],
    ) -> None:
        self._scratch = scratch
        self._lobby = lobby
        self._report = report
        self._rung = rung
        self._selector = selectors.DefaultSelector()
        self._selector.register(bell, selectors.EVENT_READ, None)
        self._gates: dict[GateId, Gate] = {}
        self._watched: dict[AnyLink, _Watched] = {}
        self._busy: deque[_Watched] = deque()
        self._paused: list[tuple[float, _Watched]] = []
        self._deaf: list[tuple[float, Gate]] = []
        self._look_s = 0.0

    def step(self, *, may_wait: bool) -> None:
        """Wait until somebody has something to do, then have each go on once.

        Args:
            may_wait: Whether nothing else is to be done on this thread.
        """
        for key, _ in self._selector.select(self._timeout_s() if may_wait else 0.0):
            if key.data is None:
                self._rung(self)
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

    def close(self) -> None:
        """Close all endpoints and their links."""
        for gate_id in list(self._gates):
            self.close_gate(gate_id)
        self._selector.close()

    def _timeout_s(self) -> float:
        if self._busy:
            return 0.0
        waits = [due_s for due_s, _ in (*self._paused, *self._deaf)]
        if not self._watched and not waits:
            return _LONGEST_WAIT_S
        soonest_s = min([*waits, self._look_s])
        return max(0.0, soonest_s - time.monotonic())

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

    def open_gate(
        self,
        gate_id: GateId,
        plan: GatePlan,
        listener: socket.socket,
        datagrams: socket.socket | None,
    ) -> None:
        """Serve an endpoint: see ``LinkBoard.open``."""
        gate = Gate(gate_id, plan, listener, datagrams, self._scratch, self._report, self._lobby)
        self._gates[gate_id] = gate
        self._listen(gate)

    def set_addresses(self, gate_id: GateId, addresses: tuple[str, ...]) -> None:
        """The host of a connect has other addresses now."""
        gate = self._gates.get(gate_id)
        if gate is not None:
            gate.set_addresses(addresses)

    def set_rules(self, rules: AddressRules) -> None:
        """An access list says something else of addresses now."""
        for gate in self._gates.values():
            for link in gate.set_rules(rules):
                self._drop(self._watched[link])

    def _listen(self, gate: Gate) -> None:
        if self._gates.get(gate.gate_id) is gate:
            self._selector.register(gate.listener, selectors.EVENT_READ, gate)

    def _on_knock(self, gate: Gate) -> None:
        if gate.gate_id not in self._gates:
            return
        links = gate.accept()
        for link in links:
            watched = _Watched(link, gate)
            self._watched[link] = watched
            self._hurry(watched)
        if not links:
            # Whoever knocks cannot be let in: do not be told of it all the time.
            self._selector.unregister(gate.listener)
            self._deaf.append((time.monotonic() + _PAUSE_AFTER_FULL_S, gate))

    def close_gate(self, gate_id: GateId) -> None:
        """Close an endpoint and its links."""
        gate = self._gates.pop(gate_id, None)
        if gate is None:
            return
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
        if wanted == watched.events:
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
