"""One socket flooded flat out: how soon another one's message is shown, and a command obeyed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import zmq

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, OpenSocket, observed_app
from tests.benchmarks.row import Plan, Row, Spread, Topic
from tests.display import virtual_display

_FLOODED = "pull:@tcp://127.0.0.1:*,name=flooded"
_QUIET = "pull:@tcp://127.0.0.1:*,name=quiet"
_FLOOD_BYTES = 16
_MESSAGES, _CLOSES = 40, 10
_BETWEEN_S = 0.05
_WARM_UP_S = 1.0
_REPLY_S = 20.0
_MOST_MS = 100.0


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """Measure both under the same flood."""
    messages, closes = (5, 2) if plan.short else (_MESSAGES, _CLOSES)
    with virtual_display() as environment, observed_app(environment, plan) as app:
        flooded, quiet = app.open(_FLOODED, _QUIET)
        plan.say(f"fairness: {messages} messages and {closes} closes while another is flooded")
        calm_ms = _shown_ms(app, quiet, messages)
        with reference.sender([flooded.endpoint], sizes=[_FLOOD_BYTES]):
            time.sleep(_WARM_UP_S)
            shown_ms = _shown_ms(app, quiet, messages)
            close_ms = _close_ms(app, closes)
        notes = (*app.notes(), *reference.notes())
        yield _row(plan, "fairness-shown", shown_ms, Spread.of(calm_ms).median, notes)
        yield _row(plan, "fairness-close", close_ms, None, notes)


def _shown_ms(app: ObservedApp, quiet: OpenSocket, count: int) -> list[float]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    push = context.socket(zmq.PUSH)
    push.connect(quiet.endpoint)
    found = []
    try:
        for number in range(count + 1):
            app.process.ask(do="watch_shown", socket=quiet.id)
            time.sleep(_BETWEEN_S)
            sent_s = time.time()
            push.send(b"%d" % number)
            shown_s = app.process.ask(_REPLY_S, do="shown")["shown_s"]
            found.append((shown_s - sent_s) * 1_000)
    finally:
        context.destroy(linger=0)
    # The first one waits for its connection.
    return found[1:]


def _close_ms(app: ObservedApp, count: int) -> list[float]:
    found = []
    for number in range(count):
        (other,) = app.open(f"pull:@tcp://127.0.0.1:*,name=other {number}")
        took_s = app.process.ask(_REPLY_S, do="time_close", socket=other.id)["took_s"]
        found.append(took_s * 1_000)
        app.remove(other)
    return found


def _row(
    plan: Plan, name: str, found_ms: list[float], calm_ms: float | None, notes: tuple[str, ...]
) -> Row:
    spread = Spread.of(found_ms)
    return Row(
        name,
        round(spread.high, 1),
        "ms at most",
        None if calm_ms is None else round(calm_ms, 1),
        "" if calm_ms is None else "median without the flood",
        aim=f"≤ {_MOST_MS:.0f} ms",
        reached=plan.judged(spread.high <= _MOST_MS),
        figures={"median_ms": spread.median, "found_ms": found_ms},
        notes=notes,
    )


TOPIC = Topic("fairness", ("fairness",), run)
