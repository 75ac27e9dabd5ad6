"""Which process is at the other end, found out on a thread of its own: it takes the time it takes.

In the long run that is no more than 2 % of a core, whatever comes and goes: after each piece of
work the thread rests for fifty times as long.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace

import psutil

from zmqscope.core.peers import ProcessInfo
from zmqscope.engine.watch.command_line import shown_command
from zmqscope.engine.watch.proc_net import (
    Pair,
    TcpRow,
    find_listener,
    find_rows,
    inodes_of,
)

FOREIGN = "another user's process"
"""Name of a process that exists, but may not be looked into; its pid is 0."""

_PLATFORM: str = sys.platform
_LONGEST_NAME = 60
_MOST_PROCESSES = 500
_MOST_WAITING = 5_000
_MOST_ANSWERS = 20_000
_REST = 50
_LEAST_REST_S = 0.05
_MOST_REST_S = 30.0
_LOOK_AGAIN_S = 2.0
_ONE_SCAN_S = 0.3
_PORT_KNOWN_S = 2.0

Key = Pair | int
"""A connection as its other end has it, or a pid."""


@dataclass(frozen=True, slots=True)
class _Known:
    created_s: float
    info: ProcessInfo


class Processes:
    """Answers who it is, later; ``close`` ends the thread, which starts with the first question."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._thread: threading.Thread | None = None
        self._asked: OrderedDict[Key, None] = OrderedDict()
        self._ports: dict[int, None] = {}
        self._answers: dict[Key, ProcessInfo | None] = {}
        self._changed: dict[int, ProcessInfo] = {}
        self._owners: OrderedDict[int, tuple[float, ProcessInfo | None]] = OrderedDict()
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._watched: frozenset[int] = frozenset()
        self._is_closing = False

    # ---- any thread -------------------------------------------------------------------------

    def ask(self, key: Key) -> None:
        """Who is at the other end of a connection, or has a pid?"""
        with self._lock:
            if len(self._asked) < _MOST_WAITING:
                self._asked[key] = None
            self._wake()

    def answers(self) -> tuple[dict[Key, ProcessInfo | None], dict[int, ProcessInfo]]:
        """What was found since the last call, and what has changed of processes known before."""
        with self._lock:
            answers, self._answers = self._answers, {}
            changed, self._changed = self._changed, {}
        return answers, changed

    def watch(self, pids: frozenset[int]) -> None:
        """Whose state is to be looked at again and again."""
        with self._lock:
            if pids != self._watched:
                self._watched = pids
                self._wake()

    def owner_of_port(self, port: int) -> ProcessInfo | None:
        """Who listens at a TCP port of this machine, as far as is known already.

        Never waits: the first call asks, and one of the next ones knows.
        """
        with self._lock:
            at_s, owner = self._owners.get(port, (0.0, None))
            if time.monotonic() - at_s > _PORT_KNOWN_S and len(self._ports) < _MOST_WAITING:
                self._ports[port] = None
                self._wake()
            return owner

    def close(self) -> None:
        """End the thread."""
        with self._lock:
            self._is_closing = True
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(2.0)

    def _wake(self) -> None:
        if self._thread is None and not self._is_closing:
            self._thread = threading.Thread(
                target=self._run, name="zmqscope-processes", daemon=True
            )
            self._thread.start()
        self._lock.notify_all()

    # ---- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._lock:
                while not (self._is_closing or self._asked or self._ports):
                    if not self._lock.wait(_LOOK_AGAIN_S if self._watched else None):
                        break
                if self._is_closing:
                    return
                asked, self._asked = list(self._asked), OrderedDict()
                ports, self._ports = list(self._ports), {}
            began_s = time.thread_time()
            self._work(asked, ports)
            rest_s = _REST * (time.thread_time() - began_s)
            with self._lock:
                self._lock.wait_for(
                    lambda: self._is_closing, min(_MOST_REST_S, max(_LEAST_REST_S, rest_s))
                )

    def _work(self, asked: list[Key], ports: list[int]) -> None:
        found: dict[Key, ProcessInfo | None] = {}
        for key in asked:
            if isinstance(key, int):
                found[key] = self._describe(key)
        pairs = [key for key in asked if not isinstance(key, int)]
        if pairs:
            found |= self._find_pairs(pairs)
        owners = {port: self._find_owner(port) for port in ports}
        changed = self._look_again()
        with self._lock:
            if len(self._answers) < _MOST_ANSWERS:
                self._answers |= found
            self._changed |= changed
            now_s = time.monotonic()
            for port, owner in owners.items():
                self._owners[port] = (now_s, owner)
                self._owners.move_to_end(port)
            while len(self._owners) > _MOST_PROCESSES:
                self._owners.popitem(last=False)

    def _look_again(self) -> dict[int, ProcessInfo]:
        """Which of the watched processes were stopped or went on since."""
        changed: dict[int, ProcessInfo] = {}
        for pid in self._watched:
            known = self._known.get(pid)
            if known is None:
                continue
            is_stopped = _is_stopped(pid)
            if is_stopped is not None and is_stopped != known.info.is_stopped:
                info = replace(known.info, is_stopped=is_stopped)
                self._known[pid] = replace(known, info=info)
                changed[pid] = info
        return changed

    # ---- finding ----------------------------------------------------------------------------

    def _find_pairs(self, pairs: list[Pair]) -> dict[Key, ProcessInfo | None]:
        found: dict[Key, ProcessInfo | None] = dict.fromkeys(pairs)
        if _PLATFORM != "linux":
            for pair, pid in _pids_by_psutil(set(pairs), self._likeliest()).items():
                found[pair] = self._describe(pid)
            return found
        rows = find_rows(pairs)
        pids = self._pids_of({row.inode for row in rows.values()})
        for pair, row in rows.items():
            found[pair] = self._owner(row, pids)
        return found

    def _find_owner(self, port: int) -> ProcessInfo | None:
        if _PLATFORM != "linux":
            pid = _listener_by_psutil(port, self._likeliest())
            return None if pid is None else self._describe(pid)
        row = find_listener(port)
        return None if row is None else self._owner(row, self._pids_of({row.inode}))

    def _owner(self, row: TcpRow, pids: dict[int, int]) -> ProcessInfo | None:
        pid = pids.get(row.inode)
        if pid is not None:
            return self._describe(pid)
        return ProcessInfo(0, FOREIGN) if row.uid != os.getuid() else None

    def _pids_of(self, inodes: set[int]) -> dict[int, int]:
        """Whose sockets these are: those known are asked first, then the newest processes."""
        found: dict[int, int] = {}
        missing = set(inodes)
        end_s = time.monotonic() + _ONE_SCAN_S
        for pid in self._likeliest():
            if not missing or time.monotonic() > end_s:
                break
            theirs = inodes_of(pid)
            for inode in missing & theirs if theirs else ():
                found[inode] = pid
            missing -= found.keys()
        return found

    def _likeliest(self) -> list[int]:
        """All processes: this one, those known, the newest."""
        pids = (os.getpid(), *reversed(self._known), *sorted(psutil.pids(), reverse=True))
        return list(dict.fromkeys(pids))

    def _describe(self, pid: int) -> ProcessInfo | None:
        """Name and command of a process; None if it is gone."""
        try:
            process = psutil.Process(pid)
            created_s = process.create_time()
            known = self._known.get(pid)
            if known is None or known.created_s != created_s:
                known = self._known[pid] = _Known(created_s, _info(process))
            self._known.move_to_end(pid)
            while len(self._known) > _MOST_PROCESSES:
                self._known.popitem(last=False)
        except psutil.AccessDenied:
            return ProcessInfo(pid, FOREIGN)
        except (psutil.Error, OSError, ValueError):
            return None
        return known.info


