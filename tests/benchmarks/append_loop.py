"""Appends batches of 10,000 messages to the store or to a deque of lists, and nothing else.

Run as ``python -m tests.benchmarks.append_loop store|deque MESSAGES``; prints ns and resident bytes
a message.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable

import numpy as np
import psutil

from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction

_BATCH = 10_000
_SIZE = 16
_BUDGET_BYTES = 1 << 34  # nothing is evicted meanwhile
_NS_APART = 1_000


def _into_store() -> tuple[object, Callable[[int], None]]:
    store = CaptureStore(_BUDGET_BYTES)
    times_ns = np.arange(_BATCH, dtype=np.int64) * _NS_APART
    counts, lengths = np.ones(_BATCH, np.uint32), np.full(_BATCH, _SIZE, np.uint32)
    payload = bytes(_SIZE * _BATCH)

    def append(start_ns: int) -> None:
        store.append(Batch(1, Direction.RECEIVED, times_ns + start_ns, counts, lengths, payload))

    return store, append


def _into_deque() -> tuple[object, Callable[[int], None]]:
    kept: deque[list[object]] = deque()
    payload = bytes(_SIZE * _BATCH)
    socket_id, direction = 1, int(Direction.RECEIVED)

    def append(start_ns: int) -> None:
        for n in range(_BATCH):
            body = payload[n * _SIZE : (n + 1) * _SIZE]
            kept.append([start_ns + n * _NS_APART, socket_id, direction, [body]])

    return kept, append


def main() -> None:
    """Append so many, and say what each one cost."""
    kept, append = (_into_store if sys.argv[1] == "store" else _into_deque)()
    messages = int(sys.argv[2]) // _BATCH * _BATCH
    process = psutil.Process()
    before_bytes, begun_ns = process.memory_info().rss, time.perf_counter_ns()
    for start in range(0, messages, _BATCH):
        append(start * _NS_APART)
    took_ns = time.perf_counter_ns() - begun_ns
    grown = process.memory_info().rss - before_bytes
    print(json.dumps({"ns": took_ns / messages, "bytes": grown / messages}), flush=True)
    del kept  # held until here: it is what was measured


if __name__ == "__main__":
    main()
