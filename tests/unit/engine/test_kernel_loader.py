"""Kernels appear by themselves, or the reason why there are none."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from tests.kernel_rig import load_kernels
from zmqscope.core.kernels import library
from zmqscope.core.kernels.kernel_set import KernelSet, KernelState
from zmqscope.engine import kernel_loader
from zmqscope.engine.kernel_loader import KernelLoader


def test_all_kernels_become_ready() -> None:
    kernels = load_kernels()
    assert kernels.drain is not None
    assert kernels.send is not None
    assert kernels.search is not None


def load(folder: Path) -> tuple[KernelSet, KernelLoader]:
    kernels = KernelSet()
    loader = KernelLoader(kernels, folder)
    loader.start()
    return kernels, loader


def files_in(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.kernel")}


@pytest.mark.timeout(900)
def test_compiled_once_then_linked_from_the_cache(tmp_path: Path) -> None:
    first, loader = load(tmp_path)
    assert loader.wait(600)
    assert first.state is KernelState.READY, first.reason
    made = files_in(tmp_path)
    assert [path.stem for path in sorted(made)] == sorted(library.KERNELS)
    again, loader = load(tmp_path)
    assert loader.wait(500)
    assert again.state is KernelState.READY
    assert files_in(tmp_path) == made
    # A file that is not as it was written is compiled anew, and no other.
    spoilt = next(path for path in made if path.stem == "search")
    good = spoilt.read_bytes()
    spoilt.write_bytes(good[:-100])
    third, loader = load(tmp_path)
    assert loader.wait(500)
    assert third.state is KernelState.READY, third.reason
    assert len(spoilt.read_bytes()) > len(good) - 100
    changed = {path for path, at_ns in files_in(tmp_path).items() if at_ns != made[path]}
    assert changed == {spoilt}


def test_compiling_ends_at_once_when_the_app_is_closed(tmp_path: Path) -> None:
    kernels, loader = load(tmp_path)
    assert loader.stop(60)
    assert kernels.search is None
    assert kernels.reason == ""


def test_numba_never_comes_into_the_process() -> None:
    script = (
        "import sys; from tests.kernel_rig import load_kernels; load_kernels(); "
        "print('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "False"


def test_a_kernel_that_cannot_be_compiled_leaves_the_plain_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no compiler today')"]
    monkeypatch.setattr(kernel_loader, "_build_command", lambda: command)
    kernels, loader = load(tmp_path)
    assert loader.wait(500)
    assert kernels.state is KernelState.UNAVAILABLE
    assert kernels.reason == "compiling failed: no compiler today"
    assert "no compiler today" in caplog.text


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


def test_a_cache_folder_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda _name: str(blocked))
    folder = library.cache_folder()
    assert folder.is_dir()
    assert blocked not in folder.parents
    folder.rmdir()
