"""Processes that were peers."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.doctor_rig import BIND, NOW
from zmqscope.core.diagnosis.observation import Departed
from zmqscope.core.peers import ProcessInfo
from zmqscope.engine.doctor.departed import still_running

Child = subprocess.Popen[bytes]


@pytest.fixture
def child() -> Iterator[Child]:
    """A process that waits for the end of its input."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        yield running
        running.kill()


def departed(pid: int) -> Departed:
    return Departed(ProcessInfo(pid, "python"), BIND, NOW)


def test_it_is_told_whether_it_is_stopped(child: Child) -> None:
    (found,) = still_running([departed(child.pid)])
    assert not found.process.is_stopped
    child.send_signal(signal.SIGSTOP)
    end_s = time.monotonic() + 60
    while not still_running([departed(child.pid)])[0].process.is_stopped:
        assert time.monotonic() < end_s


def test_one_that_has_ended_is_forgotten(child: Child) -> None:
    child.kill()
    child.wait()
    assert still_running([departed(child.pid)]) == ()
