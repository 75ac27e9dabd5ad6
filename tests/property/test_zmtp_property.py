"""The ZMTP codec: any split of a stream, anything hostile, and the two scans side by side."""

from __future__ import annotations

import contextlib
import tracemalloc
from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel_rig import load_kernels
from tests.zmtp_rig import box, command, decode, greeting, pieces
from zmqscope.core.zmtp import events as ev
from zmqscope.core.zmtp import scan_layout as at
from zmqscope.core.zmtp.commands import (
    encode_command,
    encode_error,
    encode_ping,
    encode_plain_hello,
    encode_ready,
    read_metadata,
    split_command,
    write_metadata,
)
from zmqscope.core.zmtp.conversation import Conversation, Side
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.frames import COMMAND, LONG, MORE, encode_frame, encode_header, read_header
from zmqscope.core.zmtp.greeting import (
    GREETING_BYTES,
    Greeting,
    encode_greeting,
    parse_greeting,
)
from zmqscope.core.zmtp.legacy import (
    encode_frame_v1,
    encode_frame_v2,
    encode_greeting_v2,
    read_header_v1,
)
from zmqscope.core.zmtp.opening import UNVERSIONED
from zmqscope.core.zmtp.scan import FrameScan, FrameStream, KernelFrameScan, PlainFrameScan
from zmqscope.core.zmtp.socket_types import NUMBERED

Row = tuple[int, int, int]

A, B = Side.CONNECTING, Side.BINDING
CUTS = st.lists(st.integers(0, 3_000), max_size=12)
BODIES = st.one_of(
    st.binary(max_size=12),
    st.integers(250, 260).map(bytes),
    st.integers(0, 1_500).map(bytes),
)
MESSAGES = st.lists(st.tuples(st.sampled_from([0, MORE]), BODIES), max_size=8)
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=255), min_size=1, max_size=12)
METADATA = st.lists(st.tuples(NAMES, st.binary(max_size=20)), max_size=5).map(tuple)
TRAFFIC_COMMANDS = st.one_of(
    st.builds(encode_ping, st.integers(0, 65_535), st.binary(max_size=16)),
    st.builds(
        encode_command,
        st.sampled_from([b"PONG", b"SUBSCRIBE", b"CANCEL", b"JOIN", b"LEAVE", b"NEW"]),
        BODIES,
    ),
    st.builds(encode_error, st.binary(max_size=255)),
)


@st.composite
def bulk(draw: st.DrawFn) -> bytes:
    """Frames of ZMTP 3 after a handshake."""
    parts = []
    for _ in range(draw(st.integers(0, 8))):
        if draw(st.booleans()):
            flags = draw(st.sampled_from([0, MORE, LONG, MORE | LONG]))
            parts.append(encode_frame(flags, draw(BODIES)))
        else:
            parts.append(encode_frame(COMMAND, draw(TRAFFIC_COMMANDS)))
    return b"".join(parts)


@st.composite
def stream_of_3(draw: st.DrawFn) -> bytes:
    mechanism = draw(st.sampled_from([b"NULL", b"PLAIN", b"CURVE", b"GSSAPI", b"MINE"]))
    data = greeting(mechanism, draw(st.integers(0, 2)), as_server=draw(st.booleans()))
    if mechanism == b"CURVE":
        data += command(b"HELLO", draw(st.binary(min_size=194, max_size=194)))
        data += command(b"INITIATE", bytes(draw(st.integers(248, 400))))
        sizes = draw(st.lists(st.integers(0, 400), max_size=6))
        return data + b"".join(box(size, nonce) for nonce, size in enumerate(sizes, 3))
    if mechanism == b"PLAIN":
        data += encode_frame(COMMAND, encode_plain_hello(b"bob", draw(st.binary(max_size=255))))
    return data + encode_frame(COMMAND, encode_ready(draw(METADATA))) + draw(bulk())


IDENTITIES = st.one_of(st.just(b""), st.binary(max_size=255))


@st.composite
def stream_of_2(draw: st.DrawFn) -> bytes:
    major = draw(st.sampled_from([1, 2, 3]))
    data = encode_greeting_v2(draw(st.sampled_from(NUMBERED)), draw(IDENTITIES), major)
    return data + b"".join(encode_frame_v2(*frame) for frame in draw(MESSAGES))


@st.composite
def stream_of_1(draw: st.DrawFn) -> bytes:
    data = encode_frame_v1(0, draw(IDENTITIES))
    return data + b"".join(encode_frame_v1(*frame) for frame in draw(MESSAGES))


STREAMS = st.one_of(stream_of_3(), stream_of_2(), stream_of_1())


@settings(max_examples=400, deadline=None)
@given(data=STREAMS, cuts=CUTS, max_body=st.sampled_from([0, 5, 1 << 20]))
def test_any_split_of_a_valid_stream_gives_the_same_events(
    data: bytes, cuts: list[int], max_body: int
) -> None:
    whole = decode(data, max_body=max_body)
    assert decode(data, cuts, max_body) == whole
    assert decode(data, range(len(data)), max_body) == whole
    assert not any(isinstance(event, ev.ProtocolFailed) for event in whole)


