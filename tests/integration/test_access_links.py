"""Who may come in where libzmq does not see the address: links and ipc, by raw peers."""

from __future__ import annotations

import select
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.callers import Doors
from tests.integration.conftest import StartPeer
from tests.peers import conversations as say
from tests.rig import EngineRig
from zmqscope.core.security.access import AccessList, AccessMode, Verdict
from zmqscope.engine import commands as cmd

HELLO = b"hello"
GATHER = "gather:@tcp://127.0.0.1:*,lock=null-server"


@pytest.fixture
def doors(rig: EngineRig, start_peer: StartPeer) -> Doors:
    return Doors(rig, start_peer)


def set_access(doors: Doors, access: AccessList) -> None:
    doors.rig.change(cmd.SetAccess((access,)))


def refused_by_address(doors: Doors, why: str) -> bool:
    texts = [line.text for line in doors.rig.events.values()]
    return any(f"its address {why} the list “default”" in text for text in texts)


def raw_scatter(address: str, source: str, message: bytes) -> socket.socket:
    """A SCATTER that comes from an address of this machine, and says everything at once."""
    host, port = address.removeprefix("tcp://").rsplit(":", 1)
    connection = socket.create_connection((host, int(port)), source_address=(source, 0))
    ready = say.zmtp(say.ZMTP_COMMAND, say.ready("SCATTER"))
    connection.sendall(say.GREETING + ready + say.zmtp(0, message))
    return connection


def test_an_answer_to_one_peer_behind_a_link_is_none_to_another(doors: Doors) -> None:
    set_access(doors, AccessList(mode=AccessMode.ASK))
    door = doors.open(GATHER)
    address = doors.rig.address(door)
    with ExitStack() as stack:
        stack.enter_context(raw_scatter(address, "127.0.0.2", b"one"))
        first = doors.knock()
        assert first.address == "127.0.0.2"
        stack.enter_context(raw_scatter(address, "127.0.0.3", b"two"))
        second = doors.knock(2)
        doors.answer(first, Verdict.LET_IN)
        doors.until(lambda: b"one" in doors.came(door))
        stack.enter_context(raw_scatter(address, "127.0.0.4", b"three"))
        doors.knock(2)
        assert doors.came(door) == [b"one"]
        doors.answer(second, Verdict.LET_IN)
        doors.until(lambda: b"two" in doors.came(door))
        stack.enter_context(raw_scatter(address, "127.0.0.2", b"again"))
        doors.knock(2)
        assert doors.came(door) == [b"one", b"two"]


@pytest.mark.parametrize("kind", ["gather", "pull"])
def test_allowed_addresses_let_nobody_in_over_ipc(
    doors: Doors, ipc_folder: Path, kind: str
) -> None:
    set_access(doors, AccessList(mode=AccessMode.LISTED, allow=("10.0.0.0/8",)))
    door = doors.open(f"{kind}:@ipc://{ipc_folder}/d,lock=null-server")
    theirs = "SCATTER" if kind == "gather" else "PUSH"
    ready = say.zmtp(say.ZMTP_COMMAND, say.ready(theirs))
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(f"{ipc_folder}/d")
        # libzmq itself takes nothing behind a READY before its own.
        peer.sendall(say.GREETING + ready + (say.zmtp(0, HELLO) if kind == "gather" else b""))
        doors.until(lambda: doors.has_told(door, "refused"))
    assert doors.came(door) == []


@pytest.mark.parametrize(
    ("allow", "deny", "is_in"),
    [
        ((), ("127.0.0.1",), False),
        (("10.0.0.0/8",), (), False),
        (("127.0.0.0/8",), (), True),
    ],
)
@pytest.mark.parametrize("kind", ["gather", "pull"])
def test_a_server_that_connects_judges_whom_it_connects_to(
    doors: Doors, kind: str, allow: tuple[str, ...], deny: tuple[str, ...], is_in: bool
) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE, allow=allow, deny=deny))
    theirs = "SCATTER" if kind == "gather" else "PUSH"
    ready = say.zmtp(say.ZMTP_COMMAND, say.ready(theirs))
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as stack:
        port = listener.getsockname()[1]

        def answer() -> None:
            doors.until(lambda: select.select([listener], [], [], 0)[0])
            connection = stack.enter_context(listener.accept()[0])
            connection.sendall(say.GREETING + ready)
            if kind == "gather":
                connection.sendall(say.zmtp(0, HELLO))

        door = doors.rig.open(f"{kind}:tcp://127.0.0.1:{port},lock=null-server")
        if not is_in:
            why = "is denied by" if deny else "is not among those allowed by"
            if kind == "pull":
                answer()
            doors.until(lambda: refused_by_address(doors, why))
            assert doors.came(door) == []
            return
        answer()
        doors.until(lambda: doors.has_told(door, "was let in by NULL"))


@pytest.mark.parametrize(
    ("deny", "why"),
    [("127.0.0.1", "is denied by the list"), ("10.0.0.1", "")],
)
def test_behind_a_proxy_it_is_the_peer_that_is_judged(
    doors: Doors, start_peer: StartPeer, deny: str, why: str
) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE, deny=(deny,)))
    proxy = start_peer("socks_proxy.py")
    peer = start_peer("twelve.py", "PUSH", "--bind", "tcp://127.0.0.1:*")
    spec = f"pull:{peer.endpoint},lock=null-server,socks_proxy={proxy.endpoint}"
    door = doors.rig.open(spec)
    if why:
        doors.until(lambda: any(why in line.text for line in doors.rig.events.values()))
        assert proxy.fact() is None
    else:
        doors.until(lambda: doors.has_told(door, "was let in by NULL"))


def test_a_name_that_only_the_proxy_knows_is_no_address(
    doors: Doors, start_peer: StartPeer
) -> None:
    set_access(doors, AccessList(mode=AccessMode.ANYONE, deny=("10.0.0.1",)))
    proxy = start_peer("socks_proxy.py", "--know", "behind.test=127.0.0.1")
    doors.rig.open(f"pull:tcp://behind.test:5555,lock=null-server,socks_proxy={proxy.endpoint}")
    why = "its address is not known, and the list “default” goes by addresses"
    doors.until(lambda: any(why in line.text for line in doors.rig.events.values()))
