"""Who is connected to whom over inproc, of which libzmq tells nothing. Loop thread; no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import Endpoint, Role, SocketId, SocketSpec, SocketType
from zmqscope.engine.sockets import ManagedSocket


def inproc_addresses(spec: SocketSpec) -> set[str]:
    """The inproc addresses of a spec, in either role; links have those of draft types."""
    if spec.type.is_draft:
        return set()
    return {e.address for e in spec.endpoints if transport_of(e) == "inproc"}


class InprocLinks:
    """Finds out by comparing what the sockets of this app have bound and connected.

    Args:
        sockets: All sockets of the app, kept current by their owner.
    """

    def __init__(self, sockets: dict[SocketId, ManagedSocket]) -> None:
        self._sockets = sockets
        self._counts: Counter[Endpoint] | None = None

    def forget(self) -> None:
        """Something was bound, connected or closed: count again when next asked."""
        self._counts = None

    def peers_of(self, managed: ManagedSocket) -> dict[Endpoint, int]:
        """For each inproc endpoint of a socket, how many peers it has through it."""
        counts = self._counted()
        return {endpoint: counts[_opposite(endpoint)] for endpoint in managed.inproc_endpoints()}

    def met(self, managed: ManagedSocket) -> dict[tuple[Endpoint, SocketId], SocketType]:
        """Which sockets of this app it is connected to, through which endpoint, and their types."""
        return {
            (endpoint, other.socket_id): other.spec.type
            for endpoint in managed.inproc_endpoints()
            for other in self.sharing({endpoint.address})
            if _opposite(endpoint) in other.inproc_endpoints()
        }

    def bound(self, addresses: set[str]) -> dict[str, ManagedSocket]:
        """Those of the addresses that are bound, and by which socket."""
        return {
            endpoint.address: managed
            for managed in self.sharing(addresses)
            for endpoint in managed.inproc_endpoints()
            if endpoint.role is Role.BIND and endpoint.address in addresses
        }

    def sharing(self, addresses: set[str]) -> list[ManagedSocket]:
        """Sockets that have one of these addresses in their spec."""
        return [
            managed
            for managed in (self._sockets.values() if addresses else ())
            if any(e.address in addresses for e in managed.spec.endpoints)
        ]

    def opposite(self, given_up: Iterable[Endpoint]) -> list[tuple[ManagedSocket, list[Endpoint]]]:
        """Open sockets at the other side of endpoints that were given up, with their own.

        Binding sockets only if they are PAIR: all others take the next connection as it comes.
        """
        wanted = {_opposite(endpoint) for endpoint in given_up}
        found = []
        for managed in self.sharing({endpoint.address for endpoint in wanted}):
            is_pair = managed.spec.type is SocketType.PAIR
            endpoints = [
                endpoint
                for endpoint in managed.inproc_endpoints()
                if endpoint in wanted and (is_pair or endpoint.role is Role.CONNECT)
            ]
            if endpoints:
                found.append((managed, endpoints))
        return found

    def _counted(self) -> Counter[Endpoint]:
        if self._counts is None:
            self._counts = Counter(
                endpoint for each in self._sockets.values() for endpoint in each.inproc_endpoints()
            )
        return self._counts


def _opposite(endpoint: Endpoint) -> Endpoint:
    role = Role.CONNECT if endpoint.role is Role.BIND else Role.BIND
    return Endpoint(role, endpoint.address)
