"""Peers that come and go, again and again: found, and put into one line. Loop thread; no I/O."""

from __future__ import annotations

from zmqscope.core.types import Severity, SocketId
from zmqscope.engine.open_line import OpenLine

ROUNDS = 3
"""So often a peer has to come before it is one that comes and goes."""

_MOST = 2_000
_OVERLAP = 3


class PeerFlap:
    """The comings and goings at one endpoint.

    Attributes:
        line: The line that they have become; None while each has its own.
        keys: Under what the lines were open that it replaces.
    """

    __slots__ = (
        "_are_many",
        "_came",
        "_lines",
        "_most",
        "_peers",
        "_rounds",
        "keys",
        "last_ns",
        "line",
    )

    def __init__(self, now_ns: int) -> None:
        self._lines: list[tuple[OpenLine, bool]] = []
        self._rounds = 0
        self._came = False
        self._peers = self._most = 0
        self._are_many = False
        self.keys: list[tuple[object, ...]] = []
        self.line: OpenLine | None = None
        self.last_ns = now_ns

    def note(self, came: bool, peers: int, now_ns: int) -> None:
        """One came, or went; so many are there now."""
        self._peers, self._most = peers, max(self._most, peers)
        self._rounds += came and not self._came
        self._came = came
        self.last_ns = now_ns

    @property
    def is_due(self) -> bool:
        """Whether it is time for one line."""
        return self._rounds >= ROUNDS and self.line is None

    def add(self, line: OpenLine, key: tuple[object, ...], came: bool) -> None:
        """The line in which a coming or going was counted."""
        if all(line is not known for known, _ in self._lines):
            self._lines.append((line, came))
            self.keys.append(key)

    def collapse(self, address: str) -> tuple[OpenLine, list[OpenLine]]:
        """Make one line of them: the first, which keeps its number and place.

        Returns:
            That line, and the others, which are withdrawn: they have happened zero times.
        """
        lines = [line for line, _ in self._lines]
        line = lines[0]
        line.count = sum(each.count for each, has_come in self._lines if has_come)
        line.first_ns = min(each.first_ns for each in lines)
        # One that comes back at once may be there before its old connection is gone.
        self._are_many = self._most > _OVERLAP
        words = "Peers come and go" if self._are_many else "A peer comes and goes"
        line.text = f"{words} at {address}."
        self.line = line
        line.severity = max(each.severity for each in lines)
        self._say_how_it_is()
        line.last_ns = self.last_ns
        for other in lines[1:]:
            other.count = 0
        self._lines.clear()
        return line, lines[1:]

    def count_up(self, came: bool, severity: Severity, now_ns: int) -> None:
        """It goes on; each coming counts."""
        line = self.line
        if line is None:
            return
        line.count += came
        line.last_ns = now_ns
        line.severity = max(line.severity, severity)
        self._say_how_it_is()

    def _say_how_it_is(self) -> None:
        if self.line is None:
            return
        if not self._are_many:
            self.line.hint = "It is there now." if self._peers else "It is gone now."
        else:
            self.line.hint = f"{self._peers or 'None'} {_verb(self._peers)} there now."


def _verb(count: int) -> str:
    return "are" if count > 1 else "is"


class PeerFlaps:
    """All endpoints at which somebody came or went lately.

    Args:
        pause_ns: After so long without any, what comes is news again.
    """

    def __init__(self, pause_ns: int) -> None:
        self._pause_ns = pause_ns
        self._flaps: dict[tuple[SocketId, str], PeerFlap] = {}

    def note(
        self, socket_id: SocketId, address: str, came: bool, peers: int, now_ns: int
    ) -> PeerFlap:
        """One came or went, so many are there; what is known of this endpoint."""
        key = (socket_id, address)
        flap = self._flaps.pop(key, None)
        if flap is None or now_ns - flap.last_ns > self._pause_ns:
            flap = PeerFlap(now_ns)
        flap.note(came, peers, now_ns)
        # Last in the dict is seen last: the first makes room.
        self._flaps[key] = flap
        if len(self._flaps) > _MOST:
            del self._flaps[next(iter(self._flaps))]
        return flap

    def sweep(self, now_ns: int) -> None:
        """Forget those that have been quiet."""
        quiet = [k for k, flap in self._flaps.items() if now_ns - flap.last_ns > self._pause_ns]
        for key in quiet:
            del self._flaps[key]
