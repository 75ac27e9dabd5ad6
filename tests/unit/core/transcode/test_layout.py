"""What the RFCs print, byte by byte, through both transcoders."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.kernel_rig import load_kernels
from tests.link_rig import KEY, mixed, websocket, zws
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.groups import GroupTable
from zmqscope.core.transcode.transcoder import Transcoder, new_state
from zmqscope.engine.links.transcoding import BestTranscoder

HELLO = b"Hello"
CLAIM = 2**62


@pytest.fixture(params=["kernel", "plain"])
def transcoder(request: pytest.FixtureRequest) -> Transcoder:
    return BestTranscoder(load_kernels() if request.param == "kernel" else KernelSet())


def run(
    transcoder: Transcoder,
    state: NDArray[np.int64],
    data: bytes,
    groups: GroupTable | None = None,
) -> tuple[int, int, bytes]:
    """One call: why it ended, how much it used, what it made."""
    source = np.frombuffer(data, np.uint8)
    sink = np.zeros(at.MOST_EXPANSION * len(data) + at.SPARE, np.uint8)
    reason = transcoder.run(source, sink, state, groups or GroupTable())
    return reason, int(state[at.CONSUMED]), sink[: int(state[at.PRODUCED])].tobytes()


# ---- from WebSocket ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "made"),
    [
        (b"\x82\x06\x00Hello", b"\x00\x05Hello"),
        (b"\x82\x06\x01Hello", b"\x01\x05Hello"),
        # “Hello” behind its flags, with the key of RFC 6455, section 5.7.
        (b"\x82\x86\x37\xfa\x21\x3d\x37\xb2\x44\x51\x5b\x95", b"\x00\x05Hello"),
        (b"\x82\x86\x37\xfa\x21\x3d\x36\xb2\x44\x51\x5b\x95", b"\x01\x05Hello"),
        (b"\x82\x86\x00\x00\x00\x00\x00Hello", b"\x00\x05Hello"),
        # An empty frame is one of nothing but flags.
        (b"\x82\x01\x00", b"\x00\x00"),
        (b"\x82\x81\x37\xfa\x21\x3d\x36", b"\x01\x00"),
    ],
)
def test_short_messages_of_a_websocket(transcoder: Transcoder, data: bytes, made: bytes) -> None:
    state = new_state(at.WEBSOCKET, at.ZMTP, is_masked=data[1] >= 0x80)
    assert run(transcoder, state, data) == (
        at.NEEDS_INPUT,
        len(data),
        made,
    )


@pytest.mark.parametrize("key", [b"", KEY])
@pytest.mark.parametrize(
    ("head", "size", "made"),
    [
        (b"\x82\x7d", 125, b"\x00\x7c"),
        (b"\x82\x7e\x00\x7e", 126, b"\x00\x7d"),
        (b"\x82\x7e\x01\x00", 256, b"\x00\xff"),
        (b"\x82\x7e\x01\x01", 257, b"\x02\x00\x00\x00\x00\x00\x00\x01\x00"),
        (b"\x82\x7e\xff\xff", 65_535, b"\x02\x00\x00\x00\x00\x00\x00\xff\xfe"),
        (b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 65_536, b"\x02" + bytes(6) + b"\xff\xff"),
        # RFC 6455 wants the shortest form; a longer one means the same.
        (b"\x82\x7e\x00\x05", 5, b"\x00\x04"),
        (b"\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x05", 5, b"\x00\x04"),
    ],
)
def test_lengths_of_a_websocket(
    transcoder: Transcoder, head: bytes, size: int, made: bytes, key: bytes
) -> None:
    payload = b"\0" + bytes(range(256)) * 256
    payload = payload[:size]
    masked_head = bytes((head[0], head[1] | (0x80 if key else 0))) + head[2:] + key
    data = masked_head + mixed(payload, key)
    state = new_state(at.WEBSOCKET, at.ZMTP, is_masked=key != b"")
    found = run(transcoder, state, data)
    assert found == (at.NEEDS_INPUT, len(data), made + payload[1:])


@pytest.mark.parametrize(
    "data",
    [
        websocket(HELLO, first=0x81),
        websocket(HELLO, KEY, first=0x81),
        websocket(HELLO, first=0x01),
        websocket(b"\0lo", first=0x80),
        websocket(b"\0Hel", first=0x02),
        websocket(HELLO, first=0x88),
        websocket(HELLO, first=0x89),
        websocket(HELLO, KEY, first=0x8A),
        websocket(b"\0Hello", first=0xC2),
        websocket(b"\0Hello", first=0xA2),
        websocket(b"\0Hello", first=0x92),
        websocket(b"\x02\x05READY"),
        websocket(b"\x02\x05READY", KEY),
        websocket(b"\x03Hello"),
        websocket(b"\x04Hello"),
        websocket(b"\x80Hello", KEY),
        websocket(b""),
        websocket(b"", KEY),
        b"\x82\x7f\x80" + bytes(7) + b"\0",
        b"\x82\xff\xff" + b"\xff" * 7 + KEY + KEY,
        b"\x82\x7e\x00\x00\x00",
    ],
    ids=lambda data: data[:12].hex(),
)
def test_what_is_no_whole_binary_message_is_left_to_the_caller(
    transcoder: Transcoder, data: bytes
) -> None:
    is_masked = data[1] >= 0x80
    before = websocket(b"\x01ab", KEY if is_masked else b"")
    state = new_state(at.WEBSOCKET, at.ZMTP, is_masked=is_masked)
    assert run(transcoder, state, before + data) == (at.SPECIAL, len(before), b"\x01\x02ab")
    assert (state[at.LEFT], state[at.IS_INSIDE], state[at.FRAMES]) == (0, 1, 1)


def test_an_empty_message_is_told_before_anything_follows(transcoder: Transcoder) -> None:
    for data in (b"\x82\x00", b"\x82\x80", b"\x82\x80" + KEY):
        state = new_state(at.WEBSOCKET, at.ZMTP, is_masked=data[1] >= 0x80)
        assert run(transcoder, state, data)[0] == at.SPECIAL


@pytest.mark.parametrize("is_masked", [False, True])
def test_a_frame_of_the_wrong_side_is_left_to_the_caller(
    transcoder: Transcoder, is_masked: bool
) -> None:
    right, wrong = (zws(0, b"a", KEY if masked else b"") for masked in (is_masked, not is_masked))
    state = new_state(at.WEBSOCKET, at.ZMTP, is_masked=is_masked)
    assert run(transcoder, state, right + wrong[:2]) == (at.SPECIAL, len(right), b"\x00\x01a")


# ---- from ZMTP ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "made"),
    [
        (b"\x00\x05Hello", b"\x82\x06\x00Hello"),
        (b"\x01\x05Hello", b"\x82\x06\x01Hello"),
        (b"\x00\x00", b"\x82\x01\x00"),
        # The long form of a short length (RFC 37, section 3.2).
        (b"\x03\x00\x00\x00\x00\x00\x00\x00\x05Hello", b"\x82\x06\x01Hello"),
    ],
)
def test_short_frames_of_zmtp(transcoder: Transcoder, data: bytes, made: bytes) -> None:
    assert run(transcoder, new_state(at.ZMTP, at.WEBSOCKET), data) == (
        at.NEEDS_INPUT,
        len(data),
        made,
    )


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (124, b"\x82\x7d"),
        (125, b"\x82\x7e\x00\x7e"),
        (255, b"\x82\x7e\x01\x00"),
        (256, b"\x82\x7e\x01\x01"),
        (65_534, b"\x82\x7e\xff\xff"),
        (65_535, b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
@pytest.mark.parametrize("masks", [False, True])
def test_lengths_of_zmtp(transcoder: Transcoder, size: int, head: bytes, masks: bool) -> None:
    body = (bytes(range(256)) * 256)[:size]
    short = size < 256
    data = (b"\x01" + bytes((size,)) if short else b"\x03" + size.to_bytes(8)) + body
    reason, used, made = run(transcoder, new_state(at.ZMTP, at.WEBSOCKET, masks), data)
    assert (reason, used) == (at.NEEDS_INPUT, len(data))
    assert made[: len(head)] == bytes((head[0], head[1] | 0x80 * masks)) + head[2:]
    key = made[len(head) : len(head) + 4] if masks else b""
    assert mixed(made[len(head) + len(key) :], key) == b"\x01" + body


@pytest.mark.parametrize("flags", [0x04, 0x05, 0x06, 0x07, 0x08, 0x10, 0x80, 0xFF])
def test_commands_and_reserved_bits_of_zmtp_are_left_to_the_caller(
    transcoder: Transcoder, flags: int
) -> None:
    data = b"\x00\x01a" + bytes((flags,))
    assert run(transcoder, new_state(at.ZMTP, at.WEBSOCKET), data) == (
        at.SPECIAL,
        3,
        b"\x82\x02\x00a",
    )


def test_a_length_above_the_highest_is_left_to_the_caller(transcoder: Transcoder) -> None:
    data = b"\x02\x80" + bytes(7)
    assert run(transcoder, new_state(at.ZMTP, at.ZMTP), data) == (at.SPECIAL, 0, b"")


# ---- both --------------------------------------------------------------------------------------


def test_keys_differ_from_frame_to_frame_and_from_connection_to_connection(
    transcoder: Transcoder,
) -> None:
    data = b"\x00\x00" * 300
    keys = []
    for _ in range(2):
        _, _, made = run(transcoder, new_state(at.ZMTP, at.WEBSOCKET, masks=True), data)
        keys += [made[at_ + 2 : at_ + 6] for at_ in range(0, len(made), 7)]
    assert len(keys) == 600
    assert len(set(keys)) > 598


@pytest.mark.parametrize(
    ("come_from", "head", "made"),
    [
        (at.ZMTP, b"\x02" + CLAIM.to_bytes(8), b"\x82\x7f" + (CLAIM + 1).to_bytes(8) + b"\0"),
        (
            at.WEBSOCKET,
            b"\x82\x7f" + CLAIM.to_bytes(8) + b"\0",
            b"\x02" + (CLAIM - 1).to_bytes(8),
        ),
    ],
)
def test_a_huge_claim_costs_nothing(
    transcoder: Transcoder, come_from: int, head: bytes, made: bytes
) -> None:
    state = new_state(come_from, 1 - come_from)
    assert run(transcoder, state, head) == (at.NEEDS_INPUT, len(head), made)
    for _ in range(3):
        assert run(transcoder, state, b"x" * 1_000) == (at.NEEDS_INPUT, 1_000, b"x" * 1_000)
    flags = 1 if come_from == at.WEBSOCKET else 0
    assert state[at.LEFT] == CLAIM - flags - 3_000


@pytest.mark.parametrize("come_from", [at.ZMTP, at.WEBSOCKET])
def test_while_it_escapes_only_the_present_body_goes_on(
    transcoder: Transcoder, come_from: int
) -> None:
    frame = {at.ZMTP: b"\x00\x05Hello", at.WEBSOCKET: b"\x82\x06\x00Hello"}[come_from]
    state = new_state(come_from, 1 - come_from)
    run(transcoder, state, frame[:-2])
    state[at.ESCAPES] = 1
    assert run(transcoder, state, frame[-2:] + frame) == (at.SPECIAL, 2, b"lo")


def test_frames_that_go_as_they_came_are_not_copied(transcoder: Transcoder) -> None:
    state = new_state(at.ZMTP, at.ZMTP)
    assert state[at.COPIES_NOTHING]
    data = b"\x01\x01a\x00\x05Hello\x00\x05He"
    assert run(transcoder, state, data) == (at.NEEDS_INPUT, len(data), b"")
    assert (state[at.MESSAGES], state[at.FRAMES], state[at.BODY_BYTES]) == (2, 3, 8)


@pytest.mark.parametrize("come_from", [at.ZMTP, at.WEBSOCKET])
def test_a_group_is_waited_for_and_the_rest_may_be_cut(
    transcoder: Transcoder, come_from: int
) -> None:
    frames = {
        at.ZMTP: (b"\x01\x03abc", b"\x00\x05Hello"),
        at.WEBSOCKET: (b"\x82\x84" + KEY + mixed(b"\x01abc", KEY), zws(0, HELLO, KEY)),
    }[come_from]
    groups = GroupTable()
    groups.join(b"abc")
    state = new_state(come_from, at.ZMTP, filters=True, is_masked=True)
    for cut in range(len(frames[0])):
        assert run(transcoder, state, frames[0][:cut], groups) == (at.NEEDS_INPUT, 0, b"")
    found = run(transcoder, state, frames[0] + frames[1][:-3], groups)
    assert found[2] == b"\x01\x03abc\x00\x05He"
    assert run(transcoder, state, frames[1][-3:], groups)[2] == b"llo"
    groups.leave(b"abc")
    data = b"".join(frames)
    assert run(transcoder, state, data, groups) == (at.NEEDS_INPUT, len(data), b"")
    assert (state[at.MESSAGES], state[at.DROPPED]) == (1, 1)
