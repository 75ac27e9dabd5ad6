"""Numbered messages of several streams, checked on their way in; both ends of a test use it.

The last frame of a message begins with the number of its stream and its own number in that stream,
8 bytes each, big-endian.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass

_FORGIVEN_FOR_S = 20.0
_MOST_STREAMS = 1_000


def numbered(stream: int, number: int, size: int = 32) -> bytes:
    """A frame of at least 16 bytes."""
    return stream.to_bytes(8) + number.to_bytes(8) + bytes(max(0, size - 16))


@dataclass(slots=True)
class Found:
    """What came.

    Attributes:
        received: Messages with numbers.
        streams: How many streams there were.
        missing: Numbers that were left out, unless that was to be expected.
        forgiven: Numbers that were left out when it was.
        misordered: Messages that came twice or too late.
        longest_pause_s: The longest time between two messages, or since the last one.
    """

    received: int = 0
    streams: int = 0
    missing: int = 0
    forgiven: int = 0
    misordered: int = 0
    longest_pause_s: float = 0.0


class Streams:
    """All streams that come in at one socket."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._forgiven_until_s: dict[int, float] = {}
        self._found = Found()
        self._seen_s = 0.0

    def take(self, frame: bytes) -> None:
        """Check a message by its last frame; one without numbers is passed over."""
        if len(frame) < 16:
            return
        stream, number = int.from_bytes(frame[:8]), int.from_bytes(frame[8:16])
        found = self._found
        found.received += 1
        now_s = time.monotonic()
        if self._seen_s:
            found.longest_pause_s = max(found.longest_pause_s, now_s - self._seen_s)
        self._seen_s = now_s
        last = self._last.get(stream)
        if last is None:
            found.streams += 1
            self._forget_oldest()
        elif number <= last:
            found.misordered += 1
            return
        elif number > last + 1:
            self._on_gap(stream, number - last - 1, now_s)
        self._last[stream] = number

    def _on_gap(self, stream: int, size: int, now_s: float) -> None:
        if self._forgiven_until_s.pop(stream, 0.0) >= now_s:
            self._found.forgiven += size
        else:
            self._found.missing += size

    def _forget_oldest(self) -> None:
        if len(self._last) >= _MOST_STREAMS:
            del self._last[next(iter(self._last))]

    def forgive(self, streams: Iterable[int] | None = None) -> None:
        """Some may be lost now: the next gap of these streams, or of all, does not count."""
        until_s = time.monotonic() + _FORGIVEN_FOR_S
        wanted = self._last if streams is None else streams
        self._forgiven_until_s |= dict.fromkeys(wanted, until_s)

    def report(self) -> dict[str, object]:
        """What was found since the beginning; the longest pause since the last report."""
        found = self._found
        if self._seen_s:
            since_s = time.monotonic() - self._seen_s
            found.longest_pause_s = max(found.longest_pause_s, since_s)
        told = asdict(found)
        found.longest_pause_s = 0.0
        return told


class Pulse:
    """A stream that is sent at a steady rate.

    Args:
        stream: Its number.
        per_s: Messages a second.
        prefix: Frames before the numbered one.
    """

    def __init__(self, stream: int, per_s: float, prefix: tuple[bytes, ...] = ()) -> None:
        self._stream = stream
        self._interval_s = 1 / per_s
        self._due_s = time.monotonic()
        self._number = 0
        self.prefix = prefix

    @property
    def sent(self) -> int:
        """How many went."""
        return self._number

    def message(self) -> list[bytes] | None:
        """The next message if its time has come; the same again until ``passed``."""
        if time.monotonic() < self._due_s:
            return None
        return [*self.prefix, numbered(self._stream, self._number)]

    def passed(self) -> None:
        """It went: the next one has its turn after the interval, without catching up."""
        self._number += 1
        self._due_s = max(self._due_s + self._interval_s, time.monotonic())

    def held(self) -> None:
        """It could not go now: not again before an interval has passed."""
        self._due_s = time.monotonic() + self._interval_s
