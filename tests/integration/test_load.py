"""Generated load into peers in other processes, with kernels and without."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.integration.conftest import StartPeer
from tests.kernel_rig import load_kernels
from tests.rig import EngineRig
from zmqscope.core.load import CounterSpec, LoadEnd, LoadPlan, LoadSnapshot
from zmqscope.core.types import Direction, JobId, SocketId, SocketState
from zmqscope.engine import commands as cmd

TCP = "tcp://127.0.0.1:*"
A, B = JobId(71), JobId(72)
BODY = b"--------: of the load"
NUMBERED = CounterSpec(0, 0)


@pytest.fixture(params=["native", "plain"])
def either(request: pytest.FixtureRequest) -> Iterator[EngineRig]:
    """An engine that sends in the one way or in the other."""
    with EngineRig(kernels=load_kernels() if request.param == "native" else None) as engine:
        yield engine


def connect(rig: EngineRig, spec: str) -> SocketId:
    socket_id = rig.open(spec)
    rig.until(lambda: rig.snapshots[socket_id].state is SocketState.CONNECTED)
    return socket_id


def ended(rig: EngineRig, job_id: JobId) -> LoadSnapshot:
    rig.until(lambda: job_id in rig.loads and not rig.loads[job_id].running, 60.0)
    return rig.loads[job_id]


@pytest.mark.parametrize(
    ("kind", "peer_kind"), [("push", "PULL"), ("dealer", "DEALER"), ("pair", "PAIR")]
)
def test_all_arrives_once_in_order_and_is_captured(
    either: EngineRig, start_peer: StartPeer, kind: str, peer_kind: str
) -> None:
    rig, peer = either, start_peer("twelve.py", peer_kind, "--bind", TCP)
    socket_id = connect(rig, f"{kind}:{peer.endpoint}")
    rig.post(cmd.StartLoad(A, socket_id, LoadPlan((BODY,), None, 20_000, NUMBERED)))
    load = ended(rig, A)
    assert (load.sent, load.end, load.problem) == (20_000, LoadEnd.COMPLETE, None)
    assert load.sent_bytes == 20_000 * len(BODY)
    peer.do("await", count=20_000)
    assert peer.next_fact(60.0) == {"received": 20_000}
    summary = peer.finish()
    assert (summary["missing"], summary["misordered"]) == (0, 0)
    assert summary["bytes"] == 20_000 * len(BODY)
    sent = rig.store.counters.of(socket_id).sent
    assert (sent.messages, sent.bytes) == (20_000, 20_000 * len(BODY))
    first, last = rig.store.message(0), rig.store.message(19_999)
    assert first is not None
    assert last is not None
    assert (first.direction, first.frames) == (Direction.SENT, (bytes(8) + BODY[8:],))
    assert last.frames == ((19_999).to_bytes(8) + BODY[8:],)


def test_a_router_sends_to_the_peer_that_it_names(either: EngineRig, start_peer: StartPeer) -> None:
    rig = either
    socket_id = rig.open(f"router:@{TCP}")
    peer = start_peer(
        "twelve.py", "DEALER", "--connect", rig.address(socket_id), "--identity", "me"
    )
    peer.say(b"here")
    rig.until(lambda: rig.store.end_row == 1)
    plan = LoadPlan((b"me", b"topic", BODY), None, 5_000, CounterSpec(2, 0))
    rig.post(cmd.StartLoad(A, socket_id, plan))
    assert ended(rig, A).sent == 5_000
    peer.do("await", count=5_000)
    assert peer.next_fact(60.0) == {"received": 5_000}
    assert peer.finish()["missing"] == 0


def test_a_router_whose_peer_is_unknown_says_so(either: EngineRig) -> None:
    socket_id = either.open(f"router:@{TCP}")
    either.post(cmd.StartLoad(A, socket_id, LoadPlan((b"nobody", b"x"))))
    load = ended(either, A)
    assert (load.sent, load.end) == (0, LoadEnd.FAILED)
    assert load.problem is not None
    assert load.problem.text == "No connected peer has this routing id."


def test_a_paced_load_keeps_its_rate(either: EngineRig, start_peer: StartPeer) -> None:
    rig, peer = either, start_peer("twelve.py", "PULL", "--bind", TCP)
    socket_id = connect(rig, f"push:{peer.endpoint},sndhwm=20000")
    rig.post(cmd.StartLoad(A, socket_id, LoadPlan((BODY,), 10_000.0, 15_000, NUMBERED)))
    load = ended(rig, A)
    assert load.end is LoadEnd.COMPLETE
    # Unless this machine stopped the test for a tenth of a second, and then it says so.
    assert load.seconds * 10_000 == pytest.approx(15_000 + load.given_up, rel=0.01)
    peer.do("await", count=15_000)
    assert peer.next_fact(60.0) == {"received": 15_000}
    assert peer.finish()["missing"] == 0


def test_a_peer_that_does_not_read_blocks_the_load_and_nothing_else(
    either: EngineRig, start_peer: StartPeer
) -> None:
    rig, peer = either, start_peer("twelve.py", "PULL", "--bind", TCP)
    other = start_peer("twelve.py", "DEALER", "--bind", TCP, "--echo")
    socket_id = connect(rig, f"push:{peer.endpoint},sndhwm=10,sndbuf=4096")
    dealer = connect(rig, f"dealer:{other.endpoint}")
    peer.pause()
    rig.post(cmd.StartLoad(A, socket_id, LoadPlan((bytes(10_000),))))
    rig.until(lambda: A in rig.loads and rig.loads[A].problem is not None)
    assert rig.loads[A].running
    problem = rig.loads[A].problem
    assert problem is not None
    assert "high-water mark" in problem.text
    sent_s = time.monotonic()
    assert rig.send(dealer, b"ping").accepted
    rig.until(lambda: len(rig.messages(dealer)) == 2)
    assert time.monotonic() - sent_s < 20.0
    rig.post(cmd.StopJob(A))
    load = ended(rig, A)
    assert load.end is LoadEnd.STOPPED
    assert load.blocked_s >= 0.4
    assert load.sent == rig.store.counters.of(socket_id).sent.messages


def test_commands_are_obeyed_at_once_while_everything_floods(
    either: EngineRig, start_peer: StartPeer
) -> None:
    rig, peer = either, start_peer("twelve.py", "PULL", "--bind", TCP)
    first = connect(rig, f"push:{peer.endpoint}")
    second = rig.open(f"pub:@{TCP}")
    rig.post(cmd.StartLoad(A, first, LoadPlan((BODY,), None, None, NUMBERED)))
    rig.post(cmd.StartLoad(B, second, LoadPlan((BODY,))))
    rig.until(lambda: all(j in rig.loads and rig.loads[j].sent > 1_000 for j in (A, B)))
    rig.post(cmd.StopJob(A))
    rig.step()
    assert rig.loads[A].end is LoadEnd.STOPPED
    before = rig.store.counters.of(first).sent.messages
    rig.step()
    assert rig.store.counters.of(first).sent.messages == before == rig.loads[A].sent
    assert rig.loads[B].running
    rig.post(cmd.CloseSocket(second))
    rig.step()
    problem = rig.loads[B].problem
    assert problem is not None
    assert problem.text == "The socket was closed."
    peer.do("await", count=before)
    assert peer.next_fact(60.0) == {"received": before}


def test_a_load_survives_its_peer(either: EngineRig, start_peer: StartPeer) -> None:
    rig = either
    socket_id = rig.open(f"push:@{TCP},sndhwm=100")
    address = rig.address(socket_id)
    gone = start_peer("twelve.py", "PULL", "--connect", address)
    rig.post(cmd.StartLoad(A, socket_id, LoadPlan((b"head", BODY), None, None, CounterSpec(1, 0))))
    rig.until(lambda: A in rig.loads and rig.loads[A].sent > 1_000)
    gone.kill()
    rig.until(lambda: rig.loads[A].problem is not None)
    problem = rig.loads[A].problem
    assert problem is not None
    assert "no peer is connected" in problem.text
    sent = rig.loads[A].sent
    back = start_peer("twelve.py", "PULL", "--connect", address)
    rig.until(lambda: rig.loads[A].sent > sent + 1_000)
    assert rig.loads[A].running
    rig.post(cmd.StopJob(A))
    ended(rig, A)
    back.do("await", count=1_000)
    assert back.next_fact(60.0)["received"] >= 1_000
    summary = back.finish()
    # Numbers begin where they are: all that came are whole messages without a gap between them.
    assert {len(frames) for frames in summary["messages"]} == {2}
    assert summary["misordered"] == 0
    assert summary["missing"] == int(summary["messages"][0][1][:16], 16)
