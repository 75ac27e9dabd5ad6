"""What a small message costs in memory, and what the process uses after very many of them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, observed_app
from tests.benchmarks.append_row import deque_bytes_per_message
from tests.benchmarks.json_process import JsonProcess, Reply
from tests.benchmarks.row import Plan, Row, Spread, Topic
from tests.display import virtual_display

_SIZE = 16
_MESSAGES = 100_000_000
_LONGEST_S = 180.0
_SHORT_MESSAGES = 300_000
_SHORT_S = 5.0
_LOOK_EVERY_S = 1.0
_MOST_BYTES = 48.0
_MIB = 2**20
_ROOM_BYTES = 250 * _MIB


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """Fill the store with 16 B messages many times over."""
    count, longest_s = (_SHORT_MESSAGES, _SHORT_S) if plan.short else (_MESSAGES, _LONGEST_S)
    with virtual_display() as environment, observed_app(environment, plan) as app:
        (socket,) = app.open(f"pull:@tcp://127.0.0.1:*,name={_SIZE} B")
        plan.say(f"memory: {count:,} messages, or {longest_s:.0f} s of them")
        before = app.sample()
        with reference.sender([socket.endpoint], sizes=[_SIZE], count=count) as sender:
            peak_bytes = _watch(app, sender, longest_s)
        app.settle()
        after = app.sample()
        notes = (*app.notes(), *reference.notes())
        yield _bytes_a_message(plan, after, app.notes())
        yield _resident(before, after, max(peak_bytes, after["rss_bytes"]), count, notes)


def _watch(app: ObservedApp, sender: JsonProcess, longest_s: float) -> int:
    """Wait for the end of the sender, or of the time; the most resident memory until then."""
    peak_bytes, end_s = 0, time.monotonic() + longest_s
    while time.monotonic() < end_s and sender.reply_if_any() is None:
        peak_bytes = max(peak_bytes, app.sample()["rss_bytes"])
        time.sleep(_LOOK_EVERY_S)
    return peak_bytes


def _bytes_a_message(plan: Plan, after: Reply, notes: tuple[str, ...]) -> Row:
    each = after["memory_bytes"] / max(1, after["rows"])
    deque = deque_bytes_per_message(plan)
    return Row(
        "memory-message",
        round(each, 1),
        f"B a {_SIZE} B message",
        round(deque, 1),
        "deque of lists",
        Spread.of([each / deque]),
        f"≤ {_MOST_BYTES:.0f} B",
        each <= _MOST_BYTES,
        {"memory_bytes": after["memory_bytes"], "rows": after["rows"]},
        notes,
    )


def _resident(
    before: Reply, after: Reply, peak_bytes: int, count: int, notes: tuple[str, ...]
) -> Row:
    most = after["budget_bytes"] + _ROOM_BYTES
    reached = after["messages"]
    stopped = () if reached >= count else (f"Stopped by time after {reached:,} of {count:,}.",)
    return Row(
        "memory-rss",
        round(peak_bytes / _MIB),
        "MiB at most",
        round(after["budget_bytes"] / _MIB),
        "budget",
        Spread.of([peak_bytes / after["budget_bytes"]]),
        f"≤ {most / _MIB:.0f} MiB",
        peak_bytes <= most,
        {
            "messages": reached,
            "rss_before_bytes": before["rss_bytes"],
            "rss_after_bytes": after["rss_bytes"],
            "rss_peak_bytes": peak_bytes,
            "memory_bytes": after["memory_bytes"],
            "peak_memory_bytes": after["peak_memory_bytes"],
            "budget_bytes": after["budget_bytes"],
            "evicted": after["evicted"],
        },
        (*notes, *stopped),
    )


TOPIC = Topic("memory", ("memory",), run)
