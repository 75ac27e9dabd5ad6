"""What became of the messages that one socket was told to send. Loop thread; no I/O."""

from __future__ import annotations

import errno
from dataclasses import replace

import zmq

from zmqscope.core.diagnosis.observation import NOTHING_SENT, Refusal
from zmqscope.core.peers import SocketPeers
from zmqscope.core.types import SocketType

_MOST_OF_A_FRAME = 255
_KINDS = {
    errno.EAGAIN: "full",
    int(zmq.Errno.EFSM): "out_of_turn",
    errno.EHOSTUNREACH: "unknown_peer",
}


class Outgoing:
    """Of one socket; generated load is not counted here, but for whether it is stuck.

    Args:
        kind: The socket's type.
    """

    __slots__ = ("_body", "_kind", "sending")

    def __init__(self, kind: SocketType) -> None:
        self._kind = kind
        # Where an empty delimiter would be; -1 on types that know none.
        self._body = {SocketType.DEALER: 0, SocketType.ROUTER: 1}.get(kind, -1)
        self.sending = NOTHING_SENT

    def taken(
        self,
        frames: tuple[bytes, ...],
        peers: int,
        now_ns: int,
        known: SocketPeers | None = None,
    ) -> None:
        """Libzmq took a message.

        Args:
            frames: All of it.
            peers: How many there were.
            now_ns: Now, on the monotonic clock.
            known: They one by one, as far as they are known.
        """
        before = self.sending
        size = sum(map(len, frames))
        is_largest = size >= before.largest_bytes
        is_bare = self._body >= 0 and len(frames) > self._body and bool(frames[self._body])
        named = frames[0][:_MOST_OF_A_FRAME] if self._body == 1 else b""
        bare = before.bare + 1 if is_bare else 0
        kind = _type_of(named, peers, known) if is_bare and named else None
        self.sending = replace(
            before,
            sent_ns=now_ns,
            last_bytes=size,
            largest_ns=now_ns if is_largest else before.largest_ns,
            largest_bytes=max(size, before.largest_bytes),
            alone=0 if peers else before.alone + 1,
            alone_since_ns=0 if peers else before.alone_since_ns or now_ns,
            multipart=before.multipart + (len(frames) > 1),
            bare=bare,
            bare_ns=now_ns if is_bare else before.bare_ns,
            bare_to=named if is_bare else before.bare_to,
            bare_type=kind,
            full=None,
            out_of_turn=None,
            unknown_peer=None,
        )

    def refused(self, number: int, frames: tuple[bytes, ...], peers: int, now_ns: int) -> None:
        """Libzmq did not take a message.

        Args:
            number: Why, as errno.
            frames: All of it.
            peers: How many there were.
            now_ns: Now, on the monotonic clock.
        """
        before = self.sending
        first = frames[0][:_MOST_OF_A_FRAME] if frames else b""
        match _KINDS.get(number):
            case "full":
                self.sending = replace(before, full=_one_more(before.full, first, peers, now_ns))
            case "out_of_turn":
                again = _one_more(before.out_of_turn, first, peers, now_ns)
                self.sending = replace(before, out_of_turn=again)
            case "unknown_peer":
                again = _one_more(before.unknown_peer, first, peers, now_ns)
                self.sending = replace(before, unknown_peer=again)

    def set_stuck(self, is_stuck: bool) -> None:
        """Whether generated load gets on."""
        if is_stuck != self.sending.is_stuck:
            self.sending = replace(self.sending, is_stuck=is_stuck)

    def on_peers(self) -> None:
        """There is a peer: what waited for one goes out, and nothing is refused for want of one."""
        sending = self.sending
        if sending.alone:
            sending = replace(sending, alone=0, alone_since_ns=0)
        if sending.full is not None and not sending.full.peers:
            sending = replace(sending, full=None)
        self.sending = sending

    def forget(self) -> None:
        """The socket was opened anew."""
        self.sending = NOTHING_SENT


def _type_of(identity: bytes, peers: int, known: SocketPeers | None) -> SocketType | None:
    """The type of the peer with a routing id.

    One without a name of its own is known by its type only, if all have the same.
    """
    if known is None or len(known.peers) < peers:
        return None
    meant = [peer for peer in known.peers if peer.identity == identity] or known.peers
    kinds = {peer.types for peer in meant}
    kind = kinds.pop() if len(kinds) == 1 else ()
    return kind[0] if len(kind) == 1 else None


def _one_more(before: Refusal | None, first: bytes, peers: int, now_ns: int) -> Refusal:
    if before is None:
        return Refusal(now_ns, now_ns, 1, peers, first)
    return Refusal(now_ns, before.since_ns, before.count + 1, peers, first)
