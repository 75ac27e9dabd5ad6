"""The messages sent from one socket in this session, to be called back. GUI thread."""

from __future__ import annotations

from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.send_pattern import Frames, is_blank
from zmqscope.models.format import one_line

MAX_ENTRIES = 100
MAX_HELD_BYTES = 256 * 1024 * 1024
_PREVIEW_CHARS = 72


class SendHistory:
    """Up to 100 messages and, after the newest, what is being written.

    Walking back keeps what was being written, and every change to what was called back, until
    the next message is recorded; even then a changed text becomes an entry, so nothing is lost.

    Args:
        max_entries: How many messages are kept.
        max_held_bytes: How many bytes of large frames are kept; the oldest messages go first.
    """

    def __init__(
        self, max_entries: int = MAX_ENTRIES, max_held_bytes: int = MAX_HELD_BYTES
    ) -> None:
        self._max_entries = max_entries
        self._max_held_bytes = max_held_bytes
        self._entries: list[Frames] = []
        self._changed: dict[int, Frames] = {}
        self._position = 0

    @property
    def entries(self) -> tuple[Frames, ...]:
        """The messages, oldest first."""
        return tuple(self._entries)

    @property
    def is_calling_back(self) -> bool:
        """Whether an older message is shown, not what is being written."""
        return self._position < len(self._entries)

    def record(self, frames: Frames) -> None:
        """A message was sent: it becomes the newest entry."""
        self._keep_changed()
        self._append(frames)
        self._to_the_end()

    def put_aside(self, frames: Frames) -> None:
        """Another message takes the place of this one; it can be called back, unless blank."""
        is_known = self.is_calling_back and frames == self._entries[self._position]
        self._keep_changed()
        if not is_known and not is_blank(frames):
            self._append(frames)
        self._to_the_end()

    def _keep_changed(self) -> None:
        for position, frames in sorted(self._changed.items()):
            if position != self._position and not is_blank(frames):
                self._append(frames)

    def _append(self, frames: Frames) -> None:
        if not self._entries or self._entries[-1] != frames:
            self._entries.append(frames)

    def _to_the_end(self) -> None:
        self._trim()
        self._changed.clear()
        self._position = len(self._entries)

    def previous(self, current: Frames) -> Frames | None:
        """One message back; None if there is none.

        Args:
            current: What the composer holds now; kept.
        """
        target = self._position - 1
        if not self.is_calling_back and target >= 0 and self._entries[target] == current:
            target -= (
                1  # a message just sent stays in the composer: going to it would change nothing
            )
        return self._go_to(target, current)

    def next(self, current: Frames) -> Frames | None:
        """One message forward, at the end what was being written; None if there is none."""
        return self._go_to(self._position + 1, current)

    def recall(self, index: int, current: Frames) -> Frames | None:
        """A message by its index in ``entries``; None if it is not there."""
        return self._go_to(index, current) if 0 <= index < len(self._entries) else None

    def _go_to(self, target: int, current: Frames) -> Frames | None:
        if not 0 <= target <= len(self._entries) or target == self._position:
            return None
        if not self.is_calling_back or current != self._entries[self._position]:
            self._changed[self._position] = current
        self._position = target
        if target in self._changed:
            return self._changed[target]
        return self._entries[target] if target < len(self._entries) else None

    def _trim(self) -> None:
        del self._entries[: max(0, len(self._entries) - self._max_entries)]
        while len(self._entries) > 1 and self._held_bytes() > self._max_held_bytes:
            del self._entries[0]

    def _held_bytes(self) -> int:
        """Bytes of large frames, those that several entries share counted once."""
        held = {
            id(frame.held.data): len(frame.held.data)
            for frames in self._entries
            for frame in frames
            if frame.held is not None
        }
        return sum(held.values())


def preview(frames: Frames) -> str:
    """A message in one line of bounded length, safe to show."""
    shown: list[str] = []
    room = _PREVIEW_CHARS
    for frame in frames:
        if room <= 0:
            break
        text = _frame_preview(frame, room)
        shown.append(text)
        room -= len(text) + 3
    line = " · ".join(shown)
    is_cut = len(shown) < len(frames) or len(line) > _PREVIEW_CHARS
    return f"{line[:_PREVIEW_CHARS]}…" if is_cut else line


def _frame_preview(frame: FrameDraft, room: int) -> str:
    if frame.held is not None:
        return frame.held.words()
    if not frame.text:
        return "∅"
    head = one_line(" ".join(frame.text[: room + 1].split()))
    return f"⟨{head}⟩" if frame.format is FrameFormat.HEX else head
