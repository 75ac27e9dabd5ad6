"""The rows of the benchmark table: each returns its figures beside a reference of the same run."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import (
    PEERS,
    ROOT,
    cpu_share,
    free_port,
    import_cost_ms,
    median,
    run_measured,
)
from tests.display import virtual_display

_RATE_PER_S = 100_000
_PAYLOAD_BYTES = 256


@dataclass
class Row:
    """One line of the table.

    Attributes:
        name: What was measured.
        figures: Name and value, in the order to print them.
        aim: What the figures should reach.
    """

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    aim: str = ""


def start(short: bool) -> Row:
    """Warm starts of the demo: first paint and moving curves, beside the bare imports."""
    runs = 2 if short else 5
    paints, plots, imports = [], [], []
    with virtual_display() as environment:
        run_measured(environment, ["--demo"], 3)
        for _ in range(runs):
            imports.append(import_cost_ms(environment))
            report = run_measured(environment, ["--demo"], 4)
            paints.append(report["first_paint_ms"])
            plots.append(report["plot_ready_ms"])
    return Row(
        "start",
        {
            "first_paint_ms": median(paints),
            "plot_ready_ms": median(plots),
            "bare_imports_ms": round(median(imports), 1),
            "paint_per_import": round(median(paints) / median(imports), 2),
            "runs": runs,
        },
        "first paint ≤ 500 ms, plot ≤ 2500 ms",
    )


def idle(short: bool) -> Row:
    """Ten sockets open and idle: share of one core."""
    seconds = 5.0 if short else 20.0
    specs = [f"sub:tcp://127.0.0.1:{free_port()}" for _ in range(5)]
    specs += ["pull:@tcp://127.0.0.1:*" for _ in range(5)]
    with virtual_display() as environment, tempfile.TemporaryDirectory() as folder:
        app = subprocess.Popen(
            [
                sys.executable, "-m", "zmqscope", "--settings", f"{folder}/settings.ini",
                "--exit-after", str(seconds + 10), *specs,
            ],
            env=environment,
        )  # fmt: skip
        time.sleep(8)  # the start is over
        share = cpu_share(app.pid, seconds)
        app.wait(60)
    return Row("idle", {"cpu_percent": round(share * 100, 2), "seconds": seconds}, "< 2 %")


def load(short: bool) -> Row:
    """100,000 two-frame messages a second into the open window, every sequence number checked."""
    seconds = 5 if short else 60
    reference = _bare_loop_per_s(3 if short else 10)
    with virtual_display() as environment, tempfile.TemporaryDirectory() as folder:
        port = free_port()
        result, report = Path(folder) / "result.json", Path(folder) / "report.json"
        app = subprocess.Popen(
            [
                sys.executable, "-m", "tests.benchmarks.observed_app", str(result),
                "--settings", f"{folder}/settings.ini", "--size", "1600x1000",
                "--exit-after", str(seconds + 8), "--report", str(report),
                f"pull:@tcp://127.0.0.1:{port},name=load",
            ],
            env=environment,
            cwd=ROOT,
        )  # fmt: skip
        sender = _flood("PUSH", f"tcp://127.0.0.1:{port}", _RATE_PER_S, seconds)
        time.sleep(2 + seconds / 2)
        clicked_s = _click(environment, 800, 300)
        sent = _summary(sender)
        app.wait(seconds + 60)
        checked, measured = json.loads(result.read_text()), json.loads(report.read_text())
    answers = [s - clicked_s for s in checked["activated_s"] if s >= clicked_s]
    return Row(
        "load",
        {
            "sent": sent["sent"],
            "captured": measured["captured"]["messages"],
            "checked": checked["checked"],
            "missing": checked["missing"] + checked["missed_rows"] + checked["out_of_order"],
            "sent_per_s": round(sent["sent"] / sent["seconds"]),
            "interval_p99_ms": measured["interval_ms"]["p99"],
            "interval_max_ms": measured["interval_ms"]["max"],
            "rss_mb": measured["rss_mb"],
            "click_answered_ms": round(answers[0] * 1000) if answers else None,
            "bare_recv_multipart_per_s": round(reference),
            "share_of_bare_loop": round(sent["sent"] / sent["seconds"] / reference, 2),
        },
        "missing 0, p99 ≤ 50 ms, RSS ≤ 762 MB, click answered",
    )


def _bare_loop_per_s(seconds: int) -> float:
    """Messages/s of the same traffic in a bare ``recv_multipart`` loop, as fast as it goes."""
    port = free_port()
    receiver = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bare_loop", str(port), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    sender = _flood("PUSH", f"tcp://127.0.0.1:{port}", 0, seconds + 2)
    output = receiver.communicate(timeout=seconds + 60)[0]
    sender.terminate()
    sender.communicate(timeout=10)
    return float(json.loads(output)["per_s"])


def _summary(sender: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait until everything is sent; what the sender says of it."""
    if sender.stdout is None:
        raise RuntimeError("the sender has no output")
    sender.stdout.readline()  # that it is ready
    summary: dict[str, Any] = json.loads(sender.stdout.readline())
    sender.communicate(timeout=30)  # its input ends, and so does it
    return summary


def _flood(kind: str, endpoint: str, rate: int, seconds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable, str(PEERS / "flood.py"), kind, endpoint, "--rate", str(rate),
            "--seconds", str(seconds), "--size", str(_PAYLOAD_BYTES),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def _click(environment: dict[str, str], x: int, y: int) -> float:
    """Click into the window from outside; when, in seconds since the epoch."""
    subprocess.run(["xdotool", "mousemove", str(x), str(y)], env=environment, check=True)
    clicked_s = time.time()
    subprocess.run(["xdotool", "click", "1"], env=environment, check=True)
    return clicked_s


ROWS: dict[str, Callable[[bool], Row]] = {"start": start, "idle": idle, "load": load}