@settings(max_examples=300, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.builds(bytes.__add__, STREAMS, st.binary(max_size=60)),
        st.tuples(STREAMS, st.integers(0, 3_000), st.integers(0, 255)).map(
            lambda given: given[0][: given[1]] + bytes([given[2]]) + given[0][given[1] + 1 :]
        ),
    ),
    cuts=CUTS,
    peer_major=st.sampled_from([None, UNVERSIONED, 0, 1, 3]),
)
def test_anything_at_all_gives_the_same_events_in_any_split(
    data: bytes, cuts: list[int], peer_major: int | None
) -> None:
    whole = decode(data, peer_major=peer_major)
    assert decode(data, cuts, peer_major=peer_major) == whole
    assert not any(isinstance(event, ev.ProtocolFailed) for event in whole[:-1])
    for reader in (split_command, read_metadata, parse_greeting, read_header, read_header_v1):
        with contextlib.suppress(ZmtpError):
            reader(data)


@settings(max_examples=50, deadline=None)
@given(
    prefix=st.sampled_from([b"", b"\xff", greeting(), greeting() + command(b"READY")]),
    tail=st.binary(max_size=40),
    filler=st.sampled_from([b"\0", b"\x02\x01", b"\xfe", b"ab"]),
)
def test_memory_is_bounded_whatever_comes(prefix: bytes, tail: bytes, filler: bytes) -> None:
    tracemalloc.start()
    try:
        conversation = Conversation(max_body=1_000)
        for data in (prefix + tail, *[filler * (65_536 // len(filler))] * 8):
            conversation.receive_data(A, data)
            for said in conversation.events():
                assert said.side is A
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


# ---- both directions ---------------------------------------------------------------------------


@st.composite
def talk(draw: st.DrawFn) -> tuple[bytes, bytes, int, int]:
    """What two peers say; how much of the first one's comes before how much of the other one's."""
    kind = draw(st.sampled_from(["3", "2", "1"]))
    if kind == "3":
        return draw(stream_of_3()), draw(stream_of_3()), 0, 0
    identity = draw(IDENTITIES)
    if kind == "2":
        one = encode_greeting_v2(b"DEALER", identity, 3)
        one += b"".join(encode_frame_v2(*frame) for frame in draw(MESSAGES))
        other = encode_greeting_v2(b"ROUTER", b"old", draw(st.sampled_from([1, 2])))
        return one, other + encode_frame_v2(0, b"x"), 11, 11
    one = b"\xff" + (len(identity) + 1).to_bytes(8, "big") + b"\x7f" + identity
    one += b"".join(encode_frame_v1(*frame) for frame in draw(MESSAGES))
    return one, encode_frame_v1(0, b"old") + encode_frame_v1(0, b"x"), 10, 1


def turns(
    one: bytes, other: bytes, before: int, needed: int, sizes: Iterator[tuple[bool, int]]
) -> Iterator[tuple[Side, bytes]]:
    """The two in some order in which nobody answers what has not been said."""
    at_one = at_other = 0
    for is_one, size in sizes:
        stop = at_one + size if at_other >= needed else min(before, at_one + size)
        if is_one and stop > at_one:
            yield A, one[at_one:stop]
            at_one = stop
        else:
            yield B, other[at_other : at_other + size]
            at_other += size
    yield B, other[at_other:]
    yield A, one[at_one:]


@settings(max_examples=300, deadline=None)
@given(case=talk(), sizes=st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=40))
def test_any_order_of_both_directions_gives_the_same_events(
    case: tuple[bytes, bytes, int, int], sizes: list[tuple[bool, int]]
) -> None:
    found = []
    for order in (sizes, [(False, 3_000)], [(True, 11), (False, 12), (True, 1), (False, 1)]):
        conversation = Conversation()
        events: dict[Side, list[ev.Event]] = {A: [], B: []}
        for side, data in turns(*case, iter(order)):
            conversation.receive_data(side, data)
            for said in conversation.events():
                events[said.side].append(said.event)
        facts = [conversation.facts(side) for side in Side]
        found.append((events, facts, conversation.stage, conversation.disagreement))
    assert found[0] == found[1] == found[2]
    assert not any(
        isinstance(event, ev.ProtocolFailed) for each in (A, B) for event in events[each]
    )


# ---- there and back ----------------------------------------------------------------------------


@given(
    major=st.integers(3, 255),
    minor=st.integers(0, 255),
    mechanism=st.binary(max_size=20).map(lambda name: name.rstrip(b"\0")),
    as_server=st.booleans(),
)
def test_greetings_there_and_back(
    major: int, minor: int, mechanism: bytes, as_server: bool
) -> None:
    made = Greeting(major, minor, mechanism, as_server)
    assert len(encode_greeting(made)) == GREETING_BYTES
    assert parse_greeting(encode_greeting(made)) == made


@given(pairs=METADATA, name=st.binary(min_size=1, max_size=255), data=st.binary(max_size=300))
def test_commands_there_and_back(
    pairs: tuple[tuple[str, bytes], ...], name: bytes, data: bytes
) -> None:
    assert read_metadata(write_metadata(pairs)) == pairs
    assert split_command(encode_command(name, data)) == (name, data)


@given(flags=st.sampled_from([0, 1, 2, 3, 4, 6]), length=st.integers(0, (1 << 63) - 1))
def test_headers_there_and_back(flags: int, length: int) -> None:
    written = encode_header(flags, length)
    header = read_header(written)
    assert header is not None
    assert (header.length, header.size) == (length, len(written))
    assert header.flags | LONG == flags | LONG


@given(messages=MESSAGES, max_body=st.sampled_from([0, 10, 1 << 20]))
def test_frames_there_and_back(messages: list[tuple[int, bytes]], max_body: int) -> None:
    opening = greeting() + command(b"READY")
    streams = [
        opening + b"".join(encode_frame(*frame) for frame in messages),
        encode_greeting_v2(b"PAIR") + b"".join(encode_frame_v2(*frame) for frame in messages),
        encode_frame_v1(0, b"") + b"".join(encode_frame_v1(*frame) for frame in messages),
    ]
    for data in streams:
        events = decode(data, max_body=max_body)
        frames = [event for event in events if isinstance(event, ev.FrameReceived)]
        assert [(frame.more, frame.length, frame.body) for frame in frames] == [
            (bool(flags), len(body), body[:max_body]) for flags, body in messages
        ]


# ---- the two scans -----------------------------------------------------------------------------


def scans(capacity: int) -> tuple[FrameScan, FrameScan]:
    kernel = load_kernels().frames
    assert kernel is not None
    return KernelFrameScan(kernel, capacity), PlainFrameScan(capacity)


SCANNED = st.one_of(
    bulk(),
    st.binary(max_size=200),
    st.builds(bytes.__add__, bulk(), st.binary(max_size=20)),
    st.builds(
        bytes.__add__,
        bulk(),
        st.integers(0, (1 << 64) - 1).map(lambda n: b"\x02" + n.to_bytes(8, "big")),
    ),
)


@settings(max_examples=300, deadline=None)
@given(data=SCANNED, cuts=CUTS, capacity=st.integers(1, 9))
def test_the_kernel_finds_what_its_plain_twin_finds(
    data: bytes, cuts: list[int], capacity: int
) -> None:
    kernel, plain = scans(capacity)
    left = b""
    for piece in pieces(data, cuts):
        left += piece
        while True:
            array = np.frombuffer(left, np.uint8)
            count = plain.scan(array)
            assert kernel.scan(array) == count
            assert kernel.state.tolist() == plain.state.tolist()
            one, other = kernel.columns.first(count), plain.columns.first(count)
            assert one.offset.tolist() == other.offset.tolist()
            assert one.length.tolist() == other.length.tolist()
            assert one.flags.tolist() == other.flags.tolist()
            left = left[int(plain.state[at.USED]) :]
            if count < capacity:
                break


def rows_of(scan: FrameScan, data: bytes, cuts: list[int]) -> tuple[list[Row], str | None, int]:
    stream = FrameStream(scan)
    rows: list[Row] = []
    for piece in pieces(data, cuts):
        for found in stream.feed(piece):
            rows += zip(
                found.offset.tolist(), found.length.tolist(), found.flags.tolist(), strict=True
            )
    return rows, stream.failure, stream.position


@settings(max_examples=200, deadline=None)
@given(data=SCANNED, cuts=CUTS, capacity=st.integers(1, 9))
def test_a_stream_scanned_in_any_pieces(data: bytes, cuts: list[int], capacity: int) -> None:
    whole = rows_of(PlainFrameScan(), data, [])
    for scan in scans(capacity):
        assert rows_of(scan, data, cuts) == whole


@settings(max_examples=200, deadline=None)
@given(data=bulk(), tail=st.binary(max_size=20))
def test_the_scan_finds_the_frames_that_the_decoder_finds(data: bytes, tail: bytes) -> None:
    opening = greeting() + command(b"READY")
    events = decode(opening + data + tail)[2:]
    failed = [event for event in events if isinstance(event, ev.ProtocolFailed)]
    rows, failure, _ = rows_of(PlainFrameScan(), data + tail, [])
    places = [
        event.at - len(opening)
        for event in events
        if isinstance(event, ev.FrameReceived | ev.CommandReceived)
    ]
    begun = [offset - (9 if flags & LONG else 2) for offset, _, flags in rows]
    # The scan tells of a frame at its header, and does not look into commands.
    assert begun[: len(places)] == places
    assert failure is None or failed
