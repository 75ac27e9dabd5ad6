"""The real app, watched and steered from outside by JSON lines. GUI thread.

Run as ``python -m tests.benchmarks.observed_app [zmqscope ARGS]``. Each line on standard input is
a command, ``{"do": NAME, …}``; each gets one line on standard output once it is done: its figures,
or ``{"error": …}``. When the input ends, the app closes. What a command takes and gives is said at
the method of its name in ``Commands``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtWidgets import QApplication

from tests.benchmarks.observed_commands import Commands, Poll
from zmqscope.bootstrap.app import run_app
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.cli import parse_arguments

_LOOK_EVERY_MS = 50
_READ_BYTES = 1 << 16


class Observer(QObject):
    """Reads commands, has them done one after the other, and answers.

    Args:
        workbench: What is observed.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._commands = Commands(workbench)
        self._rest = b""
        self._waiting: list[dict[str, Any]] = []
        self._poll: Poll | None = None
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self.on_notifier_activated)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        self._timer.start()

    @Slot()
    def on_notifier_activated(self) -> None:
        """Something was written to us, or nothing will be any more."""
        chunk = os.read(0, _READ_BYTES)
        if not chunk:
            self._notifier.setEnabled(False)
            QApplication.closeAllWindows()
            return
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        self._waiting.extend(json.loads(line) for line in lines)
        self._go_on()

    @Slot()
    def on_timer_timeout(self) -> None:
        """Look whether the command at hand is done."""
        self._commands.look()
        self._go_on()

    def _go_on(self) -> None:
        while self._poll is not None or self._waiting:
            if self._poll is None:
                self._poll = self._begin(self._waiting.pop(0))
            reply = self._poll()
            if reply is None:
                return
            self._poll = None
            print(json.dumps(reply), flush=True)

    def _begin(self, command: dict[str, Any]) -> Poll:
        name = command.pop("do")
        begin: Callable[..., Poll] = getattr(self._commands, f"do_{name}")
        return begin(**command)


def main() -> int:
    """Run until the app closes."""
    observers: list[Observer] = []
    options = parse_arguments(sys.argv[1:])
    return run_app(options, lambda workbench: observers.append(Observer(workbench)))


if __name__ == "__main__":
    sys.exit(main())
