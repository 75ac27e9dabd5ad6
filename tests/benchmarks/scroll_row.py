"""How a frame of 200 MB opens and scrolls in every view of the inspector."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.row import Plan, Row, RowFailedError, Spread, Topic
from tests.benchmarks.scroll_process import VIEWS

_ROOT = Path(__file__).resolve().parents[2]
_MEGABYTES, _SHORT_MEGABYTES = 200, 20
_STEPS, _SHORT_STEPS = 200, 20
_MOST_OPEN_MS, _MOST_STEP_MS = 200.0, 25.0
_TIMEOUT_S = 300


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Each view in a process of its own."""
    told = []
    for view in VIEWS:
        plan.say(f"scroll: {view.value}")
        told.append(_told_of(plan, view.value))
    if "scroll-open" in lines:
        yield _open_row(plan, told)
    if "scroll-step" in lines:
        yield _step_row(plan, told)


def _open_row(plan: Plan, told: list[dict[str, Any]]) -> Row:
    # The store hands out a copy, which is no view's doing.
    opened = {one["view"]: one["open_ms"] - one["copy_ms"] for one in told}
    slowest = max(told, key=lambda one: opened[one["view"]])
    return Row(
        "scroll-open",
        round(slowest["open_ms"], 1),
        "ms CPU",
        round(slowest["copy_ms"], 1),
        "a copy of the same bytes",
        Spread.of_ratios([one["open_ms"] for one in told], [one["copy_ms"] for one in told]),
        f"≤ {_MOST_OPEN_MS:.0f} ms beyond the copy, any view",
        plan.judged(opened[slowest["view"]] <= _MOST_OPEN_MS),
        {"views": told},
        (_by_view({one["view"]: one["open_ms"] for one in told}),),
    )


def _step_row(plan: Plan, told: list[dict[str, Any]]) -> Row:
    steps = {one["view"]: _p99(one["step_ms"]) for one in told}
    peers = {one["view"]: _p99(one["peer_step_ms"]) for one in told}
    slowest = max(steps, key=lambda view: steps[view])
    return Row(
        "scroll-step",
        round(steps[slowest], 1),
        "ms CPU, p99",
        round(peers[slowest], 1),
        "1 MB in the hex view",
        Spread.of_ratios(list(steps.values()), list(peers.values())),
        f"≤ {_MOST_STEP_MS:.0f} ms, any view",
        plan.judged(steps[slowest] <= _MOST_STEP_MS),
        {"p99_ms": steps, "peer_p99_ms": peers},
        (_by_view(steps),),
    )


def _by_view(figures: dict[str, float]) -> str:
    return ", ".join(f"{view} {ms:.1f} ms" for view, ms in figures.items())


def _p99(took: list[float]) -> float:
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def _told_of(plan: Plan, view: str) -> dict[str, Any]:
    megabytes = _SHORT_MEGABYTES if plan.short else _MEGABYTES
    steps = _SHORT_STEPS if plan.short else _STEPS
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.benchmarks.scroll_process"),
            *(view, str(megabytes), str(steps), "-platform", "offscreen"),
        ],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise RowFailedError(f"{view}: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


TOPIC = Topic("scroll", ("scroll-open", "scroll-step"), run)
