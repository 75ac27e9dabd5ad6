"""The beginning of a pickle of plain data, read at once for a table's previews. Pure, any thread.

Most pickles hold nothing but containers, text and numbers. Their opcodes are few, and what they
make needs no description: it is made. Everything else is left to ``machine.py``, which only
writes down what would happen; a property test holds this to it.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

MOST_OPS = 32
"""Opcodes that are read: about as much as a line shows."""

_LONGEST = 4_096
_FLOAT = struct.Struct(">d")
_INT = struct.Struct("<i")
_CONSTANTS = {ord("N"): None, 0x88: True, 0x89: False}
# Text and bytes: bytes of the length before them.
_TEXTS = {0x8C: 1, ord("X"): 4}
_BYTES = {ord("C"): 1, ord("B"): 4}
# Opcodes that give what is on top a number to be remembered by; bytes of these and of numbers.
_PUTS = frozenset(b"qr")
_SIZES = {ord("q"): 2, ord("r"): 5, ord("K"): 2, ord("M"): 3, ord("J"): 5, ord("G"): 9}
_FLOAT_OP, _INT_OP = ord("G"), ord("J")
_PROTO, _FRAME, _MEMOIZE, _STOP = 0x80, 0x95, 0x94, ord(".")


class PlainPickle(NamedTuple):
    """What a pickle makes.

    Attributes:
        protocol: As it says.
        value: What it makes, as far as it was read.
        is_cut: Whether that is only a beginning.
    """

    protocol: int
    value: Any
    is_cut: bool


class _NotPlainError(Exception):
    """It is left to the machine."""


def read_plain(data: bytes) -> PlainPickle | None:
    """The first opcodes of a pickle from protocol 2 on; None if it is not plain."""
    if len(data) < 2 or data[0] != _PROTO:
        return None
    reader = _Reader(data)
    try:
        is_cut = reader.read()
        return PlainPickle(data[1], reader.result() if is_cut else reader.top(), is_cut)
    except (_NotPlainError, UnicodeDecodeError, TypeError, IndexError):
        return None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def read(self) -> bool:
        """Read on; whether it ends early.

        Raises:
            _NotPlainError: There is another opcode.
            IndexError: There is nothing where something should be.
        """
        data, stack, memo = self._data, self._stack, self._memo
        size, at = len(data), 2
        for _ in range(MOST_OPS - 1):
            if at >= size:
                return True
            code = data[at]
            if code == _MEMOIZE:
                self._top()
                memo[len(memo)] = stack[-1]
                at += 1
            elif code in _TEXTS:
                start = at + 1 + _TEXTS[code]
                stop = start + int.from_bytes(data[at + 1 : start], "little")
                if stop > size:
                    return True
                if stop - start > _LONGEST:
                    raise _NotPlainError
                stack.append(data[start:stop].decode())
                at = stop
            elif code == _STOP:
                self._top()
                return False
            else:
                stop = self._number(code, at) if code in _SIZES else self._other(code, at)
                if stop > size:
                    return True
                at = stop
        return at >= size or data[at] != _STOP

    def _number(self, code: int, at: int) -> int:
        """A number, or one that what is on top is remembered by; where it ends."""
        data, stop = self._data, at + _SIZES[code]
        if stop > len(data):
            return stop
        if code == _FLOAT_OP:
            self._stack.append(_FLOAT.unpack_from(data, at + 1)[0])
        elif code == _INT_OP:
            self._stack.append(_INT.unpack_from(data, at + 1)[0])
        else:
            number = int.from_bytes(data[at + 1 : stop], "little")
            if code in _PUTS:
                self._top()
                self._memo[number] = self._stack[-1]
            else:
                self._stack.append(number)
        return stop

    def _other(self, code: int, at: int) -> int:
        """An opcode that is less frequent; where it ends."""
        data, stack = self._data, self._stack
        act = _ACTS.get(code)
        if act is not None:
            act(self)
            return at + 1
        if code in _CONSTANTS:
            stack.append(_CONSTANTS[code])
            return at + 1
        if code == _FRAME:
            return at + 9
        if code in _BYTES:
            start = at + 1 + _BYTES[code]
            stop = start + int.from_bytes(data[at + 1 : start], "little")
            if stop - start > _LONGEST:
                raise _NotPlainError
            if stop <= len(data):
                stack.append(data[start:stop])
            return stop
        if code == ord("h"):
            if at + 1 < len(data):
                number = data[at + 1]
                if number not in self._memo:
                    raise _NotPlainError
                stack.append(self._memo[number])
            return at + 2
        if code == 0x8A:
            start = at + 2
            if start > len(data):
                return start
            stop = start + data[at + 1]
            if stop <= len(data):
                stack.append(int.from_bytes(data[start:stop], "little", signed=True))
            return stop
        raise _NotPlainError

    # ---- what opcodes do --------------------------------------------------------------------

    def _top(self) -> None:
        """Something must be on the stack, and no mark above it."""
        if not self._stack or (self._marks and self._marks[-1] == len(self._stack)):
            raise _NotPlainError

    def mark(self) -> None:
        self._marks.append(len(self._stack))

    def empty_dict(self) -> None:
        self._stack.append({})

    def empty_list(self) -> None:
        self._stack.append([])

    def empty_tuple(self) -> None:
        self._stack.append(())

    def _taken(self) -> list[Any]:
        if not self._marks:
            raise _NotPlainError
        at = self._marks.pop()
        items = self._stack[at:]
        del self._stack[at:]
        return items

    def _last(self, count: int) -> list[Any]:
        at = len(self._stack) - count
        if at < (self._marks[-1] if self._marks else 0):
            raise _NotPlainError
        items = self._stack[at:]
        del self._stack[at:]
        return items

    def tuple_of_marked(self) -> None:
        self._stack.append(tuple(self._taken()))

    def tuple_of_one(self) -> None:
        self._stack.append(tuple(self._last(1)))

    def tuple_of_two(self) -> None:
        self._stack.append(tuple(self._last(2)))

    def tuple_of_three(self) -> None:
        self._stack.append(tuple(self._last(3)))

    def append(self) -> None:
        self._fill(self._last(1), list)

    def appends(self) -> None:
        self._fill(self._taken(), list)

    def set_item(self) -> None:
        self._fill(self._last(2), dict)

    def set_items(self) -> None:
        self._fill(self._taken(), dict)

    def _fill(self, items: list[Any], kind: type) -> None:
        self._top()
        if type(self._stack[-1]) is not kind:
            raise _NotPlainError
        _fill(self._stack[-1], items)

    def top(self) -> Any:
        """What a pickle makes that is at its end: what is on top."""
        return self._stack[-1]

    def result(self) -> Any:
        """What there is, the unfinished put into what it would become.

        Raises:
            _NotPlainError: It would become nothing that is known, or there is nothing.
        """
        stack = self._stack
        while self._marks:
            items = self._taken()
            if not stack:
                raise _NotPlainError
            _fill(stack[-1], _sure(items))
        if not stack:
            raise _NotPlainError
        if len(stack) > 1:
            _fill(stack[0], _sure(stack[1:]))
        return stack[0]


def _sure(items: list[Any]) -> list[Any]:
    """The items that surely stand one after the other.

    What comes behind an empty container may be about to be put into it: one item into a list, a
    key and its value into a dictionary.
    """
    at = len(items) - 1
    while at >= 0 and len(items) - at <= 3:
        kind = type(items[at])
        room = 1 if kind is list else 2 if kind is dict else 0
        if room and not items[at] and len(items) - at - 1 <= room:
            items = items[: at + 1]
        at -= 1
    return items


def _fill(target: Any, items: list[Any]) -> None:
    """Put items into a list, or keys and values into a dictionary that has none of them yet."""
    if type(target) is list:
        target.extend(items)
        return
    if type(target) is not dict:
        raise _NotPlainError
    keys = items[:-1:2] if len(items) & 1 else items[::2]
    if not all(type(key) is str or type(key) is int for key in keys):
        raise _NotPlainError
    before = len(target)
    target.update(zip(keys, items[1::2], strict=True))
    if len(target) != before + len(keys):
        raise _NotPlainError


_ACTS = {
    ord("("): _Reader.mark,
    ord("}"): _Reader.empty_dict,
    ord("]"): _Reader.empty_list,
    ord(")"): _Reader.empty_tuple,
    ord("t"): _Reader.tuple_of_marked,
    0x85: _Reader.tuple_of_one,
    0x86: _Reader.tuple_of_two,
    0x87: _Reader.tuple_of_three,
    ord("a"): _Reader.append,
    ord("e"): _Reader.appends,
    ord("s"): _Reader.set_item,
    ord("u"): _Reader.set_items,
}
