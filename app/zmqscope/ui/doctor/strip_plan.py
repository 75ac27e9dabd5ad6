"""How many findings the strip shows at full length, and of how many the title. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class StripPlan(NamedTuple):
    """What there is room for.

    Attributes:
        full: So many are shown at full length.
        lines: Of so many more the title is shown.
    """

    full: int
    lines: int


def plan_strip(heights: Sequence[int], total: int, line: int, more: int, room: int) -> StripPlan:
    """Titles of all come first, then as many as possible at full length, but always one.

    Args:
        heights: Of the first findings at full length, in pixels.
        total: How many findings there are; of those beyond ``heights`` only titles are shown.
        line: Height of a title.
        more: Height of what leads to those that are not shown.
        room: All the height there is.
    """
    used = list(heights[:1])
    for height in heights[1:]:
        used.append(used[-1] + height)
    for full in range(len(heights), 0, -1):
        if used[full - 1] + (total - full) * line <= room:
            return StripPlan(full, total - full)
    if not heights:
        return StripPlan(0, 0)
    fitting = max(0, (room - used[0] - more) // line)
    return StripPlan(1, min(fitting, total - 1))
