"""When the doctor looks, and what becomes of what it finds."""

from __future__ import annotations

import pytest

from tests.rig import EngineRig
from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.events import EventKind
from zmqscope.core.types import Endpoint, Role, Severity, SocketId
from zmqscope.engine import commands as cmd
from zmqscope.engine.doctor import desk as desk_module
from zmqscope.engine.doctor.desk import LOOK_EVERY_NS
from zmqscope.engine.drain import DrainResult

NOWHERE = "tcp://127.0.0.1:1"
BAD_FOLDER = "pull:@ipc:///nowhere/at/all"


def of(rig: EngineRig, socket_id: SocketId) -> list[Finding]:
    return [each for each in rig.findings if each.socket_id == socket_id]


def test_a_finding_comes_and_goes_and_both_are_in_the_log(rig: EngineRig) -> None:
    socket_id = rig.open(BAD_FOLDER)
    rig.until(lambda: of(rig, socket_id))
    (found,) = of(rig, socket_id)
    assert found.rule is Rule.ENDPOINT_PROBLEM
    assert abs(found.since_ns - rig.clock.now_ns()) < 10_000_000_000
    rig.change(cmd.RemoveEndpoint(socket_id, Endpoint(Role.BIND, "ipc:///nowhere/at/all")))
    rig.until(lambda: not of(rig, socket_id))
    lines = [line for line in rig.events.values() if line.kind is EventKind.FINDING]
    rig.until(lambda: len([e for e in rig.events.values() if e.kind is EventKind.FINDING]) == 2)
    lines = [line for line in rig.events.values() if line.kind is EventKind.FINDING]
    assert [line.severity for line in lines] == [Severity.ERROR, Severity.INFO]
    assert lines[0].text[0].isupper()
    assert lines[0].text.endswith(".")
    assert lines[1].text.startswith("No more: ")
    assert {line.address for line in lines} == {"ipc:///nowhere/at/all"}


def test_a_removed_socket_takes_its_findings_along(rig: EngineRig) -> None:
    socket_id = rig.open(BAD_FOLDER)
    rig.until(lambda: rig.findings)
    rig.change(cmd.RemoveSocket(socket_id))
    rig.until(lambda: not rig.findings)


def test_a_closed_socket_has_none(rig: EngineRig) -> None:
    socket_id = rig.open(BAD_FOLDER)
    rig.until(lambda: rig.findings)
    rig.change(cmd.CloseSocket(socket_id))
    rig.until(lambda: not rig.findings)
    rig.change(cmd.ReopenSocket(socket_id))
    rig.until(lambda: rig.findings)


def test_refused_sends_are_seen(rig: EngineRig) -> None:
    door = rig.open("rep:@tcp://127.0.0.1:*")
    assert not rig.send(door, b"hello").accepted
    rig.until(lambda: of(rig, door))
    assert of(rig, door)[0].rule is Rule.OUT_OF_TURN


def test_a_send_that_libzmq_was_not_asked_about_is_no_refusal(rig: EngineRig) -> None:
    door = rig.open("pull:@tcp://127.0.0.1:*")
    assert not rig.send(door, b"hello").accepted
    desk = rig.loop._doctor
    assert door not in desk._charts or desk._charts[door].outgoing.sending.full is None


def test_what_an_own_socket_suffers_from_is_another_own_ones_doing(rig: EngineRig) -> None:
    """All are seen before the first is examined."""
    first = rig.open("pull:@tcp://127.0.0.1:*,name=first")
    second = rig.open(f"pull:@{rig.address(first)}")
    rig.until(lambda: of(rig, second))
    assert "“first”" in of(rig, second)[0].why


def test_a_rule_that_raises_ends_nothing(
    rig: EngineRig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = rig.loop._doctor

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(desk._doctor, "examine", broken)
    rig.open(BAD_FOLDER)
    rig.until(lambda: "a rule failed" in caplog.text)
    monkeypatch.undo()
    rig.until(lambda: rig.findings)
    assert [r.levelname for r in caplog.records if "a rule" in r.message].count("ERROR") == 1


def test_a_pass_is_told_at_once_of_all_that_had_something(rig: EngineRig) -> None:
    sockets = [rig.open("pull:@tcp://127.0.0.1:*") for _ in range(2)]
    desk = rig.loop._doctor
    rig.until(lambda: len(desk._charts) == 2)
    nobody = SocketId(99)
    desk.on_pass([(each, DrainResult(5, 0, False, 0)) for each in (*sockets, nobody)])
    assert all(desk._charts[each]._backlog_since_ns for each in sockets)
    desk.on_pass([(sockets[0], DrainResult(0, 0, True, 0))])
    assert [bool(desk._charts[each]._backlog_since_ns) for each in sockets] == [False, True]


def test_calm_sockets_are_not_looked_at_again(rig: EngineRig) -> None:
    socket_id = rig.open("pull:@tcp://127.0.0.1:*")
    desk = rig.loop._doctor
    rig.until(lambda: socket_id in desk._seen)
    seen = desk._seen[socket_id]
    end_ns = rig.clock.now_ns() + 3 * LOOK_EVERY_NS
    rig.until(lambda: rig.clock.now_ns() > end_ns)
    assert desk._seen[socket_id] is seen


def test_a_socket_that_is_removed_in_mid_round_is_forgotten(
    rig: EngineRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round goes over several steps of the loop when there are many sockets."""
    monkeypatch.setattr(desk_module, "_A_STEP_NS", 0)
    sockets = [rig.open(BAD_FOLDER) for _ in range(3)]
    desk = rig.loop._doctor
    rig.until(lambda: desk._left)
    for socket_id in sockets:
        rig.change(cmd.RemoveSocket(socket_id))
    monkeypatch.undo()
    end_ns = rig.clock.now_ns() + 2 * LOOK_EVERY_NS
    rig.until(lambda: rig.clock.now_ns() > end_ns)
    assert not desk._charts
    assert not desk._seen
    assert rig.findings == ()
