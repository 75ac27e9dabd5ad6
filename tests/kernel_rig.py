"""Kernels for tests: compiled once, or loaded from the cache, in each test process."""

from __future__ import annotations

from functools import cache

from zmqscope.core.kernels.kernel_set import KernelSet, KernelState
from zmqscope.engine.kernel_loader import KernelLoader


@cache
def load_kernels() -> KernelSet:
    """All kernels, ready.

    Raises:
        AssertionError: They could not be loaded; the reason is in the message.
    """
    kernels = KernelSet()
    loader = KernelLoader(kernels)
    loader.start()
    assert loader.wait(500)
    assert kernels.state is KernelState.READY, kernels.reason
    return kernels
