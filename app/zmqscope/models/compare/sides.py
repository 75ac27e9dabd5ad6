"""Which two messages are compared. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import RowId
from zmqscope.models.compare.kin import KinFinder
from zmqscope.models.inspector.inspected import Inspected

_LIVE_BUDGET_S = 0.02
_SLICE_S = 0.03

Inspect = Callable[[int], Inspected | None]


class Mode(Enum):
    """What the inspector's message is compared with."""

    PREVIOUS = "previous"
    PINNED = "pinned"
    TWO = "two"


class Lack(Enum):
    """Why there is nothing to compare."""

    NOTHING_SHOWN = "nothing shown"
    LOOKING = "looking"
    FIRST = "first"
    LEFT_MEMORY = "left memory"
    NOTHING_PINNED = "nothing pinned"
    IS_PINNED = "is pinned"
    NOTHING_SELECTED = "nothing selected"


@dataclass(frozen=True, slots=True)
class Sides:
    """Two messages, or why there are not two.

    Attributes:
        before: The one.
        after: The other one.
        lack: Why there is nothing to compare; None if there is.
    """

    before: Inspected | None = None
    after: Inspected | None = None
    lack: Lack | None = None


class CompareSides(QObject):
    """Follows the inspector, the user's pin and the newest message of a topic.

    Every message is a copy, which stays when the store lets it go.

    Args:
        store: Where messages are.
        inspect: Takes a message out of the store; None if it is not in memory.
        parent: Owner.
    """

    changed = Signal()
    """Other messages are to be compared."""

    def __init__(
        self, store: CaptureStore, inspect: Inspect, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._inspect = inspect
        self._shown: Inspected | None = None
        self._newest: Inspected | None = None
        self._pinned: Inspected | None = None
        self._two: tuple[Inspected, Inspected] | None = None
        self._mode = Mode.PREVIOUS
        self._is_swapped = False
        self._is_following = False
        self._finder: KinFinder | None = None
        # Forerunners that were found, and whose they are.
        self._found: list[tuple[Inspected, Inspected]] = []
        self._followed_to = 0
        # The message whose forerunner is looked for, and the row up to which that was done.
        self._looked: tuple[Inspected, int, bool] | None = None

    @property
    def mode(self) -> Mode:
        """What is compared with what."""
        return self._mode

    @property
    def pinned(self) -> Inspected | None:
        """The message that the user keeps."""
        return self._pinned

    @property
    def has_two(self) -> bool:
        """Whether two messages were chosen in the table once."""
        return self._two is not None

    @property
    def is_following(self) -> bool:
        """Whether the newest message of the topic takes the inspector's place."""
        return self._is_following

    @property
    def subject(self) -> Inspected | None:
        """The message that is looked at."""
        return self._newest if self._is_following and self._newest is not None else self._shown

    # ---- what the user does -----------------------------------------------------------------

    def show(self, message: Inspected | None) -> None:
        """The inspector shows another message, or none."""
        if message is self._shown:
            return
        self._shown = message
        self._forget_newest()
        if self._mode is Mode.TWO:
            self._mode = Mode.PREVIOUS
        self.changed.emit()

    def set_mode(self, mode: Mode) -> None:
        """Compare with something else."""
        if mode is not self._mode:
            self._mode = mode
            self.changed.emit()

    def pin(self) -> bool:
        """Keep the message that is looked at, to compare others with it."""
        if self.subject is None:
            return False
        self._pinned, self._mode = self.subject, Mode.PINNED
        self.changed.emit()
        return True

    def set_two(self, first: int, second: int) -> bool:
        """Compare two rows; False if one of them is no longer in memory."""
        pair = self._inspect(min(first, second)), self._inspect(max(first, second))
        if pair[0] is None or pair[1] is None:
            return False
        self._two, self._mode = (pair[0], pair[1]), Mode.TWO
        self.changed.emit()
        return True

    def swap(self) -> None:
        """Turn the sides round."""
        self._is_swapped = not self._is_swapped
        self.changed.emit()

    def set_following(self, following: bool) -> None:
        """Compare the newest message of the topic from now on, whatever the inspector shows."""
        if following != self._is_following:
            self._is_following = following
            self._forget_newest()
            if following and self._mode is Mode.TWO:
                self._mode = Mode.PREVIOUS
            self.look()
            self.changed.emit()

    def _forget_newest(self) -> None:
        self._newest, self._finder, self._followed_to = None, None, 0

    def forget_readings(self) -> None:
        """The user wants frames read another way."""
        two = self._two or ()
        found = (message for pair in self._found for message in pair)
        for message in (self._shown, self._newest, self._pinned, *two, *found):
            if message is not None:
                message.forget()

    # ---- what is compared -------------------------------------------------------------------

    def look(self) -> bool:
        """See what has come since; whether there is something else to compare now."""
        if self._mode is not Mode.TWO and self._is_following and self._follow():
            return True
        looked = self._looked
        if self._mode is Mode.PREVIOUS and looked is not None and not looked[2]:
            self._find_before(looked[0], looked[1])
            return self._looked is None or self._looked[2]
        return False

    def _follow(self) -> bool:
        if self._shown is None:
            return False
        if self._finder is None:
            self._finder = KinFinder(self._store, self._shown)
        end = int(self._store.end_row)
        since = self._followed_to or self._shown.message.row + 1
        found = self._finder.newest(since, _LIVE_BUDGET_S)
        # Rows that there was no time for are older than those that were looked at.
        self._followed_to = end
        if found.row is None:
            return False
        newest = self._inspect(found.row)
        if newest is None:
            return False
        self._newest = newest
        return True

    def sides(self) -> Sides:
        """The two messages, or why there are not two."""
        found = self._sides()
        if self._is_swapped and found.lack is None:
            return Sides(found.after, found.before)
        return found

    def _sides(self) -> Sides:
        if self._mode is Mode.TWO:
            if self._two is None:
                return Sides(lack=Lack.NOTHING_SELECTED)
            return Sides(*self._two)
        subject = self.subject
        if self._mode is Mode.PINNED:
            if self._pinned is None:
                return Sides(after=subject, lack=Lack.NOTHING_PINNED)
            if subject is None:
                return Sides(self._pinned, lack=Lack.NOTHING_SHOWN)
            if subject.message.row == self._pinned.message.row:
                return Sides(self._pinned, lack=Lack.IS_PINNED)
            return Sides(self._pinned, subject)
        if subject is None:
            return Sides(lack=Lack.NOTHING_SHOWN)
        return self._with_previous(subject)

    def _with_previous(self, subject: Inspected) -> Sides:
        known = self._known(subject)
        if known is None and (self._looked is None or self._looked[0] is not subject):
            self._find_before(subject, subject.message.row)
            known = self._known(subject)
        if known is not None:
            return Sides(known, subject)
        if self._looked is not None and not self._looked[2]:
            return Sides(after=subject, lack=Lack.LOOKING)
        is_whole = self._store.first_row == 0
        return Sides(after=subject, lack=Lack.FIRST if is_whole else Lack.LEFT_MEMORY)

    def _find_before(self, subject: Inspected, row: int) -> None:
        """Look for the message before, for a moment; the rest of the way is for later."""
        finder = self._finder if subject is self._newest and self._finder else None
        finder = finder or KinFinder(self._store, subject)
        found = finder.before(RowId(row), _SLICE_S)
        self._looked = subject, found.oldest, found.is_complete
        before = None if found.row is None else self._inspect(found.row)
        if before is not None:
            mine = (self._shown, self._newest)
            self._found = [pair for pair in self._found if any(pair[1] is one for one in mine)]
            self._found.append((before, subject))

    def _known(self, subject: Inspected) -> Inspected | None:
        return next((before for before, whose in self._found if whose is subject), None)
