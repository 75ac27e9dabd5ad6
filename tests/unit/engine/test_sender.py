"""Sending without waiting; see ``test_loop.py`` for sends through the whole engine."""

from __future__ import annotations

from typing import cast

import pytest
import zmq

from zmqscope.core.types import SocketType
from zmqscope.engine.sender import send_frames


class LeavingPeer:
    """Refuses one frame, as libzmq does when the peer goes between two frames (lb.cpp).

    No real peer leaves at that very moment when asked to.
    """

    def __init__(self, refused: int) -> None:
        self.calls: list[tuple[bytes, int]] = []
        self._refused = refused

    def send(self, frame: bytes, flags: int) -> None:
        self.calls.append((frame, int(flags)))
        if len(self.calls) == self._refused + 1:
            raise zmq.Again


def send(peer: LeavingPeer, kind: SocketType, *frames: bytes) -> list[tuple[bytes, bool]]:
    with pytest.raises(zmq.Again):
        send_frames(cast("zmq.Socket[bytes]", peer), kind, frames)
    return [(frame, bool(flags & zmq.SNDMORE)) for frame, flags in peer.calls]


@pytest.mark.parametrize("kind", [SocketType.PUSH, SocketType.DEALER])
def test_a_message_cut_off_is_ended_so_that_the_next_one_is_not_dropped(kind: SocketType) -> None:
    sent = send(LeavingPeer(refused=1), kind, b"a", b"b", b"c", b"d")
    assert sent == [(b"a", True), (b"b", True), (b"c", True), (b"d", False)]


def test_nothing_follows_a_first_frame_that_is_refused() -> None:
    assert send(LeavingPeer(refused=0), SocketType.PUSH, b"a", b"b") == [(b"a", True)]


def test_others_send_nothing_more() -> None:
    sent = send(LeavingPeer(refused=1), SocketType.PAIR, b"a", b"b", b"c")
    assert sent == [(b"a", True), (b"b", True)]


def test_frames_arrive_as_one_message() -> None:
    with (
        zmq.Context() as context,
        context.socket(zmq.PUSH) as push,
        context.socket(zmq.PULL) as pull,
    ):
        pull.bind("inproc://one")
        push.connect("inproc://one")
        send_frames(push, SocketType.PUSH, (b"a", b"", b"c"))
        assert pull.poll(60_000)
        assert pull.recv_multipart() == [b"a", b"", b"c"]
