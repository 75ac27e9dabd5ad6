"""Carries out what the window asks for: opens, changes, sends, starts jobs. Loop thread."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Problem, SendReport, Severity, SocketId, SocketSpec
from zmqscope.engine import commands as cmd
from zmqscope.engine.access.access import Access
from zmqscope.engine.control import ControlReceiver
from zmqscope.engine.doctor.desk import DoctorDesk
from zmqscope.engine.jobs.load import Loads
from zmqscope.engine.jobs.periodic import PeriodicSends
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.outbox import Outbox
from zmqscope.engine.sender import Sender
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.surroundings import Tell
from zmqscope.engine.table import SocketTable

log = logging.getLogger(__name__)

# However many commands are waiting, everything else gets its turn soon after.
_ALL_COMMANDS_S = 0.02
_GONE = Problem("This socket is gone.", "Open a new one.")
_CLOSED = Problem("The socket was closed.", "Reopen it and start again.")
_CLOSES = (cmd.CloseSocket, cmd.ReopenSocket, cmd.ChangeSpec, cmd.RemoveSocket)


@dataclass(frozen=True, slots=True)
class CommandParts:
    """Whom commands concern.

    Attributes:
        control: Where commands come from.
        sockets: All sockets.
        sender: Sends single messages.
        periodic: Periodic sends.
        loads: Generated loads.
        access: Who may come in.
        links: Endpoints that links serve.
        doctor: Told of what was sent, and of sockets that go.
        store: Its rates are forgotten with a socket.
        outbox: Where reports go.
        tell: Publishes a notice about a socket.
    """

    control: ControlReceiver
    sockets: SocketTable
    sender: Sender
    periodic: PeriodicSends
    loads: Loads
    access: Access
    links: LinkDesk
    doctor: DoctorDesk
    store: CaptureStore
    outbox: Outbox
    tell: Tell


class CommandDesk:
    """Carries commands out, one after the other.

    Args:
        parts: See ``CommandParts``.

    Attributes:
        stopping: Whether the end was asked for.
    """

    def __init__(self, parts: CommandParts) -> None:
        self._control = parts.control
        self._sockets = parts.sockets
        self._sender = parts.sender
        self._periodic = parts.periodic
        self._loads = parts.loads
        self._access = parts.access
        self._links = parts.links
        self._doctor = parts.doctor
        self._store = parts.store
        self._outbox = parts.outbox
        self._tell = parts.tell
        self.stopping = False

    def run(self) -> None:
        """Carry out what was asked for, for a bounded time."""
        deadline_s = time.monotonic() + _ALL_COMMANDS_S
        for command in self._control.take():
            try:
                self._run(command)
            except zmq.ZMQError as error:
                log.exception("command %s", type(command).__name__)
                self._on_refused(command, error)
            if self.stopping or time.monotonic() > deadline_s:
                return

    def _on_refused(self, command: cmd.Command, error: zmq.ZMQError) -> None:
        socket_id = getattr(command, "socket_id", None)
        self._tell(socket_id, Severity.ERROR, f"libzmq refused: {error}.", "")
        managed = None if socket_id is None else self._sockets.get(socket_id)
        if managed is not None:
            self._sockets.publish(managed)

    def _run(self, command: cmd.Command) -> None:
        match command:
            case cmd.Shutdown():
                self.stopping = True
            case cmd.OpenSocket():
                self._see_to_access(command.socket_id, command.spec)
                self._sockets.open_new(command.socket_id, command.spec)
            case cmd.SendMessage():
                taken, problem = self.send(command.socket_id, command.frames)
                report = SendReport(command.request_id, command.socket_id, taken, problem)
                self._outbox.put_report(report)
            case cmd.StartPeriodicSend():
                self._start_job(command)
            case cmd.StartLoad():
                self._loads.start(command.job_id, command.socket_id, command.plan)
            case cmd.StopJob():
                self._periodic.stop(command.job_id)
                self._loads.stop(command.job_id)
            case cmd.SetAccess():
                self._access.set_lists(command.lists)
                self._links.set_access(command.lists)
            case cmd.AnswerKnock():
                self._access.answer(command.knock_id, command.verdict)
            case _:
                managed = self._sockets.get(command.socket_id)
                if managed is not None:
                    self._change(managed, command)
                if isinstance(command, cmd.RemoveSocket):
                    self._store.rates.forget(command.socket_id)
                    self._access.on_removed(command.socket_id)
                    self._doctor.on_removed(command.socket_id)

    def _change(self, managed: ManagedSocket, command: cmd.ChangeSocket) -> None:
        socket_id = command.socket_id
        if isinstance(command, _CLOSES):
            self._periodic.stop_for(socket_id, _CLOSED)
            self._loads.stop_for(socket_id, _CLOSED)
            self._access.on_closed(socket_id)
        if isinstance(command, cmd.ChangeSpec) and command.opens:
            self._see_to_access(socket_id, command.spec)
        elif isinstance(command, cmd.ReopenSocket):
            self._see_to_access(socket_id, managed.spec)
        self._sockets.change(managed, command)

    def _see_to_access(self, socket_id: SocketId, spec: SocketSpec) -> None:
        """Have the authenticator there before a socket that needs it is opened."""
        problem = self._access.see_to(socket_id, spec)
        if problem is not None:
            self._tell(socket_id, Severity.ERROR, problem.text, problem.hint)

    def _start_job(self, command: cmd.StartPeriodicSend) -> None:
        self._periodic.start(command.job_id, command.socket_id, command.frames, command.interval_s)
        if self._sockets.get(command.socket_id) is None:
            self._periodic.stop(command.job_id, _GONE)

    def send(self, socket_id: SocketId, frames: tuple[bytes, ...]) -> tuple[bool, Problem | None]:
        """Send a message now; whether libzmq took it, and what there is to say."""
        managed = self._sockets.get(socket_id)
        if managed is None:
            return False, _GONE
        peers = self._sockets.peer_count(managed)
        result = self._sender.send(managed, frames, peers)
        if result[0] or self._sender.refused_with:
            self._doctor.on_sent(managed, frames, peers, self._sender.refused_with)
        if result[0] and managed.note_sent(frames):
            self._sockets.publish(managed)
        self._outbox.notify()
        return result
