"""Where compiled kernels are kept between starts, and whether there can be any. Any thread.

Kernels are compiled by numba in a process of its own (``build``) and kept as object files; the app
only links them (``linker``). So neither numba nor its compiler ever is in the app's process: they
would take 120 MB of memory and hold the window up while they are imported.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

PREFIX = "zmqscope_"
"""What our names for C functions begin with, so that they meet no others."""

KERNELS = ("drain", "send", "search", "transcode", "frames")
"""All kernels, those that matter most first. Each is a function in a module of the same name."""

LIBZMQ_FUNCTIONS = (
    "zmq_msg_recv",
    "zmq_msg_data",
    "zmq_msg_more",
    "zmq_msg_size",
    "zmq_send",
    "zmq_poll",
    "zmq_errno",
)
"""What kernels need of libzmq; whoever knows where it is loaded hands their addresses over."""

C_FUNCTIONS = ("memcpy", "memcmp", "memmem", "clock_gettime", "usleep")
"""What kernels need of the C library."""

_CONSTANTS = (
    ("capture", "topics.py"),
    ("search", "plan.py"),
    ("transcode", "layout.py"),
    ("zmtp", "frames.py"),
    ("zmtp", "scan_layout.py"),
)


class KernelsUnavailableError(Exception):
    """Kernels cannot be had here; the text says why, for the user."""


def unavailable_reason() -> str | None:
    """Why there are no kernels in this process, in a few words; None if there can be."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return "switched off by NUMBA_DISABLE_JIT"
    if sys.platform == "win32":
        return "not made for Windows yet"
    if importlib.util.find_spec("numba") is None:
        return "numba is not installed"
    return None


def cache_folder() -> Path:
    """Where object files go; made if need be.

    The user's cache folder, or a temporary one where that cannot be written.
    """
    folder = Path(platformdirs.user_cache_dir("zmqscope")) / "kernels"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="zmqscope-kernels-"))


@dataclass(frozen=True, slots=True)
class ObjectCode:
    """A compiled kernel.

    Attributes:
        symbol: Of its entry.
        code: An object file.
    """

    symbol: str
    code: bytes


def write_object(folder: Path, name: str, code: ObjectCode) -> None:
    """Keep a compiled kernel; its file is whole or not there."""
    unfinished = folder / f"{name}.{os.getpid()}"
    head = f"{code.symbol} {hashlib.sha256(code.code).hexdigest()}\n"
    unfinished.write_bytes(head.encode() + code.code)
    unfinished.replace(_object_path(folder, name))


def read_object(folder: Path, name: str) -> ObjectCode | None:
    """A compiled kernel; None if it is not there, or not as it was written.

    LLVM aborts the process when it is given anything else than an object file.
    """
    try:
        head, _, code = _object_path(folder, name).read_bytes().partition(b"\n")
        symbol, digest = head.decode("ascii").split()
    except (OSError, ValueError):
        return None
    return ObjectCode(symbol, code) if hashlib.sha256(code).hexdigest() == digest else None


def _object_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.kernel"


def build_key(processor: str) -> str:
    """A name for what the result of compiling depends on: sources, compiler, machine.

    Args:
        processor: Its name and features, as LLVM sees them.
    """
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.read_bytes())
    if getattr(sys, "frozen", False):
        status = Path(sys.executable).stat()
        digest.update(f"{status.st_size} {status.st_mtime_ns}".encode())
    versions = [importlib.metadata.version(name) for name in ("numba", "llvmlite", "numpy")]
    machine = [platform.system(), platform.machine(), platform.python_version(), processor]
    digest.update(repr(versions + machine).encode())
    return digest.hexdigest()[:24]


def _sources() -> list[Path]:
    """Kernels, and the modules whose constants they take in; none where there are no files."""
    here = Path(__file__).parent
    beside = [here.parent.joinpath(*parts) for parts in _CONSTANTS]
    return sorted(path for path in (*here.glob("*.py"), *beside) if path.is_file())
