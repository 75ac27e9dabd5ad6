"""The entry into a kernel that C can call: one pointer in, one integer out. Needs numba.

An adapter to numba and llvmlite, which have no types: ``Any`` is theirs.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import cfunc, types
from numba.core import cgutils
from numba.extending import intrinsic

from zmqscope.core.kernels.library import ObjectCode

_WORD = ir.IntType(64)


def compile_entry(kernel: Any) -> ObjectCode:
    """Compile a kernel with an entry that takes its arguments from memory.

    Args:
        kernel: A function compiled by ``njit`` for one signature of int64, arrays, and tuples of
            those.

    Returns:
        Its code. The entry takes the address of int64 words: an integer is itself, an array is
        its address and its lengths, a tuple is what is in it.
    """
    (signature,) = kernel.nopython_signatures
    read = _reader(signature.args)

    @cfunc(types.int64(types.int64))
    def entry(words: int) -> Any:
        return kernel(*read(words))

    return ObjectCode(entry.native_name, entry._library._get_compiled_object())


def _reader(kinds: tuple[Any, ...]) -> Any:
    """A function for kernels that makes values of these types from words in memory."""
    made = types.Tuple(kinds)

    @intrinsic
    def read(_context: Any, _words: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            words = _Words(context, builder, values[0])
            return context.make_tuple(builder, made, [words.value(kind) for kind in kinds])

        return made(types.int64), generate

    return read


class _Words:
    """Reads words one after the other, and makes values of them."""

    def __init__(self, context: Any, builder: Any, address: Any) -> None:
        self._context = context
        self._builder = builder
        self._base = builder.inttoptr(address, _WORD.as_pointer())
        self._used = 0

    def value(self, kind: Any) -> Any:
        if isinstance(kind, types.Array):
            return self._array(kind)
        if isinstance(kind, types.BaseTuple):
            parts = [self.value(each) for each in kind]
            return self._context.make_tuple(self._builder, kind, parts)
        return self._next()

    def _next(self) -> Any:
        place = self._builder.gep(self._base, [_WORD(self._used)])
        self._used += 1
        return self._builder.load(place)

    def _array(self, kind: Any) -> Any:
        builder = self._builder
        array = self._context.make_array(kind)(self._context, builder)
        array.data = builder.inttoptr(self._next(), array.data.type)
        shape = [self._next() for _ in range(kind.ndim)]
        stride: Any = _WORD(kind.dtype.bitwidth // 8)
        strides: list[Any] = []
        count: Any = _WORD(1)
        array.itemsize = stride
        for length in reversed(shape):
            strides.insert(0, stride)
            stride = builder.mul(stride, length)
            count = builder.mul(count, length)
        array.nitems = count
        array.shape = cgutils.pack_array(builder, shape)
        array.strides = cgutils.pack_array(builder, strides)
        # Nobody's: the caller keeps it alive, and no references are counted.
        array.meminfo = self._context.get_constant_null(types.MemInfoPointer(types.voidptr))
        array.parent = self._context.get_constant_null(types.pyobject)
        return array._getvalue()
