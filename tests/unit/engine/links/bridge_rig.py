"""A bridge with the test at both ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from tests.link_rig import (
    KEY,
    Frame,
    make_scratch,
    read_websocket,
    read_zmtp,
    ready,
    take,
    wire_pair,
    zmtp,
    zws,
)
from zmqscope.core.types import SocketType
from zmqscope.engine.links.bridge import Bridge, BridgePlan

DRAFTS = {
    SocketType.CLIENT: (b"DEALER", b"SERVER", b"ROUTER"),
    SocketType.SERVER: (b"ROUTER", b"CLIENT", b"DEALER"),
    SocketType.RADIO: (b"PUB", b"DISH", b"SUB"),
    SocketType.DISH: (b"SUB", b"RADIO", b"PUB"),
    SocketType.SCATTER: (b"PUSH", b"GATHER", b"PULL"),
    SocketType.GATHER: (b"PULL", b"SCATTER", b"PUSH"),
    SocketType.CHANNEL: (b"PAIR", b"CHANNEL", b"PAIR"),
    SocketType.PEER: (b"ROUTER", b"PEER", b"DEALER"),
}
"""What our own socket calls itself, who the peer is, and what our own socket takes it for."""


class BridgeRig:
    """A bridge with the test at both ends: as the peer, and as libzmq.

    Args:
        plan: See ``BridgePlan``.
        rest: What came from the peer already.
    """

    def __init__(self, plan: BridgePlan, rest: bytes = b"") -> None:
        self._stack = ExitStack()
        outer, self.peer = self._stack.enter_context(wire_pair())
        inner, self.ours = self._stack.enter_context(wire_pair())
        self.bridge = Bridge(plan, outer, inner, make_scratch(), rest)
        self.key = b"" if plan.is_client else KEY
        self.is_client = plan.is_client

    def close(self) -> None:
        """Close all ends."""
        self._stack.close()

    def move(self) -> None:
        """Move until there is nothing more to do."""
        while self.bridge.move():
            pass

    def from_peer(self, data: bytes) -> list[Frame]:
        """The peer says something; what libzmq gets."""
        self.peer.sendall(data)
        self.move()
        return read_zmtp(take(self.ours))

    def to_ours(self) -> bytes:
        """What libzmq gets."""
        self.move()
        return take(self.ours)

    def from_ours(self, *frames: Frame) -> bytes:
        """libzmq says something; what the peer gets."""
        self.ours.sendall(b"".join(zmtp(*frame) for frame in frames))
        self.move()
        return take(self.peer)

    def to_peer(self) -> list[Frame]:
        """WebSocket frames that the peer gets."""
        self.move()
        return read_websocket(take(self.peer), self.is_client)

    def shake_hands(self, own: bytes, peer: bytes) -> None:
        """Both READYs, over ZMTP or ZWS."""
        is_websocket = bool(self.from_ours((4, ready(own)))[0] & 0x80)
        frame = zws(2, ready(peer), self.key) if is_websocket else zmtp(4, ready(peer))
        assert self.from_peer(frame)
        assert self.bridge.is_done


MakeBridge = Callable[..., BridgeRig]


@contextmanager
def bridge_rigs() -> Iterator[MakeBridge]:
    """Makes rigs, and closes them in the end."""
    rigs: list[BridgeRig] = []

    def make(
        kind: SocketType,
        scheme: str = "tcp",
        is_client: bool = True,
        has_ready: bool = True,
        mechanism: bytes = b"NULL",
        rest: bytes = b"",
    ) -> BridgeRig:
        plan = BridgePlan(kind, mechanism, scheme == "ws", is_client, has_ready)
        rigs.append(BridgeRig(plan, rest))
        return rigs[-1]

    try:
        yield make
    finally:
        for rig in rigs:
            rig.close()
