"""Which process is at the other end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.link_rig import wire_over_tcp
from zmqscope.core.peers import ProcessInfo
from zmqscope.engine.watch import processes as module
from zmqscope.engine.watch.proc_net import TcpRow
from zmqscope.engine.watch.processes import FOREIGN, Key, Processes, find_port_owner

LISTEN = """
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def processes() -> Iterator[Processes]:
    with contextlib.closing(Processes()) as made:
        yield made


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Another program, and the port at which it listens."""
    command = [sys.executable, "-c", LISTEN, "--password", "hunter2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def answers(of: Processes, *keys: Key) -> dict[Key, ProcessInfo | None]:
    """What is known of all of these, once it is."""
    found: dict[Key, ProcessInfo | None] = {}
    end_s = time.monotonic() + 60
    while not found.keys() >= set(keys):
        assert time.monotonic() < end_s
        found |= of.answers()[0]
    return found


def until(condition: Callable[[], object]) -> None:
    end_s = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end_s


def test_by_pid_and_by_connection(
    processes: Processes, other: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, port = other
    with socket.create_connection(("127.0.0.1", port)) as mine:
        theirs = (mine.getpeername(), mine.getsockname())
        own = (mine.getsockname(), mine.getpeername())
        for key in (process.pid, own):
            processes.ask(key)
        found = answers(processes, process.pid, own)
        info = found[process.pid]
        assert info is not None
        assert info.pid == process.pid
        assert "hunter2" not in info.command
        assert info.command.startswith(sys.executable)
        assert not info.is_own
        mine_info = found[own]
        assert mine_info is not None
        assert (mine_info.pid, mine_info.is_own) == (os.getpid(), True)
        # It has not accepted, so nobody has that end yet, and nothing is made up.
        processes.ask(theirs)
        assert answers(processes, theirs)[theirs] is None


def test_nobody(processes: Processes) -> None:
    pair = (("127.0.0.1", 1), ("127.0.0.1", 2))
    for key in (pair, 2**22 + 5):
        processes.ask(key)
    assert answers(processes, pair, 2**22 + 5) == {pair: None, 2**22 + 5: None}


def test_the_owner_of_a_port(
    processes: Processes, other: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, port = other
    assert processes.owner_of_port(port) is None  # never waits
    until(lambda: processes.owner_of_port(port))
    owner = processes.owner_of_port(port)
    assert owner is not None
    assert owner.pid == process.pid
    assert find_port_owner(port) == owner
    process.kill()
    process.wait()
    until(lambda: processes.owner_of_port(port) is None)


def test_one_who_is_stopped(
    processes: Processes, other: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, _ = other
    processes.ask(process.pid)
    answers(processes, process.pid)
    processes.watch(frozenset({process.pid}))
    seen: list[bool] = []

    def has_changed(to: bool) -> bool:
        seen.extend(info.is_stopped for info in processes.answers()[1].values())
        return seen[-1:] == [to]

    os.kill(process.pid, signal.SIGSTOP)
    until(lambda: has_changed(True))
    os.kill(process.pid, signal.SIGCONT)
    until(lambda: has_changed(False))


def test_somebody_elses(processes: Processes) -> None:
    row = TcpRow(1, os.getuid() + 1)
    assert processes._owner(row, {}) == ProcessInfo(0, FOREIGN)
    assert processes._owner(TcpRow(1, os.getuid()), {}) is None


def test_the_way_without_tables(monkeypatch: pytest.MonkeyPatch, processes: Processes) -> None:
    monkeypatch.setattr(module, "_PLATFORM", "darwin")
    with wire_over_tcp() as (near, far):
        pair = (near.getsockname(), far.getsockname())
        processes.ask(pair)
        info = answers(processes, pair)[pair]
        assert info is not None
        assert info.is_own
    with socket.create_server(("127.0.0.1", 0)) as listener:
        owner = find_port_owner(listener.getsockname()[1])
        assert owner is not None
        assert owner.is_own


def test_it_rests_for_long_after_much_work(processes: Processes) -> None:
    processes.ask(os.getpid())
    answers(processes, os.getpid())
    (thread,) = (t for t in threading.enumerate() if t.name == "zmqscope-processes")
    clock = time.pthread_getcpuclockid(int(thread.ident or 0))
    began_s, began_cpu_s = time.monotonic(), time.clock_gettime(clock)
    number = 0
    while time.monotonic() < began_s + 3.0:
        number += 1
        processes.ask((("127.0.0.1", number % 60_000), ("127.0.0.1", 9)))
        processes.answers()
    share = (time.clock_gettime(clock) - began_cpu_s) / (time.monotonic() - began_s)
    assert share < 0.08  # 2 % in the long run; the last piece of work has not been rested for yet


def test_it_ends_and_stays_ended() -> None:
    processes = Processes()
    processes.ask(os.getpid())
    processes.close()
    processes.ask(os.getpid())
    processes.owner_of_port(1)
    processes.close()
    assert "zmqscope-processes" not in {thread.name for thread in threading.enumerate()}
