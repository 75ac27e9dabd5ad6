"""A locked socket from the wait for its secret to its end: nothing hangs, nothing secret shows."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.integration.locked import (
    CURVE_SERVERKEY,
    OPEN,
    PASSWORD,
    PLAIN_PASSWORD,
    PLAIN_USERNAME,
    USER,
    Keys,
    new_pair,
    shown,
)
from tests.keyring_rig import MemoryKeyring, system_without_one, using
from tests.rig import EngineRig
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.secret_files import write_secret_certificate
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketState,
)
from zmqscope.engine import commands as cmd

TCP = "tcp://127.0.0.1:*"
CLIENT = f"push:tcp://127.0.0.1:9,lock=plain-client,user={USER},secret=keyring:cam"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Keys and a password, in files."""
    return Keys.make(tmp_path)


@pytest.fixture
def backend() -> Iterator[MemoryKeyring]:
    """A keyring with one password."""
    made = MemoryKeyring()
    made.entries["zmqscope", "cam"] = PASSWORD
    with using(made):
        yield made
        made.gate.set()


def snapshot(rig: EngineRig, socket_id: SocketId) -> SocketSnapshot:
    return rig.snapshots[socket_id]


def until_state(rig: EngineRig, socket_id: SocketId, *states: SocketState) -> None:
    rig.until(lambda: snapshot(rig, socket_id).state in states)


def failed(rig: EngineRig, socket_id: SocketId) -> Problem:
    """Why a socket could not be opened; it is told too."""
    until_state(rig, socket_id, SocketState.FAILED)
    problem = snapshot(rig, socket_id).problem
    assert problem is not None
    assert problem.hint
    told = [n.text for n in rig.notices if n.socket_id == socket_id]
    assert problem.text in told
    assert {e.state for e in snapshot(rig, socket_id).endpoints} <= {EndpointState.CLOSED}
    return problem


# ---- while the secret is being read -----------------------------------------------------------


def test_commands_work_while_the_keyring_asks(rig: EngineRig, backend: MemoryKeyring) -> None:
    backend.gate.clear()
    socket_id = rig.open("sub:tcp://127.0.0.1:9,topic=a" + CLIENT[len("push:tcp://127.0.0.1:9") :])
    assert snapshot(rig, socket_id).state is SocketState.OPENING
    assert snapshot(rig, socket_id).is_open
    assert snapshot(rig, socket_id).endpoints[0].state is EndpointState.PENDING
    report = rig.send(socket_id, b"x")
    assert not report.accepted
    assert report.problem is not None
    assert "not open yet" in report.problem.text
    bound = Endpoint(Role.BIND, TCP)
    gone = Endpoint(Role.CONNECT, "tcp://127.0.0.1:10")
    rig.change(cmd.AddEndpoint(socket_id, bound))
    rig.change(cmd.AddEndpoint(socket_id, gone))
    rig.change(cmd.RetryEndpoint(socket_id, bound))
    rig.change(cmd.RemoveEndpoint(socket_id, gone))
    rig.change(cmd.RenameSocket(socket_id, "camera"))
    rig.change(cmd.Subscribe(socket_id, b"b"))
    rig.change(cmd.Unsubscribe(socket_id, b"a"))
    other = rig.open(f"pull:@{TCP}")
    assert snapshot(rig, other).state is SocketState.LISTENING
    assert snapshot(rig, socket_id).state is SocketState.OPENING
    backend.gate.set()
    rig.until(lambda: snapshot(rig, socket_id).endpoints[1].state is EndpointState.LISTENING)
    spec = snapshot(rig, socket_id).spec
    assert (spec.name, spec.subscriptions) == ("camera", (b"b",))
    assert [e.endpoint for e in snapshot(rig, socket_id).endpoints] == list(spec.endpoints)
    assert spec.endpoints[1:] == (bound,)


@pytest.mark.parametrize("what", ["close", "remove", "reopen", "change"])
def test_a_late_answer_opens_nothing(rig: EngineRig, backend: MemoryKeyring, what: str) -> None:
    backend.gate.clear()
    socket_id = rig.open(CLIENT)
    match what:
        case "close":
            rig.change(cmd.CloseSocket(socket_id))
            assert snapshot(rig, socket_id).state is SocketState.CLOSED
        case "remove":
            rig.change(cmd.RemoveSocket(socket_id))
            assert socket_id not in rig.snapshots
        case "reopen":
            rig.change(cmd.ReopenSocket(socket_id))
            assert snapshot(rig, socket_id).state is SocketState.OPENING
        case _:
            rig.change(cmd.ChangeSpec(socket_id, parse_spec(f"push:@{TCP}")))
            assert snapshot(rig, socket_id).state is SocketState.LISTENING
    backend.gate.set()
    if what == "reopen":
        until_state(rig, socket_id, SocketState.CONNECTING, SocketState.RETRYING)
    # Asked after the others, answered after them.
    last = rig.open(CLIENT)
    until_state(rig, last, SocketState.CONNECTING, SocketState.RETRYING)
    expected = {"close": SocketState.CLOSED, "change": SocketState.LISTENING}.get(what)
    if expected is not None:
        assert snapshot(rig, socket_id).state is expected


