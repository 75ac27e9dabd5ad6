"""What goes wrong with a connect, and how it is mended: see ``stage.Cause``."""

from __future__ import annotations

from collections.abc import Generator

from tests.integration.locked import (
    CURVE_SECRETKEY,
    CURVE_SERVER,
    PLAIN_SERVER,
    ZAP_DOMAIN,
    new_pair,
    shown,
)
from tests.integration.stage import Stage, free_address
from zmqscope.core.types import SocketId
from zmqscope.engine import commands as cmd

Provoked = Generator[SocketId, None, None]

_ASKS = f"--set={ZAP_DOMAIN}=global"
_PLAIN = (f"--set={PLAIN_SERVER}=#1", _ASKS)


def nobody_listens(stage: Stage) -> Provoked:
    """The other program is not there."""
    address = free_address()
    yield stage.open(f"push:{address}")
    stage.peer("PULL", "--bind", address)


def peer_has_gone(stage: Stage) -> Provoked:
    """The other program was there."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"push:{peer.endpoint}")
    stage.connected(socket_id)
    peer.kill()
    yield socket_id
    stage.peer("PULL", "--bind", peer.endpoint)


def inproc_unbound(stage: Stage) -> Provoked:
    """Nobody in this app is bound there."""
    yield stage.open("req:inproc://nowhere")
    stage.open("rep:@inproc://nowhere")


def wrong_server_key(stage: Stage) -> Provoked:
    """The server has another key."""
    theirs = stage.keys.theirs("curve", is_server=True)
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*", *theirs)
    ours = stage.keys.ours("curve", is_server=False)
    wrong = new_pair().public.replace("%", "%25")
    right = stage.keys.server.public.replace("%", "%25")
    socket_id = stage.open(f"push:{peer.endpoint}{ours.replace(right, wrong)}")
    yield socket_id
    stage.respec(socket_id, f"push:{peer.endpoint}{ours}")


def wrong_key_of_own_server(stage: Stage) -> Provoked:
    """The server is a socket of this app, so its key is known."""
    stage.rig.change(cmd.SetAccess(stage.keys.access))
    door = stage.door(
        f"pull:@tcp://127.0.0.1:*,name=door{stage.keys.ours('curve', is_server=True)}"
    )
    ours = stage.keys.ours("curve", is_server=False)
    wrong = new_pair().public.replace("%", "%25")
    right = stage.keys.server.public.replace("%", "%25")
    socket_id = stage.open(f"push:{stage.address(door)}{ours.replace(right, wrong)}")
    yield socket_id
    stage.respec(socket_id, f"push:{stage.address(door)}{ours}")


def types_over_curve(stage: Stage) -> Provoked:
    """The types do not fit, and CURVE hides it."""
    theirs = stage.keys.theirs("curve", is_server=True)
    peer = stage.peer("PUB", "--bind", "tcp://127.0.0.1:*", *theirs)
    ours = stage.keys.ours("curve", is_server=False)
    yield stage.open(f"push:{peer.endpoint}{ours}")
    peer.kill()
    stage.peer("PULL", "--bind", peer.endpoint, *theirs)


def types_over_plain(stage: Stage) -> Provoked:
    """The types do not fit, and PLAIN hides it."""
    theirs = stage.keys.theirs("plain", is_server=True)
    peer = stage.peer("PUB", "--bind", "tcp://127.0.0.1:*", *theirs)
    socket_id = stage.open(f"push:{peer.endpoint}{stage.keys.ours('plain', is_server=False)}")
    yield socket_id
    peer.kill()
    stage.peer("PULL", "--bind", peer.endpoint, *theirs)
    stage.reconnect(socket_id)


def mechanisms_differ(stage: Stage) -> Provoked:
    """The server speaks CURVE."""
    theirs = stage.keys.theirs("curve", is_server=True)
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*", *theirs)
    socket_id = stage.open(f"push:{peer.endpoint}")
    yield socket_id
    ours = stage.keys.ours("curve", is_server=False)
    stage.respec(socket_id, f"push:{peer.endpoint}{ours}")


def mechanisms_differ_by_name(stage: Stage) -> Provoked:
    """The server speaks NULL, at a client of CURVE that is told nothing."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*")
    ours = stage.keys.ours("curve", is_server=False)
    socket_id = stage.open(f"push:{peer.endpoint}{ours}")
    yield socket_id
    stage.respec(socket_id, f"push:{peer.endpoint}")