def find_port_owner(port: int) -> ProcessInfo | None:
    """Who listens at a TCP port of this machine; takes a moment, so not on the loop's thread."""
    return Processes()._find_owner(port)


def _info(process: psutil.Process) -> ProcessInfo:
    command = ""
    with contextlib.suppress(psutil.Error, OSError, ValueError):
        command = shown_command(process.cmdline())
    name = "".join(c if c.isprintable() else "�" for c in process.name())[:_LONGEST_NAME]
    is_stopped = process.status() in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)
    return ProcessInfo(process.pid, name, command, process.pid == os.getpid(), is_stopped)


def _is_stopped(pid: int) -> bool | None:
    try:
        status = psutil.Process(pid).status()
    except (psutil.Error, OSError, ValueError):
        return None
    return status in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)


def _pids_by_psutil(pairs: set[Pair], pids: list[int]) -> dict[Pair, int]:
    """Where there is no /proc: as far as the processes may be looked into, and time allows."""
    found: dict[Pair, int] = {}
    end_s = time.monotonic() + _ONE_SCAN_S
    for pid in pids:
        if len(found) == len(pairs) or time.monotonic() > end_s:
            break
        with contextlib.suppress(psutil.Error, OSError):
            for each in psutil.Process(pid).net_connections("tcp"):
                if each.raddr:
                    pair = ((each.laddr[0], each.laddr[1]), (each.raddr[0], each.raddr[1]))
                    if pair in pairs:
                        found[pair] = pid
    return found


def _listener_by_psutil(port: int, pids: list[int]) -> int | None:
    end_s = time.monotonic() + _ONE_SCAN_S
    for pid in pids:
        if time.monotonic() > end_s:
            break
        with contextlib.suppress(psutil.Error, OSError):
            for each in psutil.Process(pid).net_connections("tcp"):
                if each.status == psutil.CONN_LISTEN and each.laddr[1] == port:
                    return pid
    return None
