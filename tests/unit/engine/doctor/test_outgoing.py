"""What is kept of what a socket was told to send."""

from __future__ import annotations

import errno

import pytest
import zmq

from tests.doctor_rig import NOW, S, peer, peers
from zmqscope.core.peers import SocketPeers
from zmqscope.core.types import SocketType
from zmqscope.engine.doctor.outgoing import Outgoing


def test_what_was_taken_is_measured() -> None:
    out = Outgoing(SocketType.PUSH)
    out.taken((b"12345",), 1, NOW)
    out.taken((b"1", b"2"), 1, NOW + S)
    sending = out.sending
    assert (sending.sent_ns, sending.last_bytes, sending.multipart) == (NOW + S, 2, 1)
    assert (sending.largest_ns, sending.largest_bytes) == (NOW, 5)


def test_messages_wait_until_there_is_a_peer() -> None:
    out = Outgoing(SocketType.DEALER)
    for at in (NOW, NOW + S):
        out.taken((b"",), 0, at)
    assert (out.sending.alone, out.sending.alone_since_ns) == (2, NOW)
    out.on_peers()
    assert out.sending.alone == 0


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (errno.EAGAIN, "full"),
        (int(zmq.Errno.EFSM), "out_of_turn"),
        (errno.EHOSTUNREACH, "unknown_peer"),
    ],
)
def test_refusals_are_counted_until_one_is_taken(number: int, kept: str) -> None:
    out = Outgoing(SocketType.ROUTER)
    out.refused(number, (b"ann", b"hello"), 2, NOW)
    out.refused(number, (b"bob", b"hello"), 3, NOW + S)
    refusal = getattr(out.sending, kept)
    assert (refusal.count, refusal.since_ns, refusal.time_ns) == (2, NOW, NOW + S)
    assert (refusal.peers, refusal.first_frame) == (3, b"bob")
    out.taken((b"ann", b"hello"), 1, NOW + 2 * S)
    assert getattr(out.sending, kept) is None


def test_other_refusals_are_of_no_interest() -> None:
    out = Outgoing(SocketType.PUSH)
    before = out.sending
    out.refused(errno.EINVAL, (b"",), 1, NOW)
    assert out.sending is before


def test_a_large_first_frame_is_not_kept() -> None:
    out = Outgoing(SocketType.PUSH)
    out.refused(errno.EAGAIN, (bytes(1_000_000),), 1, NOW)
    assert out.sending.full is not None
    assert len(out.sending.full.first_frame) < 1_000


@pytest.mark.parametrize(
    ("kind", "frames", "bare"),
    [
        (SocketType.DEALER, (b"hello",), 1),
        (SocketType.DEALER, (b"", b"hello"), 0),
        (SocketType.ROUTER, (b"ann", b"hello"), 1),
        (SocketType.ROUTER, (b"ann", b"", b"hello"), 0),
        (SocketType.PUSH, (b"hello",), 0),
    ],
)
def test_messages_without_an_empty_frame_are_counted(
    kind: SocketType, frames: tuple[bytes, ...], bare: int
) -> None:
    out = Outgoing(kind)
    out.taken(frames, 1, NOW)
    assert out.sending.bare == bare


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (peers(peer(types=(SocketType.REQ,), identity=b"ann")), SocketType.REQ),
        (peers(peer(types=(SocketType.REQ,))), SocketType.REQ),
        (peers(peer(types=(SocketType.REQ, SocketType.DEALER))), None),
        (peers(), None),
        (None, None),
    ],
)
def test_the_peer_that_it_went_to_is_known_by_name_or_if_all_are_alike(
    known: SocketPeers | None, kind: SocketType | None
) -> None:
    out = Outgoing(SocketType.ROUTER)
    out.taken((b"ann", b"hello"), 1, NOW, known)
    assert out.sending.bare_to == b"ann"
    assert out.sending.bare_type is kind


def test_load_that_is_stuck() -> None:
    out = Outgoing(SocketType.PUSH)
    before = out.sending
    out.set_stuck(False)
    assert out.sending is before
    out.set_stuck(True)
    assert out.sending.is_stuck
    out.forget()
    assert not out.sending.is_stuck
