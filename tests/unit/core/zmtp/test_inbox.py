"""A queue of bytes."""

from __future__ import annotations

from zmqscope.core.zmtp.inbox import Inbox


def test_what_goes_in_comes_out() -> None:
    inbox = Inbox()
    inbox.append(b"abc")
    inbox.append(memoryview(b"def"))
    assert (len(inbox), inbox.head(4), inbox.take(4)) == (6, b"abcd", b"abcd")
    assert inbox.position == 4
    inbox.skip(1)
    assert inbox.take(1) == b"f"
    assert (len(inbox), inbox.position) == (0, 6)


def test_used_up_bytes_are_let_go() -> None:
    inbox = Inbox()
    inbox.append(b"x")
    most = 0
    for _ in range(1_000):
        inbox.append(bytes(1_000))
        assert inbox.take(1_000)
        most = max(most, len(inbox.data))
    assert most < 200_000
    inbox.drop_all()
    assert (len(inbox), inbox.position) == (0, 1_000_000)
