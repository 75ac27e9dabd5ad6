"""What zstd and LZ4 have in common: frames in a row, some of which hold no data. Pure, any thread.

Both take the same marks for frames that are to be passed over (RFC 8878, section 3.1.2; LZ4 frame
format, "Skippable Frames").
"""

from __future__ import annotations

from collections.abc import Callable

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.output import Output
from zmqscope.core.decode.payload import Payload

SKIPPED_FIRST = frozenset(range(0x50, 0x60))
"""First bytes of frames that hold no data."""

_SKIPPED_MAGIC = b"\x2a\x4d\x18"
_SKIPPED_HEADER = 8

FrameReader = Callable[[Payload, int, Output], Unpacked | int]
"""Takes the frame at an offset off: where it ends, or what there is if nothing can follow."""


def is_behind_skipped(data: bytes, magic: bytes) -> bool:
    """Whether a frame without data comes first, and then one of the format."""
    return _is_skipped(data, 0) and data.startswith(magic, _behind_skipped(data, 0))


def unpack_frames(
    payload: Payload, limit: int, title: str, magic: bytes, read_frame: FrameReader
) -> Unpacked:
    """Take all frames off.

    Args:
        payload: The packed bytes.
        limit: Bytes to be given out at most.
        title: The format's name in sentences.
        magic: What its frames begin with.
        read_frame: Takes one of them off.

    Raises:
        DecodeError: There is no frame, or nothing can be given out.
    """
    output = Output(payload, limit)
    data, at = payload.data, 0
    if not data.startswith(magic) and not _is_skipped(data, 0):
        raise DecodeError(f"{title} begins with {magic.hex(' ')}; this does not.", 0)
    while at < len(data):
        if output.is_over:
            return output.stopped()
        if _is_skipped(data, at):
            at = _behind_skipped(data, at)
        elif data.startswith(magic, at):
            ended = read_frame(payload, at, output)
            if isinstance(ended, Unpacked):
                return ended
            at = ended
        else:
            words = f"Behind the {title} data are {len(data) - at:,} bytes of another kind."
            return output.ended()._replace(problem=words)
    return output.ended() if at == len(data) else output.ran_out()


def _is_skipped(data: bytes, at: int) -> bool:
    return (
        len(data) >= at + _SKIPPED_HEADER
        and data.startswith(_SKIPPED_MAGIC, at + 1)
        and data[at] in SKIPPED_FIRST
    )


def _behind_skipped(data: bytes, at: int) -> int:
    return at + _SKIPPED_HEADER + int.from_bytes(data[at + 4 : at + 8], "little")
