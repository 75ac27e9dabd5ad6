"""One direction: bytes in, events out."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.zmtp_rig import box, command, decode, greeting, ready
from zmqscope.core.zmtp import command_reader as typed
from zmqscope.core.zmtp import events as ev
from zmqscope.core.zmtp.commands import write_metadata
from zmqscope.core.zmtp.decoder import MAX_COMMAND, ZmtpDecoder
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.frames import LONG, MORE, encode_frame, encode_header
from zmqscope.core.zmtp.greeting import Greeting
from zmqscope.core.zmtp.legacy import encode_frame_v1, encode_frame_v2, encode_greeting_v2
from zmqscope.core.zmtp.opening import UNVERSIONED, Revision
from zmqscope.core.zmtp.scan import FrameStream, PlainFrameScan

OPEN = greeting() + ready(b"PUSH")
MIB = 1 << 20


def failure(events: list[ev.Event]) -> ev.ProtocolFailed:
    (failed,) = [event for event in events if isinstance(event, ev.ProtocolFailed)]
    assert events[-1] is failed
    return failed


def test_a_connection_of_3_1() -> None:
    data = (
        OPEN
        + encode_frame(MORE, b"topic")
        + encode_frame(0, b"")
        + command(b"SUBSCRIBE", b"A")
        + encode_frame(LONG, b"long form")
        + encode_frame(0, bytes(300))
    )
    assert decode(data) == [
        ev.GreetingReceived(Greeting(3, 1, b"NULL")),
        ev.CommandReceived(64, b"READY", typed.Ready((("Socket-Type", b"PUSH"),))),
        ev.FrameReceived(92, True, 5, b"topic"),
        ev.FrameReceived(99, False, 0, b""),
        ev.CommandReceived(101, b"SUBSCRIBE", typed.Subscribe(b"A")),
        ev.FrameReceived(114, False, 9, b"long form"),
        ev.FrameReceived(132, False, 300, bytes(300)),
    ]


def test_byte_by_byte_and_what_is_known_on_the_way() -> None:
    decoder = ZmtpDecoder()
    assert (decoder.major, decoder.revision, decoder.greeting) == (None, None, None)
    found: list[ev.Event] = []
    for number, byte in enumerate(OPEN + encode_frame(0, b"x")):
        decoder.receive_data(bytes([byte]))
        found += decoder.events()
        assert decoder.major == (3 if number >= 10 else None)
        assert decoder.revision is (Revision.V3 if number >= 63 else None)
        assert decoder.is_in_handshake is (number < len(OPEN) - 1)
        assert decoder.is_unfinished is (number not in (63, len(OPEN) - 1, len(OPEN) + 2))
    assert found == decode(OPEN + encode_frame(0, b"x"))
    assert decoder.greeting == Greeting(3, 1, b"NULL")
    assert not decoder.has_failed


def test_2_0_with_its_identity() -> None:
    data = encode_greeting_v2(b"DEALER", b"me") + encode_frame_v2(MORE, b"a") + b"\x00\x01b"
    events = [
        ev.LegacyGreetingReceived(Revision.V2, 1, b"DEALER"),
        ev.IdentityReceived(12, b"me"),
        ev.FrameReceived(16, True, 1, b"a"),
        ev.FrameReceived(19, False, 1, b"b"),
    ]
    assert decode(data) == decode(data, range(len(data))) == decode(data, peer_major=3) == events


def test_3_x_that_meets_2_0() -> None:
    data = encode_greeting_v2(b"ROUTER", major=3) + b"\x00\x01b"
    events = [
        ev.LegacyGreetingReceived(Revision.V2, 3, b"ROUTER"),
        ev.IdentityReceived(12, b""),
        ev.FrameReceived(14, False, 1, b"b"),
    ]
    assert decode(data) == decode(data, range(99), peer_major=1) == events


def test_1_0() -> None:
    data = encode_frame_v1(0, b"me") + encode_frame_v1(MORE, b"") + encode_frame_v1(0, bytes(300))
    assert decode(data) == [
        ev.LegacyGreetingReceived(Revision.V1, UNVERSIONED, b""),
        ev.IdentityReceived(0, b"me"),
        ev.FrameReceived(4, True, 0, b""),
        ev.FrameReceived(6, False, 300, bytes(300)),
    ]


def test_3_x_that_meets_1_0() -> None:
    data = b"\xff" + bytes(7) + b"\x03\x7fme" + encode_frame_v1(0, b"x")
    assert decode(data, peer_major=UNVERSIONED) == [
        ev.LegacyGreetingReceived(Revision.V1, UNVERSIONED, b""),
        ev.IdentityReceived(0, b"me"),
        ev.FrameReceived(12, False, 1, b"x"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encode_greeting_v2(b"PAIR")[:12] + b"\x01\x00", "more frames follow"),
        (encode_greeting_v2(b"PAIR")[:12] + encode_header(0, 256), "255 are the most"),
        (encode_greeting_v2(b"PAIR") + b"\x04\x00", "2.0 has reserved flags: 0x04"),
        (encode_frame_v1(0, bytes(256)), "255 are the most"),
        (b"\x01\x00\x00", "length of 0"),
        (b"GET / HTTP/1.1\r\n" + bytes(99), "length of 0"),
    ],
)
def test_older_versions_that_fail(data: bytes, reason: str) -> None:
    assert reason in failure(decode(data)).reason


def test_curve_boxes() -> None:
    hello = command(b"HELLO", b"\x01\x00" + bytes(192))
    initiate = command(b"INITIATE", bytes(248))
    data = greeting(b"CURVE") + hello + initiate + box(0, 5) + box(5_000, 6)
    boxes = decode(data, max_body=0)[3:]
    assert boxes == [ev.BoxReceived(532, 5, 0), ev.BoxReceived(567, 6, 5_000)]
    # RFC 26 has MESSAGE as a command; libzmq sends it as a message. Both count.
    as_command = data.replace(b"\x00\x21\x07MESSAGE", b"\x04\x21\x07MESSAGE")
    assert as_command != data
    assert decode(as_command)[3:] == boxes
    in_clear = failure(decode(data + encode_frame(0, b"in clear")))
    assert in_clear == ev.ProtocolFailed(
        len(data), "A frame is not encrypted, though the connection uses CURVE."
    )
    assert "33 are needed" in failure(decode(data + encode_frame(0, b"\x07MESSAGE"))).reason


@pytest.mark.parametrize(
    ("data", "at", "reason"),
    [
        (OPEN + b"\x08", 92, "A frame has reserved flags: 0x08."),
        (OPEN + b"\x00\x01x\xff", 95, "A frame has reserved flags: 0xFF."),
        (OPEN + b"\x05\x02", 92, "A command says that more frames follow: flags 0x05."),
        (OPEN + b"\x02\x80" + bytes(7), 92, "more than 2^63 - 1"),
        (OPEN + b"\x04\x00", 92, "A command is empty"),
        (OPEN + b"\x04\x03\x00ab", 92, "empty name"),
        (OPEN + b"\x04\x03\x05ab", 92, "claims a name of 5 bytes"),
        (OPEN + command(b"PING", b"\0"), 92, "time to live"),
        (greeting() + encode_frame(0, b"early"), 64, "before the handshake was over"),
        (greeting() + command(b"READY", b"\x09short"), 64, "in the middle of a property"),
    ],
)
def test_protocol_errors(data: bytes, at: int, reason: str) -> None:
    events = decode(data + b"\x00\x05after")
    failed = failure(events)
    assert failed.at == at
    assert reason in failed.reason
    assert decode(data + b"\x00\x05after", range(len(data) + 7)) == events


def test_after_a_failure_nothing_is_kept() -> None:
    decoder = ZmtpDecoder()
    decoder.receive_data(OPEN + b"\xff")
    assert decoder.has_failed is False
    failure(list(decoder.events()))
    decoder.receive_data(OPEN)
    assert decoder.has_failed
    assert decoder.next_event() is None
    assert len(decoder._inbox) == 0


def test_long_bodies_are_cut_and_counted() -> None:
    (event,) = decode(OPEN + encode_frame(0, b"abcdef"), max_body=4)[2:]
    assert event == ev.FrameReceived(92, False, 6, b"abcd")
    assert isinstance(event, ev.FrameReceived)
    assert event.is_truncated
    (whole,) = decode(OPEN + encode_frame(0, b"abcd"), max_body=4)[2:]
    assert isinstance(whole, ev.FrameReceived)
    assert not whole.is_truncated
    assert decode(OPEN + encode_frame(0, b"abcd"), max_body=0)[2:] == [
        ev.FrameReceived(92, False, 4, b"")
    ]


@pytest.mark.parametrize("length", [1 << 62, (1 << 63) - 1])
def test_a_claimed_length_takes_no_memory(length: int) -> None:
    decoder = ZmtpDecoder(max_body=1_000)
    decoder.receive_data(OPEN + encode_header(0, length))
    piece = bytes(MIB)
    tracemalloc.start()
    try:
        for _ in range(64):
            decoder.receive_data(piece)
            assert len(list(decoder.events())) in (0, 2)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MIB
    assert decoder.is_unfinished


def test_a_command_that_is_too_long_is_named() -> None:
    data = bytes(MAX_COMMAND)
    events = decode(OPEN + command(b"SUBSCRIBE", data) + b"\x00\x01x")
    assert events[2:] == [
        ev.CommandReceived(92, b"SUBSCRIBE", typed.OtherCommand(b"SUBSCRIBE", MAX_COMMAND, None)),
        ev.FrameReceived(92 + 9 + 10 + MAX_COMMAND, False, 1, b"x"),
    ]


def test_ten_thousand_properties_in_a_ready() -> None:
    pairs = [(f"X-{number}", b"v") for number in range(10_000)]
    data = write_metadata(pairs)
    assert len(data) > MAX_COMMAND
    events = decode(greeting() + command(b"READY", data) + b"\x00\x01x", range(0, 99_999, 997))
    assert events[1] == ev.CommandReceived(
        64, b"READY", typed.OtherCommand(b"READY", len(data), None)
    )
    assert isinstance(events[2], ev.FrameReceived)
    short = decode(greeting() + command(b"READY", write_metadata(pairs[:5_000])))
    assert short[1] == ev.CommandReceived(64, b"READY", typed.Ready(tuple(pairs[:5_000])))


def test_events_stay_as_they_were_when_the_fed_buffer_changes() -> None:
    decoder = ZmtpDecoder()
    buffer = bytearray(OPEN + encode_frame(0, b"body"))
    decoder.receive_data(memoryview(buffer))
    buffer[:] = bytes(len(buffer))
    assert list(decoder.events()) == decode(OPEN + encode_frame(0, b"body"))


@pytest.mark.parametrize("cut", range(len(OPEN), len(OPEN) + 20))
def test_what_follows_can_be_handed_over_to_a_scan(cut: int) -> None:
    data = OPEN + encode_frame(MORE, b"topic") + encode_frame(0, bytes(300)) + b"\x00\x01x"
    decoder = ZmtpDecoder()
    decoder.receive_data(data[:cut])
    told = [event.at for event in decoder.events() if isinstance(event, ev.FrameReceived)]
    begun = decoder._header is not None
    rest = decoder.release()
    assert decoder.next_event() is None
    stream = FrameStream(PlainFrameScan(), rest.position, rest.skip)
    places = [
        place
        for piece in (rest.data, data[cut:])
        for rows in stream.feed(piece)
        for place in rows.offset.tolist()
    ]
    assert places == [94, 108, 410][len(told) + begun :]
    assert stream.position == len(data)


@pytest.mark.parametrize("data", [b"", OPEN[:20], OPEN + b"\xff", encode_frame_v1(0, b"")])
def test_what_cannot_be_handed_over(data: bytes) -> None:
    decoder = ZmtpDecoder()
    decoder.receive_data(data)
    list(decoder.events())
    with pytest.raises(ZmtpError, match="handed over"):
        decoder.release()
