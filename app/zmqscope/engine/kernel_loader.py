"""Makes kernels appear while the app already runs: links them on a thread of its own.

What was not compiled before, on this machine and by this version, is compiled by a child process.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

from zmqscope.core.kernels.kernel_set import KernelSet, KernelState
from zmqscope.core.kernels.library import (
    KERNELS,
    KernelsUnavailableError,
    ObjectCode,
    build_key,
    cache_folder,
    read_object,
    unavailable_reason,
)
from zmqscope.engine.libzmq import functions

log = logging.getLogger(__name__)

_SHOWN_OF_ERROR = 300


class KernelLoader:
    """Fills a set of kernels, one after the other.

    Args:
        kernels: What to fill; its state tells how far it is.
        folder: Where compiled kernels are kept; the user's cache folder by default.
    """

    def __init__(self, kernels: KernelSet, folder: Path | None = None) -> None:
        self._kernels = kernels
        self._folder = folder
        self._is_stopping = False
        self._lock = threading.Lock()
        self._builder: subprocess.Popen[str] | None = None
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
        """Load no further kernel, and compile none.

        Args:
            timeout_s: How long to wait for the thread.

        Returns:
            Whether the thread has ended.
        """
        with self._lock:
            self._is_stopping = True
            if self._builder is not None:
                self._builder.kill()
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
            if not self._is_stopping:
                log.warning("no kernels: %s", error)
                self._give_up(str(error))
        # The thread's outermost handler: whatever LLVM cannot do here, the plain twins do.
        except Exception as error:
            log.exception("kernels did not load")
            self._give_up(f"{type(error).__name__}: {error}")
        finally:
            self._end_builder()

    def _load(self) -> None:
        # Not at the top: LLVM takes 40 MB and 80 ms.
        from zmqscope.core.kernels.linker import Linker, processor

        linker = Linker(functions())
        folder = (self._folder or cache_folder()) / build_key(processor())
        kept = {name: read_object(folder, name) for name in KERNELS}
        missing = [name for name, code in kept.items() if code is None]
        for name in KERNELS:
            code = kept[name] or self._build(folder, missing, name)
            if self._is_stopping:
                return
            setattr(self._kernels, name, linker.link(code))
        self._kernels.state = KernelState.READY

    # ---- compiling --------------------------------------------------------------------------

    def _build(self, folder: Path, missing: list[str], name: str) -> ObjectCode:
        """Have the missing ones compiled, and wait until this one is.

        Raises:
            KernelsUnavailableError: It ended without.
        """
        builder = self._start_builder([str(folder), *missing])
        for line in builder.stdout or ():
            if line.strip() == name and (code := read_object(folder, name)):
                return code
        _, errors = builder.communicate()
        last = errors.strip().splitlines()[-1:]
        words = last[0][:_SHOWN_OF_ERROR] if last else f"exit status {builder.returncode}"
        raise KernelsUnavailableError(f"compiling failed: {words}")

    def _start_builder(self, arguments: list[str]) -> subprocess.Popen[str]:
        with self._lock:
            if self._builder is None:
                self._kernels.state = KernelState.COMPILING
                self._builder = subprocess.Popen(
                    [*_build_command(), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                if self._is_stopping:
                    self._builder.kill()
            return self._builder

    def _end_builder(self) -> None:
        """After the last kernel it ends by itself, or has been killed."""
        with self._lock:
            builder = self._builder
        if builder is not None and builder.returncode is None:
            builder.communicate()


def _build_command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--build-kernels"]
    return [sys.executable, "-m", "zmqscope.core.kernels.build"]
