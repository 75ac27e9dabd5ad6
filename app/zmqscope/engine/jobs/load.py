"""Generated load: paced or flat out, several at once, stopped at the next step. Loop thread."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Callable
from dataclasses import dataclass

import zmq

from zmqscope.core.load import LoadEnd, LoadPlan, LoadSnapshot, plan_problem
from zmqscope.core.types import JobId, Problem, Severity, SocketId
from zmqscope.engine.bursts import BurstBounds, Bursts, Outlet
from zmqscope.engine.jobs.running_load import RunningLoad
from zmqscope.engine.reasons import delivery_warning, frames_problem, send_problem
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.surroundings import Tell

_MS = 1_000_000
_MIN_SHARE_NS = 500_000
# Not failures of the load: no room now, or a signal came in between.
_GOES_ON = (0, errno.EAGAIN, errno.EINTR)
_GONE = Problem("This socket is gone.", "Open a new one.")
_CLOSED = Problem("The socket was closed.", "Reopen it and start again.")


@dataclass(frozen=True, slots=True)
class LoadParts:
    """What loads work with.

    Attributes:
        bursts: Sends and captures.
        find: A socket by its number.
        peers: Peers connected to a socket now.
        publish: Told how a load goes, at most five times a second, and how it ended.
        tell: Publishes a notice.
        now_ns: The monotonic clock.
    """

    bursts: Bursts
    find: Callable[[SocketId], ManagedSocket | None]
    peers: Callable[[ManagedSocket], int]
    publish: Callable[[LoadSnapshot], None]
    tell: Tell
    now_ns: Callable[[], int] = time.monotonic_ns


class Loads:
    """All running loads.

    Args:
        parts: See ``LoadParts``.
    """

    def __init__(self, parts: LoadParts) -> None:
        self._parts = parts
        self._loads: dict[JobId, RunningLoad] = {}
        self._turn = 0

    def start(self, job_id: JobId, socket_id: SocketId, plan: LoadPlan) -> None:
        """Begin, or say why not."""
        now_ns = self._parts.now_ns()
        load = RunningLoad(job_id, socket_id, plan, now_ns)
        problem = self._problem(socket_id, plan)
        self._loads[job_id] = load
        if problem is not None:
            self._end(load, LoadEnd.FAILED, problem)
        else:
            self._parts.publish(load.snapshot(now_ns))

    def _problem(self, socket_id: SocketId, plan: LoadPlan) -> Problem | None:
        managed = self._parts.find(socket_id)
        if managed is None:
            return _GONE
        if managed.socket is None:
            return _why_not(managed)
        return frames_problem(managed.spec, plan.frames) or plan_problem(managed.spec, plan)

    def stop(self, job_id: JobId) -> None:
        """End one, as the user wishes."""
        load = self._loads.get(job_id)
        if load is not None:
            self._end(load, LoadEnd.STOPPED)

    def stop_for(self, socket_id: SocketId, problem: Problem) -> None:
        """End those of a socket that goes away."""
        for load in [load for load in self._loads.values() if load.socket_id == socket_id]:
            self._end(load, LoadEnd.FAILED, problem)

    def stop_all(self) -> None:
        """End all."""
        for load in list(self._loads.values()):
            self._end(load, LoadEnd.STOPPED)

    def wait_ms(self, limit_ms: int) -> int:
        """How long the loop may sleep, at most ``limit_ms``."""
        if not self._loads:
            return limit_ms
        now_ns = self._parts.now_ns()
        wait_ns = min(load.wait_ns(now_ns) for load in self._loads.values())
        return min(limit_ms, -(-wait_ns // _MS))

    def run_due(self) -> bool:
        """Send what is due, each load its share; whether anything was sent."""
        if not self._loads:
            return False
        now_ns = self._parts.now_ns()
        due = [(load, messages) for load in self._loads.values() if (messages := load.due(now_ns))]
        before = sum(load.sent for load, _ in due)
        self._send_all(due, now_ns)
        after = sum(load.sent for load, _ in due)
        self._tell_all()
        return after > before

    def _send_all(self, due: list[tuple[RunningLoad, int]], now_ns: int) -> None:
        """In turn, another one first each time, until the time of one step is up."""
        if not due:
            return
        total_ns = self._parts.bursts.burst_ns
        share_ns = max(_MIN_SHARE_NS, total_ns // len(due))
        first = self._turn % len(due)
        for load, messages in due[first:] + due[:first]:
            self._turn += 1
            self._send(load, messages, share_ns)
            if self._parts.now_ns() - now_ns >= total_ns:
                return

    def _send(self, load: RunningLoad, messages: int, share_ns: int) -> None:
        parts = self._parts
        managed = parts.find(load.socket_id)
        if managed is None or managed.socket is None:
            self._end(load, LoadEnd.FAILED, _why_not(managed))
            return
        kind = managed.spec.type
        outlet = Outlet(managed.socket, load.socket_id, kind, managed.topic_rule)
        # POLLOUT says nothing about a single peer.
        bounds = BurstBounds(load.sent, messages, share_ns, may_wait=not kind.routes_by_identity)
        began_ns = parts.now_ns()
        if load.is_blocked:
            # A send that does not wait looks for news of its peers only once in about 3 million
            # cycles (socket_base.cpp, process_commands); this looks at once. What is wrong with the
            # socket, the burst says.
            with contextlib.suppress(zmq.ZMQError):
                managed.socket.get(zmq.EVENTS)
        result = parts.bursts.burst(outlet, load.plan, bounds)
        load.note(result, began_ns, parts.now_ns())
        if result.errno not in _GOES_ON:
            error = zmq.ZMQError(result.errno)
            problem = send_problem(managed.spec, parts.peers(managed), error)
            self._end(load, LoadEnd.FAILED, problem)
        elif load.is_complete:
            self._end(load, LoadEnd.COMPLETE)

    def stuck(self) -> frozenset[SocketId]:
        """Sockets that have taken nothing for a while of what they should send."""
        if not self._loads:
            return frozenset()
        now_ns = self._parts.now_ns()
        return frozenset(load.socket_id for load in self._loads.values() if load.is_stuck(now_ns))

    # ---- telling ----------------------------------------------------------------------------

    def _tell_all(self) -> None:
        now_ns = self._parts.now_ns()
        for load in self._loads.values():
            if load.should_tell(now_ns):
                self._parts.publish(load.snapshot(now_ns, self._trouble(load, now_ns)))

    def _trouble(self, load: RunningLoad, now_ns: int) -> Problem | None:
        """What keeps it from sending, or its messages from arriving."""
        managed = self._parts.find(load.socket_id)
        if managed is None:
            return None
        peers = self._parts.peers(managed)
        if load.is_stuck(now_ns):
            return send_problem(managed.spec, peers, zmq.Again())
        return delivery_warning(managed.spec, peers, load.plan.frames) if load.sent else None

    def _end(self, load: RunningLoad, end: LoadEnd, problem: Problem | None = None) -> None:
        del self._loads[load.job_id]
        snapshot = load.snapshot(self._parts.now_ns(), problem, end)
        self._parts.publish(snapshot)
        severity = Severity.ERROR if end is LoadEnd.FAILED else Severity.INFO
        hint = problem.hint if problem is not None else ""
        self._parts.tell(load.socket_id, severity, _words(snapshot), hint)


def _words(load: LoadSnapshot) -> str:
    """How a load ended, in one line."""
    if load.end is LoadEnd.FAILED and not load.sent:
        return f"No load was sent. {load.problem.text if load.problem else ''}".strip()
    sent = "1 message" if load.sent == 1 else f"{load.sent:,} messages"
    words = f"Load sent: {sent} in {load.seconds:.1f} s, {load.mean_per_s:,.0f}/s."
    return words if load.problem is None else f"{words} {load.problem.text}"


def _why_not(managed: ManagedSocket | None) -> Problem:
    """Why nothing can be sent on what is no open socket."""
    if managed is None:
        return _GONE
    return managed.why_not_open() if managed.is_opening else _CLOSED
