"""What doctor, peers and monitors cost together: capture with them against capture without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, observed_app
from tests.benchmarks.row import Plan, Row, Spread, Topic
from tests.display import virtual_display

_SHARE = 0.97
_SOCKETS = 50
_SPECS = {
    "watching": ("pull:@tcp://127.0.0.1:*,name=one",),
    "watching-50-sockets": tuple(
        f"pull:@tcp://127.0.0.1:*,name=of {_SOCKETS} {n}" for n in range(_SOCKETS)
    ),
}
_BYTES = 16
_FILL_BYTES, _FILL_MESSAGES, _FILL_S = 4_096, 150_000, 60.0


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Measure what is asked for, with and without in turn, in the same window."""
    with ExitStack() as stack:
        environment = stack.enter_context(virtual_display())
        app = stack.enter_context(observed_app(environment, plan))
        _fill(plan, app)
        for name, specs in _SPECS.items():
            if name in lines:
                yield _compare(plan, app, name, specs)


def _fill(plan: Plan, app: ObservedApp) -> None:
    """Bring the store to its budget: memory that was never touched is slow to get."""
    if plan.short:
        return
    (socket,) = app.open(*_SPECS["watching"])
    with reference.sender([socket.endpoint], sizes=[_FILL_BYTES], count=_FILL_MESSAGES) as done:
        done.reply(_FILL_S)
    app.settle()
    app.remove(socket)


def _compare(plan: Plan, app: ObservedApp, name: str, specs: tuple[str, ...]) -> Row:
    seeing, blind = list[float](), list[float]()
    for number in range(plan.rounds):
        plan.say(f"{name}: round {number + 1} of {plan.rounds}")
        order = (False, True) if number % 2 == 0 else (True, False)
        for is_blind in order:
            app.process.ask(do="blind", on=is_blind)
            (blind if is_blind else seeing).append(_measure(plan, app, specs))
    app.process.ask(do="blind", on=False)
    ratio = Spread.of_ratios(seeing, blind)
    return Row(
        name,
        Spread.of(seeing).median,
        "msg/s",
        Spread.of(blind).median,
        "the same without doctor, peers and monitors",
        ratio,
        f"≥ {_SHARE}",
        plan.judged(ratio.median >= _SHARE),
        {"app_per_s": seeing, "reference_per_s": blind, "drain": app.drain},
        (*app.notes(), *reference.notes()),
    )


def _measure(plan: Plan, app: ObservedApp, specs: tuple[str, ...]) -> float:
    sockets = app.open(*specs)
    app.begin_window(plan)
    with reference.sender([socket.endpoint for socket in sockets], sizes=[_BYTES]):
        per_s = float(app.window(plan)["per_s"])
    app.settle()
    app.remove(*sockets)
    return per_s


TOPIC = Topic("watching", tuple(_SPECS), run)
