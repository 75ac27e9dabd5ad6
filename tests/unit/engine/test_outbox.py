"""The outbox: coalescing and bounds."""

from __future__ import annotations

from zmqscope.core.load import LoadSnapshot
from zmqscope.core.types import (
    JobId,
    JobSnapshot,
    Notice,
    RequestId,
    SendReport,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.engine.outbox import MAX_NOTICES, MAX_REPORTS, Outbox

SPEC = SocketSpec(SocketType.SUB)


def test_only_the_latest_state_of_a_socket_is_told() -> None:
    calls: list[int] = []
    box = Outbox(lambda: calls.append(1))
    for state in (SocketState.OPENING, SocketState.CONNECTING, SocketState.CONNECTED):
        box.put_socket(SocketSnapshot(SocketId(1), SPEC, state))
    update = box.take()
    assert [s.state for s in update.sockets] == [SocketState.CONNECTED]
    assert len(calls) == 3
    assert box.take().sockets == ()


def test_an_unchanged_state_is_not_told_again() -> None:
    calls: list[int] = []
    box = Outbox(lambda: calls.append(1))
    for _ in range(3):
        box.put_socket(SocketSnapshot(SocketId(1), SPEC, SocketState.RETRYING))
        box.take()
    assert len(calls) == 1


def test_a_removed_socket_has_no_state_any_more() -> None:
    box = Outbox(lambda: None)
    box.put_socket(SocketSnapshot(SocketId(1), SPEC, SocketState.OPENING))
    box.put_removed(SocketId(1))
    update = box.take()
    assert (update.sockets, update.removed) == ((), (SocketId(1),))


def test_notices_and_reports_are_bounded_and_the_lost_are_counted() -> None:
    box = Outbox(lambda: None)
    for number in range(MAX_NOTICES + 5):
        box.put_notice(Notice(number, None, Severity.INFO, "x"))
    for number in range(MAX_REPORTS + 7):
        box.put_report(SendReport(RequestId(number), SocketId(1), accepted=True))
    update = box.take()
    assert (len(update.notices), len(update.reports)) == (MAX_NOTICES, MAX_REPORTS)
    assert update.notices[0].time_ns == 5
    assert update.dropped == 12


def test_jobs_coalesce() -> None:
    box = Outbox(lambda: None)
    for sent in range(3):
        box.put_job(JobSnapshot(JobId(1), SocketId(1), 1.0, running=True, sent=sent))
    assert [job.sent for job in box.take().jobs] == [2]


def test_loads_coalesce() -> None:
    box = Outbox(lambda: None)
    for sent in range(3):
        box.put_load(LoadSnapshot(JobId(1), SocketId(1), None, sent=sent))
    assert [load.sent for load in box.take().loads] == [2]
    assert box.take().loads == ()
