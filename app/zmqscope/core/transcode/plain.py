"""Transcoding in plain Python: the twin of ``core.kernels.transcode``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.groups import GroupTable

_U64 = 2**64 - 1
_U32 = 2**32 - 1
_SIGN = 2**63


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before a body.

    Attributes:
        size: Bytes of it.
        length: Bytes of the body.
        more: Whether another frame of the same message follows.
        key: The masking key, rotated to the first byte of the body.
    """

    size: int
    length: int
    more: int
    key: int


class PlainTranscoder:
    """See ``Transcoder``."""

    def run(
        self,
        source: NDArray[np.uint8],
        sink: NDArray[np.uint8],
        state: NDArray[np.int64],
        groups: GroupTable,
    ) -> int:
        """See ``Transcoder.run``."""
        return _Run(source.data, sink.data, state, groups).run()


class _Run:
    """One call."""

    def __init__(
        self,
        source: memoryview,
        sink: memoryview,
        state: NDArray[np.int64],
        groups: GroupTable,
    ) -> None:
        self._source = source
        self._sink = sink
        self._state = state
        self._groups = groups
        self._at = 0
        self._out = 0

    def run(self) -> int:
        state = self._state
        result = at.NEEDS_INPUT
        while self._at < len(self._source):
            if state[at.LEFT] > 0:
                self._copy()
                continue
            head = self._head()
            if not isinstance(head, _Head):
                result = head
                break
            if not self._begin(head):
                break
        state[at.CONSUMED], state[at.PRODUCED] = self._at, self._out
        return result

    # ---- bodies -----------------------------------------------------------------------------

    def _copy(self) -> None:
        state = self._state
        size = min(int(state[at.LEFT]), len(self._source) - self._at)
        if state[at.COPIES_NOTHING]:
            state[at.BODY_BYTES] += size
        elif not state[at.DROPS]:
            key = int(state[at.IN_KEY]) ^ int(state[at.OUT_KEY])
            body = self._source[self._at : self._at + size]
            self._sink[self._out : self._out + size] = masked(body, key) if key else body
            self._out += size
            state[at.BODY_BYTES] += size
        state[at.IN_KEY] = _rotated(int(state[at.IN_KEY]), size)
        state[at.OUT_KEY] = _rotated(int(state[at.OUT_KEY]), size)
        state[at.LEFT] -= size
        self._at += size

    # ---- heads ------------------------------------------------------------------------------

    def _head(self) -> _Head | int:
        """The head at the present place, or what the call ends with."""
        if self._state[at.ESCAPES]:
            return at.SPECIAL
        if self._state[at.FROM] == at.ZMTP:
            return self._zmtp_head()
        return self._websocket_head()

    def _zmtp_head(self) -> _Head | int:
        source, place = self._source, self._at
        flags = source[place]
        if flags > at.ZMTP_MORE | at.ZMTP_LONG:
            return at.SPECIAL
        size = 9 if flags & at.ZMTP_LONG else 2
        if len(source) - place < size:
            return at.NEEDS_INPUT
        length = int.from_bytes(source[place + 1 : place + size])
        if length >= _SIGN:
            return at.SPECIAL
        return _Head(size, length, flags & at.ZMTP_MORE, 0)

    def _websocket_head(self) -> _Head | int:
        source, place = self._source, self._at
        there = len(source) - place
        if source[place] != at.WHOLE_BINARY:
            return at.SPECIAL
        if there < 2:
            return at.NEEDS_INPUT
        length = source[place + 1] & 0x7F
        extended = {126: 2, 127: 8}.get(length, 0)
        is_masked = bool(source[place + 1] & 0x80)
        if is_masked != bool(self._state[at.IS_MASKED]):
            return at.SPECIAL
        size = 2 + extended + (4 if is_masked else 0)
        if there < size + 1:
            # An empty message has no flag byte to wait for.
            return at.SPECIAL if not length else at.NEEDS_INPUT
        if extended:
            length = int.from_bytes(source[place + 2 : place + 2 + extended])
        if not 0 < length < _SIGN:
            return at.SPECIAL
        key = int.from_bytes(source[place + size - 4 : place + size], "little") if is_masked else 0
        flags = source[place + size] ^ (key & 0xFF)
        if flags > at.ZWS_MORE:
            return at.SPECIAL
        return _Head(size + 1, length - 1, flags, _rotated(key, 1))

    def _begin(self, head: _Head) -> bool:
        """Begin a body; False if it has to wait for the rest of its group."""
        state = self._state
        if state[at.FILTERS] and not state[at.IS_INSIDE]:
            is_group = head.more and head.length <= at.MAX_GROUP
            if is_group and len(self._source) - self._at < head.size + head.length:
                return False
            state[at.DROPS_REST] = not (is_group and self._is_joined(head))
        state[at.DROPS] = state[at.DROPS_REST]
        state[at.IS_INSIDE] = head.more
        state[at.LEFT], state[at.IN_KEY], state[at.OUT_KEY] = head.length, head.key, 0
        if not state[at.DROPS]:
            if not state[at.COPIES_NOTHING]:
                self._write_head(head)
            state[at.FRAMES] += 1
        if not head.more:
            state[at.DROPPED if state[at.DROPS_REST] else at.MESSAGES] += 1
            state[at.DROPS_REST] = 0
        self._at += head.size
        return True

    def _is_joined(self, head: _Head) -> bool:
        start = self._at + head.size
        group = bytes(self._source[start : start + head.length])
        return (masked(memoryview(group), head.key) if head.key else group) in self._groups

    def _write_head(self, head: _Head) -> None:
        if self._state[at.INTO] == at.ZMTP:
            is_long = head.length > 0xFF
            flags = head.more | (at.ZMTP_LONG if is_long else 0)
            self._put(bytes((flags,)) + head.length.to_bytes(8 if is_long else 1))
            return
        size = head.length + 1
        mask = 0x80 if self._state[at.MASKS] else 0
        if size < 126:
            written = bytes((at.WHOLE_BINARY, mask | size))
        elif size <= 0xFFFF:
            written = bytes((at.WHOLE_BINARY, mask | 126)) + size.to_bytes(2)
        else:
            written = bytes((at.WHOLE_BINARY, mask | 127)) + size.to_bytes(8)
        if not mask:
            self._put(written + bytes((head.more,)))
            return
        key = next_key(self._state)
        self._put(written + key.to_bytes(4, "little") + bytes((head.more ^ (key & 0xFF),)))
        self._state[at.OUT_KEY] = _rotated(key, 1)

    def _put(self, data: bytes) -> None:
        self._sink[self._out : self._out + len(data)] = data
        self._out += len(data)


def next_key(state: NDArray[np.int64]) -> int:
    """The next masking key (xorshift64*, Marsaglia 2003, Vigna 2016)."""
    seed = int(state[at.SEED]) & _U64
    seed ^= seed >> 12
    seed ^= (seed << 25) & _U64
    seed ^= seed >> 27
    state[at.SEED] = seed - 2**64 if seed >= _SIGN else seed
    return ((seed * 0x2545F4914F6CDD1D) & _U64) >> 32


def _rotated(key: int, count: int) -> int:
    """A masking key for what comes ``count`` bytes later."""
    shift = 8 * (count & 3)
    return ((key >> shift) | (key << (32 - shift))) & _U32 if shift else key


def masked(data: memoryview, key: int) -> bytes:
    """Bytes with a masking key applied."""
    size = len(data)
    repeated = (key.to_bytes(4, "little") * (size // 4 + 1))[:size]
    mixed = int.from_bytes(data, "little") ^ int.from_bytes(repeated, "little")
    return mixed.to_bytes(size, "little")
