"""Who comes to a bound endpoint and does not get in: see ``stage.Cause``."""

from __future__ import annotations

from collections.abc import Generator

from tests.integration.callers import Caller, curve, plain
from tests.integration.locked import PASSWORD, USER, new_pair
from tests.integration.stage import Stage
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.security.access import AccessList, AccessMode, Verdict
from zmqscope.core.types import SocketId
from zmqscope.engine import commands as cmd

Provoked = Generator[SocketId, None, None]

_MOST_CALLERS = 60
_STEPS = 100
_TCP = "pull:@tcp://127.0.0.1:*"


def client_with_wrong_key(stage: Stage) -> Provoked:
    """A client that expects another server."""
    door = _locked(stage, "curve")
    peer = stage.start("caller.py", "PUSH", stage.address(door), *curve(new_pair().public))
    yield door
    peer.kill()
    _good(stage, door, *curve(stage.keys.server.public, stage.keys.client))


def client_without_lock(stage: Stage) -> Provoked:
    """A client that speaks NULL."""
    door = _locked(stage, "curve")
    _until_told(stage, door, Rule.MECHANISMS_DIFFER, "PUSH")
    yield door
    _good(stage, door, *curve(stage.keys.server.public, stage.keys.client))


def client_refused(stage: Stage) -> Provoked:
    """A user with another password."""
    door = _locked(stage, "plain")
    stage.start("caller.py", "PUSH", stage.address(door), *plain(USER, "other"))
    yield door
    _good(stage, door, *plain(USER, PASSWORD))


def client_of_another_type(stage: Stage) -> Provoked:
    """A SUB at a PULL."""
    door = stage.door(_TCP)
    _until_told(stage, door, Rule.TYPES_DO_NOT_FIT, "SUB")
    yield door
    _good(stage, door)


def tls_hello(stage: Stage) -> Provoked:
    """A program that begins with TLS."""
    return _visited(stage, "tls-hello")


def port_scan(stage: Stage) -> Provoked:
    """Somebody who leaves at once."""
    return _visited(stage, "port-scan")


def http_get(stage: Stage) -> Provoked:
    """A browser."""
    return _visited(stage, "http-get")


def mute(stage: Stage) -> Provoked:
    """Somebody who says nothing."""
    return _visited(stage, "mute")


def mute_for_long(stage: Stage) -> Provoked:
    """The same, and libzmq loses its patience."""
    return _visited(stage, "mute", ",handshake_ivl=300")


def garbage(stage: Stage) -> Provoked:
    """Somebody who only begins as ZeroMQ does."""
    return _visited(stage, "garbage-client")


def old_peer(stage: Stage) -> Provoked:
    """A PUSH of ZMTP 1.0."""
    return _visited(stage, "old-push")


def _visited(stage: Stage, what: str, options: str = "") -> Provoked:
    door = stage.door(f"{_TCP}{options}")
    visitor = stage.broken(what, stage.address(door))
    yield door
    visitor.kill()


def knock(stage: Stage) -> Provoked:
    """An unknown key at a door that asks the user."""
    stage.rig.change(cmd.SetAccess((AccessList(mode=AccessMode.ASK),)))
    door = stage.door(f"{_TCP}{stage.keys.ours('curve', is_server=True)}")
    stage.start("caller.py", "PUSH", stage.address(door), *curve(stage.keys.server.public))
    yield door
    knock = next(iter(stage.rig.knocks.values()))
    stage.rig.change(cmd.AnswerKnock(knock.knock_id, Verdict.LET_IN))


def second_pair(stage: Stage) -> Provoked:
    """A second peer of a PAIR."""
    door = stage.door("pair:@tcp://127.0.0.1:*")
    stage.peer("PAIR", "--connect", stage.address(door))
    stage.connected(door)
    second = stage.peer("PAIR", "--connect", stage.address(door))
    yield door
    second.kill()


def used_by_another(stage: Stage) -> Provoked:
    """Another program has the port."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"pull:@{peer.endpoint}")
    yield socket_id
    peer.kill()
    stage.reconnect(socket_id)


def used_by_ourselves(stage: Stage) -> Provoked:
    """Another socket of this app has the port."""
    first = stage.door("pull:@tcp://127.0.0.1:*,name=first")
    socket_id = stage.open(f"pull:@{stage.address(first)}")
    yield socket_id
    stage.rig.change(cmd.CloseSocket(first))
    stage.reconnect(socket_id)


def too_large(stage: Stage) -> Provoked:
    """A peer sends more than maxmsgsize."""
    door = stage.door(f"{_TCP},maxmsgsize=1000")
    peer = stage.peer("PUSH", "--connect", stage.address(door))
    stage.connected(door)
    peer.say(bytes(5_000))
    yield door


def heartbeat_lost(stage: Stage) -> Provoked:
    """A peer is stopped, and heartbeats tell."""
    door = stage.door(f"{_TCP},heartbeat_ivl=200,heartbeat_timeout=400")
    peer = stage.peer("PUSH", "--connect", stage.address(door))
    stage.until(lambda: stage.has_processes(door))
    peer.pause()
    yield door
    peer.kill()


def _until_told(stage: Stage, door: SocketId, rule: Rule, kind: str) -> None:
    """Who sees first that it cannot be hangs up: if that is the client, the server learns nothing.

    So it takes one client after the other until the server was first.
    """
    for _ in range(_MOST_CALLERS):
        caller = Caller(stage.start("caller.py", kind, stage.address(door)))
        for _ in range(_STEPS):
            stage.rig.step()
            if rule in stage.rules_of(door):
                return
        caller.process.kill()
    raise AssertionError(f"{_MOST_CALLERS} clients were first")


def _locked(stage: Stage, mechanism: str) -> SocketId:
    stage.rig.change(cmd.SetAccess(stage.keys.access))
    return stage.door(f"{_TCP}{stage.keys.ours(mechanism, is_server=True)}")


def _good(stage: Stage, door: SocketId, *options: str) -> None:
    stage.start("caller.py", "PUSH", stage.address(door), *options)
    stage.connected(door)
