"""A thousand peers that connect, flap and leave while a panel shows them: is the window smooth."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, OpenSocket, observed_app
from tests.benchmarks.json_process import JsonProcess
from tests.benchmarks.measure import PEERS
from tests.benchmarks.row import Plan, Row, Topic
from tests.display import virtual_display

_PANELS = ("peers", "topology", "events", "rates")
_MANY, _FEW = 1_000, 200
_FLAP_S, _SHORT_S = 8.0, 2.0
_MOST_FLAPS = 20_000
_MOST_P99_MS = 50.0
_PATIENCE_S = 60.0
# So that the display is kept at its full pace.
_SIZE, _RATE_PER_S = 64, 2_000
_MIB = 1 << 20


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """Each panel in turn, with fresh peers."""
    with ExitStack() as stack:
        environment = stack.enter_context(virtual_display())
        app = stack.enter_context(observed_app(environment, plan))
        traffic, socket, other = app.open(
            "pull:@tcp://127.0.0.1:*,name=traffic",
            "pub:@tcp://127.0.0.1:*,name=crowd,backlog=1000",
            "router:@tcp://127.0.0.1:*,name=desk,backlog=1000",
        )
        kinds = {"SUB": socket, "DEALER": other}
        found = {}
        for panel in _PANELS:
            plan.say(f"peers-thousand: {panel}")
            app.process.ask(do="front", panel=panel)
            for kind, door in kinds.items():
                with reference.sender([traffic.endpoint], sizes=[_SIZE], rate=_RATE_PER_S):
                    found[f"{panel}, {kind}"] = _crowd(plan, app, door, kind)
        yield _row(plan, found)


def _crowd(plan: Plan, app: ObservedApp, door: OpenSocket, kind: str) -> dict[str, Any]:
    count, seconds = (_FEW, _SHORT_S) if plan.short else (_MANY, _FLAP_S)
    command = [sys.executable, str(PEERS / "thousand.py"), door.endpoint, kind]
    if kind == "SUB":
        command += ["--topic", b"news".hex()]
    before = app.sample()
    with JsonProcess("the crowd", command) as crowd:
        crowd.reply(_PATIENCE_S)  # that it is ready
        crowd.ask(_PATIENCE_S, do="gather", count=count)
        flaps = crowd.ask(_PATIENCE_S, do="flap", times=_MOST_FLAPS, seconds=seconds)["flaps"]
        crowd.ask(_PATIENCE_S, do="leave")
    after = app.sample()
    return {
        "flaps_per_s": flaps / seconds,
        "interval_p99_ms": after["interval_p99_ms"],
        "interval_max_ms": after["interval_max_ms"],
        "grown_bytes": after["rss_bytes"] - before["rss_bytes"],
    }


def _row(plan: Plan, found: dict[str, dict[str, Any]]) -> Row:
    worst = max(each["interval_p99_ms"] or 0.0 for each in found.values())
    notes = tuple(
        f"{name}: p99 {each['interval_p99_ms']:.1f} ms, max {each['interval_max_ms']:.0f} ms at "
        f"{each['flaps_per_s']:,.0f} flaps/s, memory {each['grown_bytes'] / _MIB:+.0f} MiB"
        for name, each in found.items()
    )
    return Row(
        "peers-thousand",
        worst,
        "ms p99",
        max(each["interval_max_ms"] or 0.0 for each in found.values()),
        "the longest",
        None,
        f"p99 ≤ {_MOST_P99_MS:.0f} ms",
        plan.judged(worst <= _MOST_P99_MS),
        found,
        notes,
    )


TOPIC = Topic("peers-thousand", ("peers-thousand",), run)
