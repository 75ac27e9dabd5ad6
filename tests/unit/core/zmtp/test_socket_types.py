"""Which socket types fit: the table of RFC 37."""

from __future__ import annotations

from zmqscope.core.zmtp.socket_types import _FITTING, NUMBERED, can_talk


def test_the_table_is_symmetric() -> None:
    for one in _FITTING:
        for other in _FITTING:
            assert can_talk(one, other) is can_talk(other, one)
    assert len(_FITTING) == 19


def test_some_pairs() -> None:
    assert can_talk(b"REQ", b"ROUTER")
    assert can_talk(b"REQ", b"DEALER") is False
    assert can_talk(b"PUB", b"XSUB")
    assert can_talk(b"PEER", b"PEER")
    assert can_talk(b"STREAM", b"REQ") is None
    assert NUMBERED.index(b"PUSH") == 8
