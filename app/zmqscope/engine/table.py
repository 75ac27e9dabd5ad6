"""All sockets of the app: opened, changed, closed, and kept together over inproc. Loop thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from zmqscope.core.capture.counters import CounterTable
from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import Endpoint, SocketId, SocketSnapshot, SocketSpec, SocketType
from zmqscope.engine import commands as cmd
from zmqscope.engine.inproc import InprocLinks, inproc_addresses
from zmqscope.engine.links.plan import GateReport
from zmqscope.engine.outbox import Outbox
from zmqscope.engine.poll_set import PollSet
from zmqscope.engine.secret_keeper import SecretAnswer
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.surroundings import Surroundings

_EMPTY_S = 0.1


@dataclass(frozen=True, slots=True)
class TableParts:
    """What a table works with.

    Attributes:
        around: What sockets work with.
        polled: Where open ones are polled.
        counters: Their live figures.
        outbox: Where their state is told.
        take: Takes what a socket has received, up to a bound; whether it has nothing more.
    """

    around: Surroundings
    polled: PollSet
    counters: CounterTable
    outbox: Outbox
    take: Callable[[ManagedSocket], bool]


class SocketTable:
    """Every socket that is listed, open or not.

    Args:
        parts: See ``TableParts``.
    """

    def __init__(self, parts: TableParts) -> None:
        self._parts = parts
        self._sockets: dict[SocketId, ManagedSocket] = {}
        self._links = InprocLinks(self._sockets)

    def __iter__(self) -> Iterator[ManagedSocket]:
        return iter(self._sockets.values())

    def get(self, socket_id: SocketId) -> ManagedSocket | None:
        """A socket by its number; None if there is none, or none any more."""
        return self._sockets.get(socket_id)

    def met(self, socket_id: SocketId) -> Mapping[tuple[Endpoint, SocketId], SocketType]:
        """Which sockets of this app one is connected to over inproc."""
        managed = self._sockets.get(socket_id)
        return {} if managed is None else self._links.met(managed)

    def peer_count(self, managed: ManagedSocket) -> int:
        """Connections alive, inproc ones included."""
        return managed.peer_count + sum(self._links.peers_of(managed).values())

    def publish(self, managed: ManagedSocket, before: Iterable[str] = ()) -> None:
        """Tell a socket's state, and that of those that share an inproc address with it.

        Args:
            managed: The socket.
            before: Inproc addresses that it had before it changed.
        """
        self._put(managed)
        for other in self._links.sharing(inproc_addresses(managed.spec).union(before)):
            self._put(other)

    def snapshot(self, managed: ManagedSocket) -> SocketSnapshot:
        """A socket as it is now."""
        return managed.snapshot(self._links.peers_of(managed))

    def _put(self, managed: ManagedSocket) -> None:
        self._parts.outbox.put_socket(self.snapshot(managed))

    def on_report(self, report: GateReport) -> None:
        """A link has something to tell of one of the sockets."""
        for managed in self._sockets.values():
            if managed.endpoints.on_report(report):
                self._put(managed)
                return

    def on_secrets(self, answer: SecretAnswer) -> None:
        """What a lock needs was read, or not; the socket may be closed, changed or gone by now."""
        managed = self._sockets.get(answer.socket_id)
        if managed is not None and managed.on_secrets(answer):
            self._parts.polled.add(managed)
            self._join(managed)
            self.publish(managed)

    # ---- commands ---------------------------------------------------------------------------

    def open_new(self, socket_id: SocketId, spec: SocketSpec) -> None:
        """List a socket and open it."""
        parts = self._parts
        managed = ManagedSocket(parts.around, socket_id, spec, parts.counters.of(socket_id))
        self._sockets[socket_id] = managed
        self._open(managed)
        self.publish(managed)

    def change(self, managed: ManagedSocket, command: cmd.ChangeSocket) -> None:
        """Carry out a command about a socket, and tell what came of it."""
        before = inproc_addresses(managed.spec)
        match command:
            case cmd.CloseSocket():
                self._shut(managed)
            case cmd.ReopenSocket():
                self._shut(managed)
                self._open(managed)
            case cmd.ChangeSpec():
                self._shut(managed)
                managed.take_spec(command.spec)
                if command.opens:
                    self._open(managed)
            case cmd.RemoveSocket():
                self._remove(managed)
                return
            case cmd.RenameSocket():
                managed.rename(command.name)
            case cmd.AddEndpoint():
                managed.add_endpoint(command.endpoint)
                self._join(managed)
            case cmd.RemoveEndpoint() | cmd.RetryEndpoint():
                self._change_endpoint(managed, command)
                self._join(managed)
            case cmd.Subscribe():
                managed.subscribe(command.topic)
            case cmd.Unsubscribe():
                managed.unsubscribe(command.topic)
        self.publish(managed, before)

    def close_all(self) -> None:
        """Close every socket without waiting for anything."""
        for managed in self._sockets.values():
            self._parts.polled.remove(managed)
            managed.close(at_once=True)
        self._sockets.clear()

    def _remove(self, managed: ManagedSocket) -> None:
        addresses = inproc_addresses(managed.spec)
        self._shut(managed)
        del self._sockets[managed.socket_id]
        self._parts.around.watch.forget(managed.socket_id)
        self._parts.outbox.put_removed(managed.socket_id)
        for other in self._links.sharing(addresses):
            self._put(other)

    def _open(self, managed: ManagedSocket) -> None:
        managed.open()
        self._parts.polled.add(managed)
        self._join(managed)

    def _shut(self, managed: ManagedSocket) -> None:
        given_up = managed.inproc_endpoints()
        self._parts.polled.remove(managed)
        managed.close()
        self._release(given_up)

    def _change_endpoint(
        self, managed: ManagedSocket, command: cmd.RemoveEndpoint | cmd.RetryEndpoint
    ) -> None:
        endpoint = command.endpoint
        is_inproc = transport_of(endpoint) == "inproc"
        # Polling a SUB, ROUTER or REP makes libzmq fetch the first frame of a message. If its
        # connection goes before the rest is read, the next recv aborts the process (fq.cpp:80):
        # take it whole, and do not poll in between.
        self._empty(managed, _EMPTY_S if is_inproc else 0.0)
        anew = is_inproc and _must_be_opened_anew(managed)
        if anew:
            self._shut(managed)
        if isinstance(command, cmd.RemoveEndpoint):
            managed.remove_endpoint(endpoint)
        else:
            managed.retry_endpoint(endpoint)
        if anew:
            self._open(managed)
        elif is_inproc:
            self._release([endpoint])

    # ---- inproc -----------------------------------------------------------------------------

    def _join(self, managed: ManagedSocket) -> None:
        """Connect whoever waits for an address that is bound now."""
        self._links.forget()
        bound = self._links.bound(inproc_addresses(managed.spec))
        for other in self._links.sharing(set(bound)):
            other.join(bound)
        self._links.forget()

    def _release(self, given_up: Iterable[Endpoint]) -> None:
        """Part the sockets at the other side of inproc endpoints that were given up.

        Over inproc libzmq never connects again by itself: without this, a socket whose peer was
        closed and opened again would look connected and exchange nothing.
        """
        self._links.forget()
        for other, endpoints in self._links.opposite(given_up):
            self._empty(other, _EMPTY_S)
            if _must_be_opened_anew(other):
                self._shut(other)
                self._open(other)
            else:
                other.endpoints.leave(endpoints)
        self._links.forget()

    def _empty(self, managed: ManagedSocket, longest_s: float) -> None:
        """Take in what has come over a connection before it goes: at least one pass."""
        deadline_s = time.monotonic() + longest_s
        while managed.socket is not None and managed.spec.type.can_receive:
            if self._parts.take(managed) or time.monotonic() > deadline_s:
                return


def _must_be_opened_anew(managed: ManagedSocket) -> bool:
    """Whether a socket has to be opened anew when its inproc peer goes.

    A PAIR refuses the next connection, in silence, until the old one is gone, and nothing tells
    when that is. Not one that talks over tcp or ipc: that is its one peer.
    """
    is_open_pair = managed.spec.type is SocketType.PAIR and managed.socket is not None
    return is_open_pair and not managed.peer_count
