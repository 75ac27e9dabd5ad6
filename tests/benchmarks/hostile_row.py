"""How long the slowest look at a hostile payload takes, by any decoder, envelope or comparison."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.row import Plan, Row, RowFailedError, Topic
from tests.hostile_child import ENVELOPES
from tests.hostile_payloads import GROUPS

_ROOT = Path(__file__).resolve().parents[2]
_MOST_MS = 200.0
_SHORT = ("json", "json lists, deep", "json of HTML", "json 1e999999999")
_TIMEOUT_S = 900
_SHOWN = 3


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Show all payloads to processes of their own, group by group."""
    told: list[dict[str, Any]] = []
    if plan.short:
        told += _told_of(*_SHORT)
    else:
        for group in (*GROUPS, ENVELOPES):
            plan.say(f"hostile: {group}")
            told += _told_of(group)
    errors = [error for one in told for error in (*one["errors"], *one["forbidden"])]
    if errors:
        raise RowFailedError(errors[0])
    told.sort(key=lambda one: -float(one["slowest_ms"]))
    largest = max(told, key=lambda one: int(one["grown"]) - 2 * int(one["size"]))
    slowest = "; ".join(
        f"{one['name']}, {one['act']}: {one['slowest_ms']:.0f} ms" for one in told[:_SHOWN]
    )
    yield Row(
        "hostile",
        told[0]["slowest_ms"],
        "ms CPU",
        aim=f"≤ {_MOST_MS:.0f} ms, any payload",
        reached=plan.judged(told[0]["slowest_ms"] <= _MOST_MS),
        figures={"payloads": told},
        notes=(
            f"{len(told)} payloads, {sum(one['acts'] for one in told):,} looks; {slowest}",
            f"most memory for its size: {largest['name']}, {largest['grown'] / 1e6:.0f} MB "
            f"for {largest['size'] / 1e6:.0f} MB",
        ),
    )


def _told_of(group: str, *names: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile_child", group, *names],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise RowFailedError(f"{group}: {done.stderr[-500:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


TOPIC = Topic("hostile", ("hostile",), run)
