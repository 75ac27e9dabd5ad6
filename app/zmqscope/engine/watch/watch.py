"""Who is at the other end of every socket: looked at, kept together, told. Loop thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.clock import CaptureClock
from zmqscope.core.peers import MOST_SHOWN, PeerId, SocketPeers
from zmqscope.core.types import Endpoint, Role, SocketId, SocketSpec, SocketType, Turn
from zmqscope.engine.drain import DrainResult, Source
from zmqscope.engine.watch.gauges import FEW_PEERS, Gauges
from zmqscope.engine.watch.introductions import Introductions
from zmqscope.engine.watch.own_sockets import OwnSockets
from zmqscope.engine.watch.peer_book import BookParts, MessageFacts, PeerBook
from zmqscope.engine.watch.peer_record import PeerRecord
from zmqscope.engine.watch.process_desk import ProcessDesk
from zmqscope.engine.watch.processes import Processes
from zmqscope.engine.watch.reader import Taken, descriptor_of, facts_of, store, take

_TELL_EVERY_S = 0.25
_A_TURN = 500
_A_TURN_NS = 1_000_000
_LOOKS_A_TELL = 500
_LATE_LOOKS = 200
_SUBSCRIPTIONS = (b"\x00", b"\x01")

Handle = zmq.Socket[bytes]


class Watched(Protocol):
    """What is needed of a socket of the app."""

    socket_id: SocketId
    spec: SocketSpec
    topic_rule: TopicRule
    socket: Handle | None
    peers: PeerBook

    def addresses(self, role: Role) -> Iterable[str]:
        """Addresses of its endpoints in a role, as typed and as bound."""
        ...


W = TypeVar("W", bound=Watched)

Met = Callable[[SocketId], Mapping[tuple[Endpoint, SocketId], SocketType]]


@dataclass(slots=True, eq=False)
class _Seen:
    """What is kept of each socket besides its book."""

    book: PeerBook
    gauges: Gauges
    introductions: Introductions
    told: SocketPeers


class PeerWatch:
    """The peers of all sockets.

    Args:
        capture: Where messages go and are counted.
        clock: The capture clock.
        put: Told of the peers of a socket where something has changed.
        notify: Called after that.
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
        self._put = put
        self._notify = notify
        self._seen: dict[SocketId, _Seen] = {}
        self._touched: set[SocketId] = set()
        self._sockets: Callable[[], Iterable[Watched]] = tuple
        self._met: Met = lambda _: {}
        self._fresh: set[SocketId] = set()
        self._processes = Processes()
        self._desk = ProcessDesk(self._processes, self._on_process)
        self._own = OwnSockets(self._at_path, self._kind_of, self._on_own)
        self._looks = _LOOKS_A_TELL
        self._tell_s = 0.0

    @property
    def processes(self) -> Processes:
        """Who owns a port, a connection or a pid."""
        return self._processes

    def serve(self, sockets: Callable[[], Iterable[Watched]], met: Met) -> None:
        """Begin.

        Args:
            sockets: All sockets of the app.
            met: Which of them a socket is connected to over inproc.
        """
        self._sockets, self._met = sockets, met

    def book(self, socket_id: SocketId) -> PeerBook:
        """Where the peers of a new socket will be."""
        parts = BookParts(
            self._clock.now_ns,
            self._store.counters.of,
            self._may_look,
            lambda book: self._touched.add(book.socket_id),
            self._on_located,
            self._on_gone,
        )
        book = PeerBook(socket_id, parts)
        self._seen[socket_id] = _Seen(
            book, Gauges(self._store, socket_id), Introductions(), SocketPeers(socket_id)
        )
        return book

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        seen = self._seen.pop(socket_id, None)
        if seen is not None:
            seen.book.close()
        self._touched.discard(socket_id)
        self._fresh.discard(socket_id)

    def peers_of(self, socket_id: SocketId) -> SocketPeers:
        """The peers of a socket as they were told last, a quarter of a second ago at most."""
        seen = self._seen.get(socket_id)
        return SocketPeers(socket_id) if seen is None else seen.told

    def close(self) -> None:
        """End the thread that looks processes up."""
        self._processes.close()

    # ---- what happens to connections --------------------------------------------------------

    def _may_look(self) -> bool:
        self._looks -= 1
        return self._looks >= 0

    def _on_located(self, record: PeerRecord) -> None:
        self._own.located(record)
        self._desk.located(record)

    def _on_gone(self, record: PeerRecord) -> None:
        self._fresh.add(record.socket_id)
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
    ) -> None:
        """Read subscriptions, and let those introduce themselves that have not yet.

        Args:
            publishers: Sockets that receive subscriptions only, and have some.
            ready: Sockets that have messages; those that are XPUB are emptied here, up to a bound.
            see: Called before messages are looked at, and says whether it has seen all that the
                monitor had: whoever sent them has been announced before.
            on_taken: Told of what was taken.
        """
        for handle, managed in publishers:
            if managed.socket is handle:
                self._read_subscriptions(handle, managed, see, None)
        now_s = time.monotonic()
        for handle, managed in ready:
            if managed.socket is not handle:
                continue
            if managed.peers.subscribers is not None:
                self._read_subscriptions(handle, managed, see, on_taken)
                continue
            seen = self._seen.get(managed.socket_id)
            if seen is not None and seen.introductions.is_due(seen.book, now_s):
                taken = self._introduce(seen, handle, managed, see, now_s)
                on_taken(managed, self._capture(handle, managed, taken))

    def _introduce(
        self, seen: _Seen, handle: Handle, managed: W, see: Callable[[W], bool], now_s: float
    ) -> Taken:
        mark = seen.book.departures.mark()
        taken = take(handle, seen.introductions.how_many(seen.book), _A_TURN_NS)
        is_sure = see(managed)
        learned = False
        routes = seen.book.kind.routes_by_identity
        for message in taken.messages() if is_sure else ():
            facts = facts_of(message, routes)
            learned |= facts is not None and seen.book.note_message(facts)
        seen.introductions.note(learned, now_s)
        if taken.emptied:
            self._on_emptied(managed, mark)
        return taken

    def _read_subscriptions(
        self,
        handle: Handle,
        managed: W,
        see: Callable[[W], bool],
        on_taken: Callable[[W, DrainResult], None] | None,
    ) -> None:
        """Of an XPUB they are messages too; of a PUB everything else that comes is dropped."""
        book = managed.peers
        mark = book.departures.mark()
        taken = take(handle, _A_TURN, _A_TURN_NS)
        if on_taken is not None:
            on_taken(managed, self._capture(handle, managed, taken))
        is_sure = see(managed)
        subscribers = book.subscribers
        if subscribers is None:
            return
        has_any = False
        for frame in taken.frames:
            data = frame.bytes
            if data[:1] in _SUBSCRIPTIONS:
                has_any = True
                subscribers.note(data, self._whose(book, frame) if is_sure else None)
        if taken.emptied:
            self._on_emptied(managed, mark)
        if has_any:
            self._touched.add(book.socket_id)

    def _whose(self, book: PeerBook, frame: zmq.Frame) -> PeerId | None:
        descriptor = descriptor_of(frame)
        if descriptor is None:
            return None
        record = book.records.get(descriptor)
        if record is not None and not record.is_introduced:
            facts = facts_of([frame], routes=False)
            if facts is not None:
                book.note_message(facts)
        record = book.find(MessageFacts(descriptor))
        return None if record is None else record.peer_id

    def _capture(self, handle: Handle, managed: Watched, taken: Taken) -> DrainResult:
        source = Source(handle, managed.socket_id, managed.topic_rule)
        return store(source, taken, self._store, self._clock.offset_ns)

    def on_emptied(self, managed: Watched) -> None:
        """A socket had nothing more when it was looked at: whoever left has nothing there."""
        if managed.socket_id in self._fresh:
            self._on_emptied(managed, managed.peers.departures.mark())

    def _on_emptied(self, managed: Watched, mark: int) -> None:
        departures = managed.peers.departures
        if departures.has_fresh and self._is_read(managed):
            departures.on_emptied(mark)
        if not departures.has_fresh:
            self._fresh.discard(managed.socket_id)

    def _is_read(self, managed: Watched) -> bool:
        """Whether an empty socket is empty: a REQ or REP shows nothing out of its turn."""
        turn = self._store.counters.of(managed.socket_id).turn
        return turn in (Turn.FREE, Turn.AWAITS_REPLY, Turn.AWAITS_REQUEST)

    def on_idle(self, ready: Sequence[tuple[Handle, Watched]]) -> None:
        """Sockets that are not among the ready ones were empty when they were polled."""
        if not self._fresh:
            return
        busy = {managed.socket_id for _, managed in ready}
        for managed in self._sockets():
            if managed.socket_id in self._fresh and managed.socket_id not in busy:
                self.on_emptied(managed)

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
        self._tell_s = now_s + _TELL_EVERY_S
        self._looks = _LOOKS_A_TELL
        self._desk.look(now_s)
        touched, self._touched = self._touched, set()
        any_told = False
        for socket_id, seen in self._seen.items():
            book = seen.book
            if len(book.records) > FEW_PEERS:
                book.look_late(_LATE_LOOKS)
            book.meet(self._met(socket_id))
            has_news = seen.gauges.read(book, now_s)
            if has_news or socket_id in touched or socket_id in self._touched:
                any_told |= self._tell(seen)
        self._touched.clear()
        if any_told:
            self._notify()

    def _tell(self, seen: _Seen) -> bool:
        book, told = seen.book, seen.told
        records = list(book.all())
        peers = tuple([record.peer() for record in records[:MOST_SHOWN]])
        subscribers = book.subscribers
        now = SocketPeers(
            book.socket_id,
            peers,
            len(records) - len(peers),
            None if subscribers is None else subscribers.told(),
        )
        if now == told:
            return False
        seen.told = now
        self._put(now)
        return True
