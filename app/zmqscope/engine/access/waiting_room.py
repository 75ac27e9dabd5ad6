"""ZAP requests that are not dealt with yet, so that a flood of them is one host's own. One thread.

Hosts take turns. Where many of one host wait, the newest is next: those who came first have mostly
gone, and answered in order everybody would wait for longer than a handshake may take.
"""

from __future__ import annotations

from collections import OrderedDict, deque

_ADDRESS = 5
"""Which frame of a request has the peer's IP address (RFC 27), with a routing id in front."""
_IN_ORDER = 64
_MOST_OF_A_HOST = 4_000
_MOST_HOSTS = 1_000


class WaitingRoom:
    """Requests by host.

    Who finds no room is not answered: libzmq ends its connection after ``HANDSHAKE_IVL``, and it
    may come again; refused, it never would.

    Args:
        most_of_a_host: Requests that may wait for each host; the oldest go.
        most_hosts: Hosts that may have requests waiting; the one that was dealt with last goes.
    """

    def __init__(
        self, most_of_a_host: int = _MOST_OF_A_HOST, most_hosts: int = _MOST_HOSTS
    ) -> None:
        self._most_of_a_host = most_of_a_host
        self._most_hosts = most_hosts
        self._lines: OrderedDict[bytes, deque[list[bytes]]] = OrderedDict()

    def __bool__(self) -> bool:
        return bool(self._lines)

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def put(self, frames: list[bytes]) -> None:
        """One more request, whatever it is made of."""
        host = frames[_ADDRESS] if len(frames) > _ADDRESS else b""
        line = self._lines.get(host)
        if line is None:
            if len(self._lines) >= self._most_hosts:
                self._lines.popitem()
            line = self._lines[host] = deque(maxlen=self._most_of_a_host)
        line.append(frames)

    def take(self) -> list[bytes]:
        """The next request.

        Raises:
            KeyError: Nobody waits.
        """
        host, line = self._lines.popitem(last=False)
        frames = line.popleft() if len(line) <= _IN_ORDER else line.pop()
        if line:
            self._lines[host] = line
        return frames
