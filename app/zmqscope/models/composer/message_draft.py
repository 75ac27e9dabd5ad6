"""The message that is being written: its frames in order, each checked as typed. GUI thread."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from zmqscope.models.composer.frame_draft import (
    FrameCheck,
    FrameDraft,
    FrameFormat,
    HeldBytes,
    check_frame,
    compact_frame,
    convert_frame,
    typed_as,
)
from zmqscope.models.composer.send_pattern import Frames


@dataclass(slots=True)
class _Slot:
    key: int
    draft: FrameDraft
    check: FrameCheck


class MessageDraft(QObject):
    """One frame or more. Each has a key that stays with it when it moves.

    Args:
        parent: Owner.
    """

    frames_arranged = Signal()
    """Frames were added, removed, moved or replaced."""
    frame_changed = Signal(int)
    """The draft of the frame with this key is another one."""
    edited = Signal()
    """Anything changed, in either way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys = itertools.count(1)
        self._slots = [self._slot(FrameDraft())]

    def _slot(self, draft: FrameDraft) -> _Slot:
        return _Slot(next(self._keys), draft, check_frame(draft))

    # ---- reading ----------------------------------------------------------------------------

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self._slots)

    @property
    def drafts(self) -> Frames:
        """All frames as they are now."""
        return tuple(slot.draft for slot in self._slots)

    @property
    def keys(self) -> tuple[int, ...]:
        """The key of each frame, in order."""
        return tuple(slot.key for slot in self._slots)

    def index_of(self, key: int) -> int:
        """Where the frame with this key stands.

        Raises:
            KeyError: It is gone.
        """
        for index, slot in enumerate(self._slots):
            if slot.key == key:
                return index
        raise KeyError(key)

    def draft(self, index: int) -> FrameDraft:
        """One frame."""
        return self._slots[index].draft

    def check(self, index: int) -> FrameCheck:
        """What one frame comes to."""
        return self._slots[index].check

    def leading_data(self, count: int) -> list[bytes | None]:
        """The bytes of the first frames; None for one that cannot be read yet."""
        return [slot.check.data for slot in self._slots[:count]]

    @property
    def total_bytes(self) -> int:
        """Bytes of all frames that can be read."""
        return sum(len(slot.check.data) for slot in self._slots if slot.check.data is not None)

    def first_fault(self) -> int | None:
        """The first frame that is not what its format says."""
        return next((i for i, slot in enumerate(self._slots) if slot.check.data is None), None)

    def data(self) -> tuple[bytes, ...] | None:
        """The message to send; None while a frame cannot be read."""
        frames: list[bytes] = []
        for slot in self._slots:
            if slot.check.data is None:
                return None
            frames.append(slot.check.data)
        return tuple(frames)

    # ---- one frame --------------------------------------------------------------------------

    def set_draft(self, index: int, draft: FrameDraft) -> None:
        """Put another draft in the place of a frame."""
        slot = self._slots[index]
        if slot.draft == draft:
            return
        slot.draft, slot.check = draft, check_frame(draft)
        self.frame_changed.emit(slot.key)
        self.edited.emit()

    def set_text(self, index: int, text: str) -> None:
        """What was typed."""
        self.set_draft(index, replace(self.draft(index), text=text, held=None))

    def put_text(self, index: int, text: str, origin: str) -> None:
        """A text of any length, held as bytes if it is too long to be shown.

        Raises:
            PayloadError: It is too long and not what the frame's format says.
        """
        self.set_draft(index, typed_as(self.draft(index), text, origin))

    def hold(self, index: int, data: bytes, origin: str) -> None:
        """Bytes too large to be shown."""
        self.set_draft(index, FrameDraft(held=HeldBytes(data, origin)))

    def convert(self, index: int, target: FrameFormat) -> None:
        """Show the same bytes in another format.

        Raises:
            PayloadError: They cannot be shown in that format.
        """
        self.set_draft(index, convert_frame(self.draft(index), target))

    def compact(self, index: int) -> None:
        """Remove the blanks between the tokens of JSON."""
        self.set_draft(index, compact_frame(self.draft(index)))

    # ---- all frames -------------------------------------------------------------------------

    def insert(self, index: int, draft: FrameDraft) -> None:
        """Add a frame before ``index``."""
        self._slots.insert(index, self._slot(draft))
        self._arranged()

    def remove(self, index: int) -> None:
        """Remove a frame; the last one only becomes empty."""
        if len(self._slots) == 1:
            self.set_draft(0, FrameDraft(self.draft(0).format))
            return
        del self._slots[index]
        self._arranged()

    def duplicate(self, index: int) -> None:
        """Add a copy behind a frame."""
        self.insert(index + 1, self.draft(index))

    def move(self, index: int, target: int) -> None:
        """Move a frame to another place; nothing happens beyond either end."""
        if target == index or not 0 <= target < len(self._slots):
            return
        self._slots.insert(target, self._slots.pop(index))
        self._arranged()

    def replace_all(self, frames: Sequence[FrameDraft]) -> None:
        """Write another message; without frames, one empty frame."""
        self._slots = [self._slot(draft) for draft in (frames or (FrameDraft(),))]
        self._arranged()

    def _arranged(self) -> None:
        self.frames_arranged.emit()
        self.edited.emit()
