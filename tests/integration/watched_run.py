"""The app with everything that could give a secret away switched on; writes it all beside itself.

Run as ``python -m tests.integration.watched_run [zmqscope ARGS]``: the log at its most talkative, a
list of all threads' calls, what allocated the memory, every object of the app in words, what is
copied and exported, and the tracebacks of failures that are provoked where secrets are at hand.
"""

from __future__ import annotations

import faulthandler
import gc
import logging
import sys
import traceback
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from tests.integration.secret_forms import SPOILT
from zmqscope.bootstrap.app import run_app
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.cli import parse_arguments
from zmqscope.core.security.lock import Lock
from zmqscope.core.security.secret import Credentials
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.spec import format_spec
from zmqscope.engine import credentials, secret_keeper
from zmqscope.engine.access import authenticator, zap
from zmqscope.engine.access.zap import ZapFault, ZapRequest
from zmqscope.models.composer.python_script import script_for
from zmqscope.ui.docks import PanelId
from zmqscope.ui.window import MainWindow

_LOOK_EVERY_MS = 1_000
_FRAMES = 16
_BLOCKS = 500


class Watcher(QObject):
    """Writes everything again and again; what was written last counts.

    Args:
        workbench: What is looked at.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        self._timer.start()

    @Slot()
    def on_timer_timeout(self) -> None:
        """One more look."""
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow):
                window.show_panel(PanelId.TOPOLOGY)
        snapshots = list(self._workbench.controller.snapshots.values())
        write("specs.txt", "\n".join(format_spec(each.spec) for each in snapshots))
        write("scripts.txt", "\n".join(script_for(each.spec, ()) for each in snapshots))
        write("copied.txt", "\n".join(copied()))
        Path("topology.svg").write_bytes(self._workbench.topology.exporter.picture())
        write("objects.txt", "\n".join(objects()))
        with open("threads.txt", "w", encoding="utf-8") as file:
            faulthandler.dump_traceback(file)
        taken = tracemalloc.take_snapshot()
        blocks = taken.statistics("traceback")[:_BLOCKS]
        write("memory.txt", "\n".join(f"{b}\n" + "\n".join(b.traceback.format()) for b in blocks))
        taken.dump("memory.snapshot")


def write(name: str, text: str) -> None:
    """Write one file."""
    Path(name).write_text(text, encoding="utf-8", errors="backslashreplace")


def objects() -> list[str]:
    """Every object of the app that Python's collector knows, in words."""
    gc.unfreeze()  # the app has taken what is there from its start out of the collector's sight
    return [in_words(each) for each in gc.get_objects() if is_own(each)]


def is_own(thing: object) -> bool:
    """Whether a thing's type is the app's; some types have no name of a module there."""
    module: object = type(thing).__module__
    return isinstance(module, str) and module.startswith("zmqscope")


def in_words(thing: object) -> str:
    """An object as a log would show it; some are half made or half gone."""
    name = type(thing).__name__
    try:
        return f"{name} {thing!r} {thing!s}"
    except (AttributeError, RuntimeError, TypeError) as error:
        return f"{name} cannot be shown: {error}"


def copied() -> list[str]:
    """What each action puts on the clipboard that says it copies."""
    texts = []
    for action in actions():
        if "copy" in action.objectName() and action.isEnabled():
            action.trigger()
            texts.append(f"{action.objectName()}: {QGuiApplication.clipboard().text()}")
    return texts


def actions() -> list[QAction]:
    """All of the menus."""
    return [
        action
        for window in QApplication.topLevelWidgets()
        for menu in window.findChildren(QMenu)
        for action in menu.actions()
    ]


# ---- failures where secrets are at hand ---------------------------------------------------------


def provoke() -> None:
    """Have a stranger's request fail once it is read, and a secret."""
    parse, read = zap.parse_request, credentials.read_credentials

    def parse_and_fail(frames: Sequence[bytes], own_pid: int) -> ZapRequest | ZapFault:
        found = parse(frames, own_pid)
        if SPOILT.encode() in frames:
            raise RuntimeError("spoilt on purpose", found)
        return found

    def read_and_fail(lock: Lock, session: SessionSecrets) -> Credentials:
        found = read(lock, session)
        if lock.user == SPOILT:
            fail_with(found)
        return found

    # Both were imported by name.
    vars(authenticator)["parse_request"] = parse_and_fail
    vars(secret_keeper)["read_credentials"] = read_and_fail


def fail_with(found: Credentials) -> None:
    """Raise what holds a secret, and write its traceback with all values, as debuggers do."""
    password = found.password
    try:
        raise RuntimeError("spoilt on purpose", found, password)
    except RuntimeError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        write("locals.txt", "".join(told.format()))
        raise


def main() -> int:
    """Run until the app closes."""
    tracemalloc.start(_FRAMES)
    logging.basicConfig(filename="debug.log", level=logging.DEBUG)
    provoke()
    watchers: list[Watcher] = []
    return run_app(parse_arguments(sys.argv[1:]), lambda bench: watchers.append(Watcher(bench)))


if __name__ == "__main__":
    sys.exit(main())
