"""Every kind of link open, peers killed, sockets reopened, groups changed, all at random.

Nothing may leak, everything comes back in time, and nothing is lost that need not be.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.json_process import Reply
from tests.benchmarks.links_soak_figures import figures_of, rows_of
from tests.benchmarks.links_soak_pairs import Pair, pairs
from tests.benchmarks.links_soak_sides import EngineSide, PeerSide, add_figures
from tests.benchmarks.row import Plan, Row, RowFailedError, Topic
from tests.peers import certificates

BACK_S = 10.0
"""How long everything may take to come back: peers start within a second or two."""
HANGS_S = 90.0
"""The same where times are not judged: what has not come back by then never does."""

_KILL_EVERY_S = 6.0
_LONGEST_AWAY_S = 3.0
_CLOSE_EVERY_S = 1.0
_REMAKE_EVERY_S = 3.0
_CHANGE_EVERY_S = 0.5
_SAMPLE_EVERY_S = 10.0
_LEAST_TIMES = 4
_LOOK_EVERY_S = 0.25
_LOOKS_THE_SAME = 4
_START_S = 60.0


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


@dataclass(slots=True)
class _Return:
    """A pair that was disturbed.

    Attributes:
        since_s: When it could begin to come back; monotonic.
        ours: Messages that its socket of the engine had then.
        theirs: The same of the peer.
    """

    since_s: float
    ours: int
    theirs: int


class _Soak:
    """One run.

    Args:
        plan: How long.
        folder: For certificates and ipc.
        stack: Ends all processes.
    """

    def __init__(self, plan: Plan, folder: Path, stack: ExitStack) -> None:
        self._plan = plan
        self.back_s = HANGS_S if plan.short else BACK_S
        self._dice = random.Random(plan.minutes)
        self._seconds = plan.minutes * 60
        self._pairs = pairs(folder)
        made = certificates.make(folder)
        self.engine = EngineSide(self._pairs, made, not plan.short, stack)
        groups = dict.fromkeys(pair.group for pair in self._pairs if pair.group)
        self.peers = {
            name: PeerSide(name, [p for p in self._pairs if p.group == name], made, stack)
            for name in groups
        }
        self._changeable = [p for p in self._pairs if p.group and p.ours.kind in ("DISH", "SUB")]
        self._closed: list[tuple[float, Pair]] = []
        self._dead: list[tuple[float, PeerSide]] = []
        self._waiting: dict[str, _Return] = {}
        self._sockets: dict[str, Reply] = {}
        self._begun_s = time.monotonic()
        self.samples: list[Reply] = []
        self.returns_s: list[float] = []
        self.counts = dict.fromkeys(("kills", "closed", "remade", "changed"), 0)

    # ---- the run ----------------------------------------------------------------------------

    def run(self) -> None:
        """From calm through trouble to calm again.

        Raises:
            RowFailedError: Something does not come back at all.
        """
        for peer in self.peers.values():
            peer.start()
        self._disturb(self._pairs)
        self._until_back(max(_START_S, self.back_s))
        self.returns_s.clear()
        self._until_steady()
        self._begun_s = time.monotonic()
        self._sample()
        self._trouble()
        while self._closed or self._dead:
            self._bring_back()
        self._disturb(self._pairs)
        self._until_back(self.back_s)
        self._until_calm()
        self._sample()

    def _trouble(self) -> None:
        duties = [
            self._duty(_KILL_EVERY_S, self._kill),
            self._duty(_CLOSE_EVERY_S, self._close),
            self._duty(_REMAKE_EVERY_S, self._remake),
            self._duty(_CHANGE_EVERY_S, self._change_groups),
            self._duty(_SAMPLE_EVERY_S, self._sample),
        ]
        while (now_s := time.monotonic()) < self._begun_s + self._seconds:
            for duty in duties:
                if duty.due_s <= now_s:
                    duty.do()
                    duty.due_s = max(duty.due_s + duty.every_s, now_s)
            self._bring_back()
            self._look()
            time.sleep(_LOOK_EVERY_S)

    def _duty(self, every_s: float, do: Callable[[], None]) -> _Duty:
        # A short run does everything a few times, too.
        paced_s = min(every_s, self._seconds / (_LEAST_TIMES + 1))
        return _Duty(paced_s, do, time.monotonic() + paced_s)

    # ---- disturbances -----------------------------------------------------------------------

    def _kill(self) -> None:
        alive = [peer for peer in self.peers.values() if peer.is_running]
        if not alive:
            return
        peer = self._dice.choice(alive)
        peer.kill()
        self.counts["kills"] += 1
        for pair in peer.pairs:
            self.engine.forgive(pair)
            self._waiting.pop(pair.name, None)
        away_s = min(_LONGEST_AWAY_S, self._seconds / 10)
        self._dead.append((time.monotonic() + self._dice.uniform(0, away_s), peer))

    def _close(self) -> None:
        pair = self._dice.choice(self._pairs)
        if any(closed is pair for _, closed in self._closed):
            return
        self.engine.close(pair)
        self._forgive(pair)
        self.counts["closed"] += 1
        self._waiting.pop(pair.name, None)
        self._closed.append((time.monotonic() + self._dice.uniform(0, 1), pair))

    def _remake(self) -> None:
        pair = self._dice.choice(self._pairs)
        if any(closed is pair for _, closed in self._closed):
            return
        self._forgive(pair)
        self.engine.remake(pair)
        self.counts["remade"] += 1
        self._disturb([pair])

    def _change_groups(self) -> None:
        pair = self._dice.choice(self._changeable)
        peer = self.peers[pair.group]
        if peer.is_running:
            self.engine.change_groups(pair, peer.changing(pair))
            self.counts["changed"] += 1

    def _forgive(self, pair: Pair) -> None:
        if pair.group:
            self.peers[pair.group].forgive(pair)

    def _bring_back(self) -> None:
        """Reopen and restart what has been away long enough."""
        now_s = time.monotonic()
        for due_s, pair in list(self._closed):
            if due_s <= now_s:
                self._closed.remove((due_s, pair))
                self.engine.reopen(pair)
                self._forgive(pair)
                self._disturb([pair])
        for due_s, peer in list(self._dead):
            if due_s <= now_s:
                self._dead.remove((due_s, peer))
                peer.start()
                self._disturb(peer.pairs)

    # ---- coming back ------------------------------------------------------------------------

    def _disturb(self, pairs: list[Pair]) -> None:
        """From now on wait until messages go through these pairs again."""
        _, ours = self.engine.state()
        theirs = self._theirs(ours)
        away = {pair.name for _, pair in self._closed}
        away |= {pair.name for _, peer in self._dead for pair in peer.pairs}
        for pair in pairs:
            if pair.name not in away:
                heard = theirs.get(pair.name, {}).get("received", 0)
                now_s = time.monotonic()
                self._waiting[pair.name] = _Return(now_s, ours[pair.name]["received"], heard)

    def _theirs(self, ours: dict[str, Reply]) -> dict[str, Reply]:
        """What the peers' sockets have found, by the name of the pair."""
        found = {pair.name: ours[f"{pair.name} peer"] for pair in self._pairs if not pair.group}
        for peer in self.peers.values():
            found |= peer.found()
        return found

    def _look(self) -> None:
        """Note who has come back."""
        _, self._sockets = self.engine.state()
        theirs = self._theirs(self._sockets)
        for pair in self._pairs:
            expected = self._waiting.get(pair.name)
            if expected is None:
                continue
            ours = self._sockets[pair.name]["received"]
            heard = theirs.get(pair.name, {}).get("received", 0)
            is_heard = not pair.we_hear or ours > expected.ours
            if is_heard and (not pair.they_hear or heard > expected.theirs):
                del self._waiting[pair.name]
                self.returns_s.append(time.monotonic() - expected.since_s)

    def _until_back(self, timeout_s: float) -> None:
        deadline_s = time.monotonic() + timeout_s
        while self._waiting:
            if time.monotonic() > deadline_s:
                missing = ", ".join(sorted(self._waiting))
                raise RowFailedError(f"not back within {timeout_s:.0f} s: {missing}")
            time.sleep(_LOOK_EVERY_S)
            self._look()

    def _until_steady(self) -> None:
        """Until what is open has been the same for some looks: all of the start is over."""
        same, before = 0, self._vitals()
        deadline_s = time.monotonic() + self.back_s
        while same < _LOOKS_THE_SAME and time.monotonic() < deadline_s:
            time.sleep(_LOOK_EVERY_S)
            now = self._vitals()
            same, before = (same + 1 if now == before else 0), now

    def _until_calm(self) -> None:
        """Until as much is open as in the beginning: what was left is on its way out yet.

        Whatever stays too long is in the last sample.
        """
        deadline_s = time.monotonic() + self.back_s
        while time.monotonic() < deadline_s:
            now = self._vitals()
            if all(now[key] == self.samples[0][key] for key in now):
                return
            time.sleep(_LOOK_EVERY_S)

    # ---- figures ----------------------------------------------------------------------------

    def _vitals(self) -> Reply:
        """How much is open."""
        state, sockets = self.engine.state()
        links = sum(socket["peers"] for socket in sockets.values())
        return {**{key: state[key] for key in ("descriptors", "threads")}, "links": links}

    def found(self) -> dict[str, int]:
        """What all sockets there ever were have found; datagrams may be lost."""
        total = dict(self.engine.before)
        _, ours = self.engine.state()
        for found in ours.values():
            add_figures(total, found)
        for peer in self.peers.values():
            add_figures(total, peer.before)
            for found in peer.found().values():
                add_figures(total, found)
        return total

    def _sample(self) -> None:
        state, sockets = self.engine.state()
        sample = {key: state[key] for key in ("rss", "descriptors", "threads", "missed_rows")}
        sample["links"] = sum(socket["peers"] for socket in sockets.values())
        sample["at_s"] = round(time.monotonic() - self._begun_s, 1)
        sample["open"] = len(sockets) - len(self._closed)
        sample |= self.found() | {"longest_back_s": round(max(self.returns_s, default=0.0), 2)}
        self.samples.append(sample)
        self._plan.say(
            f"links-soak: {sample['at_s']:.0f} of {self._seconds:.0f} s, "
            f"RSS {sample['rss'] / 2**20:.1f} MiB, descriptors {sample['descriptors']}, "
            f"threads {sample['threads']}, links {sample['links']}, "
            f"checked {sample['received']:,}, missing {sample['missing']}, "
            f"misordered {sample['misordered']}, longest return {sample['longest_back_s']} s, "
            f"{self.counts}"
        )


def run(plan: Plan, _lines: frozenset[str]) -> Iterator[Row]:
    """The whole soak, and what is to be said of it."""
    with ExitStack() as stack:
        # Not the usual folder: a path for ipc has to be short.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zs-")))
        soak = _Soak(plan, folder, stack)
        soak.run()
        figures = figures_of(soak.samples, soak.returns_s) | soak.counts
        figures |= {"kernels": soak.engine.kernels, "notices": soak.engine.notices}
        said = soak.engine.errors()
    if said:
        raise RowFailedError(f"the engine wrote to stderr:\n{said}")
    yield from rows_of(plan, figures, soak.back_s)


TOPIC = Topic("links-soak", ("links-soak",), run, by_default=False)
