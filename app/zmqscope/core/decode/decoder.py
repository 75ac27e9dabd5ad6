"""The two protocols behind which every format and every compression stands. Pure, any thread.

A package of its own can bring more: see ``zmqscope.core.decode.plugins``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, runtime_checkable

from zmqscope.core.decode.decoded import Decoded
from zmqscope.core.decode.payload import DecodeOptions, Payload

SHOWN_CONFIDENCE = 0.5
"""A guess below this is not shown: bytes stay hex."""


@runtime_checkable
class Decoder(Protocol):
    """Reads one format.

    Bytes come from strangers: nothing in them is executed, loaded or fetched; a call ends within
    200 ms and takes memory in proportion to ``len(data)``, whatever lengths they claim.
    """

    @property
    def name(self) -> str:
        """Its word in field paths and settings: ``msgpack``. Lower case, no blanks."""

    @property
    def title(self) -> str:
        """Its name as users know it: ``MessagePack``."""

    @property
    def first_bytes(self) -> frozenset[int] | None:
        """First bytes of what it would ever guess to be its own; None for any.

        A decoder is not asked about anything else, which is what keeps a table's guesses cheap.
        """

    def sniff(self, payload: Payload) -> float:
        """How likely it is that these bytes are of this format, 0 to 1.

        It is a promise: of all that is given 0.8, no more than a fifth is something else. Below
        0.5 nothing is shown. It takes some microseconds, and often sees only the first 512 bytes.
        """

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """Read the bytes, as far as they are there.

        Raises:
            DecodeError: They are not of this format.
        """

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """The bytes in one line of at most 400 characters; beginnings are enough.

        Raises:
            DecodeError: They are not of this format.
        """


class Unpacked(NamedTuple):
    """What a compression gave out.

    Attributes:
        data: The bytes behind it, as far as they were asked for.
        is_cut: Whether there is more.
        problem: Why it stopped before its end, if that is the reason: a sentence.
    """

    data: bytes
    is_cut: bool = False
    problem: str = ""


@runtime_checkable
class Layer(Protocol):
    """Takes one compression off."""

    @property
    def name(self) -> str:
        """Its word in field paths: ``zstd``."""

    @property
    def title(self) -> str:
        """Its name as users know it."""

    @property
    def first_bytes(self) -> frozenset[int] | None:
        """First bytes of what it would guess to be its own; None for any."""

    def sniff(self, payload: Payload) -> float:
        """How likely it is that these bytes are compressed so; see ``Decoder.sniff``."""

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Take it off, up to ``limit`` bytes; never allocate by a length that the bytes claim.

        Raises:
            DecodeError: Not a single byte could be had.
        """


@dataclass(frozen=True, slots=True)
class Guess:
    """What bytes may be.

    Attributes:
        decoder: Name of the decoder.
        confidence: 0 to 1.
        layers: Compressions to be taken off first, outermost first.
        payload: What is left when they are.
    """

    decoder: str
    confidence: float
    layers: tuple[str, ...] = ()
    payload: Payload = field(default_factory=lambda: Payload(b""), repr=False, compare=False)
