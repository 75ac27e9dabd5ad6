"""The newest message of a topic."""

from __future__ import annotations

from tests.topic_rig import topical
from zmqscope.core.capture.store import CaptureStore
from zmqscope.models.topics.keys import TopicKeys
from zmqscope.models.topics.newest import newest_row


def test_the_newest_that_can_be_read() -> None:
    store = CaptureStore()
    keys = TopicKeys.of(store.topics)
    store.append(topical(b"a", b"b", b"a", b"c"))
    assert [newest_row(store, keys, topic) for topic in (2, 3, 4)] == [2, 1, 3]
    # Counted by the engine, not readable yet.
    keys.last_row[2] = 4
    assert newest_row(store, keys, 2) == 2
    keys.last_row[5] = 4
    assert newest_row(store, keys, 5) is None


def test_gone_with_its_row() -> None:
    store = CaptureStore()
    store.append(topical(b"a"))
    store.clear()
    assert newest_row(store, TopicKeys.of(store.topics), 2) is None
