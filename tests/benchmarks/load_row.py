"""100,000 two-frame messages a second into the open window, every sequence number checked."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np

from tests.benchmarks.app_process import ObservedApp, OpenSocket, observed_app
from tests.benchmarks.json_process import JsonProcess, Reply
from tests.benchmarks.measure import PEERS, free_port
from tests.benchmarks.row import Plan, Row, Spread, Topic
from tests.display import virtual_display

_RATE_PER_S = 100_000
_PAYLOAD_BYTES = 256
_TOPIC_BYTES = 8
_MOST_P99_MS = 50.0
_MOST_RSS_MIB = 762
_CLICK_AT = (800, 300)
_CLICK_S = 10.0
_LONGEST_LOOP_S = 60.0


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """A minute of it, with a click in the middle."""
    seconds = 2 if plan.short else 60
    plan.say(f"load: the bare pyzmq loop, {plan.rounds} times")
    bare = [_bare_loop_per_s(plan) for _ in range(plan.rounds)]
    with virtual_display() as environment, observed_app(environment, plan) as app:
        (socket,) = app.open("pull:@tcp://127.0.0.1:*,name=load")
        app.check(socket)
        app.sample()
        plan.say(f"load: {seconds} s")
        sent, answered_ms = _load(app, socket, environment, seconds)
        app.settle()
        yield _row(plan, app, bare, sent, answered_ms)


def _row(
    plan: Plan, app: ObservedApp, bare: list[float], sent: Reply, answered_ms: int | None
) -> Row:
    found, sample = app.checked(), app.sample()
    per_s, rss_mib = sent["sent"] / sent["seconds"], sample["rss_bytes"] / 2**20
    p99 = sample["interval_p99_ms"]
    wrong = found["missing"] + found["out_of_order"] + found["missed_rows"]
    whole = wrong == 0 and found["checked"] == sent["sent"]
    is_smooth = p99 is not None and p99 <= _MOST_P99_MS and rss_mib <= _MOST_RSS_MIB
    return Row(
        "load",
        round(per_s),
        "msg/s",
        round(Spread.of(bare).median),
        "pyzmq loop flat out",
        Spread.of([per_s / figure for figure in bare]),
        f"lost 0, p99 ≤ {_MOST_P99_MS:.0f} ms, RSS ≤ {_MOST_RSS_MIB} MiB",
        whole and plan.judged(is_smooth and answered_ms is not None) is not False,
        {
            "sent": sent["sent"],
            "captured": sample["captured"],
            "checked": found["checked"],
            "missing": wrong,
            "interval_p99_ms": p99,
            "interval_max_ms": sample["interval_max_ms"],
            "rss_mib": round(rss_mib, 1),
            "click_answered_ms": answered_ms,
            "reference_per_s": bare,
            "drain": app.drain,
        },
        (
            f"lost {sent['sent'] - found['checked']}, p99 {_ms(p99)}, "
            f"longest {_ms(sample['interval_max_ms'])}, RSS {rss_mib:.0f} MiB, "
            f"click after {_ms(answered_ms)}",
        ),
    )


def _ms(value: float | None) -> str:
    return "unknown" if value is None else f"{np.round(value, 1):g} ms"


def _load(
    app: ObservedApp, socket: OpenSocket, environment: dict[str, str], seconds: int
) -> tuple[Reply, int | None]:
    """Send for so long, click in the middle; what was sent, and when the click was answered."""
    with _flood(socket.endpoint, _RATE_PER_S, seconds) as sender:
        sender.reply(20)  # that it is ready
        time.sleep(seconds / 2)
        answered_ms = _click(app, environment)
        return sender.reply(seconds + 30), answered_ms


def _click(app: ObservedApp, environment: dict[str, str]) -> int | None:
    """Click into the table from outside; how long the answer took, None if there was none."""
    x, y = _CLICK_AT
    subprocess.run(["xdotool", "mousemove", str(x), str(y)], env=environment, check=True)
    clicked_s = time.time()
    subprocess.run(["xdotool", "click", "1"], env=environment, check=True)
    while time.time() < clicked_s + _CLICK_S:
        answers: list[float] = app.process.ask(do="status")["activated_s"]
        after = [answered_s for answered_s in answers if answered_s >= clicked_s]
        if after:
            return round((after[0] - clicked_s) * 1000)
        time.sleep(0.1)
    return None


def _bare_loop_per_s(plan: Plan) -> float:
    """Messages/s of the same traffic in a bare ``recv_multipart`` loop, as fast as it goes."""
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    command = [
        sys.executable, str(PEERS / "bench_loop.py"), "recv", f"endpoints={endpoint}",
        f"cut_s={plan.cut_s}", f"seconds={plan.window_s}",
    ]  # fmt: skip
    with JsonProcess("the bare loop", command) as receiver, _flood(endpoint, 0, 3_600):
        return float(receiver.reply(_LONGEST_LOOP_S)["per_s"])


def _flood(endpoint: str, rate: int, seconds: int) -> JsonProcess:
    command = [
        sys.executable, str(PEERS / "flood.py"), "PUSH", endpoint, "--rate", str(rate),
        "--seconds", str(seconds), "--size", str(_PAYLOAD_BYTES),
    ]  # fmt: skip
    return JsonProcess("the sender", command)


TOPIC = Topic("load", ("load",), run)
