"""Commands are carried out in order, a bounded time of them at once."""

from __future__ import annotations

from tests.rig import EngineRig
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import (
    Direction,
    JobId,
    SocketId,
    SocketState,
)
from zmqscope.engine import commands as cmd


def test_many_commands_do_not_hold_up_the_rest(rig: EngineRig) -> None:
    for number in range(400):
        spec = parse_spec("pull:@tcp://127.0.0.1:*")
        rig.post(cmd.OpenSocket(SocketId(1_000 + number), spec))
    rig.step()
    assert 0 < len(rig.snapshots) < 400
    rig.until(lambda: len(rig.snapshots) == 400)
    assert all(s.state is SocketState.LISTENING for s in rig.snapshots.values())


def test_shutting_down_comes_first(rig: EngineRig) -> None:
    for number in range(100):
        rig.post(cmd.OpenSocket(SocketId(1_000 + number), parse_spec("pull:")))
    rig.post_first(cmd.Shutdown())
    rig.step()
    assert rig.loop.stopping
    assert rig.snapshots == {}


def test_a_periodic_send_on_a_socket_that_is_gone_ends_at_once(rig: EngineRig) -> None:
    rig.change(cmd.StartPeriodicSend(JobId(1), SocketId(77), (b"x",), 0.001))
    assert not rig.jobs[JobId(1)].running
    assert rig.jobs[JobId(1)].problem is not None


def test_a_message_to_a_socket_that_is_gone_is_reported(rig: EngineRig) -> None:
    report = rig.send(SocketId(77), b"x")
    assert not report.accepted
    assert report.problem is not None
    assert "gone" in report.problem.text


def test_closing_a_socket_ends_what_it_had_to_do(rig: EngineRig) -> None:
    push = rig.open("push:@tcp://127.0.0.1:*")
    rig.change(cmd.StartPeriodicSend(JobId(1), push, (b"x",), 0.001))
    assert rig.jobs[JobId(1)].running
    rig.change(cmd.CloseSocket(push))
    assert not rig.jobs[JobId(1)].running
    problem = rig.jobs[JobId(1)].problem
    assert problem is not None
    assert "closed" in problem.text


def test_a_removed_socket_leaves_no_rates(rig: EngineRig) -> None:
    pull = rig.open("pull:@inproc://rates")
    push = rig.open("push:inproc://rates")
    rig.send(push, b"x")
    rig.until(lambda: rig.messages(pull))
    rig.change(cmd.RemoveSocket(pull))
    assert rig.removed == [pull]
    left = list(rig.store.rates.keys())
    assert (pull, Direction.RECEIVED) not in left
