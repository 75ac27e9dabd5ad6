"""The benchmarks in their short form: that they work and lose nothing; times are not judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

ROWS = [
    "start-paint", "start-plot", "idle", "load",
    "capture-16", "capture-16-plain", "capture-256", "capture-256-plain",
    "capture-4096", "capture-2-frames", "capture-50-sockets", "capture-50-sockets-loop",
    "display", "fairness-shown", "fairness-close", "lossless", "memory-message", "memory-rss",
    "append-time", "append-memory",
    "generator", "generator-paced",
    "ws-in", "ws-out", "draft-in", "draft-out",
    "locks-flood",
    "previews",
    "hostile",
    "scroll-open", "scroll-step",
    "search-rare", "search-frequent", "search-live",
    "watching", "watching-50-sockets", "peers-thousand",
]  # fmt: skip

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.timeout(1_200)]


def bench(folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """What a run wrote, and what it printed."""
    result = folder / "result.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *arguments, "--json", str(result)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1_180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    found: dict[str, Any] = json.loads(result.read_text())
    assert found["failed"] == {}
    return found, done.stdout


def test_the_table_in_its_short_form(tmp_path: Path) -> None:
    found, printed = bench(tmp_path, "--short")
    assert found["date"]
    assert {"cpu", "cores", "python", "pyzmq", "libzmq", "compiler"} <= set(found["machine"])
    assert {"rounds", "window", "hwm", "budget"} <= set(found["settings"])
    rows = {row["name"]: row for row in found["rows"]}
    assert list(rows) == ROWS
    for name, row in rows.items():
        assert f"\n{name} " in printed
        assert row["measured"] is not None, name
        assert row["ratio"] is None or row["ratio"]["median"] > 0, name
    assert_nothing_lost(rows)


def assert_nothing_lost(rows: dict[str, Any]) -> None:
    load, lossless = rows["load"]["figures"], rows["lossless"]["figures"]
    assert load["missing"] == 0
    assert load["checked"] == load["captured"] == load["sent"] > 10_000
    assert load["click_answered_ms"] is not None
    assert lossless["checked"] == lossless["sent"] >= 200_000
    assert lossless["missing"] == lossless["out_of_order"] == lossless["missed_rows"] == 0
    assert rows["lossless"]["reached"] is True
    memory = rows["memory-rss"]["figures"]
    assert memory["peak_memory_bytes"] <= memory["budget_bytes"]


def test_a_soak_of_a_few_seconds(tmp_path: Path) -> None:
    found, _ = bench(tmp_path, "--short", "--minutes", "0.2", "soak")
    rows = {row["name"]: row for row in found["rows"]}
    figures = rows["soak-lost"]["figures"]
    assert rows["soak-lost"]["measured"] == 0, figures
    assert rows["soak-budget"]["reached"] is True
    assert figures["checked"] > 10_000
    assert figures["burst_sent"] == figures["burst_received"] > 0
    for what in ("kills", "bursts", "subscription_changes", "socket_changes", "pauses"):
        assert figures[what] >= 1, what


def test_a_row_that_does_not_exist() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "no-such-row"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "no-such-row" in done.stderr
