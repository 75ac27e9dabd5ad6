"""Who may come in: real clients in other processes at the doors of the app's sockets."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
import zmq

from tests.integration.callers import Caller, Doors, curve, plain
from tests.integration.conftest import StartPeer
from tests.integration.locked import PASSWORD, USER, Keys, new_pair
from tests.integration.relay import Relay
from tests.rig import EngineRig
from zmqscope.core.endpoints import ZAP_ADDRESS
from zmqscope.core.security.access import (
    AccessList,
    AccessMode,
    AllowedKey,
    AllowedUser,
    Verdict,
)
from zmqscope.core.security.passwords import hash_password
from zmqscope.core.types import SocketId
from zmqscope.engine import commands as cmd

TCP = "dealer:@tcp://127.0.0.1:*"
WS = "dealer:@ws://127.0.0.1:*"
HELLO, BACK = b"hello", b"back"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys and a password, in files."""
    return Keys.make(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def doors(rig: EngineRig, start_peer: StartPeer) -> Doors:
    return Doors(rig, start_peer)


def set_access(doors: Doors, access: AccessList) -> None:
    doors.rig.change(cmd.SetAccess((access,)))


def listed(keys: Keys) -> AccessList:
    """A list that knows our user and the client's key."""
    return AccessList(
        mode=AccessMode.LISTED,
        users=(AllowedUser(USER, hash_password(PASSWORD)),),
        keys=(AllowedKey(keys.client.public, "test"),),
    )


def say_hello(caller: Caller) -> None:
    caller.process.say(HELLO)


# ---- PLAIN and CURVE ---------------------------------------------------------------------------


def test_a_user_with_the_right_password_comes_in(doors: Doors, keys: Keys) -> None:
    set_access(doors, listed(keys))
    door = doors.open(f"{TCP},lock=plain-server")
    caller = doors.call(door, *plain(USER, PASSWORD))
    say_hello(caller)
    doors.until(lambda: HELLO in doors.came(door))
    assert doors.rig.send(door, BACK).accepted
    doors.until(lambda: caller.heard(BACK))
    doors.until(lambda: doors.has_told(door, "“ann” from 127.0.0.1 was let in by PLAIN."))


@pytest.mark.parametrize(
    ("user", "password", "why"),
    [
        (USER, "wrong", "the password of “ann” is not the one on the list “default”"),
        (USER, "", "the password of “ann” is not the one on the list “default”"),
        ("bob", PASSWORD, "“bob” is not on the list “default”"),
    ],
)
def test_a_wrong_password_or_user_is_refused(
    doors: Doors, keys: Keys, user: str, password: str, why: str
) -> None:
    set_access(doors, listed(keys))
    door = doors.open(f"{TCP},lock=plain-server")
    caller = doors.call(door, *plain(user, password)[: 2 if password else 1])
    say_hello(caller)
    doors.until(lambda: caller.is_refused)
    doors.until(lambda: doors.has_told(door, "was refused", why))
    assert not caller.is_in
    assert doors.came(door) == []


@pytest.mark.parametrize("mode", [AccessMode.ANYONE, AccessMode.ASK])
def test_a_known_name_needs_its_password_in_every_mode(
    doors: Doors, keys: Keys, mode: AccessMode
) -> None:
    set_access(doors, replace(listed(keys), mode=mode))
    door = doors.open(f"{TCP},lock=plain-server")
    caller = doors.call(door, *plain(USER, "wrong"))
    doors.until(lambda: caller.is_refused)
    assert doors.rig.knocks == {}


def test_a_listed_key_comes_in_and_a_foreign_one_does_not(doors: Doors, keys: Keys) -> None:
    set_access(doors, listed(keys))
    door = doors.open(f"{TCP}{keys.ours('curve', True)}")
    known = doors.call(door, *curve(keys.server.public, keys.client))
    say_hello(known)
    doors.until(lambda: HELLO in doors.came(door))
    doors.until(lambda: doors.has_told(door, "“test” from 127.0.0.1 was let in by CURVE."))
    foreign_pair = new_pair()
    foreign = doors.call(door, *curve(keys.server.public, foreign_pair))
    doors.until(lambda: foreign.is_refused)
    why = f"its key {foreign_pair.public} is not on the list “default”"
    doors.until(lambda: doors.has_told(door, "was refused", why))
    assert not foreign.is_in


@pytest.mark.parametrize("mechanism", ["null", "plain", "curve"])
def test_anyone_comes_in_where_anyone_may(doors: Doors, keys: Keys, mechanism: str) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE))
    lock = keys.ours("curve", True) if mechanism == "curve" else f",lock={mechanism}-server"
    door = doors.open(f"{TCP}{lock}")
    options = {
        "null": [],
        "plain": plain("bob", "whatever"),
        "curve": curve(keys.server.public),
    }
    say_hello(doors.call(door, *options[mechanism]))
    doors.until(lambda: HELLO in doors.came(door))


