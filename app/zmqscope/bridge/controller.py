"""What the window talks to: commands down, signals up. Lives on the GUI thread."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from dataclasses import replace

from PySide6.QtCore import QObject, QThread, Signal, Slot

from zmqscope.bridge.worker import EngineWorker, WakeUp
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.diagnosis.history import FindingHistory
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.load import LoadPlan
from zmqscope.core.peers import SocketPeers
from zmqscope.core.security.access import AccessList, KnockId, Verdict
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import (
    Endpoint,
    JobId,
    RequestId,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
)
from zmqscope.engine import commands as cmd
from zmqscope.engine.best_drain import BestDrain
from zmqscope.engine.context import make_context
from zmqscope.engine.control import ControlQueue, ControlSender
from zmqscope.engine.kernel_loader import KernelLoader
from zmqscope.engine.loop import EngineLoop, EngineParts
from zmqscope.engine.outbox import Outbox

log = logging.getLogger(__name__)


class EngineController(QObject):
    """Starts the engine on its own thread, and stops it.

    All methods return at once; what comes of them arrives as signals.

    Args:
        store: Where rows go.
        clock: The capture clock.
        secrets: Secrets that are kept in memory, for the engine to read.
    """

    socket_changed = Signal(object)
    """SocketSnapshot."""
    socket_removed = Signal(object)
    """SocketId."""
    notice_posted = Signal(object)
    """Notice."""
    send_finished = Signal(object)
    """SendReport."""
    job_changed = Signal(object)
    """JobSnapshot."""
    load_changed = Signal(object)
    """LoadSnapshot."""
    peers_changed = Signal(object)
    """SocketPeers."""
    findings_changed = Signal(object)
    """tuple[Finding, ...]: all that last now."""
    events_changed = Signal(object)
    """tuple[EventLine, ...]: new and changed lines."""
    knock_changed = Signal(object)
    """Knock."""
    woken = Signal()
    """Something is new, in the store or in the other signals; coalesced."""

    def __init__(
        self, store: CaptureStore, clock: CaptureClock, secrets: SessionSecrets | None = None
    ) -> None:
        super().__init__()
        self.clock = clock
        self.store = store
        self._secrets = secrets or SessionSecrets()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}
        self.peers: dict[SocketId, SocketPeers] = {}
        self.findings = FindingHistory()
        self.dropped_news = 0
        self.kernels = KernelSet()
        self.drain = BestDrain(store, clock.offset_ns, self.kernels)
        self._loader = KernelLoader(self.kernels)
        self._numbers = itertools.count(1)
        self._context = make_context()
        self._queue = ControlQueue()
        self._control = ControlSender(self._context, self._queue)
        self._wake_up = WakeUp()
        self._outbox = Outbox(self._wake_up.notify)
        self._wake_up.woken.connect(self.on_wake_up_woken)
        self._thread = QThread()
        self._thread.setObjectName("zmqscope-engine")
        self._worker = EngineWorker(self._make_loop)
        self._term: threading.Thread | None = None
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.run)

    def start(self) -> None:
        """Start the engine's thread."""
        self._thread.start(QThread.Priority.HighPriority)

    def load_kernels(self) -> None:
        """Begin to load kernels, on a thread of their own; each is used as soon as it is there."""
        self._loader.start()

    def stop(self, timeout_ms: int) -> bool:
        """End the engine: sockets closed without lingering, context terminated, thread joined.

        Args:
            timeout_ms: How long to wait for it.

        Returns:
            Whether it ended in time; if not, one of its threads still runs.
        """
        deadline_s = time.monotonic() + timeout_ms / 1000
        if self._thread.isRunning():
            self._control.post_first(cmd.Shutdown())
            if not self._thread.wait(timeout_ms):
                return False
        self._control.close()
        # term() waits for libzmq's I/O thread, which a name look-up can hold up for a long time.
        if self._term is None:
            self._term = threading.Thread(
                target=self._context.term, name="zmqscope-term", daemon=True
            )
            self._term.start()
        self._term.join(max(0.1, deadline_s - time.monotonic()))
        # A compiler cannot be interrupted: it is left behind like anything else that hangs.
        has_loaded = self._loader.stop(max(0.0, deadline_s - time.monotonic()))
        return has_loaded and not self._term.is_alive()

    def _make_loop(self) -> EngineLoop:
        return EngineLoop(
            EngineParts(
                self._context,
                self._queue,
                self.store,
                self.clock,
                self.drain,
                self.kernels,
                self._outbox,
                self._secrets,
            )
        )

    # ---- commands ---------------------------------------------------------------------------

    def open_socket(self, spec: SocketSpec) -> SocketId:
        """Open a socket; it is listed at once, as opening."""
        socket_id = SocketId(next(self._numbers))
        named = spec if spec.name else replace(spec, name=self._free_name(spec))
        snapshot = SocketSnapshot(socket_id, named, SocketState.OPENING)
        self.snapshots[socket_id] = snapshot
        self._control.post(cmd.OpenSocket(socket_id, named))
        self.socket_changed.emit(snapshot)
        return socket_id

    def close_socket(self, socket_id: SocketId) -> None:
        """Close a socket; it stays listed."""
        self._control.post(cmd.CloseSocket(socket_id))

    def reopen_socket(self, socket_id: SocketId) -> None:
        """Open a socket again as it is now."""
        self._control.post(cmd.ReopenSocket(socket_id))

    def change_spec(self, socket_id: SocketId, spec: SocketSpec, *, opens: bool = True) -> None:
        """Open a socket again with another spec of the same type; its figures go on.

        Args:
            socket_id: The socket.
            spec: The spec from now on.
            opens: Whether it is opened; a closed one can be left closed.
        """
        self._control.post(cmd.ChangeSpec(socket_id, spec, opens))

    def remove_socket(self, socket_id: SocketId) -> None:
        """Close a socket and take it off the list."""
        self._control.post(cmd.RemoveSocket(socket_id))

    def rename_socket(self, socket_id: SocketId, name: str) -> None:
        """Give a socket another name."""
        self._control.post(cmd.RenameSocket(socket_id, name))

    def add_endpoint(self, socket_id: SocketId, endpoint: Endpoint) -> None:
        """Bind or connect one more endpoint."""
        self._control.post(cmd.AddEndpoint(socket_id, endpoint))

    def remove_endpoint(self, socket_id: SocketId, endpoint: Endpoint) -> None:
        """Unbind or disconnect an endpoint."""
        self._control.post(cmd.RemoveEndpoint(socket_id, endpoint))

    def retry_endpoint(self, socket_id: SocketId, endpoint: Endpoint) -> None:
        """Try an endpoint again from the start."""
        self._control.post(cmd.RetryEndpoint(socket_id, endpoint))

    def subscribe(self, socket_id: SocketId, topic: bytes) -> None:
        """Add a topic prefix to a SUB or XSUB."""
        self._control.post(cmd.Subscribe(socket_id, topic))

    def unsubscribe(self, socket_id: SocketId, topic: bytes) -> None:
        """Take a topic prefix off a SUB or XSUB."""
        self._control.post(cmd.Unsubscribe(socket_id, topic))

    def send(self, socket_id: SocketId, frames: tuple[bytes, ...]) -> RequestId:
        """Send one message; ``send_finished`` says what became of it."""
        request_id = RequestId(next(self._numbers))
        self._control.post(cmd.SendMessage(request_id, socket_id, frames))
        return request_id

    def start_periodic_send(
        self, socket_id: SocketId, frames: tuple[bytes, ...], interval_s: float
    ) -> JobId:
        """Send a message every ``interval_s`` seconds; ``job_changed`` tells how it goes."""
        job_id = JobId(next(self._numbers))
        self._control.post(cmd.StartPeriodicSend(job_id, socket_id, frames, interval_s))
        return job_id

    def start_load(self, socket_id: SocketId, plan: LoadPlan) -> JobId:
        """Send a message very often; ``load_changed`` tells how it goes."""
        job_id = JobId(next(self._numbers))
        self._control.post(cmd.StartLoad(job_id, socket_id, plan))
        return job_id

    def stop_job(self, job_id: JobId) -> None:
        """Stop a periodic send or a load."""
        self._control.post(cmd.StopJob(job_id))

    def set_access(self, lists: tuple[AccessList, ...]) -> None:
        """These access lists hold from now on."""
        self._control.post(cmd.SetAccess(lists))

    def answer_knock(self, knock_id: KnockId, verdict: Verdict) -> None:
        """Let an unknown peer in this time, or refuse it."""
        self._control.post(cmd.AnswerKnock(knock_id, verdict))

    def _free_name(self, spec: SocketSpec) -> str:
        """The type in lower case with the first free number: ``sub 1``."""
        taken = {snapshot.name for snapshot in self.snapshots.values()}
        stem = spec.type.name.lower()
        return next(f"{stem} {n}" for n in itertools.count(1) if f"{stem} {n}" not in taken)

    # ---- news -------------------------------------------------------------------------------

    @Slot()
    def on_wake_up_woken(self) -> None:
        """Fetch what the engine has to tell and pass it on."""
        self._wake_up.consume()
        update = self._outbox.take()
        self.dropped_news = update.dropped
        for snapshot in update.sockets:
            self.snapshots[snapshot.socket_id] = snapshot
            self.socket_changed.emit(snapshot)
        for socket_id in update.removed:
            self.snapshots.pop(socket_id, None)
            self.peers.pop(socket_id, None)
            self.socket_removed.emit(socket_id)
        for peers in update.peers:
            if peers.socket_id in self.snapshots:
                self.peers[peers.socket_id] = peers
                self.peers_changed.emit(peers)
        for notice in update.notices:
            self.notice_posted.emit(notice)
        for report in update.reports:
            self.send_finished.emit(report)
        for job in update.jobs:
            self.job_changed.emit(job)
        for load in update.loads:
            self.load_changed.emit(load)
        for knock in update.knocks:
            self.knock_changed.emit(knock)
        if update.findings is not None:
            self.findings.take(update.findings, self.clock.now_ns())
            self.findings_changed.emit(update.findings)
        if update.events:
            self.events_changed.emit(update.events)
        self.woken.emit()
