"""How sockets come to wait, or to lose messages: see ``stage.Cause``."""

from __future__ import annotations

from collections.abc import Generator

from tests.integration.stage import Stage
from zmqscope.core.load import LoadPlan
from zmqscope.core.types import JobId, SocketId
from zmqscope.engine import commands as cmd

Provoked = Generator[SocketId, None, None]

_SNDHWM, _RCVHWM, _SNDBUF, _RCVBUF = 23, 24, 11, 12
_NARROW = (f"--set={_RCVHWM}=#1", f"--set={_RCVBUF}=#4096")
_LOAD = JobId(1 << 30)


def req_waits(stage: Stage) -> Provoked:
    """A REP that does not answer."""
    peer = stage.peer("REP", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"req:{peer.endpoint}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    yield socket_id
    peer.say(b"well")


def reply_lost(stage: Stage) -> Provoked:
    """The REP is restarted while it has the request."""
    peer = stage.peer("REP", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"req:{peer.endpoint}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    peer.do("await", count=1, any=True)
    assert peer.next_fact(60.0) == {"received": 1}
    peer.kill()
    stage.until(lambda: stage.rig.snapshots[socket_id].peer_count == 0)
    stage.peer("REP", "--bind", peer.endpoint)
    yield socket_id
    stage.rig.change(cmd.ReopenSocket(socket_id))


def reply_without_delimiter(stage: Stage) -> Provoked:
    """A ROUTER replies without the empty frame."""
    peer = stage.peer("ROUTER", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"req:{peer.endpoint}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    peer.do("await", count=1, any=True)
    assert peer.next_fact(60.0) == {"received": 1}
    peer.say(b"well", to_last=True)
    yield socket_id
    stage.rig.change(cmd.ReopenSocket(socket_id))


def deadlock(stage: Stage) -> Provoked:
    """A REP of this app was opened anew while it held the request of a REQ of this app."""
    server = stage.door("rep:@tcp://127.0.0.1:*,name=answers")
    address = stage.address(server)
    socket_id = stage.open(f"req:{address},name=asks")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    stage.until(lambda: stage.rig.messages(server))
    stage.respec(server, f"rep:@{address}")
    stage.connected(socket_id)
    yield socket_id
    stage.rig.change(cmd.ReopenSocket(socket_id))


def deadlock_through_a_process(stage: Stage) -> Provoked:
    """A program wants our answer before it gives its own."""
    door = stage.door("rep:@tcp://127.0.0.1:*,name=answers")
    peer = stage.start("both_ways.py", stage.address(door))
    socket_id = stage.open(f"req:{peer.endpoint}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    stage.until(lambda: stage.has_processes(door) and stage.has_processes(socket_id))
    yield socket_id
    assert stage.rig.send(door, b"well").accepted


def rep_holds_request(stage: Stage) -> Provoked:
    """Nobody answers the request."""
    door = stage.door("rep:@tcp://127.0.0.1:*")
    peer = stage.peer("REQ", "--connect", stage.address(door))
    peer.say(b"well?")
    stage.until(lambda: stage.rig.messages(door))
    yield door
    assert stage.rig.send(door, b"well").accepted


def out_of_turn(stage: Stage) -> Provoked:
    """A REP speaks first."""
    door = stage.door("rep:@tcp://127.0.0.1:*")
    peer = stage.peer("REQ", "--connect", stage.address(door))
    assert not stage.rig.send(door, b"hello").accepted
    yield door
    peer.say(b"well?")


def req_out_of_turn(stage: Stage) -> Provoked:
    """A REQ asks again before it has its reply."""
    peer = stage.peer("REP", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"req:{peer.endpoint}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    assert not stage.rig.send(socket_id, b"well?").accepted
    yield socket_id
    peer.say(b"well")


def nobody_connected(stage: Stage) -> Provoked:
    """A PUSH without a PULL."""
    door = stage.door("push:@tcp://127.0.0.1:*")
    assert not stage.rig.send(door, b"job").accepted
    yield door
    stage.peer("PULL", "--connect", stage.address(door))


def high_water_mark(stage: Stage) -> Provoked:
    """A PULL that does not read."""
    door = stage.door("push:@tcp://127.0.0.1:*,sndhwm=2,sndbuf=4096")
    peer = stage.awkward("PULL", "--connect", stage.address(door), "--deaf", *_NARROW)
    stage.connected(door)
    _until_refused(stage, door)
    yield door
    peer.do("hear")


def no_subscription(stage: Stage) -> Provoked:
    """A SUB that wants nothing."""
    peer = stage.peer("PUB", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"sub:{peer.endpoint},topics=none")
    yield socket_id
    stage.rig.change(cmd.Subscribe(socket_id, b""))


def subscription_beside(stage: Stage) -> Provoked:
    """One of two subscriptions gets nothing."""
    peer = stage.peer("PUB", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"sub:{peer.endpoint},topic=EUR,topic=usd")
    stage.connected(socket_id)

    def has_come() -> bool:
        peer.say(b"EURUSD", b"1")
        return len(stage.rig.messages(socket_id)) > 25

    stage.until(has_come)
    yield socket_id
    stage.rig.change(cmd.Unsubscribe(socket_id, b"usd"))


def subscription_at_own(stage: Stage) -> Provoked:
    """Our own publisher sends nothing of the kind."""
    door = stage.door("pub:@tcp://127.0.0.1:*,name=feed")
    socket_id = stage.open(f"sub:{stage.address(door)},topic=eur")
    stage.connected(socket_id)

    def has_gone() -> bool:
        stage.rig.send(door, b"EURUSD", b"1")
        return stage.rig.store.counters.of(door).sent.messages > 25

    stage.until(has_gone)
    yield socket_id
    stage.rig.change(cmd.Subscribe(socket_id, b"EUR"))
    stage.rig.change(cmd.Unsubscribe(socket_id, b"eur"))
    stage.rig.send(door, b"EURUSD", b"1")


def quiet_for_long(stage: Stage) -> Provoked:
    """Nothing comes at all."""
    peer = stage.peer("PUB", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"sub:{peer.endpoint},topic=EUR")
    yield socket_id
    peer.say(b"EURUSD", b"1")


def topic_frame_lost(stage: Stage) -> Provoked:
    """conflate keeps the last frame of each message, and that is no topic."""
    peer = stage.peer("PUB", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"sub:{peer.endpoint},topic=EUR,conflate=1")
    stage.connected(socket_id)
    peer.do("send", count=5, prefix=[b"EUR".hex()])
    yield socket_id
    stage.respec(socket_id, f"sub:{peer.endpoint},topic=EUR")
    stage.connected(socket_id)

    def has_come() -> bool:
        peer.say(b"EURUSD", b"1")
        return bool(stage.rig.messages(socket_id))

    stage.until(has_come)


def slow_joiner(stage: Stage) -> Provoked:
    """Published before anybody listened."""
    door = stage.door("pub:@tcp://127.0.0.1:*")
    for _ in range(7):
        assert stage.rig.send(door, b"news").accepted
    stage.peer("SUB", "--connect", stage.address(door), "--subscribe", "")
    yield door


def slow_subscriber(stage: Stage) -> Provoked:
    """A SUB that does not read."""
    door = stage.door("pub:@tcp://127.0.0.1:*,sndhwm=10")
    peer = stage.awkward("SUB", "--connect", stage.address(door), "--deaf", *_NARROW)
    stage.connected(door)
    stage.until(lambda: stage.peers(door).subscriptions)
    stage.rig.change(cmd.StartLoad(_LOAD, door, LoadPlan((bytes(10_000),), 300.0, None)))
    yield door
    stage.rig.change(cmd.StopJob(_LOAD))
    peer.do("hear")


def flooded_by_own(stage: Stage) -> Provoked:
    """A PUB of this app sends more than its queue to a SUB of this app can hold."""
    door = stage.door("pub:@tcp://127.0.0.1:*,name=feed,sndhwm=2,sndbuf=4096")
    socket_id = stage.open(f"sub:{stage.address(door)},rcvhwm=2,rcvbuf=4096")
    stage.connected(socket_id)
    stage.until(lambda: stage.peers(door).subscriptions)
    stage.rig.change(cmd.StartLoad(_LOAD, door, LoadPlan((bytes(2_000),), 20_000.0, None)))
    yield socket_id
    stage.rig.change(cmd.StopJob(_LOAD))


def fed_too_fast(stage: Stage) -> Provoked:
    """Publishers of other programs send more than a SUB of this app takes."""
    door = stage.door("sub:@tcp://127.0.0.1:*,topic=,rcvhwm=1000")
    flood = ("--rate", "0", "--seconds", "600", "--size", "8", "--sndhwm", "1000")
    peers = [stage.start("flood.py", "PUB", stage.address(door), *flood) for _ in range(3)]
    stage.connected(door, len(peers))
    yield door
    for peer in peers:
        peer.kill()


def dealer_to_rep(stage: Stage) -> Provoked:
    """No empty frame before the request."""
    peer = stage.peer("REP", "--bind", "tcp://127.0.0.1:*", "--echo")
    socket_id = stage.open(f"dealer:{peer.endpoint}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    yield socket_id
    assert stage.rig.send(socket_id, b"", b"well?").accepted


def dealer_to_own_rep(stage: Stage) -> Provoked:
    """The same, at a REP of this app."""
    server = stage.door("rep:@tcp://127.0.0.1:*")
    socket_id = stage.open(f"dealer:{stage.address(server)}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"well?").accepted
    yield socket_id
    assert stage.rig.send(socket_id, b"", b"well?").accepted


def router_to_req(stage: Stage) -> Provoked:
    """No empty frame before the reply."""
    door = stage.door("router:@tcp://127.0.0.1:*")
    peer = stage.peer("REQ", "--connect", stage.address(door))
    peer.say(b"well?")
    stage.until(lambda: stage.rig.messages(door))
    identity = stage.rig.messages(door)[0].frames[0]
    stage.until(lambda: any(p.is_type_told for p in stage.peers(door).peers))
    assert stage.rig.send(door, identity, b"well").accepted
    yield door


def unknown_routing_id(stage: Stage) -> Provoked:
    """Nobody has that name."""
    door = stage.door("router:@tcp://127.0.0.1:*")
    peer = stage.peer("DEALER", "--connect", stage.address(door), "--identity=ann")
    stage.connected(door)
    assert not stage.rig.send(door, b"bob", b"hello").accepted
    yield door
    assert peer.endpoints == []
    assert stage.rig.send(door, b"ann", b"hello").accepted


def conflate_multipart(stage: Stage) -> Provoked:
    """A message of two frames through a socket that keeps one."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"push:{peer.endpoint},conflate=1")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, b"head", b"body").accepted
    yield socket_id
    stage.respec(socket_id, f"push:{peer.endpoint}")


def peer_stopped(stage: Stage) -> Provoked:
    """A REP that is stopped while it has a request."""
    peer = stage.peer("REP", "--bind", "tcp://127.0.0.1:*", "--echo")
    socket_id = stage.open(f"req:{peer.endpoint}")
    stage.until(lambda: stage.has_processes(socket_id))
    peer.pause()
    assert stage.rig.send(socket_id, b"well?").accepted
    yield socket_id
    peer.resume()


def _until_refused(stage: Stage, socket_id: SocketId) -> None:
    stage.until(lambda: not stage.rig.send(socket_id, bytes(20_000)).accepted)
