"""What the samples of the links' soak say, and whether that is well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from tests.benchmarks.json_process import Reply
from tests.benchmarks.row import Plan, Row

_MIB = 2**20
_SETTLED_AFTER_S = 120.0
_SETTLED_SHARE = 0.3
_NEIGHBOURS = 4
_MOST_RSS_GROWTH_MIB = 20.0


def figures_of(samples: Sequence[Reply], returns_s: Sequence[float]) -> dict[str, Any]:
    """Everything worth keeping of a run.

    Args:
        samples: In order; the first and the last with all peers there and all sockets open.
        returns_s: How long each disturbed pair took until messages went through it again.
    """
    first, last = samples[0], samples[-1]
    return {
        "minutes": round(last["at_s"] / 60, 2),
        "sockets": last["open"],
        "checked": last["received"],
        "missing": last["missing"],
        "forgiven": last["forgiven"],
        "misordered": last["misordered"],
        "missed_rows": last["missed_rows"],
        "returns": len(returns_s),
        "median_back_s": round(median(returns_s), 2) if returns_s else None,
        "longest_back_s": round(max(returns_s), 2) if returns_s else None,
        "rss_growth_bytes": _growth(samples, "rss"),
        "rss_peak_bytes": max(sample["rss"] for sample in samples),
        "descriptor_growth": last["descriptors"] - first["descriptors"],
        "descriptors": last["descriptors"],
        "thread_growth": last["threads"] - first["threads"],
        "threads": last["threads"],
        "link_growth": last["links"] - first["links"],
        "links": last["links"],
        "samples": list(samples),
    }


def _growth(samples: Sequence[Reply], figure: str) -> float:
    """The last few samples against the first few after everything was filled, by their medians."""
    settled_s = min(_SETTLED_AFTER_S, samples[-1]["at_s"] * _SETTLED_SHARE)
    settled = [sample[figure] for sample in samples if sample["at_s"] >= settled_s]
    few = max(1, min(_NEIGHBOURS, len(settled) // 2))
    return float(median(settled[-few:]) - median(settled[:few]))


def rows_of(plan: Plan, figures: dict[str, Any], back_s: float) -> Iterator[Row]:
    """The lines of the table; the first one carries all figures."""
    wrong = figures["missing"] + figures["misordered"] + figures["missed_rows"]
    yield Row(
        "links-soak",
        wrong,
        "lost or out of order",
        figures["checked"],
        "checked",
        aim="0",
        reached=wrong == 0,
        figures=figures,
        notes=(
            f"{figures['sockets']} sockets; {figures['kills']} times all peers of a transport "
            f"killed, {figures['closed']} sockets closed and reopened, {figures['remade']} made "
            f"anew, {figures['changed']} groups joined or left; kernels: {figures['kernels']}.",
        ),
    )
    longest_s = figures["longest_back_s"]
    yield Row(
        "links-soak-back",
        longest_s,
        "s at most",
        figures["median_back_s"],
        f"median of {figures['returns']}",
        aim=f"≤ {back_s:g} s",
        reached=longest_s is not None and longest_s <= back_s,
    )
    grown_mib = figures["rss_growth_bytes"] / _MIB
    yield Row(
        "links-soak-rss",
        round(grown_mib, 1),
        "MiB grown",
        round(figures["rss_peak_bytes"] / _MIB, 1),
        "at most",
        aim=f"≤ {_MOST_RSS_GROWTH_MIB:g} MiB",
        reached=plan.judged(grown_mib <= _MOST_RSS_GROWTH_MIB),
    )
    for name in ("descriptor", "thread", "link"):
        yield Row(
            f"links-soak-{name}s",
            figures[f"{name}_growth"],
            "more than before",
            figures[f"{name}s"],
            "at the end",
            aim="0",
            reached=figures[f"{name}_growth"] == 0,
        )
