"""When a socket's next messages are taken one by one, to learn whose they are. Loop thread.

The drain does not look at who sent what: that would cost each message. So now and then, while a
socket has peers of whom nothing was heard yet, a few messages go the slow way first.
"""

from __future__ import annotations

import time

from zmqscope.engine.watch.peer_book import PeerBook

_A_GO, _MOST_A_GO = 8, 64
_SOONEST_S = 0.05
_LATEST_S = 4.0


class Introductions:
    """Of one socket."""

    def __init__(self) -> None:
        self._due_s = 0.0
        self._pause_s = _SOONEST_S
        self._arrivals = 0

    def is_due(self, book: PeerBook, now_s: float) -> bool:
        """Whether it is time to look at who sends.

        Args:
            book: The socket's peers.
            now_s: Monotonic time in seconds.
        """
        if not book.unintroduced or not book.kind.can_receive:
            return False
        if book.arrivals != self._arrivals:
            # What a new peer has to say is often said at once, and then no more for long.
            self._arrivals = book.arrivals
            self._pause_s, self._due_s = _SOONEST_S, now_s
        return now_s >= self._due_s

    def how_many(self, book: PeerBook) -> int:
        """Messages to look at in one go: the more are unknown, the more can be learned."""
        return max(_A_GO, min(_MOST_A_GO, book.unintroduced))

    def note(self, learned: bool) -> None:
        """Some were taken; whether anything new was learned from them."""
        now_s = time.monotonic()
        self._pause_s = _SOONEST_S if learned else min(_LATEST_S, 2 * self._pause_s)
        self._due_s = now_s + self._pause_s
