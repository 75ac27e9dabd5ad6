"""Finds the newest message of a topic. Pure, any thread."""

from __future__ import annotations

import numpy as np

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPIC_BYTES
from zmqscope.core.types import RowId
from zmqscope.models.topics.keys import TopicKeys

_SCAN_ROWS = 500_000


def newest_row(store: CaptureStore, keys: TopicKeys, topic: int) -> RowId | None:
    """The newest row of a topic that can be read now; None if it is no longer in memory.

    Args:
        store: Where the messages are.
        keys: Of the store's topics.
        topic: Topic id.
    """
    end = int(store.end_row)
    row = int(keys.last_row[topic])
    if row < end:
        return RowId(row) if row >= store.first_row else None
    # The engine counts a message a moment before readers can see it: a busy topic has another one
    # close by.
    for part in reversed(list(store.columns(max(0, end - _SCAN_ROWS), end))):
        found = np.flatnonzero(part.topic == topic)
        if len(found):
            return RowId(part.first_row + int(found[-1]))
    return None


def newest_first_frame(store: CaptureStore, keys: TopicKeys, topic: int) -> bytes | None:
    """The first frame of a topic's newest message, whole where it is no longer than a topic.

    Args:
        store: Where the messages are.
        keys: Of the store's topics.
        topic: Topic id.

    Returns:
        The frame; None if the message is no longer in memory.
    """
    row = newest_row(store, keys, topic)
    views = store.row_views([row], MAX_TOPIC_BYTES, 1) if row is not None else []
    return views[0].heads[0] if views and views[0] is not None else None
