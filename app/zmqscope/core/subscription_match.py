"""Which topics nobody wants, and which subscriptions nothing matched. Pure, any thread."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from zmqscope.core.capture.topics import TopicTable
from zmqscope.core.peers import SocketPeers
from zmqscope.core.types import Direction, SocketType


@dataclass(frozen=True, slots=True)
class SubscriptionMatch:
    """What topics and subscriptions have to do with each other.

    Attributes:
        unwanted: Topics that no subscription matches, in order of their bytes.
        unmatched: Subscriptions that match no topic, in order of their bytes.
    """

    unwanted: tuple[bytes, ...]
    unmatched: tuple[bytes, ...]


def match_subscriptions(
    topics: Iterable[bytes],
    subscriptions: Iterable[bytes],
    *,
    is_exact: bool = False,
    separator: int | None = None,
) -> SubscriptionMatch:
    """Compare what is published with what is wanted (RFC 29; RFC 48 for groups).

    Sorted topics that begin with the same bytes are neighbours, so that each subscription is one
    range of them: 65,536 topics and 10,000 subscriptions take some 50 ms.

    Args:
        topics: What was published, as ``TopicTable`` has it.
        subscriptions: Prefixes; groups if ``is_exact``.
        is_exact: Whether they match as a whole, as groups do.
        separator: The byte before which the table's topics end; None if they are whole.

    Returns:
        Both remainders. Where topics are cut, a subscription that goes on behind the separator
        counts as matching all that have the same beginning: it may.
    """
    published = sorted(set(topics))
    wanted = sorted(set(subscriptions))
    steps = [0] * (len(published) + 1)
    unmatched = []
    for each in wanted:
        low, high = _range(published, each, is_exact, separator)
        if low == high:
            unmatched.append(each)
        steps[low] += 1
        steps[high] -= 1
    unwanted = [
        topic for topic, count in zip(published, accumulate(steps), strict=False) if count == 0
    ]
    return SubscriptionMatch(tuple(unwanted), tuple(unmatched))


def match_published(
    topics: TopicTable, peers: SocketPeers, kind: SocketType
) -> SubscriptionMatch | None:
    """Compare what a socket has published so far with what its peers want now.

    Args:
        topics: The capture store's.
        peers: Of a PUB, XPUB or RADIO.
        kind: Its type.

    Returns:
        None where the socket does not learn what is wanted.
    """
    if peers.subscriptions is None:
        return None
    return match_subscriptions(
        (name for name, _ in topics.published(peers.socket_id, Direction.SENT)),
        (each.topic for each in peers.subscriptions),
        is_exact=kind.has_groups,
        separator=topics.separator,
    )


def _range(
    published: list[bytes], wanted: bytes, is_exact: bool, separator: int | None
) -> tuple[int, int]:
    if separator is not None:
        head, found, _ = wanted.partition(bytes((separator,)))
        if found:
            wanted, is_exact = head, True
    low = bisect_left(published, wanted)
    if is_exact:
        is_there = low < len(published) and published[low] == wanted
        return low, low + is_there
    end = _first_behind(wanted)
    return low, len(published) if end is None else bisect_left(published, end, low)


def _first_behind(prefix: bytes) -> bytes | None:
    """The least bytes that are more than all that begin so; None if there are none."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes((kept[-1] + 1,)) if kept else None
