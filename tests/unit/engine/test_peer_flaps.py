"""Who comes and goes at an endpoint, told apart from who comes once."""

from __future__ import annotations

from zmqscope.core.events import EventKind
from zmqscope.core.types import Severity, SocketId
from zmqscope.engine.open_line import OpenLine
from zmqscope.engine.peer_flaps import ROUNDS, PeerFlap, PeerFlaps

ID = SocketId(1)
WHERE = "tcp://*:1"
PAUSE_NS = 1_000


def line(number: int, text: str, count: int) -> OpenLine:
    return OpenLine(number, EventKind.PEER, Severity.INFO, ID, text, "", WHERE, number, 9, count)


def flapping(flaps: PeerFlaps, most: int = 1) -> PeerFlap:
    for _ in range(ROUNDS):
        flaps.note(ID, WHERE, came=True, peers=most, now_ns=0)
        flap = flaps.note(ID, WHERE, came=False, peers=0, now_ns=0)
    return flap


def test_one_line_once_it_has_come_often_enough() -> None:
    flaps = PeerFlaps(PAUSE_NS)
    assert not flaps.note(ID, WHERE, came=True, peers=1, now_ns=0).is_due
    flap = flapping(flaps)
    assert flap.is_due
    came, went = line(1, "came", 3), line(2, "went", 3)
    flap.add(came, ("came",), came=True)
    flap.add(went, ("went",), came=False)
    flap.add(came, ("came",), came=True)
    kept, others = flap.collapse(WHERE)
    assert (kept, others) == (came, [went])
    assert (kept.count, went.count) == (3, 0)
    assert kept.text == f"A peer comes and goes at {WHERE}."
    assert kept.hint == "It is gone now."
    assert not flap.is_due


def test_each_coming_counts_and_how_it_is_now_is_said() -> None:
    flap = flapping(PeerFlaps(PAUSE_NS), most=9)
    flap.add(line(1, "came", 3), ("came",), came=True)
    kept, _ = flap.collapse(WHERE)
    assert kept.text.startswith("Peers come and go")
    flap.note(came=True, peers=2, now_ns=5)
    flap.count_up(came=True, severity=Severity.WARNING, now_ns=5)
    assert (kept.count, kept.severity, kept.last_ns) == (4, Severity.WARNING, 5)
    assert kept.hint == "2 are there now."


def test_after_a_pause_it_is_somebody_new() -> None:
    flaps = PeerFlaps(PAUSE_NS)
    first = flapping(flaps)
    assert flaps.note(ID, WHERE, came=True, peers=1, now_ns=PAUSE_NS) is first
    assert flaps.note(ID, WHERE, came=True, peers=1, now_ns=3 * PAUSE_NS) is not first
    flaps.sweep(10 * PAUSE_NS)
    assert not flaps.note(ID, WHERE, came=True, peers=1, now_ns=10 * PAUSE_NS).is_due
