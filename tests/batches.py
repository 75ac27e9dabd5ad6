"""Makes batches for the capture store out of plain Python messages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zmqscope.core.capture.segment import Batch
from zmqscope.core.types import Direction

Frames = tuple[bytes, ...]


def batch_of(
    messages: Sequence[Frames],
    *,
    socket_id: int = 1,
    direction: Direction = Direction.RECEIVED,
    times_ns: Sequence[int] | None = None,
) -> Batch:
    """A batch of these messages; times count up from 0 unless given."""
    frames = [frame for message in messages for frame in message]
    return Batch(
        socket_id=socket_id,
        direction=direction.value,
        times_ns=np.array(range(len(messages)) if times_ns is None else times_ns, np.int64),
        frame_counts=np.array([len(message) for message in messages], np.uint32),
        frame_lengths=np.array([len(frame) for frame in frames], np.uint32),
        payload=b"".join(frames),
    )
