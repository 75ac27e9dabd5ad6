"""Makes kernels appear while the app already runs: loads them on a thread of its own."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import threading

from zmqscope.core.kernels.kernel_set import KernelSet, KernelState
from zmqscope.core.kernels.library import (
    KernelsUnavailableError,
    cache_folder,
    prepare,
    unavailable_reason,
)
from zmqscope.engine.libzmq import functions

log = logging.getLogger(__name__)

# What matters most comes first. A module's kernel has the module's name.
_KERNELS = tuple(
    name
    for name in ("drain", "send", "search")
    if importlib.util.find_spec(f"zmqscope.core.kernels.{name}")
)


class KernelLoader:
    """Fills a set of kernels, one after the other.

    Args:
        kernels: What to fill; its state tells how far it is.
    """

    def __init__(self, kernels: KernelSet) -> None:
        self._kernels = kernels
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="zmqscope-kernels", daemon=True)
        reason = unavailable_reason()
        if reason is not None:
            self._give_up(reason)

    def start(self) -> None:
        """Begin, once; nothing happens where there are no kernels."""
        if self._kernels.state is KernelState.WAITING:
            self._kernels.state = KernelState.LOADING
            self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Load no further kernel.

        Args:
            timeout_s: How long to wait for the one that is being compiled.

        Returns:
            Whether the thread has ended.
        """
        self._is_stopping = True
        return self.wait(timeout_s)

    def wait(self, timeout_s: float) -> bool:
        """Wait until everything is loaded; whether it is."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _give_up(self, reason: str) -> None:
        self._kernels.reason = reason
        self._kernels.state = KernelState.UNAVAILABLE

    def _run(self) -> None:
        try:
            self._load()
        except KernelsUnavailableError as error:
            self._give_up(str(error))
        # The thread's outermost handler: whatever numba or LLVM cannot do here, the plain twins do.
        except Exception as error:
            log.exception("kernels did not load")
            self._give_up(f"{type(error).__name__}: {error}")

    def _load(self) -> None:
        if not _are_cached():
            self._kernels.state = KernelState.COMPILING
        prepare(functions())
        for name in _KERNELS:
            if self._is_stopping:
                return
            module = importlib.import_module(f"zmqscope.core.kernels.{name}")
            setattr(self._kernels, name, getattr(module, name))
        self._kernels.state = KernelState.READY


def _are_cached() -> bool:
    """Whether compiled kernels are there from an earlier start; perhaps of an older version."""
    return all(any(cache_folder().rglob(f"{name}.{name}-*.nbi")) for name in _KERNELS)
