"""A frame as text for the clipboard. Pure, any thread."""

from __future__ import annotations

from zmqscope.models.frame_text import FrameForm, FrameReading
from zmqscope.models.hex_model import HexModel
from zmqscope.models.json_pretty import pretty_json

MAX_COPIED_BYTES = 16_000_000
"""Bytes of a frame that a copy takes at most; a file takes more."""


def frame_as_shown(reading: FrameReading, form: FrameForm) -> str:
    r"""A frame in the form in which it is shown, without what the window adds.

    Text comes with its own line ends and controls; bytes that are not UTF-8 stand as ``\xNN``.
    """
    frame = reading.frame[:MAX_COPIED_BYTES]
    if form is FrameForm.HEX:
        return HexModel(frame).dump()
    if form is FrameForm.JSON and not reading.json_problem:
        return pretty_json(frame.decode())
    return frame.decode(errors="backslashreplace")
