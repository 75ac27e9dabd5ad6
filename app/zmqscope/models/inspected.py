"""A message under inspection: its own copy of all frames, and what each of them is.

Pure, any thread.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.capture.store import RowView
from zmqscope.core.types import Message, SocketType
from zmqscope.models.format import format_bytes
from zmqscope.models.frame_text import FrameReading
from zmqscope.models.json_check import check_json
from zmqscope.models.message_text import HEAD_BYTES, MAX_FRAMES, decode_text, payload_start
from zmqscope.models.routing_id import made_number

_TOPIC_TYPES = (SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB)
_GROUP_TYPES = (SocketType.RADIO, SocketType.DISH)
_KEPT_READINGS = 16
_JUDGED_BYTES = 4_096


class Inspected:
    """Everything that is shown of one message.

    Args:
        message: The message; it may leave the store meanwhile.
        socket_name: What its socket is called.
        socket_type: The type of its socket; None if it is not known.

    Attributes:
        body: Index of the first frame behind topic or envelope; the frame count if none is.
    """

    def __init__(self, message: Message, socket_name: str, socket_type: SocketType | None) -> None:
        self.message = message
        self.socket_name = socket_name
        self.socket_type = socket_type
        self.body = payload_start(_view_of(message), socket_type)
        self._readings: dict[int, FrameReading] = {}

    @property
    def frames(self) -> tuple[bytes, ...]:
        """All frames."""
        return self.message.frames

    @property
    def first_shown(self) -> int:
        """The frame that a reader most likely wants to see."""
        return min(self.body, len(self.frames) - 1)

    def reading(self, index: int) -> FrameReading:
        """What a frame turned out to be."""
        if index not in self._readings:
            if len(self._readings) >= _KEPT_READINGS:
                self._readings.clear()
            self._readings[index] = FrameReading(self.frames[index])
        return self._readings[index]

    def title(self, index: int) -> str:
        """A frame in a few words: ``2 json · 72 B``."""
        return f"{index + 1} {self.kind(index)} · {format_bytes(len(self.frames[index]))}"

    def kind(self, index: int) -> str:
        """What a frame is for, or what it looks like; judged by its beginning."""
        frame = self.frames[index]
        if index < self.body:
            return self._head_kind(frame)
        if not frame:
            return _tr("empty")
        text = decode_text(frame[:_JUDGED_BYTES], cut=len(frame) > _JUDGED_BYTES)
        if text is None:
            return _tr("binary")
        if text.lstrip()[:1] not in ("{", "["):
            return _tr("text")
        # A long frame is taken at its word: parsing it is for the view that shows it.
        is_json = len(frame) > _JUDGED_BYTES or check_json(text) is None
        return "json" if is_json else _tr("text")

    def _head_kind(self, frame: bytes) -> str:
        """What a frame before the body is for."""
        if self.socket_type in _TOPIC_TYPES:
            return _tr("topic")
        if self.socket_type in _GROUP_TYPES:
            return _tr("group")
        if self.socket_type is SocketType.DGRAM:
            return _tr("address")
        number = made_number(frame, self.socket_type)
        if number is not None:
            return _tr("id {0}").format(number)
        return _tr("id") if frame else _tr("delimiter")


def _view_of(message: Message) -> RowView:
    heads = message.frames[:MAX_FRAMES]
    return RowView(
        message.row,
        message.time_ns,
        message.socket_id,
        message.direction,
        len(message.frames),
        sum(map(len, message.frames)),
        tuple(frame[:HEAD_BYTES] for frame in heads),
        tuple(map(len, heads)),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Inspected", text)
