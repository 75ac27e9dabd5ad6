"""Topics that nobody wants, and subscriptions that nothing matched."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.capture.topics import TopicTable
from zmqscope.core.peers import PeerSubscription, SocketPeers
from zmqscope.core.subscription_match import (
    SubscriptionMatch,
    match_published,
    match_subscriptions,
)
from zmqscope.core.types import Direction, SocketId, SocketType

NAMES = st.lists(st.binary(max_size=3) | st.sampled_from([b"", b"\xff", b"\xff\xff", b"a.b"]))


def test_prefixes() -> None:
    found = match_subscriptions([b"a.x", b"a.y", b"b"], [b"a.", b"c"])
    assert found == SubscriptionMatch((b"b",), (b"c",))


def test_everything_is_wanted_by_the_empty_subscription() -> None:
    assert match_subscriptions([b"a", b""], [b""]) == SubscriptionMatch((), ())
    assert match_subscriptions([], [b""]) == SubscriptionMatch((), (b"",))


def test_groups_match_as_a_whole() -> None:
    found = match_subscriptions([b"news", b"newspaper"], [b"news"], is_exact=True)
    assert found == SubscriptionMatch((b"newspaper",), ())


def test_topics_that_end_before_a_separator() -> None:
    topics = [b"a", b"b"]
    found = match_subscriptions(topics, [b"a.x", b"c.x"], separator=ord("."))
    assert found == SubscriptionMatch((b"b",), (b"c.x",))


@given(NAMES, NAMES)
def test_as_plain_words_say_it(topics: list[bytes], wanted: list[bytes]) -> None:
    unwanted = sorted({t for t in topics if not any(t.startswith(w) for w in wanted)})
    unmatched = sorted({w for w in wanted if not any(t.startswith(w) for t in topics)})
    found = match_subscriptions(topics, wanted)
    assert found == SubscriptionMatch(tuple(unwanted), tuple(unmatched))


def test_what_a_socket_has_published() -> None:
    table = TopicTable()
    table.assign(1, Direction.SENT, [b"a.x", b"b", b"news"])
    table.assign(1, Direction.RECEIVED, [b"\x01a"])
    wanted = (PeerSubscription(b"a"), PeerSubscription(b"new"))
    peers = SocketPeers(SocketId(1), subscriptions=wanted)
    assert match_published(table, peers, SocketType.PUB) == SubscriptionMatch((b"b",), ())
    found = match_published(table, peers, SocketType.RADIO)
    assert found == SubscriptionMatch((b"a.x", b"b", b"news"), (b"a", b"new"))
    assert match_published(table, SocketPeers(SocketId(1)), SocketType.PUSH) is None


def test_very_many_of_both_take_no_time() -> None:
    numbers = random.Random(5)
    topics = [b"site/%d/%d" % (numbers.randrange(300), i) for i in range(65_536)]
    wanted = [b"site/%d/%d" % (numbers.randrange(300), i) for i in range(10_000)]
    began_s = time.thread_time()
    match_subscriptions(topics, wanted)
    assert time.thread_time() - began_s < 10.0  # a product would take minutes
