"""Arrays of plain numbers: nothing but a type, a byte order and a shape. Pure, any thread."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zmqscope.core.decode.decoded import Decoded, DecodeError, Numbers, Tree
from zmqscope.core.decode.dtypes import NumberType, dtype_title, known_dtype
from zmqscope.core.decode.field_path import Index, Step
from zmqscope.core.decode.formats.numbers.guess import MIN_ITEMS, guess_numbers
from zmqscope.core.decode.node import Node, NodeKind, Span, Value
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.wording import counted

if TYPE_CHECKING:
    import numpy as np

MAX_DIMENSIONS = 8

_JUDGED_BYTES = 512
_PREVIEWED_BYTES = 4_096
_AT_ONCE = 1_024
_SHOWN = 6
_DEFAULT = "|u1"
_LETTERS = {
    **{"f2": "e", "f4": "f", "f8": "d", "i1": "b", "i2": "h", "i4": "i", "i8": "q"},
    **{"u1": "B", "u2": "H", "u4": "I", "u8": "Q"},
}
"""Number types that the standard library reads, by its letters."""


class NumberArray:
    """Reads number arrays; guesses modestly."""

    name = "numbers"
    title = "Numbers"
    first_bytes: frozenset[int] | None = None

    def sniff(self, payload: Payload) -> float:
        """Some numbers are plausible, most are not; never more than a guess."""
        if payload.size < MIN_ITEMS:
            return 0.0
        found = guess_numbers(payload.data[:_JUDGED_BYTES], _judged_size(payload))
        return 0.0 if found is None else found.confidence

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """Lay numbers over the bytes.

        Raises:
            DecodeError: There is no such type, or not a single row fits.
        """
        data = payload.data
        array = _describe(payload, options)
        notes = []
        if not options.dtype:
            notes.append(f"That these are {dtype_title(array.dtype)} is a guess.")
        if array.rest:
            verb = "is" if array.rest == 1 else "are"
            notes.append(f"Behind the last number {verb} {counted(array.rest, 'byte')} more.")
        if payload.is_cut:
            notes.append("There are more bytes than these numbers stand for.")
        type_words = f"{dtype_title(array.dtype)} {_shape_words(array.shape)}"
        return Decoded((array, Tree(_root(data, array))), type_words, tuple(notes))

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """The first numbers and what they are like.

        Raises:
            DecodeError: There is no such type, or not a single row fits.
        """
        if len(payload.data) > _PREVIEWED_BYTES + options.skip:
            head = payload.data[: _PREVIEWED_BYTES + options.skip]
            payload = Payload(head, True, payload.size)
        known, words, array, is_all = _head_words(payload, options)
        count = math.prod(array.shape)
        numbers = _first_numbers(payload.data, array, known, count)
        text = f"{dtype_title(array.dtype)} {words}  " + " ".join(map(_short, numbers[:_SHOWN]))
        if count > _SHOWN:
            text += " …"
        if known.code[0] in "fiu" and count > 1:
            text += f" mean {_short(sum(numbers) / count)}"
            if not is_all:
                text += f" of the first {count:,}"
        return text


def _first_numbers(
    data: bytes, array: Numbers, known: NumberType, count: int
) -> Sequence[int | float]:
    letter = _LETTERS.get(known.code)
    if letter is not None:
        # A few numbers cost less without NumPy.
        order = ">" if array.dtype[0] == ">" else "<"
        return struct.unpack_from(f"{order}{count}{letter}", data, array.skip)
    import numpy as np

    numbers: list[int | float] = np.frombuffer(data, array.dtype, count, array.skip).tolist()
    return numbers


def _head_words(payload: Payload, options: DecodeOptions) -> tuple[NumberType, str, Numbers, bool]:
    """What numbers are there: type, the whole shape in words, those here, whether that is all."""
    if not payload.is_cut:
        array = _describe(payload, options)
        return known_dtype(array.dtype)[0], _shape_words(array.shape), array, True
    array = _describe(payload, replace(options, shape=()) if options.shape else options)
    known, _ = known_dtype(array.dtype)
    fitting = max((payload.size - array.skip) // known.size, 1)
    if _is_open_ended(payload):
        return known, f"× {fitting:,} or more", array, False
    shape = _resolve(options.shape, fitting, known)
    # What stands behind the last number of the shape is none of them.
    wanted, here = math.prod(shape), array.shape[0]
    array = replace(array, shape=(min(wanted, here),))
    return known, _shape_words(shape), array, wanted <= here


def _is_open_ended(payload: Payload) -> bool:
    """Whether more bytes follow of which nobody knows how many, as behind a compression."""
    return payload.is_cut and payload.size <= len(payload.data)


def _judged_size(payload: Payload) -> int:
    """A size that decides which types fit; any does where it is not known."""
    return payload.size // 16 * 16 if _is_open_ended(payload) else payload.size


def _describe(payload: Payload, options: DecodeOptions) -> Numbers:
    """Type and shape: as the user says, or as they look."""
    data = payload.data
    name = options.dtype
    if not name:
        head = data[options.skip : options.skip + _JUDGED_BYTES]
        found = guess_numbers(head, _judged_size(payload) - options.skip)
        name = found.dtype if found is not None else _DEFAULT
    known, dtype = known_dtype(name)
    skip = options.skip
    if not 0 <= skip <= len(data):
        raise DecodeError(f"There are {len(data):,} bytes; {skip:,} of them cannot be skipped.")
    fitting = (len(data) - skip) // known.size
    if fitting == 0:
        raise DecodeError(
            f"A {known.title} takes {counted(known.size, 'byte')}; there are {len(data) - skip:,}.",
            skip,
        )
    shape = _resolve(options.shape, fitting, known)
    used = math.prod(shape) * known.size
    return Numbers(dtype, shape, skip, len(data) - skip - used)


def _resolve(wanted: tuple[int, ...], fitting: int, known: NumberType) -> tuple[int, ...]:
    """The shape with its -1 worked out.

    Raises:
        DecodeError: It does not fit.
    """
    if not wanted:
        return (fitting,)
    words = " × ".join(map(str, wanted[: MAX_DIMENSIONS + 1]))
    unknown = wanted.count(-1)
    if unknown > 1 or len(wanted) > MAX_DIMENSIONS or any(n < 1 and n != -1 for n in wanted):
        raise DecodeError(
            f"{words} is no shape: up to {MAX_DIMENSIONS} positive numbers, one of which may be -1."
        )
    fixed = math.prod(n for n in wanted if n != -1)
    if fixed > fitting:
        raise DecodeError(
            f"The shape {words} takes {fixed:,} × {known.title}, but there are only {fitting:,}."
        )
    return tuple(fitting // fixed if n == -1 else n for n in wanted)


def _shape_words(shape: tuple[int, ...]) -> str:
    return "× " + " × ".join(f"{n:,}" for n in shape)


def _short(value: complex) -> str:
    """A number in few characters."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f"{value:.4g}"


