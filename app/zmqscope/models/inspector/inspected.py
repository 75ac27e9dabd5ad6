"""A message under inspection: its own copy of all frames, and what each of them is.

Pure, any thread.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.capture.store import RowView
from zmqscope.core.decode.decoded import Body, Decoded, Listing, Picture, TextBody
from zmqscope.core.decode.field_path import FieldPath, Step
from zmqscope.core.decode.payload import DecoderChoice, Payload
from zmqscope.core.decode.registry import MAX_UNPACKED_BYTES
from zmqscope.core.envelopes.envelope import FrameName, Note, Sighting
from zmqscope.core.types import Message, SocketType
from zmqscope.models.composer.json_check import check_json
from zmqscope.models.composer.routing_id import made_number
from zmqscope.models.format import format_bytes, one_line
from zmqscope.models.formats import Formats, FrameFound, topic_of
from zmqscope.models.inspector.frame_text import FrameForm, FrameReading
from zmqscope.models.messages.message_text import HEAD_BYTES, MAX_FRAMES, decode_text, payload_start

_TOPIC_TYPES = (SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB)
_GROUP_TYPES = (SocketType.RADIO, SocketType.DISH)
# Each may hold 16 MB that were unpacked.
_KEPT_READINGS = 4
_JUDGED_BYTES = 4_096
_SNIFFED_BYTES = 512
_CHECKED_AT_ONCE_BYTES = 1_000_000


class Inspected:
    """Everything that is shown of one message.

    Args:
        message: The message; it may leave the store meanwhile.
        socket_name: What its socket is called.
        socket_type: The type of its socket; None if it is not known.
        formats: What bytes may mean.

    Attributes:
        body: Index of the first frame behind topic or envelope; the frame count if none is.
        topic: Its topic as the user's choices know it; None where its type has none.
        sighting: What protocol it is of, if one knows it.
    """

    def __init__(
        self,
        message: Message,
        socket_name: str,
        socket_type: SocketType | None,
        formats: Formats | None = None,
    ) -> None:
        self.message = message
        self.socket_name = socket_name
        self.socket_type = socket_type
        self.formats = formats or Formats()
        view = _view_of(message)
        self.body = payload_start(view, socket_type)
        self.topic = topic_of(view, socket_type)
        self.sighting: Sighting | None = self.formats.see(message, view, socket_type)
        self._readings: dict[int, FrameReading] = {}
        self._found: dict[int, FrameFound] = {}
        self._titles: dict[int, str] = {}
        self._revealed: set[int] = set()

    @property
    def frames(self) -> tuple[bytes, ...]:
        """All frames."""
        return self.message.frames

    @property
    def first_shown(self) -> int:
        """The frame that a reader most likely wants to see."""
        at = self.body if self.sighting is None else self.sighting.body
        return max(0, min(at, len(self.frames) - 1))

    def name(self, index: int) -> FrameName | None:
        """What the protocol calls a frame, if one was recognised and it has a name."""
        names = () if self.sighting is None else self.sighting.frames
        return names[index] if index < len(names) else None

    def is_hidden(self, index: int) -> bool:
        """Whether a frame may be a password, and nobody has asked to see it."""
        name = self.name(index)
        return name is not None and name.is_secret and index not in self._revealed

    def reveal(self, index: int) -> None:
        """Show a frame although it may be a password."""
        self._revealed.add(index)

    # ---- what a frame means -----------------------------------------------------------------

    def reading(self, index: int) -> FrameReading:
        """What a frame looks like as text, behind compressions."""
        if index not in self._readings:
            if len(self._readings) >= _KEPT_READINGS:
                self._readings.clear()
            found = self.found(index)
            data = found.reading.data if found.is_packed else found.frame
            self._readings[index] = FrameReading(data)
        return self._readings[index]

    def is_text(self, index: int) -> bool:
        """Whether a frame reads as text without excuses."""
        body = body_of(self.found(index).reading.decoded, TextBody)
        return body is not None or self.reading(index).is_text

    def found(self, index: int) -> FrameFound:
        """What a frame turned out to be, read as the user, the protocol or the frame says."""
        if index not in self._found:
            if len(self._found) >= _KEPT_READINGS:
                self._found.clear()
            self._found[index] = self.read(index)
        return self._found[index]

    def read(self, index: int, limit: int = MAX_UNPACKED_BYTES) -> FrameFound:
        """The same, anew; compressions give out up to ``limit`` bytes. Any thread."""
        return self.formats.read(self.message, index, self.body, self.topic, self.sighting, limit)

    def keep(self, index: int, found: FrameFound) -> None:
        """Show this from now on: more of the frame has been unpacked."""
        self._found[index] = found
        self._readings.pop(index, None)

    def forget(self) -> None:
        """The user wants frames read another way: nothing that was found holds any more."""
        self._found.clear()
        self._readings.clear()
        self._titles.clear()

    def notes_at_once(self) -> tuple[Note, ...] | None:
        """Remarks on the whole message; None if they should be looked for on another thread."""
        if self.sighting is None:
            return ()
        if sum(map(len, self.frames)) > _CHECKED_AT_ONCE_BYTES:
            return None
        return self.notes()

    def notes(self) -> tuple[Note, ...]:
        """Remarks on the whole message. Any thread."""
        if self.sighting is None:
            return ()
        envelope = self.formats.envelopes.by_name[self.sighting.envelope]
        return (*self.sighting.notes, *envelope.check(self.frames, self.sighting))

    # ---- the user's choice ------------------------------------------------------------------

    def place(self, index: int) -> int:
        """A frame as choices count it, from the first behind topic or routing ids."""
        return index - self.body

    def choice(self, index: int) -> DecoderChoice | None:
        """How the user wants a frame to be read; None if that is left to the frame."""
        return self.formats.choices.choice(self.message.socket_id, self.topic, self.place(index))

    def choose(self, index: int, choice: DecoderChoice | None, *, for_topic: bool) -> None:
        """Read such frames so from now on.

        Args:
            index: Which frame.
            choice: How; None to leave it to the frame.
            for_topic: Whether that is for its topic alone, if it has one.
        """
        choices, socket_id, place = self.formats.choices, self.message.socket_id, self.place(index)
        self.forget()
        if choice is None and not for_topic:
            choices.choose(socket_id, None, place, None)
            return
        if choice is None and self.topic is not None:
            # What holds for the topic may be said of it alone or of the whole socket.
            if not choices.sticks_to_topic(socket_id, self.topic, place):
                choices.choose(socket_id, None, place, None)
            else:
                choices.choose(socket_id, self.topic, place, None)
            return
        choices.choose(socket_id, self.topic if for_topic else None, place, choice)

    def sticks_to_topic(self, index: int) -> bool:
        """Whether the choice for a frame is for its topic alone."""
        return self.formats.choices.sticks_to_topic(
            self.message.socket_id, self.topic, self.place(index)
        )

    def field_path(self, index: int, steps: tuple[Step, ...]) -> FieldPath:
        """The one text form of a field of a frame."""
        source = self.found(index).reading.source
        frame = None if index == min(self.body, len(self.frames) - 1) else index + 1
        return FieldPath(source, steps, frame)

    def listing_title(self, index: int) -> str:
        """What a frame's listing is called; empty if it has none."""
        body = body_of(self.found(index).reading.decoded, Listing)
        return one_line(body.title[:24]) if isinstance(body, Listing) else ""

    def file_suffix(self, index: int) -> str:
        """What a file of the frame's own bytes should end in."""
        found = self.found(index)
        if found.is_packed or found.offset:
            return found.reading.layers[0].name if found.is_packed else "bin"
        body = body_of(found.reading.decoded, Picture)
        if isinstance(body, Picture):
            return body.format if body.format.isalnum() else "bin"
        if found.reading.decoder in ("json", "text"):
            return {"json": "json", "text": "txt"}[found.reading.decoder]
        form = self.reading(index).natural
        return {FrameForm.TEXT: "txt", FrameForm.JSON: "json"}.get(form, "bin")

    # ---- words ------------------------------------------------------------------------------

    def title(self, index: int) -> str:
        """A frame in a few words: ``2 json · 72 B``, ``4 header json · 212 B``."""
        if index not in self._titles:
            size = format_bytes(len(self.frames[index]))
            self._titles[index] = f"{index + 1} {self.kind(index)} · {size}"
        return self._titles[index]

    def kind(self, index: int) -> str:
        """What a frame is for, or what it looks like; judged by its beginning."""
        frame, name = self.frames[index], self.name(index)
        choice = self.choice(index)
        if name is not None and name.label:
            label = one_line(name.label)
            if choice is not None:
                return f"{label} {_choice_words(choice)}"
            own = self.sighting is not None and name.decoder == self.sighting.envelope
            if own or not frame:
                return label
            known = name.decoder or self._guess(frame[name.offset :][:_SNIFFED_BYTES], len(frame))
            return f"{label} {known}".rstrip() if known != "text" else label
        if choice is not None:
            return _choice_words(choice)
        if index < self.body:
            return self._head_kind(frame)
        return self._body_kind(frame)

    def _body_kind(self, frame: bytes) -> str:
        if not frame:
            return _tr("empty")
        known = self._guess(frame[:_SNIFFED_BYTES], len(frame))
        if known:
            return known
        text = decode_text(frame[:_JUDGED_BYTES], cut=len(frame) > _JUDGED_BYTES)
        if text is None:
            return _tr("binary")
        if text.lstrip()[:1] not in ("{", "["):
            return _tr("text")
        # A long frame is taken at its word: parsing it is for the view that shows it.
        is_json = len(frame) > _JUDGED_BYTES or check_json(text) is None
        return "json" if is_json else _tr("text")

    def _guess(self, head: bytes, size: int) -> str:
        """What bytes look like, in the words of a field path: ``zlib json``."""
        guess = self.formats.registry.guess(Payload(head, size > len(head), size))
        return "" if guess is None else " ".join((*guess.layers, guess.decoder)).strip()

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


def _choice_words(choice: DecoderChoice) -> str:
    return " ".join((*(choice.layers or ()), choice.decoder)).strip() or _tr("binary")


def body_of(decoded: Decoded | None, kind: type[Body]) -> Body | None:
    """The first body of a kind."""
    bodies = () if decoded is None else decoded.bodies
    return next((body for body in bodies if isinstance(body, kind)), None)


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
