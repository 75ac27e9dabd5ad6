"""The links' soak in its short form: a few of all its troubles, nothing lost, everything back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_soak_of_a_few_seconds(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.benchmarks", "--short", "--minutes", str(SECONDS / 60),
            "links-soak", "--json", str(result),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    found = json.loads(result.read_text())
    rows = {row["name"]: row for row in found["rows"]}
    figures = rows["links-soak"]["figures"]
    assert rows["links-soak"]["measured"] == 0, figures
    assert figures["checked"] > 1_000
    assert rows["links-soak-back"]["reached"] is True
    for what in ("descriptors", "threads", "links"):
        assert rows[f"links-soak-{what}"]["measured"] == 0, figures
    for trouble in ("kills", "closed", "remade", "changed"):
        assert figures[trouble] >= 1, trouble
