"""Runs the app and its peers as whole processes and reads their reports."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "tests" / "peers"


def free_port() -> int:
    """A TCP port that was free a moment ago."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Different TCP ports that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        servers = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [int(server.getsockname()[1]) for server in servers]


def run_measured(
    environment: dict[str, str], arguments: list[str], seconds: float
) -> dict[str, Any]:
    """One measured run of the installed app; its report."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                sys.executable, "-m", "zmqscope", "--settings", f"{folder}/settings.ini",
                "--exit-after", str(seconds), "--report", str(report), *arguments,
            ],
            env=environment,
            check=True,
            timeout=seconds + 60,
        )  # fmt: skip
        result: dict[str, Any] = json.loads(report.read_text())
        return result


def import_cost_ms(environment: dict[str, str]) -> float:
    """Starting Python and importing what the app stands on, and nothing else."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "import PySide6.QtWidgets, numpy, zmq, pyqtgraph"],
        env=environment,
        check=True,
        timeout=60,
    )
    return (time.perf_counter() - started) * 1000


def cpu_share(pid: int, seconds: float) -> float:
    """Share of one core that a process and its children use over a while."""

    def used() -> float:
        root = psutil.Process(pid)
        times = [p.cpu_times() for p in (root, *root.children(recursive=True))]
        return sum(t.user + t.system for t in times)

    before, started = used(), time.perf_counter()
    time.sleep(seconds)
    return (used() - before) / (time.perf_counter() - started)