def test_wrong_missing_and_unfit_keys_never_come_in(doors: Doors, keys: Keys) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE))
    door = doors.open(f"{TCP}{keys.ours('curve', True)}")
    wrong_server_key = doors.call(door, *curve(new_pair().public))
    no_key = doors.call(door)
    by_password = doors.call(door, *plain(USER, PASSWORD))
    for caller in (wrong_server_key, no_key, by_password):
        say_hello(caller)
    doors.until(lambda: wrong_server_key.saw("HANDSHAKE_FAILED_NO_DETAIL"))
    for caller in (no_key, by_password):
        doors.until(lambda caller=caller: caller.saw("DISCONNECTED"))
    say_hello(doors.call(door, *curve(keys.server.public)))
    doors.until(lambda: doors.came(door))
    assert doors.came(door) == [HELLO]
    assert not any(each.is_in for each in (wrong_server_key, no_key, by_password))


def test_lists_hold_for_the_sockets_that_name_them(doors: Doors, keys: Keys) -> None:
    lists = (AccessList("open", AccessMode.ANYONE), AccessList("shut", AccessMode.LISTED))
    doors.rig.change(cmd.SetAccess(lists))
    opened = doors.open(f"{TCP},lock=plain-server,access=open")
    shut = doors.open(f"{TCP},lock=plain-server,access=shut")
    say_hello(doors.call(opened, *plain("bob", "x")))
    refused = doors.call(shut, *plain("bob", "x"))
    doors.until(lambda: doors.came(opened) and refused.is_refused)
    doors.until(lambda: doors.has_told(shut, "“bob” is not on the list “shut”"))


def place_of(doors: Doors, door: SocketId) -> tuple[str, int]:
    host, _, port = doors.rig.address(door).removeprefix("tcp://").rpartition(":")
    return host, int(port)


def test_a_replayed_handshake_is_worth_nothing(
    doors: Doors, keys: Keys, start_peer: StartPeer
) -> None:
    set_access(doors, listed(keys))
    door = doors.open(f"{TCP}{keys.ours('curve', True)}")
    options = curve(keys.server.public, keys.client)
    with Relay(place_of(doors, door)) as relay:
        caller = Caller(start_peer("caller.py", "DEALER", relay.address, *options))
        say_hello(caller)
        doors.until(lambda: HELLO in doors.came(door))
        caller.process.kill()
        said = relay.said
    assert b"\x05HELLO" in said
    assert b"\x08INITIATE" in said
    doors.until(lambda: doors.rig.snapshots[door].peer_count == 0)
    doors.until(lambda: doors.has_told(door, "was let in"))
    for pieces in ([said], [said[:64], said[64:]]):
        with socket.create_connection(place_of(doors, door), 10.0) as replay:
            replay.setblocking(False)
            for piece in pieces:
                replay.sendall(piece)
            doors.until(lambda replay=replay: is_closed(replay))
    doors.until(lambda: any("A handshake failed" in e.text for e in doors.rig.events.values()))
    assert doors.came(door) == [HELLO]
    lines = [line for line in doors.rig.events.values() if "was let in" in line.text]
    assert [line.count for line in lines] == [1]


