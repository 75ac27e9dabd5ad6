"""Polymorphic types (PMT) as GNU Radio serialises them. Pure, any thread.

Source: GNU Radio's ``pmt_serialize.cc`` and ``pmt_serial_tags.h``: a tag byte, then big-endian
values. Vectors of numbers are big-endian, too, although their tag claims little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.field_path import Index, Key, Name, Step
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.frames import plain_bytes
from zmqscope.core.wording import counted, shortened

TRUE, FALSE, SYMBOL, INT32, DOUBLE, COMPLEX, NIL, PAIR = range(8)
VECTOR, DICT, UNIFORM, UINT64, TUPLE, INT64 = range(8, 14)

MOST_OBJECTS = 100_000
"""Objects that are walked over at once."""

MOST_DEPTH = 64
"""Objects inside objects that are shown."""

_FIXED = {
    **{TRUE: 0, FALSE: 0, NIL: 0, INT32: 4, DOUBLE: 8},
    **{COMPLEX: 16, UINT64: 8, INT64: 8},
}
_ITEMS = (
    *(("u8", 1, "B"), ("s8", 1, "b"), ("u16", 2, "H"), ("s16", 2, "h")),
    *(("u32", 4, "I"), ("s32", 4, "i"), ("u64", 8, "Q"), ("s64", 8, "q")),
    *(("f32", 4, "f"), ("f64", 8, "d"), ("c32", 8, "ff"), ("c64", 16, "dd")),
)
_SHOWN_ITEMS = 8
_MOST_ITEMS = 1_000
_Entry = tuple[int, int, int]


class UniformVector(NamedTuple):
    """A vector of numbers.

    Attributes:
        kind: Their type as GNU Radio calls it: ``f32``.
        width: Bytes of one.
        form: The same for ``struct``; two letters for a complex number.
        number: How many there are.
        start: Where the first one stands.
    """

    kind: str
    width: int
    form: str
    number: int
    start: int

    @property
    def stop(self) -> int:
        """One past the last byte, whether it is here or not."""
        return self.start + self.number * self.width


def end_of(data: bytes, start: int, most: int = MOST_OBJECTS) -> int:
    """One past the last byte of an object.

    Nothing is built and nothing recurses: a counter says how many objects are still to come.

    Raises:
        DecodeError: It is no object, is not all here, or holds more than ``most``.
    """
    at, pending = start, 1
    for _ in range(most):
        tag = data[at] if at < len(data) else -1
        width = _FIXED.get(tag)
        if width is not None:
            at, pending = at + 1 + width, pending - 1
        elif tag in (PAIR, DICT):
            at, pending = at + 1, pending + 1
        elif tag == SYMBOL:
            at, pending = at + 3 + int.from_bytes(data[at + 1 : at + 3]), pending - 1
        elif tag in (VECTOR, TUPLE):
            at, pending = at + 5, pending - 1 + int.from_bytes(data[at + 1 : at + 5])
        elif tag == UNIFORM:
            at, pending = uniform(data, at).stop, pending - 1
        elif tag < 0:
            raise DecodeError("The frame ends inside an object.", len(data))
        else:
            raise DecodeError(f"0x{tag:02x} begins no object.", at)
        if at > len(data):
            raise DecodeError("The frame ends inside an object.", len(data))
        if not pending:
            return at
    raise DecodeError(f"More than {most:,} objects are not read.", at)


def uniform(data: bytes, at: int) -> UniformVector:
    """The vector of numbers that begins at ``at``; its numbers need not be here.

    Raises:
        DecodeError: It is none.
    """
    head = data[at : at + 7]
    if len(head) < 7:
        raise DecodeError("The frame ends inside a vector.", len(data))
    if head[0] != UNIFORM or head[1] & 0x7F >= len(_ITEMS):
        raise DecodeError(f"0x{head[1]:02x} is no type of a vector.", at + 1)
    kind, width, form = _ITEMS[head[1] & 0x7F]
    return UniformVector(kind, width, form, int.from_bytes(head[2:6]), at + 7 + head[6])


def node(data: bytes, start: int, step: Step | None = None, depth: int = 0) -> Node:
    """An object as a node; it must be whole.

    Raises:
        DecodeError: It is not.
    """
    stop, tag = end_of(data, start), data[start]
    span = (start, stop)
    name: Step = step or Name("pmt")
    if tag == UNIFORM:
        made = _vector_node(data, uniform(data, start), name, span)
    elif tag in (PAIR, DICT, VECTOR, TUPLE):
        made = _container(data, start, stop, name, depth)
    else:
        made = _leaf(data, tag, name, span)
    if step is not None:
        return made
    return Node(
        *(None, made.kind, made.type, made.text, made.value, made.count),
        *(made.span, None, made.note, made.children),
    )


def _leaf(data: bytes, tag: int, step: Step, span: tuple[int, int]) -> Node:
    body = data[span[0] + 1 : span[1]]
    match tag:
        case 0 | 1:
            return fields.flag(step, tag == TRUE, span)
        case 2:
            return fields.text(step, body[2:], span, "symbol")
        case 3:
            return fields.number(step, "int32", int.from_bytes(body, signed=True), span)
        case 13:
            return fields.number(step, "int64", int.from_bytes(body, signed=True), span)
        case 11:
            return fields.number(step, "uint64", int.from_bytes(body), span)
        case 4:
            return fields.number(step, "double", struct.unpack(">d", body)[0], span)
        case 5:
            shown = _complex(*struct.unpack(">dd", body))
            return Node(step, NodeKind.OTHER, "complex", shown, shown, span=Span(*span))
        case _:
            return Node(step, NodeKind.NULL, "nil", "nil", span=Span(*span))


def _vector_node(data: bytes, vector: UniformVector, step: Step, span: tuple[int, int]) -> Node:
    kind = f"{vector.kind}vector({vector.number:,})"
    if vector.width == 1 and vector.kind == "u8":
        return fields.blob(step, data[vector.start : vector.stop], span, kind)
    return Node(
        step,
        NodeKind.ARRAY,
        kind,
        _items_text(data, vector),
        count=vector.number,
        span=Span(*span),
        children=lambda: _items(data, vector),
    )


def _items(data: bytes, vector: UniformVector) -> Iterator[Node]:
    for index in range(min(vector.number, _MOST_ITEMS)):
        start = vector.start + index * vector.width
        span = (start, start + vector.width)
        value = struct.unpack(f">{vector.form}", data[span[0] : span[1]])
        if len(value) == 1:
            shown = _number_text(value, vector)
            yield replace(fields.number(Index(index), vector.kind, value[0], span), text=shown)
        else:
            shown = _complex(*value)
            yield Node(Index(index), NodeKind.OTHER, vector.kind, shown, shown, span=Span(*span))
    if vector.number > _MOST_ITEMS:
        more = vector.number - _MOST_ITEMS
        yield error_node(f"{counted(more, 'more item')} not shown.", vector.start)


def _items_text(data: bytes, vector: UniformVector) -> str:
    few = min(vector.number, _SHOWN_ITEMS)
    part = data[vector.start : vector.start + few * vector.width]
    values = list(struct.iter_unpack(f">{vector.form}", part))
    shown = [_number_text(value, vector).removesuffix(".0") for value in values]
    return " ".join(shown) + (" …" if vector.number > few else "")


def _number_text(value: tuple[float, ...], vector: UniformVector) -> str:
    """A number, with as many digits as tell it from its neighbours."""
    if len(value) == 2:
        return _complex(*value)
    return compact_float(value[0]) if vector.kind == "f32" else str(value[0])


def _short(value: float) -> str:
    return compact_float(value).removesuffix(".0")


def _complex(real: float, imaginary: float) -> str:
    first, second = _short(real), _short(imaginary)
    return f"{first}{'' if second[0] in '+-' else '+'}{second}j"


# ---- objects of objects -------------------------------------------------------------------------


def _container(data: bytes, start: int, stop: int, step: Step, depth: int) -> Node:
    tag = data[start]
    if depth >= MOST_DEPTH:
        return error_node(f"Objects more than {MOST_DEPTH} deep are not shown.", start)
    if tag in (VECTOR, TUPLE):
        number = int.from_bytes(data[start + 1 : start + 5])
        kind = f"{'vector' if tag == VECTOR else 'tuple'}({number:,})"
        places = _Places(data, [], start + 5, number)
        return _array(data, places, step, kind, (start, stop), depth)
    if tag == DICT:
        return Node(
            *(step, NodeKind.OBJECT, "dict"),
            span=Span(start, stop),
            children=lambda: _entries(data, start, depth),
        )
    if _is_list(data, start):
        return _array(data, _Places(data, [], start, -1), step, "list", (start, stop), depth)
    return Node(
        *(step, NodeKind.OBJECT, "pair"),
        count=2,
        span=Span(start, stop),
        children=lambda: _pair(data, start, depth),
    )


class _Places:
    """Where the items of a list, vector or tuple begin, found as they are asked for."""

    def __init__(self, data: bytes, known: list[int], start: int, number: int) -> None:
        self._data, self._start, self._number = data, start, number
        self._known = known

    def __iter__(self) -> Iterator[int]:
        at = self._start
        if self._number >= 0:
            for _ in range(self._number):
                yield at
                at = end_of(self._data, at)
        else:
            while self._data[at] == PAIR:
                yield at + 1
                at = end_of(self._data, at + 1)


def _array(
    data: bytes, places: _Places, step: Step, kind: str, span: tuple[int, int], depth: int
) -> Node:
    def children() -> Iterator[Node]:
        try:
            for index, at in enumerate(places):
                yield node(data, at, Index(index), depth + 1)
        except DecodeError as error:
            yield error_node(error.text, error.at)

    return Node(step, NodeKind.ARRAY, kind, span=Span(*span), children=children)


def _is_list(data: bytes, start: int) -> bool:
    """Whether a chain of pairs ends in nil: that is how a list is written.

    A pair of nil and nil is not: as such begins a message without metadata.
    """
    at, pairs = start, 0
    try:
        while data[at] == PAIR:
            if pairs == MOST_OBJECTS:
                return False
            at, pairs = end_of(data, at + 1), pairs + 1
    except DecodeError:
        return False
    return data[at] == NIL and pairs > 0


def _pair(data: bytes, start: int, depth: int) -> Iterator[Node]:
    try:
        yield node(data, start + 1, Name("car"), depth + 1)
        yield node(data, end_of(data, start + 1), Name("cdr"), depth + 1)
    except DecodeError as error:
        yield error_node(error.text, error.at)


def _entries(data: bytes, start: int, depth: int) -> Iterator[Node]:
    """The entries of a dictionary: a chain whose cells are pairs of key and value."""
    seen: dict[str, int] = {}
    try:
        for key, value, _ in entries(data, start):
            label, is_text = _key(data, key)
            nth = seen[label] = seen.get(label, 0) + 1
            step = Name(label, nth) if is_text else Key(label, nth)
            yield node(data, value, step, depth + 1)
    except DecodeError as error:
        yield error_node(error.text, error.at)


def entries(data: bytes, start: int) -> Iterator[_Entry]:
    """Where key and value of each entry begin, and where the value ends.

    Raises:
        DecodeError: It is no dictionary.
    """
    at = start
    while at < len(data) and data[at] in (DICT, PAIR):
        cell = at + 1
        if cell >= len(data) or data[cell] != PAIR:
            raise DecodeError("A dictionary's entry is a pair of key and value.", cell)
        value = end_of(data, cell + 1)
        at = end_of(data, value)
        yield cell + 1, value, at


def _key(data: bytes, at: int) -> tuple[str, bool]:
    if data[at] == SYMBOL:
        return data[at + 3 : end_of(data, at)].decode("utf-8", "replace"), True
    return shorten(text_of(data, at)), False


# ---- one line -----------------------------------------------------------------------------------


def text_of(data: bytes, at: int, most: int = 4, depth: int = 0) -> str:
    """An object in a few words, as far as it is here; it never raises."""
    try:
        return _text(data, at, most, depth)
    except (DecodeError, struct.error):
        return "…"


def _text(data: bytes, at: int, most: int, depth: int) -> str:
    tag = data[at] if at < len(data) else -1
    if depth > 2 or tag < 0:
        return "…"
    if tag == UNIFORM:
        vector = uniform(data, at)
        if vector.kind == "u8":
            return counted(vector.number, "byte")
        return f"{vector.kind} × {vector.number:,}"
    if tag == DICT:
        shown: list[str] = []
        for key, value, _ in entries(data, at):
            if len(shown) == most:
                shown.append("…")
                break
            shown.append(
                f"{shortened(_key(data, key)[0], 40)}={text_of(data, value, most, depth + 1)}"
            )
        return "{" + " ".join(shown) + "}"
    if tag == PAIR:
        return f"({_chain_text(data, at, most, depth)})"
    if tag in (VECTOR, TUPLE):
        return f"[{_items_words(data, at, most, depth)}]"
    made = _leaf(data, tag, Name("x"), (at, end_of(data, at)))
    if tag == SYMBOL:
        body = data[at + 3 : end_of(data, at)]
        return plain_bytes(body, len(body), 60)
    return _short(made.value) if isinstance(made.value, float) else made.text


def _items_words(data: bytes, at: int, most: int, depth: int) -> str:
    """The items of a tuple or vector, such as a USRP's time: seconds and their fraction."""
    number = int.from_bytes(data[at + 1 : at + 5])
    if number > most or depth > 1:
        return counted(number, "item")
    places = _Places(data, [], at + 5, number)
    return " ".join(text_of(data, place, most, depth + 1) for place in places)


def _chain_text(data: bytes, at: int, most: int, depth: int) -> str:
    """A pair as ``1 . 2``, a list as ``1 2``, as Lisp writes them."""
    shown: list[str] = []
    while len(shown) < most:
        shown.append(text_of(data, at + 1, most, depth + 1))
        at = end_of(data, at + 1)
        tag = data[at] if at < len(data) else -1
        if tag == NIL and len(shown) > 1:
            return " ".join(shown)
        if tag != PAIR:
            return f"{' '.join(shown)} . {text_of(data, at, most, depth + 1)}"
    return " ".join((*shown, "…"))
