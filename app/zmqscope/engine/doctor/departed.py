"""Whether processes that were peers still run. Loop thread; a system call or two for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import psutil

from zmqscope.core.diagnosis.observation import Departed

_STOPPED = (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)
_ENDED = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)


def still_running(departed: Iterable[Departed]) -> tuple[Departed, ...]:
    """Those that still run, and whether each is stopped now."""
    found = []
    for each in departed:
        try:
            status = psutil.Process(each.process.pid).status()
        except (psutil.Error, OSError, ValueError):
            continue
        if status not in _ENDED:
            process = replace(each.process, is_stopped=status in _STOPPED)
            found.append(replace(each, process=process))
    return tuple(found)
