"""What is told of a socket's peers: what is new, once, and no more of them than are shown."""

from __future__ import annotations

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.peers import MOST_SHOWN, SocketPeers
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.engine.watch.news import PeerNews
from zmqscope.engine.watch.peer_book import BookParts, PeerBook

ID = SocketId(1)
PLACE = Endpoint(Role.BIND, "inproc://a")


def book() -> PeerBook:
    """One of which nobody is told."""
    counters = SocketCounters()
    parts = BookParts(
        lambda: 5, lambda _: counters, lambda: True, lambda _: None,
        lambda _: None, lambda _: None, lambda _: (),
    )  # fmt: skip
    return PeerBook(ID, parts)


def test_what_is_new_is_told_once() -> None:
    told: list[SocketPeers] = []
    news, peers = PeerNews(told.append), book()
    assert not news.tell(peers)
    peers.meet({(PLACE, SocketId(9)): SocketType.PUSH})
    assert news.tell(peers)
    assert not news.tell(peers)
    assert [len(each.peers) for each in told] == [1]
    assert news.last(ID) == told[0]


def test_of_more_than_are_shown_the_number_is_told() -> None:
    told: list[SocketPeers] = []
    peers = book()
    peers.meet({(PLACE, SocketId(n)): SocketType.PUSH for n in range(2, MOST_SHOWN + 5)})
    assert PeerNews(told.append).tell(peers)
    assert (len(told[0].peers), told[0].more) == (MOST_SHOWN, 3)


def test_a_forgotten_socket_has_nobody() -> None:
    news, peers = PeerNews(lambda _: None), book()
    peers.meet({(PLACE, SocketId(9)): SocketType.PUSH})
    news.tell(peers)
    news.forget(ID)
    assert news.last(ID) == SocketPeers(ID)


def test_without_news_it_is_the_same_object_as_the_doctor_needs_to_leave_a_socket_alone() -> None:
    news = PeerNews(lambda _: None)
    assert news.last(ID) is news.last(ID)
