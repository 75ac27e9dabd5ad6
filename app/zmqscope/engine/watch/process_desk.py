"""Asks for the processes at the other end, and hands the answers to their peers. Loop thread."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from zmqscope.core.peers import ProcessInfo
from zmqscope.engine.watch.peer_record import PeerRecord
from zmqscope.engine.watch.processes import Key, Processes

_ASK_AGAIN = 2
_WATCH_EVERY_S = 1.0


class ProcessDesk:
    """Between peers and the thread that looks processes up.

    Args:
        processes: That thread.
        found: Told of a peer whose process is known now, or has changed.
    """

    def __init__(self, processes: Processes, found: Callable[[PeerRecord], None]) -> None:
        self._processes = processes
        self._found = found
        self._waiting: dict[Key, set[PeerRecord]] = {}
        self._tries: dict[Key, int] = {}
        self._of_pid: dict[int, set[PeerRecord]] = {}
        self._watch_s = 0.0
        self._is_watch_due = False

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._waiting)

    def located(self, record: PeerRecord) -> None:
        """It is known where a connection comes from."""
        key = _key(record)
        if key is None or record.process is not None:
            return
        self._waiting.setdefault(key, set()).add(record)
        self._processes.ask(key)

    def gone(self, record: PeerRecord) -> None:
        """A connection has ended."""
        key = _key(record)
        waiting = None if key is None else self._waiting.get(key)
        if waiting is not None and key is not None:
            waiting.discard(record)
            if not waiting:
                del self._waiting[key]
                self._tries.pop(key, None)
        if record.process is not None:
            theirs = self._of_pid.get(record.process.pid)
            if theirs is not None:
                theirs.discard(record)
                if not theirs:
                    del self._of_pid[record.process.pid]
                    self._is_watch_due = True

    def look(self, now_s: float) -> None:
        """Take in what was found."""
        answers, changed = self._processes.answers()
        for key, info in answers.items():
            self._on_answer(key, info)
        for pid, info in changed.items():
            self._give(self._of_pid.get(pid, ()), info)
        if self._is_watch_due and now_s - self._watch_s >= _WATCH_EVERY_S:
            self._watch_s, self._is_watch_due = now_s, False
            self._processes.watch(frozenset(pid for pid in self._of_pid if pid))

    def _on_answer(self, key: Key, info: ProcessInfo | None) -> None:
        if info is None:
            tries = self._tries.get(key, 0) + 1
            if key in self._waiting and tries < _ASK_AGAIN:
                self._tries[key] = tries
                self._processes.ask(key)
                return
        records = self._waiting.pop(key, set())
        self._tries.pop(key, None)
        if info is None or not records:
            return
        if info.pid not in self._of_pid:
            self._is_watch_due = True
        self._of_pid.setdefault(info.pid, set()).update(records)
        self._give(records, info)

    def _give(self, records: Iterable[PeerRecord], info: ProcessInfo) -> None:
        for record in records:
            record.process = info
            self._found(record)


def _key(record: PeerRecord) -> Key | None:
    """How to ask for the process of a peer; None if it is of another machine, or nobody knows."""
    if record.pid is not None:
        return record.pid
    local, remote = record.local, record.remote
    if local is None or remote is None:
        return None
    if remote[0] != local[0] and not _is_loopback(remote[0]):
        return None
    return remote, local


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
