"""The native bursts once their kernel is ready, the plain ones until then. Loop thread."""

from __future__ import annotations

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.load import LoadPlan
from zmqscope.engine.bursts import BurstBounds, BurstResult, Bursts, Outlet, PlainBursts
from zmqscope.engine.native_bursts import NativeBursts


class BestBursts:
    """Looks for the kernel before each burst, so that the change falls between two of them.

    Args:
        store: Where sent messages are captured.
        offset_ns: Capture clock minus monotonic clock, in ns.
        kernels: Where the kernel will appear.
    """

    def __init__(self, store: CaptureStore, offset_ns: int, kernels: KernelSet) -> None:
        self._store = store
        self._offset_ns = offset_ns
        self._kernels = kernels
        self._bursts: Bursts = PlainBursts(store, offset_ns)

    @property
    def burst_ns(self) -> int:
        """See ``Bursts.burst_ns``."""
        return self._bursts.burst_ns

    def burst(self, outlet: Outlet, plan: LoadPlan, bounds: BurstBounds) -> BurstResult:
        """See ``Bursts.burst``."""
        kernel = self._kernels.send
        if kernel is not None and not isinstance(self._bursts, NativeBursts):
            self._bursts = NativeBursts(self._store, self._offset_ns, kernel)
        return self._bursts.burst(outlet, plan, bounds)
