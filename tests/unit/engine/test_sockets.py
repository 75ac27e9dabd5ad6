"""One socket on its own: opened from a spec, changed, closed; what it tells."""

from __future__ import annotations

import pytest

from tests.rig import EngineRig
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
