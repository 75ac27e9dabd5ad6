"""What the engine has to tell, kept until the GUI fetches it: bounded and coalesced.

Filled on the loop's thread, taken on the GUI thread; a short lock between them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.events import EventLine
from zmqscope.core.load import LoadSnapshot
from zmqscope.core.peers import SocketPeers
from zmqscope.core.security.access import Knock, KnockId
from zmqscope.core.types import JobId, JobSnapshot, Notice, SendReport, SocketId, SocketSnapshot

MAX_NOTICES = 2_000
MAX_REPORTS = 10_000
MAX_EVENTS = 10_000


@dataclass(frozen=True, slots=True)
class Update:
    """Everything told since the last fetch.

    Attributes:
        sockets: The latest snapshot of each socket that changed.
        removed: Sockets forgotten.
        notices: In order.
        reports: In order.
        jobs: The latest snapshot of each periodic send that changed.
        loads: The latest snapshot of each load that changed.
        dropped: Notices, reports and event lines that did not fit.
        peers: The peers of each socket where something changed.
        findings: All findings that last now; None if nothing changed.
        events: Event lines, new and changed, by number.
        knocks: The latest of each unknown peer that knocked.
    """

    sockets: tuple[SocketSnapshot, ...]
    removed: tuple[SocketId, ...]
    notices: tuple[Notice, ...]
    reports: tuple[SendReport, ...]
    jobs: tuple[JobSnapshot, ...]
    loads: tuple[LoadSnapshot, ...]
    dropped: int
    peers: tuple[SocketPeers, ...] = ()
    findings: tuple[Finding, ...] | None = None
    events: tuple[EventLine, ...] = ()
    knocks: tuple[Knock, ...] = ()


class Outbox:
    """Coalesces by socket and job; bounds what cannot be coalesced.

    Args:
        notify: Called after something was put in; must be cheap and safe on the loop's thread.
    """

    def __init__(self, notify: Callable[[], None]) -> None:
        self.notify = notify
        self._lock = threading.Lock()
        self._sockets: dict[SocketId, SocketSnapshot] = {}
        self._last: dict[SocketId, SocketSnapshot] = {}
        self._removed: list[SocketId] = []
        self._notices: deque[Notice] = deque()
        self._reports: deque[SendReport] = deque()
        self._jobs: dict[JobId, JobSnapshot] = {}
        self._loads: dict[JobId, LoadSnapshot] = {}
        self._peers: dict[SocketId, SocketPeers] = {}
        self._findings: tuple[Finding, ...] | None = None
        self._events: dict[int, EventLine] = {}
        self._knocks: dict[KnockId, Knock] = {}
        self._dropped = 0

    def put_socket(self, snapshot: SocketSnapshot) -> None:
        """A socket as it is now; nothing happens if that is what was told last.

        A socket that waits for its peer has many events and one state.
        """
        with self._lock:
            if self._last.get(snapshot.socket_id) == snapshot:
                return
            self._last[snapshot.socket_id] = snapshot
            self._sockets[snapshot.socket_id] = snapshot
        self.notify()

    def put_removed(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        with self._lock:
            self._sockets.pop(socket_id, None)
            self._last.pop(socket_id, None)
            self._peers.pop(socket_id, None)
            self._removed.append(socket_id)
        self.notify()

    def put_notice(self, notice: Notice) -> None:
        """Something to tell; the oldest goes when the box is full."""
        with self._lock:
            if len(self._notices) >= MAX_NOTICES:
                self._notices.popleft()
                self._dropped += 1
            self._notices.append(notice)
        self.notify()

    def put_report(self, report: SendReport) -> None:
        """What became of a send."""
        with self._lock:
            if len(self._reports) >= MAX_REPORTS:
                self._reports.popleft()
                self._dropped += 1
            self._reports.append(report)
        self.notify()

    def put_job(self, job: JobSnapshot) -> None:
        """A periodic send as it is now."""
        with self._lock:
            self._jobs[job.job_id] = job
        self.notify()

    def put_load(self, load: LoadSnapshot) -> None:
        """A load as it is now."""
        with self._lock:
            self._loads[load.job_id] = load
        self.notify()

    def put_peers(self, peers: SocketPeers) -> None:
        """The peers of a socket as they are now; does not wake the window by itself."""
        with self._lock:
            self._peers[peers.socket_id] = peers

    def put_findings(self, findings: tuple[Finding, ...]) -> None:
        """All findings that last now."""
        with self._lock:
            self._findings = findings
        self.notify()

    def put_event(self, line: EventLine) -> None:
        """An event line, new or changed; the oldest goes when the box is full."""
        with self._lock:
            if line.number not in self._events and len(self._events) >= MAX_EVENTS:
                del self._events[next(iter(self._events))]
                self._dropped += 1
            self._events[line.number] = line

    def put_knock(self, knock: Knock) -> None:
        """An unknown peer as it is now."""
        with self._lock:
            self._knocks[knock.knock_id] = knock
        self.notify()

    def take(self) -> Update:
        """Fetch and forget everything."""
        with self._lock:
            update = Update(
                tuple(self._sockets.values()),
                tuple(self._removed),
                tuple(self._notices),
                tuple(self._reports),
                tuple(self._jobs.values()),
                tuple(self._loads.values()),
                self._dropped,
                tuple(self._peers.values()),
                self._findings,
                tuple(self._events[number] for number in sorted(self._events)),
                tuple(self._knocks.values()),
            )
            self._sockets.clear()
            self._removed.clear()
            self._notices.clear()
            self._reports.clear()
            self._jobs.clear()
            self._loads.clear()
            self._peers.clear()
            self._findings = None
            self._events.clear()
            self._knocks.clear()
        return update
