"""Reads a MessagePack value of which perhaps only the beginning is here. Pure, any thread."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import msgpack

MOST_BYTES = 1_024
"""Bytes that are looked at. It bounds what nested lengths that lie can allocate."""

_MAPS = frozenset((*range(0x80, 0x90), 0xDE, 0xDF))


class HeadEndError(Exception):
    """The bytes end, or are no MessagePack from here on."""


class MsgpackHead:
    """Reads one value after the other.

    Args:
        data: The first bytes.
        size: Bytes of the whole. An array or map that claims more elements is none.

    Attributes:
        is_cut: Whether ``fields`` came to the end of the bytes before that of its map.
    """

    __slots__ = ("_data", "_size", "_unpacker", "is_cut")

    def __init__(self, data: bytes, size: int = 2**32) -> None:
        import msgpack

        part = data[:MOST_BYTES]
        self._data, self._size = part, size
        self.is_cut = False
        # No length may be larger than what is here: lists are made before they are filled.
        self._unpacker: msgpack.Unpacker = msgpack.Unpacker(
            max_buffer_size=max(1, len(part)),
            strict_map_key=False,
            unicode_errors="replace",
        )
        self._unpacker.feed(part)

    def value(self) -> object:
        """The next value, whole.

        Raises:
            HeadEndError: It is not all here, or no value.
        """
        try:
            return self._unpacker.unpack()
        except _errors() as error:
            raise HeadEndError from error

    def array(self) -> int:
        """Goes into an array; says how many elements it has.

        Raises:
            HeadEndError: There is none.
        """
        try:
            length = self._unpacker.read_array_header()
        except _errors() as error:
            raise HeadEndError from error
        if length > self._size:
            raise HeadEndError
        return length

    def map(self) -> int:
        """Goes into a map; says how many pairs it has.

        Raises:
            HeadEndError: There is none.
        """
        try:
            length = self._unpacker.read_map_header()
        except _errors() as error:
            raise HeadEndError from error
        if length > self._size:
            raise HeadEndError
        return length

    def skip(self, count: int = 1) -> None:
        """Passes over values.

        Raises:
            HeadEndError: They are not all here.
        """
        try:
            for _ in range(count):
                self._unpacker.skip()
        except _errors() as error:
            raise HeadEndError from error

    def has_map(self) -> bool:
        """Whether the next value is a map."""
        at = self._unpacker.tell()
        return at < len(self._data) and self._data[at] in _MAPS

    def fields(self) -> dict[object, object]:
        """The pairs of a map, as far as they are here; of the last one perhaps only the key.

        ``is_cut`` tells whether that was all of them.

        Raises:
            HeadEndError: There is no map, or nothing of it is here.
        """
        found: dict[object, object] = {}
        try:
            for _ in range(self.map()):
                key = self.value()
                if isinstance(key, bytes):
                    # What was packed without a type for text, as older programs do.
                    key = key.decode("utf-8", "replace")
                hash(key)
                found[key] = None
                found[key] = self.value()
        except (HeadEndError, TypeError):
            self.is_cut = True
            if not found:
                raise HeadEndError from None
        return found


@cache
def _errors() -> tuple[type[Exception], ...]:
    """What the library raises for bytes that are cut or wrong."""
    from msgpack import UnpackException

    # RecursionError and TypeError (a key that cannot be one) come from CPython itself.
    return UnpackException, ValueError, TypeError, OverflowError, RecursionError, MemoryError
