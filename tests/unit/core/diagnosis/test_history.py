"""Findings that have gone are kept with their end, up to a bound."""

from __future__ import annotations

from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.diagnosis.history import FindingHistory
from zmqscope.core.types import Severity, SocketId


def finding(number: int) -> Finding:
    return Finding(SocketId(number), Rule.NO_SUBSCRIPTION, Severity.WARNING, "text", "why")


def test_what_has_gone_has_an_end() -> None:
    history = FindingHistory()
    one, two = finding(1), finding(2)
    history.take((one, two), 5)
    assert (history.current, history.past) == ((one, two), ())
    history.take((two,), 7)
    (gone,) = history.past
    assert (gone.key, gone.until_ns) == (one.key, 7)


def test_the_oldest_make_room() -> None:
    history = FindingHistory()
    for number in range(1_010):
        history.take((finding(number),), number)
    assert len(history.past) == 1_000
    assert history.dropped == 9
    assert history.past[0].socket_id == SocketId(9)
