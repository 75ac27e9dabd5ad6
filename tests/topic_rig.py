"""Messages with topics for the tests of the topics panel, and a table full of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tests.batches import batch_of
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPICS, SECOND_NS, TopicRule
from zmqscope.core.types import Direction

START_S = 1_700_000_000
START_NS = START_S * SECOND_NS


def topical(
    *topics: bytes,
    socket_id: int = 1,
    direction: Direction = Direction.RECEIVED,
    times_ns: Sequence[int] | None = None,
) -> Batch:
    """Messages of a topic and one byte each, all at the start unless times are given."""
    batch = batch_of(
        [(topic, b"x") for topic in topics],
        socket_id=socket_id,
        direction=direction,
        times_ns=[START_NS] * len(topics) if times_ns is None else times_ns,
    )
    return replace(batch, topic_rule=TopicRule.ALWAYS)


def in_second(second: int, counts: dict[bytes, int], socket_id: int = 1) -> Batch:
    """So many messages of each topic in a second after the start."""
    topics = [topic for topic, count in counts.items() for _ in range(count)]
    times = [START_NS + second * SECOND_NS] * len(topics)
    return topical(*topics, times_ns=times, socket_id=socket_id)


def fill(store: CaptureStore, topics: int = MAX_TOPICS) -> None:
    """Fill the table of topics, and give each a message in the first second."""
    names: list[bytes | None] = [b"market/%05d/tick" % number for number in range(topics)]
    ids = store.topics.assign(1, 0, names)
    sizes = np.full(len(ids), 10, np.int64)
    store.topics.note(ids, sizes, np.full(len(ids), START_NS, np.int64), 0)
    store.counters.total.add(len(ids), len(ids), 10 * len(ids))
