"""Inside the observed app: what it can be told to do and asked for. GUI thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import psutil
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from tests.benchmarks.blindness import Blindness
from tests.benchmarks.generator_watch import GeneratorWatch
from tests.benchmarks.latency_watch import CloseWatch, ShownWatch
from tests.benchmarks.load_window import LoadWindow, Quiet
from tests.benchmarks.search_watch import Filling, PlainPass, SearchWatch
from tests.benchmarks.sequence_checker import SequenceChecker
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.core.security.access import AccessList, AccessMode
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import EndpointState, SocketId, SocketState
from zmqscope.ui.window import MainWindow, PanelId

Reply = dict[str, Any]
Poll = Callable[[], Reply | None]
"""Asked again and again until it has a reply."""

_UNDER_WAY = (EndpointState.PENDING,)
_DONE: Reply = {}


class Commands(QObject):
    """Each ``do_…`` begins a command and returns what to poll for its reply.

    Args:
        workbench: What is observed.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._store = workbench.store
        self._controller = workbench.controller
        self._generator = GeneratorWatch(workbench.controller)
        self._process = psutil.Process()
        self._blindness = Blindness()
        self._checker: SequenceChecker | None = None
        self._shown: ShownWatch | None = None
        self._intervals_seen = 0
        self._peak_memory_bytes = 0
        self._activated_s: list[float] = []
        workbench.messages.row_activated.connect(self.on_row_activated)

    def look(self) -> None:
        """Regular work, every 50 ms."""
        if self._checker is not None:
            self._checker.read()
        self._peak_memory_bytes = max(self._peak_memory_bytes, self._store.memory_bytes)

    @Slot(object)
    def on_row_activated(self, _row: object) -> None:
        """A click reached the table."""
        self._activated_s.append(time.time())

    # ---- state ------------------------------------------------------------------------------

    def do_status(self) -> Poll:
        """``drain``: its name; ``plot``: whether the plot is in its place.

        The drain changes with the first message after its kernel is ``kernel_ready``.
        """
        reply = {
            "drain": self._controller.drain.name,
            "kernel_ready": self._controller.kernels.drain is not None,
            "send_ready": self._controller.kernels.send is not None,
            "search_ready": self._controller.kernels.search is not None,
            "links_ready": self._controller.kernels.transcode is not None,
            "plot": self._workbench.rates is not None,
            "activated_s": self._activated_s,
        }
        return lambda: reply

    def do_sample(self) -> Poll:
        """What the process and the store use; intervals are those since the last sample."""
        intervals = self._workbench.ticker.intervals_ms()
        fresh = intervals[self._intervals_seen :]
        self._intervals_seen = len(intervals)
        ledger, memory = self._store.ledger(), self._process.memory_info()
        reply: Reply = {
            "rss_bytes": memory.rss,
            "descriptors": self._process.num_fds(),
            "threads": self._process.num_threads(),
            "memory_bytes": ledger.memory_bytes,
            "peak_memory_bytes": max(self._peak_memory_bytes, ledger.memory_bytes),
            "budget_bytes": ledger.budget_bytes,
            "rows": self._store.end_row - self._store.first_row,
            "captured": ledger.captured,
            "evicted": ledger.evicted,
            "refused": ledger.refused,
            "messages": self._store.counters.total.messages,
            "news_dropped": self._controller.dropped_news,
            "interval_p99_ms": float(np.percentile(fresh, 99)) if fresh else None,
            "interval_max_ms": max(fresh, default=None),
        }
        return lambda: reply

    def do_received(self, socket: int) -> Poll:
        """``messages``: how many a socket has received so far."""
        reply = {"messages": self._store.counters.of(SocketId(socket)).received.messages}
        return lambda: reply

    def do_blind(self, on: bool) -> Poll:
        """See ``Blindness``."""
        self._blindness.set(on)
        return lambda: _DONE

    # ---- measuring --------------------------------------------------------------------------

    def do_window(self, cut_s: float, seconds: float, calm_s: float) -> Poll:
        """See ``LoadWindow``."""
        return LoadWindow(self._workbench, cut_s, seconds, calm_s).poll

    def do_watch_shown(self, socket: int) -> Poll:
        """See ``ShownWatch``; replies at once, the result comes with ``shown``."""
        self._shown = ShownWatch(self._workbench, SocketId(socket))
        return _at_once

    def do_shown(self) -> Poll:
        """The result of ``watch_shown``."""
        return _at_once if self._shown is None else self._shown.poll

    def do_time_close(self, socket: int) -> Poll:
        """See ``CloseWatch``."""
        return CloseWatch(self._workbench, SocketId(socket)).poll

    def do_quiet(self) -> Poll:
        """See ``Quiet``."""
        return Quiet(self._workbench).poll

    def do_check(self, ids: list[int]) -> Poll:
        """Begin to check the sequence numbers of these sockets."""
        self._checker = SequenceChecker(self._store, ids)
        return _at_once

    def do_checked(self) -> Poll:
        """See ``SequenceChecker.result``."""
        reply = {"error": "nothing is checked"} if self._checker is None else self._checker.result()
        return lambda: reply

    # ---- searching --------------------------------------------------------------------------

    def do_fill(self, count: int, size: int) -> Poll:
        """See ``Filling``."""
        return Filling(self._store, count, size).poll

    def do_search(self, contains: str, seconds: float) -> Poll:
        """See ``SearchWatch``."""
        return SearchWatch(self._workbench, contains, seconds).poll

    def do_search_plainly(self, contains: str) -> Poll:
        """See ``PlainPass``."""
        return PlainPass(self._store, contains).poll

    # ---- generating -------------------------------------------------------------------------

    def do_start_load(self, socket: int, size: int, rate: float) -> Poll:
        """See ``GeneratorWatch.start``; ``job``: the number of the load."""
        reply = {"job": self._generator.start(socket, size, rate)}
        return lambda: reply

    def do_stop_load(self, job: int) -> Poll:
        """The last ``LoadSnapshot``, as a dictionary."""
        self._generator.stop(job)
        return lambda: self._generator.ended(job)

    def do_set_access(self, mode: str) -> Poll:
        """One access list without anybody on it, for all doors."""
        self._controller.set_access((AccessList(mode=AccessMode(mode)),))
        return _at_once

    # ---- sockets ----------------------------------------------------------------------------

    def do_open(self, specs: list[str]) -> Poll:
        """Open sockets; ``sockets``: the id and the real endpoints of each."""
        ids = [self._controller.open_socket(parse_spec(spec)) for spec in specs]
        return lambda: self._opened(ids)

    def do_reopen(self, ids: list[int]) -> Poll:
        """Open closed sockets again; the reply is that of ``open``."""
        numbers = [SocketId(number) for number in ids]
        for number in numbers:
            self._controller.reopen_socket(number)
        return lambda: self._opened(numbers)

    def do_close(self, ids: list[int]) -> Poll:
        """Close sockets."""
        numbers = [SocketId(number) for number in ids]
        for number in numbers:
            self._controller.close_socket(number)
        return lambda: None if any(self._is_open(number) for number in numbers) else _DONE

    def do_remove(self, ids: list[int]) -> Poll:
        """Close sockets and take them off the list."""
        numbers = [SocketId(number) for number in ids]
        for number in numbers:
            self._controller.remove_socket(number)
        snapshots = self._controller.snapshots
        return lambda: None if any(number in snapshots for number in numbers) else _DONE

    def do_subscribe(self, socket: int, topic: str) -> Poll:
        """Add a topic."""
        self._controller.subscribe(SocketId(socket), topic.encode())
        return _at_once

    def do_unsubscribe(self, socket: int, topic: str) -> Poll:
        """Take a topic off."""
        self._controller.unsubscribe(SocketId(socket), topic.encode())
        return _at_once

    def _opened(self, ids: Sequence[SocketId]) -> Reply | None:
        snapshots = [self._controller.snapshots[socket_id] for socket_id in ids]
        for snapshot in snapshots:
            if snapshot.state is SocketState.FAILED:
                why = snapshot.problem.sentence() if snapshot.problem else "no reason given"
                return {"error": f"{snapshot.name} did not open: {why}"}
            if snapshot.state in (SocketState.OPENING, SocketState.CLOSED):
                return None
            if any(status.state in _UNDER_WAY for status in snapshot.endpoints):
                return None
        return {
            "sockets": [
                {"id": shot.socket_id, "endpoints": [status.actual for status in shot.endpoints]}
                for shot in snapshots
            ]
        }

    def _is_open(self, socket_id: SocketId) -> bool:
        return self._controller.snapshots[socket_id].is_open

    # ---- what a person does -----------------------------------------------------------------

    def do_switch(self, action: str, on: bool) -> Poll:
        """Switch a checkable action of the menus, as a click in the menu does."""
        found = _menu_action(action)
        if found is None or not found.isEnabled():
            reply = {"error": f"the menus have no action {action} that can be used"}
            return lambda: reply
        if found.isChecked() is not on:
            found.trigger()
        return _at_once

    def do_front(self, panel: str) -> Poll:
        """Bring a panel to the front."""
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow):
                window.show_panel(PanelId(panel))
        return _at_once


def _at_once() -> Reply:
    return _DONE


def _menu_action(action_id: str) -> QAction | None:
    for window in QApplication.topLevelWidgets():
        for menu in window.findChildren(QMenu):
            for action in menu.actions():
                if action.objectName() == action_id:
                    return action
    return None
