"""What the samples of a soak say: growth, worst figures, and whether that is well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from tests.benchmarks.json_process import Reply
from tests.benchmarks.row import Plan, Row, Spread

_SETTLED_AFTER_S = 300.0
_SETTLED_SHARE = 0.3
_NEIGHBOURS = 6
_MOST_RSS_GROWTH_MIB = 50.0
_MOST_DESCRIPTOR_GROWTH = 8
_MOST_THREAD_GROWTH = 2
_MOST_P99_MS = 50.0
_MIB = 2**20


def figures_of(samples: Sequence[Reply], found: Reply) -> dict[str, Any]:
    """Everything worth keeping of a run.

    Args:
        samples: In order; at least one.
        found: What the sequence checker found.
    """
    last = samples[-1]
    p99s = [sample["interval_p99_ms"] for sample in samples if sample["interval_p99_ms"]]
    longest = [sample["interval_max_ms"] for sample in samples if sample["interval_max_ms"]]
    return {
        "minutes": round(last["at_s"] / 60, 2),
        "captured": last["captured"],
        "evicted": last["evicted"],
        "refused": last["refused"],
        "news_dropped": last["news_dropped"],
        "budget_bytes": last["budget_bytes"],
        "peak_memory_bytes": last["peak_memory_bytes"],
        "checked": found["checked"],
        "missing": found["missing"],
        "out_of_order": found["out_of_order"],
        "missed_rows": found["missed_rows"],
        "growth_from_s": _settled_s(samples),
        "rss_growth_bytes": _growth(samples, "rss_bytes"),
        "descriptor_growth": _growth(samples, "descriptors"),
        "thread_growth": _growth(samples, "threads"),
        "rss_peak_bytes": max(sample["rss_bytes"] for sample in samples),
        "descriptors_peak": max(sample["descriptors"] for sample in samples),
        "threads_peak": max(sample["threads"] for sample in samples),
        "interval_p99_median_ms": median(p99s) if p99s else None,
        "interval_p99_worst_ms": max(p99s, default=None),
        "interval_max_ms": max(longest, default=None),
        "samples": list(samples),
    }


def rows_of(plan: Plan, figures: dict[str, Any], notes: tuple[str, ...]) -> Iterator[Row]:
    """The lines of the table; the first one carries all figures."""
    yield _lost_row(figures, notes)
    peak, budget = figures["peak_memory_bytes"], figures["budget_bytes"]
    yield Row(
        "soak-budget",
        round(peak / _MIB, 1),
        "MiB at most",
        round(budget / _MIB, 1),
        "budget",
        Spread.of([peak / budget]),
        "≤ 1",
        peak <= budget,
    )
    yield from _growth_rows(plan, figures)
    yield Row(
        "soak-display",
        figures["interval_p99_median_ms"],
        "ms p99, median",
        figures["interval_p99_worst_ms"],
        "p99 of the worst sample",
        aim=f"median ≤ {_MOST_P99_MS:.0f} ms",
        reached=plan.judged((figures["interval_p99_median_ms"] or 0) <= _MOST_P99_MS),
        notes=(f"The longest interval: {figures['interval_max_ms'] or 0:.0f} ms.",),
    )


def _lost_row(figures: dict[str, Any], notes: tuple[str, ...]) -> Row:
    lost = figures["burst_sent"] - figures["burst_received"]
    wrong = figures["missing"] + figures["out_of_order"] + figures["missed_rows"]
    done = (
        f"Without a crash: {figures['kills']} peers killed, {figures['socket_changes']} times "
        f"sockets closed, reopened or made anew, {figures['subscription_changes']} subscriptions "
        f"changed, {figures['bursts']} bursts, {figures['pauses']} pauses."
    )
    return Row(
        "soak-lost",
        wrong + lost,
        "lost or out of order",
        figures["checked"],
        "checked",
        None,
        "0",
        wrong == 0 and lost == 0,
        figures,
        (done, *notes),
    )


def _growth_rows(plan: Plan, figures: dict[str, Any]) -> Iterator[Row]:
    # A run of a few minutes is still filling the store: its growth says nothing yet.
    is_long = figures["growth_from_s"] >= _SETTLED_AFTER_S
    said = f"from {figures['growth_from_s'] / 60:.1f} min to the end"
    for name, grown, peak, unit, most in (
        (
            "soak-rss",
            figures["rss_growth_bytes"] / _MIB,
            figures["rss_peak_bytes"] / _MIB,
            "MiB",
            _MOST_RSS_GROWTH_MIB,
        ),
        (
            "soak-descriptors",
            figures["descriptor_growth"],
            figures["descriptors_peak"],
            "",
            _MOST_DESCRIPTOR_GROWTH,
        ),
        (
            "soak-threads",
            figures["thread_growth"],
            figures["threads_peak"],
            "",
            _MOST_THREAD_GROWTH,
        ),
    ):
        yield Row(
            name,
            round(grown, 1),
            f"{unit} grown".strip(),
            round(peak, 1),
            "at most",
            aim=f"≤ {most:g} {unit} grown",
            reached=plan.judged(grown <= most) if is_long else None,
            notes=(said,) if name == "soak-rss" else (),
        )


def _settled_s(samples: Sequence[Reply]) -> float:
    """From when on growth counts: after five minutes, or a part of a shorter run."""
    end_s: float = samples[-1]["at_s"]
    return min(_SETTLED_AFTER_S, end_s * _SETTLED_SHARE)


def _growth(samples: Sequence[Reply], figure: str) -> float:
    """The last few samples against the first few that count, by their medians.

    Sockets come and go all the time, so that a single sample says little.
    """
    settled = [sample[figure] for sample in samples if sample["at_s"] >= _settled_s(samples)]
    few = max(1, min(_NEIGHBOURS, len(settled) // 2))
    return float(median(settled[-few:]) - median(settled[:few]))
