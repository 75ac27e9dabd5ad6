"""One socket on its own: opened from a spec, changed, closed; what it tells."""

from __future__ import annotations

import pytest

from tests.rig import EngineRig
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Endpoint, Role, SocketState, SocketType
from zmqscope.engine import commands as cmd


@pytest.mark.parametrize("kind", list(SocketType))
def test_every_type_opens_and_closes(rig: EngineRig, kind: SocketType) -> None:
    transport = "udp" if kind is SocketType.DGRAM else "tcp"
    socket = rig.open(f"{kind.name.lower()}:@{transport}://127.0.0.1:*")
    assert rig.snapshots[socket].state is SocketState.LISTENING
    rig.change(cmd.CloseSocket(socket))
    assert rig.snapshots[socket].state is SocketState.CLOSED
    assert not rig.snapshots[socket].is_open


def test_what_is_changed_while_closed_counts_at_the_next_opening(rig: EngineRig) -> None:
    pull = rig.open("pull:")
    rig.change(cmd.CloseSocket(pull))
    rig.change(cmd.AddEndpoint(pull, Endpoint(Role.BIND, "tcp://127.0.0.1:*")))
    rig.change(cmd.RenameSocket(pull, "late"))
    rig.change(cmd.ReopenSocket(pull))
    snapshot = rig.snapshots[pull]
    assert (snapshot.name, snapshot.state) == ("late", SocketState.LISTENING)


def test_the_same_endpoint_twice_is_a_word_not_a_change(rig: EngineRig) -> None:
    pull = rig.open("pull:@inproc://once")
    rig.change(cmd.AddEndpoint(pull, Endpoint(Role.BIND, "inproc://once")))
    assert len(rig.snapshots[pull].spec.endpoints) == 1
    assert any("already has" in notice.text for notice in rig.notices)


def test_stream_never_reaches_inproc(rig: EngineRig) -> None:
    stream = rig.open("stream:")
    rig.change(cmd.AddEndpoint(stream, Endpoint(Role.BIND, "inproc://abort")))
    assert rig.snapshots[stream].state is SocketState.FAILED
    problem = rig.snapshots[stream].problem
    assert problem is not None
    assert "STREAM" in problem.text


def test_another_spec_keeps_the_socket_its_figures_and_its_name(rig: EngineRig) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*,name=results")
    push = rig.open(f"push:{rig.address(pull)}")
    rig.until(lambda: rig.snapshots[push].peer_count)
    rig.send(push, b"x")
    rig.until(lambda: rig.store.counters.of(pull).received.messages == 1)
    rig.change(cmd.ChangeSpec(pull, parse_spec("pull:@inproc://other,rcvhwm=5")))
    snapshot = rig.snapshots[pull]
    assert snapshot.name == "results"
    assert snapshot.state is SocketState.LISTENING
    assert [status.actual for status in snapshot.endpoints] == ["inproc://other"]
    assert dict(snapshot.spec.options) == {"rcvhwm": 5}
    assert rig.store.counters.of(pull).received.messages == 1


def test_a_closed_socket_can_take_another_spec_and_stay_closed(rig: EngineRig) -> None:
    pull = rig.open("pull:@inproc://one")
    rig.change(cmd.CloseSocket(pull))
    rig.change(cmd.ChangeSpec(pull, parse_spec("pull:@inproc://other"), opens=False))
    snapshot = rig.snapshots[pull]
    assert snapshot.state is SocketState.CLOSED
    assert snapshot.spec.endpoints[0].address == "inproc://other"
    rig.change(cmd.ReopenSocket(pull))
    assert rig.snapshots[pull].state is SocketState.LISTENING


def test_another_spec_changes_what_a_dish_has_joined(rig: EngineRig) -> None:
    radio = rig.open("radio:@tcp://127.0.0.1:*")
    dish = rig.open(f"dish:{rig.address(radio)},group=a")
    rig.change(cmd.ChangeSpec(dish, parse_spec(f"dish:{rig.address(radio)},group=b")))
    rig.until(lambda: rig.snapshots[dish].peer_count)

    def sent_until_b_comes() -> bool:
        rig.send(radio, b"a", b"no")
        rig.send(radio, b"b", b"yes")
        return bool(rig.messages(dish))

    rig.until(sent_until_b_comes)
    assert {m.frames[0] for m in rig.messages(dish)} == {b"b"}
