"""An hour of trouble: killed peers, closed sockets, changed subscriptions, bursts, a paused view.

Nothing may crash, leak or exceed the budget; nothing may be lost where there is back-pressure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks import reference
from tests.benchmarks.app_process import ObservedApp, observed_app
from tests.benchmarks.json_process import Reply
from tests.benchmarks.row import Plan, Row, Topic
from tests.benchmarks.soak_figures import figures_of, rows_of
from tests.benchmarks.soak_peers import BurstPeer, Churn, SteadyPeer, Subscriptions, Viewer
from tests.display import virtual_display

_KILL_EVERY_S = 20.0
_SUBSCRIBE_EVERY_S = 3.0
_CHURN_EVERY_S = 4.0
_PAUSE_EVERY_S = 7.0
_BURST_EVERY_S = 60.0
_SAMPLE_EVERY_S = 10.0
_SAY_EVERY_S = 60.0
_LEAST_TIMES = 3
_TICK_S = 0.1
_BURST_END_S = 120.0


@dataclass(slots=True)
class _Duty:
    """Something done again and again.

    Attributes:
        every_s: How often.
        do: What.
        due_s: When next, on the monotonic clock.
    """

    every_s: float
    do: Callable[[], None]
    due_s: float = field(default=0.0)


class _Soak:
    """One run.

    Args:
        plan: How long.
        app: Who is under test.
        stack: Ends the peers.
    """

    def __init__(self, plan: Plan, app: ObservedApp, stack: ExitStack) -> None:
        self._plan = plan
        self._app = app
        self._seconds = plan.minutes * 60
        self._begun_s = time.monotonic()
        self.samples: list[Reply] = []
        steady, burst = app.open(
            "pull:@tcp://127.0.0.1:*,name=steady", "pull:@tcp://127.0.0.1:*,name=bursts"
        )
        app.check(steady, burst)
        self.burst_id = burst.id
        self.steady = SteadyPeer(steady, stack)
        self.burst = BurstPeer(burst, stack, self._seconds / 10)
        self.subscriptions = Subscriptions(app, stack)
        self.churn = Churn(app, stack)
        self.viewer = Viewer(app)
        self._duties = [
            self._duty(_KILL_EVERY_S, self.steady.restart),
            self._duty(_SUBSCRIBE_EVERY_S, self.subscriptions.change),
            self._duty(_CHURN_EVERY_S, self.churn.change),
            self._duty(_PAUSE_EVERY_S, self.viewer.change),
            self._duty(_BURST_EVERY_S, self.burst.begin),
            self._duty(_SAMPLE_EVERY_S, self._sample),
            self._duty(_SAY_EVERY_S, self._say),
        ]

    def _duty(self, every_s: float, do: Callable[[], None]) -> _Duty:
        # A short run does everything a few times, too.
        paced_s = min(every_s, self._seconds / (_LEAST_TIMES + 1))
        return _Duty(paced_s, do, time.monotonic() + paced_s)

    def run(self) -> None:
        """Until the time is over, or something breaks."""
        self._begun_s = time.monotonic()
        while (now_s := time.monotonic()) < self._begun_s + self._seconds:
            for duty in self._duties:
                if duty.due_s <= now_s:
                    duty.do()
                    duty.due_s = max(duty.due_s + duty.every_s, now_s)
            self.burst.look()
            time.sleep(_TICK_S)
        self.burst.finish(_BURST_END_S)
        self.steady.kill()
        self._sample()
        self._say()

    def _sample(self) -> None:
        sample = self._app.sample()
        sample["at_s"] = round(time.monotonic() - self._begun_s, 1)
        self.samples.append(sample)

    def _say(self) -> None:
        if not self.samples:
            return
        last, found = self.samples[-1], self._app.checked()
        self._plan.say(
            f"soak: {last['at_s'] / 60:.1f} of {self._plan.minutes:g} min, "
            f"captured {last['captured']:,}, evicted {last['evicted']:,}, "
            f"RSS {last['rss_bytes'] / 2**20:.0f} MiB, descriptors {last['descriptors']}, "
            f"threads {last['threads']}, "
            f"p99 {median(s['interval_p99_ms'] or 0 for s in self.samples[-6:]):.1f} ms, "
            f"gaps {found['missing']}, out of order {found['out_of_order']}"
        )


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """The whole soak, and what is to be said of it."""
    plan.say(f"soak: {plan.minutes:g} minutes")
    with ExitStack() as stack:
        environment = stack.enter_context(virtual_display())
        app = stack.enter_context(observed_app(environment, plan))
        # The peers end before the app does: what they left behind is drained first.
        with ExitStack() as peers:
            soak = _Soak(plan, app, peers)
            soak.run()
        app.settle()
        found = app.checked()
        figures = figures_of(soak.samples, found) | {
            "kills": soak.steady.incarnations - 1,
            "bursts": soak.burst.bursts,
            "burst_sent": soak.burst.sent,
            "burst_received": _received(found, soak.burst_id),
            "subscription_changes": soak.subscriptions.changes,
            "socket_changes": soak.churn.changes,
            "pauses": soak.viewer.pauses,
            "drain": app.drain,
        }
        notes = (*app.notes(), *reference.notes())
    yield from rows_of(plan, figures, notes)


def _received(found: Reply, socket_id: int) -> int:
    """Messages of one socket, of all incarnations of its sender."""
    streams = found["sockets"].get(str(socket_id), {})
    return sum(stream["received"] for stream in streams.values())


TOPIC = Topic("soak", ("soak",), run, by_default=False)