def is_closed(connection: socket.socket) -> bool:
    try:
        while connection.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
    return True


# ---- asking ------------------------------------------------------------------------------------


def a_listed_peer_talks(doors: Doors, door: SocketId, keys: Keys) -> None:
    """Messages pass both ways at the same door: whatever else could pass has had its time."""
    known = doors.call(door, *curve(keys.server.public, keys.client))
    known.process.say(b"listed")
    doors.until(lambda: b"listed" in doors.came(door))
    assert doors.rig.send(door, BACK).accepted
    doors.until(lambda: known.heard(BACK))


def assert_nothing_passed(doors: Doors, door: SocketId, stranger: Caller) -> None:
    stranger.listen()
    assert HELLO not in doors.came(door)
    assert stranger.messages == []
    assert "CONNECTED" in stranger.events
    assert not {"HANDSHAKE_SUCCEEDED", "HANDSHAKE_FAILED_AUTH", "DISCONNECTED"} & set(
        stranger.events
    )


@pytest.fixture
def asking(doors: Doors, keys: Keys) -> SocketId:
    """A CURVE server that asks the user about strangers."""
    set_access(doors, replace(listed(keys), mode=AccessMode.ASK))
    return doors.open(f"{TCP}{keys.ours('curve', True)}")


def test_nothing_passes_while_the_question_is_open(
    doors: Doors, keys: Keys, asking: SocketId
) -> None:
    pair = new_pair()
    stranger = doors.call(asking, *curve(keys.server.public, pair))
    say_hello(stranger)
    knock = doors.knock()
    assert (knock.key, knock.address, knock.tries) == (pair.public, "127.0.0.1", 1)
    doors.until(lambda: doors.has_told(asking, "waits to be let in", pair.public))
    a_listed_peer_talks(doors, asking, keys)
    assert_nothing_passed(doors, asking, stranger)
    doors.answer(knock, Verdict.LET_IN)
    doors.until(lambda: HELLO in doors.came(asking) and stranger.is_in)
    assert doors.open_knocks() == []


def test_who_is_refused_is_told_so_and_stays_out(
    doors: Doors, keys: Keys, asking: SocketId
) -> None:
    pair = new_pair()
    stranger = doors.call(asking, *curve(keys.server.public, pair))
    say_hello(stranger)
    doors.answer(doors.knock(), Verdict.REFUSE)
    doors.until(lambda: stranger.is_refused)
    doors.until(lambda: doors.has_told(asking, "was refused: you refused it."))
    again = doors.call(asking, *curve(keys.server.public, pair))
    doors.until(lambda: again.is_refused)
    assert doors.open_knocks() == []
    assert HELLO not in doors.came(asking)


def test_always_is_a_change_of_the_list(doors: Doors, keys: Keys, asking: SocketId) -> None:
    pair = new_pair()
    stranger = doors.call(asking, *curve(keys.server.public, pair))
    say_hello(stranger)
    doors.knock()
    both = (*listed(keys).keys, AllowedKey(pair.public, "robot"))
    set_access(doors, replace(listed(keys), mode=AccessMode.ASK, keys=both))
    doors.until(lambda: HELLO in doors.came(asking))
    doors.until(lambda: doors.has_told(asking, "“robot” from 127.0.0.1 was let in"))
    assert doors.open_knocks() == []


