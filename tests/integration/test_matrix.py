"""Every type over every transport in both roles: messages get through, or a sentence says why not.

The peers are other people's programs in other processes; see ``matrix.py`` for who is where.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.app_peer import AppPeer
from tests.integration.conftest import StartPeer
from tests.integration.matrix import (
    CELLS,
    DRAFT,
    FITTING,
    KINDS,
    REFUSED,
    ROLES,
    SCHEMES,
    Cell,
    Place,
    Program,
    all_places,
)
from tests.integration.talks import TALKS, Meeting, Talk, assert_all_there, id_of_peer
from tests.peers import certificates
from tests.peers.certificates import Certificates
from tests.rig import EngineRig
from zmqscope.core.errors import EndpointError
from zmqscope.core.spec import parse_spec
from zmqscope.core.transports import mismatch, missing_here, transport_named
from zmqscope.core.types import Problem, Role, Severity, SocketId, SocketState, SocketType
from zmqscope.engine.tipc import has_tipc

INPROC = "inproc://here"
HELP = Path(__file__).parents[2] / "resources" / "help" / "transports.md"

_OTHER = {Role.BIND: Role.CONNECT, Role.CONNECT: Role.BIND}


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A root, an intermediate, and a leaf for localhost."""
    return certificates.make(tmp_path_factory.mktemp("wss"))


class Host:
    """Brings our socket and its peer together.

    Args:
        rig: The engine.
        start_peer: Starts a peer.
        folder: For ipc.
        chain: For wss.
    """

    def __init__(
        self, rig: EngineRig, start_peer: StartPeer, folder: Path, chain: Certificates
    ) -> None:
        self._rig = rig
        self._start_peer = start_peer
        self._folder = folder
        self._chain = chain

    def meet(self, cell: Cell) -> Meeting:
        """Open both, each in its role."""
        if cell.program is None:
            return self._meet_in_app(cell.place)
        if cell.place.kind is SocketType.DGRAM:
            return self._meet_by_datagrams(cell.place, cell.program)
        if cell.place.role is Role.BIND:
            return self._meet_bound(cell.place, cell.program)
        return self._meet_connected(cell.place, cell.program)

    def _meet_bound(self, place: Place, program: Program) -> Meeting:
        socket_id = self._bind(place, program)
        peer = self._start_peer(
            program.script,
            FITTING[place.kind].name,
            *("--connect", _reached_at(self._rig.address(socket_id))),
            *self._arguments(program, TALKS[place.kind]),
            *(self._chain.to_connect if place.scheme == "wss" else ()),
        )
        filters = program.filters
        return Meeting(self._rig, socket_id, place.role, peer, peer_filters=filters)

    def _meet_connected(self, place: Place, program: Program) -> Meeting:
        talk = TALKS[place.kind]
        peer = self._start_peer(
            program.script,
            FITTING[place.kind].name,
            *("--bind", self._address(place, program)),
            *self._arguments(program, talk),
            *(self._chain.to_bind if place.scheme == "wss" else ()),
        )
        trust = f",wss_trust_pem={self._chain.ca}" if place.scheme == "wss" else ""
        more = f"{talk.ours}{trust}{program.when_bound}"
        socket_id = self._open(place, _reached_at(peer.endpoint), more)
        return Meeting(
            self._rig, socket_id, place.role, peer, peer.endpoint, peer_filters=program.filters
        )

    def _meet_by_datagrams(self, place: Place, program: Program) -> Meeting:
        socket_id = self._bind(place, program)
        address = self._address(place, program)
        peer = self._start_peer(program.script, place.kind.name, "--bind", address)
        return Meeting(self._rig, socket_id, place.role, peer, peer.endpoint)

    def _meet_in_app(self, place: Place) -> Meeting:
        other = Place(FITTING[place.kind], place.scheme, _OTHER[place.role])
        ids = [
            self._open(place, INPROC, TALKS[place.kind].ours),
            self._open(other, INPROC, _as_spec(TALKS[place.kind].arguments)),
        ]
        self._rig.until(lambda: all(self._rig.snapshots[i].peer_count == 1 for i in ids))
        knows_us = place.kind is SocketType.PEER and other.role is Role.CONNECT
        peer = AppPeer(self._rig, ids[1], id_of_peer(self._rig) if knows_us else b"")
        return Meeting(self._rig, ids[0], place.role, peer)

    def _bind(self, place: Place, program: Program) -> SocketId:
        own = ""
        if place.scheme == "wss":
            own = f",wss_cert_pem={self._chain.chain},wss_key_pem={self._chain.key}"
        address = self._address(place, program)
        socket_id = self._open(place, address, TALKS[place.kind].ours + own)
        assert self._rig.snapshots[socket_id].problem is None
        return socket_id

    def _open(self, place: Place, address: str, more: str) -> SocketId:
        return self._rig.open(spec_text(place, address) + more)

    def _address(self, place: Place, program: Program) -> str:
        return program.addresses[place.scheme].format(self._folder)

    def _arguments(self, program: Program, talk: Talk) -> tuple[str, ...]:
        return (*program.arguments, *talk.arguments)


def spec_text(place: Place, address: str) -> str:
    """The spec of a socket with one endpoint."""
    at = "@" if place.role is Role.BIND else ""
    return f"{place.kind.name}:{at}{address.replace(',', '%2C')}"


def _reached_at(address: str) -> str:
    """Where to connect to what is bound to an address: in TIPC, an instance of a range."""
    return address.replace(",0,0}", ",0}")


def _as_spec(arguments: tuple[str, ...]) -> str:
    """What a peer's command line says, as a spec."""
    match arguments:
        case ("--identity", name):
            return f",identity={name}"
        case ("--subscribe", topic):
            return f",topic={bytes.fromhex(topic).decode()}"
        case ("--group", group):
            return f",group={bytes.fromhex(group).decode()}"
    return ""