# ---- the tree -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all nodes of an array have in common."""

    data: bytes
    dtype: str
    known: NumberType
    shape: tuple[int, ...]

    @property
    def kind(self) -> NodeKind:
        return NodeKind.BOOL if self.known.title == "bool" else NodeKind.NUMBER


def _root(data: bytes, array: Numbers) -> Node:
    known, _ = known_dtype(array.dtype)
    return _node(_Layout(data, array.dtype, known, array.shape), None, 0, array.skip)


def _node(layout: _Layout, step: Index | None, depth: int, start: int) -> Node:
    """The array, or a part of it along its first dimensions."""
    shape = layout.shape[depth:]
    stop = start + math.prod(shape) * layout.known.size
    type_words = layout.known.title + "".join(f"[{n:,}]" for n in shape)
    children = _Children(layout, depth, start)
    return Node(
        step,
        NodeKind.ARRAY,
        type_words,
        count=shape[0],
        span=Span(start, stop),
        children=children,
        find=children.find,
    )


@dataclass(frozen=True, slots=True)
class _Children:
    """Makes the elements of an array, each when it is asked for."""

    layout: _Layout
    depth: int
    start: int

    def __call__(self) -> Iterator[Node]:
        return self._between(0, self.layout.shape[self.depth])

    def find(self, step: Step) -> Node | None:
        """One element, wherever it is."""
        if not isinstance(step, Index) or not 0 <= step.at < self.layout.shape[self.depth]:
            return None
        return next(self._between(step.at, step.at + 1))

    def _between(self, low: int, high: int) -> Iterator[Node]:
        if self.depth < len(self.layout.shape) - 1:
            return self._parts(low, high)
        return self._numbers(low, high)

    def _parts(self, low: int, high: int) -> Iterator[Node]:
        layout, depth = self.layout, self.depth
        size = math.prod(layout.shape[depth + 1 :]) * layout.known.size
        for at in range(low, high):
            yield _node(layout, Index(at), depth + 1, self.start + at * size)

    def _numbers(self, low: int, high: int) -> Iterator[Node]:
        import numpy as np

        layout, size = self.layout, self.layout.known.size
        text_of = _texts(layout.known)
        for first in range(low, high, _AT_ONCE):
            some = min(_AT_ONCE, high - first)
            place = self.start + first * size
            numbers = np.frombuffer(layout.data, layout.dtype, some, place)
            for at, (text, value) in enumerate(text_of(numbers), first):
                start = self.start + at * size
                yield Node(
                    Index(at),
                    layout.kind,
                    layout.known.title,
                    text,
                    value,
                    span=Span(start, start + size),
                )


def _texts(known: NumberType) -> Callable[[np.ndarray], Iterator[tuple[str, Value]]]:
    """How numbers of a type become texts and values."""
    if known.code == "b1":
        return _bools
    if known.code[0] == "c":
        return _complex
    if known.code in ("f4", "f2"):
        return _narrow_floats
    return _plain


def _bools(numbers: np.ndarray) -> Iterator[tuple[str, Value]]:
    # Any byte but 0 is true to NumPy; one that is not 1 is worth to be seen.
    for value in numbers.view("u1").tolist():
        yield ("false", "true")[bool(value)] + (f" ({value})" if value > 1 else ""), bool(value)


def _complex(numbers: np.ndarray) -> Iterator[tuple[str, Value]]:
    for number in numbers:
        yield str(number).strip("()"), None


def _narrow_floats(numbers: np.ndarray) -> Iterator[tuple[str, Value]]:
    # NumPy writes as many digits as the type has: 0.1, not 0.10000000149011612.
    for number in numbers:
        yield str(number), number.item()


def _plain(numbers: np.ndarray) -> Iterator[tuple[str, Value]]:
    for value in numbers.tolist():
        yield repr(value), value


NUMBERS = NumberArray()