def test_always_by_password(doors: Doors, keys: Keys) -> None:
    set_access(doors, AccessList(mode=AccessMode.ASK))
    door = doors.open(f"{TCP},lock=plain-server")
    first = doors.call(door, *plain("bob", "his own"))
    knock = doors.knock()
    assert (knock.user, knock.password) == ("bob", None)
    doors.answer(knock, Verdict.LET_IN)
    doors.until(lambda: first.is_in and doors.rig.knocks[knock.knock_id].password)
    password = doors.rig.knocks[knock.knock_id].password
    assert password is not None
    users = (AllowedUser("bob", password),)
    set_access(doors, AccessList(mode=AccessMode.LISTED, users=users))
    right = doors.call(door, *plain("bob", "his own"))
    wrong = doors.call(door, *plain("bob", "another"))
    doors.until(lambda: right.is_in and wrong.is_refused)


def test_the_lists_become_stricter_while_somebody_waits(
    doors: Doors, keys: Keys, asking: SocketId
) -> None:
    stranger = doors.call(asking, *curve(keys.server.public))
    doors.knock()
    set_access(doors, listed(keys))
    doors.until(lambda: stranger.is_refused)
    assert doors.open_knocks() == []


def test_two_ask_at_once_and_are_answered_out_of_order(
    doors: Doors, keys: Keys, asking: SocketId
) -> None:
    first = doors.call(asking, *curve(keys.server.public))
    first_knock = doors.knock(1)
    second = doors.call(asking, *curve(keys.server.public))
    second_knock = doors.knock(2)
    doors.answer(second_knock, Verdict.LET_IN)
    doors.until(lambda: second.is_in)
    assert not first.is_in
    assert [knock.knock_id for knock in doors.open_knocks()] == [first_knock.knock_id]
    doors.answer(first_knock, Verdict.REFUSE)
    doors.until(lambda: first.is_refused)
    assert not first.is_in


def test_who_timed_out_meanwhile_gets_in_when_it_comes_again(doors: Doors, keys: Keys) -> None:
    set_access(doors, AccessList(mode=AccessMode.ASK))
    door = doors.open(f"{TCP},handshake_ivl=1000{keys.ours('curve', True)}")
    stranger = doors.call(door, *curve(keys.server.public))
    say_hello(stranger)
    knock = doors.knock()
    doors.until(lambda: doors.rig.knocks[knock.knock_id].tries >= 3)
    assert [each.knock_id for each in doors.open_knocks()] == [knock.knock_id]
    doors.answer(knock, Verdict.LET_IN)
    doors.until(lambda: HELLO in doors.came(door))
    assert len(doors.rig.knocks) == 1


def test_the_answer_comes_after_the_peer_has_left(
    doors: Doors, keys: Keys, asking: SocketId
) -> None:
    pair = new_pair()
    gone = doors.call(asking, *curve(keys.server.public, pair))
    knock = doors.knock()
    gone.process.kill()
    doors.until(lambda: any("has ended" in e.text for e in doors.rig.events.values()))
    doors.answer(knock, Verdict.LET_IN)
    doors.until(lambda: doors.open_knocks() == [])
    assert not doors.has_told(asking, "was let in")
    again = doors.call(asking, *curve(keys.server.public, pair))
    say_hello(again)
    doors.until(lambda: HELLO in doors.came(asking))
    assert len(doors.rig.knocks) == 1


def test_a_closed_door_has_nobody_waiting_at_it(doors: Doors, keys: Keys, asking: SocketId) -> None:
    doors.call(asking, *curve(keys.server.public))
    knock = doors.knock()
    doors.rig.change(cmd.CloseSocket(knock.socket_id))
    doors.until(lambda: doors.open_knocks() == [])


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allow", "deny", "is_in"),
    [
        ((), (), True),
        (("127.0.0.0/8",), (), True),
        (("::ffff:127.0.0.1",), (), True),
        (("10.0.0.0/8",), (), False),
        ((), ("127.0.0.1",), False),
        (("127.0.0.0/8",), ("127.0.0.1",), False),
        ((), ("10.0.0.0/8", "fd00::/8"), True),
    ],
)
@pytest.mark.parametrize("spec", [TCP, WS], ids=["tcp", "ws"])
def test_addresses_without_any_mechanism(
    doors: Doors,
    start_peer: StartPeer,
    spec: str,
    allow: tuple[str, ...],
    deny: tuple[str, ...],
    is_in: bool,
) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE, allow=allow, deny=deny))
    door = doors.open(f"{spec},lock=null-server")
    peer = start_peer("libzmq5.py", "DEALER", "--connect", doors.rig.address(door))
    peer.say(HELLO)
    if is_in:
        doors.until(lambda: HELLO in doors.came(door))
        return
    why = "is denied by" if deny else "is not among those allowed by"
    doors.until(lambda: refused_by_address(doors, why))
    assert doors.came(door) == []


