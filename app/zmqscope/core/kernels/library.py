"""Finds out whether kernels can be had, and loads them one after the other. Any thread, no numba.

Importing a kernel's module compiles it, or loads it from the user's cache folder; numba itself
takes half a second to import. So this happens on a thread of its own, never where somebody waits.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs

PREFIX = "zmqscope_"
"""What our names for C functions begin with, so that they meet no others."""

LIBZMQ_FUNCTIONS = (
    "zmq_msg_recv",
    "zmq_msg_data",
    "zmq_msg_more",
    "zmq_msg_size",
    "zmq_send",
    "zmq_errno",
)
"""What kernels need of libzmq; whoever knows where it is loaded hands their addresses over."""

_C_FUNCTIONS = ("memcpy", "memcmp", "memmem", "clock_gettime", "usleep")


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
    """Where compiled kernels are kept between starts; made if need be.

    The user's cache folder, or a temporary one where that cannot be written.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(given) if given else Path(platformdirs.user_cache_dir("zmqscope")) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="zmqscope-kernels-"))


def prepare(functions: Mapping[str, int]) -> None:
    """Make numba ready to compile kernels that call these C functions.

    Args:
        functions: Names and addresses. The C library's own are added here.

    Raises:
        KernelsUnavailableError: There is no numba, or it does not work.
    """
    reason = unavailable_reason()
    if reason is not None:
        raise KernelsUnavailableError(reason)
    # numba reads it when it is imported, and keeps the cache beside the sources without it.
    os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())
    try:
        from llvmlite import binding
    except (ImportError, OSError) as error:
        raise KernelsUnavailableError(f"numba does not load ({error})") from error
    for name, address in {**_c_library(), **functions}.items():
        binding.add_symbol(PREFIX + name, address)


def _c_library() -> dict[str, int]:
    """Addresses of the C library's functions that kernels call."""
    library = ctypes.CDLL(None)
    return {name: address_of(library, name) for name in _C_FUNCTIONS}


def address_of(library: ctypes.CDLL, name: str) -> int:
    """Where a function of a loaded library stands.

    Raises:
        AttributeError: The library has no such function.
    """
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0
