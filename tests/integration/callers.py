"""Peers in other processes that knock at locked doors, and what each of them has seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import zmq

from tests.integration.conftest import StartPeer
from tests.integration.locked import new_pair, shown
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.events import EventKind
from zmqscope.core.security.access import Knock
from zmqscope.core.security.secret import KeyPair
from zmqscope.core.types import EndpointState, SocketId
from zmqscope.engine import commands as cmd


def plain(user: str, password: str) -> list[str]:
    """Options of a PLAIN client."""
    return [f"--set={zmq.PLAIN_USERNAME}={user}", f"--set={zmq.PLAIN_PASSWORD}={password}"]


def curve(server_key: str, pair: KeyPair | None = None) -> list[str]:
    """Options of a CURVE client; with new keys unless there are some."""
    pair = pair or new_pair()
    return [
        f"--set={zmq.CURVE_SERVERKEY}={server_key}",
        f"--set={zmq.CURVE_PUBLICKEY}={pair.public}",
        f"--set={zmq.CURVE_SECRETKEY}={shown(pair.secret)}",
    ]


@dataclass(slots=True)
class Caller:
    """One peer, and what it has told.

    Attributes:
        process: It.
        events: Names of its monitor's events.
        values: The value of the last event of each name.
        messages: What it received.
    """

    process: PeerProcess
    events: list[str] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)
    messages: list[list[bytes]] = field(default_factory=list)

    def listen(self) -> None:
        """Take in what it has told."""
        while (fact := self.process.fact()) is not None:
            self._take(fact)

    def _take(self, fact: dict[str, Any]) -> None:
        if "event" in fact:
            self.events.append(fact["event"])
            self.values[fact["event"]] = fact["value"]
        elif "message" in fact:
            self.messages.append([bytes.fromhex(frame) for frame in fact["message"]])

    def saw(self, event: str) -> bool:
        """Whether its monitor has told of an event."""
        self.listen()
        return event in self.events

    @property
    def is_in(self) -> bool:
        """Whether it has shaken hands."""
        return self.saw("HANDSHAKE_SUCCEEDED")

    @property
    def is_refused(self) -> bool:
        """Whether it was told that it may not come in."""
        return self.saw("HANDSHAKE_FAILED_AUTH") and self.values["HANDSHAKE_FAILED_AUTH"] == 400

    def heard(self, *frames: bytes) -> bool:
        """Whether it has received a message."""
        self.listen()
        return list(frames) in self.messages


class Doors:
    """The app's locked sockets, and those who knock.

    Args:
        rig: The engine.
        start_peer: Starts peers.
    """

    def __init__(self, rig: EngineRig, start_peer: StartPeer) -> None:
        self.rig = rig
        self._start_peer = start_peer

    def open(self, spec: str) -> SocketId:
        """Open a socket and wait until it listens."""
        socket_id = self.rig.open(spec)
        self.listens(socket_id)
        return socket_id

    def listens(self, socket_id: SocketId) -> None:
        """Wait until a socket listens; what its lock refers to is read first."""
        endpoints = self.rig.snapshots
        self.rig.until(lambda: endpoints[socket_id].endpoints[0].state is EndpointState.LISTENING)

    def call(self, socket_id: SocketId, *options: str, kind: str = "DEALER") -> Caller:
        """Have a peer connect to a socket."""
        return self.call_at(self.rig.address(socket_id), *options, kind=kind)

    def call_at(self, address: str, *options: str, kind: str = "DEALER") -> Caller:
        """Have a peer connect to an address."""
        return Caller(self._start_peer("caller.py", kind, address, *options))

    def until(self, condition: Any, timeout_s: float = 60.0) -> None:
        """See ``EngineRig.until``."""
        self.rig.until(condition, timeout_s)

    def came(self, socket_id: SocketId) -> list[bytes]:
        """The last frames of what a socket has received."""
        return [message.frames[-1] for message in self.rig.messages(socket_id)]

    def told(self, socket_id: SocketId) -> list[str]:
        """What was told of those who wanted to come in."""
        lines = sorted(self.rig.events.values(), key=lambda line: line.number)
        return [
            line.text
            for line in lines
            if line.kind is EventKind.ACCESS and line.socket_id == socket_id
        ]

    def has_told(self, socket_id: SocketId, *words: str) -> bool:
        """Whether a sentence with all these words was told."""
        return any(all(word in text for word in words) for text in self.told(socket_id))

    def open_knocks(self) -> list[Knock]:
        """Those that wait for an answer."""
        return [knock for knock in self.rig.knocks.values() if knock.is_open]

    def knock(self, count: int = 1) -> Knock:
        """Wait until so many wait for an answer; the newest."""
        self.until(lambda: len(self.open_knocks()) == count)
        return max(self.open_knocks(), key=lambda knock: knock.knock_id)

    def answer(self, knock: Knock, verdict: Any) -> None:
        """Answer it."""
        self.rig.post(cmd.AnswerKnock(knock.knock_id, verdict))
