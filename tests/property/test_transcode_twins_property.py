"""Both transcoders give back what was put in, the same bytes, and stop at the same places."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.kernel_rig import load_kernels
from tests.link_rig import Frame, read_zmtp, read_zws, websocket, zmtp, zws
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.groups import GroupTable
from zmqscope.core.transcode.transcoder import Transcoder, new_state
from zmqscope.engine.links.transcoding import BestTranscoder

CANARY = 0xA5
ROOM_BEYOND = 64

SIZES = st.one_of(
    st.integers(0, 20),
    st.sampled_from([0, 1, 124, 125, 126, 127, 254, 255, 256, 257]),
    st.sampled_from([65_533, 65_534, 65_535, 65_536, 65_537]),
    st.integers(0, 200_000),
)
MESSAGES = st.lists(st.lists(SIZES, min_size=1, max_size=4), max_size=6)
CUTS = st.lists(st.integers(0, 1 << 20), max_size=12)
KEY = st.binary(min_size=4, max_size=4)
KEYS = st.one_of(st.just([b""]), st.lists(KEY, min_size=1, max_size=9))
"""One after the other: of a server, which does not mask, or of a client."""


def kernel() -> Transcoder:
    """The transcoder with the kernel in it."""
    kernels = load_kernels()
    assert kernels.transcode is not None
    return BestTranscoder(kernels)


def plain() -> Transcoder:
    """The transcoder without kernels."""
    return BestTranscoder(KernelSet())


@dataclass
class Trail:
    """Everything that one transcoder did with a stream."""

    output: bytearray = field(default_factory=bytearray)
    calls: list[tuple[int, list[int]]] = field(default_factory=list)
    rest: bytes = b""


def follow(
    transcoder: Transcoder,
    state: NDArray[np.int64],
    data: bytes,
    cuts: list[int],
    groups: GroupTable | None = None,
) -> Trail:
    """Feed a stream in pieces until it ends or something special is there."""
    trail = Trail()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in itertools.pairwise(places):
        source = np.frombuffer(trail.rest + data[start:end], np.uint8)
        room = at.MOST_EXPANSION * len(source) + at.SPARE
        sink = np.full(room + ROOM_BEYOND, CANARY, np.uint8)
        reason = transcoder.run(source, sink[:room], state, groups or GroupTable())
        used, made = int(state[at.CONSUMED]), int(state[at.PRODUCED])
        assert 0 <= used <= len(source)
        assert 0 <= made <= room
        assert set(sink[room:].tolist()) == {CANARY}
        trail.calls.append((reason, state.tolist()))
        assert not (made and state[at.COPIES_NOTHING])
        goes = source[:used] if state[at.COPIES_NOTHING] else sink[:made]
        trail.output += goes.tobytes()
        trail.rest = source[used:].tobytes()
        if reason == at.SPECIAL:
            break
    return trail


def follow_both(
    state: NDArray[np.int64], data: bytes, cuts: list[int], groups: GroupTable | None = None
) -> Trail:
    """By both, which have to do the same at every call; what they did."""
    trails = [follow(each, state.copy(), data, cuts, groups) for each in (kernel(), plain())]
    assert trails[0] == trails[1]
    return trails[0]


def frames_of(messages: list[list[int]], seed: int) -> list[Frame]:
    """Frames of these sizes: whether another follows, and bytes of any values."""
    rnd = random.Random(seed)
    return [
        (int(index < len(sizes) - 1), rnd.randbytes(size))
        for sizes in messages
        for index, size in enumerate(sizes)
    ]


def state_of(
    come_from: int,
    go_into: int,
    masks: bool = False,
    seed: int = 1,
    filters: bool = False,
    is_masked: bool = False,
) -> NDArray[np.int64]:
    """A new state whose masking keys are known."""
    state = new_state(come_from, go_into, masks, filters, is_masked)
    state[at.SEED] = seed
    return state


def check_counts(trail: Trail, frames: list[Frame]) -> None:
    """That the last call used all, and that it was counted."""
    assert trail.rest == b""
    if not trail.calls:
        return
    reason, state = trail.calls[-1]
    assert reason == at.NEEDS_INPUT
    assert (state[at.LEFT], state[at.IS_INSIDE], state[at.DROPPED]) == (0, 0, 0)
    assert state[at.FRAMES] == len(frames)
    assert state[at.MESSAGES] == sum(not more for more, _ in frames)
    assert state[at.BODY_BYTES] == sum(len(body) for _, body in frames)


# ---- there and back ----------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(
    messages=MESSAGES,
    content=st.integers(),
    cuts=CUTS,
    masks=st.booleans(),
    seed=st.integers(-(2**63), 2**63 - 1),
)
def test_from_zmtp_into_websocket(
    messages: list[list[int]], content: int, cuts: list[int], masks: bool, seed: int
) -> None:
    frames = frames_of(messages, content)
    data = b"".join(zmtp(*frame) for frame in frames)
    trail = follow_both(state_of(at.ZMTP, at.WEBSOCKET, masks, seed), data, cuts)
    assert read_zws(bytes(trail.output), masks) == frames
    check_counts(trail, frames)


@settings(max_examples=120, deadline=None)
@given(messages=MESSAGES, content=st.integers(), cuts=CUTS, keys=KEYS)
def test_from_websocket_into_zmtp(
    messages: list[list[int]], content: int, cuts: list[int], keys: list[bytes]
) -> None:
    frames = frames_of(messages, content)
    data = b"".join(zws(*frame, keys[number % len(keys)]) for number, frame in enumerate(frames))
    state = state_of(at.WEBSOCKET, at.ZMTP, is_masked=keys[0] != b"")
    trail = follow_both(state, data, cuts)
    assert read_zmtp(bytes(trail.output)) == frames
    check_counts(trail, frames)


@settings(max_examples=60, deadline=None)
@given(messages=MESSAGES, content=st.integers(), cuts=CUTS)
def test_from_zmtp_into_zmtp(messages: list[list[int]], content: int, cuts: list[int]) -> None:
    frames = frames_of(messages, content)
    data = b"".join(zmtp(*frame) for frame in frames)
    trail = follow_both(state_of(at.ZMTP, at.ZMTP), data, cuts)
    assert trail.output == data
    check_counts(trail, frames)


@settings(max_examples=60, deadline=None)
@given(messages=MESSAGES, content=st.integers(), cuts=CUTS, keys=KEYS, masks=st.booleans())
def test_from_websocket_into_websocket(
    messages: list[list[int]], content: int, cuts: list[int], keys: list[bytes], masks: bool
) -> None:
    frames = frames_of(messages, content)
    data = b"".join(zws(*frame, keys[0]) for frame in frames)
    state = state_of(at.WEBSOCKET, at.WEBSOCKET, masks, is_masked=keys[0] != b"")
    trail = follow_both(state, data, cuts)
    assert read_zws(bytes(trail.output), masks) == frames
    check_counts(trail, frames)


@settings(max_examples=60, deadline=None)
@given(messages=MESSAGES, content=st.integers(), cuts=CUTS, swap_at=st.integers(0, 9))
def test_the_kernel_may_come_in_the_middle_of_a_body(
    messages: list[list[int]], content: int, cuts: list[int], swap_at: int
) -> None:
    frames = frames_of(messages, content)
    data = b"".join(zmtp(*frame) for frame in frames)
    alone = follow(plain(), state_of(at.ZMTP, at.WEBSOCKET, True), data, cuts)
    state = state_of(at.ZMTP, at.WEBSOCKET, True)
    places = sorted(cut % (len(data) + 1) for cut in cuts)
    middle = places[min(swap_at, len(places) - 1)] if places else 0
    one = follow(plain(), state, data[:middle], cuts)
    other = follow(kernel(), state, one.rest + data[middle:], cuts)
    assert one.output + other.output == alone.output


# ---- groups ------------------------------------------------------------------------------------

GROUPS = [b"", b"a", b"ab", b"abc", b"b", b"\xff", bytes(255), b"a" * 254, b"a" * 255, b"a" * 256]
GROUP_MESSAGES = st.lists(
    st.tuples(st.sampled_from(GROUPS), st.lists(SIZES, max_size=2)), max_size=8
)


@settings(max_examples=150, deadline=None)
@given(
    messages=GROUP_MESSAGES,
    joined=st.sets(st.sampled_from(GROUPS[:-1])),
    content=st.integers(),
    cuts=CUTS,
    keys=KEYS,
    from_websocket=st.booleans(),
    masks=st.booleans(),
)
def test_only_messages_of_joined_groups_come_through_and_whole(
    messages: list[tuple[bytes, list[int]]],
    joined: set[bytes],
    content: int,
    cuts: list[int],
    keys: list[bytes],
    from_websocket: bool,
    masks: bool,
) -> None:
    rnd = random.Random(content)
    bodies = [[group, *map(rnd.randbytes, sizes)] for group, sizes in messages]
    parts = [
        [(int(index < len(each) - 1), body) for index, body in enumerate(each)] for each in bodies
    ]
    wanted = [each for each in parts if len(each) > 1 and each[0][1] in joined]
    frames = [frame for each in parts for frame in each]
    groups = GroupTable()
    for group in joined:
        groups.join(group)
    if from_websocket:
        state = state_of(at.WEBSOCKET, at.ZMTP, filters=True, is_masked=keys[0] != b"")
        data = b"".join(
            zws(*frame, keys[number % len(keys)]) for number, frame in enumerate(frames)
        )
    else:
        state = state_of(at.ZMTP, at.WEBSOCKET, masks, filters=True)
        data = b"".join(zmtp(*frame) for frame in frames)
    trail = follow_both(state, data, cuts, groups)
    output = bytes(trail.output)
    found = read_zmtp(output) if from_websocket else read_zws(output, masks)
    assert found == [frame for each in wanted for frame in each]
    assert trail.rest == b""
    if trail.calls:
        _, last = trail.calls[-1]
        assert last[at.MESSAGES] == len(wanted)
        assert last[at.DROPPED] == len(parts) - len(wanted)


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["join", "leave", "say"]), st.sampled_from(GROUPS[:-1])),
        max_size=25,
    )
)
def test_groups_may_be_joined_and_left_between_messages(steps: list[tuple[str, bytes]]) -> None:
    outputs = []
    expected: list[Frame] = []
    for transcoder in (kernel(), plain()):
        groups, output = GroupTable(), b""
        state = state_of(at.ZMTP, at.ZMTP, filters=True)
        counts: dict[bytes, int] = {}
        expected = []
        for what, group in steps:
            if what == "join":
                counts[group] = counts.get(group, 0) + 1
                assert groups.join(group) is (counts[group] == 1)
            elif what == "leave":
                counts[group] = max(0, counts.get(group, 0) - 1)
                groups.leave(group)
            else:
                data = zmtp(1, group) + zmtp(0, b"x")
                output += follow(transcoder, state, data, [], groups).output
                expected += [(1, group), (0, b"x")] if counts.get(group) else []
        outputs.append(output)
    assert outputs[0] == outputs[1]
    assert read_zmtp(outputs[0]) == expected


# ---- anything else -----------------------------------------------------------------------------

FRAGMENTS = st.one_of(
    st.binary(max_size=40),
    st.builds(zmtp, st.integers(0, 7), st.binary(max_size=300)),
    st.builds(zws, st.integers(0, 3), st.binary(max_size=300), KEY),
    st.builds(websocket, st.binary(max_size=300), KEY | st.just(b""), st.integers(0, 255)),
    st.builds(
        lambda first, size: bytes((first,)) + size.to_bytes(8),
        st.integers(0, 7),
        st.integers(0, 2**64 - 1),
    ),
    st.builds(
        lambda second, size: bytes((0x82, second)) + size.to_bytes(8) + bytes(6),
        st.sampled_from([127, 255, 126, 254]),
        st.integers(0, 2**64 - 1),
    ),
)


@settings(max_examples=600, deadline=None)
@given(
    pieces=st.lists(FRAGMENTS, max_size=8),
    cuts=CUTS,
    state=st.builds(
        state_of,
        st.sampled_from([at.ZMTP, at.WEBSOCKET]),
        st.sampled_from([at.ZMTP, at.WEBSOCKET]),
        masks=st.booleans(),
        seed=st.integers(-(2**63), 2**63 - 1),
        filters=st.booleans(),
        is_masked=st.booleans(),
    ),
    escapes=st.sampled_from([0, 0, 0, 1]),
)
def test_whatever_comes_both_do_the_same(
    pieces: list[bytes], cuts: list[int], state: NDArray[np.int64], escapes: int
) -> None:
    state[at.ESCAPES] = escapes
    groups = GroupTable()
    for group in (b"", b"\0", b"abc"):
        groups.join(group)
    trail = follow_both(state, b"".join(pieces), cuts, groups)
    for reason, _ in trail.calls[:-1]:
        assert reason == at.NEEDS_INPUT
    if trail.calls and trail.calls[-1][0] == at.NEEDS_INPUT:
        # Nothing is kept but a head that is cut, and with it a group.
        assert len(trail.rest) < 15 + at.MAX_GROUP
