"""The peer table's model: what is shown, in which order, and why something is not known."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui.message_rig import START_NS
from tests.peer_rig import PeerList, figures_of, peer_of, process_of
from zmqscope.core.peers import Peer, PeerState, SocketPeers
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.models.peers.cells import PeerColumn
from zmqscope.models.peers.table import PeerTableModel
from zmqscope.models.peers.unknown import host_of, is_local

INPROC = Endpoint(Role.BIND, "inproc://here")


def model_of(*told: SocketPeers, kind: SocketType = SocketType.PULL) -> PeerTableModel:
    sockets, model = PeerList(), PeerTableModel()
    sockets.listen(1, kind, "jobs")
    sockets.listen(2, SocketType.ROUTER, "orders")
    model.set_sockets(sockets.snapshots)
    for one in told:
        model.take(one)
    model.sort(PeerColumn.SINCE)
    model.refresh(START_NS)
    return model


def one_of(peer: Peer, kind: SocketType = SocketType.PULL) -> PeerTableModel:
    return model_of(SocketPeers(SocketId(1), (peer,)), kind=kind)


def column(model: PeerTableModel, which: PeerColumn) -> list[str]:
    return [cells.texts[which] for cells in model.cells(0, model.rowCount())]


def test_a_peer_of_which_everything_is_known() -> None:
    peer = peer_of(
        1, 2, process=process_of(4121, command="python feed.py"), types=(SocketType.DEALER,),
        is_type_told=True, identity=b"w1", mechanism="CURVE", version="3.1", user_id="ada",
        reconnects=3, figures=figures_of(1_200, 7), unsent_bytes=2_048, unread_bytes=10,
    )  # fmt: skip
    model = model_of(SocketPeers(SocketId(2), (peer,)))
    (cells,) = model.cells(0, 1)
    assert cells.texts[:8] == (
        "orders", "127.0.0.1:40001", "python · 4121", "DEALER", "w1", "CURVE", "3.1", "ada",
    )  # fmt: skip
    assert cells.texts[9:] == ("3", "1,200", "12.0 kB", "7", "70 B", "2.0 kB")
    assert cells.mark == "received"
    assert cells.tokens[PeerColumn.TYPE] == "text"
    assert "python feed.py" in model.tip(0, PeerColumn.PROCESS)
    assert "10 B wait to be read" in model.tip(0, PeerColumn.UNSENT)
    assert "ready" in model.tip(0, PeerColumn.SOCKET)


@pytest.mark.parametrize(
    ("which", "kind", "words"),
    [
        (PeerColumn.PROCESS, SocketType.PULL, "looked up"),
        (PeerColumn.IDENTITY, SocketType.PUSH, "A PUSH learns its peer's identity from nobody"),
        (PeerColumn.IDENTITY, SocketType.PULL, "Only REQ, DEALER and ROUTER"),
        (PeerColumn.VERSION, SocketType.PULL, "Probe"),
        (PeerColumn.USER, SocketType.PULL, "access list"),
        (PeerColumn.RECEIVED, SocketType.PULL, "from which of its peers"),
        (PeerColumn.SENT, SocketType.PULL, "A PULL sends nothing"),
        (PeerColumn.RECEIVED_BYTES, SocketType.PUSH, "A PUSH receives nothing"),
        (PeerColumn.SENT_BYTES, SocketType.PUSH, "to which of its peers"),
        (PeerColumn.RECONNECTS, SocketType.PULL, "connected once"),
        (PeerColumn.UNSENT, SocketType.PULL, "queue"),
    ],
)
def test_what_is_not_known_says_why(which: PeerColumn, kind: SocketType, words: str) -> None:
    model = one_of(peer_of(1), kind)
    assert column(model, which) == [NOTHING]
    assert model.cells(0, 1)[0].tokens[which] == "muted"
    assert words in model.tip(0, which)


def test_inproc_says_why_it_tells_so_little() -> None:
    peer = peer_of(1, endpoint=INPROC, address="", mechanism="", types=())
    model = one_of(peer, SocketType.PAIR)
    assert column(model, PeerColumn.ADDRESS) == ["inproc"]
    for which in (PeerColumn.MECHANISM, PeerColumn.VERSION, PeerColumn.IDENTITY, PeerColumn.UNSENT):
        assert "inproc" in model.tip(0, which)


def test_states_and_guesses_are_told_apart() -> None:
    early = peer_of(1, state=PeerState.HANDSHAKE, mechanism="", types=())
    second = peer_of(2, state=PeerState.SURPLUS, types=(SocketType.PUB, SocketType.XPUB))
    model = model_of(SocketPeers(SocketId(1), (early, second)))
    assert [cells.mark for cells in model.cells(0, 2)] == ["waiting", "broken"]
    assert "handshake" in model.tip(0, PeerColumn.MECHANISM)
    assert "handshake" in model.tip(0, PeerColumn.TYPE)
    assert column(model, PeerColumn.TYPE) == [NOTHING, "PUB/XPUB"]
    assert "PUB or XPUB" in model.tip(1, PeerColumn.TYPE)
    assert "nothing else fits" in model.tip(1, PeerColumn.TYPE)
    assert "one peer only" in model.tip(1, PeerColumn.SOCKET)


def test_processes_of_all_sorts() -> None:
    own = peer_of(1, process=process_of(1, is_own=True), own_socket=SocketId(2))
    stopped = peer_of(2, process=process_of(7, "sleepy", is_stopped=True))
    far = peer_of(3, address="10.0.4.2:99")
    model = model_of(SocketPeers(SocketId(1), (own, stopped, far)))
    assert column(model, PeerColumn.PROCESS) == ["this app", "stopped: sleepy · 7", NOTHING]
    assert "orders" in model.tip(0, PeerColumn.PROCESS)
    assert "reads nothing" in model.tip(1, PeerColumn.PROCESS)
    assert "another machine" in model.tip(2, PeerColumn.PROCESS)
    assert [is_local(peer) for peer in (own, stopped, far)] == [True, True, False]
    assert [host_of(peer) for peer in (own, far)] == ["127.0.0.1", "10.0.4.2"]


def test_sorts_ports_by_number_and_what_is_not_known_last() -> None:
    first = peer_of(1, address="127.0.0.1:9", figures=figures_of(5))
    second = peer_of(2, address="127.0.0.1:10")
    third = peer_of(3, address="", figures=figures_of(7))
    model = model_of(SocketPeers(SocketId(1), (third, first, second)))
    assert model.keys == [1, 2, 3]
    model.sort(PeerColumn.ADDRESS, Qt.SortOrder.DescendingOrder)
    assert model.keys == [2, 1, 3]
    model.sort(PeerColumn.RECEIVED, Qt.SortOrder.DescendingOrder)
    assert model.keys == [3, 1, 2]
    model.sort(PeerColumn.RECEIVED)
    assert model.keys == [1, 3, 2]
    for which in PeerColumn:
        model.sort(which)
        assert sorted(model.keys, key=str) == [1, 2, 3]


def test_live_figures_change_places_once_a_second() -> None:
    model = model_of(SocketPeers(SocketId(1), (peer_of(1), peer_of(2))))
    model.sort(PeerColumn.RECEIVED, Qt.SortOrder.DescendingOrder)

    def tell(second: float, *received: int) -> list[object]:
        peers = [peer_of(n + 1, figures=figures_of(count)) for n, count in enumerate(received)]
        model.take(SocketPeers(SocketId(1), tuple(peers)))
        model.refresh(START_NS + round(second * 1e9))
        return list(model.keys)

    assert tell(1.0, 5, 4) == [1, 2]
    assert tell(1.3, 5, 9) == [1, 2]
    assert column(model, PeerColumn.RECEIVED) == ["5", "9"]
    assert tell(1.6, 5, 9, 99) == [1, 2, 3]
    assert tell(2.1, 5, 9, 99) == [3, 2, 1]


def test_one_socket_or_all_and_what_was_typed() -> None:
    jobs = SocketPeers(SocketId(1), (peer_of(1, process=process_of(7, "worker")), peer_of(2)))
    orders = SocketPeers(SocketId(2), (peer_of(3, 2, identity=b"EUR"),), more=40)
    model = model_of(jobs, orders)
    assert (model.rowCount(), model.known, model.more) == (3, 43, 40)
    model.set_socket(SocketId(1))
    assert model.refresh(START_NS)
    assert (model.keys, model.known, model.more) == ([1, 2], 2, 0)
    model.set_filter(" WORK ")
    assert model.keys == [1]
    assert model.typed == "work"
    model.set_socket(None)
    model.set_filter("eur")
    assert model.keys == [3]
    model.forget(SocketId(2))
    model.refresh(START_NS)
    assert model.keys == []


def test_nothing_is_done_while_nothing_is_told_or_a_row_is_held() -> None:
    model = one_of(peer_of(1))
    assert not model.refresh(START_NS)
    model.take(SocketPeers(SocketId(1)))
    assert not model.refresh(START_NS, hold=True)
    assert model.keys == [1]
    assert model.refresh(START_NS)
    assert model.keys == []
