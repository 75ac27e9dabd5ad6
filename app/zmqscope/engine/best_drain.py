"""The native drain once its kernel is ready, the plain one until then. Loop thread."""

from __future__ import annotations

from collections.abc import Sequence

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.engine.drain import Drain, DrainResult, PassBounds, PlainDrain, Source
from zmqscope.engine.native_drain import NativeDrain


class BestDrain:
    """Looks for the kernel before each pass, so that the change falls between two of them.

    Args:
        store: Where rows go.
        offset_ns: Capture clock minus monotonic clock, in ns.
        kernels: Where the kernel will appear.
    """

    def __init__(self, store: CaptureStore, offset_ns: int, kernels: KernelSet) -> None:
        self._store = store
        self._offset_ns = offset_ns
        self._kernels = kernels
        self._drain: Drain = PlainDrain(store, offset_ns)

    @property
    def name(self) -> str:
        """The one that the next pass will use; see ``Drain.name``."""
        return PlainDrain.name if self._kernels.drain is None else NativeDrain.name

    @property
    def pass_ns(self) -> int:
        """See ``Drain.pass_ns``."""
        return self._drain.pass_ns

    def drain(self, sources: Sequence[Source], bounds: PassBounds) -> list[DrainResult]:
        """See ``Drain.drain``."""
        kernel = self._kernels.drain
        if kernel is not None and not isinstance(self._drain, NativeDrain):
            self._drain = NativeDrain(self._store, self._offset_ns, kernel)
        return self._drain.drain(sources, bounds)