def test_closing_the_app_waits_for_no_prompt(backend: MemoryKeyring) -> None:
    backend.gate.clear()
    with EngineRig() as rig:
        for _ in range(5):
            rig.open(CLIENT)
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 20


# ---- what fails -------------------------------------------------------------------------------


def test_a_system_without_a_keyring(rig: EngineRig) -> None:
    with using(system_without_one()):
        problem = failed(rig, rig.open(CLIENT))
    assert "no keyring" in problem.text
    assert "secret=file:" in problem.hint


def test_entries_and_files_that_are_not_there(
    rig: EngineRig, backend: MemoryKeyring, keys: Keys
) -> None:
    assert ("zmqscope", "gone") not in backend.entries
    for where, said in (
        ("keyring:gone", "no entry “gone”"),
        ("session:gone", "for one session only, and is gone"),
        (f"file:{keys.folder}/gone", "There is no file"),
        (f"file:{keys.folder}", "is no ordinary file"),
    ):
        spec = f"push:{TCP[:-1]}9,lock=plain-client,user=a,secret={where}"
        assert said in failed(rig, rig.open(spec)).text


def test_a_file_that_vanishes_and_comes_back(rig: EngineRig, keys: Keys) -> None:
    path = keys.folder / "server.key_secret"
    socket_id = rig.open(f"pull:@{TCP}{keys.ours('curve', is_server=True)}")
    until_state(rig, socket_id, SocketState.LISTENING)
    path.unlink()
    rig.change(cmd.ReopenSocket(socket_id))
    assert "There is no file" in failed(rig, socket_id).text
    write_secret_certificate(str(path), keys.server)
    rig.change(cmd.ReopenSocket(socket_id))
    until_state(rig, socket_id, SocketState.LISTENING)
    assert snapshot(rig, socket_id).problem is None


def test_a_file_that_others_may_read_is_told(rig: EngineRig, keys: Keys) -> None:
    os.chmod(keys.folder / "server.key_secret", 0o644)
    socket_id = rig.open(f"pull:@{TCP}{keys.ours('curve', is_server=True)}")
    until_state(rig, socket_id, SocketState.LISTENING)
    (told,) = [n for n in rig.notices if n.severity is Severity.WARNING]
    assert "Other users of this machine may open" in told.text
    assert "chmod 600" in told.hint


def test_a_lock_that_does_not_fit_fails_the_socket(rig: EngineRig) -> None:
    spec = parse_spec("pair:tcp://127.0.0.1:9,lock=null-server")
    inproc = replace(spec, endpoints=(Endpoint(Role.BIND, "inproc://x"),))
    socket_id = SocketId(77)
    rig.post(cmd.OpenSocket(socket_id, inproc))
    rig.until(lambda: socket_id in rig.snapshots)
    assert "cannot be locked" in failed(rig, socket_id).text


def test_an_endpoint_that_has_no_locks_fails_alone(rig: EngineRig) -> None:
    socket_id = rig.open(f"pair:@{TCP},lock=null-server")
    rig.change(cmd.AddEndpoint(socket_id, Endpoint(Role.BIND, "inproc://x")))
    first, second = snapshot(rig, socket_id).endpoints
    assert first.state is EndpointState.LISTENING
    assert second.problem is not None
    assert "cannot be locked" in second.problem.text


# ---- what is read anew ------------------------------------------------------------------------


def test_reopening_reads_the_password_anew(
    rig: EngineRig, start_peer: StartPeer, keys: Keys
) -> None:
    keys.password_file.write_text("wrong\n")
    peer = start_peer("twelve.py", "PULL", "--bind", TCP, *keys.theirs("plain", is_server=True))
    socket_id = rig.open(f"push:{peer.endpoint}{keys.ours('plain', is_server=False)}")
    rig.until(lambda: snapshot(rig, socket_id).problem is not None)
    assert snapshot(rig, socket_id).peer_count == 0
    keys.password_file.write_text(f"{PASSWORD}\n")
    rig.change(cmd.ReopenSocket(socket_id))
    rig.until(lambda: snapshot(rig, socket_id).peer_count == 1)


def test_session_secrets(rig: EngineRig, start_peer: StartPeer, keys: Keys) -> None:
    rig.secrets.put("cam", Secret(PASSWORD.encode()))
    peer = start_peer("twelve.py", "PULL", "--bind", TCP, *keys.theirs("plain", is_server=True))
    lock = f"lock=plain-client,user={USER},secret=session:cam"
    socket_id = rig.open(f"push:{peer.endpoint},{lock}")
    rig.until(lambda: snapshot(rig, socket_id).peer_count == 1)


