"""How soon the window is there, and what it costs when nothing happens."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tests.benchmarks.measure import cpu_share, free_port, import_cost_ms, run_measured
from tests.benchmarks.row import Plan, Row, Spread, Topic
from tests.display import virtual_display

_MOST_PAINT_MS = 500
_MOST_PLOT_MS = 2_500
_MOST_IDLE_PERCENT = 2.0
_EXTRA_S = 10


def run_start(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """Warm starts of the demo: first paint and moving curves, beside the bare imports."""
    paints, plots, imports = list[float](), list[float](), list[float]()
    seconds = 2.5 if plan.short else 4
    with virtual_display() as environment:
        if not plan.short:
            run_measured(environment, ["--demo"], seconds)  # warms the caches
        for number in range(plan.rounds):
            plan.say(f"start: round {number + 1} of {plan.rounds}")
            imports.append(import_cost_ms(environment))
            report = run_measured(environment, ["--demo"], seconds)
            paints.append(report["first_paint_ms"])
            # A short run on a busy machine may end before the curves move.
            plots.append(report["plot_ready_ms"] or seconds * 1000)
    for name, values, most in (
        ("start-paint", paints, _MOST_PAINT_MS),
        ("start-plot", plots, _MOST_PLOT_MS),
    ):
        median = Spread.of(values).median
        yield Row(
            name,
            round(median),
            "ms",
            round(Spread.of(imports).median),
            "bare imports",
            Spread.of_ratios(values, imports),
            f"≤ {most} ms",
            plan.judged(median <= most),
            {"app_ms": values, "reference_ms": imports},
        )


def run_idle(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """Ten sockets open and idle: share of one core."""
    seconds, start_s = (2.0, 4.0) if plan.short else (20.0, 8.0)
    specs = [f"sub:tcp://127.0.0.1:{free_port()}" for _ in range(5)]
    specs += ["pull:@tcp://127.0.0.1:*" for _ in range(5)]
    plan.say("idle")
    with virtual_display() as environment, tempfile.TemporaryDirectory() as folder:
        app = subprocess.Popen(
            [
                sys.executable, "-m", "zmqscope", "--settings", f"{folder}/settings.ini",
                "--exit-after", str(start_s + seconds + _EXTRA_S), *specs,
            ],
            env=environment,
        )  # fmt: skip
        try:
            time.sleep(start_s)  # the start is over
            share = cpu_share(app.pid, seconds)
        finally:
            app.terminate()
            app.wait(60)
    percent = share * 100
    yield Row(
        "idle",
        round(percent, 2),
        "% of a core",
        aim=f"< {_MOST_IDLE_PERCENT:.0f} %",
        reached=plan.judged(percent < _MOST_IDLE_PERCENT),
        figures={"cpu_percent": percent, "seconds": seconds, "sockets": len(specs)},
    )


START = Topic("start", ("start",), run_start)
IDLE = Topic("idle", ("idle",), run_idle)