def refused_by_address(doors: Doors, why: str) -> bool:
    texts = [line.text for line in doors.rig.events.values()]
    return any(f"its address {why} the list “default”" in text for text in texts)


def test_ipc_peers_have_no_address_to_be_judged_by(
    doors: Doors, keys: Keys, ipc_folder: Path
) -> None:
    access = replace(listed(keys), allow=("10.0.0.1",), deny=("127.0.0.1",))
    set_access(doors, access)
    door = doors.open(f"dealer:@ipc://{ipc_folder}/door{keys.ours('curve', True)}")
    known = doors.call(door, *curve(keys.server.public, keys.client))
    foreign = doors.call(door, *curve(keys.server.public))
    say_hello(known)
    doors.until(lambda: HELLO in doors.came(door) and foreign.is_refused)


def test_addresses_are_judged_before_keys(doors: Doors, keys: Keys) -> None:
    set_access(doors, replace(listed(keys), mode=AccessMode.ASK, deny=("127.0.0.1",)))
    door = doors.open(f"{TCP}{keys.ours('curve', True)}")
    caller = doors.call(door, *curve(keys.server.public, keys.client))
    doors.until(lambda: caller.is_refused)
    assert doors.rig.knocks == {}


def test_a_change_of_the_list_reaches_open_doors(doors: Doors, start_peer: StartPeer) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE, deny=("127.0.0.1",)))
    door = doors.open(f"{WS},lock=null-server,reconnect_ivl=50")
    peer = start_peer("libzmq5.py", "DEALER", "--connect", doors.rig.address(door))
    peer.say(HELLO)
    doors.until(lambda: refused_by_address(doors, "is denied by"))
    set_access(doors, AccessList(mode=AccessMode.ANYONE))
    doors.until(lambda: HELLO in doors.came(door))


def test_an_ipv4_peer_that_comes_through_ipv6_is_judged_as_ipv4(doors: Doors) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE, deny=("127.0.0.0/8",)))
    door = doors.open("dealer:@tcp://[::]:*,ipv6=1,lock=null-server")
    port = doors.rig.address(door).rpartition(":")[2]
    caller = doors.call_at(f"tcp://127.0.0.1:{port}")
    say_hello(caller)
    doors.until(lambda: caller.is_refused)
    doors.until(lambda: doors.has_told(door, "from 127.0.0.1 was refused", "is denied by"))


def test_who_waits_behind_a_link_goes_when_its_address_is_denied(
    doors: Doors, keys: Keys, start_peer: StartPeer
) -> None:
    set_access(doors, AccessList(mode=AccessMode.ASK))
    door = doors.open(f"{WS}{keys.ours('curve', True)}")
    options = curve(keys.server.public)
    peer = start_peer("libzmq5.py", "DEALER", "--connect", doors.rig.address(door), *options)
    peer.say(HELLO)
    knock = doors.knock()
    set_access(doors, AccessList(mode=AccessMode.ASK, deny=("127.0.0.1",)))
    doors.until(lambda: refused_by_address(doors, "is denied by"))
    doors.answer(knock, Verdict.LET_IN)
    doors.until(lambda: doors.open_knocks() == [])
    assert doors.came(door) == []
    set_access(doors, AccessList(mode=AccessMode.ASK))
    doors.until(lambda: HELLO in doors.came(door))


