"""The kernel's transcoder once there is one, the plain one until then. The links' thread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.transcode.groups import GroupTable
from zmqscope.core.transcode.plain import PlainTranscoder


class BestTranscoder:
    """See ``Transcoder``.

    Args:
        kernels: Compiled loops, as far as they are ready.
    """

    def __init__(self, kernels: KernelSet) -> None:
        self._kernels = kernels
        self._plain = PlainTranscoder()

    def run(
        self,
        source: NDArray[np.uint8],
        sink: NDArray[np.uint8],
        state: NDArray[np.int64],
        groups: GroupTable,
    ) -> int:
        """See ``Transcoder.run``."""
        kernel = self._kernels.transcode
        if kernel is None:
            return self._plain.run(source, sink, state, groups)
        return kernel(source, sink, state, groups.data, groups.starts)
