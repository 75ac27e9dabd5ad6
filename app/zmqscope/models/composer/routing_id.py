"""Routing ids as a person reads them: text, hex, and the number in those that libzmq made. Pure."""

from __future__ import annotations

from zmqscope.core.types import SocketType
from zmqscope.models.composer.frame_draft import FrameFormat, draft_of, to_hex

_MADE_BYTES = 5
_NUMBERED = (SocketType.SERVER, SocketType.PEER)


def routing_id_words(routing_id: bytes, kind: SocketType | None = None) -> str:
    """A routing id in one line: as text if it can be read as such, else in hex.

    Args:
        routing_id: Its bytes.
        kind: The type whose routing id it is; SERVER and PEER programs know them as numbers.
    """
    draft = draft_of(routing_id)
    if draft.format is FrameFormat.TEXT and "\n" not in draft.text and "\t" not in draft.text:
        return draft.text
    number = made_number(routing_id, kind)
    return to_hex(routing_id) if number is None else f"{number} · {to_hex(routing_id)}"


def made_number(routing_id: bytes, kind: SocketType | None) -> int | None:
    """The number by which programs know a peer of a SERVER or PEER (zmq_msg_routing_id(3)).

    libzmq makes such ids of a zero byte and the number, 32 bits in network order.

    Returns:
        The number; None on other types, and for an id that was not made so.
    """
    if kind not in _NUMBERED or len(routing_id) != _MADE_BYTES or routing_id[0]:
        return None
    return int.from_bytes(routing_id[1:], "big")
