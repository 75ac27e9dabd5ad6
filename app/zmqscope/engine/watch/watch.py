"""Who is at the other end of every socket: looked at, kept together, told. Loop thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.peers import SocketPeers
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.drain import DrainResult
from zmqscope.engine.watch.emptying import Emptying
from zmqscope.engine.watch.gauges import Gauges
from zmqscope.engine.watch.introductions import Introductions
from zmqscope.engine.watch.news import PeerNews
from zmqscope.engine.watch.own_sockets import OwnSockets
from zmqscope.engine.watch.peer_book import BookParts, PeerBook
from zmqscope.engine.watch.peer_record import PeerRecord
from zmqscope.engine.watch.process_desk import ProcessDesk
from zmqscope.engine.watch.processes import Processes
from zmqscope.engine.watch.reading import Handle, Reading, Watched

_TELL_EVERY_S = 0.25
_REST_TIMES, _LONGEST_REST_S = 50, 0.5
_LOOKS_A_TELL = 500
_LATE_LOOKS = 200


W = TypeVar("W", bound=Watched)
Met = Callable[[SocketId], Mapping[tuple[Endpoint, SocketId], SocketType]]


@dataclass(slots=True, eq=False)
class _Seen:
    """What is kept of each socket besides its book."""

    book: PeerBook
    gauges: Gauges
    introductions: Introductions


class PeerWatch:
    """The peers of all sockets.

    Args:
        capture: Where messages go and are counted.
        clock: The capture clock.
        put: Told of the peers of a socket where something has changed.
        notify: Called after that.

    Attributes:
        processes: Who owns a port, a connection or a pid.
    """

    def __init__(
        self,
        capture: CaptureStore,
        clock: CaptureClock,
        put: Callable[[SocketPeers], None],
        notify: Callable[[], None],
    ) -> None:
        self._store = capture
        self._clock = clock
        self._news = PeerNews(put)
        self._notify = notify
        self._seen: dict[SocketId, _Seen] = {}
        self._touched: set[SocketId] = set()
        self._sockets: Callable[[], Iterable[Watched]] = tuple
        self._met: Met = lambda _: {}
        self._decisions: Callable[[SocketId], Sequence[AccessRecord]] = lambda _: ()
        self._emptying = Emptying(capture.counters)
        self.processes = Processes()
        self._desk = ProcessDesk(self.processes, self._on_process)
        self._own = OwnSockets(self._at_path, self._kind_of, self._on_own)
        self._reading = Reading(capture, clock.offset_ns, self._touched_by)
        self._looks = _LOOKS_A_TELL
        self._is_late = False
        self._tell_s = 0.0

    def serve(
        self,
        sockets: Callable[[], Iterable[Watched]],
        met: Met,
        decisions: Callable[[SocketId], Sequence[AccessRecord]],
    ) -> None:
        """Begin.

        Args:
            sockets: All sockets of the app.
            met: Which of them a socket is connected to over inproc.
            decisions: The authenticator's last ones at a socket's door, oldest first.
        """
        self._sockets, self._met, self._decisions = sockets, met, decisions

    def book(self, socket_id: SocketId) -> PeerBook:
        """Where the peers of a new socket will be."""
        parts = BookParts(
            self._clock.now_ns,
            self._store.counters.of,
            self._may_look,
            self._touched_by,
            self._on_located,
            self._on_gone,
            self._decisions,
        )
        book = PeerBook(socket_id, parts)
        self._seen[socket_id] = _Seen(book, Gauges(self._store, socket_id), Introductions())
        return book

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        seen = self._seen.pop(socket_id, None)
        if seen is not None:
            seen.book.close()
        self._news.forget(socket_id)
        self._touched.discard(socket_id)
        self._emptying.forget(socket_id)

    def peers_of(self, socket_id: SocketId) -> SocketPeers:
        """The peers of a socket as they were told last, a quarter of a second ago at most."""
        return self._news.last(socket_id)

    def close(self) -> None:
        """End the thread that looks processes up."""
        self.processes.close()

    # ---- what happens to connections --------------------------------------------------------

    def _touched_by(self, book: PeerBook) -> None:
        self._touched.add(book.socket_id)

    def _may_look(self) -> bool:
        self._looks -= 1
        self._is_late |= self._looks < 0
        return self._looks >= 0

    def _on_located(self, record: PeerRecord) -> None:
        self._own.located(record)
        self._desk.located(record)

    def _on_gone(self, record: PeerRecord) -> None:
        self._emptying.on_gone(record.socket_id)
        self._own.gone(record)
        self._desk.gone(record)

    def _on_process(self, record: PeerRecord) -> None:
        seen = self._seen.get(record.socket_id)
        if seen is None:
            return
        if record.process is not None and record.process.pid:
            seen.book.departures.know(record, (record.endpoint, record.process.pid))
        self._touched.add(record.socket_id)

    def _on_own(self, record: PeerRecord) -> None:
        self._touched.add(record.socket_id)

    def _kind_of(self, socket_id: SocketId) -> SocketType:
        seen = self._seen.get(socket_id)
        return SocketType.PAIR if seen is None else seen.book.kind

    def _at_path(self, role: Role, address: str) -> list[SocketId]:
        return [
            managed.socket_id
            for managed in self._sockets()
            if managed.socket is not None and address in managed.addresses(role)
        ]

    # ---- what is read -----------------------------------------------------------------------

    def read(
        self,
        publishers: Sequence[tuple[Handle, W]],
        ready: Sequence[tuple[Handle, W]],
        see: Callable[[W], bool],
        on_taken: Callable[[W, DrainResult], None],
    ) -> list[tuple[Handle, W]]:
        """Read subscriptions, and let those introduce themselves that have not yet.

        Args:
            publishers: Sockets that receive subscriptions only, and have some.
            ready: Sockets that have messages.
            see: Called before messages are looked at, and says whether it has seen all that the
                monitor had: whoever sent them has been announced before.
            on_taken: Told of what was taken.

        Returns:
            The ready ones that may still have something.
        """
        reading = self._reading
        for handle, managed in publishers:
            if managed.socket is handle:
                mark = managed.peers.departures.mark()
                if reading.read_publisher(handle, managed, see):
                    self._emptying.on_emptied(managed, mark)
        rest, now_s = [], time.monotonic()
        for each in ready:
            handle, managed = each
            if managed.socket is not handle:
                continue
            result: DrainResult | None = None
            if self._has_to_be_read(managed, now_s):
                mark = managed.peers.departures.mark()
                result = self._read(handle, managed, see)
                if result.emptied:
                    self._emptying.on_emptied(managed, mark)
                on_taken(managed, result)
            if result is None or not result.emptied:
                rest.append(each)
        return rest

    def _has_to_be_read(self, managed: Watched, now_s: float) -> bool:
        """Whether the next messages tell something; asked of each socket before each pass."""
        if managed.peers.subscribers is not None:
            return True
        seen = self._seen.get(managed.socket_id)
        return seen is not None and seen.introductions.is_due(seen.book, now_s)

    def _read(self, handle: Handle, managed: W, see: Callable[[W], bool]) -> DrainResult:
        if managed.peers.subscribers is not None:
            return self._reading.read_xpub(handle, managed, see)
        return self._reading.introduce(
            handle, managed, see, self._seen[managed.socket_id].introductions
        )

    def on_stored(self, managed: Watched, first_row: int) -> None:
        """Messages of an XPUB went into the store without being looked at."""
        self._reading.scan(managed, first_row)

    def on_emptied(self, managed: Watched) -> None:
        """A socket had nothing more when it was looked at: whoever left has nothing there."""
        self._emptying.on_emptied(managed)

    def on_idle(self, ready: Sequence[tuple[Handle, Watched]]) -> None:
        """Sockets that are not among the ready ones were empty when they were polled."""
        self._emptying.on_idle(ready, self._sockets)

    # ---- telling ----------------------------------------------------------------------------

    def wait_ms(self, limit_ms: int) -> int:
        """How long the loop may sleep, at most ``limit_ms``."""
        if not self._touched and not self._desk.is_waiting:
            return limit_ms
        return max(0, min(limit_ms, int(1_000 * (self._tell_s - time.monotonic())) + 1))

    def look(self, now_s: float) -> None:
        """Look again and tell what has changed, four times a second at most.

        Args:
            now_s: Monotonic time in seconds.
        """
        if now_s < self._tell_s:
            return
        began_s = time.monotonic()
        self._look(now_s)
        # Many busy sockets are looked at less often, so that this costs no more than a little.
        rest_s = min(_LONGEST_REST_S, _REST_TIMES * (time.monotonic() - began_s))
        self._tell_s = now_s + max(_TELL_EVERY_S, rest_s)

    def _look(self, now_s: float) -> None:
        self._looks = _LOOKS_A_TELL
        late = _LATE_LOOKS if self._is_late else 0
        self._desk.look(now_s)
        for seen in self._seen.values():
            seen.book.name_late()
        touched, self._touched = self._touched, set()
        any_told = False
        for socket_id, seen in self._seen.items():
            book = seen.book
            if late:
                late -= book.look_late(late)
            book.meet(self._met(socket_id))
            has_news = seen.gauges.read(book, now_s)
            if has_news or socket_id in touched or socket_id in self._touched:
                any_told |= self._news.tell(book)
        self._touched.clear()
        self._is_late = self._is_late and late < _LATE_LOOKS
        if any_told:
            self._notify()
