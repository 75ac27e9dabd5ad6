"""What zlib and gzip have in common: the deflate stream inside. Pure, any thread."""

from __future__ import annotations

import zlib

from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.output import INPUT_STEP, Output, reason
from zmqscope.core.decode.payload import Payload

ZLIB = zlib.MAX_WBITS
"""zlib's window bits for a stream with zlib's header."""

GZIP = 16 + zlib.MAX_WBITS
"""The same with gzip's header."""

_TASTE_INPUT = 512
_TASTE_OUTPUT = 1_024
_EVER_SMALLER = (65_536, 4_096, 256, 16, 1)


_KEPT_BYTES = 4_096


class _Tasted:
    """What was inflated last, since a table tastes a payload and then takes its compression off."""

    def __init__(self) -> None:
        self._last: tuple[bytes, int, bytes] = (b"", 0, b"")

    def keep(self, data: bytes, window_bits: int, out: bytes) -> None:
        """Remember the beginning of what is in ``data``."""
        if len(data) <= _KEPT_BYTES:
            self._last = (data, window_bits, out)

    def beginning(self, data: bytes, window_bits: int, limit: int) -> bytes | None:
        """The first ``limit`` bytes; None unless they are known, and more besides."""
        last, last_bits, out = self._last
        is_known = last is data and last_bits == window_bits and len(out) > limit
        return out[:limit] if is_known else None


_TASTED = _Tasted()


def taste(payload: Payload, window_bits: int) -> float:
    """How likely it is that bytes with a right header are compressed, from inflating a few.

    Random bytes do not get far: within some bytes they refer back to before the beginning, or
    their check sum is wrong.
    """
    data = payload.data[:_TASTE_INPUT]
    stream = zlib.decompressobj(window_bits)
    try:
        out = stream.decompress(data, _TASTE_OUTPUT)
    except zlib.error:
        return 0.0
    _TASTED.keep(payload.data, window_bits, out)
    if stream.eof or len(out) >= _TASTE_OUTPUT:
        return 0.99
    if len(data) < len(payload.data) or payload.is_cut:
        # It went well so far; the first codes alone may take up some dozens of bytes.
        return 0.97 if len(data) >= 64 else 0.4
    # It ends too early.
    return 0.85 if len(data) >= 64 else 0.3


def inflate(payload: Payload, limit: int, window_bits: int, name: str, header: bytes) -> Unpacked:
    """Take all streams off that follow one another.

    Args:
        payload: The packed bytes.
        limit: Bytes to be given out at most.
        window_bits: Which header to expect.
        name: How sentences call it.
        header: First bytes of a further stream; empty if there can be none.

    Raises:
        DecodeError: Not a single byte could be had.
    """
    beginning = _TASTED.beginning(payload.data, window_bits, limit)
    if beginning is not None:
        return Unpacked(beginning, is_cut=True)
    output = Output(payload, limit)
    data, at = memoryview(payload.data), 0
    while True:
        stream = zlib.decompressobj(window_bits)
        try:
            at = _inflate_one(stream, data, at, output, window_bits)
        except zlib.error as error:
            return output.broken(_words(error, name))
        if not stream.eof:
            return output.stopped() if output.is_over else output.ran_out()
        rest = payload.data[at : at + INPUT_STEP]
        if payload.data.count(0, at) == len(data) - at:
            return output.ended()
        if not header or not rest.startswith(header):
            more = "more " if payload.is_cut else f"{len(data) - at:,} "
            found = output.ended()
            return found._replace(
                problem=f"Behind the {name} data are {more}bytes of another kind."
            )
        if output.is_over:
            return output.stopped()


def _inflate_one(
    stream: zlib._Decompress, data: memoryview, at: int, output: Output, window_bits: int
) -> int:
    """Take one stream off, as far as is wanted; where it ended in ``data``."""
    is_new = True
    while not stream.eof and at < len(data):
        piece: bytes | memoryview = data[at : at + INPUT_STEP]
        at += len(piece)
        while piece and not stream.eof:
            if output.is_over:
                return at
            # To copy a stream takes longer than to inflate the few bytes that a table has.
            before = None if is_new else stream.copy()
            is_new = False
            try:
                output.add(stream.decompress(piece, output.step))
            except zlib.error:
                _add_what_was_right(before or zlib.decompressobj(window_bits), piece, output)
                raise
            piece = stream.unconsumed_tail
    # What the library holds back is given out once the end is near.
    while not stream.eof and not output.is_over:
        part = stream.decompress(stream.unconsumed_tail, output.step)
        if not part:
            break
        output.add(part)
    return at - len(stream.unused_data)


def _add_what_was_right(
    stream: zlib._Decompress, piece: bytes | memoryview, output: Output
) -> None:
    """Give out what comes before an error: the library drops it."""
    for step in _EVER_SMALLER:
        while piece and not output.is_over:
            before = stream.copy()
            try:
                part = stream.decompress(piece, min(step, output.room))
            except zlib.error:
                stream = before
                break
            output.add(part)
            piece = stream.unconsumed_tail


def _words(error: zlib.error, name: str) -> str:
    text = str(error)
    if "incorrect data check" in text:
        return f"The check sum at the end is wrong: the {name} data was changed on the way."
    if "incorrect length check" in text:
        return f"The length at the end is wrong: the {name} data was changed on the way."
    if "Error 2 " in text:
        return f"This {name} data was packed with a dictionary, which is not known here."
    return f"The {name} data is broken: {reason(error).rpartition(': ')[2]}."