@pytest.fixture
def host(rig: EngineRig, start_peer: StartPeer, ipc_folder: Path, chain: Certificates) -> Host:
    """Brings sockets and peers together."""
    return Host(rig, start_peer, ipc_folder, chain)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_messages_get_through(host: Host, rig: EngineRig, cell: Cell) -> None:
    if cell.place.scheme == "tipc" and not has_tipc():
        assert_told_of_tipc(rig, cell.place)
        return
    meeting = host.meet(cell)
    TALKS[cell.place.kind].run(meeting)
    assert_connected(rig, meeting.socket_id, cell.place)
    assert_no_warning(rig, cell.place)
    assert_all_there(meeting)
    if cell.place.scheme not in ("udp", "inproc"):
        assert_parted(rig, meeting.socket_id, cell.place)


def assert_connected(rig: EngineRig, socket_id: SocketId, place: Place) -> None:
    """The list shows one peer; over udp there is nobody to count."""
    state, peers = SocketState.CONNECTED, 1
    if place.scheme == "udp":
        peers = 0
        state = SocketState.LISTENING if place.role is Role.BIND else SocketState.CONNECTED
    rig.until(lambda: rig.snapshots[socket_id].peer_count == peers)
    assert (rig.snapshots[socket_id].state, rig.snapshots[socket_id].problem) == (state, None)


def assert_parted(rig: EngineRig, socket_id: SocketId, place: Place) -> None:
    """The peer has ended: whoever is bound waits for the next, whoever connects tries again."""
    state = SocketState.LISTENING if place.role is Role.BIND else SocketState.RETRYING
    rig.until(lambda: rig.snapshots[socket_id].state is state)
    assert rig.snapshots[socket_id].peer_count == 0
    if place.role is Role.BIND:
        assert_no_warning(rig, place)
    else:
        # What comes of trying again is told too.
        address = rig.snapshots[socket_id].endpoints[0].endpoint.address
        assert f"The connection to {address} was lost." in warnings(rig)


def warnings(rig: EngineRig) -> set[str]:
    """What the user was warned of."""
    return {notice.text for notice in rig.notices if notice.severity > Severity.INFO}


def assert_no_warning(rig: EngineRig, place: Place) -> None:
    """Nothing was wrong; only that one was opened before the other may have been said."""
    is_early = place.scheme == "inproc" and place.role is Role.CONNECT
    early = f"No {FITTING[place.kind].name} of this app is bound to {INPROC}."
    assert warnings(rig) <= ({early} if is_early else set())


def assert_told_of_tipc(rig: EngineRig, place: Place) -> None:
    """Its libzmq has it, but the system has not: the socket says so, and what to do."""
    socket_id = rig.open(spec_text(place, example_of(place)))
    problem = rig.snapshots[socket_id].problem
    assert rig.snapshots[socket_id].state is SocketState.FAILED
    assert problem is not None
    assert problem.text == "This system has no TIPC."
    assert "modprobe tipc" in problem.hint


def example_of(place: Place) -> str:
    """The example address of a place's transport."""
    transport = transport_named(place.scheme)
    assert transport is not None
    return f"{place.scheme}://{transport.example[ROLES.index(place.role)]}"


@pytest.mark.parametrize("place", REFUSED, ids=str)
def test_what_cannot_be_is_refused_with_its_reason(place: Place) -> None:
    with pytest.raises(EndpointError) as refusal:
        parse_spec(spec_text(place, example_of(place)))
    problem = refusal.value.problem
    assert problem.text.endswith(".")
    assert problem.hint.endswith(".")
    assert problem == reason_against(place)


def reason_against(place: Place) -> Problem | None:
    """Why the app says that it cannot be."""
    return missing_here(place.scheme) or mismatch(place.kind, place.scheme, place.role)


def test_no_place_is_left_out() -> None:
    places = set(all_places())
    assert set(REFUSED) == {place for place in places if reason_against(place) is not None}
    assert {cell.place for cell in CELLS} == places - set(REFUSED)


# ---- the help --------------------------------------------------------------------------------


def signs_of_help() -> dict[tuple[str, str], str]:
    """The signs in the help's table, by type and transport."""
    lines = [line for line in HELP.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    head, _, *rows = [[part.strip() for part in line.strip("|").split("|")] for line in lines]
    return {
        (row[0].removesuffix(" (draft)"), scheme): sign
        for row in rows
        for scheme, sign in zip(head[1:], row[1:], strict=True)
    }


def sign_of(kind: SocketType, scheme: str) -> str:
    """What the help may say of what passes here."""
    roles = {
        cell.place.role for cell in CELLS if (cell.place.kind, cell.place.scheme) == (kind, scheme)
    }
    if not roles:
        return "–"
    sign = "✓" if len(roles) == len(ROLES) else "b" if Role.BIND in roles else "c"
    return f"{sign}*" if kind in DRAFT or scheme in ("ws", "wss", "udp") else sign


def test_the_help_claims_what_passes_here_and_no_more() -> None:
    claimed = signs_of_help()
    untried = {scheme for scheme in SCHEMES if missing_here(scheme) is not None}
    tried = {
        (kind.name, s): sign_of(kind, s) for kind in KINDS for s in SCHEMES if s not in untried
    }
    assert {key: sign for key, sign in claimed.items() if key[1] not in untried} == tried
    # Of what this libzmq lacks, the help says that not every one has it.
    for scheme in untried:
        (line,) = [
            each
            for each in HELP.read_text(encoding="utf-8").splitlines()
            if f"`{scheme}://`" in each
        ]
        assert line.endswith("Only where the loaded libzmq was built with it.")
