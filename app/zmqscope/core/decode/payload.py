"""What a decoder is given: a frame, a part of it, or only its beginning. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes to be read.

    Attributes:
        data: The bytes.
        is_cut: Whether more bytes follow that are not here: a table has only the beginnings of
            frames, and a bomb is unpacked only so far.
        size: Bytes of the whole, as far as it is known; ``len(data)`` where nothing is cut.
    """

    data: bytes = field(repr=False)
    is_cut: bool = False
    size: int = -1

    def __post_init__(self) -> None:
        if self.size < 0:
            object.__setattr__(self, "size", len(self.data))


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """What a format cannot say about itself; empty where the user has said nothing.

    Attributes:
        encoding: Of text: the name of a Python codec.
        dtype: Of number arrays: NumPy's name with byte order, such as ``<f4``.
        shape: Of number arrays; at most one -1, which is worked out.
        skip: Bytes before the first number.
        schema: Path of a .proto file, descriptor set or .avsc file.
        message: Full name of the message in ``schema``.
    """

    encoding: str = ""
    dtype: str = ""
    shape: tuple[int, ...] = ()
    skip: int = 0
    schema: str = ""
    message: str = ""


NO_OPTIONS = DecodeOptions()


@dataclass(frozen=True, slots=True)
class DecoderChoice:
    """How the user wants a frame to be read.

    Attributes:
        decoder: Name of a decoder.
        layers: Compressions to take off first, outermost first; None to leave that to a guess.
        options: What the format cannot say about itself.
    """

    decoder: str
    layers: tuple[str, ...] | None = None
    options: DecodeOptions = NO_OPTIONS
