"""What the authenticator called a peer, for those that never say anything. Loop thread; no I/O.

Its records know an IP address or a process, but no port: certain only where all that it let in from
there at that time have one name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from zmqscope.engine.access.record import MOST_OF_A_SOCKET, AccessRecord
from zmqscope.engine.access.zap import ZapStatus
from zmqscope.engine.watch.peer_record import PeerRecord

_EARLIER_NS = 2_000_000_000
_NAMED_WITHIN_NS = 3_000_000_000
_MOST_UNNAMED = 64

Decisions = Callable[[], Sequence[AccessRecord]]


class UserIds:
    """Names the peers of one socket.

    Args:
        decisions: The authenticator's last ones at its door, oldest first.
    """

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions
        self._unnamed: deque[PeerRecord] = deque(maxlen=_MOST_UNNAMED)

    def name(self, record: PeerRecord) -> None:
        """Name a peer that has just shaken hands, now or in a moment."""
        if not record.user_id and not self._name(record):
            self._unnamed.append(record)

    def name_late(self, now_ns: int) -> bool:
        """Name those of whom the authenticator had not noted its decision when they came in.

        It replies first, and its thread may be held up before it notes what it has replied.

        Args:
            now_ns: The time on the capture clock.

        Returns:
            Whether any of them has a name now.
        """
        any_named = False
        for record in [self._unnamed.popleft() for _ in range(len(self._unnamed))]:
            if record.user_id or self._name(record):
                any_named = True
            elif record.since_ns >= now_ns - _NAMED_WITHIN_NS:
                self._unnamed.append(record)
        return any_named

    def clear(self) -> None:
        """The socket is closed."""
        self._unnamed.clear()

    def _name(self, record: PeerRecord) -> bool:
        record.user_id = user_id_of(record, self._decisions())
        return bool(record.user_id)


def user_id_of(record: PeerRecord, decisions: Sequence[AccessRecord]) -> str:
    """The name of a peer that has just shaken hands; empty if it is not certain.

    Args:
        record: The peer.
        decisions: The last ones at its socket, oldest first.
    """
    since_ns = record.since_ns - _EARLIER_NS
    if len(decisions) >= MOST_OF_A_SOCKET and decisions[0].time_ns >= since_ns:
        return ""  # there were more
    names = {
        each.user_id
        for each in decisions
        if each.status is ZapStatus.SUCCESS and each.time_ns >= since_ns and _is_from(record, each)
    }
    return names.pop() if len(names) == 1 else ""


def _is_from(record: PeerRecord, decision: AccessRecord) -> bool:
    if decision.process is not None:
        return decision.process == record.pid
    return record.remote is not None and decision.address == record.remote[0]
