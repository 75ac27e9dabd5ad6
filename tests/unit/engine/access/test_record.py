"""Decisions lately: bounded, for each socket."""

from __future__ import annotations

from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.access.record import AccessRecord, AccessRecords
from zmqscope.engine.access.zap import ZapStatus

ONE, TWO = SocketId(1), SocketId(2)


def record(number: int, socket_id: SocketId = ONE) -> AccessRecord:
    plain, refused = Mechanism.PLAIN, ZapStatus.REFUSED
    return AccessRecord(number, socket_id, "default", plain, "", "bob", "", refused, "why")


def test_each_socket_has_its_own_oldest_first() -> None:
    records = AccessRecords()
    for number in range(4):
        records.add(record(number, ONE if number % 2 else TWO))
    assert [each.time_ns for each in records.recent(ONE)] == [1, 3]
    assert [each.time_ns for each in records.recent(TWO)] == [0, 2]
    records.forget(ONE)
    assert records.recent(ONE) == ()
    assert records.recent(SocketId(9)) == ()


def test_they_do_not_add_up() -> None:
    records = AccessRecords()
    for number in range(1_000):
        records.add(record(number))
    recent = records.recent(ONE)
    assert (len(recent), recent[-1].time_ns) == (256, 999)
    for number in range(2_000):
        records.add(record(number, SocketId(number + 10)))
    assert records.recent(ONE) == ()
    assert len(records.recent(SocketId(2_009))) == 1
