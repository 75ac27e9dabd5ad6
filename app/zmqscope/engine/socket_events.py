"""What happens at the endpoints of one socket: taken in, and told. Loop thread; no I/O."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from zmqscope.core.events import EventKind
from zmqscope.core.types import SocketId, SocketType
from zmqscope.engine.attachment import Attachment, Told
from zmqscope.engine.endpoint_match import Match
from zmqscope.engine.event_book import EventBook
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.notice_gate import NoticeGate


class SocketEvents:
    """Finds whose each event is, has the endpoint take it in, and tells what that is worth.

    Args:
        socket_id: The socket.
        kind: Its type.
        book: The log of events.
        attachments: Its endpoints, as they are at any time.
    """

    def __init__(
        self,
        socket_id: SocketId,
        kind: SocketType,
        book: EventBook,
        attachments: Sequence[Attachment],
    ) -> None:
        self._socket_id = socket_id
        self._is_pair = kind in (SocketType.PAIR, SocketType.CHANNEL)
        self._book = book
        self._attachments = attachments
        self._gate = NoticeGate()

    @property
    def peer_count(self) -> int:
        """Connections alive, inproc ones not counted."""
        return sum(a.peers for a in self._attachments)

    def take(self, events: Iterable[MonitorEvent]) -> bool:
        """Take monitor events in; whether there were any."""
        any_event = False
        for event in events:
            any_event = True
            best = max(self._attachments, key=lambda a: a.match(event.address), default=None)
            if best is None or best.match(event.address) is Match.NONE:
                self._book.saw(self._socket_id, event)
                continue
            self._book.saw(self._socket_id, event, best.actual)
            is_taken = self._is_pair and self.peer_count > 0
            peers = best.peers
            told = best.apply(event, is_taken)
            self.tell(told, best.peers - peers, best)
        return any_event

    def look_after(self, now_s: float) -> bool:
        """What no event tells, about once a second; whether anything changed.

        Args:
            now_s: Monotonic time in seconds.
        """
        has_told = False
        for attachment in self._attachments:
            peers = attachment.peers
            for each in attachment.look_after(now_s):
                has_told = True
                self.tell(each, attachment.peers - peers, attachment)
        return has_told

    def on_received(self) -> bool:
        """Messages came; whether that shows a peer that no event has told of."""
        if self.peer_count:
            return False
        told = [(a, t) for a in self._attachments if (t := a.credit()) is not None]
        for attachment, each in told:
            self.tell(each, 1, attachment)
        return bool(told)

    def tell(self, told: Told | None, more_peers: int = 0, where: Attachment | None = None) -> None:
        """Note an event, and publish a notice, unless it has come too often lately.

        Args:
            told: What happened.
            more_peers: By how many peers there are more, or less, since then.
            where: The endpoint that it is about.
        """
        if told is None:
            return
        book, mine = self._book, self._socket_id
        address = "" if where is None else where.actual
        words = (told.severity, told.text, told.hint, address)
        if more_peers and where is not None:
            line = book.peer(mine, more_peers > 0, *words, where.peers)
        else:
            kind = EventKind.MONITOR if told.is_found else EventKind.NOTICE
            line = book.tell(mine, kind, *words)
        text = self._gate.admit(told.text, time.monotonic())
        if text is not None:
            book.notice(mine, told.severity, text, told.hint, line)
