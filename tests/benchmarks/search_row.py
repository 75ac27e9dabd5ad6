"""Five million stored messages searched in the open window: first hits, all hits, the display."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, observed_app
from tests.benchmarks.json_process import Reply
from tests.benchmarks.row import Plan, Row, RowFailedError, Spread, Topic
from tests.display import virtual_display

_MESSAGES = 5_000_000
_SHORT_MESSAGES = 200_000
_SIZE = 64
_BUDGET_BYTES = 1 << 30
_MOST_FIRST_MS = 100.0
_MOST_TOTAL_MS = 1_500.0
_MOST_P99_MS = 33.0
_LIVE_PER_S = 100_000
_REPLY_S = 60.0
_READY_S = 20.0
_WARM_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class _Search:
    """What is searched for.

    Attributes:
        contains: The text.
        is_live: Whether messages come meanwhile.
    """

    contains: str
    is_live: bool = False


_SEARCHES = {
    # Numbers that end so: one in ten thousand.
    "search-rare": _Search("1234:abcdefg"),
    "search-frequent": _Search("wxyabc"),
    "search-live": _Search("1234:abcdefg", is_live=True),
}


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Fill the store once, then search it for one thing after the other."""
    settings = {"memory_budget_bytes": str(_BUDGET_BYTES)}
    with (
        virtual_display() as environment,
        observed_app(environment, plan, settings=settings) as app,
    ):
        _wait_for_kernel(plan, app)
        count = _SHORT_MESSAGES if plan.short else _MESSAGES
        plan.say(f"search: storing {count:,} messages")
        # Without a socket the window shows its welcome, and no table.
        app.open("pull:@tcp://127.0.0.1:*,name=nothing comes")
        app.process.ask(_REPLY_S, do="fill", count=count, size=_SIZE)
        for name, search in _SEARCHES.items():
            if name in lines:
                plan.say(f"{name}: {plan.rounds} windows of {plan.window_s} s")
                yield _row(plan, app, name, search)


def _wait_for_kernel(plan: Plan, app: ObservedApp) -> None:
    """The search kernel is the last one to be ready."""
    end_s = time.monotonic() + (_READY_S if plan.native_came else 0.0)
    while time.monotonic() < end_s and not app.process.ask(do="status")["search_ready"]:
        time.sleep(0.1)


def _row(plan: Plan, app: ObservedApp, name: str, search: _Search) -> Row:
    plain = app.process.ask(_REPLY_S, do="search_plainly", contains=search.contains)
    found = _live(plan, app, search) if search.is_live else _searched(plan, app, search)
    if found["failed"] or not found["first_ms"] or found["hits"] < plain["hits"]:
        raise RowFailedError(f"{name}: {plain['hits']} hits were expected, {_told(found)}")
    first, total = Spread.of(found["first_ms"]), Spread.of(found["total_ms"])
    p99 = float(np.percentile(found["intervals_ms"], 99)) if found["intervals_ms"] else None
    is_fast = first.median <= _MOST_FIRST_MS and total.median <= _MOST_TOTAL_MS
    is_smooth = p99 is not None and p99 <= _MOST_P99_MS
    return Row(
        name,
        round(total.median, 1),
        "ms for all",
        round(plain["total_ms"], 1),
        "our plain twin",
        Spread.of([value / plain["total_ms"] for value in found["total_ms"]]),
        f"first ≤ {_MOST_FIRST_MS:.0f}, p99 ≤ {_MOST_P99_MS:.0f} ms",
        plan.judged(is_fast and is_smooth),
        {
            "first_ms": found["first_ms"],
            "total_ms": found["total_ms"],
            "plain_ms": plain["total_ms"],
            "hits": found["hits"],
            "plain_hits": plain["hits"],
            "searched": found["searched"],
            "missed": found["missed"],
            "interval_p99_ms": p99,
            "interval_max_ms": max(found["intervals_ms"], default=None),
            "intervals": len(found["intervals_ms"]),
            "all_aim_ms": _MOST_TOTAL_MS,
        },
        (
            f"{found['hits']:,} hits in {found['searched']:,} messages; first hits after "
            f"{first.median:.0f} ms ({first.high:.0f} at most), all ≤ {_MOST_TOTAL_MS:.0f} ms "
            f"is the aim; display p99 {_ms(p99)}, longest "
            f"{_ms(max(found['intervals_ms'], default=None))}",
        ),
    )


def _told(found: Reply) -> str:
    return ", ".join(f"{key} {value}" for key, value in found.items() if "ms" not in key)


def _ms(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f} ms"


def _searched(plan: Plan, app: ObservedApp, search: _Search) -> Reply:
    seconds = plan.rounds * plan.window_s
    return app.process.ask(_REPLY_S, do="search", contains=search.contains, seconds=seconds)


def _live(plan: Plan, app: ObservedApp, search: _Search) -> Reply:
    """The same while messages come at a steady rate."""
    (socket,) = app.open("pull:@tcp://127.0.0.1:*,name=live")
    with reference.sender([socket.endpoint], sizes=[_SIZE], rate=_LIVE_PER_S):
        time.sleep(_WARM_UP_S)
        found = _searched(plan, app, search)
    app.settle()
    app.remove(socket)
    return found


TOPIC = Topic("search", tuple(_SEARCHES), run)
