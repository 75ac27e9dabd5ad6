"""One direction of a link: what comes from one wire goes, transcoded, into the other.

The links' thread.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.groups import GroupTable
from zmqscope.core.transcode.transcoder import Transcoder
from zmqscope.engine.links.wire import Wire

SOURCE_BYTES = 256 * 1024
_ROUNDS = 4
"""How often a flow takes a buffer full before the others get their turn."""
_MOST_SPECIALS = 100
"""The same of frames that are not moved in bulk: each costs as much as thousands that are."""


class LinkFailedError(Exception):
    """A peer broke a protocol.

    Args:
        text: What it did, as it follows the peer's address in a sentence.
        hint: What to do, in a sentence.
        rule: Which rule of the doctor it is a case of; None for any broken protocol.
    """

    def __init__(self, text: str, hint: str = "", rule: Rule | None = None) -> None:
        super().__init__(text)
        self.hint = hint
        self.rule = rule


class Scratch:
    """Buffers that all flows of the links' thread use in turn.

    Args:
        transcoder: What they are filled by.
    """

    def __init__(self, transcoder: Transcoder) -> None:
        self.transcoder = transcoder
        self.source: NDArray[np.uint8] = np.zeros(SOURCE_BYTES, np.uint8)
        self.sink: NDArray[np.uint8] = np.zeros(
            at.MOST_EXPANSION * SOURCE_BYTES + at.SPARE, np.uint8
        )
        self.source_view = self.source.data
        self.sink_view = self.sink.data


OnSpecial = Callable[[memoryview], int]
"""Deals with the frame at the beginning of the bytes; how many it used, 0 if they are too few."""


class Flow:
    """Moves bytes until one side has no more or takes no more.

    Args:
        source: Where they come from.
        sink: Where they go.
        state: See ``core.transcode.layout``.
        scratch: Buffers.
        on_special: Deals with frames that are not moved as they are.

    Attributes:
        state: The transcoder's.
        groups: What it looks up if it filters.
        is_held: Whether it must not go on for now.
        has_ended: Whether its source has.
    """

    def __init__(
        self,
        source: Wire,
        sink: Wire,
        state: NDArray[np.int64],
        scratch: Scratch,
        on_special: OnSpecial,
    ) -> None:
        self._source = source
        self._sink = sink
        self._scratch = scratch
        self._on_special = on_special
        self._rest = b""
        self._has_rest_to_try = False
        self._specials_left = 0
        self._unsent = bytearray()
        self._between: list[bytes] = []
        self._latest = b""
        self.state = state
        self.groups = GroupTable()
        self.is_held = False
        self.has_ended = False

    @property
    def reads(self) -> bool:
        """Whether it waits for its source."""
        return not (self._unsent or self.is_held or self.has_ended)

    @property
    def writes(self) -> bool:
        """Whether it waits for its sink."""
        return bool(self._unsent)

    def begin_with(self, data: bytes) -> None:
        """Bytes that came before the flow did."""
        self._rest = data
        self._has_rest_to_try = bool(data)

    def release(self) -> None:
        """Go on after it was held."""
        if self.is_held:
            self.is_held = False
            self._has_rest_to_try = True

    # ---- moving -----------------------------------------------------------------------------

    def move(self) -> bool:
        """Move what can be moved, within a bound; whether it would have more to do at once.

        Raises:
            OSError: A connection is broken.
            LinkFailedError: The peer broke a protocol.
        """
        room = self._scratch.source_view
        self._specials_left = _MOST_SPECIALS
        for _ in range(_ROUNDS):
            if not self._specials_left:
                break
            self.flush()
            if self._has_rest_to_try and self.reads:
                self._has_rest_to_try = False
                self._take(self._put_rest())
                continue
            if not self.reads:
                return False
            start = self._put_rest()
            count = self._source.receive_into(room[start:])
            if count is None:
                return False
            if count == 0:
                self.has_ended = True
                return False
            self._take(start + count)
        return self.reads

    def _put_rest(self) -> int:
        size = len(self._rest)
        self._scratch.source_view[:size] = self._rest
        return size

    def _take(self, end: int) -> None:
        """Transcode what stands in the scratch buffer, and keep what is left of it."""
        scratch, state, start = self._scratch, self.state, 0
        while start < end:
            until = end
            if (self._between or self._latest) and state[at.LEFT] > 0:
                # Up to the end of the present body, where what waits can go.
                until = min(end, start + int(state[at.LEFT]))
            reason = scratch.transcoder.run(
                scratch.source[start:until], scratch.sink, state, self.groups
            )
            used = int(state[at.CONSUMED])
            if state[at.COPIES_NOTHING]:
                self._send(scratch.source_view[start : start + used])
            else:
                self._send(scratch.sink_view[: int(state[at.PRODUCED])])
            start += used
            self._send_between()
            if reason == at.SPECIAL:
                used = self._on_special(scratch.source_view[start:end])
                start += used
                if not used:
                    break
                self._specials_left -= 1
                if not self._specials_left:
                    self._has_rest_to_try = start < end
                    break
            elif until == end:
                break
        self._rest = bytes(scratch.source_view[start:end])
        if len(self._rest) >= SOURCE_BYTES and not self._has_rest_to_try:
            raise LinkFailedError("sent a frame that is longer than it may be")

    # ---- sending ----------------------------------------------------------------------------

    def put(self, frame: bytes) -> None:
        """Send a frame of our own, as soon as no body is under way."""
        self._between.append(frame)
        self._send_between()

    def put_latest(self, frame: bytes) -> None:
        """The same, but instead of the last one put so, if that still waits for its turn.

        So a peer that asks for answers without reading them costs no memory.
        """
        self._latest = frame
        if not self._unsent:
            self._send_between()

    def _send_between(self) -> None:
        if not (self._between or self._latest) or self.state[at.LEFT] != 0:
            return
        frames = b"".join((*self._between, self._latest))
        self._between, self._latest = [], b""
        self._send(memoryview(frames))

    def _send(self, data: memoryview) -> None:
        sent = 0
        if not self._unsent:
            while sent < len(data):
                taken = self._sink.send(data[sent:])
                if not taken:
                    break
                sent += taken
        self._unsent += data[sent:]

    def flush(self) -> None:
        """Send what waits, as far as it goes."""
        while self._unsent:
            with memoryview(self._unsent) as data:
                taken = self._sink.send(data)
            if not taken:
                return
            del self._unsent[:taken]
        self._send_between()
