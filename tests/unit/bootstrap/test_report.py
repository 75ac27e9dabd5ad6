"""The measured run: simple values for scripts, and a reason when they cannot be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from zmqscope.bootstrap.report import process_started_s, write_report
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Problem,
    Role,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)


@pytest.fixture
def workbench() -> Workbench:
    """What a report looks at, without a window."""
    bound = Endpoint(Role.BIND, "tcp://127.0.0.1:*")
    nobody = Endpoint(Role.CONNECT, "tcp://127.0.0.1:1")
    snapshot = SocketSnapshot(
        SocketId(3),
        SocketSpec(SocketType.DEALER, (bound, nobody), "both"),
        SocketState.RETRYING,
        (
            EndpointStatus(bound, "tcp://127.0.0.1:40001", EndpointState.LISTENING),
            EndpointStatus(nobody, nobody.address, EndpointState.RETRYING),
        ),
        problem=Problem("Nobody answers.", "Start it."),
    )
    controller = SimpleNamespace(
        snapshots={SocketId(3): snapshot}, dropped_news=0, drain=SimpleNamespace(name="plain")
    )
    ticker = SimpleNamespace(intervals_ms=lambda: [16.0, 17.0])
    stand_in = SimpleNamespace(
        store=CaptureStore(), controller=controller, ticker=ticker, plot_ready_s=None
    )
    return cast("Workbench", stand_in)


def test_the_fields_that_scripts_rely_on(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    assert write_report(path, workbench, time.time()) is None
    report = json.loads(path.read_text())
    assert {
        "version", "first_paint_ms", "plot_ready_ms", "interval_ms", "captured", "sockets",
        "ledger", "rss_mb", "drain",
    } == set(report)  # fmt: skip
    assert set(report["interval_ms"]) == {"p50", "p99", "max"}
    assert set(report["captured"]) == {"messages", "frames", "bytes"}
    assert report["sockets"] == [
        {
            "name": "both",
            "type": "DEALER",
            "endpoints": ["@tcp://127.0.0.1:40001", "tcp://127.0.0.1:1"],
            "state": "retrying",
            "problem": "Nobody answers. Start it.",
            "received": {"messages": 0, "bytes": 0},
            "sent": {"messages": 0, "bytes": 0},
        }
    ]
    assert report["plot_ready_ms"] is None


def test_what_cannot_be_written_gives_a_reason(workbench: Workbench, tmp_path: Path) -> None:
    assert write_report(tmp_path, workbench, None) == "is a directory"
    assert write_report(tmp_path / "gone" / "r.json", workbench, None) is not None


def test_the_start_of_a_process_is_known_to_a_hundredth() -> None:
    code = "from zmqscope.bootstrap.report import process_started_s as s; print(s())"
    before = time.time()
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert before - 0.1 < float(found.stdout) < time.time()
    assert process_started_s() < before


def test_a_run_without_a_report_says_so_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "zmqscope", "--exit-after", "0.001", "--report", str(path)),
            *("--settings", str(tmp_path / "settings.ini")),
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert str(path) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not path.exists()
