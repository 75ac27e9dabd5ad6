"""Bytes move as far as both sides let them, and frames of our own go only between others."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.link_rig import KEY, Frame, make_scratch, read_zmtp, take, until, wire_pair, zmtp, zws
from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.transcoder import new_state
from zmqscope.engine.links.flow import SOURCE_BYTES, Flow, LinkFailedError, OnSpecial

SMALL_BUFFER = 4_096


class FlowRig:
    """A flow between two socket pairs of which the test has the other ends.

    Args:
        state: The transcoder's.
        on_special: Deals with special frames; by default there must be none.
    """

    def __init__(self, state: NDArray[np.int64], on_special: OnSpecial | None = None) -> None:
        self._stack = ExitStack()
        source, self.before = self._stack.enter_context(wire_pair())
        sink, self.behind = self._stack.enter_context(wire_pair(SMALL_BUFFER))
        self.flow = Flow(source, sink, state, make_scratch(), on_special or _refuse)
        self.came = b""

    def close(self) -> None:
        """Close all ends."""
        self._stack.close()

    def give(self, data: bytes) -> bytes:
        """Write what fits into the source; the rest."""
        try:
            return data[self.before.send(data) :] if data else data
        except BlockingIOError:
            return data

    def take(self) -> bytes:
        """Read what has gone into the sink."""
        piece = take(self.behind)
        self.came += piece
        return piece

    def pass_all(self, data: bytes = b"") -> bytes:
        """Give data, and go on until nothing more comes; everything that came."""
        left = data

        def step() -> None:
            nonlocal left
            left = self.give(left)
            self.flow.move()

        def is_idle() -> bool:
            step()
            return not self.take() and not left and not self.flow.writes

        until(is_idle, step)
        return self.came


def _refuse(data: memoryview) -> int:
    raise AssertionError(f"special: {bytes(data[:20])!r}")


MakeRig = Callable[..., FlowRig]


@pytest.fixture
def make_rig() -> Iterator[MakeRig]:
    """Makes rigs that are closed with the test."""
    rigs: list[FlowRig] = []

    def make(state: NDArray[np.int64], on_special: OnSpecial | None = None) -> FlowRig:
        rigs.append(FlowRig(state, on_special))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


def frames_of(count: int, most_bytes: int) -> list[Frame]:
    """Single frames of random sizes, some of them large."""
    rnd = random.Random(5)
    return [
        (0, rnd.randbytes(rnd.choice([0, 5, 300, rnd.randrange(most_bytes)]))) for _ in range(count)
    ]


# ---- moving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", [False, True], ids=["as it came", "looked at"])
def test_a_sink_that_takes_little_gets_all_in_the_end(make_rig: MakeRig, filters: bool) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP, filters=filters))
    rig.flow.groups.join(b"g")
    parts = [(1, b"g"), (0, b"")] if filters else [(0, b"")]
    frames = [
        (more, body or content) for _, content in frames_of(40, 200_000) for more, body in parts
    ]
    assert read_zmtp(rig.pass_all(b"".join(zmtp(*frame) for frame in frames))) == frames


def test_into_websocket_and_out_again(make_rig: MakeRig) -> None:
    frames = frames_of(30, 100_000)
    into = make_rig(new_state(at.ZMTP, at.WEBSOCKET, masks=True))
    data = into.pass_all(b"".join(zmtp(*frame) for frame in frames))
    out = make_rig(new_state(at.WEBSOCKET, at.ZMTP, is_masked=True))
    assert read_zmtp(out.pass_all(data)) == frames


def test_while_its_sink_is_full_it_takes_nothing_more_from_its_source(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.WEBSOCKET))
    data = zmtp(0, bytes(100_000)) * 100
    left = data
    assert rig.flow.reads

    def step() -> None:
        nonlocal left
        left = rig.give(left)
        rig.flow.move()

    until(lambda: rig.flow.writes, step)
    assert not rig.flow.reads
    until(lambda: rig.give(left) == left, step)
    # What is on its way is what buffers hold, whatever the source would give.
    assert len(left) > 5_000_000
    assert not rig.flow.move()
    rig.take()
    rig.flow.move()
    assert rig.flow.writes


def test_it_moves_a_bounded_part_at_a_time(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP))
    rig.flow.begin_with(zmtp(0, b"first"))
    assert rig.give(zmtp(0, b"second")) == b""
    assert rig.flow.move() is False, "nothing is left"
    assert rig.take() == zmtp(0, b"first") + zmtp(0, b"second")


def test_what_came_before_it_goes_first_even_if_nothing_follows(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.WEBSOCKET, at.ZMTP, is_masked=True))
    rig.flow.begin_with(zws(1, b"a", KEY) + zws(0, b"bc", KEY)[:4])
    assert rig.pass_all() == zmtp(1, b"a")
    assert rig.pass_all(zws(0, b"bc", KEY)[4:]) == zmtp(1, b"a") + zmtp(0, b"bc")


def test_the_end_of_its_source(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP))
    assert rig.give(zmtp(0, b"last")) == b""
    rig.before.shutdown(socket.SHUT_WR)
    rig.flow.move()
    assert rig.flow.has_ended
    assert not rig.flow.reads
    assert rig.take() == zmtp(0, b"last")


def test_a_sink_that_is_gone_is_an_error(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP))
    rig.behind.close()
    rig.give(zmtp(0, b"x"))
    with pytest.raises(OSError, match="Broken pipe"):
        rig.flow.move()


# ---- special frames ----------------------------------------------------------------------------


def test_special_frames_are_seen_one_by_one_and_in_order(make_rig: MakeRig) -> None:
    seen: list[bytes] = []

    def on_special(data: memoryview) -> int:
        size = 2 + data[1] if len(data) > 1 else 0
        if len(data) < size or not size:
            return 0
        seen.append(bytes(data[2:size]))
        return size

    rig = make_rig(new_state(at.ZMTP, at.ZMTP), on_special)
    data = zmtp(4, b"one") + zmtp(0, b"a") + zmtp(4, b"two") + zmtp(4, b"") + zmtp(1, b"b")
    for place in range(len(data)):
        rig.pass_all(data[place : place + 1])
    assert seen == [b"one", b"two", b""]
    assert rig.came == zmtp(0, b"a") + zmtp(1, b"b")
    rig.pass_all(data * 2)
    assert seen == [b"one", b"two", b""] * 3


def test_a_special_frame_that_never_ends_is_too_long(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP), lambda data: 0)
    left = zmtp(4, b"") + bytes(2 * SOURCE_BYTES)

    def step() -> None:
        nonlocal left
        left = rig.give(left)
        rig.flow.move()

    with pytest.raises(LinkFailedError, match="longer than it may be"):
        until(lambda: False, step)


def test_held_it_waits_and_released_it_goes_on_where_it_was(make_rig: MakeRig) -> None:
    def hold(data: memoryview) -> int:
        rig.flow.is_held = not may_go
        return 2 + data[1] if may_go else 0

    may_go = False
    rig = make_rig(new_state(at.ZMTP, at.ZMTP), hold)
    rig.flow.release()
    rig.give(zmtp(0, b"a") + zmtp(4, b"wait") + zmtp(0, b"b"))
    rig.flow.move()
    assert rig.take() == zmtp(0, b"a")
    rig.give(zmtp(0, b"c"))
    assert rig.flow.move() is False
    assert not rig.flow.reads
    assert rig.take() == b""
    may_go = True
    rig.flow.release()
    assert rig.flow.reads
    rig.flow.move()
    assert rig.take() == zmtp(0, b"b") + zmtp(0, b"c")


# ---- frames of our own -------------------------------------------------------------------------


def test_a_frame_of_our_own_goes_at_once_between_two_others(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP))
    rig.flow.put(b"<own>")
    assert rig.take() == b"<own>"
    rig.give(zmtp(1, b"a"))
    rig.flow.move()
    rig.flow.put(b"<own>")
    assert rig.take() == zmtp(1, b"a") + b"<own>"


@pytest.mark.parametrize("into", [at.ZMTP, at.WEBSOCKET])
@pytest.mark.parametrize("latest", [False, True])
def test_in_the_middle_of_a_body_it_waits_for_the_end(
    make_rig: MakeRig, into: int, latest: bool
) -> None:
    rig = make_rig(new_state(at.ZMTP, into))
    body = bytes(range(256)) * 1_000
    whole = zmtp(0, body) + zmtp(0, b"next")
    rig.pass_all(whole[:100_000])
    before = len(rig.came)
    put = rig.flow.put_latest if latest else rig.flow.put
    put(b"<own>")
    rig.pass_all(whole[100_000:200_000])
    assert len(rig.came) == before + 100_000
    rig.pass_all(whole[200_000:])
    framed = {at.ZMTP: zmtp, at.WEBSOCKET: zws}[into]
    assert rig.came == framed(0, body) + b"<own>" + framed(0, b"next")


def test_several_go_in_the_order_in_which_they_were_put(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP))
    rig.pass_all(zmtp(0, b"abc")[:3])
    for own in (b"<1>", b"<2>", b"<3>"):
        rig.flow.put(own)
    assert rig.pass_all(b"bc" + zmtp(0, b"d")) == zmtp(0, b"abc") + b"<1><2><3>" + zmtp(0, b"d")


def test_of_those_that_only_count_as_the_latest_one_waits(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP))
    rig.flow.put_latest(b"<1>")
    assert rig.take() == b"<1>"
    left = zmtp(0, bytes(4_000_000))

    def step() -> None:
        nonlocal left
        left = rig.give(left)
        rig.flow.move()

    until(lambda: rig.flow.writes, step)
    for number in range(1_000):
        rig.flow.put_latest(f"<{number}>".encode())
    rig.pass_all(left + zmtp(0, b"end"))
    assert rig.came == b"<1>" + zmtp(0, bytes(4_000_000)) + b"<999>" + zmtp(0, b"end")


def test_the_latest_one_goes_once_the_sink_takes_something_again(make_rig: MakeRig) -> None:
    rig = make_rig(new_state(at.ZMTP, at.ZMTP))
    assert rig.give(zmtp(0, bytes(1_000)) * 100) == b""
    rig.flow.move()
    assert rig.flow.writes
    assert rig.flow.state[at.LEFT] == 0
    rig.flow.put_latest(b"<own>")
    rig.flow.put_latest(b"<own>")
    rig.pass_all()
    assert rig.came == zmtp(0, bytes(1_000)) * 100 + b"<own>"
