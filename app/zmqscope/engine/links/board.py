"""All links of the app on one thread, and how it is asked for something and reports.

The engine's thread asks; reports come back through a descriptor that its poller watches.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable

from zmqscope.core.security.access_rules import AddressRules
from zmqscope.core.transcode.transcoder import Transcoder
from zmqscope.engine.access.lobby import Lobby
from zmqscope.engine.links.flow import Scratch
from zmqscope.engine.links.plan import GateId, GatePlan, GateReport
from zmqscope.engine.links.rounds import LinkRounds

log = logging.getLogger(__name__)

_ASK_S = 2.0
_MOST_REPORTS = 1_000

_numbers = itertools.count(1)


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
        self._transcoder = transcoder
        self._thread: threading.Thread | None = None
        self._asked: deque[Callable[[LinkRounds], None]] = deque()
        self._reports: deque[GateReport] = deque(maxlen=_MOST_REPORTS)
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
        self._post(lambda rounds: rounds.open_gate(gate_id, plan, listener, datagrams))
        return gate_id

    def close_gate(self, gate_id: GateId) -> None:
        """Close an endpoint and its links; returns once its address is free."""
        done = threading.Event()

        def close(rounds: LinkRounds) -> None:
            rounds.close_gate(gate_id)
            done.set()

        self._post(close)
        if self._thread is not None and self._thread.is_alive():
            done.wait(_ASK_S)

    def set_addresses(self, gate_id: GateId, addresses: tuple[str, ...]) -> None:
        """The host of a connect has other addresses now."""
        self._post(lambda rounds: rounds.set_addresses(gate_id, addresses))

    def set_rules(self, rules: AddressRules) -> None:
        """An access list says something else of addresses now."""
        self._post(lambda rounds: rounds.set_rules(rules))

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
            scratch = Scratch(self._transcoder)
            rounds = LinkRounds(
                scratch, self._lobby, self._put_report, self._woken_end, self._on_rung
            )
            self._thread = threading.Thread(
                target=self._run, args=(rounds,), name="zmqscope-links", daemon=True
            )
            self._thread.start()

    def _post(self, action: Callable[[LinkRounds], None]) -> None:
        self._asked.append(action)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake_end.send(b"w")

    # ---- the thread -------------------------------------------------------------------------

    def _run(self, rounds: LinkRounds) -> None:
        try:
            while not self._is_stopping:
                try:
                    rounds.step(may_wait=not self._asked)
                # The thread's outermost handler: one link's surprise must not end the others.
                except Exception:
                    log.exception("links")
        finally:
            # What was asked last may have brought a listener along, which is ours to close.
            self._run_asked(rounds)
            rounds.close()

    def _on_rung(self, rounds: LinkRounds) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken_end.recv(4096)
        self._run_asked(rounds)

    def _run_asked(self, rounds: LinkRounds) -> None:
        while self._asked:
            self._asked.popleft()(rounds)

    def _put_report(self, report: GateReport) -> None:
        self._reports.append(report)
        with contextlib.suppress(BlockingIOError, OSError):
            self._notify_end.send(b"r")
