"""The columns of the topic table that say what topics are, with their real types. Any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.topics import TopicTable


@dataclass(frozen=True, slots=True)
class TopicKeys:
    """The table's own arrays, to be read below ``len(table)`` only: what stands there is final.

    Attributes:
        data: uint8, the names one behind the other, in the order of the ids.
        start: int64[n], where a name begins in ``data``.
        size: int32[n], bytes of a name.
        socket: int32[n], socket id.
        direction: uint8[n], ``Direction`` value.
        last_row: int64[n], row id of the newest message; moves on.
        second: int64[n], the whole second of the newest message; moves on.
    """

    data: NDArray[np.uint8]
    start: NDArray[np.int64]
    size: NDArray[np.int32]
    socket: NDArray[np.int32]
    direction: NDArray[np.uint8]
    last_row: NDArray[np.int64]
    second: NDArray[np.int64]

    @classmethod
    def of(cls, table: TopicTable) -> TopicKeys:
        """The columns of a table."""
        _, data, start, size, socket, direction, *_, last_row, second, _, _ = table.columns()
        return cls(
            cast("NDArray[np.uint8]", data),
            cast("NDArray[np.int64]", start),
            cast("NDArray[np.int32]", size),
            cast("NDArray[np.int32]", socket),
            cast("NDArray[np.uint8]", direction),
            cast("NDArray[np.int64]", last_row),
            cast("NDArray[np.int64]", second),
        )

    def bytes_used(self, count: int) -> int:
        """Bytes of the names of ids 0 to ``count`` - 1."""
        return int(self.start[count - 1]) + int(self.size[count - 1])
