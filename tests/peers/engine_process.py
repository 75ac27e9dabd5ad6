"""The app's engine in a process of its own, so that a crash is seen as one.

Opens the sockets of the specs on its command line and prints ``{"sockets": [{…}, …]}``; then each
line of its input is one JSON command, and is answered with one line:

- ``{"do": "open", "spec": S}``: the socket, ``{"id": …, "state": …, "endpoints": […], …}``;
- ``{"do": "close" or "reopen" or "remove", "id": I}``: ``{}``;
- ``{"do": "subscribe" or "unsubscribe", "id": I, "topic": hex}``: ``{}``;
- ``{"do": "forgive", "id": I, "streams": […]}``: ``{}``; what is lost soon in these streams, or in
  all, does not count;
- ``{"do": "echo", "id": I}``: ``{}``; from now on it sends back what comes;
- ``{"do": "pulse", "id": I, "stream": S, "per_s": R, "prefixes": [[hex, …], …]}``: ``{}``; sends
  numbered messages (``sequence.py``), with ``"to_peer": true`` to the peer of its connect;
- ``{"do": "state"}``: RSS, descriptors, threads, and each socket;
- ``{"do": "notices"}``: ``{"notices": [[socket, severity, text, hint], …]}`` since the last time;
- ``{"do": "quit"}``: ``{"closed": true}`` once everything is closed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.sequence import Pulse, Streams
from tests.peers.session import tell
from tests.rig import EngineRig
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.types import Direction, RequestId, RowId, SocketId
from zmqscope.engine import commands as cmd
from zmqscope.engine.kernel_loader import KernelLoader

_STEP_MS = 3
_MOST_ROWS = 2_000
_MOST_NOTICES = 20_000
_KERNELS_S = 400.0
_FIRST_REQUEST = 1 << 40
_PEER_ID = re.compile(r"has the routing id (\S+)\.")

Fact = dict[str, object]


class Talker:
    """What the script does with one socket.

    Attributes:
        streams: What came.
        echoes: Whether it is sent back.
        pulses: What is sent.
        echoed: How often something was sent back.
        refused: How often libzmq did not take something.
        peer_id: Routing id of the peer of its connect, where it has to be sent to by name.
        is_by_name: Whether it has.
    """

    def __init__(self) -> None:
        self.streams = Streams()
        self.echoes = False
        self.pulses: list[Pulse] = []
        self.echoed = 0
        self.refused = 0
        self.peer_id = b""
        self.is_by_name = False

    @property
    def to_peer(self) -> tuple[bytes, ...]:
        """What has to stand before a message of ours."""
        return (self.peer_id,) if self.is_by_name else ()


class Vitals:
    """What this process uses; knows it without a descriptor to spare, too."""

    def __init__(self) -> None:
        self._statm = os.open("/proc/self/statm", os.O_RDONLY)
        self._status = os.open("/proc/self/status", os.O_RDONLY)
        self._page_bytes = os.sysconf("SC_PAGE_SIZE")

    def look(self) -> Fact:
        """RSS in bytes, descriptors, threads."""
        _, resident, *_ = os.pread(self._statm, 4_096, 0).split()
        lines = dict(line.split(b":", 1) for line in os.pread(self._status, 65_536, 0).splitlines())
        return {
            "rss": int(resident) * self._page_bytes,
            "descriptors": _descriptors(),
            "threads": int(lines[b"Threads"]),
        }


class Engine:
    """An engine and its commands.

    Args:
        rig: The engine.
    """

    def __init__(self, rig: EngineRig) -> None:
        self._rig = rig
        self._vitals = Vitals()
        self._talkers: dict[SocketId, Talker] = {}
        self._row = 0
        self._missed_rows = 0
        self._request = _FIRST_REQUEST
        self._pulsed: dict[RequestId, tuple[Talker, Pulse | None]] = {}
        self._notices: deque[tuple[object, ...]] = deque(maxlen=_MOST_NOTICES)
        self._input = b""
        self._is_over = False
        self._does: dict[str, Callable[[dict[str, Any]], Fact]] = {
            "open": lambda command: self.open(command["spec"]),
            "close": self._change(cmd.CloseSocket),
            "reopen": self._change(cmd.ReopenSocket),
            "remove": self._remove,
            "subscribe": self._topic(cmd.Subscribe),
            "unsubscribe": self._topic(cmd.Unsubscribe),
            "forgive": self._forgive,
            "echo": self._echo,
            "pulse": self._pulse,
            "state": self._state,
            "notices": self._tell_notices,
            "quit": self._quit,
        }

    def run(self) -> None:
        """Serve until standard input ends, or until it is told to quit."""
        while not self._is_over and (not select.select([0], [], [], 0)[0] or self._obey()):
            self._rig.step(_STEP_MS)
            self._take_reports()
            self._take_rows()
            self._send_due()
            self._keep_notices()

    def _obey(self) -> bool:
        chunk = os.read(0, 65_536)
        *lines, self._input = (self._input + chunk).split(b"\n")
        for line in lines:
            command = json.loads(line)
            fact = self._does[command["do"]](command)
            if not self._is_over:
                tell(fact)
        return bool(chunk)

    # ---- commands ---------------------------------------------------------------------------

    def open(self, spec: str) -> Fact:
        """Open a socket; what it is like then."""
        socket_id = self._rig.open(spec)
        self._talkers[socket_id] = Talker()
        return self._socket(socket_id)

    def _change(self, command: Callable[[SocketId], cmd.Command]) -> Callable[[Any], Fact]:
        def change(asked: dict[str, Any]) -> Fact:
            socket_id = SocketId(asked["id"])
            self._talkers[socket_id].streams.forgive()
            self._rig.change(command(socket_id))
            return {}

        return change

    def _remove(self, asked: dict[str, Any]) -> Fact:
        socket_id = SocketId(asked["id"])
        self._rig.change(cmd.RemoveSocket(socket_id))
        del self._talkers[socket_id]
        return {}

    def _topic(self, command: Callable[[SocketId, bytes], cmd.Command]) -> Callable[[Any], Fact]:
        def change(asked: dict[str, Any]) -> Fact:
            socket_id = SocketId(asked["id"])
            self._rig.change(command(socket_id, bytes.fromhex(asked["topic"])))
            return {}

        return change

    def _forgive(self, asked: dict[str, Any]) -> Fact:
        self._talkers[SocketId(asked["id"])].streams.forgive(asked.get("streams"))
        return {}

    def _echo(self, asked: dict[str, Any]) -> Fact:
        self._talkers[SocketId(asked["id"])].echoes = True
        return {}

    def _pulse(self, asked: dict[str, Any]) -> Fact:
        talker = self._talkers[SocketId(asked["id"])]
        talker.is_by_name = asked.get("to_peer", False)
        talker.pulses = [
            Pulse(
                asked["stream"] + number,
                asked["per_s"],
                tuple(bytes.fromhex(frame) for frame in prefix),
            )
            for number, prefix in enumerate(asked.get("prefixes", [[]]))
        ]
        return {}

    def _state(self, _asked: dict[str, Any]) -> Fact:
        return {
            **self._vitals.look(),
            "missed_rows": self._missed_rows,
            "sockets": [self._socket(socket_id) for socket_id in self._talkers],
        }

    def _socket(self, socket_id: SocketId) -> Fact:
        snapshot, talker = self._rig.snapshots[socket_id], self._talkers[socket_id]
        return {
            "id": socket_id,
            "name": snapshot.name,
            "state": snapshot.state.value,
            "peers": snapshot.peer_count,
            "endpoints": [status.actual for status in snapshot.endpoints],
            "problem": snapshot.problem.sentence() if snapshot.problem else "",
            "messages": self._rig.store.counters.of(socket_id).received.messages,
            "sent": sum(pulse.sent for pulse in talker.pulses),
            "echoed": talker.echoed,
            "refused": talker.refused,
            **talker.streams.report(),
        }

    def _tell_notices(self, _asked: dict[str, Any]) -> Fact:
        self._keep_notices()
        told = list(self._notices)
        self._notices.clear()
        return {"notices": told}

    def _quit(self, _asked: dict[str, Any]) -> Fact:
        self._is_over = True
        return {}

    def _keep_notices(self) -> None:
        for notice in self._rig.notices:
            kept = (notice.socket_id, notice.severity.name, notice.text, notice.hint)
            self._notices.append(kept)
            found = _PEER_ID.search(notice.text)
            if found and notice.socket_id in self._talkers:
                self._talkers[notice.socket_id].peer_id = found[1].encode()
        self._rig.notices.clear()

    # ---- messages ---------------------------------------------------------------------------

    def _take_rows(self) -> None:
        store = self._rig.store
        if store.first_row > self._row:
            self._missed_rows += store.first_row - self._row
            self._row = store.first_row
        end = min(store.end_row, self._row + _MOST_ROWS)
        for row in range(self._row, end):
            message = store.message(RowId(row))
            if message is None or message.direction is not Direction.RECEIVED:
                continue
            talker = self._talkers.get(message.socket_id)
            if talker is None:
                continue
            talker.streams.take(message.frames[-1])
            if talker.echoes:
                self._send(message.socket_id, message.frames, talker, None)
        self._row = end

    def _send_due(self) -> None:
        under_way = {id(pulse) for _, pulse in self._pulsed.values()}
        for socket_id, talker in self._talkers.items():
            for pulse in talker.pulses:
                message = None if id(pulse) in under_way else pulse.message()
                if message is not None:
                    frames = (*talker.to_peer, *message)
                    self._send(socket_id, frames, talker, pulse)

    def _send(
        self,
        socket_id: SocketId,
        frames: tuple[bytes, ...],
        talker: Talker,
        pulse: Pulse | None,
    ) -> None:
        self._request += 1
        request_id = RequestId(self._request)
        self._pulsed[request_id] = (talker, pulse)
        self._rig.post(cmd.SendMessage(request_id, socket_id, frames))

    def _take_reports(self) -> None:
        for request_id, report in self._rig.reports.items():
            talker, pulse = self._pulsed.pop(request_id, (None, None))
            if talker is None:
                continue
            talker.refused += not report.accepted
            if pulse is None:
                talker.echoed += report.accepted
            else:
                (pulse.passed if report.accepted else pulse.held)()
        self._rig.reports.clear()


def _descriptors() -> int:
    try:
        # Linux counts them since 6.2; before, its size is 0.
        return os.stat("/proc/self/fd").st_size or len(os.listdir("/proc/self/fd"))
    except OSError:
        import resource

        return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def main() -> None:
    """Open what was asked for, and obey until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("specs", nargs="*", metavar="SPEC")
    parser.add_argument("--descriptors", type=int, help="how many there are at most")
    parser.add_argument("--budget-mib", type=int, default=32)
    parser.add_argument("--kernels", action="store_true", help="with compiled kernels, if possible")
    options = parser.parse_args()
    if options.descriptors:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (options.descriptors,) * 2)
    kernels = KernelSet()
    if options.kernels:
        loader = KernelLoader(kernels)
        loader.start()
        loader.wait(_KERNELS_S)
    with EngineRig(options.budget_mib << 20, kernels) as rig:
        engine = Engine(rig)
        sockets = [engine.open(spec) for spec in options.specs]
        tell({"sockets": sockets, "kernels": kernels.state.value})
        engine.run()
    tell({"closed": True})


if __name__ == "__main__":
    main()
