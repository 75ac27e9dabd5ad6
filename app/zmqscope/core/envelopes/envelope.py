"""The protocol behind which every message format stands, and what it is given. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, runtime_checkable

from zmqscope.core.decode.decoded import Decoded
from zmqscope.core.types import Direction, SocketType


@dataclass(frozen=True, slots=True)
class Outline:
    """A message as an envelope sees it: often only the beginnings of its first frames.

    Attributes:
        heads: The first bytes of the first frames, or all of them.
        sizes: Sizes in bytes of those same frames.
        frame_count: Frames of the message; may be more than ``heads`` has.
        start: The first frame behind what the socket's own pattern puts first: topic, routing ids
            and their delimiter. A lone topic frame is payload, too: then it is 0.
        socket_type: The type of its socket; None if it is not known any more.
        direction: Which way it went.
    """

    heads: tuple[bytes, ...] = field(repr=False)
    sizes: tuple[int, ...]
    frame_count: int
    start: int = 0
    socket_type: SocketType | None = None
    direction: Direction = Direction.RECEIVED

    def is_whole(self, index: int) -> bool:
        """Whether all bytes of a frame are here."""
        return index < len(self.heads) and len(self.heads[index]) == self.sizes[index]


class FrameName(NamedTuple):
    """What one frame of a known protocol is.

    Attributes:
        label: Its name in the protocol's words: ``header``, ``signature``, ``topic``.
        decoder: Name of the decoder for it; the envelope's own name if ``Envelope.decode`` reads
            it; empty to leave that to a guess.
        offset: Bytes of the frame before what the decoder reads, such as ``topic:``.
        is_secret: Whether its bytes are a password, which nobody is shown unasked.
    """

    label: str
    decoder: str = ""
    offset: int = 0
    is_secret: bool = False


class Note(NamedTuple):
    """A remark on a message that its protocol gives reason for.

    Attributes:
        text: A sentence: ``Signature is right.``
        is_bad: Whether something is wrong with the message.
    """

    text: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message, recognised.

    Attributes:
        envelope: Name of the envelope.
        confidence: How sure that is, 0 to 1; a promise as in ``Decoder.sniff``.
        summary: The message in one line of at most 400 characters: ``execute_request "1+1"``.
        frames: Names of the frames, from the first on; frames behind the last have no name.
        body: Index of the frame that a reader most likely wants to see.
        notes: What can be said of it without looking at whole frames.
    """

    envelope: str
    confidence: float
    summary: str
    frames: tuple[FrameName, ...]
    body: int
    notes: tuple[Note, ...] = ()


@runtime_checkable
class Envelope(Protocol):
    """Recognises the messages of one protocol, by content and never by port."""

    @property
    def name(self) -> str:
        """Its word in field paths and the name of its help page: ``jupyter``."""

    @property
    def title(self) -> str:
        """Its name as users know it: ``Jupyter``."""

    def see(self, outline: Outline) -> Sighting | None:
        """The message as this protocol reads it, or None if it is none of its own.

        It never raises, and is called for each row in sight: it looks at what rules a message out
        first (frame count, a magic number), takes a microsecond then, and some ten otherwise.
        """

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read a frame whose layout is the protocol's own; spans are in the whole frame.

        Only called for frames whose ``FrameName.decoder`` is the envelope's name.

        Raises:
            DecodeError: The frame is not as the protocol has it.
        """

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Remarks that need the frames whole; at most 50 ms."""
