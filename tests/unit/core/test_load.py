"""Plans of a load: counters as bytes, and what cannot be sent, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zmqscope.core.load import (
    MAX_COUNT,
    CounterFormat,
    CounterSpec,
    LoadPlan,
    LoadSnapshot,
    plan_problem,
    sndhwm_of,
)
from zmqscope.core.types import JobId, SocketId, SocketSpec, SocketType

PUSH = SocketSpec(SocketType.PUSH)
FRAMES = (b"topic", b"0123456789abcdef")


def spec(kind: SocketType, **options: int | bytes) -> SocketSpec:
    return SocketSpec(kind, options=tuple(options.items()))


def words(plan: LoadPlan, socket: SocketSpec = PUSH) -> str:
    problem = plan_problem(socket, plan)
    return "" if problem is None else problem.sentence()


# ---- counters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counter", "index", "expected"),
    [
        (CounterSpec(0, 0), 258, b"\0\0\0\0\0\0\1\2"),
        (CounterSpec(0, 0, CounterFormat.LITTLE_ENDIAN), 258, b"\2\1\0\0\0\0\0\0"),
        (CounterSpec(0, 0, CounterFormat.DECIMAL, 5), 258, b"00258"),
        (CounterSpec(0, 0, start=2**64 - 1), 0, b"\xff" * 8),
        (CounterSpec(0, 0, start=2**64 - 1), 1, bytes(8)),
        (CounterSpec(0, 0, CounterFormat.DECIMAL, 2, start=98), 3, b"01"),
        (CounterSpec(0, 0, CounterFormat.DECIMAL, 20, start=2**64 - 1), 0, b"18446744073709551615"),
        (CounterSpec(0, 0, CounterFormat.DECIMAL, 20, start=2**64 - 1), 1, b"0" * 20),
    ],
)
def test_a_counter_is_written_and_begins_anew(
    counter: CounterSpec, index: int, expected: bytes
) -> None:
    assert counter.encode(index) == expected
    assert counter.width == len(expected)


def test_a_counter_replaces_what_stands_there() -> None:
    plan = LoadPlan(FRAMES, counter=CounterSpec(1, 4, CounterFormat.DECIMAL, 3, start=7))
    assert plan.frames_of(0) == (b"topic", b"0123007789abcdef")
    assert plan.frames_of(5) == (b"topic", b"0123012789abcdef")
    assert plan.frames == FRAMES


def test_without_a_counter_all_messages_are_the_same() -> None:
    plan = LoadPlan(FRAMES)
    assert plan.frames_of(9) is plan.frames
    assert plan.message_bytes == 21


# ---- what cannot be done --------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        SocketType.PAIR, SocketType.PUB, SocketType.XPUB, SocketType.XSUB, SocketType.PUSH,
        SocketType.DEALER, SocketType.ROUTER, SocketType.STREAM,
    ],
)  # fmt: skip
def test_what_can_send_at_any_time_can_send_a_load(kind: SocketType) -> None:
    assert words(LoadPlan(FRAMES, 100.0, 10, CounterSpec(1, 8)), spec(kind)) == ""


def test_types_that_take_turns_or_only_receive_cannot() -> None:
    assert words(LoadPlan(FRAMES), spec(SocketType.REQ)) == (
        "A REQ takes turns with its peer: it cannot send one message after another. "
        "Send the load from a DEALER or ROUTER instead."
    )
    assert "A REP takes turns" in words(LoadPlan(FRAMES), spec(SocketType.REP))
    assert words(LoadPlan(FRAMES), spec(SocketType.SUB)) == (
        "A SUB only receives. Choose a socket that can send."
    )


@pytest.mark.parametrize("rate", [0.0, -1.0, 1e8, float("inf"), float("nan")])
def test_rates_are_bounded(rate: float) -> None:
    assert words(LoadPlan(FRAMES, rate)) == (
        "The rate is out of range. Choose 0.1 to 10,000,000 messages a second, or flat out."
    )


@pytest.mark.parametrize("count", [0, -1, MAX_COUNT + 1])
def test_counts_are_bounded(count: int) -> None:
    assert "The number of messages is out of range." in words(LoadPlan(FRAMES, None, count))


@pytest.mark.parametrize(
    ("counter", "expected"),
    [
        (
            CounterSpec(2, 0),
            "The counter is to stand in frame 3, which does not exist. "
            "Choose another frame, or add one.",
        ),
        (
            CounterSpec(0, 0),
            "The counter takes 8 bytes from byte 0 on, and frame 1 has 5 bytes. "
            "Make the frame longer, or let the counter begin further left.",
        ),
        (CounterSpec(1, 9), "The counter takes 8 bytes from byte 9 on, and frame 2 has 16 bytes."),
        (CounterSpec(1, -1), "The counter takes 8 bytes from byte -1 on"),
        (
            CounterSpec(1, 0, CounterFormat.DECIMAL, 3, start=1_000),
            "The counter cannot begin there. Choose a number from 0 to 999.",
        ),
        (CounterSpec(1, 0, start=2**64), "Choose a number from 0 to 18,446,744,073,709,551,615."),
        (CounterSpec(1, 0, CounterFormat.DECIMAL, 21), "Choose 1 to 20 digits."),
        (CounterSpec(1, 0, CounterFormat.DECIMAL, 0), "Choose 1 to 20 digits."),
    ],
)
def test_a_counter_has_to_fit(counter: CounterSpec, expected: str) -> None:
    assert words(LoadPlan(FRAMES, counter=counter)).startswith(expected) or expected in words(
        LoadPlan(FRAMES, counter=counter)
    )


def test_a_counter_that_just_fits_is_fine() -> None:
    assert words(LoadPlan(FRAMES, counter=CounterSpec(1, 8))) == ""
    assert words(LoadPlan(FRAMES, counter=CounterSpec(0, 0, CounterFormat.DECIMAL, 5))) == ""


def test_a_counter_cannot_stand_in_a_routing_id() -> None:
    plan = LoadPlan((b"0123456789", b"0123456789"), counter=CounterSpec(0, 0))
    assert "would name no peer" in words(plan, spec(SocketType.ROUTER))
    assert words(plan, spec(SocketType.DEALER)) == ""


def test_an_empty_frame_would_close_a_stream() -> None:
    assert "closes the connection" in words(LoadPlan((b"id", b"")), spec(SocketType.STREAM))


def test_an_xsub_does_not_send_subscriptions_by_the_thousand() -> None:
    xsub = spec(SocketType.XSUB)
    assert "changes its subscriptions" in words(LoadPlan((b"\1topic",)), xsub)
    assert "changes its subscriptions" in words(LoadPlan((b"\0",)), xsub)
    numbered = LoadPlan((b"x" * 8,), counter=CounterSpec(0, 0))
    assert "changes its subscriptions" in words(numbered, xsub)
    further_right = replace(numbered, frames=(b"x" * 9,), counter=CounterSpec(0, 1))
    assert words(further_right, xsub) == ""


def test_an_unbounded_queue_and_an_unbounded_rate_do_not_go_together() -> None:
    endless = spec(SocketType.PUSH, sndhwm=0)
    assert words(LoadPlan(FRAMES), endless) == (
        "This socket has no high-water mark (sndhwm=0): flat out, its queue would fill the memory. "
        "Choose a rate, or open it with an sndhwm."
    )
    assert words(LoadPlan(FRAMES, 1_000.0), endless) == ""
    assert (sndhwm_of(endless), sndhwm_of(PUSH)) == (0, 1_000)


def test_the_mean_rate_is_over_all_the_time() -> None:
    snapshot = LoadSnapshot(JobId(1), SocketId(1), None)
    assert (snapshot.running, snapshot.mean_per_s) == (True, 0.0)
    assert replace(snapshot, sent=500, seconds=2.0).mean_per_s == 250.0
