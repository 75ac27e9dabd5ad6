"""Calls in pickles that everybody makes, in readable form: arrays, times, ids. Any thread.

They are read here from their arguments; numpy, datetime and the others are not asked to.
Sources: numpy's ``ndarray.__reduce__`` and ``dtype.__reduce__``, CPython's ``datetime``.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.field_path import Index, Step
from zmqscope.core.decode.formats.pickle.items import Form, Item
from zmqscope.core.decode.formats.pickle.leaves import whole_value
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, Value

_LETTERS = {
    **{"b1": "?", "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I"},
    **{"i8": "q", "u8": "Q", "f2": "e", "f4": "f", "f8": "d"},
}
_WORDS = {"b": "bool", "i": "int", "u": "uint", "f": "float"}
_MOST_DIMENSIONS = 32
_EMPTY_BYTES = ("builtins.bytes", "__builtin__.bytes")


class _Array(NamedTuple):
    """Numbers in a pickle: how they are read, their shape, and where they are."""

    data: bytes
    code: str
    order: str
    shape: tuple[int, ...]
    start: int
    stop: int
    is_raw: bool

    @property
    def width(self) -> int:
        return int(self.code[1:])

    @property
    def word(self) -> str:
        return "bool" if self.code == "b1" else f"{_WORDS[self.code[0]]}{self.width * 8}"

    def number(self, at: int) -> bool | int | float:
        value: bool | int | float = struct.unpack_from(
            self.order + _LETTERS[self.code], self.data, at
        )[0]
        return value

    def span(self, start: int, stop: int) -> Span | None:
        """Bytes of the pickle; before protocol 3 they are written as text, so nobody can tell."""
        return Span(start, stop) if self.is_raw else None


def known_node(data: bytes, item: Item, step: Step | None, key_span: Span | None) -> Node | None:
    """A node for a call that is well known and complete; None for any other."""
    called = item.called.replace("numpy._core.", "numpy.core.")
    if called == "numpy.core.multiarray._reconstruct":
        array = _reconstructed(data, item)
    elif called == "numpy.core.numeric._frombuffer":
        array = _from_buffer(data, item)
    elif called == "numpy.core.multiarray.scalar":
        return _scalar_node(data, item, step, key_span)
    elif called in ("datetime.datetime", "datetime.date"):
        return _time_node(data, item, step, key_span)
    elif called in ("_codecs.encode", *_EMPTY_BYTES):
        return _bytes_node(data, item, step, key_span)
    else:
        return None
    return None if array is None else _array_node(array, step, key_span)


# ---- numpy ---------------------------------------------------------------------------------------


def _dtype(item: Item) -> tuple[str, str] | None:
    """A plain number type and its byte order; None for anything else."""
    if item.called != "numpy.dtype" or not item.args:
        return None
    code = item.args[0].value
    if not isinstance(code, str) or code not in _LETTERS:
        return None
    order: Value = "<"
    if item.state is not None and len(item.state.items) > 1:
        order = item.state.items[1].value
    return code, ">" if order == ">" else "<"


def _shape(item: Item) -> tuple[int, ...] | None:
    sizes = [each.value for each in item.items] if item.form is Form.TUPLE else [item.value]
    if len(sizes) > _MOST_DIMENSIONS:
        return None
    shape = tuple(s for s in sizes if isinstance(s, int) and not isinstance(s, bool) and s >= 0)
    return shape if len(shape) == len(sizes) else None


def _reconstructed(data: bytes, item: Item) -> _Array | None:
    """``__setstate__`` of an array: version, shape, dtype, Fortran order, bytes."""
    if item.state is None or len(item.state.items) != 5:
        return None
    _, shape, dtype, is_fortran, body = item.state.items
    return None if is_fortran.value else _array(data, dtype, shape, body)


def _from_buffer(data: bytes, item: Item) -> _Array | None:
    """Protocol 5: buffer, dtype, shape, order; the buffer may not be in the pickle."""
    if len(item.args) < 3:
        return None
    body, dtype, shape = item.args[:3]
    if len(item.args) > 3 and item.args[3].value != "C":
        return None
    return _array(data, dtype, shape, body)


def _array(data: bytes, dtype: Item, shape: Item, body: Item) -> _Array | None:
    known, sizes = _dtype(dtype), _shape(shape)
    if known is None or sizes is None:
        return None
    array = _numbers(data, known, sizes, body)
    if array is None or math.prod(sizes) * array.width != array.stop - array.start:
        # The shape is a claim as well.
        return None
    return array


def _numbers(
    data: bytes, known: tuple[str, str], shape: tuple[int, ...], body: Item
) -> _Array | None:
    if body.raw is not None and body.type != "str":
        return _Array(data, *known, shape, *body.raw, is_raw=True)
    part = bytes_of(data, body)
    return None if part is None else _Array(part, *known, shape, 0, len(part), is_raw=False)


def bytes_of(data: bytes, item: Item) -> bytes | None:
    """Bytes, also where protocols 0 to 2 write ``_codecs.encode(text, "latin1")``."""
    value: Value = item.value
    if item.called in _EMPTY_BYTES and not item.args:
        return b""
    if item.called == "_codecs.encode" and len(item.args) == 2:
        if item.args[1].value not in ("latin1", "latin-1"):
            return None
        item = item.args[0]
        value = whole_value(data, item).value
    if isinstance(value, str):
        try:
            return value.encode("latin-1")
        except UnicodeEncodeError:
            return None
    return value if isinstance(value, bytes) else None


def _array_node(array: _Array, step: Step | None, key_span: Span | None) -> Node:
    shape = ", ".join(map(str, array.shape)) + ("," if len(array.shape) == 1 else "")
    return Node(
        step,
        NodeKind.ARRAY,
        f"ndarray {array.word} ({shape})",
        count=array.shape[0] if array.shape else 1,
        span=array.span(array.start, array.stop),
        key_span=key_span,
        note="A numpy array; read from its bytes, numpy was not asked",
        children=lambda: _rows(array, array.shape, array.start),
    )


def _rows(array: _Array, shape: tuple[int, ...], start: int) -> Iterator[Node]:
    if len(shape) < 2:
        for index in range(shape[0] if shape else 1):
            yield _number_node(array, start + index * array.width, Index(index))
        return
    size = math.prod(shape[1:]) * array.width
    for index in range(shape[0]):
        yield _row_node(array, shape[1:], start + index * size, Index(index))


def _row_node(array: _Array, shape: tuple[int, ...], start: int, step: Step) -> Node:
    return Node(
        step,
        NodeKind.ARRAY,
        f"{array.word} × {shape[0]}",
        count=shape[0],
        span=array.span(start, start + math.prod(shape) * array.width),
        children=lambda: _rows(array, shape, start),
    )


def _number_node(array: _Array, at: int, step: Step | None, key_span: Span | None = None) -> Node:
    value = array.number(at)
    kind = NodeKind.BOOL if isinstance(value, bool) else NodeKind.NUMBER
    text = compact_float(value) if array.code == "f4" else repr(value)
    return Node(
        step, kind, array.word, text, value, None, array.span(at, at + array.width), key_span
    )


def _scalar_node(data: bytes, item: Item, step: Step | None, key_span: Span | None) -> Node | None:
    known = _dtype(item.args[0]) if len(item.args) == 2 else None
    array = None if known is None else _numbers(data, known, (), item.args[1])
    if array is None or array.width != array.stop - array.start:
        return None
    return _number_node(array, array.start, step, key_span)


def _bytes_node(data: bytes, item: Item, step: Step | None, key_span: Span | None) -> Node | None:
    value = bytes_of(data, item)
    if value is None:
        return None
    text = hex_text(value)
    span = Span(item.start, item.stop)
    note = "Bytes, which protocols 0 to 2 write as text"
    return Node(step, NodeKind.BYTES, "bytes", text, value, None, span, key_span, note)


# ---- datetime ------------------------------------------------------------------------------------


def _time_node(data: bytes, item: Item, step: Step | None, key_span: Span | None) -> Node | None:
    """``datetime`` and ``date`` are pickled as the bytes of their fields, big-endian."""
    body = bytes_of(data, item.args[0]) if item.args else None
    if body is None:
        return None
    is_utc = len(item.args) == 2 and _is_utc(item.args[1])
    if len(item.args) > 1 and not is_utc:
        return None
    try:
        value = _time(body, is_utc=is_utc)
    except ValueError:
        return None
    if value is None:
        return None
    span = Span(item.start, item.stop)
    name = item.called.rpartition(".")[2]
    return Node(step, NodeKind.TIME, name, value.isoformat(), value, None, span, key_span)


def _time(body: bytes, *, is_utc: bool) -> datetime | date | None:
    year = int.from_bytes(body[:2], "big")
    if len(body) == 4:
        return date(year, body[2], body[3])
    if len(body) != 10:
        return None
    micros = int.from_bytes(body[7:], "big")
    # The highest bit of the month tells which of two equal wall clock times it is.
    fold, month = divmod(body[2], 128)
    return datetime(
        *(year, month, body[3], body[4], body[5], body[6], micros),
        tzinfo=UTC if is_utc else None,
        fold=fold,
    )


def _is_utc(item: Item) -> bool:
    if item.text == "datetime.timezone.utc":
        return True
    if item.called in ("datetime.timezone", "datetime.timezone.utc") and len(item.args) == 1:
        inner = item.args[0]
        return inner.called == "datetime.timedelta" and not any(e.value for e in inner.args)
    return False
