"""What is told of endpoints that links serve, waited for; and one message over them."""

from __future__ import annotations

import socket

from tests.integration.exchange import numbered
from tests.rig import EngineRig
from zmqscope.core.types import Notice, Problem, Severity, SocketId


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def port_of(address: str) -> int:
    """The port in an address without a path."""
    return int(address.rpartition(":")[2])


def problem_of(rig: EngineRig, socket_id: SocketId, said: str) -> Problem:
    """The problem of a socket's endpoint, once it says this; it is also told once."""
    endpoint = rig.snapshots[socket_id].endpoints[0]

    def is_said() -> bool:
        nonlocal endpoint
        endpoint = rig.snapshots[socket_id].endpoints[0]
        return endpoint.problem is not None and said in endpoint.problem.sentence()

    rig.until(is_said)
    problem = endpoint.problem
    assert problem is not None
    told = [n for n in notices_of(rig, socket_id) if n.text == problem.text]
    assert len(told) == 1
    assert problem.text.endswith(".")
    return problem


def notices_of(rig: EngineRig, socket_id: SocketId) -> list[Notice]:
    """What was told of a socket besides news."""
    return [n for n in rig.notices if n.socket_id == socket_id and n.severity > Severity.INFO]


def until_told(rig: EngineRig, socket_id: SocketId, said: str) -> Notice:
    """The warning of a socket that says this."""
    found: list[Notice] = []

    def is_told() -> bool:
        found[:] = [n for n in notices_of(rig, socket_id) if said in f"{n.text} {n.hint}"]
        return bool(found)

    rig.until(is_told)
    return found[0]


def until_messages(
    rig: EngineRig, socket_id: SocketId, count: int, timeout_s: float = 60.0
) -> None:
    """Wait until a socket has received so many messages in all."""
    totals = rig.store.counters.of(socket_id).received
    rig.until(lambda: totals.messages == count, timeout_s)


def exchange(rig: EngineRig, giver: SocketId, taker: SocketId) -> None:
    """One message from one socket to the other."""
    before = rig.store.counters.of(taker).received.messages
    assert rig.send(giver, numbered(7)).accepted
    until_messages(rig, taker, before + 1)
