"""What the generator knows: how the composer's message is to be sent very often. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from zmqscope.core.endpoints import leaves_machine
from zmqscope.core.load import (
    CounterFormat,
    CounterSpec,
    LoadPlan,
    counter_problem,
    plan_problem,
    sndhwm_of,
)
from zmqscope.core.types import Problem, SocketSpec, SocketType
from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.composer.frame_draft import draft_of
from zmqscope.models.composer.load_line import LoadLine
from zmqscope.models.composer.send_history import preview
from zmqscope.models.format import format_bytes, format_count, one_line

_CONTEXT = "Generator"

PRESETS_PER_S: tuple[float | None, ...] = (100.0, 1_000.0, 10_000.0, 100_000.0, None)
"""Messages/s; None is flat out."""

_FAST_PER_S = 100_000.0
_MUCH_BYTES = 256_000_000
_TAKES_TURNS = (SocketType.REQ, SocketType.REP)
_DROPS = (SocketType.PUB, SocketType.XPUB, SocketType.RADIO)


class GeneratorModel(QObject):
    """A plan for the composer's socket and message, and the load that is made of it.

    Args:
        composer: Whose message it is.
        parent: Owner.
    """

    changed = Signal()
    """The plan, the message, the socket or the load is another one."""

    def __init__(self, composer: ComposerModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._composer = composer
        self._rate_per_s: float | None = 1_000.0
        self._count: int | None = None
        self._is_numbered = False
        # Negative: the last frame, whichever that is.
        self._counter = CounterSpec(-1, 0)
        composer.message.edited.connect(self.changed)
        composer.socket_changed.connect(self.changed)
        composer.obstacle_changed.connect(self.changed)
        composer.loads.changed.connect(self.changed)

    # ---- the plan ---------------------------------------------------------------------------

    @property
    def rate_per_s(self) -> float | None:
        """Messages/s; None is flat out."""
        return self._rate_per_s

    def set_rate(self, per_s: float | None) -> None:
        """Choose how fast."""
        if per_s != self._rate_per_s:
            self._rate_per_s = per_s
            self.changed.emit()

    @property
    def count(self) -> int | None:
        """Messages in all; None is until stopped."""
        return self._count

    def set_count(self, count: int | None) -> None:
        """Choose how many."""
        if count != self._count:
            self._count = count
            self.changed.emit()

    @property
    def is_numbered(self) -> bool:
        """Whether there is a counter in the message."""
        return self._is_numbered

    def set_numbered(self, wanted: bool) -> None:
        """Put a counter into the message, or not."""
        if wanted != self._is_numbered:
            self._is_numbered = wanted
            self.changed.emit()

    @property
    def counter(self) -> CounterSpec:
        """The counter that is written if the message is numbered."""
        last = len(self._composer.message) - 1
        frame = self._counter.frame
        return replace(self._counter, frame=last if frame < 0 else frame)

    def set_counter(self, counter: CounterSpec) -> None:
        """Choose where the counter stands and how it is written."""
        if counter != self.counter:
            self._counter = counter
            self.changed.emit()

    def set_counter_format(self, kind: CounterFormat) -> None:
        """Choose how the counter is written; a start that does not fit begins at 0."""
        counter = replace(self._counter, format=kind)
        start = counter.start if counter.start < counter.limit else 0
        self._counter = replace(counter, start=start)
        self.changed.emit()

    def frame_count(self) -> int:
        """How many frames the message has."""
        return len(self._composer.message)

    def plan(self) -> LoadPlan | None:
        """What would be sent; None while a frame cannot be read."""
        frames = self._composer.message.data()
        if frames is None:
            return None
        counter = self.counter if self._is_numbered else None
        return LoadPlan(frames, self._rate_per_s, self._count, counter)

    # ---- its problems -----------------------------------------------------------------------

    @property
    def problem(self) -> Problem | None:
        """Why it cannot be started."""
        composer, kind = self._composer, self._composer.kind
        socket, plan = composer.socket, self.plan()
        if socket is not None and plan is not None and kind in _TAKES_TURNS:
            return plan_problem(socket.spec, plan)
        problem = composer.blocker()
        if problem is not None or socket is None or plan is None:
            return problem
        return plan_problem(socket.spec, plan)

    @property
    def lacks_socket(self) -> bool:
        """Whether there is no socket to send from."""
        return self._composer.socket is None

    @property
    def counter_problem(self) -> Problem | None:
        """Why the counter cannot be written as it was chosen."""
        frames = self._composer.message.data()
        if frames is None:
            return self._composer.fault()
        return counter_problem(self._composer.kind, frames, self.counter)

    def counter_frame(self) -> bytes | None:
        """The frame that the counter stands in; None if it cannot be read."""
        index = self.counter.frame
        if not 0 <= index < len(self._composer.message):
            return None
        return self._composer.message.check(index).data

    @property
    def missing_bytes(self) -> int:
        """How much longer the counter's frame would have to be."""
        if not self._is_numbered:
            return 0
        data = self.counter_frame()
        needed = self.counter.offset + self.counter.width
        return 0 if data is None else max(0, needed - len(data))

    def make_room(self) -> None:
        """Lengthen the counter's frame until the counter fits."""
        missing, frame = self.missing_bytes, self.counter.frame
        if not missing:
            return
        data = self._composer.message.check(frame).data or b""
        filler = b"0" if self.counter.format is CounterFormat.DECIMAL or data.isascii() else b"\0"
        self._composer.message.set_draft(frame, draft_of(data + filler * missing))

    @property
    def warning(self) -> str:
        """What one should know before it is started; empty if there is nothing."""
        socket, plan = self._composer.socket, self.plan()
        if socket is None or plan is None:
            return ""
        return _warning(socket.spec, plan)

    # ---- the load ---------------------------------------------------------------------------

    def message_words(self) -> str:
        """The message in one line."""
        return preview(self._composer.message.drafts)

    def size_words(self) -> str:
        """How large the message is."""
        message = self._composer.message
        size, count = format_bytes(message.total_bytes), len(message)
        if count == 1:
            return _tr("1 frame, {0}").format(size)
        return _tr("{0} frames, {1}").format(format_count(count), size)

    def line(self) -> LoadLine | None:
        """The load of the chosen socket, running or ended."""
        return self._composer.loads.newest_on(self._composer.socket_id)

    @property
    def is_running(self) -> bool:
        """Whether the chosen socket sends a load."""
        line = self.line()
        return line is not None and line.snapshot.running

    def start(self) -> bool:
        """Start the load; whether it was started."""
        socket, plan = self._composer.socket, self.plan()
        if self.problem is not None or socket is None or plan is None or self.is_running:
            return False
        self._composer.loads.start(socket, plan, self.message_words())
        return True

    @Slot()
    def stop(self) -> None:
        """Stop the load of the chosen socket."""
        line = self.line()
        if line is not None and line.snapshot.running:
            self._composer.loads.stop(line.snapshot.job_id)


def _warning(spec: SocketSpec, plan: LoadPlan) -> str:
    """The weightiest of what can be said."""
    is_fast = plan.rate_per_s is None or plan.rate_per_s >= _FAST_PER_S
    elsewhere = next((e.address for e in spec.endpoints if leaves_machine(e)), "")
    if is_fast and elsewhere:
        return _tr(
            "This goes to {0}, over the network, as fast as that takes it. Be sure that nobody "
            "there depends on it."
        ).format(one_line(elsewhere))
    queued = sndhwm_of(spec) * plan.message_bytes
    if is_fast and queued >= _MUCH_BYTES:
        return _tr(
            "Up to {0} may wait in libzmq's queue for each peer: {1} messages of {2} (sndhwm)."
        ).format(
            format_bytes(queued), format_count(sndhwm_of(spec)), format_bytes(plan.message_bytes)
        )
    if plan.rate_per_s is None and spec.type in _DROPS:
        return _tr(
            "A {0} waits for nobody: what a subscriber cannot take is dropped, and counts as sent."
        ).format(spec.type.name)
    if is_fast and plan.count is None:
        return _tr(
            "Sent messages are captured too: at such a rate older ones soon leave the memory."
        )
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
