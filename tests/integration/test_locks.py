"""NULL, PLAIN and CURVE as client and as server, over every transport that has them.

The peers are other programs in other processes; messages are checked both ways.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.integration.locked import Keys
from tests.integration.matrix import DRAFT, FITTING
from tests.integration.talks import TALKS, Meeting
from tests.peers import certificates
from tests.peers.certificates import Certificates
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.types import Role, SocketId, SocketState, SocketType
from zmqscope.engine import commands as cmd
from zmqscope.engine.tipc import has_tipc

TCP, WS, WSS = "tcp://127.0.0.1:*", "ws://127.0.0.1:*/feed", "wss://localhost:*/feed"
TIPC = "tipc://{71005,0,0}"
PROGRAMS = {
    "pyzmq": "twelve.py",
    "libzmq5": "libzmq5.py",
    "npm": "node_zeromq.js",
    "draft": "libzmq_draft.py",
    "gateway": "wss.py",
}
WHERE = [
    *[(TCP, name) for name in ("pyzmq", "libzmq5", "npm")],
    *[("ipc", name) for name in ("pyzmq", "libzmq5", "npm")],
    *[(WS, name) for name in ("libzmq5", "npm", "gateway")],
    (WSS, "gateway"),
    (TIPC, "pyzmq"),
]
MECHANISMS = ["null", "plain", "curve"]
SIDES = pytest.mark.parametrize("is_server", [True, False], ids=["server", "client"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A certificate chain for wss."""
    return certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Keys and a password, in files."""
    return Keys.make(tmp_path)


class Pairing:
    """Opens our socket and starts its peer, both locked.

    Args:
        rig: The engine.
        start_peer: Starts the peer.
        keys: What they show each other.
        made: For wss.
    """

    def __init__(
        self, rig: EngineRig, start_peer: StartPeer, keys: Keys, made: Certificates
    ) -> None:
        self.rig = rig
        self.keys = keys
        self._start_peer = start_peer
        self._made = made
        rig.post(cmd.SetAccess(keys.access))

    def meet(
        self,
        kind: SocketType,
        address: str,
        program: str,
        mechanism: str,
        *,
        is_server: bool,
        role: Role,
    ) -> Meeting:
        """Both, each in its role; whoever binds is there first."""
        ours = self.keys.ours(mechanism, is_server)
        theirs = self.keys.theirs(mechanism, not is_server)
        if program == "gateway":
            theirs.append(f"--subprotocol=ZWS2.0/{mechanism.upper()}")
        talk = TALKS[kind]
        ours, theirs = f"{talk.ours}{ours}", [*talk.arguments, *theirs]
        if role is Role.BIND:
            if address == WSS:
                ours += f",wss_cert_pem={self._made.chain},wss_key_pem={self._made.key}"
                theirs += self._made.to_connect
            socket_id = self.rig.open(f"{kind.name}:@{as_in_spec(address)}{ours}")
            self.until_state(socket_id, SocketState.LISTENING)
            bound = self.rig.address(socket_id).replace("wss://127.0.0.1", "wss://localhost")
            bound = reached_at(bound)
            peer = self._start(program, kind, "--connect", bound, theirs)
        else:
            if address == WSS:
                ours += f",wss_trust_pem={self._made.ca}"
                theirs += self._made.to_bind
            peer = self._start(program, kind, "--bind", address, theirs)
            there = as_in_spec(reached_at(peer.endpoint))
            socket_id = self.rig.open(f"{kind.name}:{there}{ours}")
        return Meeting(self.rig, socket_id, role, peer, peer.endpoints[0] if peer.endpoints else "")

    def _start(
        self, program: str, kind: SocketType, how: str, address: str, options: list[str]
    ) -> PeerProcess:
        return self._start_peer(PROGRAMS[program], FITTING[kind].name, how, address, *options)

    def until_state(self, socket_id: SocketId, state: SocketState) -> None:
        """Wait for it."""
        self.rig.until(lambda: self.rig.snapshots[socket_id].state is state)


@pytest.fixture
def pairing(rig: EngineRig, start_peer: StartPeer, keys: Keys, made: Certificates) -> Pairing:
    """Both sides locked."""
    return Pairing(rig, start_peer, keys, made)


def as_in_spec(address: str) -> str:
    """An address as a spec has it, where commas part fields."""
    return address.replace(",", "%2C")


def reached_at(address: str) -> str:
    """Where to connect to what is bound to an address: in TIPC, an instance of a range."""
    return address.replace(",0,0}", ",0}")


def assert_told_of_tipc(pairing: Pairing, mechanism: str, is_server: bool) -> None:
    """The system has no TIPC: a locked socket says so too, and what to do."""
    at = "@" if is_server else ""
    ours = pairing.keys.ours(mechanism, is_server)
    address = as_in_spec(TIPC if is_server else reached_at(TIPC))
    socket_id = pairing.rig.open(f"dealer:{at}{address}{ours}")
    pairing.until_state(socket_id, SocketState.FAILED)
    problem = pairing.rig.snapshots[socket_id].problem
    assert problem is not None
    assert problem.text == "This system has no TIPC."
    assert "modprobe tipc" in problem.hint


def role_of(is_server: bool) -> Role:
    return Role.BIND if is_server else Role.CONNECT


@SIDES
@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize(("address", "program"), WHERE)
def test_both_sides_talk(
    pairing: Pairing, ipc_folder: Path, address: str, program: str, mechanism: str, is_server: bool
) -> None:
    if address == TIPC and not has_tipc():
        assert_told_of_tipc(pairing, mechanism, is_server)
        return
    place = f"ipc://{ipc_folder}/s" if address == "ipc" else address
    meeting = pairing.meet(
        SocketType.DEALER, place, program, mechanism, is_server=is_server, role=role_of(is_server)
    )
    TALKS[SocketType.DEALER].run(meeting)
    assert pairing.rig.snapshots[meeting.socket_id].state is SocketState.CONNECTED


@SIDES
@pytest.mark.parametrize("mechanism", ["plain", "curve"])
@pytest.mark.parametrize("kind", [k for k in TALKS if not k.is_draft and k.name != "STREAM"])
def test_every_stable_type_talks(
    pairing: Pairing, kind: SocketType, mechanism: str, is_server: bool
) -> None:
    # pyzmq's authenticator names the user, and then a REQ that is a server drops the connection:
    # libzmq takes the name for a message out of turn (req_session_t::push_msg).
    program = "libzmq5" if kind is SocketType.REP and not is_server else "pyzmq"
    meeting = pairing.meet(
        kind, TCP, program, mechanism, is_server=is_server, role=role_of(is_server)
    )
    TALKS[kind].run(meeting)


@SIDES
@pytest.mark.parametrize("mechanism", ["plain", "curve"])
@pytest.mark.parametrize("address", [TCP, WS])
def test_the_server_may_be_the_one_that_connects(
    pairing: Pairing, address: str, mechanism: str, is_server: bool
) -> None:
    meeting = pairing.meet(
        SocketType.ROUTER,
        address,
        "libzmq5",
        mechanism,
        is_server=is_server,
        role=role_of(not is_server),
    )
    TALKS[SocketType.ROUTER].run(meeting)


@SIDES
@pytest.mark.parametrize("mechanism", ["null", "plain"])
@pytest.mark.parametrize(
    ("address", "program"), [(TCP, "draft"), ("ipc", "draft"), (WS, "draft"), (TCP, "npm")]
)
@pytest.mark.parametrize("kind", [k for k in TALKS if k in DRAFT and k is not SocketType.DGRAM])
def test_draft_types_have_plain(
    pairing: Pairing,
    ipc_folder: Path,
    kind: SocketType,
    address: str,
    program: str,
    mechanism: str,
    is_server: bool,
) -> None:
    # npm's package shows no routing ids of a PEER.
    program = "draft" if kind is SocketType.PEER else program
    place = f"ipc://{ipc_folder}/s" if address == "ipc" else address
    meeting = pairing.meet(
        kind, place, program, mechanism, is_server=is_server, role=role_of(is_server)
    )
    TALKS[kind].run(meeting)


@SIDES
@pytest.mark.parametrize("mechanism", ["plain", "curve"])
def test_through_a_socks_proxy(
    pairing: Pairing, start_peer: StartPeer, mechanism: str, is_server: bool
) -> None:
    proxy = start_peer("socks_proxy.py")
    theirs = pairing.keys.theirs(mechanism, not is_server)
    peer = start_peer("twelve.py", "PAIR", "--bind", TCP, *theirs)
    ours = pairing.keys.ours(mechanism, is_server)
    socket_id = pairing.rig.open(f"pair:{peer.endpoint},socks_proxy={proxy.endpoint}{ours}")
    TALKS[SocketType.PAIR].run(Meeting(pairing.rig, socket_id, Role.CONNECT, peer))
    assert "asked" in proxy.next_fact(60.0)
