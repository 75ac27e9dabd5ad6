"""What every socket of the app works with. Loop thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import zmq

from zmqscope.core.security.lock import Lock
from zmqscope.core.types import Endpoint, Severity, SocketId
from zmqscope.engine.event_book import EventBook
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.secret_keeper import Ticket
from zmqscope.engine.watch.watch import PeerWatch

AskName = Callable[[SocketId, Endpoint, str], bool]
AskSecrets = Callable[[SocketId, Lock], Ticket]
Tell = Callable[[SocketId | None, Severity, str, str], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Shared by all sockets.

    Attributes:
        context: Where they are made.
        ask_name: Looks a host name up; answers come back through ``ManagedSocket.on_name``.
        tell: Publishes a notice about a socket.
        links: Serves the endpoints that libzmq cannot.
        events: The log of what happens.
        ask_secrets: Reads what a lock refers to; answers come back through
            ``ManagedSocket.on_secrets``.
        watch: Keeps their peers.
    """

    context: zmq.Context[zmq.Socket[bytes]]
    ask_name: AskName
    tell: Tell
    links: LinkDesk
    events: EventBook
    ask_secrets: AskSecrets
    watch: PeerWatch
