"""The subscriptions table's model: who wants what, what nobody wants, what matches nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.peer_rig import PeerList, peer_of, process_of, wants_of
from tests.topic_rig import START_NS, topical
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.peers import PeerId, PeerSubscription, SocketPeers
from zmqscope.core.types import Direction, SocketId, SocketType
from zmqscope.models.peers.subscriptions import SubscriptionTableModel, WantColumn

SECOND_NS = 1_000_000_000


class Rig:
    """A PUB and a RADIO, and what they sent."""

    def __init__(self) -> None:
        self.store, self.sockets = CaptureStore(), PeerList()
        self.sockets.listen(1, SocketType.PUB, "quotes")
        self.sockets.listen(2, SocketType.RADIO, "news")
        self.model = SubscriptionTableModel(self.store.topics)
        self.model.set_sockets(self.sockets.snapshots)
        self.now_ns = START_NS

    def send(self, *topics: bytes, socket: int = 1) -> None:
        self.store.append(topical(*topics, socket_id=socket, direction=Direction.SENT))

    def tell(self, socket: int, *wants: PeerSubscription, **more: object) -> None:
        told = SocketPeers(SocketId(socket), subscriptions=wants, **more)  # type: ignore[arg-type]
        self.model.take(told)

    def rows(self) -> list[tuple[str, str, str]]:
        self.now_ns += SECOND_NS
        self.model.refresh(self.now_ns)
        cells = self.model.cells(0, self.model.rowCount())
        columns = (WantColumn.TOPIC, WantColumn.COUNT, WantColumn.NOTE)
        return [tuple(one.texts[column] for column in columns) for one in cells]  # type: ignore[misc]


def test_what_is_wanted_and_what_nobody_wants() -> None:
    rig = Rig()
    rig.tell(1, *wants_of(b"EUR", b"JPY", count=2))
    assert rig.rows() == [
        ("EUR", "2", "nothing was sent yet"),
        ("JPY", "2", "nothing was sent yet"),
    ]
    rig.send(b"EURUSD", b"GBPUSD", b"GBPUSD", b"CHF")
    assert rig.rows() == [
        ("CHF", "nobody", "1 message sent that nobody wants"),
        ("EUR", "2", "matches what is sent"),
        ("GBPUSD", "nobody", "2 sent that nobody wants"),
        ("JPY", "2", "nothing sent matches"),
    ]
    assert rig.model.figures() == (2, 1, 2)
    rig.tell(1, *wants_of(b""))
    assert rig.rows() == [("everything", "1", "matches what is sent")]


def test_groups_match_as_a_whole() -> None:
    rig = Rig()
    rig.tell(2, *wants_of(b"fx"))
    rig.send(b"fxx", socket=2)
    assert [row[2] for row in rig.rows()] == [
        "nothing sent matches", "1 message sent that nobody wants",
    ]  # fmt: skip


def test_topics_that_are_cut_are_not_held_against_a_subscription() -> None:
    rig = Rig()
    rig.store.topics.set_separator(ord("/"))
    rig.model.set_separator(ord("/"))
    rig.tell(1, *wants_of(b"fx/EUR"))
    rig.send(b"fx/USD")
    assert rig.rows() == [("fx/EUR", "1", "matches what is sent")]


def test_what_is_received_is_no_offer() -> None:
    rig = Rig()
    rig.tell(1)
    rig.store.append(topical(b"in", socket_id=1))
    assert rig.rows() == []
    assert rig.model.known == 0


def test_who_wants_it() -> None:
    rig = Rig()
    peers = (peer_of(1, process=process_of(7, "worker")), *(peer_of(n) for n in range(2, 9)))
    known = tuple(PeerId(n) for n in range(1, 9))
    rig.tell(1, PeerSubscription(b"EUR", known, 9, START_NS), *wants_of(b"JPY"), peers=peers)
    rig.send(b"x")
    rig.rows()
    texts = [cells.texts[WantColumn.WHO] for cells in rig.model.cells(0, 3)]
    assert texts == ["worker · 7, 127.0.0.1:40002, 127.0.0.1:40003, 6 more", "–", "–"]
    assert rig.model.tip(0, WantColumn.WHO).splitlines()[-2:] == ["127.0.0.1:40008", "1 more"]
    assert "does not say who" in rig.model.tip(1, WantColumn.WHO)
    assert "No connected peer" in rig.model.tip(2, WantColumn.WHO)
    assert "first bytes" in rig.model.tip(1, WantColumn.NOTE)
    assert "before they leave" in rig.model.tip(2, WantColumn.COUNT)


def test_filter_scope_order_and_leaving() -> None:
    rig = Rig()
    rig.tell(1, *wants_of(b"b", b"a"))
    rig.tell(2, *wants_of(b"c", count=3))
    assert [row[0] for row in rig.rows()] == ["a", "b", "c"]
    rig.model.sort(WantColumn.COUNT, Qt.SortOrder.DescendingOrder)
    assert next(row[0] for row in rig.rows()) == "c"
    for which in WantColumn:
        rig.model.sort(which)
        assert rig.model.rowCount() == 3
    rig.model.set_filter("B")
    assert [row[0] for row in rig.rows()] == ["b"]
    rig.model.set_filter("")
    rig.model.set_socket(SocketId(2))
    assert [row[0] for row in rig.rows()] == ["c"]
    rig.model.forget(SocketId(2))
    assert rig.rows() == []
    # A socket that learns no subscriptions has no rows.
    rig.model.set_socket(None)
    rig.model.take(SocketPeers(SocketId(3), (peer_of(1, 3),)))
    assert [row[0] for row in rig.rows()] == ["a", "b"]


def test_looks_once_a_second() -> None:
    rig = Rig()
    rig.tell(1, *wants_of(b"a"))
    assert rig.model.refresh(START_NS)
    rig.tell(1, *wants_of(b"a", b"b"))
    assert not rig.model.refresh(START_NS + SECOND_NS // 2)
    assert not rig.model.refresh(START_NS + SECOND_NS, hold=True)
    assert rig.model.refresh(START_NS + SECOND_NS)
