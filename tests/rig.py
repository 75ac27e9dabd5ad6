"""The engine without Qt: its loop stepped on the test's own thread."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from types import TracebackType

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.events import EventLine
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.load import LoadSnapshot
from zmqscope.core.peers import SocketPeers
from zmqscope.core.security.access import Knock, KnockId
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import (
    JobSnapshot,
    Message,
    Notice,
    RequestId,
    SendReport,
    SocketId,
    SocketSnapshot,
)
from zmqscope.engine import commands as cmd
from zmqscope.engine.best_drain import BestDrain
from zmqscope.engine.context import make_context
from zmqscope.engine.control import ControlQueue, ControlSender
from zmqscope.engine.event_book import EventBook
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.loop import EngineLoop, EngineParts
from zmqscope.engine.outbox import Outbox
from zmqscope.engine.secret_keeper import Ticket
from zmqscope.engine.surroundings import Surroundings
from zmqscope.engine.watch.watch import PeerWatch

Socket = zmq.Socket[bytes]
MakePeer = Callable[[int], Socket]


def quiet_book() -> EventBook:
    """A log of events that nobody reads."""
    return EventBook(lambda _: None, lambda _: None, lambda: None, lambda: 0)


def quiet_watch() -> PeerWatch:
    """A watch over peers that tells nobody."""
    watch = PeerWatch(CaptureStore(1 << 20), CaptureClock(), lambda _: None, lambda: None)
    watch.close()  # its thread will not start
    return watch


def quiet_surroundings(context: zmq.Context[Socket], links: LinkDesk) -> Surroundings:
    """What a socket works with, where nobody listens and nobody is asked."""
    return Surroundings(
        context,
        lambda *_: True,
        lambda *_: None,
        links,
        quiet_book(),
        lambda *_: Ticket(1),
        quiet_watch(),
    )


class EngineRig:
    """An engine loop, everything it told, and helpers to wait for a condition.

    Args:
        budget_bytes: Memory budget of the store.
        kernels: What the loop may use; none by default.
        patience: How long the doctor waits before it speaks; as in the app by default.
    """

    def __init__(
        self,
        budget_bytes: int = 512 * 1024 * 1024,
        kernels: KernelSet | None = None,
        patience: Patience | None = None,
    ) -> None:
        kernels = kernels or KernelSet()
        self.store = CaptureStore(budget_bytes)
        self.clock = CaptureClock()
        self.context = make_context()
        self.wake_ups = 0
        self.snapshots: dict[SocketId, SocketSnapshot] = {}
        self.removed: list[SocketId] = []
        self.notices: list[Notice] = []
        self.events: dict[int, EventLine] = {}
        self.peers: dict[SocketId, SocketPeers] = {}
        self.knocks: dict[KnockId, Knock] = {}
        self.findings: tuple[Finding, ...] = ()
        self.reports: dict[RequestId, SendReport] = {}
        self.jobs: dict[int, JobSnapshot] = {}
        self.loads: dict[int, LoadSnapshot] = {}
        self.secrets = SessionSecrets()
        self._numbers = itertools.count(1)
        self._outbox = Outbox(self._on_notify)
        queue = ControlQueue()
        self._control = ControlSender(self.context, queue)
        drain = BestDrain(self.store, self.clock.offset_ns, kernels)
        self.loop = EngineLoop(
            EngineParts(
                self.context,
                queue,
                self.store,
                self.clock,
                drain,
                kernels,
                self._outbox,
                self.secrets,
                patience or Patience(),
            )
        )

    def __enter__(self) -> EngineRig:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close everything and terminate the context."""
        self.loop.close()
        self._control.close()
        self.context.term()

    def _on_notify(self) -> None:
        self.wake_ups += 1

    def post(self, command: cmd.Command) -> None:
        """Queue a command; it is carried out at the next step."""
        self._control.post(command)

    def post_first(self, command: cmd.Command) -> None:
        """The same, but before all that wait."""
        self._control.post_first(command)

    def step(self, timeout_ms: int = 10) -> None:
        """One step of the loop, and everything that it told taken in."""
        self.loop.step(timeout_ms)
        update = self._outbox.take()
        self.snapshots.update((s.socket_id, s) for s in update.sockets)
        for socket_id in update.removed:
            self.snapshots.pop(socket_id, None)
            self.removed.append(socket_id)
        self.notices.extend(update.notices)
        self.peers.update((each.socket_id, each) for each in update.peers)
        self.events.update((line.number, line) for line in update.events)
        if update.findings is not None:
            self.findings = update.findings
        self.knocks.update((knock.knock_id, knock) for knock in update.knocks)
        self.reports.update((r.request_id, r) for r in update.reports)
        self.jobs.update((j.job_id, j) for j in update.jobs)
        self.loads.update((load.job_id, load) for load in update.loads)

    def until(self, condition: Callable[[], object], timeout_s: float = 60.0) -> None:
        """Step until a condition holds.

        Raises:
            AssertionError: It did not hold in time; the message tells the engine's state.
        """
        deadline = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > deadline:
                told = [notice.text for notice in self.notices[-10:]]
                raise AssertionError(f"not in {timeout_s} s; {self.snapshots=} {told=}")
            self.step()

    def open(self, spec: str) -> SocketId:
        """Open a socket from its spec's text and wait until it is listed."""
        socket_id = SocketId(next(self._numbers))
        self.post(cmd.OpenSocket(socket_id, parse_spec(spec)))
        self.until(lambda: socket_id in self.snapshots)
        return socket_id

    def change(self, command: cmd.Command) -> None:
        """Post a command and step once, so that it is carried out."""
        self.post(command)
        self.step()

    def send(self, socket_id: SocketId, *frames: bytes) -> SendReport:
        """Send a message and wait for its report."""
        request_id = RequestId(next(self._numbers))
        self.post(cmd.SendMessage(request_id, socket_id, frames))
        self.until(lambda: request_id in self.reports)
        return self.reports[request_id]

    def address(self, socket_id: SocketId, index: int = 0) -> str:
        """The real address of an endpoint."""
        return self.snapshots[socket_id].endpoints[index].actual

    def messages(self, socket_id: SocketId | None = None) -> list[Message]:
        """Everything in the store, of one socket or all."""
        rows = range(self.store.first_row, self.store.end_row)
        found = (self.store.message(row) for row in rows)
        return [m for m in found if m and socket_id in (None, m.socket_id)]
