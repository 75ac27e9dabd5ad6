"""The contract of transcoders, and a direction's state. Used by one thread at a time."""

from __future__ import annotations

import os
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.groups import GroupTable


class Transcoder(Protocol):
    """Turns bytes of one framing into bytes of another, as many as are there.

    Bodies may be cut anywhere, and are never gathered: memory does not depend on what a length
    field claims.
    """

    def run(
        self,
        source: NDArray[np.uint8],
        sink: NDArray[np.uint8],
        state: NDArray[np.int64],
        groups: GroupTable,
    ) -> int:
        """Go on where the last call ended.

        Args:
            source: uint8[n], what has come.
            sink: uint8[m], m at least ``layout.MOST_EXPANSION`` times n and ``layout.SPARE``.
            state: int64[STATE_SIZE], see ``layout``; CONSUMED and PRODUCED are set.
            groups: Looked up if the state says so.

        Returns:
            ``layout.NEEDS_INPUT`` or ``layout.SPECIAL``.
        """
        ...


def new_state(
    come_from: int,
    go_into: int,
    masks: bool = False,
    filters: bool = False,
    is_masked: bool = False,
) -> NDArray[np.int64]:
    """The state of a direction in which nothing has come yet.

    Args:
        come_from: ``layout.ZMTP`` or ``layout.WEBSOCKET``.
        go_into: The same of what goes.
        masks: Whether WebSocket frames that go have to be masked.
        filters: Whether only messages of a group that was joined go on.
        is_masked: Whether WebSocket frames that come have to be masked; else they must not be.
    """
    state = np.zeros(at.STATE_SIZE, np.int64)
    state[at.FILTERS], state[at.IS_MASKED] = filters, is_masked
    state[at.COPIES_NOTHING] = come_from == go_into == at.ZMTP and not filters
    state[at.FROM], state[at.INTO], state[at.MASKS] = come_from, go_into, masks
    # Keys must not be foreseen by whoever chose the payload (RFC 6455, section 10.3).
    state[at.SEED] = int.from_bytes(os.urandom(8), "little", signed=True) | 1
    return state
