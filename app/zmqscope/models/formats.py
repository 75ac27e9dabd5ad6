"""Everything that tells what bytes mean, in one bundle, and how it reads a message. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, field

from zmqscope.core.capture.store import RowView
from zmqscope.core.decode.builtin import CEILINGS, builtin_decoders, builtin_layers
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.plugins import PluginProblem, load_plugins
from zmqscope.core.decode.registry import MAX_UNPACKED_BYTES, Reading, Registry
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.core.envelopes.envelope import FrameName, Outline, Sighting
from zmqscope.core.envelopes.known import KnownEnvelopes
from zmqscope.core.types import Message, SocketType
from zmqscope.models.decoder_choices import DecoderChoices
from zmqscope.models.messages.message_text import payload_start

TOPIC_TYPES = (
    *(SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB),
    *(SocketType.RADIO, SocketType.DISH),
)


@dataclass(frozen=True, slots=True)
class FrameFound:
    """A frame and what it means.

    Attributes:
        frame: The whole frame.
        offset: Bytes of it before those that were read.
        reading: What they turned out to be.
        name: What the protocol calls it, if one was recognised.
    """

    frame: bytes = field(repr=False)
    offset: int
    reading: Reading
    name: FrameName | None

    @property
    def is_packed(self) -> bool:
        """Whether spans are in unpacked bytes, which are not those of the frame."""
        return bool(self.reading.layers)


class Formats:
    """Decoders, envelopes and the user's choices.

    Args:
        registry: Decoders and compressions; those of the app and of other packages by default.
        envelopes: Message formats; those of the app by default.

    Attributes:
        plugin_problems: Decoders of other packages that cannot be used, and why.
    """

    def __init__(
        self, registry: Registry | None = None, envelopes: KnownEnvelopes | None = None
    ) -> None:
        self.envelopes = envelopes or KnownEnvelopes(builtin_envelopes())
        self.plugin_problems: tuple[PluginProblem, ...] = ()
        self.registry = registry or self._known_formats()
        self.choices = DecoderChoices()

    def _known_formats(self) -> Registry:
        """Decoders of other packages, which win a draw, then the app's own."""
        decoders, layers = builtin_decoders(), builtin_layers()
        names = [*(decoder.name for decoder in decoders), *(layer.name for layer in layers)]
        plugins = load_plugins((*names, *self.envelopes.by_name))
        self.plugin_problems = plugins.problems
        return Registry((*plugins.decoders, *decoders), (*plugins.layers, *layers), CEILINGS)

    def see(self, message: Message, view: RowView, kind: SocketType | None) -> Sighting | None:
        """The whole message as a protocol reads it, if one knows it."""
        sizes = tuple(map(len, message.frames))
        start = payload_start(view, kind)
        return self.envelopes.see(
            Outline(message.frames, sizes, len(sizes), start, kind, message.direction)
        )

    def read(
        self,
        message: Message,
        index: int,
        start: int,
        topic: bytes | None,
        sighting: Sighting | None,
        limit: int = MAX_UNPACKED_BYTES,
    ) -> FrameFound:
        """Read one frame of a message.

        Args:
            message: The message.
            index: Which frame.
            start: Index of the first frame behind topic or routing ids.
            topic: The message's topic, if its socket's type has topics.
            sighting: What protocol the message is of.
            limit: Bytes that compressions give out at most.
        """
        frame = message.frames[index]
        names = sighting.frames if sighting is not None else ()
        name = names[index] if index < len(names) else None
        choice = self.choices.choice(message.socket_id, topic, index - start)
        offset = name.offset if name is not None else 0
        part = frame[offset:] if offset else frame
        if choice is None and sighting is not None and name and name.decoder == sighting.envelope:
            return FrameFound(frame, 0, self._read_own(sighting, index, frame), name)
        hint = name.decoder if name is not None else ""
        return FrameFound(
            frame, offset, self.registry.read(Payload(part), choice, hint, limit), name
        )

    def _read_own(self, sighting: Sighting, index: int, frame: bytes) -> Reading:
        envelope = self.envelopes.by_name[sighting.envelope]
        try:
            decoded = envelope.decode(index, frame)
        except DecodeError as error:
            return Reading(
                frame, (), envelope.name, None, sighting.confidence, True, error.text, error.at
            )
        return Reading(frame, (), envelope.name, decoded, sighting.confidence, is_guess=True)


def topic_of(view: RowView, kind: SocketType | None) -> bytes | None:
    """The topic of a message as choices know it; None where its type has none."""
    return view.heads[0] if kind in TOPIC_TYPES and view.heads else None
