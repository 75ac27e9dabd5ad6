"""Capture at full speed against the bare loop, and the display's intervals meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, OpenSocket, observed_app
from tests.benchmarks.row import Plan, Row, Spread, Topic
from tests.display import virtual_display

_ONE = ("pull:@tcp://127.0.0.1:*,name=one",)
_SOCKETS = 50
_FIFTY = tuple(f"pull:@tcp://127.0.0.1:*,name=of {_SOCKETS} {n}" for n in range(_SOCKETS))
_FIFTY_BYTES = 16
_FIFTY_SHARE = 0.7
_FILL_BYTES, _FILL_MESSAGES, _FILL_S = 4_096, 150_000, 60.0
_MOST_P99_MS = 25.0
_MOST_MS = 100.0
_TIMES_PLAIN = 8.0
_PER_S = "msg/s"


@dataclass(frozen=True, slots=True)
class _Traffic:
    """What is sent, and how much of the bare loop's rate the app should reach.

    Attributes:
        size: Bytes of the last frame.
        topic: Bytes of the frame in front of it; 0 for none.
        share: The least ratio to the bare loop.
        stretch: What would be splendid; 0 for nothing said.
        with_plain: Whether the plain drain is measured, too.
    """

    size: int
    topic: int
    share: float
    stretch: float = 0.0
    with_plain: bool = False


_TRAFFIC = {
    "capture-16": _Traffic(16, 0, 0.40, 0.6, with_plain=True),
    "capture-256": _Traffic(256, 0, 0.75, 0.9, with_plain=True),
    "capture-4096": _Traffic(4096, 0, 0.85, 0.95),
    "capture-2-frames": _Traffic(64, 8, 0.5),
}
_ONLY_DISPLAY = _TRAFFIC["capture-16"]


@dataclass(slots=True)
class _Rounds:
    """Messages/s of each round, side by side."""

    bare: list[float] = field(default_factory=list)
    app: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)


class _Apps:
    """The app that is measured and, when first wanted, the one that is kept to the plain drain.

    Args:
        plan: How thoroughly to measure.
        stack: Ends them.
    """

    def __init__(self, plan: Plan, stack: ExitStack) -> None:
        self._plan = plan
        self._stack = stack
        self._environment = stack.enter_context(virtual_display())
        self._plain: ObservedApp | None = None
        self.app = stack.enter_context(observed_app(self._environment, plan))
        self.intervals_ms: list[float] = []
        self._fill(self.app)

    @property
    def plain(self) -> ObservedApp:
        """The app with the plain drain."""
        if self._plain is None:
            started = observed_app(self._environment, self._plan, plain=True)
            self._plain = self._stack.enter_context(started)
            self._fill(self._plain)
        return self._plain

    def _fill(self, app: ObservedApp) -> None:
        """Bring the store to its budget: memory that was never touched is slow to get.

        In a virtual machine a page's first touch can cost more than a message. It happens once.
        """
        if self._plan.short:
            return
        (socket,) = app.open(*_ONE)
        with reference.sender([socket.endpoint], sizes=[_FILL_BYTES], count=_FILL_MESSAGES) as done:
            done.reply(_FILL_S)
        app.settle()
        app.remove(socket)

    def measure(self, app: ObservedApp, specs: tuple[str, ...], size: int, topic: int = 0) -> float:
        """Messages/s of one window in one of the apps, on fresh sockets."""
        sockets = app.open(*specs)
        window = self._one_window(app, sockets, size, topic)
        app.remove(*sockets)
        if app is self.app and len(sockets) == 1:
            self.intervals_ms += window[1]
        return window[0]

    def _one_window(
        self, app: ObservedApp, sockets: list[OpenSocket], size: int, topic: int
    ) -> tuple[float, list[float]]:
        app.begin_window(self._plan)
        endpoints = [socket.endpoint for socket in sockets]
        with reference.sender(endpoints, sizes=[size], topic=topic):
            figures = app.window(self._plan)
        app.settle()
        return figures["per_s"], figures["intervals_ms"]


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Measure what is asked for, all in the same window."""
    with ExitStack() as stack:
        apps = _Apps(plan, stack)
        for name, traffic in _TRAFFIC.items():
            if name in lines:
                yield from _capture(plan, apps, name, traffic)
        if "capture-50-sockets" in lines:
            yield from _many_sockets(plan, apps)
        if "display" in lines:
            if not apps.intervals_ms:
                plan.say("display: no capture row was asked for; loading with 16 B")
                for _ in range(plan.rounds):
                    apps.measure(apps.app, _ONE, _ONLY_DISPLAY.size)
            yield _display(plan, apps)


