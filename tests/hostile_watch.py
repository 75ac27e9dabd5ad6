"""Watches a process for what no payload may bring about, and for time and memory. Any thread."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hostile_parts import FORBIDDEN_MODULE

_FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"),
    *("os.startfile", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.putenv"),
    *("os.kill", "os.symlink", "os.link", "os.truncate", "shutil.", "tempfile.", "urllib."),
    *("webbrowser.", "http.", "ftplib.", "smtplib.", "pickle.find_class", "builtins.input"),
    *("sqlite3.", "mmap.", "ctypes.dlopen", "glob.", "pty.", "signal."),
)
_OURS = (sys.prefix, sys.base_prefix, str(Path(__file__).resolve().parents[1]), "<frozen ")
"""Where code may come from: what a library imports late is its own."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(slots=True)
class Watch:
    """What was seen.

    Attributes:
        forbidden: Events that no payload may bring about, in words.
        is_on: Whether somebody is looking.
        is_warm: Whether all libraries are imported: from then on only they themselves may import or
            open anything.
    """

    forbidden: list[str] = field(default_factory=list)
    is_on: bool = False
    is_warm: bool = False

    def start(self) -> None:
        """Look from now on; it cannot be taken back, only paused."""
        sys.addaudithook(self._on_event)

    @contextmanager
    def looking(self, *, is_warm: bool = False) -> Iterator[None]:
        """What happens inside is looked at."""
        self.is_on, self.is_warm = True, is_warm
        try:
            yield
        finally:
            self.is_on = False

    def _on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if self._is_forbidden(event, arguments) and len(self.forbidden) < 50:
            self.is_on = False
            self.forbidden.append(f"{event}{arguments!r}"[:300])
            self.is_on = True

    def _is_forbidden(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            path, mode, flags = arguments
            writes = isinstance(mode, str) and set(mode) & set("wax+")
            if writes or int(flags or 0) & _WRITES:
                return True
            return self.is_warm and not str(path).startswith(_OURS)
        if event == "import":
            root = str(arguments[0]).partition(".")[0]
            if FORBIDDEN_MODULE in str(arguments[0]):
                return True
            return self.is_warm and root not in sys.stdlib_module_names and root not in sys.modules
        if event == "compile":
            return self.is_warm and arguments[0] is not None
        if event == "exec":
            return self.is_warm and not str(arguments[0].co_filename).startswith(_OURS)
        return event.startswith(_FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Figure:
    """What something took.

    Attributes:
        cpu_ms: Of the calling thread; of its slowest step where it is done step by step.
        wall_ms: By the clock.
        error: What was raised; empty if nothing was.
    """

    cpu_ms: float
    wall_ms: float
    error: str = ""


def taken(act: Callable[[], object]) -> Figure:
    """Do something; whatever it raises is told."""
    error = ""
    part: object = None
    wall_ns, cpu_ns = time.perf_counter_ns(), time.thread_time_ns()
    try:
        part = act()
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt | SystemExit):
            raise
        error = f"{type(problem).__name__}: {problem}"[:300]
    cpu_ns, wall_ns = time.thread_time_ns() - cpu_ns, time.perf_counter_ns() - wall_ns
    # What is done in steps counts by its slowest one.
    cpu_ms = part.cpu_ms if isinstance(part, Figure) and not error else cpu_ns / 1e6
    return Figure(cpu_ms, wall_ns / 1e6, error)


def resident_bytes(word: str = "VmRSS") -> int:
    """The process's memory; ``VmHWM`` for its peak."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(word)) * 1_024


def forget_peak() -> None:
    """Have the peak begin anew (Linux: proc(5), clear_refs)."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
