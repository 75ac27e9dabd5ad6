"""Where causes are put on stage: the app's engine, and whoever it meets, in other processes."""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

from tests.integration.conftest import StartPeer
from tests.integration.locked import Keys
from tests.peers.certificates import Certificates
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.peers import SocketPeers
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId
from zmqscope.engine import commands as cmd

S = 1_000_000_000

SHORT = Patience(
    bind_memory_ns=4 * S,
    healed_ns=S,
    lost_memory_ns=4 * S,
    flapping_ns=20 * S,
    reply_ns=5 * S // 2,
    deadlock_ns=S,
    refusal_ns=3 * S,
    queued_ns=S,
    unmatched_ns=2 * S,
    quiet_ns=3 * S,
    slow_ns=2 * S,
    joined_ns=3 * S,
)
"""As in the app, but for what would only make the tests long."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a cause is made with.

    Attributes:
        rig: The engine.
        start: Starts a peer.
        keys: Keys and a password.
        made: Certificates.
    """

    rig: EngineRig
    start: StartPeer
    keys: Keys
    made: Certificates

    def open(self, spec: str) -> SocketId:
        """Open a socket of the app."""
        return self.rig.open(spec)

    def door(self, spec: str) -> SocketId:
        """Open one that binds, and wait until it does: what its lock refers to is read first."""
        socket_id = self.rig.open(spec)
        self.until(lambda: not self.address(socket_id).endswith(":*"))
        return socket_id

    def address(self, socket_id: SocketId) -> str:
        """Where it is bound."""
        return self.rig.address(socket_id)

    def peer(self, kind: str, *options: str) -> PeerProcess:
        """A good peer."""
        return self.start("twelve.py", kind, *options)

    def awkward(self, kind: str, *options: str) -> PeerProcess:
        """A ZeroMQ peer that does not do its part."""
        return self.start("awkward.py", kind, *options)

    def broken(self, what: str, endpoint: str = "") -> PeerProcess:
        """Something that is not ZeroMQ."""
        return self.start("broken.py", what, *([endpoint] if endpoint else []))

    def until(self, condition: Callable[[], object], timeout_s: float = 60.0) -> None:
        """See ``EngineRig.until``."""
        self.rig.until(condition, timeout_s)

    def connected(self, socket_id: SocketId, peers: int = 1) -> None:
        """Wait until it has so many peers."""
        self.until(lambda: self.rig.snapshots[socket_id].peer_count >= peers)

    def has_processes(self, socket_id: SocketId) -> bool:
        """Whether it is known which process its peer is."""
        return any(each.process for each in self.peers(socket_id).peers)

    def peers(self, socket_id: SocketId) -> SocketPeers:
        """Its peers one by one, as far as they are known."""
        return self.rig.peers.get(socket_id, SocketPeers(socket_id))

    def reconnect(self, socket_id: SocketId) -> None:
        """What the first button of a finding does."""
        endpoint = self.rig.snapshots[socket_id].spec.endpoints[0]
        self.rig.change(cmd.RetryEndpoint(socket_id, endpoint))

    def respec(self, socket_id: SocketId, spec: str) -> None:
        """Open it anew with another spec."""
        name = self.rig.snapshots[socket_id].spec.name
        self.rig.change(cmd.ChangeSpec(socket_id, replace(parse_spec(spec), name=name)))

    def of(self, socket_id: SocketId) -> list[Finding]:
        """What is found of a socket now."""
        return [each for each in self.rig.findings if each.socket_id == socket_id]

    def rules_of(self, socket_id: SocketId) -> set[Rule]:
        """Which rules find something."""
        return {each.rule for each in self.of(socket_id)}


Cause = Callable[[Stage], Generator[SocketId, None, None]]
"""Provokes something and yields the socket that suffers; then removes the cause."""


def free_address() -> str:
    """A tcp address of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"
