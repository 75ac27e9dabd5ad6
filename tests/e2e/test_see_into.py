"""A real run of the demo: every format and protocol in it is recognised, and the report says so."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.e2e.conftest import Desktop

pytestmark = [pytest.mark.window, pytest.mark.slow]

ROBOT = {
    "imu": (["msgpack"], "msgpack map(6) seq="),
    "battery": (["cbor"], "cbor map(4) level="),
    "scan": (["numbers"], "float32 × 181"),
    "camera": (["image"], "png 96×64"),
    "plan": (["zlib", "json"], '{"goal":"dock 2","points":['),
    "pose": (["protobuf"], "protobuf message(4) 1={1="),
}
"""What each of the robot's topics is, and how its line in the table begins."""

CELL = (
    ("status", r"status (busy|idle)"),
    ("execute_input", r'execute_input .*"'),
    ("execute_result", r"execute_result .+"),
    ("stream", r"stream .+"),
    ("error", r"error .*FileNotFoundError"),
)
"""What a notebook says of its cells."""


LOUD = ("quotes", "orders", "pipeline", "refdata", "approvals", "console")
"""The demo's other sockets, as they stand in the list; they say more than a report has room for."""


def counted(desktop: Desktop) -> list[dict[str, Any]]:
    """The last rows of a run of the demo in which robot and notebook are left alone at the end."""
    desktop.start("--demo")
    desktop.ready()
    desktop.key("ctrl+1", "Home")
    for _ in LOUD:
        desktop.key("ctrl+w", "Down")
    time.sleep(12)  # the camera comes every 1.5 s, the plan every 2 s; 200 rows are 12 s of it
    report, said = desktop.quit()
    assert said == ""
    rows: list[dict[str, Any]] = report["last"]
    return rows


def test_the_demo_is_seen_into(desktop: Desktop) -> None:
    rows = counted(desktop)
    robot = [row for row in rows if row["socket"] == "robot"]
    assert {row["topic"] for row in robot} == set(ROBOT)
    for row in robot:
        decoders, beginning = ROBOT[row["topic"]]
        assert row["decoders"] == decoders, row
        # A guess that is less than sure says so.
        assert row["summary"].removeprefix("≈ ").startswith(beginning), row
        assert row["direction"] == "received"
        assert len(row["frames"]) == 2
        assert row["frames"][0] == len(row["topic"])
    notebook = [row for row in rows if row["socket"] == "notebook"]
    assert notebook
    for row in notebook:
        kind = row["topic"].rpartition(".")[2]
        pattern = dict(CELL)[kind]
        assert row["decoders"][0] == "jupyter", row
        assert re.match(pattern, row["summary"]), row
        assert len(row["frames"]) == 7
    for row in rows:
        assert all(isinstance(size, int) for size in row["frames"])
        assert row["summary"] or not any(row["frames"]), row
