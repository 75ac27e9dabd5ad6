"""What the authenticator called a peer, for those that never say anything. Loop thread; no I/O.

Its records know an IP address or a process, but no port: certain only where all that it let in from
there at that time have one name.
"""

from __future__ import annotations

from collections.abc import Sequence

from zmqscope.engine.access.record import MOST_OF_A_SOCKET, AccessRecord
from zmqscope.engine.access.zap import ZapStatus
from zmqscope.engine.watch.peer_record import PeerRecord

_EARLIER_NS = 2_000_000_000


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
