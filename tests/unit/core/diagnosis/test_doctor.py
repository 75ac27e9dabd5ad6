"""When something is told, in what order, and when it goes."""

from __future__ import annotations

from dataclasses import replace

from tests.doctor_rig import ADDRESS, DROPPED, NOW, S, failing, over, scene, seen, view
from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.doctor import Doctor
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.diagnosis.handshake import MECHANISMS_DIFFER
from zmqscope.core.diagnosis.observation import Observation
from zmqscope.core.types import EndpointState, Severity, SocketId, Turn

OFFSET_NS = 5 * S
WAITS = seen(f"req:{ADDRESS}", view(peers=1), turn=Turn.AWAITS_REPLY, turn_since_ns=NOW)
WELL = replace(WAITS, turn=Turn.MAY_SEND)


def look(doctor: Doctor, socket: Observation, after_s: float) -> list[Rule] | None:
    """The rules that are told; None if nothing has changed."""
    doctor.examine(socket, scene(socket), NOW + int(after_s * S))
    conclusion = doctor.conclude()
    return None if conclusion is None else [f.rule for f in conclusion.findings]


def test_it_is_told_after_its_grace_time_and_goes_with_its_cause() -> None:
    doctor = Doctor(OFFSET_NS)
    assert look(doctor, WAITS, 0.0) is None
    assert not doctor.is_calm(WAITS.socket_id)
    doctor.examine(WAITS, scene(WAITS), NOW + 6 * S)
    conclusion = doctor.conclude()
    assert conclusion is not None
    (found,) = conclusion.begun
    assert found.since_ns == NOW + OFFSET_NS
    doctor.examine(WELL, scene(WELL), NOW + 7 * S)
    conclusion = doctor.conclude()
    assert conclusion is not None
    assert conclusion.findings == ()
    assert [f.key for f in conclusion.gone] == [found.key]
    assert doctor.is_calm(WAITS.socket_id)


def test_a_cause_that_goes_in_time_is_never_told() -> None:
    doctor = Doctor()
    for after_s in range(20):
        assert look(doctor, WELL if after_s % 4 == 3 else replace(
            WAITS, turn_since_ns=NOW + after_s // 4 * 4 * S), after_s) is None  # fmt: skip


def test_words_change_once_a_second_at_most() -> None:
    doctor = Doctor()
    told = [look(doctor, WAITS, 6 + tick / 4) for tick in range(9)]
    assert [each is not None for each in told] == [tick % 4 == 0 for tick in range(9)]


def test_nothing_is_said_twice() -> None:
    doctor = Doctor()
    socket = seen(f"push:{ADDRESS}", view(attempts=failing((Outcome.UNREACHED, 0, 9))))
    assert look(doctor, socket, 3.0) == [Rule.NOBODY_LISTENS]
    assert all(look(doctor, socket, after_s) is None for after_s in (4, 5, 60))


def test_the_special_finding_hides_the_general_one() -> None:
    doctor = Doctor()
    guessed = seen(f"push:{ADDRESS}", view(attempts=failing(DROPPED)))
    known = seen(
        f"push:{ADDRESS}", view(attempts=over(DROPPED, (Outcome.PROTOCOL, MECHANISMS_DIFFER, 1)))
    )
    look(doctor, guessed, 0.0)
    assert look(doctor, guessed, 3.5) == [Rule.CLOSES_AT_ONCE]
    assert look(doctor, known, 4.0) == [Rule.MECHANISMS_DIFFER]


def test_the_worst_comes_first_then_the_oldest() -> None:
    doctor = Doctor()
    unreached = view(attempts=failing((Outcome.UNREACHED, 0, 9)))
    sockets = (
        seen(f"push:{ADDRESS}", unreached),
        seen(f"pull:@{ADDRESS}", view(problem=None), socket_id=2, is_open=False),
        seen(f"req:{ADDRESS}", view(peers=1), socket_id=3, turn=Turn.AWAITS_REPLY,
             turn_since_ns=NOW - 20 * S),
        seen(f"push:{ADDRESS}", view(attempts=over((Outcome.CLOSED, 0, 1))), socket_id=4),
    )  # fmt: skip
    for socket in sockets:
        doctor.examine(socket, scene(*sockets), NOW + S)
    conclusion = doctor.conclude()
    assert conclusion is not None
    assert [f.socket_id for f in conclusion.findings] == [4, 3, 1]
    assert conclusion.findings[0].severity is Severity.ERROR


def test_a_socket_that_is_gone_takes_its_findings_along() -> None:
    doctor = Doctor()
    look(doctor, WAITS, 6.0)
    doctor.forget(WAITS.socket_id)
    conclusion = doctor.conclude()
    assert conclusion is not None
    assert conclusion.findings == ()
    assert len(conclusion.gone) == 1
    doctor.forget(SocketId(99))
    assert doctor.conclude() is None


def test_a_closed_socket_has_no_findings() -> None:
    doctor = Doctor()
    look(doctor, WAITS, 6.0)
    closed = replace(
        WAITS, is_open=False, endpoints=(view(state=EndpointState.CLOSED),), turn=Turn.FREE
    )
    assert look(doctor, closed, 7.0) == []
