"""Writes the frames that a pattern needs into a message: routing ids, delimiters. GUI thread."""

from __future__ import annotations

from zmqscope.core.types import SocketType
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, draft_of
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.send_pattern import (
    FrameRole,
    delimiter_at,
    has_delimiter,
    leading_roles,
)

_ENVELOPE = (FrameRole.ROUTING_ID, FrameRole.DELIMITER, FrameRole.GROUP, FrameRole.ADDRESS)


def put_head(message: MessageDraft, head: bytes) -> None:
    """Write the peer's routing id, a group or an address into frame 1.

    A message that has no other frame gets one.
    """
    draft = draft_of(head)
    if draft.format is FrameFormat.JSON:
        draft = FrameDraft(FrameFormat.TEXT, draft.text, draft.line_end)
    message.set_draft(0, draft)
    if len(message) == 1:
        message.insert(1, FrameDraft())


def is_delimited(message: MessageDraft, kind: SocketType | None) -> bool:
    """Whether an empty delimiter stands where the type has it."""
    return kind is not None and has_delimiter(kind, message.leading_data(3))


def body_at(message: MessageDraft, kind: SocketType | None) -> int:
    """The first frame behind the envelope; the last frame if there is none behind it."""
    if kind is None:
        return 0
    roles = leading_roles(kind, message.leading_data(3))
    envelope = sum(role in _ENVELOPE for role in roles)
    return min(envelope, len(message) - 1)


def set_delimiter(message: MessageDraft, kind: SocketType | None, wanted: bool) -> None:
    """Put an empty delimiter where it belongs, or take it out."""
    at = delimiter_at(kind) if kind is not None else None
    if at is None or wanted == is_delimited(message, kind):
        return
    if not wanted:
        message.remove(at)
        return
    while len(message) <= at:
        message.insert(len(message), FrameDraft())
    message.insert(at, FrameDraft())
