"""What the table's texts cost: sixty rows that were never seen, of each format and of all mixed."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator
from random import Random

from tests.batches import Frames, batch_of
from tests.benchmarks.messages import FORMATS
from tests.benchmarks.row import Plan, Row, Spread, Topic
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.models.formats import Formats
from zmqscope.models.messages.row_reader import REFRESH_S, RowReader
from zmqscope.models.messages.table import MessageTableModel

_ROWS = 60
_REFRESHES, _SHORT_REFRESHES = 60, 5
_MOST_MS = 4.0
_MIXED = "all mixed"


def run(plan: Plan, lines: frozenset[str]) -> Iterator[Row]:
    """Measure each format and the mix, in turn with the same rows as text and hex alone."""
    formats = Formats()
    # As the app does once it has started: what is there by then is not looked through for garbage.
    gc.collect()
    gc.freeze()
    try:
        yield _row(plan, formats)
    finally:
        gc.unfreeze()


def _row(plan: Plan, formats: Formats) -> Row:
    kinds: dict[str, Callable[[Random], Frames]] = {**FORMATS, _MIXED: _any_of_them}
    reading = {name: list[float]() for name in kinds}
    whole = {name: list[float]() for name in kinds}
    plainly = {name: list[float]() for name in kinds}
    kept = ((reading, formats, REFRESH_S), (whole, formats, math.inf), (plainly, None, math.inf))
    plan.say(f"previews: {len(kinds)} kinds of messages, {plan.rounds} rounds")
    for number in range(plan.rounds + 1):
        for name, make in kinds.items():
            store = _store(plan, make, number)
            for figures, each, budget_s in kept if number % 2 else kept[::-1]:
                reader = RowReader(each, store.message)
                took_ms = _refresh_ms(plan, store, reader, budget_s)
                # The first round imports the formats' libraries.
                if number:
                    figures[name].append(took_ms)
    medians = {name: Spread.of(values).median for name, values in reading.items()}
    slowest = max(medians, key=lambda name: medians[name])
    wholes = {name: Spread.of(values).median for name, values in whole.items()}
    costly = max(wholes, key=lambda name: wholes[name])
    return Row(
        "previews",
        round(medians[_MIXED], 2),
        f"ms for {_ROWS} rows",
        round(Spread.of(plainly[_MIXED]).median, 2),
        "the same rows as text and hex",
        Spread.of_ratios(reading[_MIXED], plainly[_MIXED]),
        f"≤ {_MOST_MS:.0f} ms, any format",
        plan.judged(medians[slowest] <= _MOST_MS),
        {"refresh_ms": reading, "whole_ms": whole, "plain_ms": plainly},
        (
            f"slowest format: {slowest}, {medians[slowest]:.2f} ms. A refresh reads for "
            f"{REFRESH_S * 1_000} ms at most and leaves other rows to the next: all {_ROWS} at "
            f"once take {wholes[_MIXED]:.2f} ms, {costly} {wholes[costly]:.2f} ms",
        ),
    )


def _store(plan: Plan, make: Callable[[Random], Frames], seed: int) -> CaptureStore:
    random = Random(seed)
    refreshes = _SHORT_REFRESHES if plan.short else _REFRESHES
    store = CaptureStore()
    store.append(batch_of([make(random) for _ in range(_ROWS * refreshes)]))
    return store


def _refresh_ms(plan: Plan, store: CaptureStore, reader: RowReader, budget_s: float) -> float:
    """What the texts of one screen cost, the median over all screens of the store.

    It is the time of this thread: what else the machine does meanwhile is no cost of the texts.
    """
    model = MessageTableModel(store, KernelSet(), reader=reader)
    model.take_new()
    took: list[float] = []
    for start in range(0, model.rowCount(), _ROWS):
        begin_s = time.thread_time()
        model.cells(start, start + _ROWS, budget_s)
        took.append((time.thread_time() - begin_s) * 1_000)
    return Spread.of(took).median


def _any_of_them(random: Random) -> Frames:
    return random.choice(tuple(FORMATS.values()))(random)


TOPIC = Topic("previews", ("previews",), run)
