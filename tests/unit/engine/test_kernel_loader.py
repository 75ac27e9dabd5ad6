"""Kernels appear by themselves, or the reason why there are none."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernel_rig import load_kernels
from zmqscope.core.kernels import library
from zmqscope.core.kernels.kernel_set import KernelSet, KernelState
from zmqscope.engine import kernel_loader
from zmqscope.engine.kernel_loader import KernelLoader

LOAD_IN_A_PROCESS = """
from tests.kernel_rig import load_kernels
kernels = load_kernels()
print(kernels.state.value, kernels.drain.stats.cache_hits.total())
"""


def test_all_kernels_become_ready() -> None:
    kernels = load_kernels()
    assert kernels.drain is not None
    assert kernels.send is not None
    assert kernels.search is not None


@pytest.mark.timeout(120)
def test_compiled_once_then_loaded_from_the_cache(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def load() -> str:
        return subprocess.run(
            [sys.executable, "-c", LOAD_IN_A_PROCESS],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=110,
        ).stdout.strip()

    assert load() == "ready 0"
    assert load() == "ready 1"


def test_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    kernels = KernelSet()
    loader = KernelLoader(kernels)
    loader.start()
    assert loader.stop(0)
    assert kernels.state is KernelState.UNAVAILABLE
    assert "NUMBA_DISABLE_JIT" in kernels.reason


def test_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "numba" else real(name)
    )
    kernels = KernelSet()
    KernelLoader(kernels).start()
    assert (kernels.state, kernels.reason) == (KernelState.UNAVAILABLE, "numba is not installed")
    assert kernels.drain is None


def test_a_kernel_that_does_not_load_leaves_the_plain_way(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kernel_loader, "_KERNELS", ("no_such_kernel",))
    kernels = KernelSet()
    loader = KernelLoader(kernels)
    loader.start()
    assert loader.wait(60)
    assert kernels.state is KernelState.UNAVAILABLE
    assert "no_such_kernel" in kernels.reason
    assert "kernels did not load" in caplog.text


def test_a_cache_folder_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked / "kernels"))
    folder = library.cache_folder()
    assert folder.is_dir()
    assert folder != blocked / "kernels"
    folder.rmdir()
