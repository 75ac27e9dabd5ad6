"""When a socket's next messages are taken one by one, to learn whose they are. Loop thread.

The drain does not look at who sent what: that would cost each message. So now and then, while a
socket has peers of whom nothing was heard yet, a few messages go the slow way first.
"""

from __future__ import annotations

from zmqscope.engine.watch.peer_book import PeerBook

A_GO = 8
_SOONEST_S = 0.05
_LATEST_S = 4.0


class Introductions:
    """Of one socket."""

    def __init__(self) -> None:
        self._due_s = 0.0
        self._pause_s = _SOONEST_S
        self._ready = 0

    def is_due(self, book: PeerBook, now_s: float) -> bool:
        """Whether it is time to look at who sends.

        Args:
            book: The socket's peers.
            now_s: Monotonic time in seconds.
        """
        if not book.unintroduced or not book.kind.can_receive:
            return False
        if book.ready > self._ready:
            self._pause_s = _SOONEST_S
            self._due_s = min(self._due_s, now_s + _SOONEST_S)
        self._ready = book.ready
        return now_s >= self._due_s

    def note(self, learned: bool, now_s: float) -> None:
        """Some were taken; whether anything new was learned from them."""
        self._pause_s = _SOONEST_S if learned else min(_LATEST_S, 2 * self._pause_s)
        self._due_s = now_s + self._pause_s
