"""Which messages are on the same topic as one under inspection. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from zmqscope.core.capture.kin import HEAD_BYTES, Kin, KinFound, kin_of, newest_before
from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.core.envelopes.envelope import Outline, Sighting
from zmqscope.core.types import RowId
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.messages.message_text import payload_start

_BUDGET_S = 0.1


class KinFinder:
    """Looks for messages on the same topic.

    They are of the same socket and direction, with the same first frames (topic or routing ids),
    and of the same sort, where a protocol is recognised.

    Args:
        store: Where they are.
        message: The one that they are to be like; it may leave memory.
    """

    def __init__(self, store: CaptureStore, message: Inspected) -> None:
        self._store = store
        self._message = message
        facts = message.message
        self.kin: Kin = kin_of(store, facts.row, facts.socket_id, facts.direction)
        heads = message.frames[: message.body]
        self._heads = tuple((head[:HEAD_BYTES], len(head)) for head in heads)
        self._word = _first_word(message.sighting)

    def before(self, row: RowId | int, budget_s: float = _BUDGET_S) -> KinFound:
        """The newest one before a row."""
        return newest_before(self._store, self.kin, row, self._fits(), budget_s)

    def newest(self, since: int, budget_s: float = _BUDGET_S) -> KinFound:
        """The newest one of all that came since a row, that row included."""
        end = self._store.end_row
        return newest_before(self._store, self.kin, end, self._fits(), budget_s, since)

    def _fits(self) -> Callable[[RowView], int]:
        if self.kin.is_exact and self._message.sighting is None:
            return _any
        return self._grade

    def _grade(self, view: RowView) -> int:
        kind = self._message.socket_type
        start = payload_start(view, kind)
        # With an end of topics set, what is behind it may differ.
        heads = tuple(zip(view.heads[:start], view.frame_sizes[:start], strict=True))
        if not self.kin.is_exact and self._heads != heads:
            return 0
        mine = self._message.sighting
        if mine is None:
            return 2
        seen = self._message.formats.envelopes.see(
            Outline(view.heads, view.frame_sizes, view.frame_count, start, kind, view.direction)
        )
        if seen is None or seen.envelope != mine.envelope:
            return 0
        return 2 if _first_word(seen) == self._word else 1


def _any(_view: RowView) -> int:
    return 2


def _first_word(sighting: Sighting | None) -> str:
    """What sort of message it is, as far as its summary begins with that."""
    return "" if sighting is None else sighting.summary.partition(" ")[0]