def wrong_password(stage: Stage) -> Provoked:
    """The server knows the user by another password."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*", "--user=ann:other", *_PLAIN)
    socket_id = stage.open(f"push:{peer.endpoint}{stage.keys.ours('plain', is_server=False)}")
    yield socket_id
    peer.kill()
    theirs = stage.keys.theirs("plain", is_server=True)
    stage.peer("PULL", "--bind", peer.endpoint, *theirs)
    stage.reconnect(socket_id)


def key_not_allowed(stage: Stage) -> Provoked:
    """The server does not know the client's key."""
    secret = f"--set={CURVE_SECRETKEY}={shown(stage.keys.server.secret)}"
    curve = (f"--set={CURVE_SERVER}=#1", secret, _ASKS)
    known = f"--client-key={new_pair().public}"
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*", known, *curve)
    socket_id = stage.open(f"push:{peer.endpoint}{stage.keys.ours('curve', is_server=False)}")
    yield socket_id
    peer.kill()
    theirs = stage.keys.theirs("curve", is_server=True)
    stage.peer("PULL", "--bind", peer.endpoint, *theirs)
    stage.reconnect(socket_id)


def address_denied(stage: Stage) -> Provoked:
    """The server does not want this machine."""
    return _zap(stage, "400", mechanism="null")


def authenticator_broken(stage: Stage) -> Provoked:
    """The server's authenticator answers 500."""
    return _zap(stage, "500", mechanism="null")


def authenticator_puts_off(stage: Stage) -> Provoked:
    """The server's authenticator answers 300, and libzmq lets the client hang."""
    return _zap(stage, "300", mechanism="plain")


def authenticator_silent(stage: Stage) -> Provoked:
    """The server's authenticator never answers."""
    return _zap(stage, "silent", mechanism="plain")


def no_authenticator(stage: Stage) -> Provoked:
    """A PLAIN server that asks nobody."""
    plain = f"--set={PLAIN_SERVER}=#1"
    peer = stage.awkward("PULL", "--bind", "tcp://127.0.0.1:*", plain)
    socket_id = stage.open(f"push:{peer.endpoint}{stage.keys.ours('plain', is_server=False)}")
    yield socket_id
    peer.kill()
    stage.peer("PULL", "--bind", peer.endpoint, *stage.keys.theirs("plain", is_server=True))


def _zap(stage: Stage, answer: str, mechanism: str) -> Provoked:
    options = _PLAIN if mechanism == "plain" else (_ASKS,)
    peer = stage.awkward("PULL", "--bind", "tcp://127.0.0.1:*", f"--zap={answer}", *options)
    socket_id = stage.open(f"push:{peer.endpoint}{stage.keys.ours(mechanism, is_server=False)}")
    yield socket_id
    peer.kill()
    stage.awkward("PULL", "--bind", peer.endpoint, "--zap=200", *options)
    stage.reconnect(socket_id)


def types_do_not_fit(stage: Stage) -> Provoked:
    """A SUB at a REP."""
    peer = stage.peer("REP", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"sub:{peer.endpoint}")
    yield socket_id
    peer.kill()
    stage.peer("PUB", "--bind", peer.endpoint)
    stage.reconnect(socket_id)


def types_of_own_sockets(stage: Stage) -> Provoked:
    """A PUSH at a PUB of this app."""
    server = stage.open("pub:@tcp://127.0.0.1:*,name=feed")
    socket_id = stage.open(f"push:{stage.address(server)}")
    yield socket_id
    stage.respec(socket_id, "push:@tcp://127.0.0.1:*")


def accepts_then_closes(stage: Stage) -> Provoked:
    """A program that hangs up."""
    return _replaced(stage, "closing")


def http_that_refuses(stage: Stage) -> Provoked:
    """An HTTP server that answers 400."""
    return _replaced(stage, "http-strict")


def http_that_waits(stage: Stage) -> Provoked:
    """An HTTP server that waits for the end of the request."""
    return _replaced(stage, "http-patient")


def ssh(stage: Stage) -> Provoked:
    """An SSH server."""
    return _replaced(stage, "ssh")


def tls(stage: Stage) -> Provoked:
    """A server that wants TLS first."""
    return _over_tcp(stage, "wss", *stage.made.to_bind)


def websocket(stage: Stage) -> Provoked:
    """ZeroMQ, but over WebSocket."""
    return _over_tcp(stage, "ws")


