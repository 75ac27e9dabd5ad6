"""The log of events, with real peers in other processes."""

from __future__ import annotations

from collections.abc import Callable

from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.spec import parse_spec
from zmqscope.engine import commands as cmd

TIMES = 100
WAIT_S = 60.0


def lines(rig: EngineRig, kind: EventKind) -> list[EventLine]:
    return [line for line in rig.events.values() if line.kind is kind and line.count]


def raw(rig: EngineRig, name: str) -> int:
    return sum(line.count for line in lines(rig, EventKind.MONITOR) if line.hint == name)


def test_a_flapping_peer_is_one_line_with_a_count(rig: EngineRig) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    with PeerProcess("flapping.py", "PUSH", rig.address(pull), str(TIMES)) as peer:
        rig.until(lambda: peer.fact() == {"came": TIMES}, WAIT_S)
    rig.until(lambda: raw(rig, "DISCONNECTED") == TIMES, WAIT_S)
    rig.until(lambda: any(line.hint.endswith("gone now.") for line in rig.events.values()))
    (line,) = lines(rig, EventKind.PEER)
    assert line.text == f"A peer comes and goes at {rig.address(pull)}."
    assert line.count == TIMES
    assert line.socket_id == pull
    assert line.last_ns > line.first_ns
    for name in ("ACCEPTED", "HANDSHAKE_SUCCEEDED", "DISCONNECTED"):
        assert raw(rig, name) == TIMES
    accepted = next(each for each in rig.events.values() if each.hint == "ACCEPTED")
    assert accepted.address == rig.address(pull)
    # Few notices for many happenings, as ever.
    assert len(rig.notices) < 20


def test_a_server_that_comes_and_goes_is_one_line_at_the_client_too(rig: EngineRig) -> None:
    with EngineRig() as other:
        server = other.open("pull:@tcp://127.0.0.1:*")
        where = other.address(server)
        other.change(cmd.CloseSocket(server))
        other.change(cmd.ChangeSpec(server, parse_spec(f"pull:@{where}")))
        push = rig.open(f"push:{where}")
        for _ in range(6):
            _both(rig, other, lambda: rig.snapshots[push].peer_count == 1)
            other.change(cmd.CloseSocket(server))
            _both(rig, other, lambda: rig.snapshots[push].peer_count == 0)
            other.change(cmd.ReopenSocket(server))
        _both(rig, other, lambda: _peer_count(rig) >= 6)
    (line,) = lines(rig, EventKind.PEER)
    assert line.text == f"A peer comes and goes at {where}."
    retries = [each for each in rig.events.values() if each.hint == "CONNECT_RETRIED"]
    assert len(retries) <= 1


def _peer_count(rig: EngineRig) -> int:
    return sum(line.count for line in lines(rig, EventKind.PEER))


def _both(rig: EngineRig, other: EngineRig, condition: Callable[[], bool]) -> None:
    def holds() -> bool:
        other.step(1)
        return condition()

    rig.until(holds, WAIT_S)


def test_that_nobody_listens_is_told_in_one_line_which_is_the_doctors(rig: EngineRig) -> None:
    with EngineRig() as other:
        where = other.address(other.open("pull:@tcp://127.0.0.1:*"))
    push = rig.open(f"push:{where}")
    rig.until(lambda: any(line.count for line in lines(rig, EventKind.FINDING)))
    told = [line for line in rig.events.values() if line.kind is not EventKind.MONITOR]
    unreached = [line for line in told if line.socket_id == push and "nobody" in line.text.lower()]
    assert [line.kind for line in unreached] == [EventKind.FINDING]
    # Still among the raw events, where the notice leads.
    notice = next(each for each in rig.notices if each.text.startswith("Nobody answers at"))
    assert rig.events[notice.line].kind is EventKind.MONITOR
    assert rig.events[notice.line].text == notice.text
