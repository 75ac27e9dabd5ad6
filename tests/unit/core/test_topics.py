"""The topic table: numbers, figures, separators, and what finds no room."""

from __future__ import annotations

import numpy as np
import pytest

from tests.batches import Frames, batch_of
from zmqscope.core.capture import topics as topics_module
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import (
    MAX_TOPIC_BYTES,
    NO_TOPIC,
    OTHER_TOPICS,
    SECOND_NS,
    TopicKey,
    TopicRule,
    TopicTable,
    topic_rule,
)
from zmqscope.core.types import Direction, SocketId, SocketType

START_NS = 1_700_000_000 * SECOND_NS


def batch(
    messages: list[Frames],
    socket_id: int = 1,
    direction: Direction = Direction.RECEIVED,
    rule: TopicRule = TopicRule.ALWAYS,
    start_ns: int = START_NS,
) -> Batch:
    made = batch_of(
        messages,
        socket_id=socket_id,
        direction=direction,
        times_ns=range(start_ns, start_ns + len(messages)),
    )
    return Batch(
        made.socket_id,
        made.direction,
        made.times_ns,
        made.frame_counts,
        made.frame_lengths,
        made.payload,
        rule,
    )


def ids(store: CaptureStore) -> list[int]:
    parts = store.columns(store.first_row, store.end_row)
    return [topic for part in parts for topic in part.topic.tolist()]


def names(table: TopicTable) -> list[bytes]:
    keys = (table.key(topic) for topic in range(len(table)))
    return [key.name for key in keys if key is not None]


def test_topics_are_numbered_as_they_appear() -> None:
    store = CaptureStore()
    store.append(batch([(b"EUR", b"1"), (b"USD", b"2"), (b"EUR", b"3"), (b"",)]))
    assert ids(store) == [2, 3, 2, 4]
    assert names(store.topics) == [b"EUR", b"USD", b""]


def test_a_topic_belongs_to_a_socket_and_a_direction() -> None:
    store = CaptureStore()
    store.append(batch([(b"EUR",)]))
    store.append(batch([(b"EUR",)], socket_id=2))
    store.append(batch([(b"EUR",)], direction=Direction.SENT))
    assert ids(store) == [2, 3, 4]
    assert store.topics.key(4) == TopicKey(SocketId(1), Direction.SENT, b"EUR")


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (TopicRule.NEVER, [NO_TOPIC, NO_TOPIC]),
        (TopicRule.WITH_TWO_FRAMES, [NO_TOPIC, 2]),
        (TopicRule.ALWAYS, [2, 3]),
    ],
)
def test_rules(rule: TopicRule, wanted: list[int]) -> None:
    store = CaptureStore()
    store.append(batch([(b"alone",), (b"first", b"second")], rule=rule))
    assert ids(store) == wanted


def test_rules_of_types() -> None:
    assert topic_rule(SocketType.SUB) is topic_rule(SocketType.XPUB) is TopicRule.ALWAYS
    assert topic_rule(SocketType.ROUTER) is topic_rule(SocketType.STREAM)
    assert topic_rule(SocketType.ROUTER) is TopicRule.WITH_TWO_FRAMES
    assert topic_rule(SocketType.PULL) is topic_rule(SocketType.PAIR) is TopicRule.NEVER


def test_a_separator_ends_a_topic() -> None:
    store = CaptureStore()
    store.topics.set_separator(ord(" "))
    store.append(batch([(b"10001 80 60",), (b"10001 81 59",), (b"10002",), (b" x",)]))
    assert names(store.topics) == [b"10001", b"10002", b""]
    store.topics.set_separator(None)
    store.append(batch([(b"10001 80 60",)]))
    assert names(store.topics)[-1] == b"10001 80 60"


