"""A frame as text for the clipboard. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.decoded import Listing, TextBody, Tree
from zmqscope.models.formats import FrameFound
from zmqscope.models.hex.model import HexModel
from zmqscope.models.inspector.frame_text import FrameReading
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.models.inspector.inspected import body_of
from zmqscope.models.inspector.json_pretty import pretty_json
from zmqscope.models.inspector.node_words import as_json

MAX_COPIED_BYTES = 16_000_000
"""Bytes of a frame that a copy takes at most; a file takes more."""

_MAX_LINES = 100_000
_MAX_ESCAPED_BYTES = 1_000_000


def frame_as_shown(found: FrameFound, view: FrameView) -> tuple[str, bool]:
    r"""A frame in the form in which it is shown, without what the window adds.

    Text comes with its own line ends and controls; bytes that are no text stand as ``\xNN``. A
    tree becomes JSON.

    Returns:
        The text, and whether it is not all of the frame.
    """
    reading = found.reading
    data = reading.data if found.is_packed or found.offset else found.frame
    is_cut = len(data) > MAX_COPIED_BYTES
    head = data[:MAX_COPIED_BYTES]
    match view:
        case FrameView.JSON if not is_cut and not FrameReading(data).json_problem:
            return pretty_json(data.decode()), False
        case FrameView.TREE if isinstance(body := body_of(reading.decoded, Tree), Tree):
            if reading.decoder == "json" and not is_cut and not FrameReading(data).json_problem:
                return pretty_json(data.decode()), False
            return as_json(body.root)
        case FrameView.LISTING if isinstance(body := body_of(reading.decoded, Listing), Listing):
            return _listing(body)
        case FrameView.TEXT | FrameView.JSON:
            text, is_whole = _text(found, head)
            return text, is_cut or not is_whole
        case _:
            return HexModel(head).dump(), is_cut


def _text(found: FrameFound, head: bytes) -> tuple[str, bool]:
    """The text, and whether it is all of it: escapes for what is none are dear."""
    body = body_of(found.reading.decoded, TextBody)
    encoding = "utf-8"
    if isinstance(body, TextBody):
        head, encoding = head[body.bom :], body.encoding
    try:
        return head.decode(encoding), True
    except UnicodeDecodeError:
        few = head[:_MAX_ESCAPED_BYTES]
        return few.decode(encoding, errors="backslashreplace"), len(few) == len(head)


def _listing(listing: Listing) -> tuple[str, bool]:
    lines: list[str] = []
    for line in listing.lines():
        if len(lines) >= _MAX_LINES:
            return "\n".join(lines), True
        lines.append(f"{line.span.start:04x}  {line.text}  {line.note}".rstrip())
    return "\n".join(lines), False