def _over_tcp(stage: Stage, scheme: str, *options: str) -> Provoked:
    peer = stage.start("wss.py", "PULL", "--bind", f"{scheme}://127.0.0.1:*", *options)
    address = f"tcp://{peer.endpoint.partition('://')[2].partition('/')[0]}"
    socket_id = stage.open(f"push:{address}")
    yield socket_id
    peer.kill()
    stage.peer("PULL", "--bind", address)
    stage.reconnect(socket_id)


def silent(stage: Stage) -> Provoked:
    """A program that says nothing."""
    return _replaced(stage, "silent")


def silent_for_long(stage: Stage) -> Provoked:
    """The same, and libzmq loses its patience."""
    return _replaced(stage, "silent", ",handshake_ivl=300")


def garbage(stage: Stage) -> Provoked:
    """A program that only begins as ZeroMQ does."""
    return _replaced(stage, "garbage-server")


def _replaced(stage: Stage, what: str, options: str = "") -> Provoked:
    peer = stage.broken(what)
    socket_id = stage.open(f"push:{peer.endpoint}{options}")
    yield socket_id
    peer.kill()
    stage.peer("PULL", "--bind", peer.endpoint)
    stage.reconnect(socket_id)


def untrusted_certificate(stage: Stage) -> Provoked:
    """Nobody said that the authority is to be trusted."""
    peer = stage.start("wss.py", "PUB", "--bind", "wss://127.0.0.1:*", *stage.made.to_bind)
    where = peer.endpoint.replace("127.0.0.1", "localhost")
    socket_id = stage.open(f"sub:{where}")
    yield socket_id
    stage.respec(socket_id, f"sub:{where},wss_trust_pem={stage.made.ca}")


def not_tls(stage: Stage) -> Provoked:
    """wss at a port that does not speak TLS."""
    peer = stage.broken("ssh")
    socket_id = stage.open(f"sub:{peer.endpoint.replace('tcp:', 'wss:')}")
    yield socket_id
    stage.respec(socket_id, "sub:@tcp://127.0.0.1:*")


def never_again(stage: Stage) -> Provoked:
    """reconnect_ivl says that libzmq shall not try again."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"push:{peer.endpoint},reconnect_ivl=-1")
    stage.connected(socket_id)
    peer.kill()
    yield socket_id
    stage.peer("PULL", "--bind", peer.endpoint)
    stage.reconnect(socket_id)


def flapping(stage: Stage) -> Provoked:
    """A peer that shakes hands and leaves, again and again."""
    peer = stage.broken("flapping")
    socket_id = stage.open(f"push:{peer.endpoint}")
    yield socket_id
    peer.kill()
    stage.respec(socket_id, "push:@tcp://127.0.0.1:*")


def too_large_for_us(stage: Stage) -> Provoked:
    """The publisher's message is larger than our maxmsgsize."""
    peer = stage.peer("PUB", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"sub:{peer.endpoint},maxmsgsize=1000")
    stage.connected(socket_id)

    def is_cut() -> bool:
        peer.say(bytes(5_000))
        return stage.rig.snapshots[socket_id].peer_count == 0

    stage.until(is_cut)
    yield socket_id
    stage.respec(socket_id, f"sub:{peer.endpoint}")


def too_large_for_them(stage: Stage) -> Provoked:
    """Our message is larger than the peer's limit (ZMQ_MAXMSGSIZE is 22)."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*", "--set=22=#1500")
    socket_id = stage.open(f"push:{peer.endpoint}")
    stage.connected(socket_id)
    assert stage.rig.send(socket_id, bytes(5_000)).accepted
    yield socket_id


def heartbeat_lost(stage: Stage) -> Provoked:
    """The peer is stopped, and heartbeats tell."""
    peer = stage.peer("PULL", "--bind", "tcp://127.0.0.1:*")
    socket_id = stage.open(f"push:{peer.endpoint},heartbeat_ivl=200,heartbeat_timeout=400")
    stage.connected(socket_id)
    stage.until(lambda: stage.has_processes(socket_id))
    peer.pause()
    yield socket_id
    peer.resume()


def missing_folder(stage: Stage) -> Provoked:
    """A bind into a folder that is not there: no rule of its own."""
    socket_id = stage.open("push:@ipc:///nowhere/at/all")
    yield socket_id
    stage.respec(socket_id, "push:@tcp://127.0.0.1:*")
