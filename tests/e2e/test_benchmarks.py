"""The benchmarks in their short form: that they work and lose nothing; times are not judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_table_in_its_short_form(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--short", "--json", str(result)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    found = json.loads(result.read_text())
    assert found["machine"]["pyzmq"]
    rows = {row["name"]: row["figures"] for row in found["rows"]}
    assert set(rows) == {"start", "idle", "load"}
    load = rows["load"]
    assert load["missing"] == 0
    assert load["checked"] == load["captured"] == load["sent"] > 100_000
    assert load["click_answered_ms"] is not None
    assert rows["start"]["plot_ready_ms"] > rows["start"]["first_paint_ms"] > 0
