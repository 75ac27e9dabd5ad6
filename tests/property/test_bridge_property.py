"""A bridge passes on what comes in any pieces, and nothing that comes gets past its errors."""

from __future__ import annotations

import contextlib
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.link_rig import (
    BINARY,
    CONTINUATION,
    FIRST_FRAGMENT,
    FRAGMENT,
    KEY,
    PING,
    PONG,
    Frame,
    command,
    make_scratch,
    read_websocket,
    read_zmtp,
    ready,
    take,
    websocket,
    wire_pair,
    zmtp,
    zws,
)
from zmqscope.core.types import SocketType
from zmqscope.engine.links.bridge import Bridge, BridgePlan
from zmqscope.engine.links.flow import LinkFailedError

TYPES = {
    SocketType.PULL: (b"PULL", b"PUSH", b"PUSH"),
    SocketType.DISH: (b"SUB", b"RADIO", b"PUB"),
    SocketType.RADIO: (b"PUB", b"DISH", b"SUB"),
    SocketType.SERVER: (b"ROUTER", b"CLIENT", b"DEALER"),
}
"""What our own socket calls itself, who the peer is, and what our own socket takes it for."""
BODIES = st.one_of(st.binary(max_size=20), st.integers(0, 400).map(bytes))
GROUPS = st.sampled_from([b"a", b"ab", b""])
CUTS = st.lists(st.integers(0, 1 << 16), max_size=10)

# A message of two frames; into how many fragments each is cut; what comes between fragments.
MESSAGES = st.tuples(
    GROUPS,
    BODIES,
    st.integers(1, 4),
    st.integers(1, 4),
    st.lists(st.binary(max_size=9), max_size=3),
)


def fragments(payload: bytes, count: int, pings: list[bytes], key: bytes) -> bytes:
    """A message in so many fragments, with pings behind each."""
    size = max(1, len(payload) // count)
    pieces = [payload[index * size : (index + 1) * size] for index in range(count - 1)]
    pieces.append(payload[(count - 1) * size :])
    between = b"".join(websocket(ping, key, PING) for ping in pings)
    firsts = [FIRST_FRAGMENT, *[FRAGMENT] * (count - 2), CONTINUATION] if count > 1 else [BINARY]
    return b"".join(
        websocket(piece, key, first) + between for first, piece in zip(firsts, pieces, strict=True)
    )


def pieces_of(data: bytes, cuts: list[int]) -> list[bytes]:
    """Data cut at places."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in itertools.pairwise(places)]


@settings(max_examples=150, deadline=None)
@given(
    messages=st.lists(MESSAGES, max_size=6),
    cuts=CUTS,
    kind=st.sampled_from([SocketType.PULL, SocketType.DISH]),
    is_client=st.booleans(),
)
def test_messages_whole_or_in_fragments_cut_anywhere(
    messages: list[tuple[bytes, bytes, int, int, list[bytes]]],
    cuts: list[int],
    kind: SocketType,
    is_client: bool,
) -> None:
    own, peer, peer_to_us = TYPES[kind]
    key = b"" if is_client else KEY
    expected: list[Frame] = []
    data = zws(2, ready(peer), key)
    for group, body, first_count, last_count, pings in messages:
        data += fragments(b"\x01" + group, first_count, pings, key)
        data += fragments(b"\0" + body, last_count, pings, key)
        if kind is SocketType.PULL or group == b"a":
            expected += [(1, group), (0, body)]
    plan = BridgePlan(kind, b"NULL", True, is_client)
    with wire_pair() as (outer, theirs), wire_pair() as (inner, ours):
        bridge = Bridge(plan, outer, inner, make_scratch())
        ours.sendall(zmtp(4, ready(own)) + (zmtp(0, b"\x01a") if kind is SocketType.DISH else b""))
        found = answers = b""
        for piece in [b"", *pieces_of(data, cuts)]:
            theirs.sendall(piece)
            while bridge.move():
                pass
            found += take(ours)
            answers += take(theirs)
    assert read_zmtp(found) == [(4, ready(peer_to_us)), *expected]
    pongs = {payload for first, payload in read_websocket(answers, is_client) if first == PONG}
    pings_sent = {ping for *_, pings in messages for ping in pings}
    assert pongs <= pings_sent
    assert bool(pongs) is bool(pings_sent)


ANYTHING = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.builds(zws, st.integers(0, 255), BODIES, st.sampled_from([b"", KEY])),
        st.builds(
            zws,
            st.just(2),
            st.builds(
                command,
                st.sampled_from(
                    [b"READY", b"ERROR", b"PING", b"PONG", b"JOIN", b"LEAVE", b"SUBSCRIBE", b"X"]
                ),
                st.binary(max_size=20),
            ),
            st.sampled_from([b"", KEY]),
        ),
        st.builds(
            websocket,
            st.binary(max_size=200),
            st.sampled_from([b"", KEY]),
            st.sampled_from([0, 1, 2, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8A, 0xC2, 0x8B]),
        ),
        st.builds(zmtp, st.integers(0, 255), BODIES),
        st.sampled_from(
            [
                zws(2, ready(kind), key)
                for kind in (b"PUSH", b"RADIO", b"DISH", b"CLIENT", b"")
                for key in (b"", KEY)
            ]
        ),
    ),
    max_size=8,
).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(
    data=ANYTHING,
    cuts=CUTS,
    kind=st.sampled_from(sorted(TYPES, key=lambda kind: kind.value)),
    mechanism=st.sampled_from([b"NULL", b"NULL", b"PLAIN", b"CURVE"]),
    is_websocket=st.booleans(),
    is_client=st.booleans(),
    has_ready=st.booleans(),
)
def test_whatever_comes_ends_in_an_error_of_the_link_at_most(
    data: bytes,
    cuts: list[int],
    kind: SocketType,
    mechanism: bytes,
    is_websocket: bool,
    is_client: bool,
    has_ready: bool,
) -> None:
    own, _, _ = TYPES[kind]
    plan = BridgePlan(kind, mechanism, is_websocket, is_client, has_ready or not is_websocket)
    with wire_pair() as (outer, theirs), wire_pair() as (inner, ours):
        bridge = Bridge(plan, outer, inner, make_scratch())
        pieces = pieces_of(data, cuts)
        with contextlib.suppress(LinkFailedError):
            for number, piece in enumerate(pieces):
                theirs.sendall(piece)
                if number == len(pieces) // 2:
                    ours.sendall(zmtp(4, ready(own)))
                while bridge.move() and not bridge.has_ended:
                    pass
                take(ours)
                take(theirs)
            assert bridge.interests()