def test_a_client_key_is_made_for_each_opening(
    rig: EngineRig, start_peer: StartPeer, keys: Keys
) -> None:
    """A server that lets any key in; the server's key comes from a file."""
    options = keys.theirs("curve", is_server=True)[1:-1]
    peer = start_peer("libzmq5.py", "PULL", "--bind", TCP, *options)
    lock = f"lock=curve-client,server_key=file:{keys.folder}/server.key"
    socket_id = rig.open(f"push:{peer.endpoint},{lock}")
    rig.until(lambda: snapshot(rig, socket_id).peer_count == 1)
    rig.change(cmd.ReopenSocket(socket_id))
    rig.until(lambda: snapshot(rig, socket_id).peer_count == 1)


# ---- who is not let in ------------------------------------------------------------------------


def without(options: list[str], *numbers: int) -> list[str]:
    return [o for o in options if not o.startswith(tuple(f"--set={n}=" for n in numbers))]


@pytest.mark.parametrize("what", ["password", "user", "server key", "client key", "no lock"])
@pytest.mark.parametrize("address", [TCP, "ws://127.0.0.1:*"])
def test_a_server_lets_nothing_through_from_those(
    rig: EngineRig, start_peer: StartPeer, keys: Keys, address: str, what: str
) -> None:
    rig.post(cmd.SetAccess(keys.access))
    mechanism = "plain" if what in ("password", "user") else "curve"
    socket_id = rig.open(f"pull:@{address}{keys.ours(mechanism, is_server=True)}")
    until_state(rig, socket_id, SocketState.LISTENING)
    theirs = keys.theirs(mechanism, is_server=False)
    match what:
        case "password":
            theirs = [*without(theirs, PLAIN_PASSWORD), f"--set={PLAIN_PASSWORD}=wrong"]
        case "user":
            theirs = [*without(theirs, PLAIN_USERNAME), f"--set={PLAIN_USERNAME}=bob"]
        case "server key":
            wrong = new_pair().public
            theirs = [*without(theirs, CURVE_SERVERKEY), f"--set={CURVE_SERVERKEY}={wrong}"]
        case "client key":
            theirs = replace(keys, client=new_pair()).theirs("curve", is_server=False)
        case _:
            theirs = []
    bound = rig.address(socket_id)
    stranger = start_peer("libzmq5.py", "PUSH", "--connect", bound, *theirs)
    stranger.do("send", count=5)
    friend = start_peer(
        "libzmq5.py", "PUSH", "--connect", bound, *keys.theirs(mechanism, is_server=False)
    )
    friend.say(b"let me in")
    rig.until(lambda: rig.messages(socket_id))
    stranger.finish()
    assert [message.frames for message in rig.messages(socket_id)] == [(b"let me in",)]


def wait_for_one(rig: EngineRig, socket_id: SocketId) -> tuple[bytes, ...]:
    rig.until(lambda: rig.messages(socket_id))
    return rig.messages(socket_id)[0].frames


# ---- what must not show -----------------------------------------------------------------------


def test_nothing_secret_shows_anywhere(
    rig: EngineRig,
    start_peer: StartPeer,
    keys: Keys,
    backend: MemoryKeyring,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    hidden = [PASSWORD, shown(keys.server.secret), shown(keys.client.secret)]
    backend.entries["zmqscope", "pair"] = hidden[1]
    rig.secrets.put("cam", Secret(PASSWORD.encode()))
    rig.post(cmd.SetAccess(keys.access))
    broken = keys.folder / "broken"
    broken.write_text(f'public-key = "{keys.client.public}"\nsecret-key = "{hidden[1]}"\n')
    texts = [
        f"pull:@{TCP}{keys.ours('plain', is_server=True)}",
        f"pull:@{TCP}{keys.ours('curve', is_server=True)}",
        f"pull:@{TCP},lock=curve-server,secret=keyring:pair",
        f"pull:@{TCP},lock=null-server,access={OPEN}",
        f"push:tcp://127.0.0.1:9{keys.ours('plain', is_server=False)}",
        f"push:tcp://127.0.0.1:9{keys.ours('curve', is_server=False)}",
        "push:tcp://127.0.0.1:9,lock=plain-client,user=a,secret=session:cam",
        CLIENT,
        f"pull:@{TCP},lock=curve-server,secret=file:{broken}",
        f"pull:@{TCP},lock=curve-server,secret=session:cam",
    ]
    opened = [rig.open(text) for text in texts]
    rig.until(lambda: all(s.state is not SocketState.OPENING for s in rig.snapshots.values()))
    assert [snapshot(rig, s).state for s in opened[-2:]] == [SocketState.FAILED] * 2
    for number, mechanism in ((0, "plain"), (1, "curve")):
        theirs = keys.theirs(mechanism, is_server=False)
        peer = start_peer("twelve.py", "PUSH", "--connect", rig.address(opened[number]), *theirs)
        peer.say(b"hello")
        assert wait_for_one(rig, opened[number]) == (b"hello",)
    seen = [
        repr(rig.snapshots),
        repr([cmd.OpenSocket(SocketId(1), parse_spec(text)) for text in texts]),
        repr([format_spec(s.spec) for s in rig.snapshots.values()]),
        repr(rig.notices),
        repr(rig.events),
        repr(rig.secrets),
        repr(keys.access),
        caplog.text,
    ]
    for text in seen:
        assert not [secret for secret in hidden if secret in text]
