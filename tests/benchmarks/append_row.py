"""The store against a deque of lists, in batches of 10,000 messages of 16 B."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.benchmarks.json_process import JsonProcess, Reply
from tests.benchmarks.measure import ROOT
from tests.benchmarks.row import Plan, Row, Spread, Topic

_MESSAGES = 2_000_000
_SHORT_MESSAGES = 100_000
_LONGEST_S = 120.0


def deque_bytes_per_message(plan: Plan) -> float:
    """Resident bytes that a deque of lists needs for a 16 B message."""
    return float(_loop("deque", plan)["bytes"])


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """Store and deque in turns, each time in a process of its own."""
    store, deque = list[Reply](), list[Reply]()
    for number in range(plan.rounds):
        plan.say(f"append: round {number + 1} of {plan.rounds}")
        store.append(_loop("store", plan))
        deque.append(_loop("deque", plan))
    for figure, unit in (("ns", "ns a message"), ("bytes", "B a message")):
        ours, theirs = [found[figure] for found in store], [found[figure] for found in deque]
        yield Row(
            "append-time" if figure == "ns" else "append-memory",
            round(Spread.of(ours).median, 1),
            unit,
            round(Spread.of(theirs).median, 1),
            "deque of lists",
            Spread.of_ratios(ours, theirs),
            figures={"store": ours, "deque": theirs},
        )


def _loop(kind: str, plan: Plan) -> Reply:
    messages = _SHORT_MESSAGES if plan.short else _MESSAGES
    command = [sys.executable, "-m", "tests.benchmarks.append_loop", kind, str(messages)]
    with JsonProcess(f"the {kind}", command, folder=ROOT) as process:
        return process.reply(_LONGEST_S)


TOPIC = Topic("append", ("append",), run)
