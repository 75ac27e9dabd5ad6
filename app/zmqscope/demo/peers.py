"""The demo's peers: one poll loop in a process of its own, which ends when its parent does.

Imports nothing but the standard library and zmq: it has to be up before the window is.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable

import zmq

from zmqscope.demo.conversations import Addresses, Context, Socket, make_peers
from zmqscope.demo.folder import FOLDER_VARIABLE, PARENT_VARIABLE, make_folder

# Three to each tenth of a second, the finest bin that the app counts rates in, and placed so that
# none falls on the edge between two: a tick more or less in a bin would show as a ripple.
_TICKS_PER_S = 30
_TICK_PHASE = 0.4
_PR_SET_PDEATHSIG = 1
_PARENT_CHECK_TICKS = 25


def main() -> int:
    """Serve the demo until standard input ends, the parent is gone or SIGTERM comes."""
    # Ctrl+C in a terminal reaches the whole group: the app decides, and our input ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    watch = ParentWatch(stopping)
    folder = os.environ.get(FOLDER_VARIABLE) or make_folder()
    context: Context = zmq.Context()
    try:
        demo = Demo(context, Addresses(folder))
        print(json.dumps(demo.plan()), flush=True)
        demo.serve(watch, stopping)
    except BrokenPipeError:
        return 0  # The parent went before it could read the plan.
    finally:
        context.destroy(linger=0)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _ask_for_signal() -> None:
    """Have the kernel send SIGTERM when the parent dies.

    It means the parent's *thread*, so the parent only asks for this from its main thread.
    """
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class ParentWatch:
    """Knows when the parent is gone: our standard input ends, or another process adopts us.

    Made before anything is said to the parent, so that it cannot be gone already.

    Args:
        stopping: Set where standard input cannot be polled and a thread waits for its end.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._parent = os.getppid()
        self._ticks = 0
        if sys.platform == "win32":
            threading.Thread(target=self._wait, daemon=True).start()
        elif sys.platform == "linux":
            if os.environ.get(PARENT_VARIABLE):
                _ask_for_signal()

    def register(self, poller: zmq.Poller) -> None:
        """Wake the poller when standard input says something."""
        if sys.platform != "win32":
            poller.register(0, zmq.POLLIN | zmq.POLLERR)

    def has_ended(self, input_ready: bool) -> bool:
        """Whether the parent is gone."""
        if input_ready and not _read_input():
            return True
        self._ticks += 1
        return self._ticks % _PARENT_CHECK_TICKS == 0 and os.getppid() != self._parent

    def _wait(self) -> None:
        while _read_input():
            pass
        self._stopping.set()


def _read_input() -> bytes:
    try:
        return os.read(0, 4096)
    except OSError:
        return b""


class Demo:
    """All peers and their loop.

    Args:
        context: Where sockets are made; whoever made it ends them.
        addresses: Where to meet.
    """

    def __init__(self, context: Context, addresses: Addresses) -> None:
        self._start_s = time.monotonic()
        self._peers = make_peers(context, addresses)

    def plan(self) -> dict[str, object]:
        """What the app should open and may send, for JSON."""
        return {
            "specs": [peer.spec for peer in self._peers],
            "sends": [send for peer in self._peers for send in peer.sends],
            "answers": [answer for peer in self._peers for answer in peer.answers],
        }

    def serve(self, watch: ParentWatch, stopping: threading.Event) -> None:
        """Tick and answer until it is time to go; never waits longer than a tick."""
        poller = zmq.Poller()
        watch.register(poller)
        answer: dict[object, Callable[[Socket], None]] = {}
        for peer in self._peers:
            for socket in peer.listening:
                answer[socket] = peer.answer
                poller.register(socket, zmq.POLLIN)
        last_s = time.monotonic()
        next_s = _tick_after(last_s)
        while not stopping.is_set():
            wait_ms = math.ceil(max(0.0, next_s - time.monotonic()) * 1000)
            ready = poller.poll(wait_ms)
            if watch.has_ended(any(source == 0 for source, _ in ready)):
                return
            for source, _ in ready:
                if isinstance(source, zmq.Socket):
                    answer[source](source)
            now_s = time.monotonic()
            if now_s >= next_s:
                for peer in self._peers:
                    peer.tick(now_s - self._start_s, now_s - last_s)
                last_s, next_s = now_s, _tick_after(now_s)


def _tick_after(now_s: float) -> float:
    """When the next tick is due, on the monotonic clock; the grid is that of the wall clock."""
    offset_s = time.time() - time.monotonic()
    number = math.floor((now_s + offset_s) * _TICKS_PER_S - _TICK_PHASE) + 1
    return (number + _TICK_PHASE) / _TICKS_PER_S - offset_s


if __name__ == "__main__":
    sys.exit(main())
