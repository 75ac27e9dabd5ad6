"""Reads what says who is at the other end: subscriptions, and first messages. Loop thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

import numpy as np
import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.peers import PeerId
from zmqscope.core.types import Direction, Role, SocketId, SocketSpec
from zmqscope.engine.drain import DrainResult, Source
from zmqscope.engine.watch.descriptors import hang_up
from zmqscope.engine.watch.introductions import Introductions
from zmqscope.engine.watch.learned import MessageFacts
from zmqscope.engine.watch.peer_book import PeerBook
from zmqscope.engine.watch.reader import Taken, descriptor_of, facts_of, store, take

_A_TURN = 500
_A_TURN_NS = 1_000_000
_SUBSCRIBES, _CANCELS = 1, 0
_SUBSCRIPTIONS = (b"\x00", b"\x01")
# What nobody reads has to go soon: libzmq keeps it.
_MOST_UNREAD, _MOST_UNREAD_NS = 4_000, 4_000_000
# So many messages that nobody reads, in turns that did not come to an end, are a flood; of one who
# has done it before, so many.
_A_FLOOD, _A_FLOOD_AGAIN = 2_000, 100
# Subscriptions are read, but so many at a time are no programs' any more: each counts for little.
_MESSAGE, _SUBSCRIPTION = 25, 1
_MOST_KNOWN = 1_000

Handle = zmq.Socket[bytes]


class Watched(Protocol):
    """What is needed of a socket of the app."""

    socket_id: SocketId
    spec: SocketSpec
    topic_rule: TopicRule
    peers: PeerBook

    @property
    def socket(self) -> Handle | None:
        """The libzmq socket; None while closed."""
        ...

    def addresses(self, role: Role) -> Iterable[str]:
        """Addresses of its endpoints in a role, as typed and as bound."""
        ...

    def on_flooded(self, address: str) -> None:
        """A peer sent so much to a socket that takes nothing that its connection was closed."""
        ...


W = TypeVar("W", bound=Watched)
See = Callable[[W], bool]


class Reading:
    """Of all sockets.

    Args:
        capture: Where messages go.
        offset_ns: Capture clock minus monotonic clock, in ns.
        touched: Told of a book in which something has changed.
    """

    def __init__(
        self, capture: CaptureStore, offset_ns: int, touched: Callable[[PeerBook], None]
    ) -> None:
        self._store = capture
        self._offset_ns = offset_ns
        self._touched = touched
        self._unread: dict[SocketId, Counter[int]] = {}
        self._floods: dict[tuple[SocketId, object], None] = {}

    # ---- messages ---------------------------------------------------------------------------

    def introduce(
        self, handle: Handle, managed: W, see: See[W], introductions: Introductions
    ) -> DrainResult:
        """Take a few messages, and learn whose they are.

        Args:
            handle: The libzmq socket.
            managed: Whose it is.
            see: See ``PeerWatch.read``.
            introductions: When it is time for the next.
        """
        book = managed.peers
        taken = take(handle, introductions.how_many(book), _A_TURN_NS)
        is_sure = see(managed)
        learned = False
        routes = book.kind.routes_by_identity
        for message in taken.messages() if is_sure else ():
            facts = facts_of(message, routes)
            learned |= facts is not None and book.note_message(facts)
        introductions.note(learned)
        return self._capture(handle, managed, taken)

    def _capture(self, handle: Handle, managed: Watched, taken: Taken) -> DrainResult:
        source = Source(handle, managed.socket_id, managed.topic_rule)
        return store(source, taken, self._store, self._offset_ns)

    # ---- subscriptions ----------------------------------------------------------------------

    def read_xpub(self, handle: Handle, managed: W, see: See[W]) -> DrainResult:
        """Capture what an XPUB has, up to a bound, and note the subscriptions among it."""
        taken = take(handle, _A_TURN, _A_TURN_NS)
        result = self._capture(handle, managed, taken)
        self._note(managed, taken, see(managed))
        return result

    def read_publisher(self, handle: Handle, managed: W, see: See[W]) -> bool:
        """Note what subscribers of a PUB want; whether there is nothing more.

        Everything else that they send is dropped, as a PUB does.
        """
        taken = take(handle, _MOST_UNREAD, _MOST_UNREAD_NS)
        is_sure = see(managed)
        self._note(managed, taken, is_sure)
        if taken.emptied:
            self._unread.pop(managed.socket_id, None)
        elif is_sure:
            self._stem(managed, taken.frames)
        return taken.emptied

    def _note(self, managed: Watched, taken: Taken, is_sure: bool) -> None:
        """Note the subscriptions among messages."""
        book = managed.peers
        subscribers = book.subscribers
        if subscribers is None:
            return
        has_any = False
        for frame in taken.frames:
            data = frame.bytes
            if data[:1] in _SUBSCRIPTIONS:
                has_any = True
                subscribers.note(data, self._whose(book, frame) if is_sure else None)
        if has_any:
            self._touched(book)

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

    def scan(self, managed: Watched, first_row: int) -> None:
        """Count the subscriptions among messages that the drain has taken: it does not say whose.

        Args:
            managed: An XPUB.
            first_row: The first row that it may have got.
        """
        subscribers = managed.peers.subscribers
        if subscribers is None:
            return
        has_any = False
        for part in self._store.columns(first_row, self._store.end_row):
            mine = (part.socket == managed.socket_id) & (part.direction == Direction.RECEIVED)
            found = np.flatnonzero(mine & (part.size > 0))
            low = part.first_row - part.segment.base_row
            buffers = part.segment.buffers
            starts = buffers.first_byte[low + found].astype(np.int64)
            firsts = buffers.arena[starts]
            for index in found[(firsts == _SUBSCRIBES) | (firsts == _CANCELS)].tolist():
                start, end = next(part.segment.frame_bounds(low + index))
                subscribers.note(buffers.arena[start:end].tobytes(), None)
                has_any = True
        if has_any:
            self._touched(managed.peers)

    # ---- floods -----------------------------------------------------------------------------

    def _stem(self, managed: Watched, frames: list[zmq.Frame]) -> None:
        """Close the connection of a peer that sends without end to a socket that takes nothing.

        libzmq keeps all of it until it is read (xpub.cpp), and does nothing else meanwhile.
        """
        counts = self._unread.setdefault(managed.socket_id, Counter())
        for frame in frames:
            descriptor = descriptor_of(frame)
            if descriptor is not None:
                is_other = frame.bytes[:1] not in _SUBSCRIPTIONS
                counts[descriptor] += _MESSAGE if is_other else _SUBSCRIPTION
        for descriptor, count in list(counts.items()):
            record = managed.peers.find(MessageFacts(descriptor))
            if record is None:
                continue
            origin = (managed.socket_id, record.origin)
            is_again = origin in self._floods
            if count < _MESSAGE * (_A_FLOOD_AGAIN if is_again else _A_FLOOD):
                continue
            del counts[descriptor]
            if hang_up(descriptor, record.inode):
                self._floods[origin] = None
                if len(self._floods) > _MOST_KNOWN:
                    del self._floods[next(iter(self._floods))]
                managed.on_flooded(record.address)
