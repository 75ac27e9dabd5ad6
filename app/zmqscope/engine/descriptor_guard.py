"""Watches file descriptors, and stops libzmq's listeners before none are left. Loop thread.

libzmq lets everybody in until accept(2) fails. Then over tcp it asks again without a pause, and
over ipc it ends the process (ipc_listener.cpp:297), as it does when it has to bind, or to reconnect
from a source address (ip_resolver.cpp:542). What is unbound gives up its connections, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import zmq

from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import Problem, Role, Severity
from zmqscope.engine.attachment import Attachment, Told
from zmqscope.engine.binding import bind, unbind
from zmqscope.engine.context import MORE_ROOM, descriptor_reserve, spare_descriptors
from zmqscope.engine.links.linked_attachment import LinkedAttachment
from zmqscope.engine.monitor import ROOM, read_events
from zmqscope.engine.notice_gate import NoticeGate
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.surroundings import Tell

_LOOK_S = 1.0
# So many connections a second libzmq can let in, measured: the next look comes before it has.
_FASTEST_PER_S = 40_000
# What a listener that was stopped gives back takes a moment to be free.
_BETWEEN_PAUSES_S = 0.25
_PAUSE_S = 5.0
# It pays to stop a listener with so many connections; near the end, any. So many more since the
# last look are an attack, of which the rest is under way.
_WORTH = 16
_LAST = 16
_ROOM = 32


@dataclass(frozen=True, slots=True)
class _Paused:
    """A listener that was stopped.

    Attributes:
        managed: Whose it is.
        attachment: Stands for it meanwhile.
        until_s: Not before this it listens again; monotonic.
    """

    managed: ManagedSocket
    attachment: Attachment
    until_s: float


class DescriptorGuard:
    """Tells when few are left, and pauses listeners of libzmq until there is room again.

    Links watch for themselves (``Gate``), and stop a little earlier.

    Args:
        sockets: All that are listed.
        tell: Publishes a notice.
        publish: Publishes a socket's state.
    """

    def __init__(
        self,
        sockets: Iterable[ManagedSocket],
        tell: Tell,
        publish: Callable[[ManagedSocket], None],
    ) -> None:
        self._sockets = sockets
        self._tell = tell
        self._publish = publish
        self._notices = NoticeGate()
        self._paused: list[_Paused] = []
        self._is_short = False
        self._spare_before = 0
        self._next_look_s = 0.0
        self._next_pause_s = 0.0

    def look(self, now_s: float) -> None:
        """Count them, if it is time to, and do what is necessary.

        Args:
            now_s: Monotonic time in seconds.
        """
        if now_s < self._next_look_s:
            return
        spare = spare_descriptors()
        if spare is None:
            self._next_look_s = float("inf")
            return
        self._next_look_s = now_s + min(_LOOK_S, max(0, spare) / _FASTEST_PER_S)
        reserve = descriptor_reserve()
        is_falling = self._spare_before - spare >= _WORTH
        self._spare_before = spare
        if spare < reserve:
            self._on_short(spare, reserve, is_falling, now_s)
        elif spare >= reserve + _ROOM:
            self._is_short = False
            self._resume(now_s)

    # ---- too few ----------------------------------------------------------------------------

    def _on_short(self, spare: int, reserve: int, is_falling: bool, now_s: float) -> None:
        if not self._is_short:
            self._is_short = True
            text = f"Fewer than {reserve} file descriptors are left."
            admitted = self._notices.admit(text, now_s)
            if admitted is not None:
                self._tell(None, Severity.WARNING, admitted, MORE_ROOM)
        is_enough = spare >= (reserve if is_falling else reserve // 2)
        if is_enough or now_s < self._next_pause_s:
            return
        found = max(self._listeners(), key=lambda each: len(each[1].crowd), default=None)
        if found is not None and (len(found[1].crowd) >= _WORTH or spare < _LAST):
            self._next_pause_s = now_s + _BETWEEN_PAUSES_S
            self._pause(*found, now_s)

    def _listeners(self) -> Iterator[tuple[ManagedSocket, Attachment]]:
        """Endpoints at which libzmq lets peers in, and that can be had again."""
        for managed in self._sockets:
            for attachment in managed.attachments:
                is_linked = isinstance(attachment, LinkedAttachment)
                is_bound = attachment.attached and attachment.endpoint.role is Role.BIND
                if is_bound and not is_linked and _can_come_back(attachment):
                    yield managed, attachment

    def _pause(self, managed: ManagedSocket, attachment: Attachment, now_s: float) -> None:
        if managed.socket is None or managed.monitor is None:
            return
        count = len(attachment.crowd)
        # Everything that its monitor has of it: what is told later is of no connection of ours.
        managed.events.take(unbind(managed.socket, managed.monitor, attachment))
        problem = Problem(
            f"{attachment.actual} does not listen for a moment: its {count} connections had used "
            "up the file descriptors.",
            "It listens again by itself. " + MORE_ROOM,
        )
        paused = _in_place_of(managed, attachment)
        paused.fail(problem)
        managed.tell(Told(Severity.ERROR, problem.text, problem.hint))
        self._paused.append(_Paused(managed, paused, now_s + _PAUSE_S))
        self._publish(managed)

    # ---- enough again -----------------------------------------------------------------------

    def _resume(self, now_s: float) -> None:
        """Bind the next one anew: one a look, since it may bring the same peers again."""
        due = next((each for each in self._paused if each.until_s <= now_s), None)
        if due is None:
            return
        self._paused.remove(due)
        managed = due.managed
        if managed.socket is None or due.attachment not in managed.attachments:
            return  # closed, taken off or retried meanwhile
        if managed.monitor is not None:
            managed.events.take(read_events(managed.monitor, ROOM))  # as for every bind
        if "ipv6" not in dict(managed.spec.options):
            managed.socket.set(zmq.IPV6, int("[" in due.attachment.actual))
        fresh = _in_place_of(managed, due.attachment)
        problem = bind(managed.socket, fresh, due.attachment.actual)
        if problem is not None:
            fresh.fail(problem)
            managed.tell(Told(Severity.ERROR, problem.text, problem.hint))
        else:
            managed.tell(Told(Severity.INFO, f"{fresh.actual} listens again."))
        self._publish(managed)


def _can_come_back(attachment: Attachment) -> bool:
    # The folder of a private ipc path goes with it; nobody else can knock there anyway.
    scheme = transport_of(attachment.endpoint)
    return scheme == "tcp" or (scheme == "ipc" and attachment.endpoint.address != "ipc://*")


def _in_place_of(managed: ManagedSocket, attachment: Attachment) -> Attachment:
    """A new attachment of the same endpoint; the old one's connections are gone."""
    fresh = Attachment(managed.spec.type, attachment.endpoint)
    fresh.actual = attachment.actual
    managed.attachments[managed.attachments.index(attachment)] = fresh
    return fresh