def test_what_is_too_long_counts_as_others() -> None:
    store = CaptureStore()
    longest = b"x" * MAX_TOPIC_BYTES
    store.append(batch([(longest,), (longest + b"y",), (b"z" * 100_000, b"")]))
    assert ids(store) == [2, OTHER_TOPICS, OTHER_TOPICS]
    figures = store.topics.figures(START_NS)
    assert figures.messages[OTHER_TOPICS] == 2
    assert figures.bytes[OTHER_TOPICS] == MAX_TOPIC_BYTES + 1 + 100_000


def test_a_full_table_counts_new_topics_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics_module, "MAX_TOPICS", 4)
    store = CaptureStore()
    store.append(batch([(b"a",), (b"b",), (b"c",), (b"a",)]))
    assert ids(store) == [2, 3, OTHER_TOPICS, 2]
    assert store.topics.is_full


def test_figures() -> None:
    store = CaptureStore()
    store.append(batch([(b"a", b"12"), (b"b",), (b"a", b"")]))
    figures = store.topics.figures(START_NS)
    assert len(figures) == 4
    assert figures.messages.tolist() == [0, 0, 2, 1]
    assert figures.bytes.tolist() == [0, 0, 4, 1]
    assert figures.last_row.tolist() == [-1, -1, 2, 1]


def test_rates_are_those_of_the_last_whole_second() -> None:
    store = CaptureStore()

    def per_s(now_ns: int) -> int:
        return int(store.topics.figures(now_ns).per_s[2])

    store.append(batch([(b"a",)] * 5))
    assert per_s(START_NS + 10) == 0  # the second is not over
    assert per_s(START_NS + SECOND_NS) == 5
    store.append(batch([(b"a",)] * 3, start_ns=START_NS + SECOND_NS))
    assert per_s(START_NS + SECOND_NS + 10) == 5
    assert per_s(START_NS + SECOND_NS - 10) == 5  # counted a moment ahead of the reader
    assert per_s(START_NS + 2 * SECOND_NS) == 3
    assert per_s(START_NS + 3 * SECOND_NS) == 0


def test_a_batch_over_several_seconds() -> None:
    store = CaptureStore()
    made = batch([(b"a",)] * 4)
    times = START_NS + np.array([0, 1, SECOND_NS, 3 * SECOND_NS])
    store.append(
        Batch(1, 0, times, made.frame_counts, made.frame_lengths, made.payload, TopicRule.ALWAYS)
    )
    figures = store.topics.figures(START_NS + 4 * SECOND_NS)
    assert (int(figures.messages[2]), int(figures.per_s[2])) == (4, 1)


def test_rows_that_leave_memory_keep_their_counts() -> None:
    store = CaptureStore(100_000)
    store.append(batch([(b"a", bytes(50_000))] * 10))
    assert store.first_row > 0
    assert store.topics.figures(START_NS).messages[2] == 10


def test_what_a_socket_has_published() -> None:
    table = TopicTable()
    names = [b"a", b"b", b"a"]
    topics = table.assign(1, Direction.SENT, list(names))
    table.note(topics, np.array([10, 20, 30], np.int64), np.zeros(3, np.int64), 0)
    table.assign(2, Direction.SENT, [b"other"])
    table.assign(1, Direction.RECEIVED, [b"heard"])
    assert table.published(SocketId(1), Direction.SENT) == [(b"a", 2), (b"b", 1)]
    assert table.published(SocketId(3), Direction.SENT) == []
    found = table.find(SocketId(1), Direction.SENT, b"a")
    assert found is not None
    assert table.count_of(found) == (2, 40)
    assert table.find(SocketId(1), Direction.SENT, b"c") is None
    assert table.is_caught_up


def test_which_first_frames_are_counted_by_themselves() -> None:
    table = TopicTable()
    assert table.counts_alone(b"a.b")
    assert not table.counts_alone(bytes(MAX_TOPIC_BYTES + 1))
    assert table.separator is None
    table.set_separator(ord("."))
    assert table.separator == ord(".")
    assert not table.counts_alone(b"a.b")
    assert table.counts_alone(b"ab")
