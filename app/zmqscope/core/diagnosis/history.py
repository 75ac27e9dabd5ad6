"""Findings that last and those that have gone, bounded. One thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import replace

from zmqscope.core.diagnosis.finding import Finding

_MOST_PAST = 1_000


class FindingHistory:
    """What the doctor has found since the start.

    Attributes:
        current: All that last, as told last.
        dropped: Past findings that made room for newer ones.
    """

    def __init__(self) -> None:
        self.current: tuple[Finding, ...] = ()
        self.dropped = 0
        self._past: deque[Finding] = deque()

    @property
    def past(self) -> tuple[Finding, ...]:
        """Those whose cause has gone, oldest first; each with ``until_ns``."""
        return tuple(self._past)

    def take(self, findings: tuple[Finding, ...], now_ns: int) -> None:
        """These last now; whatever lasted before and is not among them has ended.

        Args:
            findings: All that last.
            now_ns: Now, on the capture clock.
        """
        keys: set[Hashable] = {finding.key for finding in findings}
        for gone in self.current:
            if gone.key not in keys:
                self._past.append(replace(gone, until_ns=now_ns))
        while len(self._past) > _MOST_PAST:
            self._past.popleft()
            self.dropped += 1
        self.current = findings
