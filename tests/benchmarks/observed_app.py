"""The real app with a reader beside it that checks the sequence number of every message.

Run as ``python -m tests.benchmarks.observed_app RESULT.json [zmqscope ARGS]``.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from zmqscope.bootstrap.app import run_app
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.cli import parse_arguments

_READ_EVERY_MS = 50


class SequenceChecker(QObject):
    """Reads the store as it grows; the second frame of each message begins with a u64 sequence.

    Args:
        workbench: What is observed.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._store = workbench.store
        self._next_row = 0
        self._expected = 0
        self.checked = 0
        self.missing = 0
        self.out_of_order = 0
        self.missed_rows = 0
        self.peak_memory_bytes = 0
        self.activated_s: list[float] = []
        workbench.messages.row_activated.connect(self.on_row_activated)
        self._timer = QTimer(self)
        self._timer.setInterval(_READ_EVERY_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        self._timer.start()

    @Slot(object)
    def on_row_activated(self, _row: object) -> None:
        """A click reached the table."""
        self.activated_s.append(time.time())

    @Slot()
    def on_timer_timeout(self) -> None:
        """Check what has come since the last time."""
        end = self._store.end_row
        for part in self._store.columns(self._next_row, end):
            self.missed_rows += part.first_row - self._next_row
            count = len(part.size)
            local = part.first_row - part.segment.base_row
            buffers = part.segment.buffers
            starts = buffers.first_byte[local : local + count].astype(np.int64)
            first_frames = buffers.first_frame[local : local + count]
            second = starts + buffers.frame_length[first_frames]
            numbers = buffers.arena[second[:, None] + np.arange(8)].copy().view(">u8").ravel()
            steps = np.diff(numbers.astype(np.int64), prepend=self._expected - 1)
            self.missing += int((steps[steps > 1] - 1).sum())
            self.out_of_order += int((steps < 1).sum())
            self._expected = int(numbers[-1]) + 1
            self.checked += count
            self._next_row = part.first_row + count
        self.peak_memory_bytes = max(self.peak_memory_bytes, self._store.memory_bytes)

    def result(self) -> dict[str, object]:
        """What was found, as JSON values."""
        self.on_timer_timeout()
        return {
            "checked": self.checked,
            "missing": self.missing,
            "out_of_order": self.out_of_order,
            "missed_rows": self.missed_rows,
            "last_sequence": self._expected - 1,
            "peak_memory_bytes": self.peak_memory_bytes,
            "activated_s": self.activated_s,
        }


def main() -> int:
    """Run until the app closes, then write what was found."""
    target = Path(sys.argv[1])
    checkers: list[SequenceChecker] = []
    status = run_app(
        parse_arguments(sys.argv[2:]), lambda bench: checkers.append(SequenceChecker(bench))
    )
    target.write_text(json.dumps(checkers[0].result()))
    return status


if __name__ == "__main__":
    sys.exit(main())
