"""What the generator sends, flat out against a bare pyzmq loop, and how well it keeps a pace."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, observed_app
from tests.benchmarks.json_process import JsonProcess, Reply
from tests.benchmarks.measure import ROOT, cpu_share, free_port
from tests.benchmarks.row import Plan, Row, Spread, Topic
from tests.display import virtual_display

_BYTES = 16
_HWM = 100_000
_TIMES_LOOP = 3.0
_PACE_PER_S = 100_000
_PACE_SHARE = 0.01
_MOST_CORE = 0.4
_START_S = 30.0
_FILL_BYTES, _FILL_MESSAGES, _FILL_S = 4_096, 150_000, 60.0
_READY_S = 0.1


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Both in the same window."""
    with virtual_display() as environment, observed_app(environment, plan) as app:
        _wait_for_kernel(plan, app)
        _fill(plan, app)
        if "generator" in lines:
            yield _flat_out(plan, app)
        if "generator-paced" in lines:
            yield _paced(plan, app)


def _wait_for_kernel(plan: Plan, app: ObservedApp) -> None:
    deadline_s = time.monotonic() + plan.native_wait_s
    while not app.process.ask(do="status")["send_ready"] and time.monotonic() < deadline_s:
        time.sleep(_READY_S)


def _notes(app: ObservedApp) -> tuple[str, ...]:
    if app.process.ask(do="status")["send_ready"]:
        return ()
    return ("The send kernel did not come up: measured with the plain bursts.",)


def _fill(plan: Plan, app: ObservedApp) -> None:
    """Bring the store to its budget: memory that was never touched is slow to get."""
    if plan.short:
        return
    (socket,) = app.open("pull:@tcp://127.0.0.1:*,name=fill")
    with reference.sender([socket.endpoint], sizes=[_FILL_BYTES], count=_FILL_MESSAGES) as done:
        done.reply(_FILL_S)
    app.settle()
    app.remove(socket)


# ---- flat out -------------------------------------------------------------------------------


def _flat_out(plan: Plan, app: ObservedApp) -> Row:
    ours, bare, ends = list[float](), list[float](), list[Reply]()
    for number in range(plan.rounds):
        plan.say(f"generator: round {number + 1} of {plan.rounds}")
        bare.append(_bare_loop_per_s(plan))
        per_s, end = _generated_per_s(plan, app)
        ours.append(per_s)
        ends.append(end)
    ratio = Spread.of_ratios(ours, bare)
    return Row(
        "generator",
        Spread.of(ours).median,
        "msg/s",
        Spread.of(bare).median,
        "pyzmq send loop",
        ratio,
        f"≥ {_TIMES_LOOP:.0f}",
        plan.judged(ratio.median >= _TIMES_LOOP),
        {"app_per_s": ours, "reference_per_s": bare, "bytes": _BYTES, "loads": ends},
        (*_notes(app), *reference.notes()),
    )


def _bare_loop_per_s(plan: Plan) -> float:
    """Messages/s that a receiver gets from the bare loop."""
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "tests.benchmarks.send_loop", endpoint, str(_BYTES)]
    with (
        reference.receiver(plan, [endpoint]) as receiver,
        JsonProcess("the send loop", command, folder=ROOT),
    ):
        return float(receiver.reply(_START_S + plan.window_s)["per_s"])


def _generated_per_s(plan: Plan, app: ObservedApp) -> tuple[float, Reply]:
    """The same from the app, and what the app says of it."""
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    with reference.receiver(plan, [endpoint]) as receiver:
        (socket,) = app.open(f"push:{endpoint},name=load,sndhwm={_HWM}")
        job = app.process.ask(do="start_load", socket=socket.id, size=_BYTES, rate=0)["job"]
        per_s = float(receiver.reply(_START_S + plan.window_s)["per_s"])
        end = app.process.ask(do="stop_load", job=job)
        app.remove(socket)
    return per_s, end


# ---- paced ----------------------------------------------------------------------------------


def _paced(plan: Plan, app: ObservedApp) -> Row:
    ends, shares = list[Reply](), list[float]()
    for number in range(plan.rounds):
        plan.say(f"generator-paced: round {number + 1} of {plan.rounds}")
        end, share = _pace_once(plan, app)
        ends.append(end)
        shares.append(share)
    reached = [end["sent"] / end["seconds"] for end in ends]
    core, rate = Spread.of(shares), Spread.of(reached)
    keeps = abs(rate.median / _PACE_PER_S - 1) <= _PACE_SHARE and core.median <= _MOST_CORE
    given_up = sum(end["given_up"] for end in ends)
    return Row(
        "generator-paced",
        rate.median,
        "msg/s",
        float(_PACE_PER_S),
        "asked for",
        Spread.of_ratios(reached, [_PACE_PER_S] * len(reached)),
        f"within {_PACE_SHARE:.0%}, ≤ {_MOST_CORE} core",
        plan.judged(keeps),
        {"app_per_s": reached, "core_share": shares, "loads": ends},
        (
            f"{core.median:.2f} of a core for the whole app ({core.low:.2f}–{core.high:.2f}), "
            f"{given_up} messages given up",
            *_notes(app),
        ),
    )


def _pace_once(plan: Plan, app: ObservedApp) -> tuple[Reply, float]:
    """What came of it, and the share of a core that the app took meanwhile."""
    endpoint = f"tcp://127.0.0.1:{free_port()}"
    # The receiver leaves when its window is over; the load has to be over before.
    long = Plan(plan.short, plan.rounds, plan.window_s + _START_S)
    with reference.receiver(long, [endpoint]):
        (socket,) = app.open(f"push:{endpoint},name=paced,sndhwm={_HWM}")
        job = app.process.ask(do="start_load", socket=socket.id, size=_BYTES, rate=_PACE_PER_S)[
            "job"
        ]
        time.sleep(plan.cut_s)
        share = cpu_share(app.process.pid, plan.window_s)
        end = app.process.ask(do="stop_load", job=job)
        app.remove(socket)
    return end, share


TOPIC = Topic("generator", ("generator", "generator-paced"), run)
