"""Who wants what, from what an XPUB hands up."""

from __future__ import annotations

from zmqscope.core.peers import PeerId
from zmqscope.engine.watch import subscribers
from zmqscope.engine.watch.subscribers import LONGEST_TOPIC, MOST_TOPICS, Subscribers

A, B = PeerId(1), PeerId(2)


def wants(of: Subscribers) -> dict[bytes, tuple[int, tuple[PeerId, ...]]]:
    return {each.topic: (each.count, each.peers) for each in of.told()}


def test_peers_of_a_topic_come_and_go() -> None:
    of = Subscribers(True, lambda: 9)
    assert of.note(b"\x01a", A)
    assert of.note(b"\x01a", B)
    assert of.note(b"\x01", B)
    assert wants(of) == {b"a": (2, (A, B)), b"": (1, (B,))}
    assert of.told()[0].since_ns == 9
    assert of.note(b"\x00a", A)
    assert wants(of) == {b"a": (1, (B,)), b"": (1, (B,))}
    assert of.note(b"\x00a", B)
    assert wants(of) == {b"": (1, (B,))}


def test_what_is_no_subscription() -> None:
    of = Subscribers(True, lambda: 0)
    assert not of.note(b"hello", A)
    assert not of.note(b"", A)
    assert wants(of) == {}


def test_the_same_peer_twice_is_one() -> None:
    of = Subscribers(True, lambda: 0)
    of.note(b"\x01a", A)
    of.note(b"\x01a", A)
    assert wants(of) == {b"a": (1, (A,))}
    of.note(b"\x00a", B)  # never asked for it
    assert wants(of) == {b"a": (1, (A,))}


def test_a_leaving_peer_takes_its_subscriptions_along_in_either_order() -> None:
    for leaves_first in (True, False):
        of = Subscribers(True, lambda: 0)
        of.note(b"\x01a", A)
        of.note(b"\x01a", B)
        of.note(b"\x01b", A)
        ends = (b"\x00a", b"\x00b")
        if leaves_first:
            of.left(A)
        for end in ends:
            of.note(end, None)
        if not leaves_first:
            of.left(A)
        assert wants(of) == {b"a": (1, (B,))}


def test_those_of_whom_nothing_is_known_are_counted() -> None:
    of = Subscribers(True, lambda: 0)
    of.note(b"\x01a", None)
    of.note(b"\x01a", None)
    of.note(b"\x01a", A)
    assert wants(of) == {b"a": (3, (A,))}
    of.note(b"\x00a", None)
    assert wants(of) == {b"a": (2, (A,))}


def test_where_only_first_and_last_are_told() -> None:
    of = Subscribers(False, lambda: 0)
    of.note(b"\x01a", A)
    of.note(b"\x01a", B)  # xpub_verbose tells of this one too
    of.left(A)
    assert wants(of) == {b"a": (1, (B,))}
    of.note(b"\x00a", None)
    assert wants(of) == {}


def test_the_same_objects_while_nothing_changes() -> None:
    of = Subscribers(True, lambda: 0)
    of.note(b"\x01a", A)
    of.note(b"\x01b", A)
    before = of.told()
    assert of.told() is before
    of.note(b"\x01b", B)
    assert of.told()[0] is before[0]
    assert of.told()[1] is not before[1]


def test_it_is_bounded() -> None:
    of = Subscribers(True, lambda: 0)
    for number in range(MOST_TOPICS + 10):
        of.note(b"\x01%d" % number, A)
    of.note(b"\x01" + bytes(LONGEST_TOPIC + 1), A)
    assert len(of.told()) == MOST_TOPICS
    assert of.left_out == 11
    of.left(A)
    for number in range(MOST_TOPICS + 10):
        of.note(b"\x00%d" % number, None)
    assert of.told() == ()
    assert of._of_peer == {}
    assert of._pairs == 0
    assert subscribers.MOST_PAIRS >= MOST_TOPICS
