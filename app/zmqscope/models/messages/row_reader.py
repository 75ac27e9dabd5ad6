"""What a row of the message table says a message means, remembered while in sight. GUI thread."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple

from zmqscope.core.capture.store import RowView
from zmqscope.core.decode.payload import Payload
from zmqscope.core.envelopes.envelope import FrameName, Outline, Sighting
from zmqscope.core.types import Message, SocketType
from zmqscope.models.format import one_line
from zmqscope.models.formats import Formats, topic_of
from zmqscope.models.messages.message_text import NOTHING, frame_line, preview_text, topic_and_body

SURE = 0.9
"""Guesses below this are marked as such in the table."""

UNSURE_SIGN = "≈"
"""Stands before what is not sure to be what it is shown as."""

REFRESH_S = 0.0025
"""For how long one painting of the table finds out what messages mean."""

_KEPT_ROWS = 1_024
_FETCHED_BYTES = 64 * 1024
"""Larger messages are never copied for the sake of a row."""

_SOON_FETCHED_BYTES = 4_096
_BLOCKS = frozenset({"lz4", "zstd", "snappy"})
"""Small frames of these are unpacked faster as a whole, by their libraries."""

_PLAIN = frozenset({"text", "json"})


class RowTexts(NamedTuple):
    """The texts of the last columns, and where they come from.

    Attributes:
        topic: Topic, group, address, routing ids or subscription, in one line; where there is none,
            the protocol.
        preview: What the message says, in one line.
        sources: What has read it: the envelope, then compressions and decoders in the order of the
            frames, each once; empty where only text and hex are shown.
        confidence: How sure the least sure of them is, 0 to 1.
    """

    topic: str
    preview: str
    sources: tuple[str, ...] = ()
    confidence: float = 1.0


class RowReader:
    """Reads the beginnings of messages.

    Args:
        formats: Decoders, envelopes and choices; without them all is text or hex.
        whole: Gives a whole message, if it is still there: some compressions give nothing out
            before their end.

    Attributes:
        are_waiting: Whether rows of this refresh are still to be read.
    """

    def __init__(
        self,
        formats: Formats | None = None,
        whole: Callable[[int], Message | None] = lambda _row: None,
    ) -> None:
        self._formats = formats
        self._whole = whole
        self._kept: dict[int, RowTexts] = {}
        self._until_s = math.inf
        self.are_waiting = False

    def begin_refresh(self, budget_s: float = math.inf) -> None:
        """Read rows for so long of this thread's time; those beyond it come as text or hex.

        ``are_waiting`` then says that there are some: they are read at the next refresh. So a
        screen full of costly messages costs a refresh or two more, and never a stutter.
        """
        self._until_s = time.thread_time() + budget_s
        self.are_waiting = False

    def forget(self) -> None:
        """Read everything anew from now on: something was chosen, or a type has changed."""
        self._kept.clear()

    def read(self, view: RowView, kind: SocketType | None) -> RowTexts:
        """The texts of a row; rows never change, so those lately read are remembered."""
        texts = self._kept.get(view.row)
        if texts is None:
            if len(self._kept) >= _KEPT_ROWS:
                self._kept.clear()
            texts, is_read = self._read(view, kind)
            if is_read:
                self._kept[view.row] = texts
            else:
                self.are_waiting = True
        return texts

    def secret_frames(self, view: RowView, kind: SocketType | None) -> frozenset[int]:
        """Which frames of a message may be passwords."""
        start = topic_and_body(view, kind)[1]
        if self._formats is None or start < 0:
            return frozenset()
        sighting = self._formats.envelopes.see(outline(view, start, kind))
        names = () if sighting is None else sighting.frames
        return frozenset(index for index, name in enumerate(names) if name.is_secret)

    def _read(self, view: RowView, kind: SocketType | None) -> tuple[RowTexts, bool]:
        """The texts, and whether there was time to find out what they mean."""
        topic, start = topic_and_body(view, kind)
        formats = self._formats
        if formats is None or start < 0:
            return RowTexts(topic, preview_text(view, start, frame_line)), True
        # Asked also where there is no time: it knows which frames nobody should see.
        sighting = formats.envelopes.see(outline(view, start, kind))
        if sighting is not None:
            preview = _marked(one_line(sighting.summary), sighting.confidence)
            if topic == NOTHING:
                topic = formats.envelopes.by_name[sighting.envelope].title
            return RowTexts(topic, preview, (sighting.envelope,), sighting.confidence), True
        if time.thread_time() > self._until_s:
            return RowTexts(topic, preview_text(view, start, frame_line)), False
        frames = _Frames(formats, self._whole, view, start, kind, None)
        preview = preview_text(view, start, frames.line)
        return RowTexts(
            topic, preview, tuple(dict.fromkeys(frames.sources)), frames.confidence
        ), True

    def read_all(self, view: RowView, kind: SocketType | None) -> RowTexts:
        """The same with the sources of all frames, also of those that a summary stands for."""
        self.begin_refresh()
        texts = self.read(view, kind)
        start = topic_and_body(view, kind)[1]
        formats = self._formats
        if formats is None or start < 0:
            return texts
        sighting = formats.envelopes.see(outline(view, start, kind))
        frames = _Frames(formats, self._whole, view, start, kind, sighting)
        for head, size in zip(view.heads[start:], view.frame_sizes[start:], strict=True):
            frames.line(head, size)
        own = () if sighting is None else (sighting.envelope,)
        return texts._replace(sources=tuple(dict.fromkeys((*own, *frames.sources))))


class _Frames:
    """Previews of the frames of one message, one after the other."""

    def __init__(
        self,
        formats: Formats,
        whole: Callable[[int], Message | None],
        view: RowView,
        start: int,
        kind: SocketType | None,
        sighting: Sighting | None,
    ) -> None:
        self._formats = formats
        self._whole = whole
        self._row = view.row
        self._size = view.size
        self._socket_id = view.socket_id
        self._topic = topic_of(view, kind)
        self._names: tuple[FrameName, ...] = () if sighting is None else sighting.frames
        self._start = start
        self._next = start
        self.sources: list[str] = []
        self.confidence = 1.0

    def line(self, head: bytes, size: int) -> str:
        """The next frame in one line."""
        index, self._next = self._next, self._next + 1
        if not size:
            return frame_line(head, size)
        name = self._names[index] if index < len(self._names) else None
        offset = name.offset if name is not None else 0
        part = head[offset:] if offset else head
        choice = self._formats.choices.choice(self._socket_id, self._topic, index - self._start)
        payload = Payload(part, size > len(head), size - len(head) + len(part))
        hint = name.decoder if name is not None else ""
        registry = self._formats.registry
        if payload.is_cut and size <= _SOON_FETCHED_BYTES:
            packed = registry.compressions.guess(payload)
            if packed is not None and packed[0].name in _BLOCKS:
                payload = self._fetched(index, offset) or payload
        text, sources, confidence = registry.preview(payload, choice, hint)
        if payload.is_cut and sources and sources[-1] in registry.layers:
            whole = self._fetched(index, offset)
            if whole is not None:
                text, sources, confidence = registry.preview(whole, choice, hint)
        self.sources.extend(sources)
        if not sources or sources[-1] in _PLAIN:
            return one_line(text)
        self.confidence = min(self.confidence, confidence)
        return _marked(one_line(text), confidence)

    def _fetched(self, index: int, offset: int) -> Payload | None:
        """A whole frame; None if that would copy too much, or it is gone."""
        if self._size > _FETCHED_BYTES:
            return None
        message = self._whole(self._row)
        return None if message is None else Payload(message.frames[index][offset:])


def _marked(text: str, confidence: float) -> str:
    return text if confidence >= SURE else f"{UNSURE_SIGN} {text}"


def outline(view: RowView, start: int, kind: SocketType | None) -> Outline:
    """A row as envelopes see it."""
    return Outline(view.heads, view.frame_sizes, view.frame_count, start, kind, view.direction)
