"""What a compression has given out so far, bounded in bytes and time. Pure, any thread."""

from __future__ import annotations

import time

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.payload import Payload

MIN_TIME_NS = 110_000_000
"""What taking a compression off may cost."""

NS_PER_BYTE = 7
"""The same for each byte asked for: who asks for much more has to wait for it."""

LINE_BYTES, LINE_TIME_NS = 1_024, 2_000_000
"""Who asks for no more than so many bytes wants a line of a table, of which there are sixty."""

INPUT_STEP = 64 * 1024
"""Packed bytes handed to a library at a time: between two steps the clock is looked at."""

OUTPUT_STEP = 1024 * 1024
"""Unpacked bytes taken from a library at a time at most."""


class Output:
    """Collects what is given out.

    Args:
        payload: The packed bytes.
        limit: Bytes to be given out at most.
    """

    def __init__(self, payload: Payload, limit: int) -> None:
        self._payload = payload
        self._limit = limit
        # One byte more than wanted tells the end of the data from a cut.
        self._most = limit + 1
        self._parts: list[bytes] = []
        self._count = 0
        most_ns = LINE_TIME_NS if limit <= LINE_BYTES else max(MIN_TIME_NS, limit * NS_PER_BYTE)
        self._end_ns = time.thread_time_ns() + most_ns

    def __len__(self) -> int:
        return self._count

    @property
    def room(self) -> int:
        """Bytes still wanted."""
        return self._most - self._count

    @property
    def step(self) -> int:
        """Bytes to ask a library for next."""
        return min(self.room, OUTPUT_STEP)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is wanted, or the time is over."""
        return self._count >= self._most or time.thread_time_ns() > self._end_ns

    def add(self, part: bytes) -> None:
        """Take the next bytes; what is too much is dropped."""
        if part:
            part = part[: self.room]
            self._parts.append(part)
            self._count += len(part)

    def stopped(self) -> Unpacked:
        """There is more, but enough was given out."""
        return Unpacked(b"".join(self._parts)[: self._limit], is_cut=True)

    def ended(self) -> Unpacked:
        """That was all."""
        return self.stopped() if self._count > self._limit else Unpacked(b"".join(self._parts))

    def ran_out(self) -> Unpacked:
        """The packed bytes ended first: they are only a beginning, or something is lost."""
        if self._payload.is_cut:
            return self.stopped()
        return self.broken("The data ends before the compression does: the rest is missing.")

    def broken(self, problem: str) -> Unpacked:
        """It cannot go on.

        Raises:
            DecodeError: Nothing at all was given out.
        """
        if not self._count:
            raise DecodeError(problem)
        if self._count > self._limit:
            return self.stopped()
        return Unpacked(b"".join(self._parts), problem=problem)


def reason(error: Exception) -> str:
    """A library's words as the end of a sentence."""
    text = " ".join(str(error).split()).rstrip(".")
    return text[:120] or type(error).__name__
