"""The log of events: what happens again counts up in its line. Loop thread; no I/O.

Everything that is told about a socket comes here, and goes to the outbox as ``EventLine`` a few
times a second at most, however often it happens: there may be thousands of events a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import zmq

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Notice, Severity, SocketId
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.monitor_words import FAILURES, event_name, event_severity, peer_words
from zmqscope.engine.open_line import OpenLine
from zmqscope.engine.peer_flaps import PeerFlap, PeerFlaps

PAUSE_NS = 30_000_000_000
"""A line that nothing has happened in for so long is closed."""

MAX_OPEN = 2_000
"""Lines that can count up at the same time."""

_FLUSH_NS = 100_000_000
_MOST_PUT = 150
_DROPPED_AT_ONCE = 200
_SWEEP_NS = 5_000_000_000
_MOST_OUTSIDE = 2_000
_MS = 1_000_000
_ACCEPTED = int(zmq.Event.ACCEPTED)

_Key = tuple[object, ...]
_Told = tuple[SocketId | None, EventKind, Severity, str, str, str]


class EventBook:
    """Collapses what is told into lines, and tells the lines.

    Args:
        put: Takes a line, new or changed.
        put_notice: Takes a notice.
        notify: Called after lines were put.
        now_ns: The time on the capture clock.
    """

    def __init__(
        self,
        put: Callable[[EventLine], None],
        put_notice: Callable[[Notice], None],
        notify: Callable[[], None],
        now_ns: Callable[[], int],
    ) -> None:
        self._put = put
        self._put_notice = put_notice
        self._notify = notify
        self._now_ns = now_ns
        self._open: dict[_Key, OpenLine] = {}
        self._flaps = PeerFlaps(PAUSE_NS)
        # By number; what waits to be told.
        self._changed: dict[int, OpenLine] = {}
        self._outside: deque[_Told] = deque(maxlen=_MOST_OUTSIDE)
        self._lines = 0
        self._flush_ns = 0
        self._sweep_ns = 0

    # ---- what happens -----------------------------------------------------------------------

    def tell(
        self,
        socket_id: SocketId | None,
        kind: EventKind,
        severity: Severity,
        text: str,
        hint: str = "",
        address: str = "",
    ) -> int:
        """Something happened, in words that are the same when the same happens again.

        Args:
            socket_id: The socket; None for the whole app.
            kind: Where it comes from.
            severity: How much it matters.
            text: One sentence; without what differs each time, such as an ephemeral port.
            hint: The next step; may be empty.
            address: The endpoint or peer address that it is about; may be empty.

        Returns:
            The number of its line.
        """
        now_ns = self._now_ns()
        key = (socket_id, kind, severity, text, hint, address)
        line = self._open.get(key)
        if line is None or now_ns - line.last_ns > PAUSE_NS:
            line = self._new(kind, severity, socket_id, text, hint, address, now_ns)
            self._open[key] = line
            self._make_room()
        else:
            line.count += 1
            line.last_ns = now_ns
        self._changed[line.number] = line
        return line.number

    def tell_from_outside(
        self,
        socket_id: SocketId | None,
        kind: EventKind,
        severity: Severity,
        text: str,
        hint: str = "",
        address: str = "",
    ) -> None:
        """The same as ``tell``, on any thread; it is in a line half a second later at most.

        Bounded: in a flood the oldest go.
        """
        self._outside.append((socket_id, kind, severity, text, hint, address))

    def peer(
        self,
        socket_id: SocketId,
        came: bool,
        severity: Severity,
        text: str,
        hint: str = "",
        address: str = "",
        peers: int = 0,
    ) -> int:
        """A peer came or went; one that does so again and again gets a line of its own.

        Args:
            socket_id: The socket.
            came: Whether it came.
            severity: How much it matters.
            text: One sentence.
            hint: The next step; may be empty.
            address: Where it came to.
            peers: How many are there now.

        Returns:
            The number of its line.
        """
        now_ns = self._now_ns()
        flap = self._flaps.note(socket_id, address, came, peers, now_ns)
        if flap.line is not None:
            flap.count_up(came, severity, now_ns)
            self._changed[flap.line.number] = flap.line
            return flap.line.number
        number = self.tell(socket_id, EventKind.PEER, severity, text, hint, address)
        key = (socket_id, EventKind.PEER, severity, text, hint, address)
        flap.add(self._open[key], key, came)
        return self._collapse(flap, address) if flap.is_due else number

    def _collapse(self, flap: PeerFlap, address: str) -> int:
        """Make one line of a peer's comings and goings; its number."""
        line, others = flap.collapse(address)
        for key in flap.keys:
            self._open.pop(key, None)
        for changed in (*others, line):
            self._changed[changed.number] = changed
        return line.number

    def saw(self, socket_id: SocketId, event: MonitorEvent, address: str = "") -> None:
        """A monitor told of an event. Nothing is put into words here: there may be many.

        Args:
            socket_id: The socket.
            event: The event.
            address: The endpoint as the user knows it; libzmq's name for it if empty.
        """
        kind = int(event.kind)
        value = event.value if kind in FAILURES else 0
        key = (socket_id, kind, address or event.address, value)
        now_ns = self._now_ns()
        line = self._open.get(key)
        if line is None or now_ns - line.last_ns > PAUSE_NS:
            severity, name = event_severity(kind), event_name(kind)
            line = self._new(EventKind.MONITOR, severity, socket_id, "", name, key[2], now_ns)
            self._open[key] = line
            self._make_room()
        else:
            line.count += 1
            line.last_ns = now_ns
        line.event = event
        if line.number not in self._changed:
            self._changed[line.number] = line
            if kind == _ACCEPTED:
                # Now or never: a moment later the descriptor may be another's.
                line.peer = peer_words(event.value) or line.peer

    def notice(
        self, socket_id: SocketId | None, severity: Severity, text: str, hint: str, line: int
    ) -> None:
        """Post a notice of what has a line already.

        Args:
            socket_id: The socket; None for the whole app.
            severity: How much it matters.
            text: One sentence.
            hint: The next step; may be empty.
            line: The number of its line.
        """
        self._put_notice(Notice(self._now_ns(), socket_id, severity, text, hint, line))

    # ---- telling ----------------------------------------------------------------------------

    def wait_ms(self, limit_ms: int) -> int:
        """How long the loop may wait so that what has changed is told in time.

        Args:
            limit_ms: How long it would wait otherwise, in ms.
        """
        if not self._changed:
            return limit_ms
        left_ms = -(-(self._flush_ns - self._now_ns()) // _MS)
        return min(limit_ms, max(0, left_ms))

    def flush(self) -> None:
        """Tell what has changed, if it is time to."""
        while self._outside:
            self.tell(*self._outside.popleft())
        if not self._changed:
            return
        now_ns = self._now_ns()
        if now_ns < self._flush_ns:
            return
        self._flush_ns = now_ns + _FLUSH_NS
        for _ in range(min(len(self._changed), _MOST_PUT)):
            # First come, first told: none waits for ever.
            line = self._changed.pop(next(iter(self._changed)))
            self._put(line.told())
        self._notify()
        if now_ns >= self._sweep_ns:
            self._sweep_ns = now_ns + _SWEEP_NS
            self._sweep(now_ns)

    def flush_all(self) -> None:
        """Tell everything that has changed: the loop ends."""
        while self._outside:
            self.tell(*self._outside.popleft())
        for line in self._changed.values():
            self._put(line.told())
        self._changed.clear()
        self._notify()

    # ---- bounds -----------------------------------------------------------------------------

    def _new(
        self,
        kind: EventKind,
        severity: Severity,
        socket_id: SocketId | None,
        text: str,
        hint: str,
        address: str,
        now_ns: int,
    ) -> OpenLine:
        self._lines += 1
        return OpenLine(self._lines, kind, severity, socket_id, text, hint, address, now_ns, now_ns)

    def _make_room(self) -> None:
        """Close those that have been quiet for longest; what they have to tell is told first."""
        if len(self._open) <= MAX_OPEN:
            return
        quiet_first = sorted(self._open.items(), key=lambda item: item[1].last_ns)
        for key, line in quiet_first[:_DROPPED_AT_ONCE]:
            del self._open[key]
            if self._changed.pop(line.number, None) is not None:
                self._put(line.told())

    def _sweep(self, now_ns: int) -> None:
        quiet = [key for key, line in self._open.items() if now_ns - line.last_ns > PAUSE_NS]
        for key in quiet:
            del self._open[key]
        self._flaps.sweep(now_ns)
