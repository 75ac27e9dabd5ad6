"""Links kernels' object files into this process and makes them callable. No numba; any thread."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping

import numpy as np
from llvmlite import binding
from numpy.typing import NDArray

from zmqscope.core.capture.columns import Columns
from zmqscope.core.kernels.library import C_FUNCTIONS, PREFIX, ObjectCode

# What numba's code refers to on ways that ours never goes: owning arrays, raising exceptions.
_NEVER_CALLED = (
    "NRT_Allocate",
    "NRT_Free",
    "NRT_MemInfo_alloc_aligned",
    "NRT_MemInfo_alloc_safe_aligned",
    "NRT_MemInfo_call_dtor",
    "numba_do_raise",
    "numba_gil_ensure",
    "numba_gil_release",
    "numba_runtime_build_excinfo_struct",
    "numba_unpickle",
)

Argument = int | NDArray[np.generic] | Columns


def address_of(library: ctypes.CDLL, name: str) -> int:
    """Where a function of a loaded library stands.

    Raises:
        AttributeError: The library has no such function.
    """
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0


def declare_placeholders(names: Iterable[str]) -> None:
    """Let code link that refers to functions of ours which it will not call."""
    for name in names:
        binding.add_symbol(PREFIX + name, address_of(ctypes.CDLL(None), "abort"))


def processor() -> str:
    """The name and features of this machine's processor, as the compiler sees them."""
    return f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


class LinkedKernel:
    """A compiled kernel; releases the GIL while it runs.

    Args:
        address: Of its entry, see ``entry.compile_entry``.
        owner: Whose memory the code is; kept for as long as this is.
    """

    def __init__(self, address: int, owner: object) -> None:
        self._owner = owner
        self._entry = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(address)

    def __call__(self, *arguments: Argument) -> int:
        """Run it.

        Args:
            arguments: Integers, contiguous arrays, and columns, with the dtypes of the kernel's
                signature: they are not checked.
        """
        words: list[int] = []
        for argument in arguments:
            _put(argument, words)
        return int(self._entry((ctypes.c_int64 * len(words))(*words)))


def _put(argument: Argument, words: list[int]) -> None:
    if isinstance(argument, Columns):
        words.extend(argument.words)
    elif isinstance(argument, int):
        words.append(argument)
    else:
        words.append(argument.ctypes.data)
        words.extend(argument.shape)


class Linker:
    """Links into one engine, which owns the code.

    Args:
        functions: Names and addresses of ``library.LIBZMQ_FUNCTIONS``.
    """

    def __init__(self, functions: Mapping[str, int]) -> None:
        libc = ctypes.CDLL(None)
        for name in C_FUNCTIONS:
            binding.add_symbol(PREFIX + name, address_of(libc, name))
        for name, address in functions.items():
            binding.add_symbol(PREFIX + name, address)
        for name in _NEVER_CALLED:
            binding.add_symbol(name, address_of(libc, "abort"))
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        target = binding.Target.from_default_triple().create_target_machine()
        self._engine = binding.create_mcjit_compiler(binding.parse_assembly(""), target)

    def link(self, code: ObjectCode) -> LinkedKernel:
        """Link one kernel."""
        self._engine.add_object_file(binding.ObjectFileRef.from_data(code.code))
        self._engine.finalize_object()
        return LinkedKernel(self._engine.get_function_address(code.symbol), self._engine)