def test_a_knock_through_a_link_shows_where_it_comes_from(
    doors: Doors, keys: Keys, start_peer: StartPeer
) -> None:
    set_access(doors, AccessList(mode=AccessMode.ASK))
    door = doors.open(f"{WS}{keys.ours('curve', True)}")
    options = curve(keys.server.public)
    peer = start_peer("libzmq5.py", "DEALER", "--connect", doors.rig.address(door), *options)
    peer.say(HELLO)
    knock = doors.knock()
    assert knock.address == "127.0.0.1"
    a_second = curve(keys.server.public)
    start_peer("libzmq5.py", "DEALER", "--connect", doors.rig.address(door), *a_second)
    second = doors.knock(2)
    assert second.address == ""
    assert doors.came(door) == []
    doors.answer(knock, Verdict.LET_IN)
    doors.until(lambda: HELLO in doors.came(door))


# ---- other clients of the authenticator --------------------------------------------------------


def test_broken_questions_are_answered_and_do_no_harm(doors: Doors, keys: Keys) -> None:
    set_access(doors, listed(keys))
    door = doors.open(f"{TCP},lock=plain-server")
    good = [b"", b"1.0", b"7", b"default#1", b"127.0.0.1", b"", b"PLAIN", b"ann", b"x"]
    broken = {
        b"500": [[*good[:1], b"2.0", *good[2:]], good[:5], [*good[:3], b"#" * 300, *good[4:]]],
        b"400": [
            [*good[:3], b"foreign", *good[4:]],
            [*good[:6], b"GSSAPI"],
            good[:-1],
            [*good, b"more"],
            [*good[:6], b"CURVE", b"short"],
            good,
        ],
        None: [[b"x"], [b"", b"1.0"], [b"no delimiter", *good[1:]], [b"", b"1.0", b"n" * 300]],
    }
    with doors.rig.context.socket(zmq.DEALER) as raw:
        raw.setsockopt(zmq.LINGER, 0)
        raw.connect(ZAP_ADDRESS)
        for status, requests in broken.items():
            for request in requests:
                raw.send_multipart(request)
                if status is not None:
                    doors.until(lambda: raw.poll(0))
                    reply = raw.recv_multipart()
                    assert reply[:3] == [b"", b"1.0", b"7"]
                    assert reply[3] == status, request
                    assert reply[5:] == [b"", b""]
    caller = doors.call(door, *plain(USER, PASSWORD))
    doors.until(lambda: caller.is_in)


def test_a_name_that_is_no_text_is_a_stranger(doors: Doors, keys: Keys) -> None:
    set_access(doors, listed(keys))
    doors.open(f"{TCP},lock=plain-server")
    with doors.rig.context.socket(zmq.REQ) as raw:
        raw.setsockopt(zmq.LINGER, 0)
        raw.connect(ZAP_ADDRESS)
        raw.send_multipart([b"1.0", b"", b"default#1", b"", b"", b"PLAIN", b"\xff\x00", b"\xff"])
        doors.until(lambda: raw.poll(0))
        assert raw.recv_multipart()[2] == b"400"
    doors.until(lambda: doors.has_told(SocketId(1), "is not on the list"))


def test_without_the_authenticator_nobody_comes_in(doors: Doors, keys: Keys) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE))
    with doors.rig.context.socket(zmq.ROUTER) as other:
        other.bind(ZAP_ADDRESS)
        door = doors.open(f"{TCP}{keys.ours('curve', True)}")
        assert any("Nobody can be asked" in notice.text for notice in doors.rig.notices)
        caller = doors.call(door, *curve(keys.server.public))
        say_hello(caller)
        doors.until(lambda: other.poll(0))
        assert doors.came(door) == []
        assert not caller.is_in
    doors.rig.change(cmd.ReopenSocket(door))
    doors.listens(door)
    say_hello(doors.call(door, *curve(keys.server.public)))
    doors.until(lambda: HELLO in doors.came(door))