def _capture(plan: Plan, apps: _Apps, name: str, traffic: _Traffic) -> Iterator[Row]:
    size, topic = traffic.size, traffic.topic
    rounds = _Rounds()
    for number in range(plan.rounds):
        plan.say(f"{name}: round {number + 1} of {plan.rounds}")
        rounds.bare.append(reference.receive_per_s(plan, size=size, topic=topic))
        rounds.app.append(apps.measure(apps.app, _ONE, size, topic))
        if traffic.with_plain:
            rounds.plain.append(apps.measure(apps.plain, _ONE, size, topic))
    ratio = Spread.of_ratios(rounds.app, rounds.bare)
    stretch = f" (stretch {traffic.stretch})" if traffic.stretch else ""
    yield Row(
        name,
        Spread.of(rounds.app).median,
        _PER_S,
        Spread.of(rounds.bare).median,
        reference.name(),
        ratio,
        f"≥ {traffic.share}{stretch}",
        plan.judged(ratio.median >= traffic.share),
        {"app_per_s": rounds.app, "reference_per_s": rounds.bare, "drain": apps.app.drain},
        (*apps.app.notes(), *reference.notes()),
    )
    if traffic.with_plain:
        yield _against_plain(plan, apps, name, rounds)


def _against_plain(plan: Plan, apps: _Apps, name: str, rounds: _Rounds) -> Row:
    ratio = Spread.of_ratios(rounds.app, rounds.plain)
    return Row(
        f"{name}-plain",
        Spread.of(rounds.app).median,
        _PER_S,
        Spread.of(rounds.plain).median,
        "our plain drain",
        ratio,
        f"≥ {_TIMES_PLAIN:.0f}",
        plan.judged(ratio.median >= _TIMES_PLAIN),
        {"app_per_s": rounds.app, "reference_per_s": rounds.plain, "drain": apps.app.drain},
        apps.app.notes(),
    )


def _many_sockets(plan: Plan, apps: _Apps) -> Iterator[Row]:
    """All sockets together against one alone, and against a bare loop that polls as many."""
    name, one, polled, many = "capture-50-sockets", list[float](), list[float](), list[float]()
    for number in range(plan.rounds):
        plan.say(f"{name}: round {number + 1} of {plan.rounds}")
        one.append(apps.measure(apps.app, _ONE, _FIFTY_BYTES))
        many.append(apps.measure(apps.app, _FIFTY, _FIFTY_BYTES))
        polled.append(reference.receive_per_s(plan, size=_FIFTY_BYTES, sockets=_SOCKETS))
    ratio, drain = Spread.of_ratios(many, one), apps.app.drain
    notes = (*apps.app.notes(), *reference.notes())
    yield Row(
        name,
        Spread.of(many).median,
        _PER_S,
        Spread.of(one).median,
        "our one socket",
        ratio,
        f"≥ {_FIFTY_SHARE}",
        plan.judged(ratio.median >= _FIFTY_SHARE),
        {"app_per_s": many, "reference_per_s": one, "bytes": _FIFTY_BYTES, "drain": drain},
        notes,
    )
    yield Row(
        f"{name}-loop",
        Spread.of(many).median,
        _PER_S,
        Spread.of(polled).median,
        f"{reference.name()} with a poll",
        Spread.of_ratios(many, polled),
        figures={"app_per_s": many, "reference_per_s": polled, "drain": drain},
        notes=notes,
    )


def _display(plan: Plan, apps: _Apps) -> Row:
    intervals = apps.intervals_ms
    p99 = float(np.percentile(intervals, 99)) if intervals else None
    highest = max(intervals, default=None)
    reached = None
    if p99 is not None and highest is not None:
        reached = plan.judged(p99 <= _MOST_P99_MS and highest <= _MOST_MS)
    return Row(
        "display",
        p99,
        "ms p99",
        highest,
        "the longest",
        None,
        f"p99 ≤ {_MOST_P99_MS:.0f}, max ≤ {_MOST_MS:.0f} ms",
        reached,
        {
            "p50_ms": float(np.percentile(intervals, 50)) if intervals else None,
            "p99_ms": p99,
            "max_ms": highest,
            "over_max": sum(interval > _MOST_MS for interval in intervals),
            "intervals": len(intervals),
            "drain": apps.app.drain,
        },
        apps.app.notes(),
    )


TOPIC = Topic("capture", (*_TRAFFIC, "capture-50-sockets", "display"), run)
