"""When a socket has been read to the end: whoever left before has nothing there. Loop thread.

Only then can a descriptor that comes again, with a message, be that of somebody new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zmqscope.core.capture.counters import CounterTable
from zmqscope.core.types import SocketId, Turn
from zmqscope.engine.watch.reading import Watched


class Emptying:
    """The sockets that somebody has left, until they are read to the end.

    Args:
        counters: Live figures of sockets.
    """

    def __init__(self, counters: CounterTable) -> None:
        self._counters = counters
        self._fresh: set[SocketId] = set()

    def on_gone(self, socket_id: SocketId) -> None:
        """Somebody left a socket."""
        self._fresh.add(socket_id)

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        self._fresh.discard(socket_id)

    def on_emptied(self, managed: Watched, mark: int | None = None) -> None:
        """A socket had nothing more when it was looked at.

        Args:
            managed: The socket.
            mark: Of its departures, before it was read; as of now if None.
        """
        if managed.socket_id not in self._fresh and mark is None:
            return
        departures = managed.peers.departures
        if departures.has_fresh and self._is_read(managed):
            departures.on_emptied(departures.mark() if mark is None else mark)
        if not departures.has_fresh:
            self._fresh.discard(managed.socket_id)

    def on_idle(
        self,
        ready: Iterable[tuple[object, Watched]],
        sockets: Callable[[], Iterable[Watched]],
    ) -> None:
        """Sockets that are not among the ready ones were empty when they were polled.

        Args:
            ready: Those that had something, by their handles.
            sockets: All of the app.
        """
        if not self._fresh:
            return
        busy = {managed.socket_id for _, managed in ready}
        for managed in sockets():
            if managed.socket_id in self._fresh and managed.socket_id not in busy:
                self.on_emptied(managed)

    def _is_read(self, managed: Watched) -> bool:
        """Whether an empty socket is empty: a REQ or REP shows nothing out of its turn."""
        turn = self._counters.of(managed.socket_id).turn
        return turn in (Turn.FREE, Turn.AWAITS_REPLY, Turn.AWAITS_REQUEST)
