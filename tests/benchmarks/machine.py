"""Where, with what and how the figures were made."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
import zmq

from tests.benchmarks import reference
from tests.benchmarks.app_process import WINDOW_SIZE
from tests.benchmarks.row import Plan
from zmqscope.core.capture.store import DEFAULT_BUDGET_BYTES
from zmqscope.engine.socket_options import DEFAULT_RCVHWM

_PACKAGES = ("pyzmq", "PySide6-Essentials", "numpy", "pyqtgraph", "numba", "llvmlite")
_CORES = 2


def stay_on_cores() -> None:
    """Keep ourselves and all children to two cores: that is what the aims are about."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])


def machine() -> dict[str, str]:
    """The machine and the versions of everything that matters."""
    memory_gb = psutil.virtual_memory().total / 2**30
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu": _cpu_model(),
        "cores": f"{_cores_used()} of {psutil.cpu_count()}",
        "memory": f"{memory_gb:.0f} GiB",
        "python": platform.python_version(),
        "libzmq": zmq.zmq_version(),
        **{name.removesuffix("-Essentials").lower(): _version(name) for name in _PACKAGES},
        "compiler": reference.compiler_version(),
        "reference": reference.name(),
    }


def settings(plan: Plan) -> dict[str, str]:
    """What the figures depend on besides."""
    return {
        "form": "short, times not judged" if plan.short else "whole",
        "rounds": str(plan.rounds),
        "window": f"{plan.window_s:g} s after {plan.cut_s:g} s",
        "hwm": f"{DEFAULT_RCVHWM:,}",
        "budget": f"{DEFAULT_BUDGET_BYTES // 2**20} MiB",
        "app_window": f"{WINDOW_SIZE} under Xvfb with openbox",
        "transport": "tcp over 127.0.0.1",
    }


def _cores_used() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else psutil.cpu_count() or 0


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if "model name" in line), "unknown"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
